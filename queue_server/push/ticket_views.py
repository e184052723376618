"""Tickets, windows and reasons in the form of the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import msgspec

from queue_server.domain.choosing import BY_HAND
from queue_server.domain.clock import local_minute
from queue_server.domain.limits import miss_from_us, recall_from_us, undo_until_us
from queue_server.domain.quota import clock_text
from queue_server.domain.rules import INTEGRATED
from queue_server.domain.ticket import TicketKind
from queue_server.push.moments import moment, moment_or_none
from queue_server.wire import AnnouncementView, QueueRow, ReasonView, TicketView, WindowView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from queue_server.api.words import Words
    from queue_server.domain.day_view import DayView
    from queue_server.domain.events import Reason
    from queue_server.domain.ticket import Ticket
    from queue_server.domain.window import Window
    from queue_server.push.floor import Floor
    from queue_server.service.announcements import Announcement
    from queue_server.service.view import HallView

MINUTE_US = 60_000_000
SECOND_US = 1_000_000
THOUSANDTHS = 1000


def ticket_view(ticket: Ticket) -> TicketView:
    return TicketView(
        id=ticket.id,
        number=ticket.number,
        kind=cast("Any", ticket.kind.value),
        state=ticket.state.value,
        track=ticket.track,
        issued_at=moment(ticket.issued_at_us),
        matters=ticket.matters,
        copy=ticket.copy,
        window=ticket.window,
        called_at=moment_or_none(ticket.called_at_us),
        recalls=ticket.recalls,
        started_at=moment_or_none(ticket.started_at_us),
        finished_at=moment_or_none(ticket.finished_at_us),
        outcome=ticket.outcome.value if ticket.outcome else None,
        remind_at=moment_or_none(ticket.remind_at_us),
        bound_window=ticket.bound_window,
        return_to=ticket.return_to,
        grant=ticket.grant.ground if ticket.grant else None,
        grant_proof=ticket.grant.proof if ticket.grant else None,
        printed=ticket.printed,
        copies=ticket.copies,
        language=ticket.language,
        time_unsure=ticket.time_unsure,
    )


def stored_ticket_view(row: Mapping[str, Any]) -> TicketView:
    """A ticket of a past day from its table row."""
    return TicketView(
        id=row["id"],
        number=row["number"],
        kind=row["kind"],
        state=row["state"],
        track=row["track"],
        issued_at=moment(row["issued_at_us"]),
        copy=row["copy"],
        window=row["window"],
        called_at=moment_or_none(row["called_at_us"]),
        recalls=row["recalls"],
        started_at=moment_or_none(row["started_at_us"]),
        finished_at=moment_or_none(row["finished_at_us"]),
        outcome=row["outcome"],
        grant=row["grant_ground"],
        grant_proof=row["grant_proof"],
        printed=row["printed"],
        copies=row["copies"],
        language=row["language"],
        time_unsure=row["time_unsure"],
    )


def reason_view(
    reason: Reason, overtaken: int, number_of: Callable[[str], str], words: Words, *, kind: TicketKind | None
) -> ReasonView:
    """The stored reason of a call in words. ``overtaken``: how many it went before; ``kind`` None: not known here."""
    runner_up = number_of(reason.runner_up) if reason.runner_up else None
    lead = None if reason.runner_credit is None else max(0, reason.credit - reason.runner_credit)
    lead_min = None if lead is None else round(lead / THOUSANDTHS)
    code = _reason_code(reason, overtaken, kind, has_lead=bool(runner_up and lead_min))
    facts = {"runner_up": runner_up, "lead_min": lead_min, "ground": reason.ground}
    return ReasonView(
        promise=reason.promise,
        credit_min=reason.credit / THOUSANDTHS,
        runner_up=runner_up,
        runner_credit_min=None if reason.runner_credit is None else reason.runner_credit / THOUSANDTHS,
        ground=reason.ground,
        say=words.say_reason(code, facts),
    )


def _reason_code(reason: Reason, overtaken: int, kind: TicketKind | None, *, has_lead: bool) -> str:
    """Whoever went before others did not wait longest: then it was a ground, or a kind that counts more."""
    if reason.promise is not None:
        return "by_hand_ground" if reason.promise == BY_HAND and reason.ground else reason.promise
    if reason.ground is not None:
        return "granted"
    if not has_lead:
        return "most_credit" if overtaken else "credit"
    if not overtaken:
        return "credit_lead"
    return "booked_lead" if kind is TicketKind.BOOKED else "most_credit_lead"


def announcement_view(each: Announcement, floor: Floor) -> AnnouncementView:
    return AnnouncementView(
        id=each.id,
        number=each.number,
        window=each.window,
        at=moment(each.at_us),
        repeat=each.repeat,
        shown=floor.shown(each),
        played=each.played,
        withdrawn=each.withdrawn,
        unconfirmed=each.unconfirmed,
        confirm_by=moment(floor.announcements.confirm_by_us(each)),
    )


def queue_row(ticket: Ticket, view: HallView, now_us: int) -> QueueRow:
    """Waiting times are whole minutes, in seconds: a list that changed every second would be pushed every second."""
    minutes = max(0, now_us - ticket.issued_at_us) // MINUTE_US
    catalogue = view.records.catalogue
    labels = tuple(
        catalogue.by_code[code].public_label if catalogue and code in catalogue.by_code else code
        for code in ticket.matters
    )
    return QueueRow(
        id=ticket.id,
        number=ticket.number,
        kind=cast("Any", ticket.kind.value),
        state=ticket.state.value,
        matters=labels,
        waited_s=minutes * 60,
        issued_at=moment(ticket.issued_at_us),
        grant=ticket.grant.ground if ticket.grant else None,
        grant_proof=ticket.grant.proof if ticket.grant else None,
        printed=ticket.printed,
        tag=_tag(ticket, view.day, now_us) if view.day is not None else None,
    )


def _tag(ticket: Ticket, day: DayView, now_us: int) -> str | None:
    bound = day.bound_to(ticket.id, now_us)
    if bound is not None:
        return f"bound:{bound}"
    if ticket.transferred:
        return "transferred"
    if ticket.rejoins:
        return "rejoined"
    if ticket.kind is TicketKind.BOOKED and ticket.clock_us > ticket.issued_at_us:
        return f"booked:{clock_text(local_minute(ticket.clock_us, day.rules.utc_offset_min))}"
    return "offline" if ticket.joined is not None else None


def window_view(window: Window, day: DayView, view: HallView, floor: Floor, words: Words) -> WindowView:
    """A window as staff see it."""
    ticket = day.tickets[window.ticket] if window.ticket else None
    account = view.records.accounts.get(window.clerk) if window.clerk is not None else None
    config = day.configs.get(window.number)
    spoken_us = floor.spoken_at_us(ticket.id) if ticket else None
    calls = floor.announcements.of_ticket(ticket.id) if ticket else ()
    return WindowView(
        number=window.number,
        state=cast("Any", window.state.value),
        ground=window.ground,
        clerk=account.display_name if account else None,
        shift=window.shift,
        ticket=ticket_view(ticket) if ticket else None,
        held=tuple(ticket_view(day.tickets[held]) for held in window.held),
        reason=_reason_of(ticket, day, words) if ticket else None,
        announcements=tuple(announcement_view(each, floor) for each in calls if each.window == window.number),
        undo_until=moment_or_none(undo_until_us(window, day.rules)),
        recall_from=moment_or_none(recall_from_us(ticket, day.rules, spoken_us) if ticket else None),
        miss_from=moment_or_none(miss_from_us(ticket, day.rules, spoken_us) if ticket else None),
        skills=config.skills or (INTEGRATED,) if config else (),
        zone=config.zone if config else "hall",
        done_today=window.done_count,
        by_hand_today=window.by_hand_count,
        mean_service_s=window.service_us // window.done_count // SECOND_US if window.done_count else None,
    )


def _reason_of(ticket: Ticket, day: DayView, words: Words) -> ReasonView | None:
    """Why the ticket at a window was called: it stands on its call, not on its recalls."""
    made = day.announcements.get(ticket.call or "")
    if made is None or made.reason is None:
        return None
    said = reason_view(made.reason, len(made.overtaken), number_in(day), words, kind=ticket.kind)
    if ticket.return_to in {None, ticket.window}:
        return said
    goes_back = words.page["goes_back"].format(window=ticket.return_to)
    return msgspec.structs.replace(said, say=f"{said.say}{goes_back}")


def number_in(day: DayView) -> Callable[[str], str]:
    """Number of a ticket of this day; the id itself for one of another day."""

    def number(ticket_id: str) -> str:
        ticket = day.tickets.get(ticket_id)
        return ticket.number if ticket else ticket_id

    return number
