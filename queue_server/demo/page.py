"""The demo's page: the kiosk's live picture, paper, card reader, pads and strips, board and a console in one window.

A small HTTP server on loopback in the demo's own process. It passes touches to the kiosk's mirror and asks the
simulators' control channels for what a hand would do; it holds no state of the hall.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import assets
from drivers.control import BadRequest
from queue_server.demo.devices import CARDS, LINE_FAULTS, PAD_KEYS, PRINTER_FAULTS, Devices
from queue_server.demo.glass import Glass, GlassDark

BODY_MAX = 4096
FILES: Mapping[str, tuple[Path, str]] = {
    "/": (assets.path("demo", "index.html"), "text/html; charset=utf-8"),
    "/demo.css": (assets.path("demo", "demo.css"), "text/css; charset=utf-8"),
    "/demo.js": (assets.path("demo", "demo.js"), "text/javascript; charset=utf-8"),
    "/fonts/regular": (assets.path("fonts", "NotoSansSC-Regular.otf"), "font/otf"),
    "/fonts/bold": (assets.path("fonts", "NotoSansSC-Bold-GB2312.ttf"), "font/otf"),
}


@dataclass(frozen=True, slots=True)
class Places:
    """What the page frames and tells: addresses of board and console, accounts made for this demo."""

    board: str
    console: str
    accounts: tuple[dict[str, str], ...]


class DemoPage:
    """Serve the page from ``start`` to ``stop``. Its address is known first: the server must let it frame its pages."""

    def __init__(self, port: int = 0) -> None:
        """Take the port on loopback; 0 takes a free one. Raises OSError when the port is taken."""
        page = self

        class Handler(_Handler):
            demo = page

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def furnish(self, places: Places, glass: Glass, devices: Devices) -> None:
        """Say what to show: ``glass`` is the kiosk's mirror, ``devices`` the simulators. Before ``start``."""
        self._places = places
        self._glass = glass
        self._devices = devices

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.ident is not None:
            self._server.shutdown()
            self._thread.join(2.0)
        self._server.server_close()

    def look(self, path: str, query: str) -> tuple[HTTPStatus, str, bytes, dict[str, str]]:
        """Answer a GET: status, content type, body, further headers."""
        if path in FILES:
            file, kind = FILES[path]
            return HTTPStatus.OK, kind, file.read_bytes(), {}
        if path == "/places.json":
            return _json(
                {"board": self._places.board, "console": self._places.console, "accounts": self._places.accounts}
            )
        if path == "/state.json":
            return _json(self._state())
        if path == "/kiosk/frame.png":
            frame = self._glass.frame(after=query.removeprefix("after="))
            if frame is None:
                return HTTPStatus.NO_CONTENT, "image/png", b"", {}
            return HTTPStatus.OK, "image/png", frame.png, {"X-Frame": frame.number}
        if path.startswith("/slips/") and path.endswith(".png"):
            picture = self._devices.slip_picture(int(path[7:-4])) if path[7:-4].isdigit() else None
            if picture is not None:
                return HTTPStatus.OK, "image/png", picture, {}
        if path.startswith("/strips/") and path.endswith(".png") and path[8:-4].isdigit():
            return HTTPStatus.OK, "image/png", self._devices.strip_picture(int(path[8:-4])), {}
        return HTTPStatus.NOT_FOUND, *_json({"error": f"没有这一页：{path}"})[1:]

    def act(self, path: str, body: Mapping[str, Any]) -> tuple[HTTPStatus, str, bytes, dict[str, str]]:
        """Answer a POST: a touch, or what a hand does at a device."""
        acts: dict[str, Callable[[Mapping[str, Any]], object]] = {
            "/kiosk/touch": lambda said: self._glass.touch(int(said["x"]), int(said["y"])),
            "/printer": self._devices.at_printer,
            "/reader": self._devices.at_reader,
            "/pads": self._devices.at_pads,
            "/strips": self._devices.at_strips,
        }
        acts[path](body)
        return _json({})

    def _state(self) -> dict[str, object]:
        printer, reader = self._devices.printer_fault(), self._devices.card()
        return {
            "printer": {
                "fault": printer,
                "say": PRINTER_FAULTS.get(printer or "", ("", printer or ""))[1],
                "faults": [{"name": name, "say": hand} for name, (hand, _) in PRINTER_FAULTS.items()],
            },
            "reader": {
                "card": reader,
                "cards": [{"name": name, "say": say, "kind": kind} for name, (say, kind) in CARDS.items()],
            },
            "slips": self._devices.slip_count(),
            "counters": self._counters() if self._devices.has_lines else None,
        }

    def _counters(self) -> dict[str, object]:
        """What stands at each window: its pad's display and last sound, its strip."""
        lines = self._devices.lines()
        pads, strips = lines["pads"]["devices"], lines["strips"]["devices"]
        return {
            "keys": [{"name": name, "say": say} for name, say in PAD_KEYS.items()],
            "faults": [{"name": name, "say": say} for name, say in LINE_FAULTS.items()],
            "fault": {kind: next(iter(line["faults"].values()), None) for kind, line in lines.items()},
            "windows": {
                window: {
                    "next": pad["next_number"],
                    "waiting": pad["waiting"],
                    "beeps": len(pad["beeps"]),
                    "beep": pad["beeps"][-1] if pad["beeps"] else None,
                    "text": strips[window]["text"],
                    "flash": strips[window]["flash"],
                }
                for window, pad in pads.items()
            },
        }


class _Handler(BaseHTTPRequestHandler):
    demo: DemoPage
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self._answer(lambda: self.demo.look(parts.path, parts.query))

    def do_POST(self) -> None:
        self._answer(self._act)

    def _act(self) -> tuple[HTTPStatus, str, bytes, dict[str, str]]:
        origin = self.headers.get("Origin", "")
        if origin and origin != f"http://{self.headers.get('Host')}":
            return HTTPStatus.FORBIDDEN, *_json({"error": "只接受本页的操作"})[1:]
        length = int(self.headers.get("Content-Length", "0"))
        if not 0 < length <= BODY_MAX:
            return HTTPStatus.BAD_REQUEST, *_json({"error": f"要 1 到 {BODY_MAX} 字节"})[1:]
        return self.demo.act(self.path, json.loads(self.rfile.read(length)))

    def _answer(self, make: Callable[[], tuple[HTTPStatus, str, bytes, dict[str, str]]]) -> None:
        try:
            status, kind, body, headers = make()
        except (KeyError, TypeError, ValueError) as error:
            status, (_, kind, body, headers) = HTTPStatus.BAD_REQUEST, _json({"error": f"看不懂：{error}"})
        except (BadRequest, GlassDark, OSError) as error:
            status, (_, kind, body, headers) = HTTPStatus.BAD_GATEWAY, _json({"error": str(error)})
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the browser went on meanwhile
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Polling twice a second would fill the terminal."""


def _json(value: object) -> tuple[HTTPStatus, str, bytes, dict[str, str]]:
    body = json.dumps(value, ensure_ascii=False).encode()
    return HTTPStatus.OK, "application/json; charset=utf-8", body, {}
