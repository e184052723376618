"""The kiosk's side of the wire: numbers, reprints, help, the hall's stream, the catalogue, reports.

Every call returns at once; what the server says comes as an event by ``post``, at most once per call. A question waits
``asking_s`` in all, tried again with the same key while that lasts.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk import __version__
from kiosk.answers import acted, decode, given, helped, refused, reprinted, ticket_to_give_back, tracked
from kiosk.deadline import Line
from kiosk.errors import KeyFileError
from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from kiosk.flow import offline_events as own
from kiosk.questions import Desk, Question
from kiosk.reports import Report, Reporter
from kiosk.stream import HallStream
from queue_server import wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kiosk.cache import Cache
    from kiosk.deadline import Cord
    from kiosk.hall_time import HallTime

CATALOGUE_BYTES = 8 * 1024 * 1024
CATALOGUE_S = 20.0
HEALTH_EVERY_S = 8.0
"""The server takes a device that was silent for 30 s for lost and asks to hear from it every 10 s."""
CATALOGUE_AGAIN_S = 5.0
"""Between two tries to get a catalogue."""
PLACE_AGAIN_S = 30.0
"""Between two questions which device this is."""
KEY_BYTES_MAX = 512
DETAIL_MAX = 80
PRESSES_MAX = 32
"""Presses remembered in case they are given up."""


def read_key(path: Path | str) -> str:
    """The bearer key (or token) in a file's first line. Raises KeyFileError; the key is in no message."""
    try:
        with Path(path).open(encoding="utf-8") as file:
            key = file.read(KEY_BYTES_MAX).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(str(path), getattr(error, "strerror", None) or "is not text") from error
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise KeyFileError(str(path), "holds no key")
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRules:
    """Where the server is and how long the kiosk waits for it."""

    url: str
    key: str = ""
    ca_file: str | None = None
    place: str = ""
    """Where help is asked for; empty: the server is asked which device this is."""
    kiosk: int = 1
    """Stands for the place until the server has said it."""
    asking_s: float = 1.5
    """In all, for a number, a reprint, a call for help (DESIGN 4.10)."""
    online_after_s: float = 10.0
    heartbeat_s: float = wire.HEARTBEAT_S

    def make_line(self) -> Line:
        return Line(self.url.rstrip("/") + wire.API_PREFIX, self.key, ca_file=self.ca_file)


