"""HallDay: all that is true of one hall on one business day, folded from that day's journal rows (DESIGN 4.1).

Mutable and touched by the writer alone; changed by ``apply`` and nothing else. Its values (tickets, windows, shifts …)
are frozen and replaced, so ``snapshot`` copies a few dictionaries and shares the rest. Opening another date forgets it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from queue_server.domain import events as e
from queue_server.domain.day_view import DayView, KeyOutcome, RowHeader
from queue_server.domain.fold_calls import fold_call
from queue_server.domain.fold_hall import fold_day, fold_hall
from queue_server.domain.fold_tickets import fold_ticket
from queue_server.domain.fold_windows import fold_window
from queue_server.domain.growing import Growing
from queue_server.domain.lines import Entry, LineKey, Lines, Slot
from queue_server.domain.numbering import number_order, number_text
from queue_server.domain.ticket import TicketState
from queue_server.domain.window import Window, away_windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from queue_server.domain.rules import Rules, WindowConfig
    from queue_server.domain.ticket import Ticket, TicketKind
    from queue_server.domain.window import Announcement, Help, Shift, Suspension

__all__ = ["DayView", "HallDay", "KeyOutcome", "RowHeader"]

TOUCHES_NOTHING = (e.SlipReported, e.ActUndone)
NEEDS_KEPT = 512
"""Ways of asking that are remembered: sets of matters that residents named together."""


class HallDay:
    """``last_business_day``: the latest date ever opened here, known to the store when its rows are not folded."""

    def __init__(
        self, rules: Rules, windows: Iterable[WindowConfig], *, last_business_day: str | None = None, seq: int = 0
    ) -> None:
        self.rules = rules
        self.configs = {config.number: config for config in windows}
        self._needs: dict[tuple[tuple[str, ...], str | None], frozenset[str]] = {}
        """What ``needs_for`` found, as long as the hall has these windows and day."""
        self.last_business_day = last_business_day
        self.seq = seq
        self.at_us = 0
        self.forget()

    def forget(self) -> None:
        """Begin with nothing, as a new day does."""
        self.business_day: str | None = None
        self.open = False
        self.issuing = False
        self.issuing_since_us: int | None = None
        """When the day was opened, or a stop of issuing was taken back."""
        self.opened_at_us: int | None = None
        self.closed_at_us: int | None = None
        self.closed_seq: int | None = None
        self.letters: dict[str, str] = {}
        self.digest = ""
        self.anchor: str | None = None
        self.forced = False
        self.tickets: Growing[str, Ticket] = Growing()
        self.by_number: Growing[str, tuple[str, ...]] = Growing()
        self.by_track: Growing[str, str] = Growing()
        self.by_quota: dict[str, list[str]] = {quota.matter: [] for quota in self.rules.quotas}
        """Tickets of each matter that has a quota; under ``""`` all, where the hall has one."""
        self.serials: dict[str, int] = {}
        """By letter: the smallest that nobody ever held; 1 for a letter that is missing."""
        self.windows = {number: Window(number=number) for number in self.configs}
        self.shifts: dict[str, Shift] = {}
        self.counts: dict[tuple[TicketKind, TicketState], int] = {}
        self.missed: dict[str, None] = {}
        self.announcements: dict[str, Announcement] = {}
        self.helps: dict[str, Help] = {}
        self.suspensions: dict[str, Suspension] = {}
        self.keys: dict[str, KeyOutcome] = {}
        self.lines = Lines()
        self._needs.clear()
        self.run: list[tuple[str, bool]] = []
        """The latest calls: announcement, and whether the ticket was granted."""
        self.undoable: dict[str, int] = {}
        """Ticket → window whose last act it was."""

    # ---- folding -----------------------------------------------------------------------------------------------

    def apply(self, header: RowHeader, event: e.Event) -> None:
        """Fold one event. A row of several events is folded by as many calls with the same header."""
        self.seq, self.at_us = header.seq, header.at_us
        if self.lines.ending:
            self._free_ended(header.at_us)
        self._forget_undo(header, event)
        self._fold(header, event)
        self._remember_key(header, event)

    def remember(self, header: RowHeader) -> None:
        """Fold a row without events: a command that was accepted and had nothing to change."""
        self.seq, self.at_us = header.seq, header.at_us
        if header.key is not None:
            self.keys.setdefault(header.key, KeyOutcome(header.seq, header.at_us, None))

    def _fold(self, header: RowHeader, event: e.Event) -> None:
        match event:
            case e.DayOpened() | e.IssuingStopped() | e.IssuingResumed() | e.DayClosed():
                fold_day(self, header, event)
            case (
                e.TicketIssued() | e.TicketJoined() | e.NumberReplaced() | e.PriorityGranted() | e.PriorityWithdrawn()
                | e.MattersChanged() | e.TicketRejoined() | e.TicketCancelled() | e.TicketExpired()
                | e.TicketReinstated() | e.TicketReleased() | e.TicketTransferred() | e.SlipReported()
            ):  # fmt: skip
                fold_ticket(self, header, event)
            case (
                e.TicketCalled() | e.TicketRecalled() | e.AnnouncementWithdrawn() | e.AnnouncementUnconfirmed()
                | e.ActUndone()
            ):  # fmt: skip
                fold_call(self, header, event)
            case (
                e.ServiceStarted() | e.ServiceFinished() | e.TicketMissed() | e.TicketHeld() | e.TicketResumed()
                | e.TicketReopened() | e.ShiftOpened() | e.ShiftTakenOver() | e.ShiftClosed() | e.WindowOpened()
                | e.WindowPaused() | e.WindowClosed()
            ):  # fmt: skip
                fold_window(self, header, event)
            case (
                e.SuspensionSet() | e.HelpRequested() | e.HelpTaken() | e.HelpDone() | e.RecordChanged()
                | e.PersonalDataErased() | e.RowRedacted()
            ):  # fmt: skip
                fold_hall(self, header, event)
            case _:
                assert_never(event)

    def _free_ended(self, at_us: int) -> None:
        for slot in self.lines.ended(at_us):
            ticket = self.tickets[slot.entry.ticket]
            self.lines.drop(ticket.id)
            self.lines.put(self._slot(ticket), limited=self._limited(ticket))

    def _forget_undo(self, header: RowHeader, event: e.Event) -> None:
        """What another row touches can no longer be taken back; a word about the paper touches nothing."""
        if isinstance(event, TOUCHES_NOTHING):
            return
        ticket: str | None = getattr(event, "ticket", None)
        number: int | None = getattr(event, "window", None)
        if number is None and ticket not in self.undoable:
            return
        touched = {number, self.undoable.get(ticket) if ticket is not None else None}
        for window in (self.windows[n] for n in touched if n in self.windows):
            if window.last_act is not None and window.last_act.seq != header.seq:
                self.put_window(window, last_act=None)

    def _remember_key(self, header: RowHeader, event: e.Event) -> None:
        if header.key is None:
            return
        known = self.keys.get(header.key)
        ticket: str | None = getattr(event, "ticket", None) or (known.ticket if known else None)
        joined = isinstance(event, e.TicketJoined) or (known is not None and known.joined)
        self.keys[header.key] = KeyOutcome(header.seq, header.at_us, ticket, joined)

    # ---- the only ways in which the fold changes a ticket or a window --------------------------------------------

    def put_ticket(self, ticket: Ticket) -> None:
        """Replace a ticket and keep every index in step."""
        old = self.tickets.get(ticket.id)
        self.tickets[ticket.id] = ticket
        if old is None or old.track != ticket.track:
            self.by_track[ticket.track] = ticket.id
        if old is None or old.number != ticket.number:
            self._index_number(old, ticket)
        if self.by_quota and (old is None or old.matters != ticket.matters):
            self._index_quota(old, ticket)
        if old is not None:
            self._count(old, -1)
            self.lines.drop(ticket.id)
        self._count(ticket, +1)
        if ticket.state is TicketState.WAITING:
            self.lines.put(self._slot(ticket), limited=self._limited(ticket))
        if ticket.state is not TicketState.MISSED:
            self.missed.pop(ticket.id, None)
        elif old is None or old.state is not TicketState.MISSED:
            self.missed[ticket.id] = None

    def put_overtaken(self, ticket: Ticket) -> None:
        """Replace a ticket of which only ``overtaken`` changed: it keeps its place."""
        self.tickets[ticket.id] = ticket
        if ticket.id not in self.lines.slots:
            return
        if self._limited(ticket):
            self.lines.limit(ticket.id)
        else:
            self.lines.unlimit(ticket.id)

    def put_window(self, window: Window, **changes: object) -> None:
        changed = replace(window, **changes)  # type: ignore[arg-type]
        for act in (window.last_act, changed.last_act):
            if act is not None:
                self.undoable.pop(act.before.id, None)
        if changed.last_act is not None:
            self.undoable[changed.last_act.before.id] = window.number
        self.windows[window.number] = changed

    def _index_number(self, old: Ticket | None, new: Ticket) -> None:
        if old is not None:
            rest = tuple(t for t in self.by_number[old.number] if t != old.id)
            self.by_number[old.number] = rest
        self.by_number[new.number] = (*self.by_number.get(new.number, ()), new.id)
        letter, serial = number_order(new.number)
        if serial == self.serials.get(letter, 1):
            serial += 1
            while number_text(letter, serial) in self.by_number:  # typed in or handed in before
                serial += 1
            self.serials[letter] = serial

    def _index_quota(self, old: Ticket | None, new: Ticket) -> None:
        had = old.matters if old is not None else ()
        for matter in (*new.matters, *(("",) if old is None else ())):
            if matter in self.by_quota and matter not in had:
                self.by_quota[matter].append(new.id)

    def _count(self, ticket: Ticket, by: int) -> None:
        place = (ticket.kind, ticket.state)
        self.counts[place] = self.counts.get(place, 0) + by

    def _limited(self, ticket: Ticket) -> bool:
        return ticket.overtaken >= self.rules.max_overtaken

    def _slot(self, ticket: Ticket) -> Slot:
        until_us = ticket.bound_until_us
        bound, needs = ticket.bound_window, self.needs_of(ticket)
        if bound not in self.configs or not needs <= self.configs[bound].able:
            bound = None  # a window that cannot serve it may not keep it from the others
        elif until_us is not None and until_us <= self.at_us:
            bound = None
        ground = None if ticket.grant is None else ticket.grant.ground
        return Slot(
            LineKey(ticket.kind, ground, needs, bound),
            self.entry_of(ticket),
            None if bound is None else until_us,
        )

    # ---- reading -------------------------------------------------------------------------------------------------

    def entry_of(self, ticket: Ticket) -> Entry:
        letter, serial = number_order(ticket.number)
        return Entry(ticket.clock_us, letter, serial, ticket.copy, ticket.id)

    def needs_of(self, ticket: Ticket) -> frozenset[str]:
        return self.needs_for(ticket.matters, ticket.skill)

    def needs_for(self, matters: tuple[str, ...], skill: str | None) -> frozenset[str]:
        """Skills a window must have. What no window of the hall has is not asked for: nobody may wait for ever."""
        asked_for = (matters, skill)
        found = self._needs.get(asked_for)
        if found is None:
            if len(self._needs) >= NEEDS_KEPT:
                self._needs.clear()
            found = self._needs[asked_for] = self._find_needs(matters, skill)
        return found

    def _find_needs(self, matters: tuple[str, ...], skill: str | None) -> frozenset[str]:
        asked = (skill,) if skill else self.rules.needs(matters)
        for needs in (frozenset(asked), frozenset(asked[:1])):
            if any(needs <= config.able for config in self.configs.values()):
                return needs
        return frozenset()

    def know_window(self, config: WindowConfig) -> None:
        """Take in a window that the hall's settings do not name (any more)."""
        self.configs[config.number] = config
        self.windows[config.number] = Window(number=config.number)
        self._needs.clear()

    def line_clocks(self, ticket: Ticket, first: int) -> list[int]:
        """Clocks of the next few who wait in the line that this ticket belongs to when nothing binds it."""
        key = self._slot(ticket._replace(bound_window=None)).key
        line = self.lines.lines.get(key)
        return [] if line is None else [entry.clock_us for entry in line.entries[:first]]

    def next_copy(self, number: str) -> int:
        """0 for a number nobody holds yet."""
        return max((self.tickets[t].copy + 1 for t in self.by_number.get(number, ())), default=0)

    @property
    def granted_in_row(self) -> int:
        count = 0
        for _, granted in reversed(self.run):
            if not granted:
                break
            count += 1
        return count

    def away(self, now_us: int) -> frozenset[int]:
        """Windows that bind nobody now."""
        return away_windows(self.windows, self.rules, now_us)

    def at_windows(self) -> Iterator[Ticket]:
        """Tickets called, serving or held, by window."""
        for window in self.windows.values():
            for ticket in (window.ticket, *window.held):
                if ticket is not None:
                    yield self.tickets[ticket]

    def snapshot(self) -> DayView:
        """What readers see. Costs a shallow copy of what changed lately and of each small dictionary."""
        return DayView(
            rules=self.rules,
            configs=self.configs,
            seq=self.seq,
            at_us=self.at_us,
            business_day=self.business_day,
            open=self.open,
            issuing=self.issuing,
            issuing_since_us=self.issuing_since_us,
            opened_at_us=self.opened_at_us,
            closed_at_us=self.closed_at_us,
            closed_seq=self.closed_seq,
            letters=self.letters,
            digest=self.digest,
            anchor=self.anchor,
            forced=self.forced,
            tickets=self.tickets.frozen(),
            by_number=self.by_number.frozen(),
            by_track=self.by_track.frozen(),
            windows=self.windows.copy(),
            shifts=self.shifts.copy(),
            counts={place: count for place, count in self.counts.items() if count},
            missed=tuple(self.missed),
            announcements=self.announcements.copy(),
            helps=self.helps.copy(),
            suspensions=self.suspensions.copy(),
            granted_in_row=self.granted_in_row,
            lines=self.lines.frozen_copy(),
        )
