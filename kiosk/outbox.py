"""Numbers that this kiosk gave by itself: on disk before they are on paper, until the server has taken each of them in.

A number is never given twice on one day: serials only grow, and begin anew only when a date known for certain is later
than the last one. When all are handed in the file begins anew with its counter. What the hall could not simply take in
(a day that is over, one number twice, refused) is listed in a second file before it counts as handed in.
"""

from __future__ import annotations

import threading
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from kiosk.errors import OutboxError
from kiosk.line_file import LineFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LAST_SERIAL = 9999
WAITING_MAX = 5000
"""More numbers than a hall gives in a week; each is about 300 bytes."""
LISTED_MAX = 1000
"""So many listed numbers are remembered; the file keeps them all."""

Why = Literal["expired", "twice", "refused"]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a number is wanted for: the press and its wish. Nothing of a person."""

    key: str
    kind: Literal["general", "booked", "collection"] = "general"
    matters: tuple[str, ...] = ()
    language: Literal["zh", "en"] = "zh"
    grant: str | None = None


class Counter(msgspec.Struct, frozen=True, tag_field="type", tag="counter"):
    """The serial reached on ``day``; ``unsure``: the last number was given without a certain date."""

    day: date | None = None
    serial: int = 0
    unsure: bool = False


class Given(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="number"):
    """One number given out here. ``counter`` is how it stood after it."""

    wanted: Wanted
    number: str
    issued_at: datetime
    time_unsure: bool
    counter: Counter
    track: str = ""
    """The code on its paper; empty in what an older program wrote."""

    @property
    def key(self) -> str:
        return self.wanted.key


class Newest(msgspec.Struct, frozen=True, tag_field="type", tag="newest"):
    """Handed in already, and nothing was known of its slip when the file began anew."""

    given: Given


class Timed(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="timed"):
    """When a number of unsure time was given: counted back once the server's time was heard."""

    key: str
    issued_at: datetime


class Paper(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="paper"):
    """What became of the number's slip."""

    key: str
    result: Literal["printed", "not_printed", "unknown"]
    copy: int = 0


class Done(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="done"):
    """The server has taken this number in, or it is listed."""

    key: str


class Listed(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="listed"):
    """A number that staff have to know of; ``code`` is the server's word, ``at`` when it was heard."""

    key: str
    number: str
    issued_at: datetime
    why: Why
    at: datetime
    code: str = ""


Line = Counter | Given | Newest | Timed | Paper | Done | Listed


def parse_bodies(bodies: Iterable[bytes]) -> Iterable[Line]:
    """What a newer program wrote is left out."""
    for body in bodies:
        try:
            yield msgspec.json.decode(body, type=Line)
        except msgspec.MsgspecError:
            continue


def following(last: Counter, day: date | None) -> Counter:
    """The counter of the next number: 1 on a day that certainly is a later one, else one more."""
    if day is None:
        return Counter(last.day, last.serial + 1, unsure=True)
    if last.day is not None and day > last.day and not last.unsure:
        return Counter(day, 1)
    return Counter(max(day, last.day or day), last.serial + 1)


