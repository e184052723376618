"""Settings of the queue server: one TOML file, all faults reported at once. Defaults run on simulators."""

from __future__ import annotations

import dataclasses
import tomllib
import typing
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from drivers import toml_file
from drivers.errors import ConfigurationError
from queue_server.domain.booking import BookingRules
from queue_server.domain.calendar import Hours, parse_session
from queue_server.domain.numbering import LETTERS
from queue_server.domain.quota import minute_of
from queue_server.domain.rules import Rules, WindowConfig
from queue_server.domain.ticket import TicketKind
from queue_server.grounds import Ground, shipped_grounds, twice, with_grounds
from queue_server.hardware.settings import HardwareSettings
from queue_server.hardware.settings import faults as hardware_faults
from queue_server.service.calendar_file import session_faults

WHAT = "queue server settings"
BOOKING_LIMITS = {"slot_min": (5, 240), "walk_in_percent": (0, 100), "service_min": (1, 240), "days_ahead": (1, 60)}
"""Where a booking rule has other limits than 0 and ten thousand."""
Clock = Annotated[str, Meta(pattern=r"^([0-9]|1[0-9]|2[0-3]):[0-5][0-9]$")]
Word = Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,20}$")]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; unknown keys are faults."""


class HallInfo(Section, frozen=True, kw_only=True):
    """What stands on kiosks, boards and slips."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,40}$")] = "hall"
    """Names the journal; never changed once numbers were given out."""
    name: Annotated[str, Meta(min_length=1, max_length=60)] = "政务服务大厅"
    centre: Annotated[str, Meta(max_length=60)] = ""
    phone: Annotated[str, Meta(max_length=30)] = ""
    time_zone: str = "Asia/Shanghai"
    open_from: Clock = "9:00"
    open_to: Clock = "17:00"
    notice: Annotated[str, Meta(max_length=200)] = ""


class Listen(Section, frozen=True, kw_only=True):
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    """0 takes a free one; see ``--port-file``."""
    certificate: str = ""
    """PEM files for TLS; both or none."""
    private_key: str = ""


class WindowSetting(Section, frozen=True, kw_only=True):
    number: Annotated[int, Meta(ge=1, le=99)]
    skills: tuple[Word, ...] = ()
    """None: an integrated window (综合窗口)."""
    zone: Word = "hall"


class CalendarSetting(Section, frozen=True, kw_only=True):
    """The hall's week and what happens by itself. Holidays and make-up days are in ``assets/calendar`` and records."""

    sessions: tuple[str, ...] = ()
    """Monday to Friday, such as ``9:00-12:00``; none: from ``open_from`` to ``open_to``."""
    saturday: tuple[str, ...] = ()
    sunday: tuple[str, ...] = ()
    issue_before_min: Annotated[int, Meta(ge=0, le=240)] = 30
    last_number_min: Annotated[int, Meta(ge=0, le=240)] = 0
    places_from_min: Annotated[int, Meta(ge=0, le=480)] = 90
    """So long before the end the hall says how many can still be served; 0: never."""
    mean_service_min: Annotated[int, Meta(ge=1, le=120)] = 8
    """Taken for that until today's own mean is known."""
    open_by_itself: bool = False
    """Open the day when numbers are first given, closing one left open before it."""
    stop_by_itself: bool = False
    """Stop giving numbers at the calendar's end."""


class ForecastSetting(Section, frozen=True, kw_only=True):
    """The worker that tells how long it will take."""

    enabled: bool = True
    days: Annotated[int, Meta(ge=1, le=60)] = 20
    """So many past days teach."""
    after_days: Annotated[int, Meta(ge=1, le=20)] = 3
    """With fewer there is no forecast."""
    every_s: Annotated[float, Meta(ge=1, le=60)] = 5.0
    """At most so often, when something changed."""


def _windows() -> tuple[WindowSetting, ...]:
    return tuple(WindowSetting(number=number) for number in range(1, 9))


