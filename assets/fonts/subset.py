"""Makes `NotoSansSC-Bold-GB2312.ttf` again from a full Noto Sans SC Bold (a developer's tool, needs fontTools).

    python assets/fonts/subset.py NotoSansSC_700Bold.ttf assets/fonts/NotoSansSC-Bold-GB2312.ttf

Headings use few words, so Bold carries ASCII, Latin-1, punctuation and all of GB2312; a rarer character falls back
to the whole Regular. The result is a Modified Version under the OFL: its family keeps the unreserved name Noto Sans SC.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools import subset
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterator

_LATIN = range(0x20, 0x180)
_PUNCTUATION = (range(0x2010, 0x2048), range(0x3000, 0x3020), range(0xFF01, 0xFF5F))
_SIGNS = "℃№←↑→↓√×÷≤≥≈≠①②③④⑤⑥⑦⑧⑨⑩■□●○▲△★☆￥€"


def gb2312() -> Iterator[str]:
    """Every character of the two-byte GB2312 set: signs and both levels of Hanzi."""
    for lead in range(0xA1, 0xF8):
        for trail in range(0xA1, 0xFF):
            yield from bytes((lead, trail)).decode("gb2312", "ignore")


def wanted() -> list[int]:
    """Code points of the subset, ascending."""
    points = set(_LATIN) | {ord(char) for char in gb2312()} | {ord(char) for char in _SIGNS}
    for block in _PUNCTUATION:
        points.update(block)
    return sorted(points)


def main(source: Path, target: Path) -> None:
    """Write the subset of `source` to `target`."""
    options = subset.Options(hinting=False, layout_features=["kern", "liga", "locl", "ccmp", "vert"])
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG", "STAT"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.notdef_outline = True
    font = TTFont(source, recalcTimestamp=False)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=wanted())
    worker.subset(font)
    font.save(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
