"""Slip layouts: ``assets/slips/<name>.toml`` filled with values.

A file is a list of blocks. Texts hold ``{placeholders}``; a block with an absent value (None or "") is left
out, ``when`` and ``unless`` name further values that must be there or away. An English slip keeps the Chinese
and adds the ``en`` text. ``part`` takes in the blocks of ``part-<name>.toml``, so that what slips share is
written once. ``each = "materials"`` repeats a block for every entry of that list, whose own names then count as
placeholders, too; ``{materials_count}`` is how many there are. ``[sample]`` are invented values to look at it with.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

import assets
from drivers import toml_file
from drivers.errors import ConfigurationError
from drivers.printer.slip import Align, Block, Cut, Feed, Item, Logo, Qr, Row, Rule, Slip, SlipWrong, Text

if TYPE_CHECKING:
    from pathlib import Path

Word = str | int | bool
Entry = Mapping[str, str | int]
"""One thing of a list, as ``{"name": "户口簿", "note": "原件1份"}``."""
Value = Word | Sequence[Entry] | None
KNOWN_VALUES = frozenset(
    [
        "hall",
        "centre",
        "number",
        "matter",
        "ahead",
        "wait",
        "windows",
        "taken",
        "bring",
        "missed_after",
        "missed_times",
        "qr",
        "track",
        "phone",
        "kiosk",
        "serial",
        "language",
        "copy",
        "training",
        "rate_days",
        "notice",
        "slot",
        "slot_start",
        "slot_ahead",
        "slot_wait",
    ]
)
"""What a kiosk or the server gives for any slip with a number; what else a layout knows is in its ``knows``."""
ENTRIES_LIMIT = 60
"""A longer list is a mistake, or belongs on A4."""
Size = Annotated[int, msgspec.Meta(ge=1, le=7)]


class BlockData(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One ``[[block]]`` of a layout file; which keys mean something depends on ``kind``."""

    kind: Literal["text", "row", "item", "rule", "logo", "qr", "feed", "cut", "part"]
    zh: str = ""
    en: str = ""
    label_zh: str = ""
    label_en: str = ""
    size: Size = 1
    align: Align = Align.LEFT
    bold: bool = False
    inverted: bool = False
    shrink: bool = False
    heavy: bool = False
    dots: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 12
    part: str = ""
    each: str = ""
    note_zh: str = ""
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    both: bool = True
    """An English slip shows the Chinese too; false where the English line says it all."""


