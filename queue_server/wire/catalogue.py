"""Departments and matters with their guides."""

from __future__ import annotations

from queue_server.wire.forms import Reply


class Material(Reply, frozen=True, kw_only=True):
    name: str
    form: str
    """原件, 复印件, 原件及复印件 or 电子件."""
    copies: int


class Matter(Reply, frozen=True, kw_only=True):
    """One matter with the notice's eight guide items and what the kiosk needs to find and print it."""

    code: str
    department: str
    name: str
    name_en: str
    short_name: str
    public_label: str
    """What others may see: slip, board. Differs from the name for sensitive matters."""
    legal_basis: str
    conditions: str
    level: str
    procedure: str
    scope: str
    time_limit_working_days: int
    legal_time_limit_working_days: int
    fee: str
    materials: tuple[Material, ...]
    online: bool
    popularity: int
    average_service_min: int
    initials: tuple[str, ...]
    """Pinyin initials of names and keywords, lower case."""
    keywords: tuple[str, ...]
    season: str | None = None
    sensitive: bool = False
    item_type: str = ""


class Department(Reply, frozen=True, kw_only=True):
    code: str
    name: str
    full_name: str
    name_en: str
    in_hall: bool
    matters: int


class Catalogue(Reply, frozen=True, kw_only=True):
    version: int
    date: str
    source: str
    sample: bool
    """True for the shipped sample: pages and slips may say so; a hall replaces it by import."""
    departments: tuple[Department, ...]
    matters: tuple[Matter, ...]
