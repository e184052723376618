"""Card reader, printer and scanner of ``drivers`` as the sitting knows them: events into the mailbox, slips out.

A card's person lives here only, under a random token, until the sitting lets it go; it goes into the request for a
number and nowhere else.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, assert_never

from drivers.errors import DriverError
from drivers.idcard.reader import CardLifted, CardPresented, CardReader, CardTrouble, ReaderEvent, ReaderHealth
from drivers.printer.layout import SlipLayout
from drivers.printer.printer import Printer
from drivers.printer.slip import SlipWrong
from drivers.scanner.events import ScannerHealth, ScanRead, ScanTrouble
from drivers.scanner.scanner import Scanner
from drivers.scanner.wedge import Typed, WedgeAssembler
from kiosk.cards import look_at_card
from kiosk.flow import events as ev

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from datetime import date
    from pathlib import Path

    from drivers.idcard.model import IdCard
    from drivers.link import Health
    from drivers.printer.jobs import PrintOutcome
    from drivers.printer.layout import Value
    from drivers.printer.profile import Profile
    from drivers.printer.slip import Slip
    from drivers.scanner.events import ScannerEvent
    from drivers.scanner.wedge import WedgeEvent
    from kiosk.cards import Policy
    from queue_server.wire import CardPerson

PEOPLE_MAX = 4
"""Cards held at once: one sitting has one; the rest covers a card laid in the moment a sitting ends."""
LAYOUTS = ("ticket", "reprint", "booking", "offline", "notice", "closing", "test")
"""All that a kiosk prints; whoever wants one of them names it in ``PrintSlip``."""


class People:
    """Persons by token. Safe from any thread; shows nobody."""

    def __init__(self, new_key: Callable[[], str]) -> None:
        self._new_key = new_key
        self._lock = threading.Lock()
        self._people: dict[str, CardPerson] = {}

    def __repr__(self) -> str:
        return f"People({len(self._people)} held)"

    def keep(self, person: CardPerson) -> str:
        """Hold a person under a new token; above the ceiling the oldest is forgotten."""
        token = self._new_key()
        with self._lock:
            while len(self._people) >= PEOPLE_MAX:
                del self._people[next(iter(self._people))]
            self._people[token] = person
        return token

    def person_of(self, token: str) -> CardPerson | None:
        with self._lock:
            return self._people.get(token)

    def forget(self, token: str) -> None:
        with self._lock:
            self._people.pop(token, None)


class CardDesk:
    """The ID reader. Its events come on the reader's thread and go into the mailbox at once."""

    def __init__(
        self,
        port: str,
        *,
        baud: int | None,
        people: People,
        new_key: Callable[[], str],
        post: Callable[[ev.Event], None],
        today: Callable[[], date | None] = lambda: None,
        policy: Policy = "go_on",
        trace: Path | None = None,
    ) -> None:
        """``today`` is the hall's date, None while it is not known; ``policy`` is for cards with soft warnings."""
        self._people = people
        self._new_key = new_key
        self._post = post
        self._today = today
        self._policy = policy
        self._doubtful = 0
        self._reader = CardReader(port, on_event=self.take, baud=baud, trace=trace)

    def start(self) -> None:
        self._reader.start()

    def stop(self) -> None:
        self._reader.stop()

    @property
    def detail(self) -> str:
        """For the technician: the module's number, and how many cards came with a soft warning; nothing of a card."""
        module = f"SAM {self._reader.sam_number}" if self._reader.sam_number else ""
        doubtful = f"soft warnings {self._doubtful}" if self._doubtful else ""
        return ", ".join(part for part in (module, doubtful) if part)

    def take(self, event: ReaderEvent) -> None:
        """One event of the driver."""
        match event:
            case CardPresented(card):
                self._post(self._presented(card))
            case CardLifted():
                self._post(ev.CardLifted())
            case CardTrouble(code=code):
                self._post(ev.CardTrouble(code=code.value))
            case ReaderHealth(state, code):
                self._post(ev.ReaderHealth(state=state, code=code))
            case _:
                assert_never(event)

    def _presented(self, card: IdCard) -> ev.Event:
        found = look_at_card(card, self._today(), self._policy)
        if found is None:
            return ev.CardTrouble(code="misread")
        self._doubtful += bool(found.warnings)
        person = self._people.keep(found.person) if found.person is not None else None
        return ev.CardRead(person=person, key=self._new_key(), note="expired" if found.expired else "")


