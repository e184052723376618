"""Several devices on one port as their users see them: what each should show, how each is. For pads and strips."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypedDict, TypeVar

from drivers.bus import Bus, Member, MemberHealth
from drivers.errors import LinkBusy
from drivers.link import UNPROVED, Backoff, Health, Link, written_to
from drivers.transport import SOCKET_SCHEME, open_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from drivers.bus import Addressed, Finder
    from drivers.link import State

ANSWER_S = 0.06
NETWORK_ANSWER_S = 0.3
"""Converters between network and line hand bytes over in their own time."""

Wanted = TypeVar("Wanted")
Wanted_contra = TypeVar("Wanted_contra", contravariant=True)
LineEvent = TypeVar("LineEvent")


class LineOptions(TypedDict, total=False):
    """What a port with pads or strips may be given.

    ``baud``: None is the protocol's own. ``answer_s``: how long a device may take to begin its answer; None is 0.06,
    over a network 0.3. ``trace``: a file for the bytes both ways (see ``drivers.trace``).
    """

    baud: int | None
    answer_s: float | None
    backoff: Backoff | None
    trace: Path | None


class Speech(Protocol):
    """What a line needs of a pad or strip protocol: how its messages are found, how fast it speaks."""

    @property
    def baud(self) -> int: ...
    def finder(self) -> Finder[Addressed]: ...
    def poll(self, address: int) -> bytes: ...


class Shows(Member[Any, Any], Protocol[Wanted_contra]):
    """A device with a display."""

    def show(self, wanted: Wanted_contra, /) -> None: ...


Shown = TypeVar("Shown", bound=Shows[Any])


def addresses_of(wanted: Iterable[int], protocol: Speech) -> list[int]:
    """Sorted, each once. Raises ValueError for an address that the protocol has not."""
    addresses = sorted(set(wanted))
    if not addresses or addresses[0] < 1:
        raise ValueError("addresses begin at 1")
    for address in addresses:
        protocol.poll(address)  # raises here, not on the line's thread
    return addresses


def answer_s_of(port: str, answer_s: float | None) -> float:
    """How long a device may take to begin its answer."""
    if answer_s is not None:
        return answer_s
    return NETWORK_ANSWER_S if port.startswith(SOCKET_SCHEME) else ANSWER_S


class BusLink:
    """A ``Bus`` with its port and thread. One kind of device is on it, or pads and strips that speak alike."""

    def __init__(self, port: str, speech: Speech, options: LineOptions, *, must_answer: bool) -> None:
        """Nothing is opened yet."""
        finder, baud = speech.finder(), options.get("baud") or speech.baud
        self._speaks = type(finder)
        self.bus: Bus[Addressed, Any] = Bus(
            (), finder, baud=baud, answer_s=answer_s_of(port, options.get("answer_s")), must_answer=must_answer
        )
        self.link: Link[Any] = Link(
            self.bus,
            lambda: open_port(port, baud=baud),
            name=f"line {port}",
            on_event=self._told,
            on_health=lambda _: self._look(),
            backoff=options.get("backoff") or Backoff.uneven(),
            trace=written_to(options.get("trace")),
        )
        self._kinds: list[DeviceLine[Any, Any, Any]] = []
        self._started = False

    def join(self, line: DeviceLine[Any, Any, Any], members: Sequence[Member[Any, Any]], speech: Speech) -> None:
        """One more kind of device. Raises ValueError: another make's messages, an address that is taken."""
        if type(speech.finder()) is not self._speaks:
            raise ValueError("devices of two protocols on one line")
        self.bus.join(members)
        self._kinds.append(line)

    def start(self) -> None:
        """Start the thread; safe to repeat, because each kind on the line does it."""
        if not self._started:
            self._started = True
            self.link.start()

    def _told(self, event: Addressed) -> None:
        for line in self._kinds:
            if event.address in line.addresses:
                line.hear(event)
        if isinstance(event, MemberHealth):
            self._look()

    def _look(self) -> None:
        """A line that is down is so for all on it; else each kind is as its own devices are."""
        health = self.link.health
        for line in self._kinds:
            condition = health if health.state == "down" else self.bus.condition_of(line.addresses)
            if condition != UNPROVED:
                line.feel(condition.state, condition.code)


class DeviceLine(Generic[Shown, Wanted, LineEvent]):
    """Devices of one kind on a port. What each should show is a state: the newest wins and none is queued.

    ``on_event`` is called on the port's thread and must return at once.
    """

    def __init__(
        self,
        port: str,
        members: Sequence[Shown],
        speech: Speech,
        options: LineOptions,
        *,
        on_event: Callable[[Any], None],
        line_health: Callable[[State, str], LineEvent],
        beside: DeviceLine[Any, Any, Any] | None,
        must_answer: bool = True,
    ) -> None:
        """Nothing is opened yet. ``beside``: the other kind on the same wires, not started yet; ``port`` and
        ``options`` are then that one's.

        Raises ValueError when both cannot be on one line.
        """
        self.port: str = beside.port if beside else port
        self._members = {member.address: member for member in members}
        self._on_event = on_event
        self._line_health = line_health
        self._health = Health("unknown", "starting", time.monotonic())
        self._lock = threading.Lock()
        self._wanted: dict[int, Wanted] = {}
        self._posted = False
        self.wires: BusLink = beside.wires if beside else BusLink(port, speech, options, must_answer=must_answer)
        """The port; another kind of device can be put on it until it is started."""
        self.wires.join(self, members, speech)

    @property
    def addresses(self) -> Iterable[int]:
        return self._members.keys()

    @property
    def health(self) -> Health:
        """The line's, as far as this kind of device goes; safe from any thread."""
        return self._health

    def member_health(self, address: int) -> MemberHealth:
        """Of one device; safe from any thread. Raises KeyError for an address that was not given."""
        return self.wires.bus.health(self._members[address].address)

    def start(self) -> None:
        """Start the port's thread; returns at once whether or not anything is there. Safe to repeat."""
        self.wires.start()

    def stop(self) -> None:
        """End thread and port within about a second, for all on it; no event comes afterwards. Safe to repeat."""
        self.wires.link.stop()

    def want(self, address: int, wanted: Wanted) -> None:
        """What this device shows from now on, also after it was unplugged. Any thread; never blocks.

        Raises KeyError for an address that was not given, LinkBusy when too much waits.
        """
        with self._lock:
            self._wanted[self._members[address].address] = wanted
            posted, self._posted = self._posted, True
        if posted:
            return
        try:
            self.wires.link.post(self._take_wanted)
        except LinkBusy:
            self._posted = False  # what is wanted stays so, and goes with the next call
            raise

    def act(self, address: int, act: Callable[[Shown, float], None]) -> None:
        """Do ``act(member, now)`` on the port's thread and give this device the next turn. Any thread.

        Raises KeyError, LinkBusy.
        """
        member = self._members[address]

        def do(now: float) -> Sequence[Any]:
            act(member, now)
            self.wires.bus.hurry(address, now)
            return []

        self.wires.link.post(do)

    def hear(self, event: object) -> None:
        """What the port's thread has for this kind of device."""
        self._on_event(event)

    def feel(self, state: State, code: str) -> None:
        """The line is so; told when it changed. The port's thread."""
        if (state, code) != (self._health.state, self._health.code):
            self._health = Health(state, code, time.monotonic())
            self._on_event(self._line_health(state, code))

    def _take_wanted(self, now: float) -> Sequence[Any]:
        with self._lock:
            wanted, self._wanted = self._wanted, {}
            self._posted = False
        for address, each in wanted.items():
            self._members[address].show(each)
            self.wires.bus.hurry(address, now)
        return []
