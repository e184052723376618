"""The hall's devices as staff see them: how each is, since when, what to do. From records, presence and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from queue_server.push.moments import moment
from queue_server.wire import DeviceState, PartState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from queue_server.api.words import Words
    from queue_server.push.floor import Floor
    from queue_server.push.lines import Feeling, Line
    from queue_server.service.records import Device
    from queue_server.service.view import HallView
    from queue_server.wire import DevicePart

NOT_DEVICES = frozenset({"brake"})
"""Parts of a kiosk's report that tell of people, not of a device."""
TROUBLES = ("degraded", "down")
"""``unknown`` is grey: it makes no device bad."""


def device_states(view: HallView, floor: Floor, now_us: int, words: Words) -> tuple[DeviceState, ...]:
    """Paired devices that were not revoked, then the lines of pads and strips."""
    paired = (each for each in view.records.devices.values() if each.revoked_at_us is None)
    return (*(_paired(each, floor, now_us, words) for each in paired), *_lines(floor, words))


def _paired(device: Device, floor: Floor, now_us: int, words: Words) -> DeviceState:
    seen = floor.presence.seen(device.actor)
    common: dict[str, Any] = {
        "device": device.actor,
        "kind": device.kind,
        "name": device.name,
        "place": device.zone,
        "since": moment(seen.since_us),
    }
    if not seen.online:
        lost = floor.presence.lost_since_us(device, now_us) is not None
        code = "lost" if lost else "starting"
        return DeviceState(**common, state="down" if lost else "unknown", code=code, say=words.say_health(code))
    parts = tuple(_part(each, words) for each in seen.parts if each.part not in NOT_DEVICES)
    worst = max(parts, key=lambda part: (part.state in TROUBLES, part.state == "down"), default=None)
    if worst is None or worst.state not in TROUBLES:
        return DeviceState(**common, state="ok", code="", say="", parts=parts)
    common["since"] = worst.since
    return DeviceState(**common, state=worst.state, code=worst.code, say=worst.say, parts=parts)


def _part(part: DevicePart, words: Words) -> PartState:
    if part.state == "ok":
        say = ""
    elif part.part == "printer" and part.code:
        say = words.printer.of(part.code).staff
    else:
        say = words.say_health(part.code or f"{part.part}_{part.state}", {"count": part.count})
    name = words.device.get(part.part, part.part)
    return PartState(
        part=part.part,
        name=name,
        state=part.state,
        code=part.code,
        since=part.since or None,
        say=say,
        detail=part.detail,
    )


def _lines(floor: Floor, words: Words) -> Iterator[DeviceState]:
    for line in floor.lines.all():
        feels = line.feels
        yield DeviceState(
            device=line.id,
            kind=line.kind,
            name=line_name(line, words),
            place=line.port,
            state=feels.state,
            code=feels.code,
            since=moment(feels.since_us),
            say=_say(feels, words),
            parts=tuple(_member(line, address, words) for address in line.members),
        )


def _member(line: Line, address: int, words: Words) -> PartState:
    member = line.members[address]
    return PartState(
        part=f"window:{member.window}",
        name=words.device["at_window"].format(window=member.window, address=address),
        state=member.feels.state,
        code=member.feels.code,
        since=moment(member.feels.since_us),
        say=_say(member.feels, words),
    )


def _say(feels: Feeling, words: Words) -> str:
    return "" if feels.state == "ok" else words.say_health(feels.code)


def line_name(line: Line, words: Words) -> str:
    """As the hall named it, else the kind with its running number."""
    return line.name or words.device[cast("str", line.kind)].format(n=line.number)
