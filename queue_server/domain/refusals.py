"""Why a command was refused: stable codes, data for the sentence, no sentence here (words are in assets/locale)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class RefusalCode(StrEnum):
    WRONG_STATE = "wrong_state"
    STALE = "stale"
    TOO_SOON = "too_soon"
    SAY_WHICH = "say_which"
    NOT_YET = "not_yet"
    NOT_FOUND = "not_found"
    NO_DAY = "no_day"
    DAY_OPEN = "day_open"
    ISSUING_STOPPED = "issuing_stopped"
    STILL_BUSY = "still_busy"
    """The day or shift cannot close: somebody is called, serving or held."""
    NOT_SIGNED_ON = "not_signed_on"
    SHIFT_TAKEN = "shift_taken"
    WINDOW_NOT_OPEN = "window_not_open"
    NOTHING_TO_UNDO = "nothing_to_undo"
    GROUND_NEEDED = "ground_needed"
    LIMIT_REACHED = "limit_reached"
    CANNOT_SERVE = "cannot_serve"
    CONFIRM_NEEDED = "confirm_needed"
    CLOCK_DOUBT = "clock_doubt"
    KEY_REUSED = "key_reused"
    UNKNOWN_GROUND = "unknown_ground"
    """Not on the hall's list of grounds."""
    QUOTA_FULL = "quota_full"
    """So many numbers for this matter and time were given out already."""
    SLOT_FULL = "slot_full"
    SLOT_CLOSED = "slot_closed"
    """No slot of the hall's, or none that may be booked now."""
    BOOKING_LIMIT = "booking_limit"
    """This person has a booking on that day."""
    BOOKING_BARRED = "booking_barred"
    """Did not come too often."""
    BOOKING_FIXED = "booking_fixed"
    """Too short before the slot to change or cancel it."""
    BOOKING_UNKNOWN = "booking_unknown"
    BOOKING_EARLY = "booking_early"
    BOOKING_CAME = "booking_came"
    """Checked in already."""
    BOOKING_OVER = "booking_over"
    """Cancelled, or its day is past."""
    BOOKING_CHANGED = "booking_changed"
    """Somebody changed it meanwhile."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that may not be done now: a value, not an exception. Nothing was written.

    ``facts`` are ids, numbers and times for the sentence and the page (never personal data).
    """

    code: RefusalCode
    facts: dict[str, str | int | None] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code.value} {self.facts}" if self.facts else self.code.value
