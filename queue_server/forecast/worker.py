"""The worker: reads the journal as it grows, learns from past days, answers with forecasts. Runs in its own process."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from queue_server.forecast.forecasting import Forecasts, forecast
from queue_server.forecast.learning import Learned, learn
from queue_server.forecast.messages import Answer, Ask, Begin, DayGrade, NewRange
from queue_server.forecast.ranges import Promise, grade
from queue_server.forecast.reading import past_days, read_booked, read_come, read_promises, read_record
from queue_server.store import queries
from queue_server.store.engine import Store
from queue_server.store.folding import Fold

if TYPE_CHECKING:
    from queue_server.domain.day_view import DayView
    from queue_server.store.queries import Reader

GRADED_DAYS = 7


class Worker:
    """Reads only. Every method may raise ``StoreError``: then the process ends and is started anew."""

    def __init__(self, begin: Begin, store: Store, random: Random) -> None:
        self._begin = begin
        self._store = store
        self._random = random
        self._fold = Fold(begin.hall, begin.rules, begin.windows)
        self._taught_for: str | None = None
        """The business day before which everything was learned."""
        self._learned: Learned | None = None
        self._grades: tuple[DayGrade, ...] = ()
        self._come = 1.0
        """Share of bookings whose holders come."""

    def answer(self, ask: Ask) -> Answer:
        """Catch up with the journal and forecast as of ``ask.at_us``."""
        with self._store.read() as connection:
            self._catch_up(connection)
            day = self._fold.day.snapshot()
            if day.business_day is not None and day.business_day != self._taught_for:
                self._learn(connection, day)
            booked = read_booked(connection, self._begin.hall, day.business_day or "", self._come)
        found = Forecasts(day.seq, ask.at_us)
        if self._learned is not None:
            found = forecast(day, self._learned, ask.at_us, self._random, booked=booked)
        return Answer(
            seq=found.seq,
            at_us=found.at_us,
            business_day=day.business_day,
            waiting={ticket: (each.low_min, each.high_min) for ticket, each in found.waiting.items()},
            new=tuple(
                NewRange(asked.kind, asked.ground, tuple(sorted(asked.needs)), *each)
                for asked, each in found.new.items()
            ),
            grades=self._today(day) + self._grades,
        )

    def _catch_up(self, connection: Reader) -> None:
        hall = self._begin.hall
        rows = queries.rows_after(connection, hall, self._fold.seq) if self._fold.seq else None
        self._fold.load(rows if rows is not None else queries.load_day(connection, hall))

    def _learn(self, connection: Reader, day: DayView) -> None:
        begin, before = self._begin, day.business_day or ""
        days = past_days(connection, begin.hall, before=before, most=begin.days)
        offset_min = begin.rules.utc_offset_min
        records = [read_record(connection, begin.hall, each, offset_min) for each in days]
        found = [record for record in records if record is not None]
        self._learned = learn(found) if len(found) >= begin.after_days else None
        graded = (_grade(each, read_promises(connection, begin.hall, each)) for each in days[:GRADED_DAYS])
        self._grades = tuple(each for each in graded if each is not None)
        self._come = read_come(connection, begin.hall, days)
        self._taught_for = day.business_day

    def _today(self, day: DayView) -> tuple[DayGrade, ...]:
        calls = (each for each in reversed(tuple(day.announcements.values())) if not each.repeat and not each.withdrawn)
        first = {each.ticket: each.at_us for each in calls}
        shown = [
            Promise(each.issued_at_us, *each.forecast_min, first.get(each.id))
            for each in day.tickets.values()
            if each.forecast_min is not None
        ]
        found = _grade(day.business_day or "", shown)
        return () if found is None else (found,)


def _grade(day: str, promises: list[Promise]) -> DayGrade | None:
    found = grade(promises)
    return None if found is None else DayGrade.of(day, found)


def work(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer line by line until the server closes its end. Raises ``StoreError`` and what bad lines raise."""
    begin = msgspec.json.decode(requests.readline(), type=Begin)
    store = Store(begin.database, readers=1)
    worker, parse = Worker(begin, store, Random()), msgspec.json.Decoder(Ask)
    try:
        for line in requests:
            answers.write(msgspec.json.encode(worker.answer(parse.decode(line))) + b"\n")
            answers.flush()
    finally:
        store.close()
