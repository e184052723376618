"""What all simulators are: a device without I/O behind a port at the line's pace, with a control channel beside it."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from drivers.control import BadRequest, ControlServer, Reply, Request
from drivers.listening import Listener, Station
from drivers.transport import Transport

WRITE_S = 1.0
LISTEN_S = 0.2
AnyFault = TypeVar("AnyFault", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes to send after a pause of ``after_s``."""

    after_s: float
    data: bytes


class DeviceSimulator(ABC):
    """A device behind a port. ``start``, then do what a hand would do by the control channel, or by ``control``."""

    def __init__(
        self, listener: Listener, *, name: str, baud: int | None, control_host: str, control_port: int
    ) -> None:
        """``baud`` None: as fast as the socket. The device is touched only with ``_lock`` held."""
        self._lock = threading.Lock()
        self._station = Station(listener, self._talk, baud=baud, name=name)
        self._control = ControlServer(self.control, host=control_host, port=control_port)

    @property
    def port_name(self) -> str:
        return self._station.port_name

    @property
    def control_address(self) -> str:
        return self._control.address

    @property
    def plugged(self) -> bool:
        return not self._station.pulled.is_set()

    def start(self) -> None:
        self._station.start()
        self._control.start()

    def stop(self) -> None:
        """End threads, line and listeners. Safe to repeat."""
        self._control.stop()
        self._station.stop()

    @abstractmethod
    def control(self, request: Request) -> Reply:
        """One request of the control channel. Raises BadRequest."""

    @abstractmethod
    def _talk(self, line: Transport) -> None:
        """As ``Station`` asks for."""

    @property
    def _talking(self) -> bool:
        return self.plugged and not self._station.stopping.is_set()

    def _say(self, line: Transport, pieces: Iterable[Piece]) -> None:
        """At the device's own pace."""
        for piece in pieces:
            self._station.stopping.wait(piece.after_s)
            line.write(piece.data, WRITE_S)


def fault_named(faults: type[AnyFault], name: str) -> AnyFault:
    """The fault of this name. Raises BadRequest that lists them all."""
    try:
        return faults(name)
    except ValueError:
        raise BadRequest(f"no fault {name!r}; there are: {', '.join(faults)}") from None
