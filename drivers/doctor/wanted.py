"""Which device the settings expect on which port: from a settings file of kiosk or server, or typed in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.errors import ConfigurationError

KINDS = ("idcard", "printer", "scanner", "pad", "strip")
TABLES = {"card_reader": "idcard", "printer": "printer", "scanner": "scanner", "pads": "pad", "strips": "strip"}
"""Names of tables in settings files → the kind of device behind their ``port``."""
WHAT = "settings"
SAID = "{port} = kind[@baud], kinds: {kinds}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A device as the settings name it. ``baud`` None: what such devices come with."""

    role: str
    """Where it stands: ``card_reader``, ``hardware.pads[0]``, or the kind when it was typed in."""
    kind: str
    port: str
    baud: int | None = None
    protocol: str = "house"
    addresses: tuple[int, ...] = ()
    profile: str = "generic-80"


def from_file(path: Path) -> list[Wanted]:
    """All devices a settings file names; other tables are passed over. Raises ConfigurationError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigurationError(path, (f"cannot be read: {error.strerror or error}",), what=WHAT) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(path, (f"is not valid TOML: {error}",), what=WHAT) from error
    found = _from_table(table, "")
    if not found:
        known = ", ".join(TABLES)
        raise ConfigurationError(path, (f"names no port of a device; looked for tables {known}",), what=WHAT)
    return found


def from_text(text: str) -> Wanted | None:
    """``PORT=kind`` or ``PORT=kind@baud``; None when it is none."""
    port, equals, said = text.rpartition("=")
    kind, _, baud = said.partition("@")
    if not (equals and port) or kind not in KINDS or (baud and not baud.isdigit()):
        return None
    return Wanted(kind, kind, port, int(baud) if baud else None)


def _from_table(table: dict[str, Any], at: str) -> list[Wanted]:
    found: list[Wanted] = []
    for key, value in table.items():
        place = f"{at}.{key}" if at else key
        if isinstance(value, dict):
            found += _wanted(key, value, place) if key in TABLES else _from_table(value, place)
        elif isinstance(value, list):
            rows = [(f"{place}[{index}]", row) for index, row in enumerate(value) if isinstance(row, dict)]
            found += [one for each, row in rows for one in (_wanted(key, row, each) if key in TABLES else [])]
    return found


def _wanted(key: str, table: dict[str, Any], place: str) -> list[Wanted]:
    """Nothing where the port is missing or empty: then this kiosk has no such device."""
    port = table.get("port")
    if not isinstance(port, str) or not port:
        return []
    baud, protocol, profile = table.get("baud"), table.get("protocol"), table.get("profile")
    at = table.get("windows") or table.get("addresses") or ()
    return [
        Wanted(
            place,
            TABLES[key],
            port,
            baud if isinstance(baud, int) and not isinstance(baud, bool) else None,
            protocol if isinstance(protocol, str) else "house",
            tuple(sorted({int(each) for each in at if str(each).isdigit()})),
            profile if isinstance(profile, str) else "generic-80",
        )
    ]
