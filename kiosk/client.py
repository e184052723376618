"""The kiosk's side of the wire: numbers, reprints, help, the hall's stream, the catalogue, reports.

Every call returns at once; what the server says comes as an event by ``post``, at most once per call. A question waits
``asking_s`` in all, tried again with the same key while that lasts.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from kiosk import __version__
from kiosk.deadline import Line
from kiosk.errors import KeyFileError, RefusedError, ServerError
from kiosk.flow import events as ev
from kiosk.questions import Desk, Question
from kiosk.reports import Report, Reporter
from kiosk.stream import HallStream
from queue_server import wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.cache import Cache
    from kiosk.hall_time import HallTime

Reply = TypeVar("Reply")
CATALOGUE_BYTES = 8 * 1024 * 1024
CATALOGUE_S = 20.0
HEALTH_EVERY_S = 8.0
"""The server takes a device that was silent for 30 s for lost and asks to hear from it every 10 s."""
CATALOGUE_AGAIN_S = 5.0
"""Between two tries to get a catalogue."""
PLACE_AGAIN_S = 30.0
"""Between two questions which device this is."""
KEY_BYTES_MAX = 512


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
    ) -> None:
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

    def start(self) -> None:
        """Give what the cache holds, then listen and ask."""
        cached = self._cache.load()
        if cached.catalogue is not None:
            self._catalogue_have = cached.etag
            self._post(ev.CatalogueChanged(catalogue=cached.catalogue))
        if cached.hall is not None:
            self._post(ev.HallChanged(hall=cached.hall))
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
        )
        self._ask(ask.key, "ticket", "/tickets", request, _given(ask.key), language=ask.language)

    def ask_reprint(self, ask: ev.AskReprint) -> None:
        request = wire.ReprintRequest(key=ask.key, track=ask.track)
        self._ask(ask.key, "reprint", f"/tickets/{ask.ticket}/reprint", request, _reprinted(ask.key))

    def ask_help(self, ask: ev.AskHelp) -> None:
        place = self._place or f"kiosk:{self._rules.kiosk}"
        request = wire.HelpRequestBody(key=ask.key, place=place, urgent=ask.urgent)
        self._ask(ask.key, "help", "/help", request, _helped(ask.key))

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
        with self._lock:
            parts = tuple(self._parts.values())
            self._health_told_s = self._steady_s()
        request = wire.HealthRequest(parts=parts, version=__version__)
        self._report("/devices/self/health", request, topic="health")

    def _report(self, path: str, request: wire.Struct, *, topic: str = "") -> None:
        self._reporter.put(Report(path, msgspec.json.encode(request), topic))

    def _ask(
        self,
        key: str,
        asked: ev.Asked,
        path: str,
        request: wire.Struct,
        answered: Callable[[bytes | None], ev.Event],
        *,
        language: str = "zh",
    ) -> None:
        question = Question(
            "POST",
            path,
            msgspec.json.encode(request),
            until_s=self._steady_s() + self._rules.asking_s,
            answered=answered,
            refused=lambda error: _refused(key, asked, error),
            silent=ev.ServerSilent(key=key, asked=asked),
            post=self._post,
            headers={"Accept_Language": language},
        )
        self._desk.ask(question)

    # ---- hall and catalogue --------------------------------------------------------------------------------------

    def _hall_heard(self, hall: wire.HallState) -> None:
        self._cache.save_hall(hall)
        self._post(ev.HallChanged(hall=hall))
        with self._lock:
            self._catalogue_want = hall.catalogue
        self._want_catalogue()

    def _beat_heard(self) -> None:
        """Once a second while on line: fetch what is missing, and say now and then that this kiosk still lives."""
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
        self._place = _decode(body, wire.SessionReply).account

    def _catalogue_given(self, etag: str, body: bytes | None) -> ev.Event | None:
        catalogue = None if body is None else _decode(body, wire.Catalogue)
        with self._lock:
            self._catalogue_have = etag
        if catalogue is None:
            return None
        self._cache.save_catalogue(catalogue, etag)
        return ev.CatalogueChanged(catalogue=catalogue)


def _decode(body: bytes | None, reply: type[Reply]) -> Reply:
    try:
        return msgspec.json.decode(body or b"", type=reply)
    except msgspec.MsgspecError as error:
        raise ServerError("malformed", reply.__name__) from error


def ticket_of(view: wire.TicketView) -> ev.Ticket:
    """What the sitting needs of it."""
    return ev.Ticket(
        id=view.id,
        number=view.number,
        track=view.track,
        issued_at=view.issued_at,
        state=view.state,
        copies=view.copies,
    )


def _given(key: str) -> Callable[[bytes | None], ev.Event]:
    def event(body: bytes | None) -> ev.Event:
        reply = _decode(body, wire.IssueReply)
        already = ticket_of(reply.already) if reply.already else None
        ticket = ticket_of(reply.ticket)
        return ev.TicketGiven(key=key, ticket=ticket, ahead=reply.ahead, forecast=reply.forecast, already=already)

    return event


def _reprinted(key: str) -> Callable[[bytes | None], ev.Event]:
    def event(body: bytes | None) -> ev.Event:
        reply = _decode(body, wire.TicketReply)
        return ev.ReprintGiven(key=key, ticket=ticket_of(reply.ticket), copy=reply.copy or 1, ahead=reply.ahead)

    return event


def _helped(key: str) -> Callable[[bytes | None], ev.Event]:
    def event(body: bytes | None) -> ev.Event:
        reply = _decode(body, wire.HelpReply)
        return ev.HelpChanged(key=key, help=reply.id, state=reply.state, who=reply.taken_by or "")

    return event


def _refused(key: str, asked: ev.Asked, error: RefusedError) -> ev.Event:
    """A refused number says why; help that is refused is as good as not heard."""
    if asked in {"ticket", "reprint"}:
        return ev.TicketRefused(key=key, code=error.problem, say=error.say)
    return ev.ServerSilent(key=key, asked=asked)
