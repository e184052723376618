"""Scripts, styles and icons of the pages, held in memory under a version; fonts stay on disk.

The address carries the version (``/static/<version>/js/…``), so a browser may keep a file for ever and still gets the
new one after an update, and relative imports of scripts stay inside one version.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

MEDIA_TYPES: dict[str, str] = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".otf": "font/otf",
    ".ttf": "font/ttf",
    ".wav": "audio/wav",
}
_SVG = re.compile(r"<svg\b([^>]*)>(.*)</svg>", re.DOTALL)
_SIZE = re.compile(r'\s(?:xmlns|width|height)="[^"]*"')


@dataclass(frozen=True, slots=True)
class StaticFile:
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """``files`` by path below ``/static/<version>/``; ``fonts`` by name; ``sprite`` holds every icon as a symbol."""

    version: str
    files: Mapping[str, StaticFile]
    fonts: Mapping[str, Traversable]
    sprite: str


def load_static(assets: Traversable) -> StaticFiles:
    """Read everything that pages need. The version is a digest of it: the same files, the same addresses."""
    web = assets.joinpath("web")
    files = dict(_below(web.joinpath("css"), "css/")) | dict(_below(web.joinpath("js"), "js/"))
    files["icon.svg"] = StaticFile(assets.joinpath("icons", "mark.svg").read_bytes(), MEDIA_TYPES[".svg"])
    files["chime.wav"] = StaticFile(assets.joinpath("voice", "chime.wav").read_bytes(), MEDIA_TYPES[".wav"])
    icons = {
        entry.name.removesuffix(".svg"): entry.read_text("utf-8")
        for folder in (assets.joinpath("icons"), web.joinpath("icons"))
        for entry in folder.iterdir()
        if entry.name.endswith(".svg")
    }
    sprite = "".join(_symbol(name, icons[name]) for name in sorted(icons))
    digest = hashlib.sha256(sprite.encode())
    for path in sorted(files):
        digest.update(path.encode() + files[path].content)
    fonts = {e.name: e for e in assets.joinpath("fonts").iterdir() if e.name.endswith((".otf", ".ttf"))}
    return StaticFiles(digest.hexdigest()[:12], files, fonts, f'<svg class="sprite" aria-hidden="true">{sprite}</svg>')


def _below(folder: Traversable, prefix: str) -> Iterator[tuple[str, StaticFile]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _below(entry, f"{prefix}{entry.name}/")
        elif media_type := MEDIA_TYPES.get(entry.name[entry.name.rfind(".") :]):
            yield prefix + entry.name, StaticFile(entry.read_bytes(), media_type)


def _symbol(name: str, svg: str) -> str:
    """One icon as a ``<symbol>``: it takes the colour and the size of the place that uses it."""
    found = _SVG.search(svg)
    if found is None:
        return ""
    return f'<symbol id="i-{name}"{_SIZE.sub("", found[1])}>{found[2]}</symbol>'
