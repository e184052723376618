"""A line with several devices on it that speak only when asked: who is asked when, who is there, who is gone.

``Bus`` is a ``link.Core`` without I/O. Each address has a ``Member`` that says what to ask and understands the answers;
the bus keeps the turns. One question, one answer, then the next address. Three turns without an answer make a member
lost; lost ones are asked rarely, so that a line with empty sockets stays quick, and found again when they answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from drivers.core import BITS_PER_BYTE, UNPROVED, Condition, State
from drivers.errors import DeviceSilent, ProtocolError
from drivers.framing import Broken

MISSES = 3
"""Turns without an answer until a member counts as lost."""
LOST_POLL_S = 1.0
LOST_SHARE = 4
"""Asking the lost ones takes at most a quarter of the line's time."""
GUARD_S = 0.006
"""Quiet after an answer: the line turns round, and a second device at the same address would be heard."""
TWICE = 3
"""Turns with two answers until it counts as two devices at one address."""
TWICE_CLEAR = 20
DEAD_LINE_S = 30.0
"""All members silent for so long: give the port back and open it anew, for adapters that hang."""
LONGEST_BYTES = 128

WRONG_DEVICE = "wrong_device"
PROVED = "proved"
"""Code of the first answer of a device: it is what it should be, and gets its first order at once."""


class Addressed(Protocol):
    """A message that says whose it is."""

    @property
    def address(self) -> int: ...


Said = TypeVar("Said", bound=Addressed)
SaidOut_co = TypeVar("SaidOut_co", bound=Addressed, covariant=True)
SaidIn_contra = TypeVar("SaidIn_contra", bound=Addressed, contravariant=True)
Event = TypeVar("Event")
EventOut_co = TypeVar("EventOut_co", covariant=True)


@dataclass(frozen=True, slots=True)
class MemberHealth:
    """How the device at ``address`` is; ``code`` is ``""`` when all is well (the README's table names the others)."""

    address: int
    state: State
    code: str


class Finder(Protocol[SaidOut_co]):
    """Finds messages in a stream; see ``framing.FrameFinder``."""

    @property
    def inside(self) -> bool: ...
    def clear(self) -> None: ...
    def receive(self, data: bytes, now: float) -> Sequence[SaidOut_co | Broken]: ...
    def deadline(self) -> float | None: ...
    def wake(self, now: float) -> Sequence[SaidOut_co | Broken]: ...


class Member(Protocol[SaidIn_contra, EventOut_co]):
    """One address of the line. Called by the bus only."""

    @property
    def address(self) -> int: ...

    @property
    def poll_s(self) -> float:
        """While it is there it is asked so often."""
        ...

    @property
    def urgent(self) -> bool:
        """Whether it has something to say that should not wait for its turn."""
        ...

    def ask(self, now: float, *, lost: bool) -> bytes:
        """The question for this turn; ``lost`` when it has not answered of late."""
        ...

    def hear(self, said: SaidIn_contra, now: float) -> tuple[Sequence[EventOut_co], str]:
        """A message from this address: events, and a health code: ``""`` all well, ``WRONG_DEVICE`` it is another kind,
        ``PROVED`` it has said who it is and been told nothing yet.

        Raises ProtocolError when the message makes no sense.
        """
        ...

    def begin(self) -> None:
        """The line is new: whatever was told before may be forgotten there."""
        ...

    def lose(self) -> None:
        """It does not answer; told after every turn in which it is lost."""
        ...


@dataclass(slots=True)
class _Seat(Generic[Said, Event]):
    member: Member[Said, Event]
    due_at: float = 0.0
    misses: int = 0
    spoilt: bool = False
    twice: int = 0
    doubled: bool = False
    twice_until: int = 0
    wrong: int = 0
    health: MemberHealth | None = None

    @property
    def lost(self) -> bool:
        return self.misses >= MISSES


