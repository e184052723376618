"""Every column that may hold personal data, listed once (DESIGN 4.3). A test reads this list and the whole database."""

from __future__ import annotations

CLEAR: dict[str, frozenset[str]] = {
    "person": frozenset({"name", "id_number"}),
    "note": frozenset({"text"}),
    "booking_holder": frozenset({"name", "phone"}),
}
"""Residents' data in clear: erasable tables only."""

MASKED: dict[str, frozenset[str]] = {
    "person": frozenset({"masked"}),
    "booking_holder": frozenset({"masked"}),
}
"""Where the masked form (测**, 7000**…) may stand."""

STAFF: dict[str, frozenset[str]] = {
    "account": frozenset({"name", "display_name"}),
}
"""Names of the hall's own staff: shown to staff, never journalled; the journal says ``clerk:7``."""
