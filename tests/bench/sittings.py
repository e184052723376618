"""Thousands of sittings on the real glass (offscreen), one after the other, in a process of their own.

Random walks over whatever keys the pages offer, by real touches on the real widgets; server and printer answer at once,
time is moved by hand. ``python -m tests.bench.sittings COUNT WARM_UP`` prints one JSON line with memory samples.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from kiosk.flow import offline_events as own
from kiosk.flow.presenter import Moments, Ports, Presenter, Silence
from kiosk.flow.screens import ScreenState
from kiosk.flow.sitting import first_sitting
from queue_server.wire import Forecast
from tests.bench.load import percentile
from tests.bench.memory import sample
from tests.kiosk.hall import AT, catalogue, hall
from tests.kiosk.steps import RULES

SIZE = (540, 960)
"""Half the panel: what grows does not depend on it, and drawing by the processor takes a quarter of the time."""
TOUCHES_MAX = 7
SAMPLES = 20
LONG_S = 400.0
"""Longer than any page stays by itself."""


class Quick:
    """Server and printer that answer with the next turn, and a clock moved by hand."""

    def __init__(self, schedule: Callable[[Callable[[], None]], None]) -> None:
        self.now_s = 1000.0
        self.numbers = 0
        self._keys = 0
        ports = Ports(server=self, paper=self, people=self, sounds=Silence(), own_numbers=self)
        moments = Moments(steady_s=lambda: self.now_s, hall_time=self._at, new_key=self._key)
        self.presenter = Presenter(first_sitting(RULES), ports, moments, schedule=schedule)

    def _at(self) -> datetime:
        return AT + timedelta(seconds=self.now_s - 1000)

    def _key(self) -> str:
        self._keys += 1
        return f"press-{self._keys:06d}"

    def ask_ticket(self, ask: ev.AskTicket) -> None:
        self.numbers += 1
        number = f"A{self.numbers % 999 + 1:03d}"
        ticket = ev.Ticket(id=f"t{self.numbers}", number=number, track=f"K{self.numbers:06d}", issued_at=self._at())
        forecast = Forecast(low_min=10 + self.numbers % 7, high_min=30)
        self.presenter.post(ev.TicketGiven(key=ask.key, ticket=ticket, ahead=self.numbers % 40, forecast=forecast))

    def ask_reprint(self, ask: ev.AskReprint) -> None:
        self.presenter.post(ev.ServerSilent(key=ask.key, asked="reprint"))

    def take_offline(self, take: own.TakeOffline) -> None:
        self.presenter.post(own.OfflineFailed(key=take.key))

    def note_paper(self, note: own.NotePaper) -> None: ...

    def ask_help(self, ask: ev.AskHelp) -> None:
        self.presenter.post(ev.ServerSilent(key=ask.key, asked="help"))

    def print(self, slip: ev.PrintSlip) -> None:
        if self.numbers % 9 == 0:
            self.presenter.post(ev.SlipNotPrinted(key=slip.key, code="paper_end"))
        else:
            self.presenter.post(ev.SlipPrinted(key=slip.key))

    def cancel_ticket(self, cancel: ev.CancelTicket) -> None: ...
    def report_printed(self, report: ev.ReportPrinted) -> None: ...
    def end_help(self, end: ev.EndHelp) -> None: ...
    def report_health(self, report: ev.ReportHealth) -> None: ...
    def give_up_ticket(self, given_up: ev.GiveUpTicket) -> None: ...
    def remember_closing(self, closing: ev.RememberClosing) -> None: ...
    def ask_track(self, ask: kept.AskTrack) -> None:
        self.presenter.post(ev.ServerSilent(key=ask.key, asked="track"))

    def ask_rejoin(self, ask: kept.AskRejoin) -> None:
        self.presenter.post(ev.ServerSilent(key=ask.key, asked="rejoin"))

    def add_matter(self, add: kept.AddMatter) -> None:
        self.presenter.post(ev.ServerSilent(key=add.key, asked="add"))

    def forget(self, person: str) -> None: ...


class Walk:
    """Sittings by touch, as the app in the hall gets them."""

    def __init__(self, seed: int) -> None:
        # Kivy reads its settings and makes its window while it is imported.
        from kiosk.ui.start import configure  # noqa: PLC0415

        configure(width=SIZE[0], height=SIZE[1], home=Path(tempfile.mkdtemp(prefix="kivy-")), offscreen=True)
        from kivy.base import EventLoop  # noqa: PLC0415
        from kivy.config import Config  # noqa: PLC0415

        Config.set("graphics", "maxfps", "0")
        from kivy.core.window import Window  # noqa: PLC0415

        from kiosk.ui.app import KioskApp, soon  # noqa: PLC0415
        from kiosk.ui.assets import Assets  # noqa: PLC0415

        EventLoop.ensure_window()
        self._idle: Callable[[], None] = EventLoop.idle
        self._chance = random.Random(seed)
        self._world = Quick(soon)
        app: Any = KioskApp(Assets.load(), self._world.presenter, tick_s=3600)
        self._app = app
        stage = app.build()
        Window.add_widget(stage)
        self.frames_ms: list[float] = []
        self.screens: dict[str, int] = {}
        self._world.presenter.on_state(self._note_and_show(stage.show))
        for event in (
            ev.CatalogueChanged(catalogue=catalogue()),
            ev.HallChanged(hall=hall()),
            ev.LinkChanged(online=True),
            ev.PrinterHealth(state="ok"),
        ):
            self._world.presenter.post(event)
        self._frames()

    def _note_and_show(self, show: Callable[[ScreenState], None]) -> Callable[[ScreenState], None]:
        def noted(state: ScreenState) -> None:
            self.screens[state.name] = self.screens.get(state.name, 0) + 1
            begun = time.perf_counter()
            show(state)
            self.frames_ms.append((time.perf_counter() - begun) * 1000)
            del self.frames_ms[:-5000]

        return noted

    def _frames(self) -> None:
        for _ in range(2):
            self._idle()

    def one_sitting(self) -> None:
        """Some touches, then nobody touches any more until home stands there again."""
        for _ in range(self._chance.randint(2, TOUCHES_MAX)):
            keys = [each for each in self._app.widgets() if each.pressable]
            key = self._chance.choice(keys)
            self._world.now_s += 5.0
            self._world.presenter.tick()
            self._app.touch(key.x + key.w / 2, key.y + key.h / 2)
            self._frames()
        for _ in range(3):
            self._world.now_s += LONG_S
            self._world.presenter.tick()
        self._frames()


def main() -> None:
    count, warm_up = int(sys.argv[1]), int(sys.argv[2])
    walk = Walk(seed=1)
    for _ in range(warm_up):
        walk.one_sitting()
    samples, begun = [], time.perf_counter()
    for done in range(count + 1):
        if done % max(1, count // SAMPLES) == 0:
            gc.collect()
            samples.append(asdict(sample(done)))
        if done < count:
            walk.one_sitting()
    figures = {
        "samples": samples,
        "seconds": round(time.perf_counter() - begun, 1),
        "screens": walk.screens,
        "show_p50_ms": round(percentile(walk.frames_ms, 0.5), 1),
        "show_p95_ms": round(percentile(walk.frames_ms, 0.95), 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
