"""``hall-kiosk --test-page``: the acceptance page on the printer of the settings, without server and screen."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from drivers.printer.jobs import PrintOutcome
from drivers.printer.layout import SlipLayout
from drivers.printer.printer import Printer
from drivers.printer.profile import Profile
from drivers.printer.words import Words

if TYPE_CHECKING:
    from kiosk.settings import PrinterPart

FEEL_S = 3.0
"""Until the printer has been heard, or not."""
LONG_S = 20.0
"""The page is four times a slip; the future ends by itself before."""
EXIT = {"printed": 0, "not_printed": 3, "unknown": 4}
"""As ``hall-devices print`` ends."""


def print_test_page(part: PrinterPart) -> PrintOutcome:
    """Print it and wait for its fate. Raises ConfigurationError, PortNameWrong.

    The kiosk must not run meanwhile: it holds the port.
    """
    felt = threading.Event()
    printer = Printer(part.port, Profile.load(part.profile), baud=part.baud, on_health=lambda _health: felt.set())
    slip = SlipLayout.load("test").fill({"page": f"打印机验收页　{part.profile}"})
    printer.start()
    try:
        felt.wait(FEEL_S)
        if printer.health.state == "down":
            return PrintOutcome("not_printed", printer.health.code)
        return printer.print(slip, deadline_s=part.deadline_s + LONG_S).result(timeout=None)
    finally:
        printer.stop()


def told(outcome: PrintOutcome) -> str:
    """What the technician reads."""
    return f"{outcome.result} ({outcome.code}): {Words.load('zh').of(outcome.code).staff}"
