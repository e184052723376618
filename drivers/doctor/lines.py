"""One port asked: is the device there that should be, and if not, what is."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drivers.bus import Addressed
from drivers.core import Condition
from drivers.device_line import answer_s_of
from drivers.doctor.wanted import Wanted
from drivers.errors import PortError, ProtocolError
from drivers.framing import Broken
from drivers.idcard.reader import BAUD as READER_BAUD
from drivers.pad import protocol as pads
from drivers.printer.ports import USB_SCHEME, answers, open_printer_port
from drivers.printer.profile import Profile
from drivers.printer.sharing import parse_port
from drivers.printer.usb_file import is_printer_file
from drivers.probing import BAUDS, Found, Talk, look_all, look_printer, look_reader, probe
from drivers.scanner.scanner import BAUD as SCANNER_BAUD
from drivers.strip import protocol as strips
from drivers.transport import BITS_PER_BYTE, SOCKET_SCHEME, Transport, open_port

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TRIES = 2
ANSWER_BYTES = 128


@dataclass(frozen=True, slots=True)
class Met:
    """What was found. ``right``: the device that was expected answered as the settings say."""

    right: bool = False
    found: Found | None = None
    error: PortError | None = None
    missing: tuple[int, ...] = ()
    """Addresses of the settings at which nobody answered."""


def open_any(port: str, baud: int) -> Transport:
    """A port of any kind of device. Raises PortError."""
    if port.startswith(USB_SCHEME) or is_printer_file(port):
        return open_printer_port(port, baud)
    return open_port(port, baud=baud)


def look(
    wanted: Wanted,
    open_line: Callable[[str, int], Transport] = open_any,
    clock: Callable[[], float] = time.monotonic,
) -> Met:
    """Ask for what is wanted, then for everything else, at the speed of the settings and then at all.

    Up to half a minute when nobody answers. Raises ConfigurationError and ProtocolUnknown for what they name wrongly.
    """
    speed = speed_of(wanted)
    try:
        port = parse_port(wanted.port).port if wanted.kind == "printer" else wanted.port
        met = _look_once(wanted, port, speed, open_line, clock, proof=True)
        for baud in () if met.found or not _has_speed(port) or wanted.kind == "scanner" else BAUDS:
            if not met.found and baud != speed:
                met = _look_once(wanted, port, baud, open_line, clock, proof=False)
    except PortError as error:
        return Met(error=error)
    return met


def find_out(port: str, baud: int = 0) -> Found | None:
    """Whatever is on ``port``; ``baud`` 0 tries all. None when nobody answers. Raises PortError."""
    port = parse_port(port).port
    if not _has_speed(port) and not port.startswith(SOCKET_SCHEME):
        return _look_once(Wanted("printer", "printer", port), port, 0, open_any, proof=True).found
    bauds = (baud,) if baud else BAUDS if _has_speed(port) else (9600,)
    found = probe(lambda speed: open_any(port, speed), bauds)
    return found if found is None or _has_speed(port) else replace(found, baud=0)


def look_for(
    port: str, speeds: Sequence[int], open_line: Callable[[str, int], Transport], clock: Callable[[], float]
) -> Found | None:
    """Whatever answers on ``port`` at one of ``speeds``; None also when it cannot be opened."""
    for speed in speeds:
        try:
            met = _look_once(
                Wanted("printer", "printer", port), port, speed, open_line, clock, proof=not _has_speed(port)
            )
        except PortError:
            return None
        if met.found is not None:
            return met.found
    return None


def speed_of(wanted: Wanted) -> int:
    """The line speed that the device's own driver would take. Raises ConfigurationError, ProtocolUnknown."""
    match wanted.kind:
        case "idcard":
            usual = READER_BAUD
        case "printer":
            usual = Profile.load(wanted.profile).baud
        case "scanner":
            usual = SCANNER_BAUD
        case _:
            usual = _protocol(wanted).baud
    return wanted.baud or usual


def _has_speed(port: str) -> bool:
    return not (port.startswith((SOCKET_SCHEME, USB_SCHEME)) or is_printer_file(port))


def _protocol(wanted: Wanted) -> pads.PadProtocol[Addressed] | strips.StripProtocol[Addressed]:
    return pads.load(wanted.protocol) if wanted.kind == "pad" else strips.load(wanted.protocol)


def _look_once(
    wanted: Wanted,
    port: str,
    baud: int,
    open_line: Callable[[str, int], Transport],
    clock: Callable[[], float] = time.monotonic,
    *,
    proof: bool,
) -> Met:
    line = open_line(port, baud)
    try:
        if not answers(line):
            return Met(right=True, found=Found("USB printer", Condition("unknown", "no_status"), 0, "", ("printer",)))
        talk = Talk(line, baud, clock)
        met = _prove(wanted, talk) if proof else Met()
        if met.found or not (_has_speed(port) or port.startswith(SOCKET_SCHEME)):
            return met
        found = look_all(talk)
        return Met(found=found, missing=met.missing)
    finally:
        line.close()


def _prove(wanted: Wanted, talk: Talk) -> Met:
    """The proof that the device's driver itself asks for."""
    match wanted.kind:
        case "printer":
            found = look_printer(talk)
        case "idcard":
            found = look_reader(talk)
        case "scanner":
            return Met()
        case _:
            return _prove_line(wanted, talk)
    return Met(right=found is not None, found=found)


def _prove_line(wanted: Wanted, talk: Talk) -> Met:
    """Each address asked who it is."""
    there = {address for address in wanted.addresses or (1,) if _is_there(wanted, talk, address)}
    missing = tuple(sorted(set(wanted.addresses) - there))
    if not there:
        return Met(missing=missing)
    kind = {"pad": "call pads", "strip": "LED strips"}[wanted.kind]
    detail = ", ".join(map(str, sorted(there)))
    condition = Condition("degraded", "some_silent") if missing else Condition("ok")
    return Met(right=True, found=Found(kind, condition, talk.baud, detail, (wanted.kind,)), missing=missing)


def _is_there(wanted: Wanted, talk: Talk, address: int) -> bool:
    chosen = _protocol(wanted)
    question = chosen.who(address)
    wire_s = (len(question) + ANSWER_BYTES) * BITS_PER_BYTE / talk.baud
    wait_s = answer_s_of(talk.line.name, None) + wire_s

    def heard_it(heard: bytes) -> bool:
        found = chosen.finder().receive(heard, 0.0)
        return any(not isinstance(one, Broken) and one.address == address and _is_kind(chosen, one) for one in found)

    return any(heard_it(talk.ask(question, wait_s, heard_it)) for _ in range(TRIES))


def _is_kind(chosen: pads.PadProtocol[Addressed] | strips.StripProtocol[Addressed], message: Addressed) -> bool:
    try:
        return not isinstance(chosen.parse(message), pads.OtherDevice | strips.OtherDevice)
    except ProtocolError:
        return False
