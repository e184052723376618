"""Keys at the foot of a page: words in their middle, the same height side by side; among them 补打 and the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .blocks import key
from .stacks import grid

if TYPE_CHECKING:
    from .nodes import Key, Node
    from .page import Page, Say
    from .theme import Size


def end_key(
    page: Page,
    name: str,
    say: Say,
    *,
    sub: Say | None = None,
    icon: str = "",
    size: Size | None = None,
    variant: str = "quiet",
    h: float = 152,
) -> Key | None:
    """``sub`` is small and, but in elder mode, in both languages: a countdown, what stays as it is."""
    return key(
        page,
        name,
        say,
        sub=sub,
        icon=icon,
        side=56,
        size=size or page.k("k3"),
        sub_size=page.k("k1"),
        variant=variant,
        h=h,
        least=page.target,
        arrange="center",
        pad=12,
        both_subs=not page.elder,
    )


def main_key(page: Page, name: str, say: Say, icon: str, *, sub: Say | None = None, size: Size = "k4") -> Key | None:
    """The next sensible act of a page with little else on it, larger than what stands under it."""
    return key(
        page,
        name,
        say,
        sub=sub,
        icon=icon,
        side=80,
        size=size,
        sub_size=page.k("k1"),
        variant="main",
        h=200,
        least=136,
        arrange="center",
        both_subs=not page.elder,
    )


def side_by_side(*keys: Node | None) -> Node:
    """Those that are there, sharing the width."""
    there = [one for one in keys if one]
    return grid(there, len(there))


def again_or_finish(page: Page, again: Say, finish: Say, left: Say, *, size: Size | None = None) -> Node:
    """One more slip, or the end, which comes by itself when ``left`` has run down."""
    return grid(
        [
            one
            for one in (
                end_key(page, "again", again),
                end_key(page, "finish", finish, sub=left, size=size, variant="main"),
            )
            if one
        ],
        2,
    )
