"""Bookings: the record without a person, who holds it, and who did not come (DESIGN 4.3, 4.4)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)

from queue_server.domain.booking import BookingState
from queue_server.store.journal_tables import hall_table, one_of

booking = hall_table(
    "booking",
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
    UniqueConstraint("hall", "code", name="uq_booking_code"),
    CheckConstraint(one_of("state", frozenset(BookingState)), name="state"),
)
"""``code`` is what its holder shows or types, and in no journal row; ``holder`` a row of ``booking_holder``; ``source``
who made it (``clerk:7``)."""

Index("ix_booking_slot", booking.c.hall, booking.c.business_day, booking.c.begins_us)
Index("ix_booking_holder", booking.c.hall, booking.c.holder)
Index("ix_booking_state", booking.c.hall, booking.c.state, booking.c.ends_us)

hall_key = hall_table(
    "hall_key",
    Column("name", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),
    key=("name",),
)
"""Random HMAC keys that outlive a day: ``booking`` finds a person's bookings without keeping the number."""

# ---- erasable --------

booking_holder = hall_table(
    "booking_holder",
    Column("id", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("masked", Text, nullable=False),
    Column("erase_after_us", BigInteger, nullable=False),
)
"""Who booked. ``digest`` is the HMAC of the card's number, or of the telephone number where none was given."""

Index("ix_booking_holder_digest", booking_holder.c.hall, booking_holder.c.digest)
Index("ix_booking_holder_erase", booking_holder.c.hall, booking_holder.c.erase_after_us)

no_show = hall_table(
    "no_show",
    Column("id", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("erase_after_us", BigInteger, nullable=False),
)
"""Somebody did not come to booking ``id``: kept as long as it counts, without name and number."""

Index("ix_no_show_digest", no_show.c.hall, no_show.c.digest)
Index("ix_no_show_erase", no_show.c.hall, no_show.c.erase_after_us)
