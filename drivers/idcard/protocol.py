"""Frames of the SAM module in an ID-card reader ("SDT" protocol).

Sources: module makers' sheets and eight public drivers that agree; the unsure parts are marked where they stand.
Request: ``AA AA AA 96 69``, length (2, big-endian), command, parameter, data, XOR. Answer: the same with SW1 SW2 SW3 in
place of command and parameter. Worked example: find card ``AA AA AA 96 69 00 03 20 01 22``, found
``AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97``, no card ``AA AA AA 96 69 00 04 00 00 80 84``.
Only SW3 is the module's own result; SW1 SW2 may pass through the card's status and mean nothing to us.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import Enum, IntEnum
from types import MappingProxyType

from drivers.errors import ProtocolError
from drivers.framing import FrameFinder, encode_frame

PREAMBLE = bytes.fromhex("AAAAAA9669")
SMALLEST_ANSWER = 4
SMALLEST_REQUEST = 3
LARGEST = 0x0A00
"""A little above the greatest length known (090A: text, photo and fingerprint)."""
GAP_S = 0.2
HEAD_BYTES = len(PREAMBLE) + 2


class Command(Enum):
    """What we ask. Fingerprints (30 10) and setting the baud (60 xx, kept over power-off) are left out on purpose."""

    RESET = (0x10, 0xFF)
    STATUS = (0x11, 0xFF)
    SAM_NUMBER = (0x12, 0xFF)
    FIND = (0x20, 0x01)
    SELECT = (0x20, 0x02)
    READ = (0x30, 0x01)
    NEWEST_ADDRESS = (0x30, 0x03)
    CARD_NUMBER = (0x30, 0x05)
    """The chip's management number; the parameter is single-source."""


class Status(IntEnum):
    """SW3."""

    OK = 0x90
    FOUND = 0x9F
    NONE = 0x91
    HOST_CHECKSUM = 0x10
    HOST_LENGTH = 0x11
    COMMAND = 0x21
    NOT_PERMITTED = 0x23
    UNRECOGNISED = 0x24
    CARD_REFUSED_SAM = 0x31
    SAM_REFUSED_CARD = 0x32
    VERIFICATION = 0x33
    FINGERPRINT_VERIFICATION = 0x37
    INFORMATION_LENGTH = 0x3F
    WRONG_CARD = 0x40
    READ_FAILED = 0x41
    RANDOM_FAILED = 0x47
    SELF_TEST = 0x60
    UNAUTHORISED = 0x66
    NO_CARD = 0x80
    """Also when the card that was read still lies there."""
    SELECT_FAILED = 0x81


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the module sees it."""

    command: int
    parameter: int
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. ``data`` may be personal: it is kept out of ``repr``."""

    sw1: int
    sw2: int
    sw3: int
    data: bytes = b""

    def __repr__(self) -> str:
        return f"Answer(sw3={self.sw3:02X}, {len(self.data)} bytes)"


@dataclass(frozen=True, slots=True, repr=False)
class BaseRecord:
    """The blocks of a read answer. **Personal data**; the photo is cut off by whoever takes the text."""

    text: bytes
    photo: bytes
    fingerprint: bytes = b""


@dataclass(frozen=True, slots=True, repr=False)
class CardNumber:
    """The chip's own numbers, upper-case hex. **Personal data**: they lead to one card."""

    iin: str
    sn: str
    dn: str


def answers(gap_s: float = GAP_S) -> FrameFinder:
    """The host's ear."""
    return FrameFinder(PREAMBLE, smallest=SMALLEST_ANSWER, largest=LARGEST, gap_s=gap_s)


def requests(gap_s: float = GAP_S) -> FrameFinder:
    """The module's ear, for simulators."""
    return FrameFinder(PREAMBLE, smallest=SMALLEST_REQUEST, largest=LARGEST, gap_s=gap_s)


def encode_command(command: Command) -> bytes:
    """The request frame of ``command``."""
    return encode_request(Request(*command.value))


def encode_request(request: Request) -> bytes:
    return encode_frame(PREAMBLE, bytes([request.command, request.parameter]) + request.data)