class Settings(Section, frozen=True, kw_only=True):
    """All of them. Paths are relative to the folder the server runs in."""

    hall: HallInfo = msgspec.field(default_factory=HallInfo)
    listen: Listen = msgspec.field(default_factory=Listen)
    database: str = "sqlite:///var/hall.db"
    """``sqlite:///PATH`` or ``postgresql+psycopg://…``."""
    windows: Annotated[tuple[WindowSetting, ...], Meta(min_length=1, max_length=99)] = msgspec.field(
        default_factory=_windows
    )
    rules: Rules = msgspec.field(default_factory=Rules)
    calendar: CalendarSetting = msgspec.field(default_factory=CalendarSetting)
    forecast: ForecastSetting = msgspec.field(default_factory=ForecastSetting)
    grounds: Annotated[tuple[Ground, ...], Meta(max_length=20)] = ()
    """The hall's own list of grounds for priority; none: the shipped one."""
    kiosk_letters: dict[str, Annotated[str, Meta(pattern=r"^[A-HJ-NP-Z]$")]] = {}
    """Letter of each kiosk for numbers without the server: ``"kiosk:2" = "L"``; those of paired kiosks come first."""
    public_url: str = ""
    """Address of the phone page; empty: slips carry a short code instead of a QR."""
    training: bool = False
    frame_ancestors: tuple[str, ...] = ()
    """Origins that may show our pages in a frame; the demo's own only."""
    idle_lock_min: Annotated[int, Meta(ge=1, le=720)] = 15
    metrics_key_file: str = ""
    """File with the scraper's bearer key; without it ``/metrics`` answers loopback only."""
    disk_low_mb: Annotated[int, Meta(ge=1)] = 1024
    hardware: HardwareSettings = msgspec.field(default_factory=HardwareSettings)
    """Call pads and LED strips on lines of this machine."""
    retention_days: Annotated[int, Meta(ge=1, le=365)] = 1
    """Persons read from cards are erased so long after their visit."""

    @property
    def window_numbers(self) -> tuple[int, ...]:
        return tuple(each.number for each in self.windows)

    @property
    def window_configs(self) -> tuple[WindowConfig, ...]:
        return tuple(WindowConfig(each.number, tuple(each.skills), each.zone) for each in self.windows)

    @property
    def grounds_in_force(self) -> tuple[Ground, ...]:
        return self.grounds or shipped_grounds()

    @property
    def hours(self) -> Hours:
        """The hall's week; call only on settings without faults."""
        week = self.calendar
        every = week.sessions or (f"{self.hall.open_from}-{self.hall.open_to}",)
        return Hours(
            weekday=tuple(parse_session(each) for each in every),
            saturday=tuple(parse_session(each) for each in week.saturday),
            sunday=tuple(parse_session(each) for each in week.sunday),
            issue_before_min=week.issue_before_min,
            last_number_min=week.last_number_min,
        )

    @property
    def tls(self) -> bool:
        return bool(self.listen.certificate)


def load_settings(path: Path | None) -> Settings:
    """The settings of ``path``; the defaults without one. Raises ConfigurationError with all faults."""
    settings, faults = (Settings(), ()) if path is None else _read(path)
    faults = (*faults, *_faults(settings))
    if faults:
        raise ConfigurationError(path or "defaults", faults, what=WHAT)
    return completed(settings)