class LayoutData(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A whole layout file."""

    block: tuple[BlockData, ...]
    needs: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()
    """Values of this layout alone that may be absent."""
    defaults: dict[str, str | int | bool] = {}
    sample: dict[str, str | int | bool | list[dict[str, str | int]]] = {}
    """Invented values that show the whole slip."""


@dataclass(frozen=True, slots=True)
class SlipLayout:
    """A layout, read and checked; ``fill`` makes slips of it."""

    name: str
    blocks: tuple[BlockData, ...]
    needs: frozenset[str]
    knows: frozenset[str]
    defaults: Mapping[str, Word]
    sample: Mapping[str, Value]

    @classmethod
    def load(cls, name: str, *, directory: Path | None = None) -> SlipLayout:
        """Read ``<directory>/<name>.toml`` (shipped ones by default). Raises ConfigurationError with all faults."""
        folder = directory or assets.path("slips")
        if not (folder / f"{name}.toml").is_file():
            known = ", ".join(sorted(file.stem for file in folder.glob("*.toml") if not file.stem.startswith("part-")))
            raise ConfigurationError(
                folder / f"{name}.toml", (f"there is none; there are: {known}",), what="slip layout"
            )
        data = _read(folder, name)
        blocks: list[BlockData] = []
        defaults, sample = dict(data.defaults), dict(data.sample)
        for block in data.block:
            if block.kind != "part":
                blocks.append(block)
                continue
            inner = _read(folder, f"part-{block.part}")
            defaults, sample = inner.defaults | defaults, inner.sample | sample
            blocks.extend(inner.block)
        faults = [fault for block in blocks for fault in _block_faults(block)]
        if faults:
            raise ConfigurationError(folder / f"{name}.toml", faults, what="slip layout")
        return cls(name, tuple(blocks), frozenset(data.needs), frozenset(data.knows), defaults, sample)

    def fill(self, values: Mapping[str, Value]) -> Slip:
        """The slip with these values. Raises SlipWrong when a needed one is absent, or for an unknown name."""
        known = KNOWN_VALUES | set(self.defaults) | self.needs | self.knows
        for name in sorted(set(values) - known):
            import difflib  # noqa: PLC0415 - for people who misspell only

            near = difflib.get_close_matches(name, known, n=1)
            raise SlipWrong(
                self.name, f"no value is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
            )
        words, lists = self._sorted_out({name: value for name, value in values.items() if value is not None})
        missing = sorted(name for name in self.needs if _absent(words.get(name)) and name not in lists)
        if missing:
            raise SlipWrong(self.name, f"values are missing: {', '.join(missing)}")
        english = words.get("language") == "en"
        return Slip(self.name, tuple(made for block in self.blocks for made in _repeat(block, words, lists, english)))

    def _sorted_out(
        self, values: Mapping[str, Word | Sequence[Entry]]
    ) -> tuple[dict[str, Word], dict[str, Sequence[Entry]]]:
        """Plain values and lists. Raises SlipWrong for a list that is too long."""
        words: dict[str, Word] = dict(self.defaults)
        lists: dict[str, Sequence[Entry]] = {}
        for name, value in values.items():
            if isinstance(value, str | int):
                words[name] = _spelt(name, value)
            elif len(value) > ENTRIES_LIMIT:
                raise SlipWrong(self.name, f"{name} has {len(value)} entries; up to {ENTRIES_LIMIT} are possible")
            else:
                lists[name] = value
                words[f"{name}_count"] = len(value) or ""  # an empty list is a fact of its own: see ``unless``
        return words, lists


def _read(folder: Path, name: str) -> LayoutData:
    return toml_file.load(folder / f"{name}.toml", LayoutData, what="slip layout")


def _names(template: str) -> list[str]:
    """The placeholders of a template. Raises ValueError for anything but plain ``{name}``."""
    names = []
    for _, name, spec, conversion in string.Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(name)
        names.append(name)
    return names


def _block_faults(block: BlockData) -> Iterator[str]:
    if block.kind == "part":
        yield f"part-{block.part}: a part may not take in another part"
    if block.kind == "row" and not (block.label_zh and block.zh):
        yield f"row {block.label_zh or block.zh!r}: needs label_zh and zh"
    if block.kind in {"text", "qr", "item"} and not block.zh:
        yield f"{block.kind}: needs zh"
    for template in (block.zh, block.en, block.label_zh, block.label_en, block.note_zh):
        try:
            _names(template)
        except ValueError as error:
            yield f"{template!r}: {error} is not a plain placeholder"


def _absent(value: object) -> bool:
    return value is None or value is False or value == ""


def _spelt(name: str, value: Word) -> Word:
    """A counted slip has four digits; a digest is read aloud and compared in fours."""
    match name, value:
        case "serial", int():
            return f"{value:04d}"
        case "anchor", str():
            return " ".join(value[at : at + 4] for at in range(0, len(value), 4))
        case _:
            return value


def _repeat(
    block: BlockData,
    words: Mapping[str, Word],
    lists: Mapping[str, Sequence[Entry]],
    english: bool,  # noqa: FBT001 - inside this module only
) -> Iterator[Block]:
    if not block.each:
        yield from _fill(block, words, english=english)
        return
    for entry in lists.get(block.each, ()):
        yield from _fill(block, {**words, "name": "", "note": "", **entry}, english=english)


def _wanted(block: BlockData, given: Mapping[str, Word]) -> bool:
    used = [name for template in (block.zh, block.label_zh) for name in _names(template)]
    there = all(not _absent(given.get(name)) for name in (*used, *block.when))
    return there and all(_absent(given.get(name)) for name in block.unless)


def _fill(block: BlockData, given: Mapping[str, Word], *, english: bool) -> Iterator[Block]:
    if not _wanted(block, given):
        return
    zh = block.zh.format_map(given)
    en = block.en.format_map(given) if english else ""
    match block.kind:
        case "text":
            yield from _texts(block, zh, en)
        case "row":
            yield Row(" ".join(filter(None, (block.label_zh, block.label_en * english))), en or zh, block.size)
        case "item":
            yield Item(zh, block.note_zh.format_map(given))
        case "qr":
            yield Qr(zh)
        case _:
            yield from _wordless(block)


def _wordless(block: BlockData) -> Iterator[Block]:
    match block.kind:
        case "rule":
            yield Rule(block.heavy)
        case "logo":
            yield Logo()
        case "feed":
            yield Feed(block.dots)
        case "cut":
            yield Cut()
        case _:  # a part, taken in by load
            return


def _texts(block: BlockData, zh: str, en: str) -> Iterator[Block]:
    if block.both or not en:
        yield Text(zh, block.size, block.align, block.bold, block.inverted, block.shrink)
    if en:
        yield Text(en, 1, block.align, block.bold and block.size == 1)
