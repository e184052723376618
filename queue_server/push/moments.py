"""Between the domain's whole microseconds and the wire's aware datetimes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def moment(at_us: int) -> datetime:
    """Exact: no float in between."""
    return EPOCH + timedelta(microseconds=at_us)


def moment_or_none(at_us: int | None) -> datetime | None:
    return None if at_us is None else moment(at_us)


def us_of(at: datetime) -> int:
    """Whole microseconds UTC; a datetime without zone is taken as UTC."""
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (aware - EPOCH) // _MICROSECOND
