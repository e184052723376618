"""Bookings: the record without a person, who holds it, and who did not come (DESIGN 4.3, 4.4)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from queue_server.domain.booking import BookingState
from queue_server.store.journal_tables import METADATA, hall_column, one_of

booking = Table(
    "booking",
    METADATA,
    hall_column(),
    Column("id", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("begins_us", BigInteger, nullable=False),
    Column("ends_us", BigInteger, nullable=False),
    Column("matters", Text, nullable=False),
    Column("holder", Text),
    Column("source", Text, nullable=False),
    Column("ticket", Text),
    Column("made_at_us", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("hall", "id"),
    UniqueConstraint("hall", "code", name="uq_booking_code"),
    CheckConstraint(one_of("state", frozenset(BookingState)), name="state"),
)
"""``code`` is what its holder shows or types, and in no journal row; ``holder`` a row of ``booking_holder``; ``source``
who made it (``clerk:7``)."""

Index("ix_booking_slot", booking.c.hall, booking.c.business_day, booking.c.begins_us)
Index("ix_booking_holder", booking.c.hall, booking.c.holder)
Index("ix_booking_state", booking.c.hall, booking.c.state, booking.c.ends_us)

hall_key = Table(
    "hall_key",
    METADATA,
    hall_column(),
    Column("name", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),
    PrimaryKeyConstraint("hall", "name"),
)
"""Random HMAC keys that outlive a day: ``booking`` finds a person's bookings without keeping the number."""

# ---- erasable --------

booking_holder = Table(
    "booking_holder",
    METADATA,
    hall_column(),
    Column("id", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("masked", Text, nullable=False),
    Column("erase_after_us", BigInteger, nullable=False),
    PrimaryKeyConstraint("hall", "id"),
)
"""Who booked. ``digest`` is the HMAC of the card's number, or of the telephone number where none was given."""

Index("ix_booking_holder_digest", booking_holder.c.hall, booking_holder.c.digest)
Index("ix_booking_holder_erase", booking_holder.c.hall, booking_holder.c.erase_after_us)

no_show = Table(
    "no_show",
    METADATA,
    hall_column(),
    Column("id", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("erase_after_us", BigInteger, nullable=False),
    PrimaryKeyConstraint("hall", "id"),
)
"""Somebody did not come to booking ``id``: kept as long as it counts, without name and number."""

Index("ix_no_show_digest", no_show.c.hall, no_show.c.digest)
Index("ix_no_show_erase", no_show.c.hall, no_show.c.erase_after_us)
