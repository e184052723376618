"""A process whose windows all call as fast as they can until nobody waits, printing each answered call: to be killed.

``python -m tests.queue_server.service.call_server URL WINDOWS TICKETS``: gives the numbers if there are none yet, signs
everybody on, says ``ready``, then ``TICKET WINDOW`` a line, and ``done`` at the end.
"""

from __future__ import annotations

import sys
import threading

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.service.gate import Gate
from queue_server.service.view import Accepted
from queue_server.store.engine import Store
from tests.queue_server.service.a_gate import HandClock, a_gate

ANSWER_S = 60.0


def prepare(gate: Gate, windows: int, tickets: int) -> None:
    day = gate.view.day
    if day is not None and day.open:
        return
    gate.submit(c.OpenDay(business_day="2026-03-02", letters={}), key="open-the-day", actor="timer").result(ANSWER_S)
    waits = []
    for window in range(1, windows + 1):
        waits.append(gate.submit(c.OpenShift(window=window, clerk=window, shift=f"s{window}"), key=None, actor="timer"))
        waits.append(gate.submit(c.OpenWindow(window=window), key=None, actor="timer"))
    for first in range(0, tickets, 1000):
        waits += [
            gate.submit(c.IssueTicket(ticket=f"t{n}", track=f"T{n}"), key=None, actor="kiosk:2")
            for n in range(first, min(first + 1000, tickets))
        ]
        waits[-1].result(ANSWER_S)
    for each in waits:
        each.result(ANSWER_S)


def serve(gate: Gate, window: int, run: int, lock: threading.Lock) -> None:
    actor = f"clerk:{window}"
    day = gate.view.day
    there = day.windows[window].ticket if day is not None else None
    for n in range(1_000_000):
        if there is not None:
            gate.submit(c.FinishService(window=window, ticket=there), key=None, actor=actor).result(ANSWER_S)
        command = c.CallNext(window=window, announcement=f"n{run}-{window}-{n}")
        outcome = gate.submit(command, key=f"press-{run}-{window}-{n}", actor=actor).result(ANSWER_S)
        called = (
            [each.ticket for each in outcome.events if isinstance(each, e.TicketCalled)]
            if isinstance(outcome, Accepted)
            else []
        )
        if not called:
            return
        there = called[0]
        with lock:
            sys.stdout.write(f"{there} {window}\n")
            sys.stdout.flush()


def main(url: str, windows: int, tickets: int) -> None:
    gate = a_gate(Store(url), HandClock(), windows=windows)
    gate.start()
    prepare(gate, windows, tickets)
    run, lock = gate.view.seq, threading.Lock()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    threads = [threading.Thread(target=serve, args=(gate, n, run, lock)) for n in range(1, windows + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gate.stop()
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
