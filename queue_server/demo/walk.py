"""One resident's whole way through the real processes, checked at every place where the number must be the same.

Card on the reader, touches on the kiosk's widgets, slip, call, display, voice. Leaves pictures, the printer's bytes,
the sound and ``walk.json``; exit 0 only when the number agrees everywhere.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from drivers.control import BadRequest
from drivers.printer.decoder import decode
from queue_server.demo.box import READER, Box, start_box
from queue_server.demo.devices import SlipBytes
from queue_server.demo.glass import GlassDark
from queue_server.demo.pages import HallPages, PageFailed
from queue_server.demo.processes import Programs

SLIP_S = 15.0
GLASS_WORDS = 200
WINDOW = 3
CARD = "mainland"


class WalkFailed(Exception):
    """Something on the way is not as it must be."""


@dataclass(slots=True)
class Record:
    """What was seen, with times; written even when the walk fails."""

    out: Path
    begun_s: float = field(default_factory=time.monotonic)
    steps: list[dict[str, Any]] = field(default_factory=list)
    number: dict[str, str | None] = field(default_factory=dict)
    """The number as found in each place."""
    failure: str | None = None

    def step(self, name: str, **seen: object) -> None:
        at_s = round(time.monotonic() - self.begun_s, 3)
        self.steps.append({"step": name, "at_s": at_s, **seen})
        click.echo(f"{at_s:7.2f} s  {name}")

    def write(self) -> None:
        whole = {"ok": self.failure is None, "failure": self.failure, "number": self.number, "steps": self.steps}
        (self.out / "walk.json").write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def walk(programs: Programs, folder: Path, out: Path, broken: str | None) -> int:
    """Walk once; 0 when everything agrees, else 1 with the reason on stderr and in ``walk.json``."""
    record = Record(out)
    try:
        box = start_box(programs, folder)
        record.step("server, printer, reader and kiosk run")
        with HallPages(box.url, out) as pages:
            try:
                _whole_way(box, pages, record, broken)
            finally:
                box.stop()
    except (WalkFailed, GlassDark, PageFailed, BadRequest, OSError) as error:
        record.failure = str(error)
        sys.stderr.write(f"walk: {error}\n")
    record.write()
    return 0 if record.failure is None else 1


def _whole_way(box: Box, pages: HallPages, record: Record, broken: str | None) -> None:
    pages.open_board(box.manager.approve_displays)
    clerk = box.hall.account("limin")
    pages.open_desk(clerk.account, clerk.password, WINDOW)
    record.step("board paired, window open", window=WINDOW)
    _break(box, pages, broken)
    number = _take_number(box, record)
    address = _check_slip(box, record)
    _call(box, pages, record, number)
    _follow(pages, record, address)
    _read_journal(box, record)
    _agree(record)


def _break(box: Box, pages: HallPages, broken: str | None) -> None:
    match broken:
        case "printer":
            box.devices.at_printer({"do": "fault", "name": "silent"})
        case "reader":
            box.programs.end(READER)
        case "display":
            pages.close_board()
        case _:
            pass


# ---- at the kiosk --------------------------------------------------------------------------------------------------


def _take_number(box: Box, record: Record) -> str:
    glass = box.glass
    glass.wait_for_screen("home")
    _wait_until_open(box)
    _picture(box, record, "home")
    _press(box, record, "matter", "choose")
    matter = next((widget.id for widget in glass.widgets() if widget.id.startswith("matter:")), None)
    if matter is None:
        raise WalkFailed("the kiosk offers no matter on the page 您要办什么事")
    _press(box, record, matter, "guide")
    _press(box, record, "take", "card")
    _lay_card(box, record)
    shown = _after_card(box)
    if shown == "printing":
        _picture(box, record, "printing")
    shown = glass.wait_for_screen("done", "nopaper", "printer", "server", "already", seconds=SLIP_S)
    _picture(box, record, shown)
    if shown != "done":
        fault = box.devices.printer_fault() or "no fault known to it"
        raise WalkFailed(f"no slip came out of the printer ({fault}); {_glass_says(box)}")
    return _number_on_glass(box, record)


def _lay_card(box: Box, record: Record) -> None:
    try:
        box.devices.at_reader({"do": "lay", "card": CARD})
    except OSError as error:
        raise WalkFailed(f"the card reader is gone ({error.strerror or error}); {_glass_says(box)}") from error
    record.step("card laid on the reader")


def _after_card(box: Box) -> str:
    try:
        return box.glass.wait_for_screen("printing", "done", "nopaper", "printer", "server", "already", seconds=SLIP_S)
    except GlassDark as error:
        raise WalkFailed(f"the card reader read no card; {_glass_says(box)}") from error


def _glass_says(box: Box) -> str:
    """What the resident sees, for the sentence that says why the walk ended."""
    words = " ".join(widget.text for widget in box.glass.widgets() if widget.text)[:GLASS_WORDS]
    return f"the kiosk shows {box.glass.screen()!r}: {words}"


def _wait_until_open(box: Box) -> None:
    def numbers_are_given() -> bool:
        return any(widget.id == "take" and widget.pressable for widget in box.glass.widgets())

    box.glass.wait_for("a pressable 直接取号", numbers_are_given, seconds=30)


def _press(box: Box, record: Record, key: str, expected: str) -> None:
    box.glass.press(key)
    try:
        box.glass.wait_for_screen(expected)
    except GlassDark as error:
        raise WalkFailed(f"after {key!r}: {error}") from error
    record.step(f"touched {key}", screen=expected)
    _picture(box, record, expected)


def _picture(box: Box, record: Record, name: str) -> None:
    frame = box.glass.frame()
    if frame is None:
        raise WalkFailed(f"the kiosk gives no picture of {name!r}")
    (record.out / f"kiosk-{name}.png").write_bytes(frame.png)


def _number_on_glass(box: Box, record: Record) -> str:
    found = [widget.text for widget in box.glass.widgets() if _is_number(widget.text)]
    if not found:
        raise WalkFailed("no number on the kiosk's page of the finished number")
    record.number["kiosk widgets"] = found[0]
    record.step("number on the glass", number=found[0])
    return found[0]


def _is_number(text: str) -> bool:
    return len(text) in (4, 5) and text[0].isascii() and text[0].isupper() and text[1:].isdigit()


# ---- on paper ------------------------------------------------------------------------------------------------------


def _check_slip(box: Box, record: Record) -> str:
    """Where the QR on the paper leads."""
    slip = _wait_for_slip(box)
    (record.out / "slip.bin").write_bytes(slip.data)
    decoded = decode(slip.data)
    (record.out / "slip.txt").write_text(decoded.text + "\n", encoding="utf-8")
    decoded.to_png(record.out / "slip.png")
    found = [line.text.strip() for line in decoded.lines if _is_number(line.text.strip())]
    record.number["printed bytes"] = found[0] if found else None
    record.step("slip came out", bytes=len(slip.data), qr=list(decoded.qr_payloads))
    if not decoded.qr_payloads:
        raise WalkFailed("the slip has no QR code")
    return decoded.qr_payloads[0]


def _wait_for_slip(box: Box) -> SlipBytes:
    found: list[SlipBytes] = []

    def came_out() -> bool:
        found[:] = box.devices.slips()
        return bool(found)

    box.glass.wait_for("a slip", came_out, seconds=SLIP_S)
    return found[0]


# ---- call, board, voice, phone, journal ----------------------------------------------------------------------------


def _call(box: Box, pages: HallPages, record: Record, number: str) -> None:
    pages.call_next(number)
    record.number["console"] = pages.desk_number()
    record.step("called at the console", number=number)
    shown = pages.wait_for_call(number)
    record.number["board DOM"] = shown["number"]
    record.step("shown on the board", **shown)
    pages.picture_board("board")
    pages.wait_until_confirmed()
    pages.picture_desk("console")
    record.step("board shown and voice played, both confirmed on the console")
    newest = box.manager.get("/board")["newest"]
    record.number["announcement text"] = _spoken_number(newest["text"])
    sound = pages.sound(newest["audio"])
    (record.out / "announcement.wav").write_bytes(sound)
    if newest["window"] != WINDOW or not sound.startswith(b"RIFF"):
        raise WalkFailed(f"the announcement is for window {newest['window']}, {len(sound)} bytes of sound")
    record.step("announcement", text=newest["text"], sound_bytes=len(sound))


def _follow(pages: HallPages, record: Record, address: str) -> None:
    """The resident scans the slip meanwhile: the phone says that it is called, and where."""
    shown = pages.follow(address, "phone")
    record.number["phone DOM"] = shown["number"]
    record.step("followed on a phone", **shown)
    if f"{WINDOW}号窗口" not in shown["text"]:
        raise WalkFailed(f"the phone does not say where to go: {shown['text']}")


def _spoken_number(text: str) -> str | None:
    """请A零一二号到三号窗口办理 → A012: read back from the words, apart from the code that made them."""
    start, end = text.find("请"), text.find("号到")
    if start < 0 or end < 0:
        return None
    return "".join(
        str("零一二三四五六七八九".index(c)) if c in "零一二三四五六七八九" else c for c in text[start + 1 : end]
    )


def _read_journal(box: Box, record: Record) -> None:
    database = box.hall.folder / "hall.db"
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)
    try:
        rows = connection.execute(
            "select events from journal where events like '%TicketIssued%' order by seq"
        ).fetchall()
    finally:
        connection.close()
    issued = [event for (events,) in rows for event in json.loads(events) if event["type"] == "TicketIssued"]
    record.number["journal row"] = issued[0]["number"] if issued else None
    record.step("read back from the journal", rows=len(issued))


def _agree(record: Record) -> None:
    if len(set(record.number.values())) != 1 or None in record.number.values():
        raise WalkFailed(f"the number is not the same everywhere: {record.number}")
    record.step("the number is the same in all places", places=len(record.number))
