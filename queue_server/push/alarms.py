"""What a person of the staff has to do now, made from the hall's view, its devices and its announcements."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from queue_server.domain.clock import local_day
from queue_server.domain.numbering import number_text
from queue_server.domain.ticket import TicketState
from queue_server.domain.window import HelpState, away_windows
from queue_server.push.alarms_of_joins import alarms_of_joins
from queue_server.push.alarms_of_waiting import alarms_of_waiting
from queue_server.push.devices import line_name
from queue_server.push.moments import moment
from queue_server.push.presence import LOST_AFTER_US
from queue_server.wire import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from queue_server.api.words import Words
    from queue_server.domain.day_view import DayView
    from queue_server.push.floor import Floor
    from queue_server.push.lines import Feeling
    from queue_server.push.presence import Seen
    from queue_server.service.records import Device
    from queue_server.service.view import HallView
    from queue_server.wire import DevicePart

ALARMS_MAX = 50
THREE_DIGITS = 999
_PART_CODES = {"printer": "printer_down", "reader": "reader_down", "sound": "muted", "brake": "many_numbers"}
_DEGRADED_TOO = frozenset({"brake", "printer"})
_OUTBOX_CODES = frozenset({"outbox_disk", "join_refused"})
"""What a person has to do about a kiosk's own numbers; a backlog goes by itself."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The server's own: disk nearly full since, clock in doubt since (µs), None when well."""

    disk_since_us: int | None = None
    clock_since_us: int | None = None
    calendar_year: int | None = None
    """The year without holidays and make-up days that somebody should import now."""
    alone: Mapping[int, int] = field(default_factory=dict)
    """Windows to which numbers were called by themselves and nobody was there, since when."""


def alarms(view: HallView, floor: Floor, trouble: Trouble, now_us: int, words: Words) -> tuple[Alarm, ...]:
    """All alarms, urgent ones first, then by age."""
    found = [*_of_server(trouble, words), *_of_desks(trouble, words), *_of_devices(view, floor, now_us, words)]
    if view.day is not None and view.day.open:
        found += [*_of_help(view, view.day, words), *_of_held(view.day, now_us, words)]
        found += _of_held_alone(view, view.day, now_us, words)
        if not view.clock_doubt:
            found += _of_yesterday(view.day, now_us, words)
        found += [*_of_announcements(floor, now_us, words), *_of_numbers(view.day, words)]
        found += [*alarms_of_joins(view.day, words), *alarms_of_waiting(view.day, now_us, words)]
        found += _of_lines(view.day, floor, now_us, words)
    found.sort(key=lambda each: (not each.urgent, each.since, each.id))
    return tuple(found[:ALARMS_MAX])


def _of_help(view: HallView, day: DayView, words: Words) -> Iterator[Alarm]:
    for asked in day.helps.values():
        if asked.state is HelpState.DONE:
            continue
        place = place_name(view, asked.place, words)
        yield Alarm(
            id=asked.id,
            code="help",
            place=place,
            since=moment(asked.since_us),
            say=words.say_alarm("help", {"place": place}),
            taken_by=staff_name(view, asked.taken_by),
            urgent=asked.urgent,
        )


def _of_held(day: DayView, now_us: int, words: Words) -> Iterator[Alarm]:
    for window in day.windows.values():
        for held in window.held:
            ticket = day.tickets[held]
            due_us = ticket.remind_at_us
            if ticket.state is TicketState.HELD and due_us is not None and due_us <= now_us:
                say = words.say_alarm("held", {"number": ticket.number})
                yield Alarm(
                    id=f"held:{held}", code="held", place=f"window:{window.number}", since=moment(due_us), say=say
                )


def _of_held_alone(view: HallView, day: DayView, now_us: int, words: Words) -> Iterator[Alarm]:
    """Held where nobody sits any more, or where nobody has called for long: its resident waits for nothing."""
    for number in sorted(away_windows(day.windows, day.rules, now_us)):
        window = day.windows[number]
        for held in window.held:
            say = words.say_alarm(
                "held_alone",
                {"number": day.tickets[held].number, "place": place_name(view, f"window:{number}", words)},
            )
            since = moment(window.since_us)
            yield Alarm(id=f"held_alone:{held}", code="held_alone", place="hall", since=since, say=say)


def _of_yesterday(day: DayView, now_us: int, words: Words) -> Iterator[Alarm]:
    """Numbers are given under a date that is over: the hall forgot to close it."""
    if day.business_day is not None and day.business_day < local_day(now_us, day.rules.utc_offset_min):
        say = words.say_alarm("day_left_open", {"day": day.business_day})
        since = moment(day.opened_at_us or 0)
        yield Alarm(id="day_left_open", code="day_left_open", place="hall", since=since, say=say)


def _of_numbers(day: DayView, words: Words) -> Iterator[Alarm]:
    """Letters that went beyond 999 today (DESIGN 4.7)."""
    for letter in day.letters.values():
        found = day.by_number.get(number_text(letter, THREE_DIGITS + 1))
        if found:
            since = moment(day.tickets[found[0]].issued_at_us)
            say = words.say_alarm("four_digits", {"letter": letter})
            yield Alarm(id=f"four_digits:{letter}", code="four_digits", place="hall", since=since, say=say)


def _of_announcements(floor: Floor, now_us: int, words: Words) -> Iterator[Alarm]:
    for each in floor.announcements.unconfirmed_now():
        say = words.say_alarm("not_shown", {"number": each.number})
        yield Alarm(
            id=f"not_shown:{each.id}",
            code="not_shown",
            place=f"window:{each.window}",
            since=moment(each.at_us),
            say=say,
        )
    for zone in floor.speakers.zones_with_two(now_us):
        say = words.say_alarm("two_speakers", {"place": zone})
        yield Alarm(id=f"two_speakers:{zone}", code="two_speakers", place=zone, since=moment(now_us), say=say)


def _of_devices(view: HallView, floor: Floor, now_us: int, words: Words) -> Iterator[Alarm]:
    for device in view.records.devices.values():
        if device.revoked_at_us is not None or device.kind == "pad":
            continue
        lost_us = floor.presence.lost_since_us(device, now_us)
        if lost_us is None:
            yield from _of_parts(device, floor.presence.seen(device.actor), now_us, words)
        elif view.day is not None and view.day.open:
            code = "display_lost" if device.kind == "display" else "kiosk_lost"
            say = words.say_alarm(code, {"place": device.name})
            yield Alarm(id=f"{code}:{device.actor}", code=code, place=device.name, since=moment(lost_us), say=say)


def _of_parts(device: Device, seen: Seen, now_us: int, words: Words) -> Iterator[Alarm]:
    for part in seen.parts:
        if part.part == "outbox" and part.code in _OUTBOX_CODES:
            say = words.say_alarm(part.code, {"place": device.name, "count": part.count})
            since = part.since or moment(seen.reported_us or now_us)
            yield Alarm(
                id=f"{part.code}:{device.actor}",
                code=part.code,
                place=device.name,
                since=since,
                say=say,
                count=part.count,
            )
        troubled = part.state == "down" or (part.part in _DEGRADED_TOO and part.state == "degraded")
        if not troubled or part.part not in _PART_CODES:
            continue
        code = _printer_code(part) if part.part == "printer" else _PART_CODES[part.part]
        since = part.since or moment(seen.reported_us or now_us)
        if part.part == "printer" and part.code:
            say = words.say_printer(part.code, {"place": device.name})
        else:
            say = words.say_alarm(code, {"place": device.name})
        yield Alarm(id=f"{code}:{device.actor}", code=code, place=device.name, since=since, say=say, count=part.count)


def _printer_code(part: DevicePart) -> str:
    """A printer that cannot be asked is ``unknown``: grey, and no alarm at all."""
    if part.state == "degraded":
        return "paper_low" if "paper" in part.code else "printer_note"
    if "paper" in part.code:
        return "no_paper"
    return "cover" if "cover" in part.code else "printer_down"


def _of_lines(day: DayView, floor: Floor, now_us: int, words: Words) -> Iterator[Alarm]:
    """Lines that are down; single devices only at a window with a shift: others may be unplugged on purpose."""
    for line in floor.lines.all():
        code = f"{line.kind}_down"
        name = line_name(line, words)
        if _troubles(line.feels, now_us):
            say = words.say_alarm(code, {"place": name})
            yield Alarm(id=f"{code}:{line.id}", code=code, place=name, since=moment(line.feels.since_us), say=say)
            continue
        for address, member in line.members.items():
            window = day.windows.get(member.window)
            if window is not None and window.shift is not None and _troubles(member.feels, now_us):
                place = f"{name} {words.device['at_window'].format(window=member.window, address=address)}"
                since = moment(member.feels.since_us)
                say = words.say_alarm(code, {"place": place})
                yield Alarm(id=f"{code}:{line.id}:{address}", code=code, place=place, since=since, say=say)


def _troubles(feels: Feeling, now_us: int) -> bool:
    """Down for long enough that it is no re-plugging and no start."""
    return feels.state == "down" and now_us - feels.since_us >= LOST_AFTER_US


def _of_desks(trouble: Trouble, words: Words) -> Iterator[Alarm]:
    for number, since_us in trouble.alone.items():
        place = words.device["window"].format(n=number)
        say = words.say_alarm("desk_alone", {"place": place})
        yield Alarm(id=f"desk_alone:{number}", code="desk_alone", place=place, since=moment(since_us), say=say)


def _of_server(trouble: Trouble, words: Words) -> Iterator[Alarm]:
    for code, since_us in (("disk", trouble.disk_since_us), ("clock_doubt", trouble.clock_since_us)):
        if since_us is not None:
            yield Alarm(
                id=code, code=code, place="server", since=moment(since_us), say=words.say_alarm(code, {}), urgent=True
            )
    if trouble.calendar_year is not None:
        # Known since that year's last December began: an alarm's age must not change with each look.
        since = datetime(trouble.calendar_year - 1, 12, 1, tzinfo=UTC)
        say = words.say_alarm("no_calendar", {"year": trouble.calendar_year})
        yield Alarm(id="no_calendar", code="no_calendar", place="server", since=since, say=say)


def place_name(view: HallView, place: str, words: Words) -> str:
    """``kiosk:2`` as the name its device was given, ``window:3`` as people say it; other places as they stand."""
    kind, _, number = place.partition(":")
    if kind == "window" and number.isdecimal():
        return words.device["window"].format(n=number)
    device = view.records.devices.get(int(number)) if number.isdecimal() else None
    return device.name if device is not None and device.kind == kind else place


def staff_name(view: HallView, actor: str | None) -> str | None:
    """``clerk:7`` as the name that staff see."""
    kind, _, number = (actor or "").partition(":")
    account = view.records.accounts.get(int(number)) if kind == "clerk" and number.isdecimal() else None
    return account.display_name if account else actor
