"""Hands at real drivers and simulated devices: lay and lift cards, print slips, sprinkle faults, keep count."""

from __future__ import annotations

import base64
import contextlib
import itertools
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from drivers.control import ControlClient
from drivers.idcard.reader import CardLifted, CardPresented, CardReader, CardTrouble, ReaderEvent, ReaderHealth
from drivers.idcard.samples import SAMPLES
from drivers.link import Backoff, Health
from drivers.printer.layout import SlipLayout
from drivers.printer.printer import Printer
from drivers.printer.profile import Profile
from tests.drivers.printer.slips import VALUES

QUIET_S = 20.0
"""Nothing takes longer, even with a fault in it."""
FAULT_EVERY = 40
CARD_FAULTS = (
    "select_fails", "read_fails", "not_id_card", "checksum", "truncated", "noise", "slow", "half_frame", "unplug",
    "silent",
)  # fmt: skip
PAPER_FAULTS = (
    "paper_end", "cover_open", "cutter_error", "head_hot", "offline", "silent", "unplug", "paper_near_end",
    "unplug_after_bytes:200", "paper_end_after_bytes:150", "jam_after_bytes:300", "cover_open_after_bytes:100",
)  # fmt: skip
FAULTY_DEADLINE_S = 2.0
LAID_MAX = 2
SETTLE_S = 1.0
"""So long after a fault nothing more is told about it: three polls."""
HASTE = Backoff(first_s=0.05, limit_s=0.1)
Seen = TypeVar("Seen", bound=ReaderEvent)


class Hand(Protocol):
    """Works at one device."""

    told: Counter[str]
    wrong: list[str]

    def round(self, count: int) -> None: ...
    def stop(self) -> None: ...


class CardHand:
    """Lays cards on one reader. ``wrong`` names what should not happen; no card's data is in it."""

    def __init__(self, port: str, control: str, first_fault: int) -> None:
        self.told: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._events: queue.SimpleQueue[ReaderEvent] = queue.SimpleQueue()
        self._control = ControlClient(control)
        self._reader = CardReader(port, on_event=self._events.put, backoff=HASTE)
        self._cards = itertools.cycle(sorted(SAMPLES))
        self._faults = itertools.islice(itertools.cycle(CARD_FAULTS), first_fault, None)
        self._laid = 0
        self._reader.start()
        self._until_well()

    def round(self, count: int) -> None:
        for _ in range(count):
            self._laid += 1
            if self._laid % FAULT_EVERY:
                self._card(next(self._cards))
            else:
                self._faulty(next(self._cards), next(self._faults))

    def stop(self) -> None:
        self._reader.stop()
        self._control.close()

    def _card(self, name: str) -> None:
        """A card that must be read whole. On a busy machine an answer may come too late: then it is laid once more."""
        for _ in range(LAID_MAX):
            self._control.ask("lay", card=name)
            event = self._wait(CardPresented, CardTrouble)
            if isinstance(event, CardPresented):
                self.told["read"] += 1
                if event.card.number != SAMPLES[name].number:
                    self.wrong.append(f"card {self._laid}: another card")
                self._lift()
                return
            self.told["laid again"] += 1
            self._control.ask("lift")
        self.wrong.append(f"card {self._laid}: not read")

    def _faulty(self, name: str, fault: str) -> None:
        """Whatever comes of it, afterwards all is well again and no card lies there."""
        self.told[fault] += 1
        self._control.ask("fault", name=fault)
        self._control.ask("lay", card=name)
        event = self._wait(CardPresented, CardTrouble, ReaderHealth)
        if isinstance(event, CardPresented) and event.card.number != SAMPLES[name].number:
            self.wrong.append(f"card {self._laid}: another card under {fault}")
        self._control.ask("clear")
        self._control.ask("lift")
        self._until_well()
        self._settle()
        # Read once more after the fault: the reader must see a fresh card and its leaving.
        self._control.ask("lay", card=name)
        self._wait(CardPresented)
        self._lift()

    def _lift(self) -> None:
        self._control.ask("lift")
        self._wait(CardLifted)

    def _settle(self) -> None:
        """Forget what is still told about the fault."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._events.get(timeout=SETTLE_S)

    def _until_well(self) -> None:
        if not wait_until(lambda: self._reader.health.state == "ok"):
            self.wrong.append(f"card {self._laid}: the reader did not come back")

    def _wait(self, *kinds: type[ReaderEvent]) -> ReaderEvent | None:
        """The next event of these kinds; None when none came in time."""
        end = time.monotonic() + QUIET_S
        while (left := end - time.monotonic()) > 0:
            try:
                event = self._events.get(timeout=left)
            except queue.Empty:
                break
            if isinstance(event, kinds):
                return event
        self.wrong.append(f"card {self._laid}: nothing came")
        return None


class PaperHand:
    """Prints slips at one printer and looks into its tray after each."""

    def __init__(self, port: str, control: str, first_fault: int) -> None:
        self.told: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._control = ControlClient(control)
        self._layout = SlipLayout.load("ticket")
        self._health = threading.Event()
        self._printer = Printer(port, Profile.load("generic-80"), on_health=self._heard, backoff=HASTE)
        self._faults = itertools.islice(itertools.cycle(PAPER_FAULTS), first_fault, None)
        self._printed = 0
        self._seen = 0
        self._printer.start()
        self._health.wait(QUIET_S)

    def round(self, count: int) -> None:
        for _ in range(count):
            self._printed += 1
            if self._printed % FAULT_EVERY:
                result = self._slip(QUIET_S / 2)
                if result != "printed":
                    self.wrong.append(f"slip {self._printed}: {result}")
            else:
                self._faulty(next(self._faults))

    def stop(self) -> None:
        self._printer.stop()
        self._control.close()

    def _faulty(self, fault: str) -> None:
        self.told[fault] += 1
        self._control.ask("fault", name=fault)
        self._slip(FAULTY_DEADLINE_S)
        self._control.ask("clear")
        if not wait_until(lambda: self._printer.health.state == "ok"):
            self.wrong.append(f"slip {self._printed}: the printer did not come back after {fault}")

    def _slip(self, deadline_s: float) -> str:
        """Print one and compare its outcome with the tray."""
        serial = f"{self._printed:06d}"
        slip = self._layout.fill({**VALUES, "serial": serial})
        outcome = self._printer.print(slip, deadline_s=deadline_s).result(deadline_s + QUIET_S)
        self.told[outcome.result] += 1
        papers = sum(serial.encode() in data for data in self._tray())
        right = {"printed": {1}, "not_printed": {0}, "unknown": {0, 1}}[outcome.result]
        if papers not in right:
            self.wrong.append(f"slip {self._printed}: {outcome.result} but {papers} papers")
        return outcome.result

    def _tray(self) -> Iterator[bytes]:
        for each in self._control.ask("slips", after=self._seen)["slips"]:
            self._seen = max(self._seen, each["n"])
            yield base64.b64decode(each["bytes"])

    def _heard(self, health: Health) -> None:
        if health.state == "ok":
            self._health.set()


def wait_until(seen: Callable[[], bool]) -> bool:
    """Look again and again, ``QUIET_S`` at most."""
    end = time.monotonic() + QUIET_S
    while not seen():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
