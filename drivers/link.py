"""The link: one thread per device that carries bytes between a protocol core and a transport.

The core does no I/O and knows no clock: the link tells it the time, gives it what arrived, asks what to send and when
it wants to be woken. The link opens the port, opens it again after a loss (0.5 s, doubling to 10 s, unevenly), and
says how the device is as one ``Health`` value.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from drivers.core import UNPROVED, Condition, Core, Event, State
from drivers.errors import DriverError, LinkBusy
from drivers.transport import Transport

if TYPE_CHECKING:
    from pathlib import Path

    from drivers.trace import Trace

logger = logging.getLogger(__name__)

__all__ = ["UNPROVED", "Backoff", "Condition", "Core", "Health", "Link", "State"]

PIECE = 512
"""Bytes handed to the system at once: a second at 4800 baud, so status can be heard between pieces."""
READ_LIMIT = 4096
IDLE_S = 1.0
WRITE_S = 0.2
STOP_S = 1.0
COMMANDS_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Health:
    """How a device is. ``since`` is on the link's clock (monotonic seconds); ``code`` is ``""`` when all is well."""

    state: State
    code: str = ""
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits between attempts to open. ``jitter`` gives numbers in [0, 1); up to a fifth is added to each wait."""

    first_s: float = 0.5
    limit_s: float = 10.0
    jitter: Callable[[], float] = lambda: 0.0

    @classmethod
    def uneven(cls) -> Backoff:
        """With chance in it, so that two devices on one hub do not keep step."""
        import random  # noqa: PLC0415 - nobody who only imports the drivers pays for it

        return cls(jitter=random.random)

    def wait_s(self, failures: int) -> float:
        """The wait after ``failures`` (≥ 1) failures in a row."""
        return float(min(self.first_s * 2 ** min(failures - 1, 16), self.limit_s) * (1 + 0.2 * self.jitter()))


def written_to(path: Path | None) -> Trace | None:
    """A trace of all bytes in ``path``, if there is one: for devices that hear nothing personal."""
    if path is None:
        return None
    from drivers.trace import Trace  # noqa: PLC0415 - only when somebody asks for it

    return Trace(path)


@dataclass(frozen=True, slots=True)
class _Loss:
    code: str
    text: str


class Link(Generic[Event]):
    """Carries one core. ``on_event`` and ``on_health`` are called on the link's thread and must return at once."""

    def __init__(
        self,
        core: Core[Event],
        open_line: Callable[[], Transport],
        *,
        name: str,
        on_event: Callable[[Event], None],
        on_health: Callable[[Health], None] = lambda _health: None,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
        trace: Trace | None = None,
    ) -> None:
        """``open_line`` opens the port or raises a PortError; ``name`` is for the thread and the log.

        ``trace`` writes down what goes over the line.
        """
        self._core = core
        self._open_line = open_line
        self._name = name
        self._on_event = on_event
        self._on_health = on_health
        self._backoff = backoff or Backoff()
        self._clock = clock
        self._trace = trace
        self._health = Health("unknown", "starting", clock())
        self._commands: deque[Callable[[float], Sequence[Event]]] = deque()
        self._signal = threading.Condition()
        self._stopping = False
        self._line: Transport | None = None
        self._failures = 0
        self._unsent = b""
        self._lost: _Loss | None = None
        self._was_open = False
        self._thread: threading.Thread | None = None

    @property
    def health(self) -> Health:
        """The newest health; a frozen value, safe from any thread."""
        return self._health

    def start(self) -> None:
        """Start the thread; once."""
        self._thread = threading.Thread(target=self._run, name=f"link-{self._name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the port; returns within about a second. Safe to repeat, and before ``start``."""
        with self._signal:
            self._stopping = True
            self._wake()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(STOP_S)

    def post(self, command: Callable[[float], Sequence[Event]]) -> None:
        """Run ``command(now)`` (a bound method of the core) soon on the link's thread, whether or not the line is open.

        Raises LinkBusy when too many wait. Commands posted after ``stop`` are never run.
        """
        with self._signal:
            if len(self._commands) >= COMMANDS_LIMIT:
                raise LinkBusy(COMMANDS_LIMIT)
            self._commands.append(command)
            self._wake()

    def _wake(self) -> None:
        """Needs the lock."""
        if self._line is not None:
            self._line.wake()
        self._signal.notify_all()

    def _run(self) -> None:
        while not self._stopping:
            self._guarded(self._carry)
            if not self._guarded(self._rest):
                with self._signal:
                    self._signal.wait(0 if self._stopping else self._backoff.first_s)
        self._drop_line()

    def _guarded(self, step: Callable[[], None]) -> bool:
        """Run ``step``; whether it ended by itself. A failure costs the line, never the thread."""
        try:
            step()
        except DriverError as error:
            self._lost = _Loss(error.code, str(error))
        except Exception as error:  # noqa: BLE001 - the link's loop is the last one to see it (style card 5)
            # The text could hold what a card said; the type cannot.
            self._lost = _Loss("internal", type(error).__name__)
        else:
            return True
        self._was_open = self._drop_line() or self._was_open
        return False

    def _drop_line(self) -> bool:
        with self._signal:
            line, self._line = self._line, None
        if line is not None:
            line.close()
        return line is not None

    def _carry(self) -> None:
        line = self._open_line()
        if self._trace is not None:
            line = self._trace.around(line)
        with self._signal:
            self._line = line
        self._unsent = b""
        self._core.connected(self._clock())
        while not (self._stopping or self._parted()):
            self._do_commands()
            self._move_bytes(line)
            # After the reading: what waited in the system while this thread was late is not a silence.
            self._do_deadline()
            self._watch()

    def _parted(self) -> bool:
        """Whether to give the line back though nothing is wrong; a line of one's own is kept."""
        return False

    def _move_bytes(self, line: Transport) -> None:
        self._unsent = self._unsent or self._core.outgoing()
        if self._unsent:
            taken = line.write(self._unsent[:PIECE], WRITE_S)
            self._unsent = self._unsent[taken:]
        data = line.read(READ_LIMIT, 0 if self._unsent else self._patience_s(IDLE_S))
        if data:
            self._tell(self._core.receive(data, self._clock()))
            self._watch()

    def _patience_s(self, limit_s: float) -> float:
        deadline = self._core.deadline()
        return limit_s if deadline is None else min(max(deadline - self._clock(), 0.0), limit_s)

    def _do_commands(self) -> None:
        while self._commands and not self._stopping:
            self._tell(self._commands.popleft()(self._clock()))

    def _do_deadline(self) -> None:
        deadline = self._core.deadline()
        now = self._clock()
        if deadline is not None and now >= deadline:
            self._tell(self._core.wake(now))

    def _tell(self, events: Sequence[Event]) -> None:
        for event in events:
            self._on_event(event)

    def _watch(self) -> None:
        condition = self._core.condition
        if condition == UNPROVED:
            return
        # A device that cannot be asked says so: unknown with a code. It is there, so the line was worth opening.
        if condition.state in {"ok", "unknown"}:
            self._failures = 0
        self._report(condition.state, condition.code)

    def _report(self, state: State, code: str) -> None:
        if (state, code) != (self._health.state, self._health.code):
            self._health = Health(state, code, self._clock())
            logger.info("%s: %s %s", self._name, state, code)
            self._on_health(self._health)

    def _account(self) -> None:
        """Tell core and listeners about the loss that ended the talk."""
        loss, self._lost = self._lost, None
        was_open, self._was_open = self._was_open, False
        if loss is None:
            return
        self._failures += 1
        if (self._health.state, self._health.code) != ("down", loss.code):
            logger.warning("%s: %s", self._name, loss.text)
        self._report("down", loss.code)
        if was_open:
            self._tell(self._core.disconnected(self._clock()))

    def _rest(self) -> None:
        """Wait out the back-off; commands and deadlines are served meanwhile, so that jobs fail in time."""
        self._account()
        until = self._clock() + self._backoff.wait_s(max(self._failures, 1))
        while not self._stopping and (left := until - self._clock()) > 0:
            self._serve_waiting(left)

    def _serve_waiting(self, limit_s: float) -> None:
        """While there is no line: do commands and deadlines, then wait for the next, at most ``limit_s``."""
        self._do_commands()
        self._do_deadline()
        with self._signal:
            if not self._commands and not self._stopping:
                self._signal.wait(self._patience_s(limit_s))
