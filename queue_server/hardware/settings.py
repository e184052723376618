"""Settings of pads and strips: which line is where, and which address belongs to which window."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from drivers.errors import DriverError
from drivers.pad.line import PadLine
from drivers.strip.line import StripLine

Address = Annotated[str, Meta(pattern=r"^[0-9]{1,5}$")]
WindowNumber = Annotated[int, Meta(ge=1, le=99)]
Word = Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,20}$")]
LINES_MAX = 32
SayWhich = Literal["finish", "miss", "refuse"]


class LineSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One port with all devices of one kind on it. Pads and strips that speak alike may share a port."""

    port: Annotated[str, Meta(min_length=1, max_length=200)]
    windows: Annotated[dict[Address, WindowNumber], Meta(min_length=1, max_length=99)]
    """Address on the line → window: ``windows = { 1 = 3, 2 = 4 }``."""
    protocol: Word = "house"
    baud: Annotated[int, Meta(ge=300, le=1_000_000)] | None = None
    """None: the protocol's own speed."""
    answer_s: Annotated[float, Meta(gt=0, le=2)] | None = None
    """How long a device may take to begin its answer; None: 0.06, over a network 0.3."""
    trace: Annotated[str, Meta(max_length=200)] = ""
    """File for the bytes both ways, to find a fault; empty: none."""
    name: Annotated[str, Meta(max_length=40)] = ""
    """What staff read; empty: the kind and its running number."""

    @property
    def trace_file(self) -> Path | None:
        return Path(self.trace) if self.trace else None

    @property
    def at(self) -> dict[int, int]:
        """Window by address."""
        return {int(address): window for address, window in self.windows.items()}


class HardwareSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table ``[hardware]``; without lines nothing is opened."""

    pads: Annotated[tuple[LineSetting, ...], Meta(max_length=LINES_MAX)] = ()
    strips: Annotated[tuple[LineSetting, ...], Meta(max_length=LINES_MAX)] = ()
    say_which: SayWhich = "finish"
    """What NEXT on a pad does with somebody who was called and neither started nor missed."""
    pause_ground: Word = "errand"
    """The ground that PAUSE on a pad gives; a key of ``pause_ground`` in ``assets/web/locale``."""
    hold_remind_min: Annotated[int, Meta(ge=0, le=240)] = 10
    """When the console reminds of a number held by pad, where the page asks; minutes, 0 never."""


def faults(settings: HardwareSettings, windows: tuple[int, ...]) -> list[str]:
    """All that is wrong with ``settings`` in a hall with these windows; nothing is opened."""
    found: list[str] = []
    for kind, lines in (("pads", settings.pads), ("strips", settings.strips)):
        ports = [line.port for line in lines]
        twice = sorted({port for port in ports if ports.count(port) > 1})
        found += [f"hardware.{kind}: port {port} is given twice; one table names all its {kind}" for port in twice]
        for line in lines:
            found += _line_faults(kind, line, windows)
    pads = {line.port: line for line in settings.pads}
    for line in settings.strips if not found else ():
        if line.port in pads:
            found += _sharing_faults(pads[line.port], line)
    at = [window for line in settings.pads for window in line.at.values()]
    found += [f"hardware.pads: window {n} has two pads" for n in sorted({n for n in at if at.count(n) > 1})]
    return found


def _line_faults(kind: str, line: LineSetting, windows: tuple[int, ...]) -> list[str]:
    place = f"hardware.{kind} at {line.port}"
    unknown = sorted(set(line.at.values()) - set(windows))
    found = [f"{place}: there is no window {n}" for n in unknown]
    if len(line.at) < len(line.windows):
        found.append(f"{place}: an address is given twice")
    try:
        if kind == "pads":
            PadLine(line.port, line.at, on_event=lambda _: None, protocol=line.protocol)
        else:
            StripLine(line.port, line.at, protocol=line.protocol)
    except DriverError as error:
        found.append(f"{place}: {error}")
    except ValueError:
        given = ", ".join(map(str, sorted(line.at)))
        found.append(f"{place}: the protocol {line.protocol!r} has no such address; given are {given}")
    return found


def _sharing_faults(pads: LineSetting, strips: LineSetting) -> list[str]:
    """Why the strips cannot be on the pads' wires; both are right in themselves."""
    place = f"hardware.strips at {strips.port}, shared with pads"
    own = [key for key in ("baud", "answer_s", "trace") if getattr(strips, key) not in ("", None, getattr(pads, key))]
    found = [f"{place}: {key} of a shared port stands with its pads" for key in own]
    beside = PadLine(pads.port, pads.at, on_event=lambda _: None, protocol=pads.protocol)
    try:
        StripLine(strips.port, strips.at, protocol=strips.protocol, beside=beside)
    except ValueError as error:
        found.append(f"{place}: {error}")
    return found
