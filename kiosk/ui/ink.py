"""Textures for the painter: lines of text, icons, codes. Kept while they are used, with a ceiling."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import qrcode
from kivy.core.image import Image as CoreImage
from kivy.core.text import Label as CoreLabel
from kivy.graphics.texture import Texture

if TYPE_CHECKING:
    from .assets import Assets

_CEILING = 160
"""Textures kept beside those on the glass: about two pages, 15 MB at most."""


class KivyPen:
    """Measures with the fonts Kivy draws with, on the panel's scale, so that what fits here fits on the glass."""

    def __init__(self, assets: Assets, scale: float) -> None:
        self._assets, self._scale = assets, scale
        self._labels: dict[tuple[str, int], CoreLabel] = {}

    def width(self, face: str, px: float, text: str) -> float:
        """Width of `text`, px on the plan."""
        real = max(1, round(px * self._scale))
        label = self._labels.get((face, real))
        if label is None:
            label = self._labels[face, real] = core_label(self._assets, face, real)
        width: float = label.get_extents(text)[0]
        return width / self._scale


def core_label(assets: Assets, face: str, px: int, text: str = "") -> CoreLabel:
    """Kivy's text provider for one of our faces.

    Hinting stays as fonts are opened with: Kivy would set another only when it first draws with a font, and from then
    on, letter by letter as old widths leave a cache, the same text would measure otherwise than before.
    """
    return CoreLabel(text=text, font_name=str(assets.fonts.path(face)), font_size=px, font_hinting="normal")


class Inks:
    """Textures by what they show; the longest unused leaves first."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._kept: OrderedDict[tuple[object, ...], Texture] = OrderedDict()
        self._atlas: Texture | None = None

    def line(self, face: str, px: int, text: str) -> Texture:
        """White glyphs on nothing, to be tinted."""
        key = ("line", face, px, text)
        known = self._kept.get(key)
        if known is None:
            label = core_label(self._assets, face, px, text)
            label.refresh()
            known = self._keep(key, label.texture)
        self._kept.move_to_end(key)
        return known

    def icon(self, name: str) -> Texture:
        """A part of the atlas; raises AssetMissingError for an unknown name."""
        x, y, w, h = self._assets.icon(name)
        if self._atlas is None:
            self._atlas = CoreImage(str(self._assets.atlas), mipmap=True).texture
        return self._atlas.get_region(x, y, w, h)

    def code(self, address: str) -> Texture:
        """A QR code, one texel a module: dark is white to be tinted, light is clear. The ground is its quiet zone."""
        key = ("code", address)
        known = self._kept.get(key)
        if known is None:
            maker = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
            maker.add_data(address)
            maker.make(fit=True)
            rows = maker.get_matrix()
            data = b"".join(b"\xff\xff\xff\xff" if dark else b"\0\0\0\0" for row in reversed(rows) for dark in row)
            known = Texture.create(size=(len(rows), len(rows)), colorfmt="rgba")
            known.mag_filter = known.min_filter = "nearest"
            known.blit_buffer(data, colorfmt="rgba", bufferfmt="ubyte")
            self._keep(key, known)
        self._kept.move_to_end(key)
        return known

    def _keep(self, key: tuple[object, ...], texture: Texture) -> Texture:
        while len(self._kept) >= _CEILING:
            self._kept.popitem(last=False)
        self._kept[key] = texture
        return texture
