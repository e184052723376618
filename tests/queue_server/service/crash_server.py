"""A process that issues from many threads as fast as it can and prints each answered number: to be killed.

``python -m tests.queue_server.service.crash_server URL``: first ``ready``, then ``KEY NUMBER`` a line.
"""

from __future__ import annotations

import itertools
import sys
import threading

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.service.view import Accepted
from queue_server.store.engine import Store
from tests.queue_server.service.a_gate import HandClock, a_gate

THREADS = 16


def main(url: str) -> None:
    gate = a_gate(Store(url), HandClock())
    gate.start()
    gate.submit(c.OpenDay(business_day="2026-03-02", letters={}), key="open-the-day", actor="clerk:1").result(20)
    counter, lock = itertools.count(gate.view.seq), threading.Lock()

    def press() -> None:
        while True:
            n = next(counter)
            command = c.IssueTicket(ticket=f"t{n}", track=f"T{n}")
            outcome = gate.submit(command, key=f"press-{n}", actor="kiosk:2").result(20)
            if isinstance(outcome, Accepted):
                number = next(event.number for event in outcome.events if isinstance(event, e.TicketIssued))
                with lock:
                    sys.stdout.write(f"press-{n} {number}\n")
                    sys.stdout.flush()

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    threads = [threading.Thread(target=press, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(sys.argv[1])
