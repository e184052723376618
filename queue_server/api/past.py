"""What is asked of the tables rather than of the newest view: earlier days, reasons of earlier calls."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from queue_server.domain.events import Reason, TicketCalled
from queue_server.domain.explaining import why_not
from queue_server.push.moments import moment
from queue_server.push.ticket_views import THOUSANDTHS, number_in, reason_view, stored_ticket_view
from queue_server.store import queries
from queue_server.store.folding import Fold
from queue_server.store.journal import parse_events
from queue_server.wire import TicketsReply, WhyNot, WhyReply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from queue_server.api.parts import Parts
    from queue_server.api.words import Words
    from queue_server.store.engine import Store

STORED_MAX = 200


async def tickets_of_day(parts: Parts, day: str | None, number: str | None) -> TicketsReply:
    """Tickets of the last business day from the view, of an earlier one from the tables."""
    now = parts.pictures.day
    if day is None or (now is not None and now.business_day == day):
        return TicketsReply(business_day=now.business_day if now else None, tickets=parts.pictures.by_number(number))
    rows = await asyncio.to_thread(_stored_tickets, parts.store, parts.gate.hall, day, number)
    return TicketsReply(business_day=day, tickets=tuple(stored_ticket_view(row) for row in rows[:STORED_MAX]))


def _stored_tickets(store: Store, hall: str, day: str, number: str | None) -> Sequence[Mapping[str, Any]]:
    with store.read() as connection:
        if number is None:
            return queries.tickets_of_day(connection, hall, day)
        return queries.tickets_by_number(connection, hall, day, number)


async def why(parts: Parts, call: str, accept_language: str | None, *, other: str | None = None) -> WhyReply | None:
    """The stored reason of a call in the asked language; None when there was no such call.

    With ``other`` (a ticket's id) also why that one was not called: the day is folded again up to that call.
    """
    row = await asyncio.to_thread(_stored_call, parts.store, parts.gate.hall, call)
    if row is None:
        return None
    day = parts.pictures.day
    number_of: Callable[[str], str] = number_in(day) if day else _as_it_is
    reason = Reason(row["promise"], row["credit"], row["runner_up"], row["runner_credit"], row["ground"])
    ticket = parts.pictures.ticket(row["ticket"])
    words = parts.lexicon.for_header(accept_language)
    overtaken = msgspec.json.decode(row["overtaken"], type=tuple[str, ...])
    not_called = await asyncio.to_thread(_why_not, parts, row, other, words) if other is not None else None
    return WhyReply(
        number=row["number"],
        window=row["window"],
        at=moment(row["at_us"]),
        reason=reason_view(reason, len(overtaken), number_of, words, kind=ticket.kind if ticket else None),
        overtaken=tuple(number_of(each) for each in overtaken),
        other=not_called,
    )


def _why_not(parts: Parts, row: Mapping[str, Any], other: str, words: Words) -> WhyNot | None:
    """None when that day's rows cannot tell any more, or no ticket of that id was ever there."""
    hall, settings = parts.gate.hall, parts.settings
    fold = Fold(hall, settings.rules, settings.window_configs)
    with parts.store.read() as connection:
        first = queries.first_opening(connection, hall, row["business_day"])
        ticket = queries.ticket(connection, hall, other)
        if first is None or ticket is None:
            return None
        for each in queries.rows_after(connection, hall, first - 1):
            if each.seq >= row["seq"]:
                calling = each
                break
            fold.load((each,))
        else:
            return None
    called = next((e for e in parse_events(calling.events or "[]") if isinstance(e, TicketCalled)), None)
    if called is None:
        return None
    found = why_not(fold.day, called, calling.at_us, other)
    return WhyNot(
        number=ticket["number"],
        code=found.code,
        credit_min=None if found.credit is None else found.credit / THOUSANDTHS,
        say=words.say_why_not(found.code, {**found.facts, "number": ticket["number"]}),
    )


def _as_it_is(ticket_id: str) -> str:
    return ticket_id


def _stored_call(store: Store, hall: str, call: str) -> Mapping[str, Any] | None:
    with store.read() as connection:
        return queries.call(connection, hall, call)
