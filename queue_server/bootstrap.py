"""The only wiring of the server: settings in, a running hall's parts out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import assets
from queue_server.api.app import create_app
from queue_server.api.pairings import Pairings
from queue_server.api.parts import Parts
from queue_server.api.passwords import Passwords
from queue_server.api.people import People
from queue_server.api.replies import Replies
from queue_server.api.sessions import Sessions
from queue_server.api.throttle import Guessing, Tracking
from queue_server.api.words import load_lexicon
from queue_server.domain import events as e
from queue_server.domain.commands import ChangeRecord
from queue_server.errors import QueueError
from queue_server.forecast.serving import build_keeper
from queue_server.forecast.shown import Shown
from queue_server.hardware.handover import Handover
from queue_server.hardware.hardware import Hardware, load_strip_words
from queue_server.hardware.pads import Pads
from queue_server.hardware.strips import Strips
from queue_server.push.floor import Floor
from queue_server.push.hub import Hub
from queue_server.push.meters import Meters
from queue_server.push.pictures import Pictures
from queue_server.push.watch import Watch, free_mb
from queue_server.service.bookings import Bookings
from queue_server.service.calendar_file import shipped_years
from queue_server.service.calendars import Calendars
from queue_server.service.chance import SystemChance
from queue_server.service.gate import Gate
from queue_server.service.hall_time import HallTime
from queue_server.service.local_door import Door, note_path
from queue_server.service.records import PersonDesk
from queue_server.service.timer import Timer
from queue_server.store.engine import Store
from queue_server.voice.clips import ClipMissing, Clips
from queue_server.web.pages import pages
from queue_server.wire import API_PREFIX

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from litestar import Litestar

    from queue_server.forecast.keeper import Keeper
    from queue_server.service.ports import SteadyClock, Voice, WallClock
    from queue_server.service.view import HallView, WrittenRow
    from queue_server.settings import Settings
    from queue_server.store.rows import RowWrite

_log = logging.getLogger(__name__)
TICK_S = 1.0
ANSWER_WITHIN_S = 10.0
"""Longer than the gate's own alarm (5 s); the client's repeat of the key finds the outcome if it came after all."""
CALM = (e.TicketIssued, e.SlipReported, e.RecordChanged, e.PersonalDataErased)
"""Events that change only counts: pushed together a few times a second."""


class ClipVoice:
    """The committed clips as the port ``Voice``."""

    def __init__(self, clips: Clips) -> None:
        self._clips = clips

    def saying(self, number: str, window: int, language: str) -> bytes | None:
        try:
            return self._clips.saying(number, window, language)
        except ClipMissing as missing:
            _log.warning("%s", missing)
            return None


class Server:
    """One hall's server: ``app`` to be served, ``run`` its life around the serving."""

    def __init__(
        self, settings: Settings, *, wall_clock_us: WallClock, steady_clock_s: SteadyClock, voice: Voice | None
    ) -> None:
        self.parts = build_parts(settings, wall_clock_us=wall_clock_us, steady_clock_s=steady_clock_s, voice=voice)
        self.watch = Watch(
            self.parts.gate,
            self.parts.floor,
            self.parts.hub,
            self.parts.pictures,
            self.parts.hall_time_us,
            disk_low_mb=settings.disk_low_mb,
            disk_free_mb=lambda: free_mb(self.parts.store.path.parent if self.parts.store.path else Path.cwd()),
        )
        self.hardware = build_hardware(self.parts)
        self.timer = build_timer(self.parts)
        self.forecasting = build_forecasting(self.parts) if settings.forecast.enabled else None
        self.app: Litestar = create_app(self.parts, pages=[pages(self.parts)], lifespan=[self._life])
        self.loop: asyncio.AbstractEventLoop
        """Where everything but the gate runs; known once the app has started."""
        self.url = ""
        """Where the command-line programs reach us; set before the app starts."""
        self.begun = asyncio.Event()
        """Set when the hall is served and the command-line programs' door is open."""
        self.refused = asyncio.Event()
        """Set when this hall cannot be served at all (an unreadable journal, tables of another version)."""
        self.lost = asyncio.Event()
        """Set when the hall's lock was lost: whoever serves this server ends it and begins anew, standing by."""

    @contextlib.asynccontextmanager
    async def _life(self, app: Litestar) -> AsyncIterator[None]:
        del app
        parts, loop = self.parts, asyncio.get_running_loop()
        self.loop = loop

        def committed(view: HallView, rows: tuple[WrittenRow, ...]) -> None:
            loop.call_soon_threadsafe(self._committed, view, rows)

        parts.gate.on_commit(committed)
        parts.gate.start(timeout_s=None)
        tasks = [asyncio.create_task(self._begin()), asyncio.create_task(self._tick())]
        if self.forecasting is not None:
            tasks.append(asyncio.create_task(self.forecasting.run()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            parts.hub.close()
            parts.door.close()
            await self.hardware.stop()
            parts.passwords.stop()
            await asyncio.to_thread(parts.gate.stop)
            parts.store.close()

    async def _begin(self) -> None:
        """Waits until this server writes the hall, then takes in what was there and opens the local door."""
        gate = self.parts.gate
        while not await asyncio.to_thread(gate.wait_ready, TICK_S):
            pass
        state = gate.health().state
        if state != "serving":
            if state != "lost":  # else the tick says so
                self.refused.set()
            return
        records = gate.view.records
        self.parts.hall_time_us()  # from here on it knows when the clock jumps
        self.parts.floor.seed(gate.view)
        self.hardware.start()
        self.parts.sessions.seed(records.sessions.values(), lambda number: number in records.accounts)
        if self.url:
            self.parts.door.open(self.url + API_PREFIX)
        if self.forecasting is not None:
            self.forecasting.changed()
        self.begun.set()

    async def _tick(self) -> None:
        while True:
            self.tick()
            await asyncio.sleep(TICK_S)

    def tick(self) -> None:
        """What is done each second, on the event loop."""
        pictures = self.parts.pictures
        self.watch.tick()
        self.timer.tick()
        pictures.trouble = replace(pictures.trouble, alone=self.timer.alone)
        self.hardware.changed()
        if self.parts.gate.health().state == "lost":
            self.lost.set()

    def _committed(self, view: HallView, rows: tuple[WrittenRow, ...]) -> None:
        parts = self.parts
        parts.meters.count(type(row.command).__name__ for row in rows)
        for row in rows:
            if isinstance(row.command, ChangeRecord) and row.command.table == "account":
                account = int(row.command.id)
                if row.actor != f"clerk:{account}":
                    parts.sessions.end_all_of(account)
        parts.floor.take_in(view, [event for row in rows for event in row.events])
        urgent = any(not isinstance(event, CALM) for row in rows for event in row.events)
        parts.hub.changed(urgent=urgent)
        self.hardware.changed()
        if self.forecasting is not None:
            self.forecasting.changed()


def build_parts(
    settings: Settings, *, wall_clock_us: WallClock, steady_clock_s: SteadyClock, voice: Voice | None
) -> Parts:
    """All parts of one server, connected, nothing started."""
    store = Store(settings.database)
    spoken_at_us: dict[str, int] = {}
    gate = Gate(
        store,
        settings.rules,
        settings.window_configs,
        hall=settings.hall.id,
        wall_clock_us=wall_clock_us,
        steady_clock_s=steady_clock_s,
        spoken_at_us=spoken_at_us,
    )

    def view() -> HallView:
        return gate.view

    chance, lexicon, meters = SystemChance(), load_lexicon(settings.grounds_in_force), Meters()
    calendars = Calendars(
        shipped_years(), settings.hours, settings.rules.utc_offset_min, lambda: gate.view.records.settings
    )
    hall_time_us = HallTime(view, wall_clock_us, steady_clock_s)
    floor = Floor(hall_time_us, view, spoken_at_us)
    shown = Shown(lambda: gate.view.day, hall_time_us)
    pictures = Pictures(
        settings, view, floor, lexicon.zh, hall_time_us,
        calendars=calendars, has_voice=voice is not None, shown=shown,
    )  # fmt: skip
    return Parts(
        settings=settings,
        store=store,
        gate=gate,
        replies=Replies(ANSWER_WITHIN_S),
        wall_clock_us=wall_clock_us,
        hall_time_us=hall_time_us,
        steady_clock_s=steady_clock_s,
        chance=chance,
        lexicon=lexicon,
        floor=floor,
        calendars=calendars,
        shown=shown,
        pictures=pictures,
        hub=Hub(pictures, steady_clock_s, meters.push.observe),
        sessions=_sessions(settings, gate, chance, wall_clock_us, steady_clock_s),
        passwords=Passwords(steady_clock_s),
        pairings=Pairings(wall_clock_us, chance),
        people=People(PersonDesk(store, gate.hall), pictures, chance, wall_clock_us, settings.retention_days),
        tracking=Tracking(steady_clock_s),
        guessing=Guessing(steady_clock_s),
        bookings=build_bookings(settings, store, gate, calendars, chance, hall_time_us),
        meters=meters,
        door=Door(note_path(store.path, settings.hall.id)),
        voice=voice,
        metrics_key=_read_key(settings.metrics_key_file),
    )


def _sessions(
    settings: Settings, gate: Gate, chance: SystemChance, wall_clock_us: WallClock, steady_clock_s: SteadyClock
) -> Sessions:
    def keep(rows: Sequence[RowWrite]) -> None:
        with contextlib.suppress(QueueError):  # then the clerk signs on again after a restart
            gate.note(rows=rows)

    return Sessions(
        idle_lock_s=settings.idle_lock_min * 60.0,
        clock=steady_clock_s,
        wall_clock_us=wall_clock_us,
        chance=chance,
        keep=keep,
    )


def build_bookings(
    settings: Settings, store: Store, gate: Gate, calendars: Calendars, chance: SystemChance, wall_clock_us: WallClock
) -> Bookings:
    """Bookings of this hall: as many places as its windows serve beside walk-ins."""
    return Bookings(
        store=store,
        gate=gate,
        rules=settings.rules,
        windows=len(settings.windows),
        calendars=calendars,
        chance=chance,
        wall_clock_us=wall_clock_us,
        holder_days=settings.retention_days,
    )


def build_forecasting(parts: Parts) -> Keeper:
    """The forecast's worker, not started."""
    return build_keeper(
        parts.settings,
        parts.store,
        parts.gate,
        parts.shown,
        lambda: parts.hub.changed(urgent=False),
        wall_clock_us=parts.hall_time_us,
        steady_clock_s=parts.steady_clock_s,
    )


def build_hardware(parts: Parts) -> Hardware:
    """Pads and strips of the settings, nothing opened."""
    settings = parts.settings.hardware
    handover = Handover(parts.floor.lines, wall_clock_us=parts.hall_time_us, steady_clock_s=parts.steady_clock_s)
    pads = Pads(
        settings,
        parts.gate,
        handover,
        chance=parts.chance,
        wall_clock_us=parts.hall_time_us,
        steady_clock_s=parts.steady_clock_s,
        count=lambda result: parts.meters.presses.labels(result).inc(),
    )
    words = load_strip_words()
    strips = Strips(settings.strips, parts.gate, handover, words=words, wall_clock_us=parts.hall_time_us)
    return Hardware(pads, strips, handover)


def shipped_voice() -> Voice:
    """The clips under ``assets/voice``."""
    return ClipVoice(Clips(assets.path("voice")))


def build_timer(parts: Parts) -> Timer:
    """What happens by itself in this hall, by its settings."""
    setting = parts.settings.calendar
    return Timer(
        parts.gate,
        parts.calendars,
        opens=setting.open_by_itself,
        stops=setting.stop_by_itself,
        letters=parts.letters,
        spoken=parts.floor.spoken_at_us,
        chance=parts.chance,
        hall_time_us=parts.hall_time_us,
        wall_clock_us=parts.wall_clock_us,
        steady_clock_s=parts.steady_clock_s,
    )


def _read_key(path: str) -> str | None:
    return Path(path).read_text(encoding="ascii").strip() if path else None


def prepare_folder(settings: Settings) -> None:
    """Makes the folder of the database, readable by its own user only, where it is not there yet."""
    store = Store(settings.database)
    if store.path is not None and not store.path.parent.exists():
        store.path.parent.mkdir(parents=True, mode=0o700)
    store.close()
