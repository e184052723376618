"""Settings of one kiosk: a TOML file, all faults told together. The defaults run on simulators and a local server."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from drivers import toml_file
from drivers.errors import ConfigurationError
from kiosk.client import ClientRules, read_key
from kiosk.flow.rules import FlowRules

WHAT = "kiosk settings"
Seconds = Annotated[float, Meta(gt=0, le=3600)]
Baud = Annotated[int, Meta(ge=1200, le=921600)]


OFFLINE_LETTERS = "LMNPQRSTUVWZBDEFGHJK"
"""In the order in which the server gives them to kiosks: one that was not told its letter yet takes that of its number.
Should two take the same one, the hall lets both numbers live and lists them."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class Server(Section, frozen=True):
    url: Annotated[str, Meta(pattern=r"^https?://[^/\s]+/?$")] = "http://127.0.0.1:8080"
    key_file: str = ""
    """File with this kiosk's key from ``queue-server pair-device``; empty: no key is sent."""
    ca_file: str = ""
    """Certificate of the authority that signed the server's own one (PEM); empty: those the machine trusts."""
    asking_s: Annotated[float, Meta(ge=0.2, le=10)] = 1.5
    """How long a press waits for the server in all."""
    online_after_s: Annotated[float, Meta(ge=0, le=600)] = 10.0
    place: str = ""
    """Where help is asked for, ``kiosk:<device id>``; empty: as the server knows this device."""


class Reader(Section, frozen=True):
    port: str = "socket://127.0.0.1:9101"
    """Empty: this kiosk has no card reader."""
    baud: Baud | Literal["any"] = 115200
    """Speed of the line; ``any``: all that modules can have are tried, from 115200 down; silence is noticed later."""
    trace: str = ""
    """File for the bytes both ways, to find a fault; empty: none. Never what a card or a scan says."""
    soft_warnings: Literal["go_on", "without_card"] = "go_on"
    """A card whose check character or sex digit does not fit: take it as it is, or give the number without it."""


class ScannerPart(Section, frozen=True):
    port: str = ""
    """Serial scanner; empty: none. One that types like a keyboard needs no setting."""
    baud: Baud = 9600
    prefix: str = ""
    """As set up in the scanner, also in one that types."""
    suffix: str = ""
    trace: str = ""
    """As the card reader's."""


class PrinterPart(Section, frozen=True):
    port: str = "socket://127.0.0.1:9100"
    profile: str = "generic-80"
    baud: Baud | None = None
    deadline_s: Annotated[float, Meta(ge=1, le=15)] = 8.0
    """So long a slip may take beyond the line's own time before its fate counts as unknown."""
    trace: str = ""
    """As the card reader's; slips are in it."""
    closing_slip: bool = False
    """This kiosk prints the closing slip with the day's anchor when the day is closed."""


class ScreenPart(Section, frozen=True):
    width: Annotated[int, Meta(ge=480, le=7680)] = 1080
    height: Annotated[int, Meta(ge=480, le=7680)] = 1920
    fullscreen: bool = False
    offscreen: bool = False


class Sound(Section, frozen=True):
    read_aloud: bool = True
    """朗读; false: its key is flat, also where there is a loudspeaker."""
    volume: Annotated[float, Meta(ge=0, le=1)] = 0.8


class Timeouts(Section, frozen=True):
    """Seconds; the design's tokens [timeout]."""

    page_s: Seconds = 60
    page_elder_s: Seconds = 120
    warning_s: Seconds = 15
    done_s: Seconds = 15
    done_elder_s: Seconds = 30
    trouble_s: Seconds = 60


class Brake(Section, frozen=True):
    """Against children; 0 between numbers and a large ``many`` switch it off."""

    between_numbers_s: Annotated[float, Meta(ge=0, le=60)] = 3
    many: Annotated[int, Meta(ge=1, le=1_000_000)] = 6
    within_s: Seconds = 60


class Settings(Section, frozen=True):
    kiosk: Annotated[int, Meta(ge=1, le=99)] = 1
    """Its number, on screen and slip: {n}号取号机."""
    time_zone: str = "Asia/Shanghai"
    folder: str = "kiosk-data"
    """Where it keeps what it knows of the hall; made when it is not there. Relative to the settings file."""
    priority_ground: Annotated[str, Meta(min_length=1, max_length=40)] = "claimed"
    """Ground sent with 我需要优先照顾; staff see the proof."""
    server: Server = Server()
    card_reader: Reader = Reader()
    printer: PrinterPart = PrinterPart()
    scanner: ScannerPart = ScannerPart()
    screen: ScreenPart = ScreenPart()
    sound: Sound = Sound()
    timeouts: Timeouts = Timeouts()
    brake: Brake = Brake()

    def flow_rules(self) -> FlowRules:
        """What the sitting goes by. Raises ConfigurationError for a zone nobody knows."""
        times, brake = self.timeouts, self.brake
        return FlowRules(
            kiosk=self.kiosk,
            zone=zone_of(self.time_zone),
            letter=OFFLINE_LETTERS[(self.kiosk - 1) % len(OFFLINE_LETTERS)],
            page_s=times.page_s,
            page_elder_s=times.page_elder_s,
            warning_s=times.warning_s,
            done_s=times.done_s,
            done_elder_s=times.done_elder_s,
            trouble_s=times.trouble_s,
            asking_max_s=self.server.asking_s + 2.5,
            printing_max_s=self.printer.deadline_s + 12,
            between_numbers_s=brake.between_numbers_s,
            many_numbers=brake.many,
            many_within_s=brake.within_s,
            priority_ground=self.priority_ground,
            has_reader=bool(self.card_reader.port),
            closing_slip=self.printer.closing_slip,
        )

    def client_rules(self, base: Path) -> ClientRules:
        """Where the server is; files are relative to ``base``. Raises KeyFileError."""
        server = self.server
        return ClientRules(
            url=server.url,
            key=read_key(base / server.key_file) if server.key_file else "",
            ca_file=str(base / server.ca_file) if server.ca_file else None,
            place=server.place,
            kiosk=self.kiosk,
            asking_s=server.asking_s,
            online_after_s=server.online_after_s,
        )


def load_settings(path: Path | None) -> tuple[Settings, Path]:
    """The settings and the folder that their files are relative to. Raises ConfigurationError with all faults."""
    if path is None:
        return Settings(), Path.cwd()
    settings = toml_file.load(path, Settings, what=WHAT)
    try:
        zone_of(settings.time_zone)
    except ConfigurationError as error:
        raise ConfigurationError(path, error.faults, what=WHAT) from error
    return settings, path.resolve().parent


def file_in(base: Path, name: str) -> Path | None:
    """A file of the settings; None for an empty name."""
    return base / name if name else None


def zone_of(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError("settings", (f"time_zone: no zone is called {name!r}",), what=WHAT) from error
