"""One clerk's desk in a test: the console signed on at window 3, and a hall that plays along."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import msgspec
from playwright.sync_api import Page, expect

from queue_server import wire
from tests.queue_server.web import states
from tests.queue_server.web.recorded_hall import RecordedHall

SESSION = {"account": "jia", "name": "测试甲", "roles": ["clerk"], "idle_lock_s": 900}
AT_WINDOW = "/windows/3"
LONG_AGO = timedelta(seconds=10)
"""Before now: a page learns the hall's time with the delay of a push, and on a busy machine that is seconds."""


class Desk:
    """``seq`` grows with every command and push, as in the real hall."""

    def __init__(self, page: Page, hall: RecordedHall) -> None:
        self.page = page
        self.hall = hall
        self.seq = 10
        self.window = states.own_window()
        self.more: dict[str, Any] = {}

    def open(
        self,
        *,
        window: wire.WindowView | None = None,
        roles: tuple[str, ...] = ("clerk",),
        query: str = "",
        **session: Any,
    ) -> None:
        """The console in ``window``'s state, reached by a clerk who is signed on there already."""
        self.show(window or self.window)
        self.hall.topics["catalogue"] = states.catalogue()
        kept = json.dumps(SESSION | {"roles": list(roles)} | session)
        script = f"if (!sessionStorage['hall.session']) sessionStorage['hall.session'] = {json.dumps(kept)};"
        self.page.add_init_script(script + "sessionStorage['hall.window'] ??= '3';")
        self.page.goto(f"/console{query}")
        expect(self.main).to_be_visible()

    def show(self, window: wire.WindowView, **more: Any) -> None:
        """The hall says that our window is like this now."""
        self.window, self.more = window, self.more | more
        self.seq += 1
        at = self.hall.now()
        self.hall.topics["hall"] = states.hall(at, self.seq)
        state = states.queue(at, self.seq, window, **self.more)
        if self.hall.has_loop:
            self.hall.push("queue", state)
        else:
            self.hall.topics["queue"] = state

    def replies(
        self, act: str, window: wire.WindowView, ticket: wire.TicketView | None, acted: str | None = None
    ) -> None:
        """The next ``act`` leads to ``window``."""

        def answer(body: dict[str, Any]) -> tuple[int, wire.WindowReply]:
            self.seq += 1
            return 200, wire.WindowReply(window=window, ticket=ticket, seq=self.seq, acted=acted)

        self.hall.answer(f"{AT_WINDOW}/{act}", answer)

    def refuses(self, act: str, code: str, say: str, window: wire.WindowView | None = None, status: int = 409) -> None:
        problem = wire.Problem(type=code, title=code, status=status, code=code, say=say, window=window)
        self.hall.answer(f"{AT_WINDOW}/{act}", lambda _: (status, problem))

    # -- windows of the recorded morning

    def called(self, calls: int = 1, since_s: int = 18, **more: Any) -> wire.WindowView:
        at = self.hall.now() - timedelta(seconds=since_s)
        ticket = states.ticket("A032", "called", window=3, called_at=at, matters=("yb01",), recalls=calls - 1)
        calls_made = tuple(states.announcement("A032", 3, n, at + timedelta(seconds=25 * n)) for n in range(calls))
        reason = wire.ReasonView(
            promise=None,
            credit_min=27,
            runner_up="A033",
            runner_credit_min=26,
            ground=None,
            say="等待最久，领先 A033 1 分钟",
        )
        values: dict[str, Any] = {"ticket": ticket, "announcements": calls_made, "reason": reason}
        return states.own_window(**(values | more))

    def serving(self, since_s: int = 402, **more: Any) -> wire.WindowView:
        at = self.hall.now() - timedelta(seconds=since_s)
        ticket = states.ticket("A032", "serving", window=3, called_at=at, started_at=at, matters=("yb01",))
        return states.own_window(**({"ticket": ticket} | more))

    # -- the page

    @property
    def main(self) -> Any:
        return self.page.locator(".main-key")

    @property
    def note(self) -> Any:
        return self.page.locator(".stage .note")

    def key(self, act: str) -> Any:
        return self.page.locator(f'.stage [data-act="{act}"]')

    def press(self, way: str, key: str, act: str) -> None:
        """The same act by keyboard or by mouse."""
        if way == "keyboard":
            self.page.keyboard.press(key)
        else:
            self.key(act).click()

    def body(self, act: str, count: int = 1) -> dict[str, Any]:
        return self.hall.wait_for(f"{AT_WINDOW}/{act}", count)[-1].body


def changed(window: wire.WindowView, **more: Any) -> wire.WindowView:
    return msgspec.structs.replace(window, **more)
