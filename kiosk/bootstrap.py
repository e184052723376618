"""Wiring: settings in, a kiosk without its glass out. Knows nothing of Kivy."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from drivers.printer.profile import Profile
from kiosk.cache import Cache
from kiosk.client import Client
from kiosk.devices import CardDesk, PaperDesk, People, ScanDesk
from kiosk.flow.presenter import Moments, Ports, Presenter, Silence, Sounds
from kiosk.flow.sitting import first_sitting
from kiosk.hall_time import HallTime, date_of
from kiosk.outbox import Outbox
from kiosk.own_numbers import OwnNumbers
from kiosk.settings import file_in, zone_of
from queue_server.wire import READABLE, TRACK_SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.flow import events as ev
    from kiosk.settings import ScannerPart, Settings

KEY_BYTES = 12


def new_key() -> str:
    """16 characters of ``A-Za-z0-9_-``; suffixes are added to it, so that it stays below the wire's 64."""
    return secrets.token_urlsafe(KEY_BYTES)


def new_track() -> str:
    """A slip's code, as the server makes them: one of 32 to the 8th."""
    return "".join(secrets.choice(READABLE) for _ in range(TRACK_SIGNS))


class Kiosk:
    """Everything but the glass. The UI shows ``presenter``'s states and gives it presses and ticks."""

    def __init__(
        self,
        settings: Settings,
        base: Path,
        *,
        schedule: Callable[[Callable[[], None]], None],
        sounds: Sounds | None = None,
        upright: bool = True,
    ) -> None:
        """``base``: the folder that files in the settings are relative to; ``upright``: the panel is.

        Raises ConfigurationError, KeyFileError.
        """
        steady_s = time.monotonic
        self.people = People(new_key)
        hall_time = HallTime(steady_s)
        client_rules = settings.client_rules(base)
        self._client = Client(
            client_rules,
            post=self._post,
            person_of=self.people.person_of,
            cache=Cache(base / settings.folder, steady_s),
            hall_time=hall_time,
            steady_s=steady_s,
            details=self._details,
            on_beat=self._beat_heard,
        )
        self._own_numbers = OwnNumbers(
            Outbox(base / settings.folder),
            make_line=client_rules.make_line,
            post=self._post,
            report=self._client.put_report,
            hall_time=hall_time,
            zone=zone_of(settings.time_zone),
            wall_clock=lambda: datetime.now(UTC),
            steady_s=steady_s,
            new_track=new_track,
        )
        printer = settings.printer
        self._paper = PaperDesk(
            printer.port,
            Profile.load(printer.profile),
            baud=printer.baud,
            deadline_s=printer.deadline_s,
            post=self._post,
            model=printer.profile,
            trace=file_in(base, printer.trace),
        )
        self._card = self._card_desk(settings, base, hall_time) if settings.card_reader.port else None
        self.scans = _scan_desk(settings.scanner, base, new_key, self._post)
        self.presenter = Presenter(
            first_sitting(replace(settings.flow_rules(), can_lower=upright)),
            Ports(self._client, self._paper, self.people, sounds or Silence(), self._own_numbers),
            Moments(steady_s=steady_s, hall_time=hall_time.now, new_key=new_key),
            schedule=schedule,
        )

    def _card_desk(self, settings: Settings, base: Path, hall_time: HallTime) -> CardDesk:
        reader, zone = settings.card_reader, zone_of(settings.time_zone)
        return CardDesk(
            reader.port,
            baud=None if reader.baud == "any" else reader.baud,
            people=self.people,
            new_key=new_key,
            post=self._post,
            today=lambda: date_of(hall_time.now(), zone),
            policy=reader.soft_warnings,
            trace=file_in(base, reader.trace),
        )

    def _post(self, event: ev.Event) -> None:
        self.presenter.post(event)

    def _beat_heard(self) -> None:
        self._own_numbers.heard()

    def _details(self) -> dict[str, str]:
        """What the technician sees of each part on the health page."""
        return {
            "printer": self._paper.detail,
            "reader": self._card.detail if self._card is not None else "",
            "outbox": self._own_numbers.detail,
        }

    def start(self) -> None:
        """Start the threads of server and devices; returns at once, whether or not anything is there."""
        self._client.start()
        self._own_numbers.start()
        self._paper.start()
        self.scans.start()
        if self._card is not None:
            self._card.start()

    def stop(self) -> None:
        """End all threads within a few seconds. Safe to repeat."""
        if self._card is not None:
            self._card.stop()
        self.scans.stop()
        self._paper.stop()
        self._own_numbers.stop()
        self._client.stop()


def _scan_desk(part: ScannerPart, base: Path, new_key: Callable[[], str], post: Callable[[ev.Event], None]) -> ScanDesk:
    return ScanDesk(
        part.port,
        baud=part.baud,
        prefix=part.prefix,
        suffix=part.suffix,
        new_key=new_key,
        post=post,
        trace=file_in(base, part.trace),
    )
