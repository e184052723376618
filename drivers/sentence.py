"""The house's line protocol: one printable sentence per message, for pads and strips on RS-232 and RS-485.

``$`` kind ``,`` address ``,`` fields ``*`` check CR LF, at most 128 bytes. The check is the XOR of the characters
between ``$`` and ``*`` as two upper-case hex digits. Worked example: ``$PAD,03,K,NEXT,017*2C``. The package README
specifies it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drivers.checksums import xor8
from drivers.errors import ProtocolError
from drivers.framing import Broken

SENTENCE_BYTES = 128
"""The longest sentence with its CR LF."""
GAP_S = 0.1
"""A pause this long inside a sentence ends it."""
EVERYBODY = 0
"""The address that all devices of a line obey."""
ADDRESSES = range(1, 100)
WHO = "PNG"
"""The kind that every device answers: who is there?"""

FORGET_LINE = b"\x1b\x40"
_START = b"$"
_SHAPE = re.compile(rb"([A-Z]{3}),([0-9]{2})((?:,[^,]*)*)")
_NOT_BODY = re.compile(rb"[^ -#%-~]")
_ENDS = b"\r\n"


@dataclass(frozen=True, slots=True)
class Sentence:
    """``kind`` is three capitals (PAD, LED, PNG), ``address`` 0 to 99, ``fields`` printable ASCII without ``,$*``."""

    kind: str
    address: int
    fields: tuple[str, ...] = ()


def encode_sentence(sentence: Sentence) -> bytes:
    """The sentence as it goes over the line. Raises ValueError when it cannot be said (characters, length)."""
    body = ",".join((sentence.kind, f"{sentence.address:02d}", *sentence.fields)).encode("ascii")
    whole = b"$%b*%02X\r\n" % (body, xor8(body))
    fields_fit = not any("," in field or "*" in field for field in sentence.fields)
    if not fields_fit or len(whole) > SENTENCE_BYTES or _NOT_BODY.search(body) or not _SHAPE.fullmatch(body):
        raise ValueError("not a sentence")
    return whole


def harmless(question: bytes) -> bytes:
    """``question`` so that a printer on the wrong plug prints nothing: no line feed, and then its line is thrown away.

    Devices of the house take a sentence as complete at its CR, and ``1B 40`` for noise between two sentences.
    """
    return question.rstrip(b"\n") + FORGET_LINE


def parse_sentence(line: bytes) -> Sentence:
    """What stands between ``$`` (included) and the line end (excluded). Raises ProtocolError."""
    body, star, check = line[1:].rpartition(b"*")
    if not star or len(check) != 2 or check != b"%02X" % xor8(body):
        raise ProtocolError("checksum")
    shape = _SHAPE.fullmatch(body)
    if line[:1] != _START or shape is None or b"*" in body or _NOT_BODY.search(body):
        raise ProtocolError("shape")
    kind, address, fields = (part.decode("ascii") for part in shape.groups())
    return Sentence(kind, int(address), tuple(fields.split(",")[1:]))


class SentenceFinder:
    """Finds sentences in a stream of bytes; has the methods of ``framing.FrameFinder``.

    A sentence is complete with its CR or its LF. ``$`` never stands inside one, so each ``$`` begins anew.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._heard_at = 0.0

    @property
    def inside(self) -> bool:
        """Whether a sentence has begun and is not complete."""
        return bool(self._buffer)

    def clear(self) -> None:
        """Forget what is incomplete."""
        self._buffer.clear()

    def receive(self, data: bytes, now: float) -> list[Sentence | Broken]:
        """What ``data`` completes, and what it breaks."""
        if data:
            self._buffer += data
            self._heard_at = now
        found: list[Sentence | Broken] = []
        while (one := self._take_one()) is not None:
            found.append(one)
        return found

    def deadline(self) -> float | None:
        """When the rest of what is incomplete must have come; None when nothing is."""
        return self._heard_at + GAP_S if self._buffer else None

    def wake(self, now: float) -> list[Sentence | Broken]:
        """At the deadline: what is incomplete stays so."""
        deadline = self.deadline()
        if deadline is None or now < deadline:
            return []
        got = len(self._buffer)
        self.clear()
        return [Broken("timeout", SENTENCE_BYTES, got)]

    def _take_one(self) -> Sentence | Broken | None:
        buffer = self._buffer
        start = buffer.find(_START)
        if start < 0:
            buffer.clear()
            return None
        del buffer[:start]
        end = _NOT_BODY.search(buffer, 1)
        length = end.start() if end else len(buffer)
        if length > SENTENCE_BYTES - len(_ENDS):
            del buffer[:length]
            return Broken("length", SENTENCE_BYTES, length)
        if end is None:
            return None
        line, stop = bytes(buffer[:length]), buffer[length]
        del buffer[:length]
        if stop not in _ENDS:
            return Broken("length", SENTENCE_BYTES, length)
        try:
            return parse_sentence(line)
        except ProtocolError:
            return Broken("checksum", length, length)


class HouseSpeech:
    """What all devices of the house are asked alike; ``kind`` is that of their sentences."""

    baud = 9600
    kind = ""

    def finder(self) -> SentenceFinder:
        return SentenceFinder()

    def poll(self, address: int) -> bytes:
        return encode_sentence(Sentence(self.kind, address, ("P",)))

    def who(self, address: int) -> bytes:
        return harmless(encode_sentence(Sentence(WHO, address)))

    def stranger(self, said: Sentence) -> str:
        """The kind of device that said this, if it is another one; else empty."""
        kind = said.fields[-1] if said.kind == WHO and said.fields[:1] == ("OK",) and said.fields[2:] else said.kind
        return "" if kind in {self.kind, WHO} else kind


def parse_number(field: str) -> int:
    """One to three digits. Raises ProtocolError."""
    if not (field.isascii() and field.isdigit() and len(field) <= 3):
        raise ProtocolError("number")
    return int(field)


def encode_text(text: str) -> str:
    """Text as upper-case hex of its GB18030 bytes: every byte on the line stays printable. ``号`` gives ``BAC5``.

    Raises ValueError (UnicodeEncodeError) for a lone surrogate.
    """
    return text.encode("gb18030").hex().upper()


def parse_text(field: str) -> str:
    """The text of a hex field. Raises ProtocolError."""
    try:
        return bytes.fromhex(field).decode("gb18030")
    except ValueError:
        raise ProtocolError("text") from None
