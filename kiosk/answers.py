"""What the server's answers mean to the sitting: bytes in, events out. ServerError for what cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from kiosk.errors import RefusedError, ServerError
from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from queue_server import wire

if TYPE_CHECKING:
    from collections.abc import Callable

Reply = TypeVar("Reply")


def decode(body: bytes | None, reply: type[Reply]) -> Reply:
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
        matters=view.matters,
    )


def given(key: str) -> Callable[[bytes | None], ev.Event]:
    def event(body: bytes | None) -> ev.Event:
        reply = decode(body, wire.IssueReply)
        already = ticket_of(reply.already) if reply.already else None
        ticket = ticket_of(reply.ticket)
        return ev.TicketGiven(
            key=key, ticket=ticket, ahead=reply.ahead, forecast=reply.forecast, already=already, booking=reply.booking
        )

    return event


def reprinted(key: str) -> Callable[[bytes | None], ev.Event]:
    def event(body: bytes | None) -> ev.Event:
        reply = decode(body, wire.TicketReply)
        return ev.ReprintGiven(
            key=key,
            ticket=ticket_of(reply.ticket),
            copy=reply.copy or 1,
            ahead=reply.ahead,
            forecast=reply.forecast,
            booking=reply.booking,
        )

    return event


def tracked(key: str, code: str) -> Callable[[bytes | None], ev.Event]:
    """``code`` is what was scanned: the answer does not repeat it."""

    def event(body: bytes | None) -> ev.Event:
        reply = decode(body, wire.TrackReply)
        ticket = ev.Ticket(
            id=reply.id,
            number=reply.number,
            track=code,
            issued_at=reply.issued_at or reply.updated_at,
            state=reply.state,
            copies=reply.copies,
        )
        return kept.TrackGiven(
            key=key,
            ticket=ticket,
            ahead=reply.ahead,
            window=reply.window,
            rejoins_left=reply.rejoins_left,
            forecast=reply.forecast,
            booking=reply.booking,
        )

    return event


def acted(key: str) -> Callable[[bytes | None], ev.Event]:
    """Rejoined, or a matter added."""

    def event(body: bytes | None) -> ev.Event:
        reply = decode(body, wire.TicketReply)
        return kept.TicketActed(key=key, ticket=ticket_of(reply.ticket), ahead=reply.ahead, forecast=reply.forecast)

    return event


def ticket_to_give_back(body: bytes | None) -> tuple[str, str] | None:
    """Id and code of the ticket that a given-up press has become; None when the answer cannot be used."""
    try:
        ticket = decode(body, wire.IssueReply).ticket
    except ServerError:
        return None
    return ticket.id, ticket.track


def helped(key: str) -> Callable[[bytes | None], ev.Event]:
    def event(body: bytes | None) -> ev.Event:
        reply = decode(body, wire.HelpReply)
        return ev.HelpChanged(key=key, help=reply.id, state=reply.state, who=reply.taken_by or "")

    return event


def refused(key: str, asked: ev.Asked, error: RefusedError) -> ev.Event:
    """A refused number says why; help that is refused is as good as not heard."""
    if asked != "help":
        return ev.TicketRefused(key=key, code=error.problem, say=error.say)
    return ev.ServerSilent(key=key, asked=asked)
