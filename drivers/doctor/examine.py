"""All devices of a hall or a kiosk looked at together, so that two which were exchanged are named as such."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from drivers.doctor.access import holders, remedy
from drivers.doctor.lines import Met, look, look_for, open_any, speed_of
from drivers.errors import ConfigurationError, PortBusy, PortDenied, PortError
from drivers.plugins import ProtocolUnknown
from drivers.transport import SOCKET_SCHEME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from drivers.doctor.wanted import Wanted
    from drivers.probing import Found
    from drivers.registry import PortInfo
    from drivers.transport import Transport

AT_ONCE = 8
LINES = frozenset({"pad", "strip"})
Level = Literal["ok", "note", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say. ``code`` has a sentence in ``assets/devices/words/doctor.<language>.toml``."""

    level: Level
    code: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found for one device of the settings."""

    wanted: Wanted
    met: Met
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        levels = {finding.level for finding in self.findings}
        return "fault" if "fault" in levels else "note" if "note" in levels else "ok"


def examine(
    wanted: Sequence[Wanted],
    ports: Sequence[PortInfo],
    *,
    open_line: Callable[[str, int], Transport] = open_any,
    clock: Callable[[], float] = time.monotonic,
) -> list[Report]:
    """Look at all, different ports at once; up to half a minute. ``ports`` are those of this machine."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        looked = pool.map(lambda on_line: _look_line(on_line, open_line, clock), _by_line(wanted))
        reports = [report for _, report in sorted(chain.from_iterable(looked), key=itemgetter(0))]
        elsewhere = _look_elsewhere(reports, ports, open_line, clock, pool)
    swaps = [_with_swap(report, reports) for report in reports]
    return [_with_names(_with_place(report, elsewhere), ports) for report in swaps]


def _by_line(wanted: Sequence[Wanted]) -> list[list[tuple[int, Wanted]]]:
    """Those of one port together, each with its place in ``wanted``."""
    lines: dict[str, list[tuple[int, Wanted]]] = {}
    for numbered in enumerate(wanted):
        lines.setdefault(_line_of(numbered[1].port), []).append(numbered)
    return list(lines.values())


def _look_line(
    on_line: Sequence[tuple[int, Wanted]], open_line: Callable[[str, int], Transport], clock: Callable[[], float]
) -> list[tuple[int, Report]]:
    """What is on one port, one after the other: pads and strips of one make may share it, at one speed."""
    kinds = {each.kind for _, each in on_line}
    alike = len({each.protocol for _, each in on_line}) == 1
    if len(on_line) > 1 and not (len(on_line) == len(LINES) and kinds == LINES and alike):
        return [(at, _report(each, Met(), Finding("fault", "port_twice", {}))) for at, each in on_line]
    baud = next((each.baud for _, each in on_line if each.baud), None)
    return [(at, _one(replace(each, baud=baud), kinds - {each.kind}, open_line, clock)) for at, each in on_line]


def _line_of(port: str) -> str:
    """Two names of one device file are one port."""
    return port if "://" in port else str(Path(port).resolve())


def _one(
    wanted: Wanted,
    beside: AbstractSet[str],
    open_line: Callable[[str, int], Transport],
    clock: Callable[[], float],
) -> Report:
    """``beside``: the kinds of device that may be there, too."""
    try:
        met = look(wanted, open_line, clock)
    except (ConfigurationError, ProtocolUnknown) as error:
        return _report(wanted, Met(), Finding("fault", "settings", {"why": str(error).replace("\n", " ")}))
    return Report(wanted, met, tuple(_findings(wanted, met, beside)))


def _report(wanted: Wanted, met: Met, finding: Finding) -> Report:
    return Report(wanted, met, (finding,))


def _findings(wanted: Wanted, met: Met, beside: AbstractSet[str]) -> list[Finding]:
    if met.error is not None:
        return [_port_finding(met.error)]
    found = met.found
    if found is None:
        return [_nothing_answers(wanted)]
    speed = str(found.baud)
    values = {"found": found.kind, "detail": found.detail, "baud": speed if _matters(wanted) else ""}
    missing = values | {"addresses": ", ".join(map(str, met.missing))}
    if met.missing and set(found.kinds) <= beside:
        return [Finding("fault", "addresses_silent", missing)]
    if wanted.kind not in found.kinds:
        return [Finding("fault", "other_device", values | {"is": found.kinds[0] if found.kinds else ""})]
    if not met.right and found.baud != speed_of(wanted) and _matters(wanted):
        return [Finding("fault", "wrong_speed", values | {"set": str(speed_of(wanted))})]
    findings = [Finding("ok", "proved_line" if wanted.kind in LINES else "proved", values)]
    if met.missing:
        return [*findings, Finding("fault", "addresses_silent", missing)]
    if found.condition.state != "ok":
        level: Level = "fault" if found.condition.state == "down" else "note"
        findings.append(Finding(level, "condition", values | {"code": found.condition.code}))
    return findings


