"""Halls in virtual time: the real gate over a real store, or its rules alone."""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from queue_server.domain import commands as c
from queue_server.domain.booking import Booking, BookingFacts
from queue_server.domain.day_view import DayView
from queue_server.domain.deciding import Context, decide
from queue_server.domain.events import Event
from queue_server.domain.hall_day import HallDay, RowHeader
from queue_server.domain.refusals import Refused
from queue_server.domain.rules import Rules, WindowConfig
from queue_server.forecast.learning import Learned, learn
from queue_server.forecast.reading import past_days, read_come, read_record
from queue_server.service.gate import Gate
from queue_server.store.booking_queries import as_booking
from queue_server.store.engine import Store
from queue_server.store.rows import RowWrite
from tests.simulate.people import WINDOWS

HALL = "simulated"
SECOND_US = 1_000_000
FIRST_DAY_US = 1_772_380_800 * SECOND_US
"""2026-03-02 00:00 in the hall's zone, a Monday."""
OFFSET_MIN = 480
ANSWER_S = 30.0
TOLD = ("wrong_state", "slot_full")
"""Refusals that people live with."""
LEARN_DAYS, LEARN_AFTER = 20, 3
RAM = Path("/dev/shm")
"""Where the system has it, commits need no disk: the store is the same."""
DESKS = tuple(WindowConfig(number) for number in range(1, WINDOWS + 1))


class VirtualClock:
    """Both clocks of the gate; moved by the simulation alone."""

    def __init__(self) -> None:
        self.at_us = FIRST_DAY_US

    def wall_us(self) -> int:
        return self.at_us

    def steady_s(self) -> float:
        return self.at_us / SECOND_US


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an accepted command."""

    at_us: int
    events: tuple[Event, ...]


class Hall(Protocol):
    """A hall with its days one after the other."""

    clock: VirtualClock
    rules: Rules

    @property
    def day(self) -> DayView | None:
        """The day as it is now."""

    def do(self, command: c.Command, actor: str, rows: tuple[RowWrite, ...] = ()) -> Done | Refused:
        """Have a command decided; ``rows`` travel beside it (bookings)."""

    def learned(self, before: str) -> tuple[Learned | None, float]:
        """What past days teach the forecast, None in the first days; and the share of bookings that were come for."""

    def settle(self) -> None:
        """Wait for what the hall does by itself after a day: bookings nobody came for."""


class GateHall:
    """The real gate and its store."""

    def __init__(self, gate: Gate, store: Store, clock: VirtualClock, rules: Rules) -> None:
        self.gate = gate
        self.store = store
        self.clock = clock
        self.rules = rules
        self.commands = 0

    @property
    def day(self) -> DayView | None:
        return self.gate.view.day

    def do(self, command: c.Command, actor: str, rows: tuple[RowWrite, ...] = ()) -> Done | Refused:
        self.commands += 1
        outcome = self.gate.submit(command, key=f"{self.commands:08d}", actor=actor, rows=rows).result(ANSWER_S)
        if isinstance(outcome, Refused):
            return _told(command, outcome)
        return Done(outcome.at_us, outcome.events)

    def learned(self, before: str) -> tuple[Learned | None, float]:
        """As the server learns: from the store's past days."""
        with self.store.read() as connection:
            days = past_days(connection, HALL, before=before, most=LEARN_DAYS)
            if len(days) < LEARN_AFTER:
                return None, 1.0
            records = [read_record(connection, HALL, day, OFFSET_MIN) for day in days]
            come = read_come(connection, HALL, days)
        return learn([record for record in records if record is not None]), come

    def settle(self) -> None:
        """The first answer comes when it has begun, the second when it is done."""
        for _ in range(2):
            self.gate.note().result(ANSWER_S)


@contextlib.contextmanager
def simulated_hall(rules: Rules, folder: Path | None = None) -> Iterator[GateHall]:
    """A hall in ``folder``; without one in memory, gone at the end."""
    with contextlib.ExitStack() as stack:
        if folder is None:
            memory = tempfile.TemporaryDirectory(dir=RAM if RAM.is_dir() else None)
            folder = Path(stack.enter_context(memory))
        clock, store = VirtualClock(), Store(f"sqlite:///{folder}/hall.db")
        gate = Gate(
            store,
            rules,
            DESKS,
            hall=HALL,
            wall_clock_us=clock.wall_us,
            steady_clock_s=clock.steady_s,
        )
        gate.start()
        try:
            yield GateHall(gate, store, clock, rules)
        finally:
            gate.stop()
            store.close()


class BareHall:
    """The rules alone: the same decisions and the same fold without gate, store and forecast, some ten times as fast.

    Gives the gate's own figures to the last digit (``test_simulate.py``).
    """

    def __init__(self, rules: Rules) -> None:
        self.clock = VirtualClock()
        self.rules = rules
        self._day = HallDay(rules, DESKS)
        self._seq = 0
        self._last_us = 0
        self._bookings: dict[str, Booking] = {}
        self._taken: Counter[int] = Counter()

    @property
    def day(self) -> DayView | None:
        return self._day.snapshot()

    def do(self, command: c.Command, actor: str, rows: tuple[RowWrite, ...] = ()) -> Done | Refused:
        self._last_us = max(self._last_us, self.clock.at_us)
        context = Context(
            now_us=self._last_us,
            actor=actor,
            key=str(self._seq),
            clock_doubt=False,
            anchor="0" * 64,
            spoken_at_us={},
            booking=self._facts(command),
        )
        events = decide(self._day, command, context)
        if isinstance(events, Refused):
            return _told(command, events)
        self._seq += 1
        for event in events:
            self._day.apply(RowHeader(self._seq, self._last_us, context.key, actor), event)
        for row in rows:
            self._keep(row)
        return Done(self._last_us, tuple(events))

    def learned(self, before: str) -> tuple[Learned | None, float]:
        """Nothing: no days are kept to learn from."""
        return None, 1.0

    def settle(self) -> None:
        """Nothing: bookings nobody came for have no rule here that another day would feel."""

    def _facts(self, command: c.Command) -> BookingFacts | None:
        match command:
            case c.MakeBooking():
                return BookingFacts(None, taken=self._taken[command.begins_us])
            case c.IssueTicket(booking=str(booking)):
                return BookingFacts(self._bookings[booking])
            case _:
                return None

    def _keep(self, row: RowWrite) -> None:
        made = as_booking(row.values)
        if made.id not in self._bookings:
            self._taken[made.begins_us] += 1
        self._bookings[made.id] = made


def _told(command: c.Command, refused: Refused) -> Refused:
    if refused.code not in TOLD:
        raise RuntimeError(f"{type(command).__name__}: {refused}")
    return refused
