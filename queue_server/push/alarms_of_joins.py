"""What staff have to know of numbers that kiosks gave without the server (DESIGN 4.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain.ticket import TicketState
from queue_server.push.moments import moment
from queue_server.wire import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from queue_server.api.words import Words
    from queue_server.domain.day_view import DayView
    from queue_server.domain.ticket import Ticket

NAMED_MAX = 6
"""So many numbers are named; how many there are beyond is the alarm's count."""
LIVE = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD, TicketState.MISSED})


def alarms_of_joins(day: DayView, words: Words) -> Iterator[Alarm]:
    """Numbers that came in as of a day that is over, until staff take them back; one number on two slips, while both
    are live.
    """
    ordinary = frozenset(letter for owner, letter in day.letters.items() if not owner.startswith("kiosk:"))
    expired: list[Ticket] = []
    twice: list[Ticket] = []
    for number, ids in day.by_number.items():
        if number[0] in ordinary and len(ids) == 1:
            continue
        same = [day.tickets[each] for each in ids]
        expired += [each for each in same if each.joined is not None and each.state is TicketState.EXPIRED]
        live = [each for each in same if each.state in LIVE]
        twice += live[:1] if len(live) > 1 else []
    for code, found in (("join_expired", expired), ("join_twice", twice)):
        if found:
            yield _alarm(code, found, words)


def _alarm(code: str, tickets: Sequence[Ticket], words: Words) -> Alarm:
    say = words.say_alarm(code, {"numbers": "、".join(each.number for each in tickets[:NAMED_MAX])})
    since = moment(min(each.finished_at_us or each.issued_at_us for each in tickets))
    return Alarm(id=code, code=code, place="hall", since=since, say=say, count=len(tickets))
