"""Card reader and printer of ``drivers`` as the sitting knows them: events into the mailbox, slips out.

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
from kiosk.flow import events as ev
from queue_server.wire import CardPerson

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from drivers.idcard.model import IdCard
    from drivers.link import Health
    from drivers.printer.jobs import PrintOutcome
    from drivers.printer.profile import Profile
    from drivers.printer.slip import Slip

PEOPLE_MAX = 4
"""Cards held at once: one sitting has one; the rest covers a card laid in the moment a sitting ends."""
NUMBER_MIN = 8
"""A document number shorter than this was misread."""
LAYOUTS = ("ticket", "reprint")


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


def person_of_card(card: IdCard) -> CardPerson | None:
    """The two things of a card that the server needs; None when the number cannot be one."""
    if len(card.number) < NUMBER_MIN or not card.name:
        return None
    return CardPerson(name=card.name, id_number=card.number, card_type=card.card_type.value)


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
    ) -> None:
        self._people = people
        self._new_key = new_key
        self._post = post
        self._reader = CardReader(port, on_event=self.take, baud=baud)

    def start(self) -> None:
        self._reader.start()

    def stop(self) -> None:
        self._reader.stop()

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
        person = person_of_card(card)
        if person is None:
            return ev.CardTrouble(code="misread")
        return ev.CardRead(person=self._people.keep(person), key=self._new_key())


class PaperDesk:
    """The printer with its slip layouts, which are read once at the start."""

    def __init__(
        self, port: str, profile: Profile, *, baud: int | None, deadline_s: float, post: Callable[[ev.Event], None]
    ) -> None:
        """Raises ConfigurationError when a shipped layout is broken."""
        self._post = post
        self._deadline_s = deadline_s
        self._layouts = {name: SlipLayout.load(name) for name in LAYOUTS}
        self._printer = Printer(port, profile, on_health=self._health, baud=baud)

    def start(self) -> None:
        self._printer.start()

    def stop(self) -> None:
        self._printer.stop()

    def fill(self, slip: ev.PrintSlip) -> Slip:
        """The paper's blocks. Raises SlipWrong when a value that the layout needs is absent."""
        values = {name: value for name, value in slip.values if value is None or isinstance(value, str | int)}
        return self._layouts[slip.layout].fill(values)

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
