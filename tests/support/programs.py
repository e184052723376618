"""Our programs as real processes: started, listened to with a limit, ended."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, Self

from tests.support.mailbox import Mailbox

END_S = 10.0


class Program:
    """``python -m <arguments>``; its stdout lines come to ``lines``. In a ``with`` it is ended on the way out."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.lines: Mailbox[str] = Mailbox()
        self.errors: list[str] = []
        self._threads = [
            threading.Thread(target=self._hear_lines, daemon=True),
            threading.Thread(target=self._hear_errors, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _hear_lines(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.put(line)

    def _hear_errors(self) -> None:
        assert self._process.stderr is not None
        self.errors.extend(self._process.stderr)

    def wait_json(self, fits: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The next line that is a JSON object and fits."""
        line = self.lines.wait_for(lambda text: fits(json.loads(text)))
        value: dict[str, Any] = json.loads(line)
        return value

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self) -> int:
        """The exit code. Raises when the program does not end in time."""
        code = self._process.wait(END_S)
        for thread in self._threads:
            thread.join(END_S)
        return code

    def stop(self) -> int:
        """SIGTERM, then the exit code."""
        self._process.terminate()
        return self.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(END_S)
        for thread in self._threads:
            thread.join(END_S)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
