"""What goes on in the hall beside the journal: announcements being shown and said, displays, devices.

Acknowledgements, heartbeats and health live here and are merged into the pushed states. Event loop only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain import events as e
from queue_server.domain.ticket import TicketState
from queue_server.push.lines import Lines
from queue_server.push.presence import Presence
from queue_server.service.announcements import KEPT_MAX, Announcement, Announcements, Display, Speakers
from queue_server.wire import AckReply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from queue_server.domain.day_view import DayView
    from queue_server.service.ports import WallClock
    from queue_server.service.view import HallView


class Floor:
    """Announcements, speakers, presence and lines of one hall."""

    def __init__(self, wall_clock_us: WallClock, view: Callable[[], HallView], spoken_at_us: dict[str, int]) -> None:
        """``spoken_at_us`` is what the gate reads to count gaps from: announcement → when it was said."""
        self._spoken_at_us = spoken_at_us
        self._wall_clock_us = wall_clock_us
        self._view = view
        self.announcements = Announcements()
        self.speakers = Speakers()
        self.presence = Presence(started_us=wall_clock_us())
        self.lines = Lines()

    def seed(self, view: HallView) -> None:
        """After a start: the calls of those still at a window. They are shown; too old ones are not spoken."""
        day = view.day
        if day is None or not day.open:
            return
        for made in sorted(day.announcements.values(), key=lambda each: each.at_us)[-100:]:
            self._made(day, made.id, since_us=self.presence.started_us)
        self._keep_only_called(day)

    def take_in(self, view: HallView, happened: Iterable[e.Event]) -> None:
        """Takes in what was just written. Being told twice changes nothing: an answer may come before the push."""
        day = view.day
        if day is None:
            return
        for event in happened:
            match event:
                case e.TicketCalled() | e.TicketRecalled():
                    self._made(day, event.announcement)
                case e.AnnouncementWithdrawn():
                    self.announcements.withdraw(event.announcement)
                case e.AnnouncementUnconfirmed():
                    self.announcements.mark_unconfirmed(event.announcement)
                case _:
                    pass
        self._keep_only_called(day)

    def _made(self, day: DayView, announcement_id: str, *, since_us: int = -1) -> None:
        made = day.announcements.get(announcement_id)
        if made is None:
            return
        ticket, config = day.tickets[made.ticket], day.configs.get(made.window)
        self.announcements.made(
            Announcement(
                id=made.id,
                ticket=made.ticket,
                number=made.number,
                window=made.window,
                zone=config.zone if config else "hall",
                at_us=made.at_us,
                repeat=made.repeat,
                language=ticket.language,
                since_us=since_us,
                withdrawn=made.withdrawn,
                unconfirmed=made.unconfirmed,
            )
        )

    def _keep_only_called(self, day: DayView) -> None:
        tickets = day.tickets

        def called(ticket_id: str) -> bool:
            ticket = tickets.get(ticket_id)
            return ticket is not None and ticket.state is TicketState.CALLED

        self.announcements.keep_only_called(called)

    # ---- displays ----------------------------------------------------------------------------------------------

    def acknowledge(self, announcement_id: str, display: str, *, shown: bool, played: bool) -> AckReply | None:
        """What ``display`` did; None when the announcement is not known (any more)."""
        found = self.announcements.get(announcement_id)
        if found is None:
            return None
        now_us = self._wall_clock_us()
        self.presence.heard(display, now_us)
        self.presence.seen(display).last_shown = found.number
        counts = played and self.speakers.heard(found.zone, display, now_us)
        self.announcements.acknowledge(announcement_id, display, shown=shown, played=counts, now_us=now_us)
        if found.spoken_at_us is not None:
            self._spoken_at_us[found.id] = found.spoken_at_us
            while len(self._spoken_at_us) > KEPT_MAX:
                del self._spoken_at_us[next(iter(self._spoken_at_us))]
        return AckReply(id=found.id, shown=self.shown(found), played=found.played)

    def online(self) -> dict[str, frozenset[str]]:
        return self.presence.online_by_zone(self._view().records.devices.values())

    def shown(self, announcement: Announcement) -> bool:
        return announcement.shown(self.online().get(announcement.zone, frozenset()))

    def spoken_at_us(self, ticket_id: str) -> int | None:
        """When the last call of a ticket was said to the end, if a display confirmed it."""
        made = self.announcements.of_ticket(ticket_id)
        return made[-1].spoken_at_us if made else None

    def elect(self) -> bool:
        """Chooses each zone's speaking display anew; True when one changed."""
        now_us = self._wall_clock_us()
        zones: dict[str, list[Display]] = {}
        for device in self._view().records.devices.values():
            if device.kind == "display" and device.revoked_at_us is None:
                zones.setdefault(device.zone, []).append(self._display(device.actor))
        changed = False
        for zone, displays in zones.items():
            waiting = self.announcements.speaking(zone, now_us)
            changed |= self.speakers.elect(zone, displays, waiting[0] if waiting else None, now_us)
        return changed

    def _display(self, actor: str) -> Display:
        seen = self.presence.seen(actor)
        sound = seen.part("sound")
        return Display(actor, seen.online, sound is None or sound.state != "down", seen.since_us)

    def speaking_devices(self) -> frozenset[str]:
        zones = {each.zone for each in self._view().records.devices.values()}
        return frozenset(speaker for zone in zones if (speaker := self.speakers.speaker(zone)) is not None)