def completed(settings: Settings) -> Settings:
    """The rules' offset from UTC follows the hall's zone, their grounds the hall's list."""
    offset = datetime.now(ZoneInfo(settings.hall.time_zone)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset is not None else 0
    rules = with_grounds(replace(settings.rules, utc_offset_min=minutes), settings.grounds_in_force)
    return msgspec.structs.replace(settings, rules=rules)


def _read(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """The settings, or what of them can be read with all faults of the rest: one round tells everything."""
    try:
        return toml_file.load(path, Settings, what=WHAT), ()
    except ConfigurationError as error:
        faults = tuple(error.faults)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return Settings(), faults
    return _sound_part(table, Settings), faults


def _sound_part(table: dict[str, object], kind: Any) -> Any:  # noqa: ANN401 - a section, or the rules
    """``kind`` with those keys of ``table`` that are right, defaults for the others."""
    hints = typing.get_type_hints(kind, include_extras=True)
    sound: dict[str, object] = {}
    for name in table.keys() & hints.keys():
        value, hint = table[name], hints[name]
        if isinstance(value, dict) and (dataclasses.is_dataclass(hint) or _is_section(hint)):
            sound[name] = _sound_part(value, hint)
            continue
        try:
            sound[name] = msgspec.convert(value, hint)
        except msgspec.ValidationError:
            continue
    return kind(**sound)


def _is_section(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, Section)


def _faults(settings: Settings) -> Iterator[str]:
    """What is wrong although each key for itself is right."""
    numbers = settings.window_numbers
    yield from (f"windows: number {n} is given twice" for n in sorted({n for n in numbers if numbers.count(n) > 1}))
    try:
        ZoneInfo(settings.hall.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"hall.time_zone: no time zone is called {settings.hall.time_zone!r}; try Asia/Shanghai"
    if bool(settings.listen.certificate) != bool(settings.listen.private_key):
        yield "listen: give both certificate and private_key, or none"
    if settings.metrics_key_file and not Path(settings.metrics_key_file).is_file():
        yield "metrics_key_file: no such file"
    letters = list(settings.kiosk_letters.values()) + list(settings.rules.own_letters.values())
    yield from (f"letter {each} is given twice" for each in sorted({x for x in letters if letters.count(x) > 1}))
    yield from (f"grounds: {code} is given twice" for code in twice(settings.grounds))
    yield from hardware_faults(settings.hardware, numbers)
    yield from _calendar_faults(settings)
    yield from _rule_faults(settings.rules)


def _calendar_faults(settings: Settings) -> Iterator[str]:
    hall, week = settings.hall, settings.calendar
    for name in ("sessions", "saturday", "sunday"):
        yield from (f"calendar.{name}: {fault}" for fault in session_faults(getattr(week, name)))
    if minute_of(hall.open_from) >= minute_of(hall.open_to):
        yield f"hall: open_from {hall.open_from} is not before open_to {hall.open_to}"


def _booking_faults(rules: BookingRules) -> Iterator[str]:
    for field in dataclasses.fields(rules):
        value = getattr(rules, field.name)
        least, most = BOOKING_LIMITS.get(field.name, (0, 10_000))
        if not least <= value <= most:
            yield f"rules.booking.{field.name}: {value} is not from {least} to {most}"


def _rule_faults(rules: Rules) -> Iterator[str]:
    yield from _booking_faults(rules.booking)
    for field in dataclasses.fields(rules):
        value = getattr(rules, field.name)
        if isinstance(value, int) and field.name != "utc_offset_min" and value < 0:
            yield f"rules.{field.name}: {value} is less than 0"
    kinds = {kind.value for kind in TicketKind}
    yield from (f"rules.letters: no kind is called {each!r}" for each in sorted(rules.letters.keys() - kinds))
    yield from (f"rules.letters: {kind} needs a letter" for kind in sorted(kinds - rules.letters.keys()))
    wrong = sorted(each for each in rules.own_letters.values() if len(each) != 1 or each not in LETTERS)
    yield from (f"rules.letters: {each!r} is no letter from A to Z without I and O" for each in wrong)
    for quota in rules.quotas:
        try:
            if minute_of(quota.begins) < minute_of(quota.ends) and quota.limit >= 0:
                continue
        except ValueError:
            pass
        yield f"rules.quotas: {quota.begins}-{quota.ends}, {quota.limit} is no part of a day with a limit"
