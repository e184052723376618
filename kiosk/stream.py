"""The thread that listens to the hall: server-sent events, heartbeats, coming back by itself."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import msgspec
import urllib3

from kiosk.deadline import Cord, Line
from kiosk.errors import KioskError, RefusedError, ServerError
from kiosk.sse import MISSED, EventParser, LinkWatch, StreamEvent
from queue_server.wire import HEARTBEAT_S, HallState, Heartbeat, StreamSnapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import requests

LOG = logging.getLogger(__name__)
CHUNK_BYTES = 64 * 1024
OK = 200
BACK_OFF_S = (0.2, 0.5, 1.0, 2.0)
"""Between two tries to connect; the last one repeats."""


class HallStream:
    """``on_hall``, ``on_link`` and ``on_time`` are called on the stream's thread and must return at once."""

    def __init__(
        self,
        make_line: Callable[[], Line],
        steady_s: Callable[[], float],
        *,
        on_hall: Callable[[HallState], None],
        on_link: Callable[[bool], None],
        on_time: Callable[[datetime], None],
        on_beat: Callable[[], None],
        online_after_s: float = 10.0,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        self._make_line = make_line
        self._steady_s = steady_s
        self._on_hall, self._on_link, self._on_time, self._on_beat = on_hall, on_link, on_time, on_beat
        self._heartbeat_s = heartbeat_s
        self._watch = LinkWatch(heartbeat_s, online_after_s, steady_s())
        self._stopping = threading.Event()
        self._cord = Cord()
        self._thread = threading.Thread(target=self._run, name="hall stream", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Cut the stream and end the thread within about a second. Safe to repeat."""
        self._stopping.set()
        self._cord.pull()
        if self._thread.is_alive():
            self._thread.join(MISSED * self._heartbeat_s + 1)

    def _run(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            line = self._make_line()
            try:
                heard = self._listen(line)
            except KioskError as error:
                LOG.info("hall stream ended: %s", error)
                heard = False
            finally:
                line.close()
            self._look_at_link()
            tries = 0 if heard else tries + 1
            wait_s = BACK_OFF_S[min(tries, len(BACK_OFF_S) - 1)]
            self._stopping.wait(wait_s)
            self._look_at_link()

    def _listen(self, line: Line) -> bool:
        """One connection until it ends; True when anything came. Raises KioskError."""
        self._cord = Cord()
        if self._stopping.is_set():
            return False
        silence_s = MISSED * self._heartbeat_s
        head = threading.Timer(silence_s, self._cord.pull)  # a head that comes byte by byte is silence too
        head.daemon = True
        head.start()
        try:
            response = line.open(
                "GET", "/stream?topics=hall", cord=self._cord, timeout_s=silence_s, Accept="text/event-stream"
            )
        finally:
            head.cancel()
        try:
            if response.status_code != OK:
                raise RefusedError(response.status_code, "stream", "")
            return self._read(response)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise ServerError("silent", type(error).__name__) from error
        finally:
            response.close()

    def _read(self, response: requests.Response) -> bool:
        parser = EventParser()
        told_s = self._steady_s()
        heard = False
        while not self._stopping.is_set():
            chunk = response.raw.read1(CHUNK_BYTES, decode_content=True)
            now_s = self._steady_s()
            for event in parser.receive(chunk):
                heard = True
                told_s = now_s
                self._take(event)
                if event.name == "bye":
                    return heard
            if not chunk:
                return heard
            if now_s - told_s >= MISSED * self._heartbeat_s:
                raise ServerError("silent", "bytes without an event")
        return heard

    def _take(self, event: StreamEvent) -> None:
        """Unknown events and fields are a newer server's business."""
        try:
            match event.name:
                case "snapshot":
                    snapshot = msgspec.json.decode(event.data, type=StreamSnapshot)
                    self._on_time(snapshot.at)
                    if snapshot.hall is not None:
                        self._on_hall(snapshot.hall)
                case "hall":
                    self._on_hall(msgspec.json.decode(event.data, type=HallState))
                case "heartbeat":
                    self._on_time(msgspec.json.decode(event.data, type=Heartbeat).at)
                    self._on_beat()
                case _:
                    return
        except msgspec.MsgspecError as error:
            raise ServerError("malformed", event.name) from error
        self._tell(self._watch.heard(self._steady_s()))

    def _look_at_link(self) -> None:
        self._tell(self._watch.passed(self._steady_s()))

    def _tell(self, online: bool | None) -> None:  # noqa: FBT001 - what LinkWatch says
        if online is not None:
            self._on_link(online)
