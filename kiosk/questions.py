"""Questions to the server that must be answered or given up in time, each exactly once."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

from kiosk.deadline import SMALL_BYTES, Cord, Line
from kiosk.errors import RefusedError, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.flow.events import Event

WORKERS = 3
WAITING_MAX = 32
"""More waiting questions than this are given up at once."""
RETRY_S = 0.1
"""Between two tries of the same question within its time."""


class Question:
    """One question with its deadline. ``answered`` and ``refused`` make the event; ``silent`` is the event without."""

    def __init__(
        self,
        method: str,
        path: str,
        body: bytes | None,
        *,
        until_s: float,
        answered: Callable[[bytes | None], Event | None],
        refused: Callable[[RefusedError], Event | None],
        silent: Event | None,
        post: Callable[[Event], None],
        limit_bytes: int = SMALL_BYTES,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.method, self.path, self.body = method, path, body
        self.until_s, self.limit_bytes, self.headers = until_s, limit_bytes, headers or {}
        self.answered, self.refused = answered, refused
        self.cord = Cord()
        self.timer: threading.Timer | None = None
        self._silent, self._post = silent, post
        self._lock = threading.Lock()
        self._settled = False

    def settle(self, event: Event | None) -> None:
        """The first word counts; later ones are dropped."""
        with self._lock:
            if self._settled:
                return
            self._settled = True
        if event is not None:
            self._post(event)

    def give_up(self) -> None:
        """Nobody waits any longer: the connection is cut, whatever it was doing."""
        self.settle(self._silent)
        self.cord.pull()


class Desk:
    """A few threads that put questions to the server, each over its own kept connection."""

    def __init__(self, make_line: Callable[[], Line], steady_s: Callable[[], float]) -> None:
        self._make_line = make_line
        self._steady_s = steady_s
        self._waiting: queue.Queue[Question | None] = queue.Queue(WAITING_MAX)
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._work, name=f"ask {n}", daemon=True) for n in range(WORKERS)]
        self._open: set[Question] = set()
        self._lock = threading.Lock()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Give up what is open and end the threads. Safe to repeat."""
        self._stopping.set()
        with self._lock:
            still = list(self._open)
        for question in still:
            self._end(question)
        for thread in self._threads:
            if thread.is_alive():
                self._waiting.put(None, timeout=2)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(2)

    def ask(self, question: Question) -> None:
        """Put it; returns at once. Its deadline runs from now, also while it waits for a thread."""
        question.timer = threading.Timer(max(0.0, question.until_s - self._steady_s()), self._end, (question,))
        question.timer.daemon = True
        question.timer.start()
        with self._lock:
            self._open.add(question)
        try:
            self._waiting.put_nowait(question)
        except queue.Full:
            self._end(question)

    def _end(self, question: Question) -> None:
        """Nothing more happens to it: an unanswered one is given up."""
        if question.timer is not None:
            question.timer.cancel()
        question.give_up()
        question.body = None  # it may hold a card's person, and the thread keeps its last question
        with self._lock:
            self._open.discard(question)

    def _work(self) -> None:
        line = self._make_line()
        while (question := self._waiting.get()) is not None and not self._stopping.is_set():
            self._try(line, question)
            self._end(question)
        line.close()

    def _try(self, line: Line, question: Question) -> None:
        """The same request, the same key, until it is answered or its time is over.

        ``answered`` raises ServerError for an answer that cannot be used.
        """
        while not question.cord.pulled:
            left_s = question.until_s - self._steady_s()
            if left_s <= 0:
                return
            try:
                body = line.exchange(
                    question.method,
                    question.path,
                    cord=question.cord,
                    timeout_s=left_s,
                    body=question.body,
                    limit_bytes=question.limit_bytes,
                    **question.headers,
                )
                question.settle(question.answered(body))
            except RefusedError as error:
                question.settle(question.refused(error))
            except ServerError:
                self._stopping.wait(min(RETRY_S, max(0.0, left_s)))
                continue
            return
