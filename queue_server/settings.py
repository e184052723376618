"""Settings of the queue server: one TOML file, all faults reported at once. Defaults run on simulators."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from drivers import toml_file
from drivers.errors import ConfigurationError
from queue_server.domain.rules import Rules, WindowConfig

WHAT = "queue server settings"
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
    retention_days: Annotated[int, Meta(ge=1, le=365)] = 1
    """Persons read from cards are erased so long after their visit."""

    @property
    def window_numbers(self) -> tuple[int, ...]:
        return tuple(each.number for each in self.windows)

    @property
    def window_configs(self) -> tuple[WindowConfig, ...]:
        return tuple(WindowConfig(each.number, tuple(each.skills), each.zone) for each in self.windows)

    @property
    def tls(self) -> bool:
        return bool(self.listen.certificate)


def load_settings(path: Path | None) -> Settings:
    """The settings of ``path``; the defaults without one. Raises ConfigurationError with all faults."""
    settings = Settings() if path is None else toml_file.load(path, Settings, what=WHAT)
    faults = tuple(_faults(settings))
    if faults:
        raise ConfigurationError(path or "defaults", faults, what=WHAT)
    return with_zone(settings)


def with_zone(settings: Settings) -> Settings:
    """The rules' offset from UTC follows the hall's zone."""
    offset = datetime.now(ZoneInfo(settings.hall.time_zone)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset is not None else 0
    return msgspec.structs.replace(settings, rules=replace(settings.rules, utc_offset_min=minutes))


def _faults(settings: Settings) -> list[str]:
    faults: list[str] = []
    numbers = settings.window_numbers
    faults += [f"windows: number {n} is given twice" for n in sorted({n for n in numbers if numbers.count(n) > 1})]
    try:
        ZoneInfo(settings.hall.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        faults.append(f"hall.time_zone: no time zone is called {settings.hall.time_zone!r}; try Asia/Shanghai")
    if bool(settings.listen.certificate) != bool(settings.listen.private_key):
        faults.append("listen: give both certificate and private_key, or none")
    if settings.metrics_key_file and not Path(settings.metrics_key_file).is_file():
        faults.append("metrics_key_file: no such file")
    letters = list(settings.kiosk_letters.values()) + list(settings.rules.letters.values())
    faults += [f"letter {each} is given twice" for each in sorted({x for x in letters if letters.count(x) > 1})]
    return faults
