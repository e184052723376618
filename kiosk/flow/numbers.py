"""From the wish for a number to the number in hand: asking, the answers, the brake against children."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow import state as at
from kiosk.flow.already import add_refused, add_silent, give_back
from kiosk.flow.events import (
    AskReprint,
    AskTicket,
    CancelTicket,
    CardRead,
    ForgetPerson,
    PlaySound,
    ReportHealth,
    ReprintGiven,
    ServerSilent,
    TicketGiven,
    TicketRefused,
)
from kiosk.flow.moves import Handled, enter, forget_person, open_page, remember_person
from kiosk.flow.offline import take_offline
from kiosk.flow.scans import rejoin_refused, rejoin_silent, track_refused
from kiosk.flow.slips import print_slip
from kiosk.flow.state import Slip, Wish
from kiosk.flow.texts import wait_range

if TYPE_CHECKING:
    from kiosk.flow.state import Sitting


def ask_number(sitting: Sitting, key: str, wish: Wish, *, confirmed: bool = False) -> Handled:
    """Ask for a number with the card read in this sitting, if any. Too many in a minute: 还要取号吗 first."""
    rules, now_s = sitting.rules, sitting.world.now_s
    if not sitting.world.issuing or now_s - max(sitting.numbers_s, default=-1e9) < rules.between_numbers_s:
        return sitting, ()
    if many_numbers(sitting) and not confirmed:
        told = ReportHealth(part="brake", state="degraded", code="many_numbers", count=len(recent_numbers(sitting)))
        braked = replace(sitting, braked=True)
        return open_page(braked, at.AtBrake(wish, sitting.person)), (told,)
    return _ask(sitting, at.Asking(key, wish, sitting.person, sitting.modes.language))


def retry_number(sitting: Sitting, asking: at.Asking) -> Handled:
    """The very same press again: the server answers with the same number if it had made one."""
    return _ask(sitting, asking)


def _ask(sitting: Sitting, asking: at.Asking) -> Handled:
    """Of the server; while it is known to be away, of the kiosk itself without a wait."""
    if sitting.world.link == "offline":
        return take_offline(sitting, asking)
    wish = asking.wish
    effect = AskTicket(
        key=asking.key,
        kind=wish.kind,
        matters=(wish.matter,) if wish.matter else (),
        language=asking.language,
        grant=wish.grant,
        person=asking.person,
        booking=wish.booking or None,
    )
    return enter(sitting, asking), (effect,)


def recent_numbers(sitting: Sitting) -> tuple[float, ...]:
    since_s = sitting.world.now_s - sitting.rules.many_within_s
    return tuple(moment for moment in sitting.numbers_s if moment > since_s)


def many_numbers(sitting: Sitting) -> bool:
    return len(recent_numbers(sitting)) >= sitting.rules.many_numbers


def asked_with(sitting: Sitting, key: str) -> at.Asking | None:
    """The question that the server's answer to ``key`` belongs to, also when the screen gave up waiting a moment ago.

    Not one that the outbox was asked since: its paper wins.
    """
    match sitting.place:
        case at.Asking() as asking if asking.key == key and not asking.offline:
            return asking
        case at.AtServerTrouble(at.Asking() as asking) if asking.key == key:
            return asking
        case _:
            return None


def ticket_given(sitting: Sitting, event: TicketGiven) -> Handled:
    """The number is kept: on to paper, or first the question about the one this person holds already."""
    asking = asked_with(sitting, event.key)
    if asking is None and event.key in sitting.own_presses:
        return sitting, ()  # the paper wins: handing it in turns this ticket's number into the paper's
    if asking is None and any(isinstance(p, at.AtServerTrouble) and p.retry for p in sitting.trail):
        return sitting, ()  # 再试一次 under 找人帮忙 gets it again
    if asking is None:  # its resident went away: nobody will come with it
        gone = CancelTicket(key=f"{event.key}-gone", ticket=event.ticket.id, track=event.ticket.track)
        return sitting, (gone,)
    wish = asking.wish
    wait = wait_range(event.forecast)
    slip = Slip(ticket=event.ticket, ahead=event.ahead, wait=wait, booking=event.booking)
    sitting, effects = forget_person(sitting)
    held = event.already
    if held is not None and held.id == event.ticket.id:
        return enter(sitting, at.AtAlready(held, wish, None)), effects
    given = replace(sitting, numbers_s=(*recent_numbers(sitting), sitting.world.now_s), trail=())
    if held is not None:
        return enter(given, at.AtAlready(held, wish, slip)), effects
    printing, more = print_slip(given, slip, event.key)
    return printing, (*effects, *more)


def ticket_refused(sitting: Sitting, event: TicketRefused) -> Handled:
    asking = asked_with(sitting, event.key)
    if asking is not None:
        sitting, effects = forget_person(sitting)
        if asking.wish.kind == "booked":
            return enter(sitting, at.AtBookingTrouble(event.say)), (*effects, PlaySound(sound="trouble"))
        return enter(sitting, at.AtServerTrouble(None, event.say)), effects
    match sitting.place:
        case at.AskingTrack():
            return track_refused(sitting, event.key, silent=event.code != "not_found")
        case at.AskingRejoin():
            return rejoin_refused(sitting, event.key, event.say)
        case at.AskingAdd():
            return add_refused(sitting, event.key, event.code)
        case _:
            return _paper_without_server(sitting, event.key)


def server_silent(sitting: Sitting, event: ServerSilent) -> Handled:
    """A number of the kiosk's own instead of a wait; a reprint does not need the server at all."""
    match event.asked, sitting.place:
        case "ticket", at.Asking() as asking if asking.key == event.key and not asking.offline:
            return take_offline(sitting, asking)
        case "reprint", _:
            return _paper_without_server(sitting, event.key)
        case "track", _:
            return track_refused(sitting, event.key, silent=True)
        case "rejoin", _:
            return rejoin_silent(sitting, event.key)
        case "add", _:
            return add_silent(sitting, event.key)
        case "help", _ if sitting.help is not None and sitting.help.key == event.key:
            if sitting.help.state in {"asking", "silent"}:
                return replace(sitting, help=replace(sitting.help, state="silent")), ()
            return sitting, ()
        case _:
            return sitting, ()


