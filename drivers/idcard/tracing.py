"""What of a reader's bytes may be written into a trace: heads, lengths and states, and never what a card says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from drivers.framing import Broken
from drivers.idcard.protocol import HEAD_BYTES, PREAMBLE, Status, answers, parse_answer
from drivers.trace import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drivers.framing import Found

_KNOWN = frozenset(Status)


class CardTeller:
    """A ``trace.Teller``. Requests are shown whole: they hold nothing of a card.

    Of an answer with a right check byte stand there preamble, length, SW1 SW2 SW3, and how many bytes were left out.
    Of everything else, noise and broken answers, only how many bytes they were: they may be parts of a card.
    Worked example: a read is ``AA AA AA 96 69 05 08 00 00 90, 1285 bytes not shown``.
    """

    def __init__(self) -> None:
        self._finder = answers()
        self._waiting = 0

    def sent(self, data: bytes) -> Sequence[str]:
        return [written(data)]

    def heard(self, data: bytes) -> Sequence[str]:
        self._waiting += len(data)
        return self._told(self._finder.receive(data, 0.0))

    def ended(self) -> Sequence[str]:
        texts = self._told(self._finder.wake(math.inf))
        waiting, self._waiting = self._waiting, 0
        return [*texts, f"{waiting} bytes of no whole answer, not shown"] if waiting > 0 else texts

    def _told(self, found: Sequence[Found]) -> list[str]:
        return [text for one in found if (text := self._text(one))]

    def _text(self, found: Found) -> str:
        if isinstance(found, Broken):
            return f"broken answer ({found.reason})"
        answer = parse_answer(found.body)
        length = len(found.body) + 1
        hidden = len(answer.data) + 1
        self._waiting -= HEAD_BYTES + length
        if answer.sw3 not in _KNOWN:
            return f"answer of no known state, {HEAD_BYTES + length} bytes not shown"
        head = PREAMBLE + length.to_bytes(2, "big") + found.body[:3]
        return f"{written(head)}, {hidden} {'bytes' if hidden > 1 else 'byte'} not shown"
