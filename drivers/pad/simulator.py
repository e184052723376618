"""Simulated pads of the house that speak the real wire: keys to press, a display to read, beeps to count."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from drivers.control import BadRequest
from drivers.errors import ProtocolError
from drivers.pad.events import PadDisplay
from drivers.pad.protocol import Idle, Pressed
from drivers.pad.protocols.house import KIND, encode_said, parse_display
from drivers.sentence import Sentence, SentenceFinder, encode_sentence
from drivers.simulated_line import FarEnd, LineSimulator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drivers.control import Request
    from drivers.listening import Listener

WAITING_PRESSES = 4
"""A pad keeps so many presses that were not taken; further ones only beep."""
FIRMWARE = "1.0"


class SimulatedPad:
    """One pad. ``press`` is what a finger does."""

    def __init__(self, address: int) -> None:
        self._address = address
        self.display = PadDisplay()
        self.power_on(0.0)
        self.beeps: list[str] = []

    @property
    def address(self) -> int:
        return self._address

    def power_on(self, now: float) -> None:  # noqa: ARG002 - a device's signature
        self._mark = 0
        self._counter = 0
        self._greeted = False
        self._presses: deque[tuple[str, int, float]] = deque()
        self.display = PadDisplay()

    def press(self, key: str, now: float) -> bool:
        """Whether the pad took it."""
        if len(self._presses) >= WAITING_PRESSES:
            return False
        self._counter = (self._counter + 1) % 1000
        self._presses.append((key, self._counter, now))
        return True

    def step(self, now: float) -> None:
        """A pad does nothing by itself."""

    def receive(self, message: Sentence, now: float) -> bytes:
        match message:
            case Sentence("PNG", _, ()):
                return encode_sentence(Sentence("PNG", self._address, ("OK", FIRMWARE, KIND)))
            case Sentence("PAD", _, fields) if fields:
                if not self._obey(fields):
                    return b""
                return encode_said(self._address, self._answer(now))
            case _:
                return b""

    def _obey(self, fields: tuple[str, ...]) -> bool:
        match fields:
            case ("P",):
                pass
            case ("A", press):
                if self._presses and f"{self._presses[0][1]:03d}" == press:
                    self._presses.popleft()
            case ("D", mark, number, waiting):
                try:
                    self.display, self._mark = parse_display(number, waiting), int(mark)
                except (ProtocolError, ValueError):
                    return False
            case ("Z", beep):
                self.beeps = [*self.beeps, beep][-100:]
            case _:
                return False
        return True

    def _answer(self, now: float) -> Pressed | Idle:
        if self._presses and self._greeted:
            word, press, at = self._presses[0]
            return Pressed(word, press, now - at)
        self._greeted = True
        return Idle(self._mark)

    def act(self, request: Request, now: float) -> bool:
        match request:
            case {"do": "press", "key": str(key)}:
                if not (key.isascii() and key.isalnum() and key.isupper() and len(key) <= 8):
                    raise BadRequest(f"no key {key!r}; a key is one to eight capitals")
                if not self.press(key, now):
                    raise BadRequest("the pad keeps no more presses")
                return True
            case _:
                return False

    def state(self, now: float) -> dict[str, object]:
        return {
            "next_number": self.display.next_number,
            "waiting": self.display.waiting,
            "beeps": list(self.beeps),
            "presses": [{"key": key, "press": press, "age_s": round(now - at, 1)} for key, press, at in self._presses],
        }


def pads(addresses: Iterable[int], *, seed: int = 1) -> FarEnd:
    """A line of pads without I/O."""
    return FarEnd([SimulatedPad(address) for address in addresses], SentenceFinder(), seed=seed)


class PadSimulator(LineSimulator):
    """Pads behind a port. Control: ``press`` (``address``, ``key``) and those of every line."""

    def __init__(
        self,
        listener: Listener,
        addresses: Iterable[int],
        *,
        baud: int = 9600,
        control_host: str = "127.0.0.1",
        control_port: int = 0,
    ) -> None:
        super().__init__(
            pads(addresses), listener, name="pads", baud=baud, control_host=control_host, control_port=control_port
        )
