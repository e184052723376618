"""Every table of a store, for SQLite and PostgreSQL alike (DESIGN 4.4).

Four groups: the journal; projections, which equal its fold and can be rebuilt; records, which are the truth
themselves; erasable tables, whose rows hold personal data and carry ``erase_after_us``. Moments are whole microseconds
UTC. Lists and maps are JSON text. ``hall`` leads each key: one PostgreSQL keeps many halls.
"""

from __future__ import annotations

from queue_server.store.booking_tables import booking, booking_holder, hall_key, no_show
from queue_server.store.journal_tables import (
    METADATA,
    PROJECTIONS,
    announcement,
    business_day,
    call,
    forecast_shown,
    journal,
    program_run,
    shift,
    store_fact,
    ticket,
)
from queue_server.store.record_tables import (
    ERASABLE,
    RECORDS,
    WRITABLE,
    account,
    catalogue_version,
    day_key,
    department,
    device,
    matter,
    note,
    pairing,
    person,
    security_log,
    session,
    setting,
    suspension,
)

__all__ = [
    "ERASABLE",
    "METADATA",
    "PROJECTIONS",
    "RECORDS",
    "WRITABLE",
    "account",
    "announcement",
    "booking",
    "booking_holder",
    "business_day",
    "call",
    "catalogue_version",
    "day_key",
    "department",
    "device",
    "forecast_shown",
    "hall_key",
    "journal",
    "matter",
    "no_show",
    "note",
    "pairing",
    "person",
    "program_run",
    "security_log",
    "session",
    "setting",
    "shift",
    "store_fact",
    "suspension",
    "ticket",
]
