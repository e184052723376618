"""Many simulated devices in one process: ``python -m tests.bench.device_park READERS PRINTERS``, until SIGTERM.

Says on its ready line where each listens and where its control channel is.
"""

from __future__ import annotations

import json
import sys

from drivers.control import wait_for_end
from drivers.idcard.simulator import IdCardSimulator
from drivers.listening import TcpListener
from drivers.printer.simulator import PrinterSimulator

READ_S = 0.02
PAPER_MM_S = 3000.0
"""A print head in a hurry: what is measured are the links, not the paper."""


def main() -> None:
    readers = [IdCardSimulator(TcpListener(), read_s=READ_S) for _ in range(int(sys.argv[1]))]
    printers = [PrinterSimulator(TcpListener(), mm_s=PAPER_MM_S) for _ in range(int(sys.argv[2]))]
    places: dict[str, list[list[str]]] = {"readers": [], "printers": []}
    for reader in readers:
        reader.start()
        places["readers"].append([reader.port_name, reader.control_address])
    for printer in printers:
        printer.start()
        places["printers"].append([printer.port_name, printer.control_address])
    print(json.dumps({"ready": True, **places}), flush=True)
    wait_for_end()
    for reader in readers:
        reader.stop()
    for printer in printers:
        printer.stop()


if __name__ == "__main__":
    main()
