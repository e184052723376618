"""Hall and catalogue of the last time, so that the kiosk starts without a server.

One file each: the first line is the SHA-256 of the rest, the rest JSON of the wire's struct. Written to a new file and
renamed, so that a power cut leaves the old one whole. A file that is not as it was written is put aside and missed.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import msgspec

from queue_server.wire import Catalogue, HallState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOG = logging.getLogger(__name__)
HALL_EVERY_S = 30.0
"""The hall's state changes with every number; a memory card is not written for each."""
FILE_BYTES_MAX = 16 * 1024 * 1024
Kept = TypeVar("Kept")


class _KeptCatalogue(msgspec.Struct, frozen=True):
    etag: str
    catalogue: Catalogue


class _KeptClosing(msgspec.Struct, frozen=True):
    anchor: str


class _KeptLetter(msgspec.Struct, frozen=True):
    letter: str


@dataclass(frozen=True, slots=True)
class Cached:
    """What was found; None where there is nothing usable."""

    hall: HallState | None = None
    catalogue: Catalogue | None = None
    etag: str = ""
    closing: str = ""
    """Anchor of the last closing slip that was printed here."""
    letter: str = ""
    """Of this kiosk's own numbers, as the server gave it out."""


class Cache:
    """Safe from any thread. A disk that cannot be written costs a log line, never a number."""

    def __init__(self, folder: Path, steady_s: Callable[[], float]) -> None:
        self._folder = folder
        self._steady_s = steady_s
        self._lock = threading.Lock()
        self._hall_saved_s: float | None = None
        self._hall_waiting: HallState | None = None

    def load(self) -> Cached:
        hall = self._read("hall", HallState)
        kept = self._read("catalogue", _KeptCatalogue)
        closing = self._read("closing", _KeptClosing)
        letter = self._read("letter", _KeptLetter)
        return Cached(
            hall=hall,
            catalogue=kept.catalogue if kept else None,
            etag=kept.etag if kept else "",
            closing=closing.anchor if closing else "",
            letter=letter.letter if letter else "",
        )

    def save_hall(self, hall: HallState) -> None:
        """At most every ``HALL_EVERY_S``; ``flush`` writes the newest."""
        now_s = self._steady_s()
        with self._lock:
            due = self._hall_saved_s is None or now_s - self._hall_saved_s >= HALL_EVERY_S
            self._hall_waiting = None if due else hall
            if due:
                self._hall_saved_s = now_s
                self._write("hall", hall)

    def save_catalogue(self, catalogue: Catalogue, etag: str) -> None:
        with self._lock:
            self._write("catalogue", _KeptCatalogue(etag, catalogue))

    def save_closing(self, anchor: str) -> None:
        with self._lock:
            self._write("closing", _KeptClosing(anchor))

    def save_letter(self, letter: str) -> None:
        with self._lock:
            self._write("letter", _KeptLetter(letter))

    def flush(self) -> None:
        """Write the hall's newest state; at the program's end."""
        with self._lock:
            if self._hall_waiting is not None:
                self._write("hall", self._hall_waiting)
                self._hall_waiting = None

    def _write(self, name: str, value: object) -> None:
        body = msgspec.json.encode(value)
        path = self._folder / f"{name}.json"
        new = self._folder / f"{name}.new"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with new.open("wb") as file:
                file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        except OSError as error:
            LOG.warning("cache %s not written: %s", path.name, error.strerror)

    def _read(self, name: str, kind: type[Kept]) -> Kept | None:
        path = self._folder / f"{name}.json"
        try:
            with path.open("rb") as file:
                digest, _, body = file.read(FILE_BYTES_MAX).partition(b"\n")
        except FileNotFoundError:
            return None
        except OSError as error:
            LOG.warning("cache %s not read: %s", path.name, error.strerror)
            return None
        try:
            if hashlib.sha256(body).hexdigest().encode() != digest:
                raise msgspec.DecodeError("digest")
            return msgspec.json.decode(body, type=kind)
        except msgspec.MsgspecError:
            self._put_aside(path)
            return None

    def _put_aside(self, path: Path) -> None:
        """Kept for the technician to look at, under a name that is not read again."""
        LOG.warning("cache %s is damaged; the kiosk goes on without it", path.name)
        try:
            path.replace(path.with_suffix(".damaged"))
        except OSError as error:
            LOG.warning("cache %s not put aside: %s", path.name, error.strerror)
