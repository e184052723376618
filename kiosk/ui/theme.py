"""Colours, type sizes, spaces and touch targets, as `assets/tokens.toml` gives them. No Kivy here."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from .errors import AssetMissingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Size = Literal["k1", "k2", "k3", "k4", "k5", "k6", "k7"]
Rgba = tuple[float, float, float, float]

_ELDER: Mapping[Size, Size] = {"k1": "k3", "k2": "k3", "k3": "k4", "k4": "k5"}
_ORDER: tuple[Size, ...] = ("k1", "k2", "k3", "k4", "k5", "k6", "k7")


class Variant(NamedTuple):
    """How a key looks: names of colours. `lip` also colours the outline."""

    face: str
    lip: str
    text: str
    soft: str
    icon: str
    pressed: str
    edge: str = ""
    """The outline where it differs from the lip."""


VARIANTS: Mapping[str, Variant] = {
    "normal": Variant("surface", "blue", "ink", "soft", "blue", "blue_tint"),
    "main": Variant("blue", "blue_deep", "surface", "surface", "surface", "blue_deep"),
    "quiet": Variant("surface", "edge", "ink", "soft", "ink", "sand"),
    "ink": Variant("ink", "black", "surface", "surface", "surface", "black", "ink"),
    "urgent": Variant("surface", "red", "ink", "soft", "red", "red_tint"),
    "off": Variant("", "edge", "soft", "soft", "soft", ""),
    "flat": Variant("", "", "soft", "soft", "soft", ""),
}

NIGHT: Mapping[str, Variant] = {
    "normal": Variant("night_surface", "night_blue", "night_ink", "night_soft", "night_blue", "night"),
    "main": Variant("night_surface", "night_blue", "night_ink", "night_soft", "night_blue", "night"),
    "quiet": Variant("night_surface", "night_edge", "night_ink", "night_soft", "night_ink", "night"),
    "ink": Variant("night_ink", "night_soft", "night", "night", "night", "night_soft"),
    "urgent": Variant("night_surface", "night_blue", "night_ink", "night_soft", "night_blue", "night"),
    "off": Variant("", "night_edge", "night_soft", "night_soft", "night_soft", ""),
    "flat": Variant("", "", "night_soft", "night_soft", "night_soft", ""),
}


class TouchRule(NamedTuple):
    """Smallest side of a target and smallest distance between two, px on the plan."""

    target: int
    elder_target: int
    gap: int


@dataclass(frozen=True, slots=True)
class Theme:
    """The kiosk's tokens. Colour names are those of the file, and `black`, `deep_night` for two edges."""

    colours: Mapping[str, str]
    sizes: Mapping[Size, int]
    text_pairs: tuple[tuple[str, str], ...]
    touch: TouchRule
    press_ms: int
    page_ms: int

    @classmethod
    def load(cls, path: Path) -> Theme:
        """Read `assets/tokens.toml`; raises OSError, TOMLDecodeError or KeyError when it is not what was committed."""
        raw = tomllib.loads(path.read_text("utf-8"))
        colours = {name: value["hex"] for name, value in raw["color"].items()}
        kiosk = raw["type"]["kiosk"]
        touch = raw["touch"]
        return cls(
            colours=colours | {"black": "#000000", "deep_night": "#0D131C"},
            sizes={name: kiosk[name]["px"] for name in _ORDER},
            text_pairs=tuple((pair["fg"], pair["bg"]) for pair in raw["contrast"]["text"]),
            touch=TouchRule(touch["minimum"]["px"], touch["elder_minimum"]["px"], raw["space"]["s2"]),
            press_ms=raw["motion"]["press"],
            page_ms=raw["motion"]["page"],
        )

    def rgba(self, name: str) -> Rgba:
        """The colour of this name, 0–1 each; raises AssetMissingError."""
        try:
            text = self.colours[name]
        except KeyError:
            raise AssetMissingError("colour", name) from None
        red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return red, green, blue, 1.0

    def px(self, size: Size) -> int:
        """Height of this type size on the plan, px."""
        return self.sizes[size]

    def smaller(self, size: Size, *, floor: Size) -> tuple[Size, ...]:
        """`size` and every smaller one down to `floor`, the largest first."""
        last = min(_ORDER.index(floor), _ORDER.index(size))
        return tuple(reversed(_ORDER[last : _ORDER.index(size) + 1]))


def elder_size(size: Size) -> Size:
    """One size up for the elder mode: nothing under k3."""
    return _ELDER.get(size, size)


def contrast(one: str, other: str) -> float:
    """WCAG 2 ratio of two `#RRGGBB` colours, 1–21."""

    def light(text: str) -> float:
        parts = [int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
