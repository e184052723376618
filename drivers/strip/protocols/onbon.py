"""Onbon BX-5K and BX-6K controllers as strips: one dynamic area with real-time text (command A3 06).

What a controller answers is in none of our sources, so any right frame from it counts as being there, silence is no
alarm, and the text is sent again now and then. There is no flashing among the known display modes: what should flash
moves to the left. The area's time-out makes the controller blank itself when nobody talks to it any more.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.errors import ProtocolError
from drivers.strip.events import COLUMNS, StripText, cells
from drivers.strip.onbon_frame import HOST, OnbonFinder, OnbonFrame, encode_frame
from drivers.strip.protocol import Showing, StripSaid

PING = b"\xa2\x00\x01\x00\x00"
STATUS = b"\xa1\x02\x01\x00\x00"
CLEAR = b"\xa3\x10\x01\x00\x00"
TEXT = b"\xa3\x06"
STILL, MOVE_LEFT = 1, 3
AREA_HEAD_BYTES = 27
TIMEOUT_UNIT_S = 2
BLANK_S = 60


@dataclass(frozen=True, slots=True)
class Area:
    """Where and how a text is shown. ``x`` and ``width`` count bytes of 8 dots, ``y`` and ``height`` dots."""

    x: int = 0
    y: int = 0
    width: int = 16
    height: int = 16
    number: int = 0
    single_line: bool = True
    wrap: bool = False
    mode: int = STILL
    speed: int = 4
    stay: int = 5
    """Half seconds."""
    timeout: int = BLANK_S // TIMEOUT_UNIT_S
    """Units of 2 s; 0 never."""


def encode_area(area: Area, text: bytes) -> bytes:
    """The area block: 27 bytes and the text."""
    head = bytearray((0,))
    for value in (area.x, area.y, area.width, area.height):
        head += value.to_bytes(2, "little")
    head += bytes((area.number, 0, 0)) + area.timeout.to_bytes(2, "little") + bytes(3)
    head += bytes((1 if area.single_line else 2, 2 if area.wrap else 1, area.mode, 0, area.speed, area.stay))
    return bytes(head) + len(text).to_bytes(4, "little") + text


def parse_area(block: bytes) -> tuple[Area, bytes]:
    """The other way round. Raises ProtocolError."""
    if len(block) < AREA_HEAD_BYTES or int.from_bytes(block[23:27], "little") != len(block) - AREA_HEAD_BYTES:
        raise ProtocolError("area_length")
    x, y, width, height = (int.from_bytes(block[at : at + 2], "little") for at in (1, 3, 5, 7))
    area = Area(
        x=x,
        y=y,
        width=width,
        height=height,
        number=block[9],
        single_line=block[17] == 1,
        wrap=block[18] == 2,
        mode=block[19],
        speed=block[21],
        stay=block[22],
        timeout=int.from_bytes(block[12:14], "little"),
    )
    return area, block[AREA_HEAD_BYTES:]


def encode_text(address: int, area: Area, text: bytes) -> bytes:
    """Real-time text in one area, as a whole frame."""
    block = encode_area(area, text)
    inner = bytes((0, 1)) + len(block).to_bytes(2, "little") + block
    data = TEXT + b"\x01" + len(inner).to_bytes(2, "little") + inner
    return encode_frame(OnbonFrame(address, HOST, data))


def parse_text(data: bytes) -> tuple[Area, bytes]:
    """What ``encode_text`` put into a frame's data. A stated length of 0 is taken for true. Raises ProtocolError."""
    stated = int.from_bytes(data[3:5], "little")
    if data[:2] != TEXT or len(data) < 9 or stated not in {0, len(data) - 5} or data[6] != 1:
        raise ProtocolError("text_command")
    if int.from_bytes(data[7:9], "little") != len(data) - 9:
        raise ProtocolError("area_length")
    return parse_area(data[9:])


class OnbonStrips:
    """What the host says, and how it understands the answers."""

    baud = 57600
    """No source says with which they come; 9600 is the other one in use, as a setting."""
    must_answer = False

    def finder(self) -> OnbonFinder:
        return OnbonFinder()

    def parse(self, message: OnbonFrame) -> StripSaid:
        if message.source == HOST:
            raise ProtocolError("own_echo")
        return Showing()

    def poll(self, address: int) -> bytes:
        if address >= HOST:
            raise ValueError("a controller's address lies below 8000")
        return encode_frame(OnbonFrame(address, HOST, PING))

    def who(self, address: int) -> bytes:
        return self.poll(address)

    def show(self, address: int, mark: int, text: StripText) -> bytes:  # noqa: ARG002 - the port's signature
        if not text.text:
            return encode_frame(OnbonFrame(address, HOST, CLEAR))
        area = Area(mode=MOVE_LEFT if text.flash else STILL)
        # The area begins at the left edge, so spaces bring a text that stands still to the middle.
        indent = 0 if text.flash else (COLUMNS - cells(text.text)) // 2
        return encode_text(address, area, b" " * indent + text.text.encode("gb18030"))


PROTOCOL = OnbonStrips()