def _matters(wanted: Wanted) -> bool:
    return not wanted.port.startswith(SOCKET_SCHEME) and "/lp" not in wanted.port and "://" not in wanted.port


def _nothing_answers(wanted: Wanted) -> Finding:
    match wanted.kind:
        case "scanner":
            return Finding("note", "scanner", {})
        case "strip" if wanted.protocol != "house":
            return Finding("note", "strip_mute", {})
        case "printer" if wanted.port.startswith(SOCKET_SCHEME):
            return Finding("fault", "silent_shared", {})
        case _:
            return Finding("fault", "silent", {})


def _port_finding(error: PortError) -> Finding:
    values = {"why": error.detail}
    if isinstance(error, PortBusy):
        names = ", ".join(holders(error.name))
        return Finding("fault", "port_busy" if names else "port_busy_unseen", values | {"by": names})
    if isinstance(error, PortDenied):
        found = remedy(error.name)
        if found is None or not found.group:
            return Finding("fault", "port_denied_rule", values)
        code = "port_denied_again" if found.joined else "port_denied"
        return Finding("fault", code, values | {"user": found.user, "group": found.group})
    far = error.code == "port_missing" and error.name.startswith(SOCKET_SCHEME)
    return Finding("fault", "host_missing" if far else error.code, values)


def _with_swap(report: Report, reports: Sequence[Report]) -> Report:
    """``other_device`` becomes ``swapped`` when the two only have to change places, else says who else misses it."""
    at = next((n for n, each in enumerate(report.findings) if each.code == "other_device"), None)
    if at is None or report.met.found is None:
        return report
    owners = [
        each
        for each in reports
        if each is not report and each.wanted.kind in report.met.found.kinds and not each.met.right
    ]
    if not owners:
        return report
    wrong = [each for each in owners if any(finding.code == "other_device" for finding in each.findings)]
    back = [each for each in wrong if each.met.found and report.wanted.kind in each.met.found.kinds]
    owner = (back or owners)[0]
    finding = report.findings[at]
    code = "swapped" if back else "others_device"
    values = finding.values | {"role": owner.wanted.role, "port": owner.wanted.port}
    return replace(report, findings=(replace(finding, code=code, values=values),))


def _look_elsewhere(
    reports: Sequence[Report],
    ports: Sequence[PortInfo],
    open_line: Callable[[str, int], Transport],
    clock: Callable[[], float],
    pool: ThreadPoolExecutor,
) -> list[tuple[PortInfo, Found]]:
    """What answers on ports that no setting names, asked only when a device is missing: it may be in another socket."""
    speeds = sorted({speed_of(report.wanted) for report in reports if _is_missing(report)}, reverse=True)
    named = {_line_of(report.wanted.port) for report in reports}
    free = [info for info in ports if _line_of(info.device) not in named] if speeds else []
    found = pool.map(lambda info: look_for(info.device, speeds, open_line, clock), free[:AT_ONCE])
    return [(info, one) for info, one in zip(free, found, strict=False) if one is not None]


def _is_missing(report: Report) -> bool:
    codes = {finding.code for finding in report.findings}
    return bool(codes & {"port_missing", "port_lost", "silent", "other_device"}) and report.wanted.kind != "scanner"


def _with_place(report: Report, elsewhere: Sequence[tuple[PortInfo, Found]]) -> Report:
    """Where the missing device is, if exactly such a one answers on a port that no setting names."""
    places = [info.stable for info, found in elsewhere if report.wanted.kind in found.kinds]
    if not places or not _is_missing(report):
        return report
    finding = Finding("note", "found_elsewhere", {"better": places[0]})
    return replace(report, findings=(*report.findings, finding))


def _with_names(report: Report, ports: Sequence[PortInfo]) -> Report:
    """A name that may mean another device tomorrow is told, whatever else is so."""
    port = report.wanted.port
    info = next((each for each in ports if "://" not in port and _line_of(each.device) == _line_of(port)), None)
    if info is None or port == info.stable:
        return report
    values = {"better": info.by_path or info.stable}
    if "/by-id/" in port and (info.twins or not info.serial_number):
        return replace(report, findings=(*report.findings, Finding("note", "by_id_shared", values)))
    if port == info.device and info.stable != port:
        values = {"better": info.stable}
        return replace(report, findings=(*report.findings, Finding("note", "name_moves", values)))
    return report