class Outbox:
    """Safe from any thread. Methods that write raise OutboxError; then nothing was given, listed or done."""

    def __init__(self, folder: Path) -> None:
        self._file = LineFile(folder / "outbox.log")
        self._listing = LineFile(folder / "outbox-listed.log")
        self._lock = threading.Lock()
        self._opened = False
        self._counter = Counter()
        self._waiting: dict[str, Given] = {}
        self._papers: dict[str, Paper] = {}
        self._listed: dict[str, Listed] = {}
        self._newest: Given | None = None
        """The newest number while nothing is known of its slip."""

    def open(self) -> None:
        """Read what is there; a fault may be gone at the next try. Raises OutboxError."""
        with self._lock:
            self._open()

    @property
    def waiting(self) -> tuple[Given, ...]:
        """Numbers not handed in yet, in the order they were given."""
        with self._lock:
            return tuple(self._waiting.values())

    @property
    def listed(self) -> tuple[Listed, ...]:
        """What staff have to know of, the oldest first."""
        with self._lock:
            return tuple(self._listed.values())

    @property
    def without_paper(self) -> Given | None:
        """The newest number, if nothing is known of its slip: the kiosk was stopped between disk and paper."""
        with self._lock:
            return self._newest

    def paper_of(self, key: str) -> Paper | None:
        """What is known of the slip of a number not handed in yet."""
        with self._lock:
            return self._papers.get(key)

    def take(self, wanted: Wanted, letter: str, at: datetime, day: date | None, track: str = "") -> Given:
        """The next number, on disk. ``day`` is the hall's date, None while no clock can be trusted; ``track`` its code.

        The same press again gets the same number. Raises OutboxError.
        """
        with self._lock:
            self._open()
            known = self._waiting.get(wanted.key)
            if known is not None:
                return known
            counter = following(self._counter, day)
            if counter.serial > LAST_SERIAL or len(self._waiting) >= WAITING_MAX:
                raise OutboxError("full", "outbox")
            self._counter = counter  # used up even when the disk fails: what was half written may come back
            number = f"{letter}{counter.serial:03d}"
            given = Given(
                wanted=wanted, number=number, issued_at=at, time_unsure=day is None, counter=counter, track=track
            )
            self._append(given)
            return given

    def set_time(self, key: str, issued_at: datetime) -> Given | None:
        """The number with its certain time; None when it is not waiting any more. Raises OutboxError."""
        with self._lock:
            if key not in self._waiting:
                return None
            self._open()
            self._append(Timed(key=key, issued_at=issued_at))
            return self._waiting[key]

    def note_paper(self, paper: Paper) -> bool:
        """What became of a slip; False for a number handed in already. Raises OutboxError."""
        with self._lock:
            self._open()
            waits = paper.key in self._waiting
            if waits or (self._newest is not None and self._newest.key == paper.key):
                self._append(paper)
            return waits

    def list_number(self, listed: Listed) -> None:
        """Into the second file, once. Raises OutboxError."""
        with self._lock:
            self._open()
            if listed.key not in self._listed:
                self._listing.append(msgspec.json.encode(listed))
                self._fold(listed)

    def done(self, key: str) -> None:
        """Handed in. When it was the last one the file begins anew. Raises OutboxError."""
        with self._lock:
            if key not in self._waiting:
                return
            self._open()
            self._append(Done(key=key))
            if not self._waiting:
                kept: list[Line] = [self._counter, *([Newest(self._newest)] if self._newest is not None else [])]
                self._file.begin_anew(*(msgspec.json.encode(line) for line in kept))

    # ---- under the lock ----

    def _open(self) -> None:
        if self._opened:
            return
        found, listed = self._file.read(), self._listing.read()
        for line in (*parse_bodies(found.bodies), *parse_bodies(listed.bodies)):
            self._fold(line)
        # A damaged line may have been a number on somebody's paper: its serial is not given again.
        self._counter = msgspec.structs.replace(self._counter, serial=self._counter.serial + found.damaged)
        self._opened = True

    def _append(self, line: Line) -> None:
        self._file.append(msgspec.json.encode(line))
        self._fold(line)

    def _paper_told(self, line: Paper) -> None:
        if line.key in self._waiting:
            self._papers[line.key] = line
        if self._newest is not None and self._newest.key == line.key:
            self._newest = None

    def _fold(self, line: Line) -> None:
        match line:
            case Counter():
                self._counter = line
            case Given():
                self._counter = line.counter
                self._waiting[line.key] = self._newest = line
            case Newest():
                self._newest = line.given
            case Timed() if line.key in self._waiting:
                old = self._waiting[line.key]
                self._waiting[line.key] = msgspec.structs.replace(old, issued_at=line.issued_at, time_unsure=False)
            case Paper():
                self._paper_told(line)
            case Done():
                self._waiting.pop(line.key, None)
                self._papers.pop(line.key, None)
            case Listed():
                self._listed[line.key] = line
                while len(self._listed) > LISTED_MAX:
                    del self._listed[next(iter(self._listed))]
            case _:
                pass
