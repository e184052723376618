"""The hall as each kind of reader sees it now: pushed states, encoded once per change, and answers to acts."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from queue_server.domain.ticket import OVER, TicketState
from queue_server.push.alarms import Trouble, alarms, staff_name
from queue_server.push.devices import device_states
from queue_server.push.moments import moment
from queue_server.push.outlook import Outlook, outlook
from queue_server.push.states import board_state, closed_window, hall_state, queue_state
from queue_server.push.ticket_views import ticket_view, window_view
from queue_server.wire import (
    BoardState,
    BookedSlot,
    DayReply,
    DeviceState,
    Forecast,
    ForecastsState,
    HallState,
    HelpReply,
    IssueReply,
    QueueState,
    StreamSnapshot,
    TicketReply,
    TicketView,
    TrackReply,
    WindowReply,
    WindowView,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from queue_server.api.words import Words
    from queue_server.domain.day_view import DayView
    from queue_server.domain.ticket import Ticket
    from queue_server.forecast.shown import Minutes, Shown
    from queue_server.push.floor import Floor
    from queue_server.push.hub import Listener
    from queue_server.service.calendars import Calendars
    from queue_server.service.ports import WallClock
    from queue_server.service.view import Accepted, HallView
    from queue_server.settings import Settings

State = BoardState | QueueState | HallState | ForecastsState
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class Pictures:
    """Reads the newest ``HallView`` and the floor. Event loop only."""

    def __init__(
        self,
        settings: Settings,
        view: Callable[[], HallView],
        floor: Floor,
        words: Words,
        wall_clock_us: WallClock,
        *,
        calendars: Calendars,
        has_voice: bool,
        shown: Shown,
    ) -> None:
        self._settings = settings
        self._view = view
        self._floor = floor
        self._words = words
        self._wall_clock_us = wall_clock_us
        self._calendars = calendars
        self._has_voice = has_voice
        self._shown = shown
        self.trouble = Trouble()
        self._catalogue: tuple[str, bytes] = ("", b"")
        self._forecasts: tuple[Mapping[str, Minutes], bytes] | None = None

    # ---- states ------------------------------------------------------------------------------------------------

    @property
    def forecast(self) -> Forecast | None:
        """For an ordinary number taken now."""
        return _forecast(self._shown.new())

    def state(self, topic: str, zone: str) -> State:
        match topic:
            case "board":
                return self.board(zone)
            case "queue":
                return self.queue()
            case "forecasts":
                return self.forecasts()
            case _:
                return self.hall()

    def board(self, zone: str) -> BoardState:
        return board_state(
            self._view(),
            self._floor,
            self._settings,
            zone,
            has_voice=self._has_voice,
            forecast=self.forecast,
            ahead=self.ahead(),
            now_us=self._wall_clock_us(),
        )

    def queue(self) -> QueueState:
        view, now_us = self._view(), self._wall_clock_us()
        trouble = replace(self.trouble, calendar_year=self._calendars.missing_year(now_us))
        urgent = alarms(view, self._floor, trouble, now_us, self._words)
        state = queue_state(view, self._floor, self._settings, urgent, self._words, now_us)
        return msgspec.structs.replace(state, devices=self.devices(), places_left=self.ahead().places_left)

    def devices(self) -> tuple[DeviceState, ...]:
        """How the hall's devices are. Raises ``GateStopped`` before the hall was served here."""
        return device_states(self._view(), self._floor, self._wall_clock_us(), self._words)

    def hall(self) -> HallState:
        return hall_state(self._view(), self._settings, self.ahead(), self.forecast, self._wall_clock_us())

    def forecasts(self) -> ForecastsState:
        return ForecastsState(waiting=dict(self._shown.waiting))

    def ahead(self) -> Outlook:
        """What the calendar says of today."""
        setting = self._settings.calendar
        return outlook(self.day, self._calendars, setting, self._wall_clock_us(), self._words.page)

    def encoded(self, topic: str, zone: str) -> tuple[object, bytes]:
        """What a topic says apart from its time, to compare, and its JSON."""
        if topic == "forecasts":
            return self._encoded_forecasts()
        state = self.state(topic, zone)
        return msgspec.structs.replace(state, at=NO_TIME, seq=0), msgspec.json.encode(state)

    def _encoded_forecasts(self) -> tuple[object, bytes]:
        """Made once for each answer of the worker: a press costs a look at whether it is still the same one."""
        waiting = self._shown.waiting
        if self._forecasts is None or self._forecasts[0] is not waiting:
            self._forecasts = (waiting, msgspec.json.encode(self.forecasts()))
        data = self._forecasts[1]
        return data, data

    def snapshot(self, listener: Listener) -> StreamSnapshot:
        view = self._view()
        states: dict[str, Any] = {topic: self.state(topic, listener.zone) for topic in listener.topics}
        return StreamSnapshot(
            seq=view.seq,
            at=moment(self._wall_clock_us()),
            epoch=view.epoch,
            speaker=listener.speaks,
            zone=listener.zone if listener.device else None,
            **states,
        )

    def hall_with_tag(self) -> tuple[str, bytes]:
        """The tag stands for what it says, not for when."""
        content, body = self.encoded("hall", "")
        return hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:32], body

    def catalogue(self) -> tuple[str, bytes] | None:
        """Tag and JSON of the catalogue in force; None before the first import."""
        found = self._view().records.catalogue
        if found is None:
            return None
        if self._catalogue[0] != found.etag:
            self._catalogue = (found.etag, msgspec.json.encode(found.as_wire()))
        return self._catalogue

    # ---- one ticket, one window ----------------------------------------------------------------------------------

    @property
    def day(self) -> DayView | None:
        return self._view().day

    def ticket(self, ticket_id: str) -> Ticket | None:
        """A ticket of the last business day."""
        return self.day.tickets.get(ticket_id) if self.day else None

    def by_number(self, number: str | None) -> tuple[TicketView, ...]:
        """Tickets of the last business day with this number; with None the newest of all, at most 200."""
        day = self.day
        if day is None:
            return ()
        ids = list(day.tickets)[-200:] if number is None else day.by_number.get(number, ())
        return tuple(ticket_view(day.tickets[each]) for each in ids)

    def number_of(self, ticket_id: str) -> str | None:
        found = self.ticket(ticket_id)
        return found.number if found else None

    def ahead_of(self, ticket_id: str) -> int | None:
        return self.day.ahead_of(ticket_id) if self.day else None

    def ticket_reply(self, ticket: Ticket, *, copy: int | None = None) -> TicketReply:
        ahead, wait = self.ahead_of(ticket.id), self.forecast_of(ticket)
        return TicketReply(ticket=ticket_view(ticket), seq=self._view().seq, ahead=ahead, copy=copy, forecast=wait)

    def forecast_of(self, ticket: Ticket) -> Forecast | None:
        """What is left for one that waits."""
        return _forecast(self._shown.of(ticket.id)) if ticket.state is TicketState.WAITING else None

    def acted(self, accepted: Accepted) -> TicketReply:
        """The ticket of an accepted command as it is now."""
        return self.ticket_reply(self._accepted_ticket(accepted))

    def held(self, ticket: Ticket, *, booking: BookedSlot | None) -> IssueReply:
        """A number that was given for this booking before."""
        view, ahead = ticket_view(ticket), self.ahead_of(ticket.id)
        wait = self.forecast_of(ticket)
        return IssueReply(
            ticket=view, ahead=ahead or 0, forecast=wait, seq=self._view().seq, already=view, booking=booking
        )

    def issued(self, accepted: Accepted, already: Ticket | None, booking: BookedSlot | None = None) -> IssueReply:
        ticket = self._accepted_ticket(accepted)
        return IssueReply(
            ticket=ticket_view(ticket),
            ahead=accepted.ahead or 0,
            forecast=_forecast(ticket.forecast_min),
            seq=accepted.seq,
            already=ticket_view(already) if already and already.id != ticket.id else None,
            booking=booking,
        )

    def live_ticket_of(self, person_refs: frozenset[str]) -> Ticket | None:
        """The newest ticket of these persons that is not over."""
        if not person_refs or self.day is None:
            return None
        live = (
            t for t in reversed(tuple(self.day.tickets.values())) if t.person_ref in person_refs and t.state not in OVER
        )
        return next(live, None)

    def _accepted_ticket(self, accepted: Accepted) -> Ticket:
        found = self.ticket(accepted.ticket_id or "")
        if found is None:
            raise LookupError("an accepted command named a ticket that the day does not hold")
        return found

    def track(self, code: str) -> TrackReply | None:
        day = self.day
        ticket = self.ticket(day.by_track.get(code, "")) if day else None
        if ticket is None:
            return None
        at_window = ticket.state in (TicketState.CALLED, TicketState.SERVING)
        return TrackReply(
            number=ticket.number,
            state=ticket.state.value,
            ahead=self.ahead_of(ticket.id),
            forecast=self.forecast_of(ticket),
            window=ticket.window if at_window else None,
            updated_at=moment(self._wall_clock_us()),
            id=ticket.id,
            issued_at=moment(ticket.issued_at_us),
            copies=ticket.copies,
            rejoins_left=max(0, self._settings.rules.rejoins_a_day - ticket.rejoins),
        )

    def has_window(self, number: int) -> bool:
        return number in self._settings.window_numbers

    def clerk_at(self, number: int) -> int | None:
        window = self.day.windows.get(number) if self.day else None
        return window.clerk if window else None

    def window(self, number: int) -> WindowView:
        view, day = self._view(), self.day
        if day is None or number not in day.windows:
            return closed_window(next(each for each in self._settings.windows if each.number == number))
        return window_view(day.windows[number], day, view, self._floor, self._words)

    def window_reply(self, number: int, accepted: Accepted) -> WindowReply:
        if not accepted.repeated:
            self._floor.take_in(self._view(), accepted.events)
        window = self.window(number)
        acted = accepted.ticket_id if window.ticket is None or window.ticket.id != accepted.ticket_id else None
        return WindowReply(window=window, ticket=window.ticket, seq=accepted.seq, acted=acted)

    # ---- day and help ----------------------------------------------------------------------------------------------

    def day_reply(self, seq: int) -> DayReply:
        day = self.day
        is_open = day is not None and day.open
        return DayReply(
            business_day=day.business_day if day else None,
            open=is_open,
            issuing=day is not None and is_open and day.issuing,
            anchor=day.anchor if day else None,
            seq=seq,
        )

    def help_reply(self, help_id: str, seq: int) -> HelpReply | None:
        asked = self.day.helps.get(help_id) if self.day else None
        if asked is None:
            return None
        state: Any = asked.state.value
        taken_by = staff_name(self._view(), asked.taken_by)
        return HelpReply(id=asked.id, state=state, taken_by=taken_by, since=moment(asked.since_us), seq=seq)

    def suspension_version(self, code: str) -> int:
        found = self._view().records.suspensions.get(code)
        return found.version if found else 0


def _forecast(minutes: Minutes | None) -> Forecast | None:
    return None if minutes is None else Forecast(low_min=minutes[0], high_min=minutes[1])
