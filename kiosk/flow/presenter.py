"""Holds the sitting on the UI thread: events in by one mailbox, states out to the screen, effects out to the ports."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, assert_never

from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from kiosk.flow import offline_events as own
from kiosk.flow.sitting import step
from kiosk.flow.view import draw

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kiosk.flow.screens import Language, ScreenState
    from kiosk.flow.state import Sitting

TICK_S = 0.25
"""How often ``tick`` wants to be called."""
MAILBOX_MAX = 1000
"""More waiting events mean that the UI thread stands still; the oldest are lost, time-outs cover them."""


class Server(Protocol):
    """The wire's client. Every call returns at once; answers come as events."""

    def ask_ticket(self, ask: ev.AskTicket) -> None: ...
    def ask_reprint(self, ask: ev.AskReprint) -> None: ...
    def cancel_ticket(self, cancel: ev.CancelTicket) -> None: ...
    def report_printed(self, report: ev.ReportPrinted) -> None: ...
    def ask_help(self, ask: ev.AskHelp) -> None: ...
    def end_help(self, end: ev.EndHelp) -> None: ...
    def report_health(self, report: ev.ReportHealth) -> None: ...
    def give_up_ticket(self, given_up: ev.GiveUpTicket) -> None: ...
    def ask_track(self, ask: kept.AskTrack) -> None: ...
    def ask_rejoin(self, ask: kept.AskRejoin) -> None: ...
    def add_matter(self, add: kept.AddMatter) -> None: ...
    def remember_closing(self, closing: ev.RememberClosing) -> None: ...


class Paper(Protocol):
    def print(self, slip: ev.PrintSlip) -> None:
        """Returns at once; SlipPrinted, SlipNotPrinted or SlipUnknown follows within a bounded time."""


class OwnNumbers(Protocol):
    """The outbox. Every call returns at once."""

    def take_offline(self, take: own.TakeOffline) -> None:
        """OfflineGiven follows when the number is on disk, or OfflineFailed."""

    def note_paper(self, note: own.NotePaper) -> None: ...


class People(Protocol):
    def forget(self, person: str) -> None: ...


class Sounds(Protocol):
    """What the kiosk's own loudspeaker does; returns at once."""

    def play(self, sound: str) -> None: ...
    def read_aloud(self, screen: str, language: Language) -> None:
        """Instead of what is being read. ReadAloudEnded follows when it came to its end by itself."""

    def stop_reading(self) -> None: ...


class Silence:
    """A kiosk without loudspeaker."""

    def play(self, sound: str) -> None: ...
    def read_aloud(self, screen: str, language: Language) -> None: ...
    def stop_reading(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Ports:
    server: Server
    paper: Paper
    people: People
    sounds: Sounds
    own_numbers: OwnNumbers


@dataclass(frozen=True, slots=True)
class Moments:
    """Where time and randomness come from."""

    steady_s: Callable[[], float]
    """Monotonic seconds."""
    hall_time: Callable[[], datetime | None]
    """The server's time now; None while not known."""
    new_key: Callable[[], str]
    """A random id, 8 to 40 characters of ``A-Za-z0-9_-``."""


class Presenter:
    """``post`` may be called from any thread, everything else from the UI thread only.

    ``schedule`` runs a callable soon on the UI thread; it must itself be safe from any thread. ``on_state`` is called
    with each new picture that differs from the one before.
    """

    def __init__(
        self, sitting: Sitting, ports: Ports, moments: Moments, *, schedule: Callable[[Callable[[], None]], None]
    ) -> None:
        self._sitting = sitting
        self._ports = ports
        self._moments = moments
        self._schedule = schedule
        self._mailbox: deque[ev.Event] = deque(maxlen=MAILBOX_MAX)
        self._show: Callable[[ScreenState], None] | None = None
        self._watcher: Callable[[], None] | None = None
        self._state = draw(sitting)

    @property
    def state(self) -> ScreenState:
        """The present picture; a frozen value, safe to read from any thread."""
        return self._state

    def on_state(self, show: Callable[[ScreenState], None]) -> None:
        """Call ``show`` now and on each change."""
        self._show = show
        show(self._state)

    def watch(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` after each new picture was shown; one watcher at most."""
        self._watcher = changed

    def press(self, key_id: str) -> None:
        """A key was pressed. Ids that the picture does not list do nothing."""
        self._handle(ev.Pressed(id=key_id, key=self._moments.new_key(), now_s=self._moments.steady_s()))

    def tick(self) -> None:
        """Time passes; call about every ``TICK_S``."""
        self._handle(ev.Tick(now_s=self._moments.steady_s(), at=self._moments.hall_time()))

    def post(self, event: ev.Event) -> None:
        """Put an event into the mailbox; it is handled soon on the UI thread, in order."""
        self._mailbox.append(event)
        self._schedule(self.empty_mailbox)

    def empty_mailbox(self) -> None:
        """Handle what waits."""
        while self._mailbox:
            self._handle(self._mailbox.popleft())

    def _handle(self, event: ev.Event) -> None:
        self._sitting, effects = step(self._sitting, event)
        # Effects first: server and printer work while this thread lays out the next picture.
        for effect in effects:
            self._do(effect)
        state = draw(self._sitting)
        if state != self._state:
            self._state = state
            if self._show is not None:
                self._show(state)
            if self._watcher is not None:
                self._watcher()

    def _do(self, effect: ev.Effect) -> None:  # noqa: C901, PLR0912 - one line an effect
        ports = self._ports
        match effect:
            case ev.AskTicket():
                ports.server.ask_ticket(effect)
            case ev.AskReprint():
                ports.server.ask_reprint(effect)
            case ev.CancelTicket():
                ports.server.cancel_ticket(effect)
            case ev.PrintSlip():
                ports.paper.print(effect)
            case ev.ReportPrinted():
                ports.server.report_printed(effect)
            case ev.AskHelp():
                ports.server.ask_help(effect)
            case ev.EndHelp():
                ports.server.end_help(effect)
            case ev.ForgetPerson(person=person):
                ports.people.forget(person)
            case ev.ReportHealth():
                ports.server.report_health(effect)
            case ev.PlaySound(sound=sound):
                ports.sounds.play(sound)
            case ev.ReadAloud(screen=screen, language=language):
                ports.sounds.read_aloud(screen, language)
            case ev.StopReading():
                ports.sounds.stop_reading()
            case ev.GiveUpTicket():
                ports.server.give_up_ticket(effect)
            case kept.AskTrack():
                ports.server.ask_track(effect)
            case kept.AskRejoin():
                ports.server.ask_rejoin(effect)
            case kept.AddMatter():
                ports.server.add_matter(effect)
            case ev.RememberClosing():
                ports.server.remember_closing(effect)
            case own.TakeOffline():
                ports.own_numbers.take_offline(effect)
            case own.NotePaper():
                ports.own_numbers.note_paper(effect)
            case _:
                assert_never(effect)
