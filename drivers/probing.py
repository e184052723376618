"""What hangs on this port: harmless questions, one kind of device after the other, at the speeds they come with.

Harmless, because whoever is not asked ignores them: a printer answers its real-time status without printing; readers
and controllers drop what is no frame of theirs; and after each question that is text to a printer, ``1B 40`` throws it
out of the printer's line. Nothing sets a speed, moves paper or touches a card. A scanner answers nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from drivers.core import Condition
from drivers.errors import ProtocolError
from drivers.framing import Frame
from drivers.idcard import protocol as sam
from drivers.idcard.events import OUT_OF_ORDER
from drivers.printer import status as printer
from drivers.sentence import EVERYBODY, FORGET_LINE, Sentence, SentenceFinder, encode_sentence, harmless
from drivers.strip.onbon_frame import HOST, OnbonFinder, OnbonFrame, encode_frame
from drivers.strip.protocols.onbon import PING
from drivers.transport import Transport

BAUDS = (115200, 9600, 19200, 57600, 38400)
"""Readers come with 115200, pads and strips with 9600, Onbon perhaps with 57600."""
PRINTER_S = 0.3
READER_S = 0.6
HOUSE_S = 3.2
"""The device at address 99 answers last."""
HOUSE_REST_S = 0.4
ONBON_S = 0.4
HOUSE_BAUDS = frozenset({9600, 19200})
BROADCAST = 0xFFFF
WRITE_S = 1.0
KINDS = {"PAD": "pads", "LED": "strips"}
KIND_OF = {"pads": "pad", "strips": "strip"}


@dataclass(frozen=True, slots=True)
class Found:
    """A device that answered: in words, its condition, and the speed it was met at."""

    kind: str
    condition: Condition
    baud: int
    """0 where a port has no speed."""
    detail: str = ""
    kinds: tuple[str, ...] = ()
    """``idcard``, ``printer``, ``pad``, ``strip``: a line of the house can carry the last two."""


@dataclass(slots=True)
class Talk:
    """An open line, asked and listened to with a limit."""

    line: Transport
    baud: int
    clock: Callable[[], float] = time.monotonic

    def ask(self, question: bytes, wait_s: float, enough: Callable[[bytes], bool], *, rest_s: float = 0.0) -> bytes:
        """What came until it was ``enough``, or nothing came for ``rest_s`` after something, or ``wait_s`` passed."""
        self.line.discard_input()
        self.line.write(question, WRITE_S)
        heard = b""
        until = self.clock() + wait_s
        while (left := until - self.clock()) > 0 and not enough(heard):
            data = self.line.read(4096, min(left, rest_s) if heard and rest_s else left)
            if not data and heard and rest_s:
                break
            heard = (heard + data)[-4096:]
        return heard


def probe(open_line: Callable[[int], Transport], bauds: Iterable[int] = BAUDS) -> Found | None:
    """The first device that answers, None when nothing does. Takes up to half a minute. Raises PortError."""
    for baud in bauds:
        line = open_line(baud)
        try:
            talk = Talk(line, baud)
            found = look_all(talk)
            if found is not None:
                return found
        finally:
            line.close()
    return None


def look_all(talk: Talk) -> Found | None:
    """The first device that answers on this line, at this speed."""
    for look in (look_printer, look_reader, look_house, look_onbon):
        found = look(talk)
        if found is not None:
            return found
    return None


def look_printer(talk: Talk) -> Found | None:
    answers: dict[int, int] = {}
    for question in printer.QUESTIONS:
        heard = talk.ask(bytes((0x10, 0x04, question)), PRINTER_S, bool)
        if len(heard) != 1 or heard[0] & printer.FIXED_MASK != printer.FIXED_BITS:
            return None
        answers[question] = heard[0]
    name = talk.ask(b"\x1d\x49\x43", PRINTER_S, lambda heard: heard.endswith(b"\0"))
    detail = name[1:-1].decode("ascii", "replace") if name[:1] == b"_" and name.endswith(b"\0") else ""
    return Found("ESC/POS printer", printer.parse_status(answers).link_condition, talk.baud, detail, ("printer",))


def look_reader(talk: Talk) -> Found | None:
    status = _sam_answer(talk, sam.Command.STATUS)
    if status is None:
        return None
    code = OUT_OF_ORDER.get(status.sw3, "")
    number = None if code else _sam_answer(talk, sam.Command.SAM_NUMBER)
    detail = ""
    if number is not None and number.sw3 == sam.Status.OK:
        try:
            detail = sam.parse_sam_number(number.data)
        except ProtocolError:
            detail = ""
    return Found("ID-card reader", Condition("down" if code else "ok", code), talk.baud, detail, ("idcard",))


def _sam_answer(talk: Talk, command: sam.Command) -> sam.Answer | None:
    def frames(heard: bytes) -> list[Frame]:
        return [found for found in sam.answers().receive(heard, 0.0) if isinstance(found, Frame)]

    heard = talk.ask(sam.encode_command(command) + FORGET_LINE, READER_S, lambda heard: bool(frames(heard)))
    found = frames(heard)
    answer = sam.parse_answer(found[0].body) if found else None
    return answer if answer is not None and sam.fits(command, answer) else None


def look_house(talk: Talk) -> Found | None:
    if talk.baud not in HOUSE_BAUDS:
        return None
    question = harmless(encode_sentence(Sentence("PNG", EVERYBODY)))
    heard = talk.ask(question, HOUSE_S, lambda _: False, rest_s=HOUSE_REST_S)
    at: dict[str, list[int]] = {}
    for found in SentenceFinder().receive(heard, 0.0):
        if isinstance(found, Sentence) and found.kind == "PNG" and found.fields[:1] == ("OK",):
            at.setdefault(KINDS.get(found.fields[-1], "devices"), []).append(found.address)
    if not at:
        return None
    detail = "; ".join(f"{kind} at {', '.join(map(str, sorted(set(addresses))))}" for kind, addresses in at.items())
    kinds = tuple(KIND_OF[kind] for kind in at if kind in KIND_OF)
    return Found("house line", Condition("ok"), talk.baud, detail, kinds)


def look_onbon(talk: Talk) -> Found | None:
    def frames(heard: bytes) -> list[OnbonFrame]:
        found = OnbonFinder().receive(heard, 0.0)
        return [each for each in found if isinstance(each, OnbonFrame) and each.source != HOST]

    question = encode_frame(OnbonFrame(BROADCAST, HOST, PING)) + FORGET_LINE
    found = frames(talk.ask(question, ONBON_S, lambda heard: bool(frames(heard))))
    if not found:
        return None
    return Found("Onbon strip controller", Condition("ok"), talk.baud, f"address {found[0].address}", ("strip",))
