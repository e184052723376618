"""What the server should know and nobody waits for: slips' fates, ended help, health. Sent in order, tried again."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.deadline import Cord, Line
from kiosk.errors import RefusedError, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable

LOG = logging.getLogger(__name__)
REPORTS_MAX = 200
"""The oldest are dropped above this: an hour of numbers without the server."""
BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 15.0)
"""Between two tries; the last one repeats."""
TRY_S = 5.0
TRIES_MAX = 200
"""About an hour; then the server will not take this report any more."""


@dataclass(frozen=True, slots=True)
class Report:
    """A POST. ``topic``: a newer report of the same topic replaces one that waits (health); empty: each counts.

    ``then`` makes of the answer what is to be reported next, if anything.
    """

    path: str
    body: bytes
    topic: str = ""
    then: Callable[[bytes | None], Report | None] | None = None


class Reporter:
    """One thread that sends reports, the oldest first."""

    def __init__(self, make_line: Callable[[], Line], *, back_off_s: tuple[float, ...] = BACK_OFF_S) -> None:
        self._make_line = make_line
        self._back_off_s = back_off_s
        self._waiting: deque[Report] = deque(maxlen=REPORTS_MAX)
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._cord = Cord()
        self._thread = threading.Thread(target=self._run, name="reports", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what waits is lost. Safe to repeat."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        self._cord.pull()
        if self._thread.is_alive():
            self._thread.join(TRY_S)

    def put(self, report: Report) -> None:
        """Send it some time; returns at once."""
        with self._changed:
            if report.topic:
                kept = [each for each in self._waiting if each.topic != report.topic]
                self._waiting.clear()
                self._waiting.extend(kept)
            self._waiting.append(report)
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def _run(self) -> None:
        line = self._make_line()
        while not self._stopping.is_set():
            with self._changed:
                while not self._waiting and not self._stopping.is_set():
                    self._changed.wait()
                report = self._waiting.popleft() if self._waiting else None
            if report is not None:
                self._send(line, report)
        line.close()

    def _send(self, line: Line, report: Report) -> None:
        for tried in range(TRIES_MAX):
            if self._stopping.is_set():
                return
            self._cord = Cord()
            ended = threading.Timer(TRY_S, self._cord.pull)
            ended.daemon = True
            ended.start()
            try:
                answer = line.exchange("POST", report.path, cord=self._cord, timeout_s=TRY_S, body=report.body)
            except RefusedError as error:
                LOG.warning("report %s: %s", report.path.rpartition("/")[2], error)
                return
            except ServerError:
                if self._outdated(report):
                    return
                self._stopping.wait(self._back_off_s[min(tried, len(self._back_off_s) - 1)])
            else:
                following = report.then(answer) if report.then is not None else None
                if following is not None:
                    self.put(following)
                return
            finally:
                ended.cancel()

    def _outdated(self, report: Report) -> bool:
        with self._changed:
            return bool(report.topic) and any(each.topic == report.topic for each in self._waiting)
