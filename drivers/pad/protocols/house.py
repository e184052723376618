"""The house's own pads: sentences of kind PAD, specified in the package README.

Worked examples: poll ``$PAD,03,P*06``; a press ``$PAD,03,K,NEXT,017*2C`` (with its age in tenths of a second
``$PAD,03,K,NEXT,017,004*34``); taken ``$PAD,03,A,017*0D``; nothing waits and display 042 is shown ``$PAD,03,N,042*02``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from drivers.errors import ProtocolError
from drivers.pad.events import PadDisplay
from drivers.pad.protocol import Idle, OtherDevice, PadSaid, Pressed
from drivers.sentence import WHO, HouseSpeech, Sentence, encode_sentence, encode_text, parse_number, parse_text

if TYPE_CHECKING:
    from drivers.pad.events import Beep

KIND = "PAD"
WAITING_MOST = 999
TENTHS = 10
_WORD_LETTERS = 8


class HousePads(HouseSpeech):
    """Both sides of the wire: what the host says, and (for the simulator) what a pad answers."""

    kind = KIND

    def parse(self, message: Sentence) -> PadSaid:
        if stranger := self.stranger(message):
            return OtherDevice(stranger)
        match message:
            case Sentence("PAD", _, ("K", word, press)):
                return Pressed(_word(word), parse_number(press))
            case Sentence("PAD", _, ("K", word, press, age)):
                return Pressed(_word(word), parse_number(press), parse_number(age) / TENTHS)
            case Sentence("PAD", _, ("N", mark)):
                return Idle(parse_number(mark))
            case Sentence("PAD", _, ("N",)):
                return Idle()
            case Sentence("PNG", _, ("OK", *_)):
                return Idle()
            case _:
                raise ProtocolError("pad_answer")

    def acknowledge(self, address: int, press: int) -> bytes:
        return encode_sentence(Sentence(KIND, address, ("A", f"{press:03d}")))

    def show(self, address: int, mark: int, display: PadDisplay) -> bytes:
        waiting = "" if display.waiting is None else str(min(display.waiting, WAITING_MOST))
        return encode_sentence(Sentence(KIND, address, ("D", f"{mark:03d}", encode_text(display.next_number), waiting)))

    def beep(self, address: int, beep: Beep) -> bytes:
        return encode_sentence(Sentence(KIND, address, ("Z", beep.value)))


def encode_said(address: int, said: PadSaid) -> bytes:
    """A pad's answer; the other way round than ``HousePads.parse``."""
    match said:
        case Pressed(word, press, None):
            fields: tuple[str, ...] = ("K", word, f"{press:03d}")
        case Pressed(word, press, age_s):
            fields = ("K", word, f"{press:03d}", f"{min(int((age_s or 0) * TENTHS + 0.5), 999):03d}")
        case Idle(None):
            fields = ("N",)
        case Idle(mark):
            fields = ("N", f"{mark:03d}")
        case OtherDevice(kind):
            return encode_sentence(Sentence(WHO, address, ("OK", "1.0", kind)))
    return encode_sentence(Sentence(KIND, address, fields))


def parse_display(number: str, waiting: str) -> PadDisplay:
    """The two last fields of a D sentence. Raises ProtocolError."""
    if not waiting:
        return PadDisplay(parse_text(number), None)
    return PadDisplay(parse_text(number), parse_number(waiting))


def _word(field: str) -> str:
    if not (field.isascii() and field.isalnum() and field.isupper() and len(field) <= _WORD_LETTERS):
        raise ProtocolError("key")
    return field


PROTOCOL = HousePads()
