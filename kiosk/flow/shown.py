"""What screens are filled with: how a resident wants to see things, rows of lists, a number as it stands on glass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
AddTrouble = Literal["silent", "over", "full", "refused"]
"""Why a matter was not added to a number: no answer, the number is called or over, it carries too many, else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """How a resident wants to be shown things; back to the default when the sitting ends."""

    language: Language = "zh"
    elder: bool = False
    lowered: bool = False
    """Every key in the lower half (按键下移)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The line above every screen."""

    hall: str = ""
    centre: str = ""
    kiosk: int = 1
    time: str = ""
    """``10:36`` in the hall's zone; empty while the time is not known."""
    date: str = ""
    """``1月14日 星期三`` or ``Wed 14 Jan``."""
    training: bool = False
    """The hall practises: every screen says 演练."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitRange:
    """Minutes of waiting, as promised: ``low``–``high``; equal ends are one figure."""

    low_min: int
    high_min: int
    text: str
    """``20–30``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRow:
    """A matter as a line of a list."""

    code: str
    name: str
    """Short name, what people call it."""
    full_name: str
    name_en: str
    department: str
    """Short name of the department."""
    days: int
    """Working days; 0: done on the spot (当场办结)."""
    season: str = ""
    """Until when it is in season, ``2月28日前``; empty outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow:
    code: str
    name: str
    name_en: str
    count: int
    """Its matters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundRow:
    """A ground of the hall's list for priority (``ground:<code>``), and what staff ask to see."""

    code: str
    name: str
    name_en: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A number as it stands on glass: the same string as on paper."""

    number: str
    label: str = ""
    """Public label of the matter; empty when none was chosen."""
    ahead: int | None = None
    wait: WaitRange | None = None
    windows: str = ""
    """``1–6``, ``1、3、5``; empty: any, listen for the call."""
    track: str = ""
    """Short code printed under the number."""
    qr: str = ""
    """Address for the phone; empty: no code is drawn and ``track`` is shown instead."""
    copy: int = 0
    """0 the first slip, 1 and more 补打."""
    offline: bool = False
    """Given by the kiosk itself: nothing can be said of the wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialRow:
    name: str
    form: str
    """原件, 复印件, 原件及复印件 or 电子件, as in the catalogue."""
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideItem:
    """One of the eight items, in the notice's order. ``value`` is never empty: 暂无 stands for a missing one."""

    label_key: str
    """``guide.name``, ``guide.basis`` …"""
    value: str
