"""Choosing the next number among 2,000 who wait beside choosing among 20, in the hall's own lines.

Budget (issue 4): at most 3 times. ``python -m tests.bench.choosing [--rounds N]``. A quarter of the numbers has a
grant, as many ask for a skill that one window has, four are bound to a window. ``choose`` is choosing alone;
``call_next`` is a whole call-next of the domain, decided and folded: it also lists and counts the overtaken and takes
the ticket out of its line. Then somebody like the one called comes, so that as many wait as before. Both halls are
measured in turn, round by round; the median of the ratios counts.
"""

from __future__ import annotations

import argparse
import statistics
import time
from random import Random
from typing import NamedTuple

from queue_server.domain import commands as c
from queue_server.domain.choosing import Asking, choose
from queue_server.domain.deciding import Context, decide
from queue_server.domain.hall_day import HallDay, RowHeader
from queue_server.domain.refusals import Refused
from queue_server.domain.rules import MINUTE_US, SECOND_US, Rules, WindowConfig
from tests.bench.hall import report

FEW, MANY = 20, 2_000
RATIO = 3.0
CALLS = 200
"""Of each hall in a round."""
MONDAY_US = 1_772_413_200 * SECOND_US
WINDOWS = (*(WindowConfig(n) for n in range(1, 8)), WindowConfig(8, ("integrated", "law")))
MATTERS = ("m1", "m2", "m3", "law")
GROUNDS = (None,) * 6 + ("elderly", "disabled")
CALL_EVERY_US = 12 * SECOND_US


class Took(NamedTuple):
    """Microseconds of one, the median of a round."""

    choose: float
    call_next: float


class Hall:
    """So many wait: who is called is replaced by somebody new."""

    def __init__(self, waiting: int) -> None:
        self.rules = Rules(matter_skills={"law": "law"})
        self.day = HallDay(self.rules, WINDOWS)
        self.now_us = MONDAY_US
        self._random = Random(waiting)
        self._made = 0
        self._do(c.OpenDay(business_day="2026-03-02", letters={"kiosk:1": "K"}))
        for window in WINDOWS:
            self._do(c.OpenShift(window=window.number, clerk=window.number, shift=f"s{window.number}"))
            self._do(c.OpenWindow(window=window.number))
        for _ in range(waiting):
            self.now_us += 40 * MINUTE_US // waiting
            self.issue(self._random.choice(MATTERS), self._random.choice(GROUNDS))
        plain = [name for name, slot in self.day.lines.slots.items() if slot.key.needs <= WINDOWS[2].able]
        for ticket in plain[:: len(plain) // 4]:
            self._do(c.TransferTicket(ticket=ticket, to=f"window:{WINDOWS[2].number}"))

    @property
    def waiting(self) -> int:
        return len(self.day.lines.slots)

    def issue(self, matter: str, ground: str | None) -> None:
        self._made += 1
        command = c.IssueTicket(ticket=f"t{self._made}", track=f"T{self._made}", matters=(matter,), grant_ground=ground)
        self._do(command, "kiosk:1")

    def choosing_us(self, window: WindowConfig) -> float:
        """Only the choice, of which nothing comes."""
        asking = Asking(window, self.now_us, self.day.granted_in_row, frozenset())
        begun = time.perf_counter()
        found = choose(self.day.lines, asking, self.rules)
        took_us = (time.perf_counter() - begun) * 1e6
        if found is None:
            raise RuntimeError("nobody waits")
        return took_us

    def calling_us(self, window: WindowConfig) -> float:
        """A whole call-next; then somebody like the one called comes."""
        self.now_us += CALL_EVERY_US
        self._made += 1
        there = self.day.windows[window.number].ticket
        if there is not None:
            self._do(c.StartService(window=window.number, ticket=there))
        command = c.CallNext(window=window.number, announcement=f"n{self._made}", ticket=there)
        begun = time.perf_counter()
        self._do(command)
        took_us = (time.perf_counter() - begun) * 1e6
        called = self.day.tickets[self.day.windows[window.number].ticket or ""]
        self.issue(called.matters[0], called.grant.ground if called.grant else None)
        return took_us

    def _do(self, command: c.Command, actor: str = "clerk:1") -> None:
        header = RowHeader(self.day.seq + 1, self.now_us, None, actor)
        match decide(self.day, command, Context(now_us=self.now_us, actor=actor)):
            case Refused() as refused:
                raise RuntimeError(f"{type(command).__name__}: {refused}")
            case events:
                for event in events:
                    self.day.apply(header, event)


def one_round(hall: Hall, calls: int) -> Took:
    windows = [WINDOWS[n % len(WINDOWS)] for n in range(calls)]
    choosing = [hall.choosing_us(window) for window in windows]
    return Took(statistics.median(choosing), statistics.median(hall.calling_us(window) for window in windows))


def measured(rounds: int, calls: int = CALLS) -> dict[str, object]:
    """The figures of so many rounds after one that warms up."""
    few, many = Hall(FEW), Hall(MANY)
    found = [(one_round(few, calls), one_round(many, calls)) for _ in range(rounds + 1)][1:]
    ratios = Took(*(statistics.median(getattr(b, k) / getattr(a, k) for a, b in found) for k in Took._fields))
    us = {
        str(hall.waiting): {k: round(statistics.median(getattr(each[n], k) for each in found), 1) for k in Took._fields}
        for n, hall in enumerate((few, many))
    }
    return {
        "ratio": round(ratios.choose, 3),
        "call_next_ratio": round(ratios.call_next, 3),
        "budget": RATIO,
        "ok": max(ratios) <= RATIO,
        "us": us,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    report("choosing", **measured(options.rounds), rounds=options.rounds, calls=CALLS)


if __name__ == "__main__":
    main()
