"""Simulated strips that speak the real wire: the house's and Onbon's. Nobody talks to them: they go dark."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from drivers.control import BadRequest
from drivers.errors import ProtocolError
from drivers.pad.simulator import SimulatedPad
from drivers.sentence import Sentence, SentenceFinder, encode_sentence
from drivers.simulated_line import Device, FarEnd, LineSimulator
from drivers.strip.events import StripText
from drivers.strip.onbon_frame import HOST, OnbonFinder, OnbonFrame, encode_frame
from drivers.strip.protocol import Showing
from drivers.strip.protocols import onbon
from drivers.strip.protocols.house import KIND, encode_showing, parse_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drivers.control import Reply, Request
    from drivers.listening import Listener

BLANK_S = 60.0
"""Without a word to this address for so long, a strip goes dark by itself."""
FIRMWARE = "1.0"


class _Dots:
    """What all simulated strips share: a text, and a clock that runs out."""

    blank_s: float = BLANK_S

    def __init__(self, address: int) -> None:
        self._address = address
        self._heard_at = 0.0
        self.shown = StripText()
        self.orders = 0

    @property
    def address(self) -> int:
        return self._address

    def power_on(self, now: float) -> None:
        self._heard_at = now
        self.shown = StripText()

    def step(self, now: float) -> None:
        if self.blank_s and now - self._heard_at >= self.blank_s:
            self.power_on(now)

    def act(self, request: Request, now: float) -> bool:  # noqa: ARG002 - a strip has no keys
        return False

    def state(self, now: float) -> dict[str, object]:
        return {
            "text": self.shown.text,
            "flash": self.shown.flash,
            "orders": self.orders,
            "quiet_s": round(now - self._heard_at, 1),
        }


class SimulatedStrip(_Dots):
    """A strip of the house."""

    mark = 0

    def power_on(self, now: float) -> None:
        super().power_on(now)
        self.mark = 0

    def receive(self, message: Sentence, now: float) -> bytes:
        match message:
            case Sentence("PNG", _, ()):
                return encode_sentence(Sentence("PNG", self._address, ("OK", FIRMWARE, KIND)))
            case Sentence("LED", _, ("P",)):
                pass
            case Sentence("LED", _, fields):
                try:
                    self.shown, self.mark = parse_order(fields)
                except ProtocolError:
                    return b""
                self.orders += 1
            case _:
                return b""
        self._heard_at = now
        return encode_showing(self._address, Showing(self.mark))


class SimulatedController(_Dots):
    """An Onbon controller. Its answers are ours: none is known, so it repeats the command group and command."""

    def __init__(self, address: int, *, answers: bool = True) -> None:
        super().__init__(address)
        self._answers = answers
        self.area = onbon.Area()

    def receive(self, message: OnbonFrame, now: float) -> bytes:
        try:
            self._obey(message.data)
        except (ProtocolError, UnicodeDecodeError):
            return b""
        self._heard_at = now
        answer = encode_frame(OnbonFrame(HOST, self._address, message.data[:2]))
        return answer if self._answers else b""

    def _obey(self, data: bytes) -> None:
        if data[:2] == onbon.TEXT:
            self.area, text = onbon.parse_text(data)
            self.blank_s = float(self.area.timeout * onbon.TIMEOUT_UNIT_S)
            self.shown = StripText(text.decode("gb18030").lstrip(" "), flash=self.area.mode != onbon.STILL)
            self.orders += 1
        elif data == onbon.CLEAR:
            self.shown = StripText()
            self.orders += 1


def strips(addresses: Iterable[int], *, protocol: str = "house", pads: Iterable[int] = (), seed: int = 1) -> FarEnd:
    """A line of strips without I/O; ``protocol`` is ``house``, ``onbon`` or ``onbon-mute``.

    ``pads`` at their own addresses share a line of the house.
    """
    if protocol == "house":
        at = [SimulatedStrip(address) for address in addresses]
        return FarEnd([*at, *(SimulatedPad(address) for address in pads)], SentenceFinder(), seed=seed)
    devices: list[Device[OnbonFrame]] = [
        SimulatedController(address, answers=protocol == "onbon") for address in addresses
    ]
    return FarEnd(devices, OnbonFinder(), seed=seed)


class StripSimulator(LineSimulator):
    """Strips behind a port. Control: ``picture`` (``address``) and those of every line."""

    def __init__(
        self,
        listener: Listener,
        addresses: Iterable[int],
        *,
        protocol: str = "house",
        pads: Iterable[int] = (),
        baud: int = 9600,
        control_host: str = "127.0.0.1",
        control_port: int = 0,
    ) -> None:
        super().__init__(
            strips(addresses, protocol=protocol, pads=pads),
            listener,
            name="strips",
            baud=baud,
            control_host=control_host,
            control_port=control_port,
        )

    def control(self, request: Request) -> Reply:
        """``picture``: the strip's dots as ``rows`` and as ``png`` in base64. Raises BadRequest."""
        if request.get("do") != "picture":
            return super().control(request)
        from drivers.strip.dots import png, rows  # noqa: PLC0415 - Pillow only when somebody looks

        address = self.address_in(request)
        strip = super().control({"do": "state"})["devices"][str(address)]
        if "text" not in strip:
            raise BadRequest(f"no strip at {address}")
        text = str(strip["text"])
        return {"text": text, "rows": rows(text), "png": base64.b64encode(png(text)).decode("ascii")}