class PaperDesk:
    """The printer with its slip layouts, which are read once at the start."""

    def __init__(
        self,
        port: str,
        profile: Profile,
        *,
        baud: int | None,
        deadline_s: float,
        post: Callable[[ev.Event], None],
        model: str = "",
        trace: Path | None = None,
    ) -> None:
        """Raises ConfigurationError when a shipped layout is broken."""
        self._post = post
        self.detail = f"{model} {port}".strip()
        """For the technician."""
        self._deadline_s = deadline_s
        self._layouts = {name: SlipLayout.load(name) for name in LAYOUTS}
        self._printer = Printer(port, profile, on_health=self._health, baud=baud, trace=trace)

    def start(self) -> None:
        self._printer.start()

    def stop(self) -> None:
        self._printer.stop()

    def fill(self, slip: ev.PrintSlip) -> Slip:
        """The paper's blocks. Raises SlipWrong when a value that the layout needs is absent."""
        layout = self._layouts.get(slip.layout)
        if layout is None:
            raise SlipWrong(slip.layout, "the kiosk prints no such slip")
        return layout.fill({name: _value(value) for name, value in slip.values})

    def print(self, slip: ev.PrintSlip) -> None:
        """One word about the slip follows: printed, not printed, unknown."""
        try:
            future = self._printer.print(self.fill(slip), deadline_s=self._deadline_s)
        except SlipWrong:
            self._post(ev.SlipNotPrinted(key=slip.key, code="slip"))
        except DriverError as error:
            self._post(ev.SlipNotPrinted(key=slip.key, code=error.code))
        else:
            future.add_done_callback(lambda done: self._told(slip.key, done))

    def _told(self, key: str, done: Future[PrintOutcome]) -> None:
        outcome = done.result()
        match outcome.result:
            case "printed":
                self._post(ev.SlipPrinted(key=key))
            case "not_printed":
                self._post(ev.SlipNotPrinted(key=key, code=outcome.code))
            case "unknown":
                self._post(ev.SlipUnknown(key=key, code=outcome.code))
            case _:
                assert_never(outcome.result)

    def _health(self, health: Health) -> None:
        self._post(ev.PrinterHealth(state=health.state, code=health.code))


def _value(value: object) -> Value:
    """A value of the flow as the layout wants it: words and figures, or a list of entries."""
    if isinstance(value, tuple):
        return [dict(entry) for entry in value]
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(type(value).__name__)


class ScanDesk:
    """Both kinds of scanner: the one on a serial line, with its own thread, and the one that types on the UI thread."""

    def __init__(
        self,
        port: str,
        *,
        baud: int,
        prefix: str,
        suffix: str,
        new_key: Callable[[], str],
        post: Callable[[ev.Event], None],
        trace: Path | None = None,
    ) -> None:
        """``port`` empty: only a scanner that types can be there. ``prefix``, ``suffix`` as set up in the scanner."""
        self._new_key = new_key
        self._post = post
        self._wedge = WedgeAssembler(prefix=prefix)
        self._scanner = (
            Scanner(port, on_event=self.take, baud=baud, prefix=prefix.encode(), suffix=suffix.encode(), trace=trace)
            if port
            else None
        )

    def start(self) -> None:
        if self._scanner is not None:
            self._scanner.start()

    def stop(self) -> None:
        if self._scanner is not None:
            self._scanner.stop()

    def take(self, event: ScannerEvent) -> None:
        """One event of the driver."""
        match event:
            case ScanRead(text):
                self._post(ev.CodeScanned(text=text, key=self._new_key()))
            case ScanTrouble(code):
                self._post(ev.ScanFailed(code=code.value))
            case ScannerHealth(state, code):
                self._post(ev.ScannerHealth(state=state, code=code))
            case _:
                assert_never(event)

    def typed(self, character: str, at_s: float) -> float | None:
        """A key of the keyboard; the moment at which ``rest`` is wanted. What a person types does nothing."""
        return self._told(self._wedge.key(character, at_s))

    def rest(self, now_s: float) -> float | None:
        return self._told(self._wedge.wake(now_s))

    def _told(self, events: list[WedgeEvent]) -> float | None:
        for event in events:
            if not isinstance(event, Typed):
                self.take(event)
        return self._wedge.deadline()
