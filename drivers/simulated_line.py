"""A simulated line with several devices at their addresses, as the simulators of pads and strips share it.

``FarEnd`` is the line's far side without I/O: questions in, answers and delays out, faults for one address or for all.
``LineSimulator`` puts it behind a port at the line's pace, with a control channel.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Protocol

from drivers.bus import Addressed, Finder, SaidIn_contra
from drivers.control import BadRequest, Reply, Request
from drivers.framing import Broken
from drivers.listening import Listener
from drivers.sentence import EVERYBODY
from drivers.simulated_device import LISTEN_S, DeviceSimulator, Piece, fault_named
from drivers.transport import Transport

TURN_S = 0.004
"""A device's own time from question to answer."""
BROADCAST_STEP_S = 0.03
BROADCASTS = frozenset({EVERYBODY, 0xFFFF})
"""The house's address for all, and Onbon's."""
LATE_S = 0.45
PIECE_PAUSE_S = 0.02


class Fault(StrEnum):
    """What can go wrong on a line; the README's tables say what staff see of each."""

    SILENT = "silent"
    CHECKSUM = "checksum"
    TRUNCATED = "truncated"
    NOISE = "noise"
    SLOW = "slow"
    LATE = "late"
    TWICE = "twice"
    COLLISION = "collision"
    UNPLUG = "unplug"


class Device(Protocol[SaidIn_contra]):
    """One simulated device. Not thread-safe."""

    @property
    def address(self) -> int: ...

    def power_on(self, now: float) -> None:
        """Forget everything that a device forgets without power."""
        ...

    def receive(self, message: SaidIn_contra, now: float) -> bytes:
        """The answer to a question to this address; empty when there is none."""
        ...

    def step(self, now: float) -> None:
        """Time passes."""
        ...

    def act(self, request: Request, now: float) -> bool:
        """Something a hand does at the device; False when this is none of it. Raises BadRequest."""
        ...

    def state(self, now: float) -> dict[str, object]:
        """For the control channel."""
        ...


class FarEnd:
    """All devices of one line. Not thread-safe: the simulator holds its lock around every call."""

    def __init__(self, devices: Sequence[Device[Any]], finder: Finder[Addressed], *, seed: int = 1) -> None:
        """``seed`` fixes the noise."""
        self.devices = {device.address: device for device in devices}
        self.faults: dict[int, Fault] = {}
        """By address; ``EVERYBODY`` for the whole line."""
        self.unpowered: set[int] = set()
        self.answered = 0
        self._finder = finder
        self._noise = random.Random(seed)

    def forget(self) -> None:
        """The line is new: no half question."""
        self._finder.clear()

    def receive(self, data: bytes, now: float) -> list[Piece]:
        """The pieces that answer the questions in ``data``."""
        found = [*self._finder.wake(now), *self._finder.receive(data, now)]
        return [piece for one in found if not isinstance(one, Broken) for piece in self._reply(one, now)]

    def step(self, now: float) -> None:
        for device in self.devices.values():
            device.step(now)

    def cut_power(self, address: int) -> None:
        self.unpowered.add(address)

    def give_power(self, address: int, now: float) -> None:
        if address in self.unpowered:
            self.unpowered.discard(address)
            self.devices[address].power_on(now)

    def _reply(self, message: Addressed, now: float) -> list[Piece]:
        pieces: list[Piece] = []
        for address, device in self.devices.items():
            to_all = message.address in BROADCASTS
            if address in self.unpowered or not (to_all or message.address == address):
                continue
            device.step(now)
            answer = device.receive(message, now)
            if answer:
                self.answered += 1
                elapsed_s = sum(piece.after_s for piece in pieces)
                wait_s = max(BROADCAST_STEP_S * address - elapsed_s, 0.0) if to_all else TURN_S
                pieces += self._spoil(answer, wait_s, self.faults.get(address) or self.faults.get(EVERYBODY))
        return pieces

    def _spoil(self, data: bytes, wait_s: float, fault: Fault | None) -> list[Piece]:
        """The answer as the present fault lets it out."""
        middle = len(data) // 2
        match fault:
            case Fault.SILENT | Fault.UNPLUG:
                return []
            case Fault.CHECKSUM:
                return [Piece(wait_s, data[:-3] + bytes([data[-3] ^ 0x01]) + data[-2:])]
            case Fault.TRUNCATED:
                return [Piece(wait_s, data[:middle])]
            case Fault.NOISE:
                return [Piece(wait_s, self._noise.randbytes(5) + data + self._noise.randbytes(3))]
            case Fault.SLOW:
                return [Piece(wait_s + PIECE_PAUSE_S, data[:middle]), Piece(PIECE_PAUSE_S, data[middle:])]
            case Fault.LATE:
                return [Piece(LATE_S, data)]
            case Fault.TWICE:
                return [Piece(wait_s, data + data)]
            case Fault.COLLISION:
                # Two drivers on one pair: where they differ the zero wins, and they never begin together.
                return [Piece(wait_s, bytes(a & b for a, b in zip(data + b"\xff", b"\xff" + data, strict=True)))]
            case None:
                return [Piece(wait_s, data)]


