"""Start our own programs as processes and end them again, all of them, whatever happens.

A program says on stdout, as its first line, one JSON object with ``"ready": true`` and where it listens. What it says
on stderr goes to a file named in every error, so that nobody has to search.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

READY_S = 40.0
"""Longest start of a program on a slow machine, Kivy's first import included."""
END_S = 4.0
TAIL_LINES = 8


@dataclass(slots=True)
class ProgramFailed(Exception):
    """A program did not start, or ended by itself."""

    name: str
    why: str
    log: Path

    def __str__(self) -> str:
        said = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join([f"{self.name}: {self.why} (see {self.log})", *said.splitlines()[-TAIL_LINES:]])


@dataclass(slots=True)
class Program:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    ready: dict[str, Any]

    def wait_ready(self, ready_s: float = READY_S) -> None:
        """Wait for its ready line, once. Raises ProgramFailed."""
        self.ready = _ready_line(self, ready_s)


class Programs:
    """All processes of one demo. Use as a context manager: leaving it ends them, newest first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._programs: list[Program] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end_all()

    def start(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        ready_s: float = READY_S,
    ) -> Program:
        """Run ``python ARGUMENTS`` and wait for its ready line. Raises ProgramFailed."""
        program = self.launch(name, arguments, environment=environment)
        program.wait_ready(ready_s)
        return program

    def launch(self, name: str, arguments: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Program:
        """Run ``python ARGUMENTS``; ``wait_ready`` before its ``ready`` is read."""
        log = self._folder / f"{name}.log"
        with log.open("ab") as errors:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
                # Ctrl-C in a terminal reaches the whole group at once; we end our programs ourselves, in order.
                start_new_session=True,
            )
        program = Program(name, process, log, {})
        self._programs.append(program)
        return program

    def dead(self) -> Program | None:
        """The first program that ended by itself, if any."""
        return next((program for program in self._programs if program.process.poll() is not None), None)

    def named(self, name: str) -> Program:
        return next(program for program in self._programs if program.name == name)

    def end(self, name: str) -> None:
        """End one program and forget it."""
        program = self.named(name)
        self._programs.remove(program)
        _end(program)

    def end_all(self) -> None:
        while self._programs:
            _end(self._programs.pop())


def _ready_line(program: Program, ready_s: float) -> dict[str, Any]:
    pipe = program.process.stdout
    if pipe is None:
        raise ProgramFailed(program.name, "has no output", program.log)
    lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
    threading.Thread(target=_read_lines, args=(pipe, lines), daemon=True).start()
    try:
        ready = lines.get(timeout=ready_s)
    except queue.Empty:
        raise ProgramFailed(program.name, f"was not ready within {ready_s:.0f} s", program.log) from None
    if ready is None:
        code = program.process.wait(END_S)
        raise ProgramFailed(program.name, f"ended at its start with exit code {code}", program.log)
    return ready


def _read_lines(pipe: IO[bytes], lines: queue.Queue[dict[str, Any] | None]) -> None:
    """Find the ready line, then keep the pipe empty: a full pipe would stop the program."""
    found = False
    with pipe:
        for line in pipe:
            if found or not line.startswith(b"{"):
                continue
            with contextlib.suppress(json.JSONDecodeError):
                message = json.loads(line)
                if message.get("ready"):
                    found = True
                    lines.put(message)
    if not found:
        lines.put(None)


def _end(program: Program) -> None:
    """SIGTERM, then SIGKILL to the program's whole session: nothing of it stays."""
    if program.process.poll() is None:
        program.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.process.wait(END_S)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(program.process.pid, signal.SIGKILL)
    program.process.wait(END_S)


def wait_until_interrupted(programs: Programs, *, poll_s: float = 0.5) -> Program | None:
    """Block until Ctrl-C or SIGTERM (None) or until a program ended by itself (that program)."""
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    while not stop.wait(poll_s):
        if dead := programs.dead():
            return dead
    return None
