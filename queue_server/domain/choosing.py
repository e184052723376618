"""Who is next at a window, and why (DESIGN 4.7).

Credit = minutes since the clock × weight + head start, in whole thousandths; the greatest among the tickets that the
window may serve wins, ties go to the earlier clock, then the number. Before credit come, in this order:

1. ``overtaken``: a ticket overtaken as often as the hall allows, the earliest clock first;
2. ``ordinary_turn``: after so many granted calls in a row in the hall an ordinary ticket, if one waits;
3. ``bound``: a ticket that was given to this very window.

1 goes before 2 because both cannot always hold: with many granted tickets before later ordinary ones, every ordinary
turn overtakes all granted ones that wait. Idea: accumulating priority queues (Kleinrock 1964; Stanford, Taylor, Ziedins
2014).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from queue_server.domain.events import Reason

if TYPE_CHECKING:
    from queue_server.domain.lines import Entry, LineKey, Lines, Slot
    from queue_server.domain.rules import Rules, WindowConfig

BY_OVERTAKEN = "overtaken"
BY_ORDINARY_TURN = "ordinary_turn"
BY_BOUND = "bound"
BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticket to call (its id), the reason to keep with the call, and the ids it overtakes."""

    ticket: str
    reason: Reason
    overtaken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """The window that asks, with all of the hall that its choice depends on."""

    window: WindowConfig
    now_us: int
    granted_in_row: int
    closed: frozenset[int]
    """Windows that are closed, or paused for long: what was bound to them is free."""


class Candidate(NamedTuple):
    """Sorts best first."""

    debt: int  # credit with its sign turned, so that the smallest is best
    entry: Entry
    ground: str | None
    bound_here: bool


def choose(lines: Lines, asking: Asking, rules: Rules) -> Choice | None:
    """The next ticket for this window, or None when nobody waits whom it may serve.

    Looks at one or two places of each line, never at the line's length; listing the overtaken costs what they are, and
    the rule overtakes a ticket a bounded number of times.
    """
    strays = _strays(lines, asking)
    candidates = _candidates(lines, strays, asking, rules)
    if not candidates:
        return None
    limited = _first_limited(lines, strays, asking)
    promise: str | None = BY_OVERTAKEN
    if limited is not None:
        # It may stand behind a head that was overtaken less: one that rejoined or came from a kiosk without server.
        pool = [_free(lines.slots[limited.ticket], asking, rules)]
    else:
        pool, promise = _by_promise(candidates, asking, rules)
    best = min(pool)
    runner_up = min((c for c in candidates if c.entry != best.entry), default=None)
    reason = Reason(
        promise=promise,
        credit=-best.debt,
        runner_up=runner_up.entry.ticket if runner_up else None,
        runner_credit=-runner_up.debt if runner_up else None,
        ground=best.ground,
    )
    return Choice(best.entry.ticket, reason, overtaken_by(lines, best.entry, asking))


def by_hand(lines: Lines, entry: Entry, asking: Asking, credit: int, ground: str | None) -> Choice:
    """A call out of order: never refused here, but counted and explained."""
    reason = Reason(promise=BY_HAND, credit=credit, ground=ground)
    return Choice(entry.ticket, reason, overtaken_by(lines, entry, asking))


def overtaken_by(lines: Lines, called: Entry, asking: Asking) -> tuple[str, ...]:
    """Ids of those who wait with an earlier clock, are not bound elsewhere, and could be served by this window."""
    before = (called.clock_us,)
    found = {slot.entry for slot in _strays(lines, asking) if slot.entry.clock_us < called.clock_us}
    for _, line in lines.served_by(asking.window, asking.closed):
        found.update(line.entries[: bisect_left(line.entries, before)])
    return tuple(entry.ticket for entry in sorted(found) if entry.ticket != called.ticket)


def _by_promise(candidates: list[Candidate], asking: Asking, rules: Rules) -> tuple[list[Candidate], str | None]:
    pool, promise = candidates, None
    if asking.granted_in_row >= rules.max_granted_in_row:
        ordinary = [c for c in candidates if c.ground is None]
        if ordinary and min(_bound_first(candidates)).ground is not None:
            promise = BY_ORDINARY_TURN
        pool = ordinary or candidates
    chosen = _bound_first(pool)
    return chosen, promise or (BY_BOUND if chosen[0].bound_here else None)


def _bound_first(pool: list[Candidate]) -> list[Candidate]:
    return [c for c in pool if c.bound_here] or pool


def _candidates(lines: Lines, strays: list[Slot], asking: Asking, rules: Rules) -> list[Candidate]:
    """The first two of each line (the second can only be a runner-up) and every stray."""
    apart = {slot.entry for slot in strays}
    found = [_free(slot, asking, rules) for slot in strays]
    for key, line in lines.served_by(asking.window, asking.closed):
        heads = islice((entry for entry in line.entries if entry not in apart), 2)
        bound_here = key.bound == asking.window.number
        found += [_weighed(key, entry, asking, rules, bound_here=bound_here) for entry in heads]
    return found


def _free(slot: Slot, asking: Asking, rules: Rules) -> Candidate:
    return _weighed(slot.key, slot.entry, asking, rules, bound_here=False)


def _weighed(key: LineKey, entry: Entry, asking: Asking, rules: Rules, *, bound_here: bool) -> Candidate:
    credit = rules.credit(entry.clock_us, asking.now_us, key.kind, key.ground)
    return Candidate(-credit, entry, key.ground, bound_here)


def _strays(lines: Lines, asking: Asking) -> list[Slot]:
    """Tickets still kept in a window's own line although their time with that window is over."""
    return [slot for slot in lines.ended(asking.now_us) if slot.key.needs <= asking.window.able]


def _first_limited(lines: Lines, strays: list[Slot], asking: Asking) -> Entry | None:
    found = [line.limited[0] for _, line in lines.served_by(asking.window, asking.closed) if line.limited]
    found += [slot.entry for slot in strays if lines.is_limited(slot)]
    return min(found, default=None)
