"""A printer's core and a simulated printer on one hand-moved clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from drivers.printer.cleaning import check_bytes
from drivers.printer.decoder import decode
from drivers.printer.encode import encode
from drivers.printer.jobs import Job, JobDone, PrinterEvent, PrintOutcome
from drivers.printer.profile import Profile
from drivers.printer.protocol import PrinterCore
from drivers.printer.simulator import SimulatedPrinter
from tests.drivers.printer.slips import filled
from tests.support.wires import Honest, Wire

STEP_S = 0.02
PLUG_S = 0.5
"""A cable that came out of a wire goes in again after so long."""


@cache
def chunks_of(profile: Profile, number: int, matter: str) -> tuple[bytes, ...]:
    return encode(filled(number=f"A{number:03d}", matter=matter), profile, process=number).chunks


check_of = cache(check_bytes)


@dataclass
class Desk:
    """A core and a printer on one clock. ``cut_after``: the cable comes out after so many bytes to the printer."""

    profile: Profile = field(default_factory=lambda: Profile.load("generic-80"))
    clears: bool = True
    cut_after: int | None = None
    deaf: bool = False
    """Answers do not reach the core."""
    there: Wire = field(default_factory=Honest)
    """The way to the printer; a piece that is None is the moment the cable comes out."""
    back: Wire = field(default_factory=Honest)

    def __post_init__(self) -> None:
        self.core = PrinterCore(self.profile, baud=115200, check=check_of(self.profile))
        self.printer = SimulatedPrinter(mm_s=1500.0, clears=self.clears)
        self.now = 100.0
        self.events: list[PrinterEvent] = []
        self.open = False
        self.carried = 0
        self._plug_at: float | None = None

    def connect(self) -> None:
        self.open = True
        self.core.connected(self.now)

    def pull(self) -> None:
        self.open = False
        self.events += self.core.disconnected(self.now)

    def add(self, number: int, *, deadline_s: float = 8.0, expires_s: float = 120.0, model: str = "") -> None:
        job = Job(
            number,
            chunks_of(self.profile, number, "㐂" if model else "医保"),
            number,
            self.now + deadline_s,
            self.now + expires_s,
        )
        self.events += self.core.add(job, self.now)

    def run(self, seconds: float) -> None:
        """Let time pass in small steps, as the link does."""
        until = self.now + seconds
        while self.now < until:
            self._turn()
            self.now += STEP_S

    def run_until_done(self, number: int, limit_s: float) -> None:
        until = self.now + limit_s
        while number not in self.outcomes and self.now < until:
            self.run(STEP_S)

    def _turn(self) -> None:
        for _ in range(12):
            deadline = self.core.deadline()
            if deadline is not None and self.now >= deadline:
                self.events += self.core.wake(self.now)
            if self._plug_at is not None and self.now >= self._plug_at:
                self._plug_at = None
                self.connect()
            if self.open:
                self._carry(self.core.outgoing())
            self._tell(self.printer.step(self.now, self.now))

    def _carry(self, data: bytes) -> None:
        for piece in self._pieces(self.there, data):
            self._to_printer(piece)

    def _pieces(self, wire: Wire, data: bytes) -> Iterator[bytes]:
        """What arrives; the wire's pauses pass on the clock. Nothing behind the moment the cable is out."""
        for pause_s, piece in wire.carry(data) if data else []:
            self.now += pause_s
            if piece is None:
                self.pull()
                self._plug_at = self.now + PLUG_S
                return
            yield piece

    def _to_printer(self, data: bytes) -> None:
        for index in range(len(data)):
            if self.cut_after is not None and self.carried >= self.cut_after:
                self.cut_after = None
                self.pull()
                return
            self.carried += 1
            self._tell(self.printer.receive(data[index : index + 1], self.now))

    def _tell(self, answers: bytes) -> None:
        for piece in self._pieces(self.back, answers):
            if self.open and not self.deaf:
                self.events += self.core.receive(piece, self.now)

    @property
    def outcomes(self) -> dict[int, PrintOutcome]:
        done = [event for event in self.events if isinstance(event, JobDone)]
        assert len({event.number for event in done}) == len(done), "a slip has one outcome"
        return {event.number: event.outcome for event in done}

    def whole_slips(self) -> list[str]:
        """The numbers of the slips in the tray that are complete, from hall to serial."""
        texts = [decode(slip.data).text for slip in self.printer.slips]
        return [
            line
            for text in texts
            if "安和镇" in text and "第0031张" in text
            for line in text.split("\n")
            if len(line) == 4 and line.startswith("A")
        ]
