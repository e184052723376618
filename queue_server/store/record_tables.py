"""Records, which are the truth themselves, and erasable tables, the only place of personal data (DESIGN 4.3, 4.4)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
)

from queue_server.store.booking_tables import booking, booking_holder, hall_key, no_show
from queue_server.store.journal_tables import hall_table, one_of

# ---- records --------

account = hall_table(
    "account",
    Column("id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("hall", "name", name="uq_account_name"),
)
"""``id`` is the 7 of ``clerk:7``; ``roles`` a JSON list; an account is never deleted, only made inactive."""

device = hall_table(
    "device",
    Column("id", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("letter", Text),
    Column("window", SmallInteger),
    Column("key_hash", Text),
    Column("cookie_hash", Text),
    Column("paired_at_us", BigInteger, nullable=False),
    Column("revoked_at_us", BigInteger),
    Column("version", Integer, nullable=False),
    CheckConstraint(one_of("kind", frozenset({"display", "pad", "kiosk"})), name="kind"),
)
"""``id`` is the 2 of ``kiosk:2``. Kiosks have a bearer key, browsers a cookie: only hashes are kept."""

session = hall_table(
    "session",
    Column("id_hash", Text, nullable=False),
    Column("account", Integer, nullable=False),
    Column("opened_at_us", BigInteger, nullable=False),
    Column("idle_until_us", BigInteger, nullable=False),
    Column("ended_at_us", BigInteger),
    key=("id_hash",),
)

pairing = hall_table(
    "pairing",
    Column("code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("expires_at_us", BigInteger, nullable=False),
    Column("device", Integer),
    CheckConstraint(one_of("state", frozenset({"waiting", "approved", "refused", "used"})), name="state"),
    key=("code",),
)

setting = hall_table(
    "setting",
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("version", Integer, nullable=False),
    key=("name",),
)
"""A hall's setting changed at run time; ``value`` is JSON text."""

suspension = hall_table(
    "suspension",
    Column("code", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("until_us", BigInteger),
    Column("version", Integer, nullable=False),
    key=("code",),
)
"""What people read while something cannot be handled; that it is so stands in the journal."""

catalogue_version = hall_table(
    "catalogue_version",
    Column("version", Integer, nullable=False),
    Column("date", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("sample", Boolean, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("imported_at_us", BigInteger, nullable=False),
    key=("version",),
)

department = hall_table(
    "department",
    Column("catalogue", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("content", Text, nullable=False),
    key=("catalogue", "code"),
)
"""One department of one catalogue version: ``content`` is the JSON text of ``wire.Department``, ``place`` its order."""

matter = hall_table(
    "matter",
    Column("catalogue", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("content", Text, nullable=False),
    key=("catalogue", "code"),
)
"""One matter of one catalogue version: ``content`` is the JSON text of ``wire.Matter``, ``place`` its order."""

security_log = hall_table(
    "security_log",
    Column("seq", BigInteger, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    key=("seq",),
)
"""Append-only, chained like the journal: sign-ins, 401 and 403, unmasking, exports, settings. Kept 365 days."""

Index("ix_security_log_at", security_log.c.hall, security_log.c.at_us)

# ---- erasable tables: the only place of personal data (store/personal.py) --------

person = hall_table(
    "person",
    Column("id", Text, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("id_number", Text, nullable=False),
    Column("card_type", Text, nullable=False),
    Column("masked", Text, nullable=False),
    Column("erase_after_us", BigInteger, nullable=False),
)
"""Who showed a card. ``id`` is random: the ``person_ref`` of a ticket; ``digest`` is the day's HMAC of the number."""

Index("ix_person_digest", person.c.hall, person.c.business_day, person.c.digest)
Index("ix_person_erase", person.c.hall, person.c.erase_after_us)

note = hall_table(
    "note",
    Column("id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("erase_after_us", BigInteger, nullable=False),
)
"""Free text of staff about a ticket or a call for help: ``subject`` is ``ticket:…`` or ``help:…``."""

Index("ix_note_subject", note.c.hall, note.c.subject)
Index("ix_note_erase", note.c.hall, note.c.erase_after_us)

day_key = hall_table(
    "day_key",
    Column("business_day", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),
    key=("business_day",),
)
"""Random HMAC key of one business day, destroyed with it: then no digest can be tried against a number any more."""

RECORDS = (
    account, device, session, pairing, setting, suspension, catalogue_version, department, matter, booking, hall_key,
)  # fmt: skip
ERASABLE = (person, note, booking_holder, no_show)
WRITABLE = {table.name: table for table in (*RECORDS, *ERASABLE)}
"""Tables whose rows may travel beside a command."""
