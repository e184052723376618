"""TOML files into msgspec structs, with every fault named at once.

Used for the settings of all programs and for device data. The caller opens secrets (``*_file`` keys) itself.
"""

from __future__ import annotations

import dataclasses
import difflib
import enum
import tomllib
import types
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from drivers.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

T = TypeVar("T")
FAULTS_LIMIT = 50
"""More faults than this are counted, not listed: the file is probably another file."""


def load(path: Path | str, type_: type[T], *, what: str) -> T:
    """Read the TOML file ``path`` as a ``type_`` (a msgspec Struct or a dataclass); ``what`` names the file for people.

    Raises ConfigurationError with all faults: unreadable file, bad TOML, unknown keys (with the nearest known one),
    missing keys, wrong types and values, each with its key path such as ``windows[2].number``.
    """
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigurationError(path, (f"cannot be read: {error.strerror or error}",), what=what) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(path, (f"is not valid TOML: {error}",), what=what) from error
    return parse_table(table, type_, path=path, what=what)


def parse_table(table: Mapping[str, object], type_: type[T], *, path: Path | str, what: str) -> T:
    """``table`` (already read) as a ``type_``; raises ConfigurationError as ``load`` does."""
    faults = list(_faults(table, type_, ""))
    if faults:
        if len(faults) > FAULTS_LIMIT:
            faults[FAULTS_LIMIT:] = [f"… and {len(faults) - FAULTS_LIMIT} more"]
        raise ConfigurationError(path, faults, what=what)
    return msgspec.convert(table, type_)


def _faults(value: object, kind: Any, at: str) -> Iterator[str]:  # noqa: ANN401 - a type expression has no better type
    """All faults of ``value`` read as the type ``kind``; ``at`` is its key path.

    Only structs, and what may hold structs, are walked; everything else is one ``msgspec.convert``.
    """
    bare = _bare(kind)
    inner: list[str] = []
    match value:
        case dict() if _is_struct(bare):
            inner = list(_struct_faults(value, bare, at))
        case dict() if typing.get_origin(bare) is dict:
            item = typing.get_args(bare)[1]
            inner = [fault for key, each in value.items() for fault in _faults(each, item, _join(at, str(key)))]
        case list() if typing.get_origin(bare) in {list, tuple, set, frozenset}:
            item = typing.get_args(bare)[0]
            inner = [fault for index, each in enumerate(value) for fault in _faults(each, item, f"{at}[{index}]")]
        case _:
            pass
    yield from inner or _leaf_faults(value, kind, at)


def _bare(kind: Any) -> Any:  # noqa: ANN401
    """``kind`` without ``Annotated``, and the only struct of a union such as ``Printer | None``."""
    while typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    if typing.get_origin(kind) in {typing.Union, types.UnionType}:
        walkable = [each for each in typing.get_args(kind) if _is_struct(_bare(each)) or typing.get_origin(each)]
        if len(walkable) == 1:
            return _bare(walkable[0])
    return kind


def _is_struct(kind: object) -> bool:
    """A msgspec Struct, or a dataclass (msgspec alone would pass over its unknown keys)."""
    return isinstance(kind, type) and (issubclass(kind, msgspec.Struct) or dataclasses.is_dataclass(kind))


def _struct_faults(table: dict[str, object], kind: type, at: str) -> Iterator[str]:
    fields = _fields(kind)
    for key, value in table.items():
        if key in fields:
            yield from _faults(value, fields[key][0], _join(at, key))
        else:
            yield f"{_join(at, key)}: unknown key; {_nearest(key, fields)}"
    for name, (_, required) in fields.items():
        if required and name not in table:
            yield f"{_join(at, name)}: missing"


def _fields(kind: Any) -> dict[str, tuple[Any, bool]]:  # noqa: ANN401
    """Key → its type and whether it must be there."""
    if issubclass(kind, msgspec.Struct):
        return {field.encode_name: (field.type, field.required) for field in msgspec.structs.fields(kind)}
    hints = typing.get_type_hints(kind, include_extras=True)
    missing = dataclasses.MISSING
    return {
        field.name: (hints[field.name], field.default is missing and field.default_factory is missing)
        for field in dataclasses.fields(typing.cast("Any", kind))
    }


def _leaf_faults(value: object, kind: Any, at: str) -> Iterator[str]:  # noqa: ANN401
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        text, _, where = str(error).partition(" - at `$")
        hint = ""
        if text.startswith("Invalid enum value") and isinstance(value, str):
            hint = f"; {_nearest(value, _words(kind))}"
        # msgspec names where inside the value: "$[1].x" or "$.x".
        place = f"{at}{where.rstrip('`')}".lstrip(".")
        yield f"{place or 'the file'}: {text}{hint}"


def _words(kind: Any) -> list[str]:  # noqa: ANN401
    """The strings that ``kind`` (an enum or literals, perhaps inside unions and lists) allows."""
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return [str(member.value) for member in kind]
    if typing.get_origin(kind) is typing.Literal:
        return [str(word) for word in typing.get_args(kind)]
    return [word for each in typing.get_args(kind) for word in _words(each)]


def _nearest(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(names) or 'nothing'}"


def _join(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key