class Bus(Generic[Said, Event]):
    """A ``link.Core`` over several members. Promise: any bytes give events or ProtocolError, and every turn ends within
    ``longest_turn_s``."""

    def __init__(
        self,
        members: Sequence[Member[Said, Event]],
        finder: Finder[Said],
        *,
        baud: int,
        answer_s: float,
        must_answer: bool = True,
    ) -> None:
        """``answer_s``: a device begins to answer within this.

        ``must_answer`` False: silence is no alarm (health ``unknown``/``no_answer``), because the protocol does not
        promise answers.
        """
        self._seats: dict[int, _Seat[Said, Event]] = {}
        self.join(members)
        self._finder = finder
        self._byte_s = BITS_PER_BYTE / baud
        self._answer_s = answer_s
        self._must_answer = must_answer
        self._asked: _Seat[Said, Event] | None = None
        self._last: _Seat[Said, Event] | None = None
        self._first_byte_by = 0.0
        self._whole_by = 0.0
        self._free_at = 0.0
        self._heard_at = 0.0
        self._outgoing = b""
        self._open = False

    def join(self, members: Sequence[Member[Said, Event]]) -> None:
        """Further devices, before the line is opened. Raises ValueError for an address that is taken."""
        for member in members:
            if member.address in self._seats:
                raise ValueError(f"address {member.address} of the line is taken")
            self._seats[member.address] = _Seat(member)

    @property
    def longest_turn_s(self) -> float:
        """From a question's first byte to the end of its turn, at most."""
        return 2 * LONGEST_BYTES * self._byte_s + self._answer_s + 0.2

    @property
    def condition(self) -> Condition:
        """The line's: ``down`` when nobody answers, ``degraded`` when somebody does not."""
        return self.condition_of(self._seats)

    def condition_of(self, addresses: Iterable[int]) -> Condition:
        """The same of some of its devices. Raises KeyError."""
        healths = [self._seats[address].health for address in addresses]
        known = [health for health in healths if health is not None]
        if len(known) < len(healths) or not known:
            return UNPROVED
        states = {health.state for health in known}
        if len(states) == 1:
            codes = sorted({health.code for health in known if health.code})
            return Condition(known[0].state, codes[0] if codes else "")
        return Condition("degraded", "some_silent" if "down" in states else "some_degraded")

    def health(self, address: int) -> MemberHealth:
        """Of one member; ``unknown`` until its first turns are over. Raises KeyError."""
        return self._seats[address].health or MemberHealth(address, "unknown", "starting")

    def hurry(self, address: int, now: float) -> None:
        """Give this member the next turn, because it has something new to say."""
        self._seats[address].due_at = now

    # --- what the link calls ---

    def connected(self, now: float) -> None:
        self._finder.clear()
        self._asked = self._last = None
        self._outgoing = b""
        self._free_at = self._heard_at = now
        self._open = True
        for seat in self._seats.values():
            seat.misses, seat.due_at, seat.spoilt, seat.wrong = 0, now, False, 0
            seat.twice, seat.doubled, seat.twice_until = 0, False, 0
            seat.member.begin()

    def disconnected(self, now: float) -> list[Event | MemberHealth]:  # noqa: ARG002 - the port's signature
        self._open = False
        self._asked = self._last = None
        self._outgoing = b""
        self._finder.clear()
        events: list[Event | MemberHealth] = []
        for seat in self._seats.values():
            seat.member.lose()
            if seat.health is None or seat.health.state != "down":
                events += self._tell(seat, "down", "line_lost")
        return events

    def outgoing(self) -> bytes:
        data, self._outgoing = self._outgoing, b""
        return data

    def receive(self, data: bytes, now: float) -> list[Event | MemberHealth]:
        return self._hear(self._finder.receive(data, now), now)

    def deadline(self) -> float | None:
        if not self._open or not self._seats:
            return None
        gap = self._finder.deadline() if self._finder.inside else None
        if self._asked is not None:
            return self._first_byte_by if gap is None else min(gap, self._whole_by)
        turn = max(self._free_at, min(seat.due_at for seat in self._seats.values()))
        return turn if gap is None else min(gap, turn)

    def wake(self, now: float) -> list[Event | MemberHealth]:
        due = self.deadline()
        if due is None or now < due:
            return []
        events = self._hear(self._finder.wake(now), now)
        asked = self._asked
        if asked is not None:
            if now < self._first_byte_by or (self._finder.inside and now < self._whole_by):
                return events
            events += self._missed(asked, now)
        elif now >= self._free_at:
            self._next_turn(now)
        return events

    # --- turns ---

    def _next_turn(self, now: float) -> None:
        seat = min(self._seats.values(), key=lambda each: each.due_at)
        if seat.due_at > now:
            return
        seat.twice, seat.doubled = seat.twice * seat.doubled, False
        question = seat.member.ask(now, lost=seat.lost)
        sent_by = now + len(question) * self._byte_s
        self._first_byte_by = sent_by + self._answer_s
        self._whole_by = self._first_byte_by + LONGEST_BYTES * self._byte_s
        self._finder.clear()
        self._asked, self._last = seat, seat
        self._outgoing = question

    def _end_turn(self, seat: _Seat[Said, Event], now: float) -> None:
        self._asked = None
        self._free_at = now + GUARD_S
        if seat.lost:
            lost = sum(each.lost for each in self._seats.values())
            seat.due_at = now + max(seat.member.poll_s, LOST_POLL_S, LOST_SHARE * lost * self._answer_s)
        else:
            seat.due_at = now if seat.member.urgent or seat.misses else now + seat.member.poll_s

    def _missed(self, seat: _Seat[Said, Event], now: float) -> list[Event | MemberHealth]:
        """The turn is over without an answer."""
        seat.misses = min(seat.misses + 1, MISSES)
        seat.twice = 0
        self._end_turn(seat, now)
        if not seat.lost:
            return []
        seat.member.lose()
        spoilt, seat.spoilt = seat.spoilt, False
        seat.wrong = max(seat.wrong - 1, 0)
        if seat.wrong:
            return []
        if self._must_answer:
            self._give_up_dead_line(now)
            return self._tell(seat, "down", "broken_answers" if spoilt else "silent")
        return self._tell(seat, "unknown", "no_answer")

    def _give_up_dead_line(self, now: float) -> None:
        if now - self._heard_at >= DEAD_LINE_S and all(seat.lost for seat in self._seats.values()):
            raise DeviceSilent("any address of the line", DEAD_LINE_S)

    # --- answers ---

    def _hear(self, found: Sequence[Said | Broken], now: float) -> list[Event | MemberHealth]:
        events: list[Event | MemberHealth] = []
        for one in found:
            if isinstance(one, Broken):
                if self._asked is not None:
                    self._asked.spoilt = True
                continue
            seat = self._seats.get(one.address)
            if seat is not None:
                events += self._said(seat, one, now)
        return events

    def _said(self, seat: _Seat[Said, Event], said: Said, now: float) -> list[Event | MemberHealth]:
        """A message from ``seat``: the answer, a second answer, or one that comes late and is still true."""
        try:
            events, code = seat.member.hear(said, now)
        except ProtocolError:
            seat.spoilt = True
            return []
        self._heard_at = now
        if code == WRONG_DEVICE:
            seat.wrong, seat.misses = 3, MISSES
            if seat is self._asked:
                self._end_turn(seat, now)
            return self._tell(seat, "down", WRONG_DEVICE)
        self._count(seat, now)
        if code == PROVED:
            seat.due_at = now
            return list(events)
        told: list[Event | MemberHealth] = list(events)
        if seat.lost:
            return told  # late, and perhaps the last we hear of it
        wrong = code or ("address_twice" if seat.twice_until else "")
        return told + self._tell(seat, "degraded" if wrong else "ok", wrong)

    def _count(self, seat: _Seat[Said, Event], now: float) -> None:
        if seat is self._asked:
            seat.misses = 0
            seat.spoilt = False
            seat.twice_until = max(seat.twice_until - 1, 0)
            self._end_turn(seat, now)
        elif seat is self._last and self._asked is None and not seat.doubled:
            seat.twice += 1
            seat.doubled = True
            if seat.twice >= TWICE:
                seat.twice_until = TWICE_CLEAR

    def _tell(self, seat: _Seat[Said, Event], state: State, code: str) -> list[Event | MemberHealth]:
        health = MemberHealth(seat.member.address, state, code)
        if health == seat.health:
            return []
        seat.health = health
        return [health]
