"""预约签到: a card, the code typed on the page's own keypad, or the code scanned; and what to do when there is none."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow import state as at
from kiosk.flow.moves import Handled, enter, open_page
from kiosk.flow.numbers import ask_number
from kiosk.flow.scans import OPEN_TO_SCANS, code_scanned
from kiosk.flow.screens import CODE_DIGITS
from kiosk.flow.state import Wish
from queue_server.wire import CODE_PREFIX

if TYPE_CHECKING:
    from kiosk.flow.events import CodeScanned
    from kiosk.flow.state import Sitting

CODE = re.compile(rf"(?:^|/)(?:{CODE_PREFIX})([0-9]{{10}})/?$", re.IGNORECASE)
"""What a booking's QR holds: ``YY-`` and its ten digits, perhaps at the end of an address."""


def open_booked(sitting: Sitting, key: str) -> Handled:
    """The page for checking in. While the server is away a number at once: the window looks the booking up."""
    if sitting.world.link == "offline":
        return ask_number(sitting, key, Wish())
    return open_page(sitting, at.AtBooked()), ()


def digit(sitting: Sitting, typed: str) -> Handled:
    place = sitting.place
    if not isinstance(place, at.AtBooked):
        return sitting, ()
    return enter(sitting, replace(place, typed=(place.typed + typed)[:CODE_DIGITS])), ()


def erase_digit(sitting: Sitting) -> Handled:
    place = sitting.place
    if not isinstance(place, at.AtBooked):
        return sitting, ()
    return enter(sitting, replace(place, typed=place.typed[:-1])), ()


def check_in(sitting: Sitting, key: str, code: str) -> Handled:
    """A number for the booking with this code."""
    return ask_number(sitting, key, Wish(kind="booked", booking=code))


def type_again(sitting: Sitting) -> Handled:
    """Back to the keypad, empty."""
    return enter(sitting, at.AtBooked()), ()


def scanned(sitting: Sitting, event: CodeScanned) -> Handled:
    """A booking's code checks in wherever a slip's code would be looked up; anything else goes there."""
    found = CODE.search(event.text.strip())
    if found is None:
        return code_scanned(sitting, event)
    if not isinstance(sitting.place, OPEN_TO_SCANS):
        return sitting, ()
    return check_in(replace(sitting, touched_s=sitting.world.now_s), event.key, found[1])
