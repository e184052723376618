"""Server-sent events out of bytes (HTML standard 9.2.6, as far as our server uses it); whether the server lives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kiosk.errors import ServerError

EVENT_BYTES_MAX = 1024 * 1024
"""A longer event is not one of ours."""
MISSED = 3
"""So many heartbeats missed mean offline (DESIGN 4.10)."""


@dataclass(frozen=True, slots=True)
class StreamEvent:
    name: str
    data: bytes


@dataclass(slots=True)
class EventParser:
    """Cut anywhere, the same events: ``event: bye``, ``data: {}``, an empty line are ``StreamEvent("bye", b"{}")``."""

    _rest: bytes = b""
    _name: str = "message"
    _data: list[bytes] = field(default_factory=list)

    def receive(self, data: bytes) -> list[StreamEvent]:
        """Events that are whole now. Raises ServerError when one grows beyond all measure."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        events: list[StreamEvent] = []
        for line in lines:
            event = self._line(line.removesuffix(b"\r"))
            if event is not None:
                events.append(event)
        if len(self._rest) + sum(map(len, self._data)) > EVENT_BYTES_MAX:
            raise ServerError("too_long", "stream")
        return events

    def _line(self, line: bytes) -> StreamEvent | None:
        if not line:
            event = StreamEvent(self._name, b"\n".join(self._data)) if self._data else None
            self._name, self._data = "message", []
            return event
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"event":
            self._name = value.decode("utf-8", "replace")
        elif name == b"data":
            self._data.append(value)
        return None


@dataclass(slots=True)
class LinkWatch:
    """On line or not, from the moments at which the server was heard. Seconds are monotonic."""

    heartbeat_s: float
    steady_s: float
    """So long must heartbeats come without a gap before the kiosk counts as on line again."""
    started_s: float
    state: Literal["starting", "online", "offline"] = "starting"
    _last_s: float | None = None
    _since_s: float = 0.0

    def heard(self, now_s: float) -> bool | None:
        """A heartbeat or state came. True: on line from now; None: no change."""
        if self._last_s is None or now_s - self._last_s >= MISSED * self.heartbeat_s:
            self._since_s = now_s
        self._last_s = now_s
        first = self.state == "starting"
        if self.state != "online" and (first or now_s - self._since_s >= self.steady_s):
            self.state = "online"
            return True
        return None

    def passed(self, now_s: float) -> bool | None:
        """Time passed. False: off line from now; None: no change."""
        heard_s = self.started_s if self._last_s is None else self._last_s
        if self.state != "offline" and now_s - heard_s >= MISSED * self.heartbeat_s:
            self.state = "offline"
            return False
        return None
