"""All simulators obey the same hand: fault, clear, replug, state; a request they do not know is told what they do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from drivers.control import BadRequest, ControlClient
from drivers.errors import PortLost
from drivers.idcard.simulator import IdCardSimulator
from drivers.listening import Listener, TcpListener
from drivers.pad.simulator import PadSimulator
from drivers.printer.simulator import PrinterSimulator
from drivers.scanner.simulator import ScannerSimulator
from drivers.simulated_device import DeviceSimulator
from drivers.strip.simulator import StripSimulator
from drivers.transport import Transport, open_port

SIMULATORS: dict[str, Callable[[Listener], DeviceSimulator]] = {
    "idcard": IdCardSimulator,
    "printer": PrinterSimulator,
    "scanner": ScannerSimulator,
    "pad": lambda listener: PadSimulator(listener, (1,)),
    "strip": lambda listener: StripSimulator(listener, (1,)),
}


def hear_all(line: Transport) -> None:
    while True:
        line.read(64, 5.0)


@pytest.mark.parametrize("make", SIMULATORS.values(), ids=SIMULATORS.keys())
def test_the_same_hand_works_everywhere(make: Callable[[Listener], DeviceSimulator]) -> None:
    simulator = make(TcpListener())
    simulator.start()
    with ControlClient(simulator.control_address) as hand:
        assert hand.ask("state")["plugged"] is True
        line = open_port(simulator.port_name)
        hand.ask("fault", name="unplug")
        assert hand.ask("state")["plugged"] is False
        with pytest.raises(PortLost):
            hear_all(line)
        line.close()
        hand.ask("replug")
        assert hand.ask("state")["plugged"] is True
        hand.ask("fault", name="silent")
        hand.ask("clear")
        state = hand.ask("state")
        assert not state.get("fault")
        assert not state.get("faults")
        with pytest.raises(BadRequest, match=r"there are: .*silent.*unplug"):
            hand.ask("fault", name="none")
        with pytest.raises(BadRequest, match="clear"):
            hand.ask("dance")
    simulator.stop()
