"""The hall's list of grounds for priority, as data: the shipped one, or the hall's own in its settings.

Priority kinds differ from town to town, so each says its basis, the proof asked, and how strong it is.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

import assets
from drivers import toml_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from queue_server.domain.rules import Rules

WHAT = "grounds"


class Ground(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,40}$")]
    name: Annotated[str, Meta(min_length=1, max_length=20)]
    name_en: Annotated[str, Meta(min_length=1, max_length=60)]
    basis: Annotated[str, Meta(min_length=1, max_length=80)]
    proof: Annotated[str, Meta(min_length=1, max_length=40)]
    kiosk: bool = True
    """Residents may claim it at the kiosk; else staff alone give it."""
    weight: Annotated[int, Meta(ge=1000, le=100_000)] | None = None
    """Thousandths; None: the hall's ``grant_weight``."""
    head_start_min: Annotated[int, Meta(ge=0, le=240)] | None = None


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    grounds: tuple[Ground, ...]
    call: tuple[str, ...]


@cache
def _shipped() -> _File:
    return toml_file.load(assets.path("grounds.toml"), _File, what=WHAT)


def shipped_grounds() -> tuple[Ground, ...]:
    """Read once. Raises ConfigurationError when the shipped file is damaged."""
    return _shipped().grounds


def twice(grounds: Iterable[Ground]) -> list[str]:
    """Codes that stand in the list more than once."""
    codes = [each.code for each in grounds]
    return sorted({code for code in codes if codes.count(code) > 1})


def with_grounds(rules: Rules, grounds: Iterable[Ground]) -> Rules:
    """The rules with this list and the shipped one of calls out of order; what ``[rules]`` says itself comes first."""
    listed = tuple(grounds)
    weights = {each.code: each.weight for each in listed if each.weight is not None}
    starts = {each.code: each.head_start_min * 1000 for each in listed if each.head_start_min is not None}
    return replace(
        rules,
        call_grounds=rules.call_grounds or _shipped().call,
        grant_grounds=rules.grant_grounds or tuple(each.code for each in listed),
        grant_weights={**weights, **rules.grant_weights},
        grant_head_starts={**starts, **rules.grant_head_starts},
    )