def parse_request(body: bytes) -> Request:
    """A frame's body as a request. Raises ProtocolError ``length``."""
    if len(body) < SMALLEST_REQUEST - 1:
        raise ProtocolError("length")
    return Request(body[0], body[1], body[2:])


def encode_answer(answer: Answer) -> bytes:
    return encode_frame(PREAMBLE, bytes([answer.sw1, answer.sw2, answer.sw3]) + answer.data)


def parse_answer(body: bytes) -> Answer:
    """A frame's body as an answer. Raises ProtocolError ``length``."""
    if len(body) < SMALLEST_ANSWER - 1:
        raise ProtocolError("length")
    return Answer(body[0], body[1], body[2], body[3:])


def parse_base_record(data: bytes) -> BaseRecord:
    """The data of a read answer: inner lengths, text, photo and, in the longer form, fingerprint.

    The first two lengths are of text and photo; the third is there in answers to 30 10 and may be zero (single-source).
    Raises ProtocolError ``payload_lengths`` when they do not add up or the text is not 256 bytes.
    """
    for count in (2, 3):
        head = count * 2
        if len(data) < head:
            break
        lengths = struct.unpack(f">{count}H", data[:head])
        if head + sum(lengths) == len(data) and lengths[0] == TEXT_BYTES:
            text_end = head + lengths[0]
            photo_end = text_end + lengths[1]
            return BaseRecord(data[head:text_end], data[text_end:photo_end], data[photo_end:])
    raise ProtocolError("payload_lengths")


def encode_base_record(record: BaseRecord) -> bytes:
    """The short form, answer to 30 01."""
    return struct.pack(">2H", len(record.text), len(record.photo)) + record.text + record.photo


TEXT_BYTES = 256
SAM_NUMBER_BYTES = 16
_SAM_NUMBER = struct.Struct("<HHIII")


def parse_sam_number(data: bytes) -> str:
    """The module's number as printed on it, such as ``05.03-20990101-0000012345-0000067890``.

    Little-endian u16 u16 u32 u32 u32. Raises ProtocolError ``sam_number``.
    """
    if len(data) != SAM_NUMBER_BYTES:
        raise ProtocolError("sam_number")
    kind, version, day, low, high = _SAM_NUMBER.unpack(data)
    return f"{kind:02}.{version:02}-{day:08}-{low:010}-{high:010}"


def encode_sam_number(text: str) -> bytes:
    """The 16 bytes of a printed number. Raises ValueError."""
    head, *rest = text.split("-")
    kind, version = head.split(".")
    return _SAM_NUMBER.pack(int(kind), int(version), *map(int, rest))


def parse_card_number(data: bytes) -> CardNumber:
    """The answer to 30 05: IIN 4 (missing in the short form), SN 8, DN 16. Raises ProtocolError ``card_number``."""
    match len(data):
        case 28:
            return CardNumber(data[:4].hex().upper(), data[4:12].hex().upper(), data[12:].hex().upper())
        case 24:
            return CardNumber("", data[:8].hex().upper(), data[8:].hex().upper())
        case _:
            raise ProtocolError("card_number")


OK_LENGTHS: MappingProxyType[Command, frozenset[int] | None] = MappingProxyType(
    {
        Command.RESET: frozenset({0}),
        Command.STATUS: frozenset({0}),
        Command.SAM_NUMBER: frozenset({SAM_NUMBER_BYTES}),
        Command.SELECT: frozenset({8}),
        Command.FIND: frozenset(),
        Command.NEWEST_ADDRESS: frozenset({70}),
        Command.CARD_NUMBER: frozenset({24, 28}),
        Command.READ: None,
    }
)
"""Data lengths of a successful (90) answer; None: any that is longer than all the others."""
_LONGEST_SHORT = 70


def fits(command: Command, answer: Answer) -> bool:
    """Whether ``answer`` can be one to ``command``: frames carry no sequence number, so a late one is told by shape."""
    match answer.sw3:
        case Status.FOUND:
            return command is Command.FIND
        case Status.NO_CARD:
            return command not in {Command.STATUS, Command.RESET, Command.SAM_NUMBER}
        case Status.OK:
            lengths = OK_LENGTHS[command]
            return len(answer.data) > _LONGEST_SHORT if lengths is None else len(answer.data) in lengths
        case _:
            return True