class LineSimulator(DeviceSimulator):
    """The far end behind a port. ``start``, then act by the control channel or by ``control``."""

    def __init__(
        self,
        far_end: FarEnd,
        listener: Listener,
        *,
        name: str,
        baud: int,
        control_host: str = "127.0.0.1",
        control_port: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._far_end = far_end
        self._clock = clock
        super().__init__(listener, name=name, baud=baud, control_host=control_host, control_port=control_port)

    def control(self, request: Request) -> Reply:
        """``fault`` (``address`` optional), ``clear``, ``replug``, ``power`` (``on``), ``state``; and what devices do.

        Raises BadRequest.
        """
        with self._lock:
            match request:
                case {"do": "fault", "name": str(name)}:
                    self._set_fault(name, self._address(request, EVERYBODY))
                case {"do": "clear" | "replug"}:
                    self._far_end.faults.clear()
                    self._station.plug()
                case {"do": "power", "on": bool(on)}:
                    self._power(self._address(request, None), on=on)
                case {"do": "state"}:
                    return self._state()
                case {"do": str()}:
                    self._act(request)
                case _:
                    raise BadRequest('no "do" in the request')
        return {}

    def _address(self, request: Request, default: int | None) -> int:
        address = request.get("address", default)
        known = self._far_end.devices
        if not isinstance(address, int) or (address != default and address not in known):
            raise BadRequest(f"no device at {address!r}; there are: {', '.join(map(str, known))}")
        return int(address)

    def address_in(self, request: Request) -> int:
        """The device that a request is about; the first one when it names none. Raises BadRequest."""
        return self._address(request, min(self._far_end.devices))

    def _set_fault(self, name: str, address: int) -> None:
        fault = fault_named(Fault, name)
        self._far_end.faults[address] = fault
        if fault is Fault.UNPLUG and address == EVERYBODY:
            self._station.pull()

    def _power(self, address: int, *, on: bool) -> None:
        if on:
            self._far_end.give_power(address, self._clock())
        else:
            self._far_end.cut_power(address)

    def _act(self, request: Request) -> None:
        device = self._far_end.devices[self.address_in(request)]
        if not device.act(request, self._clock()):
            raise BadRequest(f"nothing is called {request['do']!r} here; try fault, clear, replug, power, state")

    def _state(self) -> Reply:
        now = self._clock()
        self._far_end.step(now)
        return {
            "plugged": self.plugged,
            "answered": self._far_end.answered,
            "faults": {str(address): fault.value for address, fault in self._far_end.faults.items()},
            "devices": {
                str(address): {"power": address not in self._far_end.unpowered, **device.state(now)}
                for address, device in self._far_end.devices.items()
            },
        }

    def _talk(self, line: Transport) -> None:
        with self._lock:
            self._far_end.forget()
        while self._talking:
            data = line.read(256, LISTEN_S)
            with self._lock:
                pieces = self._far_end.receive(data, self._clock()) if data else []
            self._say(line, pieces)