def ask_reprint(sitting: Sitting, key: str, slip: Slip) -> Handled:
    """补打: the server is asked for its running number; of a number that it does not know yet, nobody."""
    if slip.press:
        return print_slip(sitting, replace(slip, copy=slip.copy + 1), key)
    effect = AskReprint(key=key, ticket=slip.ticket.id, track=slip.ticket.track)
    return enter(sitting, at.AskingReprint(key, slip)), (effect,)


def reprint_given(sitting: Sitting, event: ReprintGiven) -> Handled:
    match sitting.place:
        case at.AskingReprint(key, slip) if key == event.key:
            ahead = slip.ahead if event.ahead is None else event.ahead
            wait = wait_range(event.forecast) or slip.wait
            booking = event.booking or slip.booking
            copy = max(event.copy, 1)
            again = replace(slip, ticket=event.ticket, ahead=ahead, wait=wait, copy=copy, booking=booking)
            return print_slip(sitting, again, key)
        case _:
            return sitting, ()


def _paper_without_server(sitting: Sitting, key: str) -> Handled:
    match sitting.place:
        case at.AskingReprint(asked_key, slip) if asked_key == key:
            return print_slip(sitting, replace(slip, copy=max(slip.copy, slip.ticket.copies) + 1), key)
        case _:
            return sitting, ()


def keep_held(sitting: Sitting, key: str, place: at.AtAlready) -> Handled:
    """补打 of the number held; one that was made beside it is given back."""
    slip = Slip(ticket=place.held, ahead=None, wait=None, copy=place.held.copies)
    asking, effects = ask_reprint(sitting, key, slip)
    return asking, (*effects, *give_back(place, key))


def take_another(sitting: Sitting, key: str, place: at.AtAlready) -> Handled:
    """Another number: the one made already, or one asked for without the card."""
    if place.new is not None:
        return print_slip(sitting, place.new, key)
    wish = Wish() if place.wish.kind == "booked" else place.wish
    return _ask(sitting, at.Asking(key, wish, None, sitting.modes.language))


def card_read(sitting: Sitting, event: CardRead) -> Handled:
    """On home and on the card's page a card asks for a number; on pages between it is kept until one is asked for."""
    noted = replace(sitting, card_note=event.note)
    match sitting.place:
        case at.AtCard(wish):
            kept, effects = remember_person(noted, event.person)
        case at.AtBooked() | at.AtBookingTrouble():
            wish = Wish(kind="booked")
            kept, effects = remember_person(noted, event.person)
        case at.AtHome():
            wish = Wish()
            kept, effects = remember_person(noted, event.person)
        case (
            at.AtChoose() | at.AtSearch() | at.AtDepartments() | at.AtMatters() | at.AtGuide() | at.AtGrounds()
            | at.AtPrivacy()
        ):  # fmt: skip
            return remember_person(noted, event.person)
        case _:
            return sitting, ((ForgetPerson(person=event.person),) if event.person else ())
    asked, more = ask_number(kept, event.key, wish)
    if asked.place is kept.place:  # closed, or too soon after the last number
        asked, forgotten = forget_person(asked)
        return replace(asked, card_note=""), (*effects, *forgotten)
    return asked, (*effects, *more)
