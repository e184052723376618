"""What is asked of the tables rather than of the newest view: earlier days, reasons of earlier calls."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from queue_server.domain.events import Reason
from queue_server.push.moments import moment
from queue_server.push.ticket_views import number_in, reason_view, stored_ticket_view
from queue_server.store import queries
from queue_server.wire import TicketsReply, WhyReply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from queue_server.api.parts import Parts
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


async def why(parts: Parts, call: str, accept_language: str | None) -> WhyReply | None:
    """The stored reason of a call in the asked language; None when there was no such call."""
    row = await asyncio.to_thread(_stored_call, parts.store, parts.gate.hall, call)
    if row is None:
        return None
    day = parts.pictures.day
    number_of: Callable[[str], str] = number_in(day) if day else _as_it_is
    reason = Reason(row["promise"], row["credit"], row["runner_up"], row["runner_credit"], row["ground"])
    ticket = parts.pictures.ticket(row["ticket"])
    words = parts.lexicon.for_header(accept_language)
    overtaken = msgspec.json.decode(row["overtaken"], type=tuple[str, ...])
    return WhyReply(
        number=row["number"],
        window=row["window"],
        at=moment(row["at_us"]),
        reason=reason_view(reason, number_of, granted=bool(ticket and ticket.grant), words=words),
        overtaken=tuple(number_of(each) for each in overtaken),
    )


def _as_it_is(ticket_id: str) -> str:
    return ticket_id


def _stored_call(store: Store, hall: str, call: str) -> Mapping[str, Any] | None:
    with store.read() as connection:
        return queries.call(connection, hall, call)
