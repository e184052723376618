"""The house's own strips: sentences of kind LED, specified in the package README.

Worked examples: show 请A012号办理 flashing as text 042 ``$LED,03,S,C7EB41303132BAC5B0ECC0ED,F,042*44``; dark as
text 044 ``$LED,03,C,044*11``; are you there ``$LED,03,P*1E``; I show text 042 ``$LED,03,N,042*1A``.
"""

from __future__ import annotations

from drivers.errors import ProtocolError
from drivers.sentence import HouseSpeech, Sentence, encode_sentence, encode_text, parse_number, parse_text
from drivers.strip.events import StripText, StripTextWrong
from drivers.strip.protocol import OtherDevice, Showing, StripSaid

KIND = "LED"
STEADY, FLASH = "S", "F"


class HouseStrips(HouseSpeech):
    """What the host says, and how it understands the answers."""

    kind = KIND
    must_answer = True

    def parse(self, message: Sentence) -> StripSaid:
        if stranger := self.stranger(message):
            return OtherDevice(stranger)
        match message:
            case Sentence("LED", _, ("N", mark)):
                return Showing(parse_number(mark))
            case Sentence("LED", _, ("N",)):
                return Showing()
            case Sentence("PNG", _, ("OK", *_)):
                return Showing()
            case _:
                raise ProtocolError("strip_answer")

    def show(self, address: int, mark: int, text: StripText) -> bytes:
        if not text.text:
            return encode_sentence(Sentence(KIND, address, ("C", f"{mark:03d}")))
        effect = FLASH if text.flash else STEADY
        return encode_sentence(Sentence(KIND, address, ("S", encode_text(text.text), effect, f"{mark:03d}")))


def parse_order(fields: tuple[str, ...]) -> tuple[StripText, int]:
    """The strip's side of ``show``: text and mark of an S or C sentence, whose last fields may be missing.

    Raises ProtocolError.
    """
    match fields:
        case ("C",):
            return StripText(), 0
        case ("C", mark):
            return StripText(), parse_number(mark)
        case ("S", text, *rest) if len(rest) <= 2:
            effect, mark = (*rest, *(STEADY, "000")[len(rest) :])
            if effect not in {STEADY, FLASH}:
                raise ProtocolError("effect")
            try:
                return StripText(parse_text(text), effect == FLASH), parse_number(mark)
            except StripTextWrong:
                raise ProtocolError("text") from None
        case _:
            raise ProtocolError("order")


def encode_showing(address: int, showing: Showing) -> bytes:
    """A strip's answer; the other way round than ``HouseStrips.parse``."""
    fields = ("N",) if showing.mark is None else ("N", f"{showing.mark:03d}")
    return encode_sentence(Sentence(KIND, address, fields))


PROTOCOL = HouseStrips()
