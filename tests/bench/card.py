"""From a card laid on the reader to its fields, over the real driver and a simulated reader at 115200 baud.

Budget (DESIGN 10): at most 1.5 × (wire time + the reader's own time), from the question that finds the card; finds at
least 300 ms apart. The wait for that question is told apart: it is the poll's, not the driver's.
``python -m tests.bench.card [--cards N] [--read-ms N] [--baud N]``. A tap on the line says what was sent and when.
"""

from __future__ import annotations

import argparse
import itertools
import queue
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from drivers.control import ControlClient
from drivers.core import BITS_PER_BYTE
from drivers.framing import Frame
from drivers.idcard.protocol import Command, Status, answers, encode_command, parse_answer
from drivers.idcard.reader import CardLifted, CardPresented, CardReader, ReaderEvent
from drivers.idcard.simulator import SHORT_S
from queue_server.demo.processes import Programs
from tests.bench.hall import report
from tests.bench.load import percentile
from tests.bench.tap import Heard, Tap

FACTOR = 1.5
POLL_MS = 300.0
EVENT_S = 10.0
FIND = encode_command(Command.FIND)
CARDS = ("mainland", "hmt", "fpr_2017", "fpr_2023")


@dataclass(frozen=True, slots=True)
class Reading:
    """One card, ms: until the find that found it was asked, from there to the fields, and how long that must take."""

    wait_ms: float
    fields_ms: float
    floor_ms: float


def wait_for(events: queue.SimpleQueue[tuple[int, ReaderEvent]], kind: type) -> int:
    """When an event of this kind came, ns. Raises queue.Empty after ``EVENT_S``."""
    while True:
        at_ns, event = events.get(timeout=EVENT_S)
        if isinstance(event, kind):
            return at_ns


def find_that_found(heard: list[Heard]) -> Heard:
    """The last find whose answer said that a card lies there."""
    finder, asked, found = answers(), None, None
    for each in heard:
        if each.inward:
            asked = each if FIND in each.data else asked
            continue
        for frame in finder.receive(each.data, each.at_ns / 1e9):
            if isinstance(frame, Frame) and parse_answer(frame.body).sw3 == Status.FOUND:
                found = asked
    if found is None:
        raise LookupError("no find was answered with a card")
    return found


def one_card(
    tap: Tap, control: ControlClient, events: queue.SimpleQueue[tuple[int, ReaderEvent]], card: str, read_s: float,
    byte_s: float,
) -> Reading:  # fmt: skip
    laid_ns = time.monotonic_ns()
    control.ask("lay", card=card)
    fields_ns = wait_for(events, CardPresented)
    heard = [each for each in tap.heard() if laid_ns <= each.at_ns <= fields_ns]
    asked = find_that_found(heard)
    wire_bytes = sum(len(each.data) for each in heard if each.at_ns >= asked.at_ns)
    control.ask("lift")
    wait_for(events, CardLifted)
    # Find and select are short answers; the read takes the module's own time.
    floor_s = wire_bytes * byte_s + 2 * SHORT_S + read_s
    return Reading((asked.at_ns - laid_ns) / 1e6, (fields_ns - asked.at_ns) / 1e6, floor_s * 1000)


def find_gaps_ms(heard: list[Heard]) -> list[float]:
    finds = [each.at_ns for each in heard if each.inward and FIND in each.data]
    return [(after - before) / 1e6 for before, after in itertools.pairwise(finds)]


def measure(cards: int, read_ms: int, baud: int) -> tuple[list[Reading], list[float]]:
    events: queue.SimpleQueue[tuple[int, ReaderEvent]] = queue.SimpleQueue()
    with tempfile.TemporaryDirectory() as name, Programs(Path(name)) as programs:
        options = ["--read-ms", str(read_ms), "--baud", str(baud)]
        simulator = programs.start("reader", ["-m", "drivers", "simulate", "idcard", *options])
        control = ControlClient(str(simulator.ready["control"]))
        with Tap(str(simulator.ready["port"])) as tap, control:
            reader = CardReader(
                f"socket://{tap.address}",
                on_event=lambda event: events.put((time.monotonic_ns(), event)),
                baud=baud,
            )
            reader.start()
            readings = [
                one_card(tap, control, events, CARDS[n % len(CARDS)], read_ms / 1000, BITS_PER_BYTE / baud)
                for n in range(cards)
            ]
            reader.stop()
            gaps = find_gaps_ms(tap.heard())
    return readings, gaps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=20)
    parser.add_argument("--read-ms", type=int, default=600)
    parser.add_argument("--baud", type=int, default=115200)
    options = parser.parse_args()
    readings, gaps = measure(options.cards, options.read_ms, options.baud)
    ratios = [each.fields_ms / each.floor_ms for each in readings]
    worst, nearest = max(ratios), min(gaps)
    report(
        "card",
        cards=len(readings),
        ratio=round(percentile(ratios, 0.5), 3),
        ratio_max=round(worst, 3),
        budget=FACTOR,
        polls_apart_min_ms=round(nearest, 1),
        polls_apart_budget_ms=POLL_MS,
        ok=worst <= FACTOR and nearest >= POLL_MS,
        fields_p50_ms=round(percentile([each.fields_ms for each in readings], 0.5), 1),
        floor_p50_ms=round(percentile([each.floor_ms for each in readings], 0.5), 1),
        wait_for_poll_p50_ms=round(percentile([each.wait_ms for each in readings], 0.5), 1),
        wait_for_poll_max_ms=round(max(each.wait_ms for each in readings), 1),
        raw_ratios=[round(each, 3) for each in ratios],
    )


if __name__ == "__main__":
    main()
