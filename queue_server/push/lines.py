"""How the hall's lines of pads and strips are, device by device. In memory only. Event loop only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

LineKind = Literal["pads", "strips"]
State = Literal["ok", "degraded", "down", "unknown"]


@dataclass(frozen=True, slots=True)
class Feeling:
    """A state with its code (empty: nothing to say) and since when (µs)."""

    state: State
    code: str
    since_us: int

    def now(self, state: State, code: str, at_us: int) -> Feeling:
        """The same value while nothing changed."""
        return self if (state, code) == (self.state, self.code) else Feeling(state, code, at_us)


@dataclass(frozen=True, slots=True)
class Member:
    """The device at one address of a line."""

    window: int
    feels: Feeling


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One port with its devices by address."""

    id: str
    """``pads:1``."""
    kind: LineKind
    number: int
    """Running number among its kind."""
    name: str
    """As set by the hall; empty: none was given."""
    port: str
    feels: Feeling
    members: Mapping[int, Member] = field(default_factory=dict)


class Lines:
    """All lines of the hall, in the order of the settings."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}

    def all(self) -> tuple[Line, ...]:
        return tuple(self._lines.values())

    def add(self, kind: LineKind, port: str, name: str, windows: Mapping[int, int], now_us: int) -> str:
        """A line that is about to be opened; its id. ``windows``: by address."""
        number = 1 + sum(1 for each in self._lines.values() if each.kind == kind)
        starting = Feeling("unknown", "starting", now_us)
        members = {address: Member(window, starting) for address, window in sorted(windows.items())}
        line = Line(
            id=f"{kind}:{number}", kind=kind, number=number, name=name, port=port, feels=starting, members=members
        )
        self._lines[line.id] = line
        return line.id

    def line_is(self, line_id: str, state: State, code: str, now_us: int) -> None:
        line = self._lines[line_id]
        self._lines[line_id] = replace(line, feels=line.feels.now(state, code, now_us))

    def member_is(self, line_id: str, address: int, state: State, code: str, now_us: int) -> None:
        line = self._lines[line_id]
        member = line.members[address]
        changed = replace(member, feels=member.feels.now(state, code, now_us))
        self._lines[line_id] = replace(line, members={**line.members, address: changed})
