"""The simulated devices as a hand reaches them: empty the paper, lay a card, take the slip, press a pad's key."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drivers.control import ControlClient
from drivers.pad.events import Key
from drivers.printer.decoder import decode

PRINTER_FAULTS: Mapping[str, tuple[str, str]] = {
    "paper_end": ("取走纸卷", "没纸"),
    "paper_near_end": ("换上残卷", "纸快完"),
    "cover_open": ("掀开盖子", "盖子开着"),
    "silent": ("断电", "没反应"),
    "unplug": ("拔线", "线拔了"),
}
"""What the hand does, and how the printer is then."""
PAD_KEYS: Mapping[str, str] = {
    Key.NEXT: "叫号",
    Key.RECALL: "重呼",
    Key.START: "开始",
    Key.FINISH: "办结",
    Key.MISS: "过号",
    Key.HOLD: "挂起",
    Key.RESUME: "接着办",
    Key.UNDO: "撤回",
    Key.OPEN: "开窗",
    Key.PAUSE: "暂停",
    Key.HELP: "求助",
}
"""In the order of a pad's keys."""
LINE_FAULTS: Mapping[str, str] = {"unplug": "拔线", "silent": "死机"}
CARDS: Mapping[str, tuple[str, str]] = {
    "mainland": ("测试甲", "居民身份证"),
    "hmt": ("测港甲", "港澳台居住证"),
    "fpr_2017": ("测外甲", "永居证 2017"),
    "fpr_2023": ("测外乙", "永居证 2023"),
}
"""Cards of people who do not exist; the same in every demo."""


@dataclass(frozen=True, slots=True)
class SlipBytes:
    """One slip as the printer got it, cut off at the cutter. ``n`` counts from 1."""

    n: int
    data: bytes


class Devices:
    """All simulators by their control addresses (``host:port``). Calls raise OSError when a simulator is gone."""

    def __init__(self, printer: str, reader: str, *, pads: str = "", strips: str = "") -> None:
        """``pads`` and ``strips`` are empty in a hall without them."""
        self._printer = printer
        self._reader = reader
        self._pads = pads
        self._strips = strips

    def at_printer(self, said: Mapping[str, Any]) -> None:
        """Pass on ``{"do": "fault", "name": …}`` or ``{"do": "clear"}``. Raises BadRequest for anything unknown."""
        self._ask(self._printer, said)

    def at_reader(self, said: Mapping[str, Any]) -> None:
        """Pass on ``{"do": "lay", "card": …}`` or ``{"do": "lift"}``. Raises BadRequest for anything unknown."""
        self._ask(self._reader, said)

    @property
    def has_lines(self) -> bool:
        return bool(self._pads and self._strips)

    def at_pads(self, said: Mapping[str, Any]) -> None:
        """Pass on ``{"do": "press", "address": …, "key": …}``, a fault or ``clear``. Raises BadRequest."""
        self._ask(self._pads, said)

    def at_strips(self, said: Mapping[str, Any]) -> None:
        """Pass on a fault or ``clear``. Raises BadRequest."""
        self._ask(self._strips, said)

    def lines(self) -> dict[str, Any]:
        """Both lines as their simulators are: what pads show and sounded, what strips show, faults."""
        pads, strips = (self._ask(line, {"do": "state"}) for line in (self._pads, self._strips))
        return {"pads": pads, "strips": strips}

    def strip_picture(self, address: int) -> bytes:
        """The strip's dots as PNG, 768 × 96. Raises BadRequest for an unknown address."""
        return base64.b64decode(self._ask(self._strips, {"do": "picture", "address": address})["png"])

    def printer_fault(self) -> str | None:
        faults = self._ask(self._printer, {"do": "state"}).get("faults") or []
        return str(faults[0]) if faults else None

    def card(self) -> str | None:
        card = self._ask(self._reader, {"do": "state"}).get("card")
        return None if card is None else str(card)

    def slip_count(self) -> int:
        return int(self._ask(self._printer, {"do": "state"}).get("slips", 0))

    def slips(self, after: int = 0) -> list[SlipBytes]:
        """Slips that came out after the ``after``-th, oldest first."""
        answer = self._ask(self._printer, {"do": "slips", "after": after})
        return [SlipBytes(each["n"], base64.b64decode(each["bytes"])) for each in answer["slips"]]

    def slip_picture(self, n: int) -> bytes | None:
        """The n-th slip as PNG, 576 dots wide; None when there is none."""
        for slip in self.slips(after=n - 1):
            if slip.n == n:
                out = io.BytesIO()
                decode(slip.data).to_image().save(out, "PNG")
                return out.getvalue()
        return None

    @staticmethod
    def _ask(address: str, said: Mapping[str, Any]) -> dict[str, Any]:
        with ControlClient(address) as control:
            return control.ask(**said)