class Client:
    """``post`` takes events from any thread; ``person_of`` gives the card's person of a token."""

    def __init__(
        self,
        rules: ClientRules,
        *,
        post: Callable[[ev.Event], None],
        person_of: Callable[[str], wire.CardPerson | None],
        cache: Cache,
        hall_time: HallTime,
        steady_s: Callable[[], float],
        details: Callable[[], Mapping[str, str]] = dict,
        on_beat: Callable[[], None] = lambda: None,
    ) -> None:
        """``details``: what the technician wants to know of each part of the health, such as a module's number.

        ``on_beat`` is called at each heartbeat, on the stream's thread, and must return at once.
        """
        self._rules = rules
        self._post = post
        self._person_of = person_of
        self._cache = cache
        self._steady_s = steady_s
        self._desk = Desk(rules.make_line, steady_s)
        self._reporter = Reporter(rules.make_line)
        self._stream = HallStream(
            rules.make_line,
            steady_s,
            on_hall=self._hall_heard,
            on_link=lambda online: post(ev.LinkChanged(online=online)),
            on_time=hall_time.heard,
            on_beat=self._beat_heard,
            online_after_s=rules.online_after_s,
            heartbeat_s=rules.heartbeat_s,
        )
        self._lock = threading.Lock()
        self._catalogue_have = ""
        self._catalogue_want = ""
        self._catalogue_asked_s = -CATALOGUE_AGAIN_S
        self._place = rules.place
        self._place_asked_s = -PLACE_AGAIN_S
        self._parts: dict[str, wire.DevicePart] = {}
        self._health_told_s = -HEALTH_EVERY_S
        self._details = details
        self._on_beat = on_beat
        self._letter = ""
        self._presses: dict[str, tuple[Cord, ...]] = {}

    def start(self) -> None:
        """Give what the cache holds, then listen and ask."""
        cached = self._cache.load()
        if cached.catalogue is not None:
            self._catalogue_have = cached.etag
            self._post(ev.CatalogueChanged(catalogue=cached.catalogue))
        if cached.hall is not None:
            self._post(ev.HallChanged(hall=cached.hall))
        self._post(ev.ClosingRemembered(anchor=cached.closing))
        if cached.letter:
            self._letter = cached.letter
            self._post(own.LetterKnown(letter=cached.letter))
        self._desk.start()
        self._reporter.start()
        self._stream.start()

    def stop(self) -> None:
        """End all threads within a few seconds. Safe to repeat."""
        self._stream.stop()
        self._desk.stop()
        self._reporter.stop()
        self._cache.flush()

    # ---- the presenter's port ------------------------------------------------------------------------------------

    def ask_ticket(self, ask: ev.AskTicket) -> None:
        person = self._person_of(ask.person) if ask.person else None
        request = wire.IssueRequest(
            key=ask.key,
            kind=ask.kind,
            matters=ask.matters,
            language=ask.language,
            grant=ask.grant,
            person=person,
            booking=ask.booking,
        )
        cord = self._ask(ask.key, "ticket", "/tickets", request, given(ask.key), language=ask.language)
        self._presses[ask.key] = (*self._presses.pop(ask.key, ()), cord)
        while len(self._presses) > PRESSES_MAX:
            del self._presses[next(iter(self._presses))]

    def give_up_ticket(self, given_up: ev.GiveUpTicket) -> None:
        """Ask for the very same press once more, without hurry, and cancel what it became.

        Only the press's key tells which ticket that is: one that the server makes late, or has made already. A press
        that never reached the server became nothing, and is left alone.
        """
        if not any(cord.reached for cord in self._presses.pop(given_up.key, ())):
            return
        request = wire.IssueRequest(
            key=given_up.key,
            kind=given_up.kind,
            matters=given_up.matters,
            language=given_up.language,
            grant=given_up.grant,
            booking=given_up.booking,
        )

        def cancel(body: bytes | None) -> Report | None:
            ticket = ticket_to_give_back(body)
            if ticket is None:
                return None
            act = wire.TicketAct(key=f"{given_up.key}-gone", track=ticket[1])
            return Report(f"/tickets/{ticket[0]}/cancel", msgspec.json.encode(act))

        self._reporter.put(Report("/tickets", msgspec.json.encode(request), then=cancel))

    def ask_track(self, ask: kept.AskTrack) -> None:
        self._ask(ask.key, "track", f"/track/{ask.code}", None, tracked(ask.key, ask.code))

    def ask_rejoin(self, ask: kept.AskRejoin) -> None:
        request = wire.TicketAct(key=ask.key, track=ask.track)
        self._ask(ask.key, "rejoin", f"/tickets/{ask.ticket}/rejoin", request, acted(ask.key))

    def add_matter(self, add: kept.AddMatter) -> None:
        request = wire.MattersRequest(key=add.key, matters=(add.matter,), add=True, track=add.track)
        self._ask(add.key, "add", f"/tickets/{add.ticket}/matters", request, acted(add.key))

    def remember_closing(self, closing: ev.RememberClosing) -> None:
        self._cache.save_closing(closing.anchor)

    def ask_reprint(self, ask: ev.AskReprint) -> None:
        request = wire.ReprintRequest(key=ask.key, track=ask.track)
        self._ask(ask.key, "reprint", f"/tickets/{ask.ticket}/reprint", request, reprinted(ask.key))

    def ask_help(self, ask: ev.AskHelp) -> None:
        place = self._place or f"kiosk:{self._rules.kiosk}"
        request = wire.HelpRequestBody(key=ask.key, place=place, urgent=ask.urgent)
        self._ask(ask.key, "help", "/help", request, helped(ask.key))

    def cancel_ticket(self, cancel: ev.CancelTicket) -> None:
        self._report(f"/tickets/{cancel.ticket}/cancel", wire.TicketAct(key=cancel.key, track=cancel.track))

    def report_printed(self, report: ev.ReportPrinted) -> None:
        request = wire.PrintedRequest(key=report.key, result=report.result, copy=report.copy)
        self._report(f"/tickets/{report.ticket}/printed", request)

    def end_help(self, end: ev.EndHelp) -> None:
        self._report(f"/help/{end.help}/done", wire.HelpAct(key=end.key))

    def report_health(self, report: ev.ReportHealth) -> None:
        """All parts together; a newer report takes the place of one that waits."""
        with self._lock:
            part = wire.DevicePart(part=report.part, state=report.state, code=report.code, count=report.count)
            self._parts[report.part] = part
        self._tell_health()

    def _tell_health(self) -> None:
        details = self._details()
        with self._lock:
            parts = tuple(
                msgspec.structs.replace(part, detail=details.get(name, "")[:DETAIL_MAX])
                for name, part in self._parts.items()
            )
            self._health_told_s = self._steady_s()
        request = wire.HealthRequest(parts=parts, version=__version__)
        self._report("/devices/self/health", request, topic="health")

    def _report(self, path: str, request: wire.Struct, *, topic: str = "") -> None:
        self.put_report(Report(path, msgspec.json.encode(request), topic))

    def put_report(self, report: Report) -> None:
        """Send it some time; from any thread."""
        self._reporter.put(report)

    def _ask(
        self,
        key: str,
        asked: ev.Asked,
        path: str,
        request: wire.Struct | None,
        answered: Callable[[bytes | None], ev.Event],
        *,
        language: str = "zh",
    ) -> Cord:
        question = Question(
            "GET" if request is None else "POST",
            path,
            None if request is None else msgspec.json.encode(request),
            until_s=self._steady_s() + self._rules.asking_s,
            answered=answered,
            refused=lambda error: refused(key, asked, error),
            silent=ev.ServerSilent(key=key, asked=asked),
            post=self._post,
            headers={"Accept_Language": language},
        )
        self._desk.ask(question)
        return question.cord

    # ---- hall and catalogue --------------------------------------------------------------------------------------

    def _hall_heard(self, hall: wire.HallState) -> None:
        self._cache.save_hall(hall)
        self._post(ev.HallChanged(hall=hall))
        with self._lock:
            self._catalogue_want = hall.catalogue
        self._letter_told(hall.letters.get(self._place))
        self._want_catalogue()

    def _beat_heard(self) -> None:
        """Once a second while on line: fetch what is missing, and say now and then that this kiosk still lives."""
        self._on_beat()
        self._want_catalogue()
        self._want_place()
        if self._steady_s() - self._health_told_s >= HEALTH_EVERY_S:
            self._tell_health()

    def _want_catalogue(self) -> None:
        """Ask for the catalogue in force unless it is here or was asked for a moment ago."""
        now_s = self._steady_s()
        with self._lock:
            want, have = self._catalogue_want, self._catalogue_have
            if want in {have, "", "none"} or now_s - self._catalogue_asked_s < CATALOGUE_AGAIN_S:
                return
            self._catalogue_asked_s = now_s
        headers = {"If_None_Match": f'"{have}"'} if have else {}
        question = Question(
            "GET",
            "/catalogue",
            None,
            until_s=now_s + CATALOGUE_S,
            answered=lambda body: self._catalogue_given(want, body),
            refused=lambda _: None,
            silent=None,
            post=self._post,
            limit_bytes=CATALOGUE_BYTES,
            headers=headers,
        )
        self._desk.ask(question)

    def _want_place(self) -> None:
        """Ask which device this kiosk's key belongs to: staff who are called for help go there."""
        now_s = self._steady_s()
        if self._place or now_s - self._place_asked_s < PLACE_AGAIN_S:
            return
        self._place_asked_s = now_s
        question = Question(
            "GET",
            "/session",
            None,
            until_s=now_s + self._rules.asking_s,
            answered=self._place_given,
            refused=lambda _: None,
            silent=None,
            post=self._post,
        )
        self._desk.ask(question)

    def _place_given(self, body: bytes | None) -> None:
        """Without a device's key the server knows nobody and refuses; then the number of the settings stays."""
        reply = decode(body, wire.SessionReply)
        self._place = reply.account
        self._letter_told(reply.letter)

    def _letter_told(self, letter: str | None) -> None:
        """The letter of this kiosk's own numbers: kept, since it is wanted when nobody can be asked."""
        with self._lock:
            if not letter or letter == self._letter:
                return
            self._letter = letter
        self._cache.save_letter(letter)
        self._post(own.LetterKnown(letter=letter))

    def _catalogue_given(self, etag: str, body: bytes | None) -> ev.Event | None:
        catalogue = None if body is None else decode(body, wire.Catalogue)
        with self._lock:
            self._catalogue_have = etag
        if catalogue is None:
            return None
        self._cache.save_catalogue(catalogue, etag)
        return ev.CatalogueChanged(catalogue=catalogue)
