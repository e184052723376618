"""Flows as lists of steps: what happens, which screen follows, what is asked of the world.

``press("take").shows("printing").does(AskTicket)``. A press of a key that the screen does not list is an error of the
test. Each step is a second after the one before, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from kiosk.flow import offline_events as own
from kiosk.flow.keys import keys_of
from kiosk.flow.rules import FlowRules
from kiosk.flow.screens import ScreenState
from kiosk.flow.sitting import first_sitting, step
from kiosk.flow.state import Sitting
from kiosk.flow.view import draw
from queue_server.wire import Forecast, HallState
from tests.kiosk.hall import AT, catalogue, hall

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULES = FlowRules(kiosk=1, zone=SHANGHAI)


@dataclass
class Kiosk:
    """A sitting with its effects remembered; time is moved by hand."""

    sitting: Sitting
    now_s: float = 1000.0
    presses: int = 0
    log: list[ev.Effect] = field(default_factory=list)

    @property
    def screen(self) -> ScreenState:
        return draw(self.sitting)

    def send(self, *events: ev.Event) -> list[ev.Effect]:
        done: list[ev.Effect] = []
        for event in events:
            self.sitting, effects = step(self.sitting, event)
            done += effects
        self.log += done
        return done

    def wait(self, seconds: float) -> list[ev.Effect]:
        """Time passes in quarters of a second."""
        done: list[ev.Effect] = []
        until_s = self.now_s + seconds
        while self.now_s < until_s:
            self.now_s = min(self.now_s + 0.25, until_s)
            done += self.send(ev.Tick(now_s=self.now_s, at=AT + timedelta(seconds=self.now_s - 1000)))
        return done

    def press(self, key_id: str, *, after_s: float = 1.0) -> list[ev.Effect]:
        self.wait(after_s)
        assert key_id in keys_of(self.sitting)[0], f"{key_id} is not a key of {self.screen.name}: {self.screen.keys}"
        return self.touch(key_id)

    def touch(self, key_id: str) -> list[ev.Effect]:
        """A touch as it comes, listed or not."""
        self.presses += 1
        return self.send(ev.Pressed(id=key_id, key=f"press-{self.presses:04d}", now_s=self.now_s))

    def last(self, kind: type[ev.Effect]) -> Any:
        """The newest effect of this kind."""
        return next(effect for effect in reversed(self.log) if isinstance(effect, kind))


def kiosk(*, rules: FlowRules = RULES, state: HallState | None = None, online: bool = True) -> Kiosk:
    """A kiosk on line in an open hall, its devices well, some time after its start."""
    made = Kiosk(first_sitting(rules))
    made.send(
        ev.CatalogueChanged(catalogue=catalogue()),
        ev.HallChanged(hall=state or hall()),
        ev.LinkChanged(online=online),
        ev.PrinterHealth(state="ok"),
        ev.ReaderHealth(state="ok"),
    )
    made.wait(0.25)
    made.log.clear()
    return made


def ticket(number: str = "A044", **changes: Any) -> ev.Ticket:
    usual = ev.Ticket(id=f"t-{number}", number=number, track=f"K{number}", issued_at=AT)
    return replace(usual, **changes)


@dataclass(frozen=True)
class Step:
    name: str
    act: Callable[[Kiosk], list[ev.Effect]]
    screen: str | None = None
    effects: tuple[type, ...] | None = None
    checks: tuple[Callable[[Kiosk], None], ...] = ()

    def shows(self, screen: str) -> Step:
        return replace(self, screen=screen)

    def does(self, *effects: type) -> Step:
        """Exactly these effects, sounds apart, in this order."""
        return replace(self, effects=effects)

    def with_(self, **fields: Any) -> Step:
        """Fields of the screen's own value."""

        def check(made: Kiosk) -> None:
            found = {name: getattr(made.screen.screen, name) for name in fields}
            assert found == fields

        return replace(self, checks=(*self.checks, check))

    def ask(self, asked: type[ev.Effect], /, **fields: Any) -> Step:
        """Fields of the newest effect of this kind."""

        def check(made: Kiosk) -> None:
            effect = made.last(asked)
            assert {name: getattr(effect, name) for name in fields} == fields

        return replace(self, checks=(*self.checks, check))


def run(steps: Iterable[Step], made: Kiosk | None = None) -> Kiosk:
    made = made or kiosk()
    for number, each in enumerate(steps):
        where = f"step {number}: {each.name}"
        done = [type(effect) for effect in each.act(made) if not isinstance(effect, ev.PlaySound)]
        if each.screen is not None:
            assert made.screen.name == each.screen, where
        if each.effects is not None:
            assert done == list(each.effects), where
        for check in each.checks:
            check(made)
    return made


def press(key_id: str, *, after_s: float = 1.0) -> Step:
    return Step(f"press {key_id}", lambda made: made.press(key_id, after_s=after_s))


def touch(key_id: str) -> Step:
    """A touch that the screen need not list, at once."""
    return Step(f"touch {key_id}", lambda made: made.touch(key_id))


def wait(seconds: float) -> Step:
    return Step(f"wait {seconds} s", lambda made: made.wait(seconds))


def happens(event: ev.Event) -> Step:
    return Step(type(event).__name__, lambda made: made.send(event))


def given(number: str = "A044", *, ahead: int = 11, already: ev.Ticket | None = None, **changes: Any) -> Step:
    """The server answers the last press that asked for a number."""

    def act(made: Kiosk) -> list[ev.Effect]:
        key = made.last(ev.AskTicket).key
        forecast = Forecast(low_min=20, high_min=30)
        made_ticket = ticket(number, **({"matters": made.last(ev.AskTicket).matters} | changes))
        return made.send(ev.TicketGiven(key=key, ticket=made_ticket, ahead=ahead, forecast=forecast, already=already))

    return Step(f"given {number}", act)


def refused(say: str = "今天的号发完了，请明天来", code: str = "issuing_stopped") -> Step:
    return Step(
        "refused",
        lambda made: made.send(ev.TicketRefused(key=made.last(ev.AskTicket).key, code=code, say=say)),
    )


def silent() -> Step:
    return Step(
        "server silent", lambda made: made.send(ev.ServerSilent(key=made.last(ev.AskTicket).key, asked="ticket"))
    )


def own_given(number: str = "L001", *, known: bool = True) -> Step:
    """The outbox has the number on disk."""

    def act(made: Kiosk) -> list[ev.Effect]:
        key = made.last(own.TakeOffline).key
        told = own.OfflineGiven(key=key, number=number, issued_at=AT if known else None, track=f"K{number}")
        return made.send(told)

    return Step(f"own {number}", act)


def disk_fails() -> Step:
    return Step("disk fails", lambda made: made.send(own.OfflineFailed(key=made.last(own.TakeOffline).key)))


def reprint_given(copy: int = 1, number: str = "A044", **changes: Any) -> Step:
    def act(made: Kiosk) -> list[ev.Effect]:
        key = made.last(ev.AskReprint).key
        return made.send(ev.ReprintGiven(key=key, ticket=ticket(number, **changes), copy=copy, ahead=5))

    return Step("reprint given", act)


def added(number: str = "A031", *matters: str) -> Step:
    """The server put the matter onto the number held."""

    def act(made: Kiosk) -> list[ev.Effect]:
        asked = made.last(kept.AddMatter)
        carries = ticket(number, matters=(*matters, asked.matter))
        forecast = Forecast(low_min=5, high_min=10)
        return made.send(kept.TicketActed(key=asked.key, ticket=carries, ahead=4, forecast=forecast))

    return Step("added", act)


def not_added(code: str) -> Step:
    return Step(
        f"not added: {code}",
        lambda made: made.send(ev.TicketRefused(key=made.last(kept.AddMatter).key, code=code, say="不行")),
    )


def add_silent() -> Step:
    return Step(
        "no word on the matter", lambda made: made.send(ev.ServerSilent(key=made.last(kept.AddMatter).key, asked="add"))
    )


def printed() -> Step:
    return Step("printed", lambda made: made.send(ev.SlipPrinted(key=made.last(ev.PrintSlip).key)))


def not_printed(code: str) -> Step:
    return Step(
        f"not printed: {code}",
        lambda made: made.send(ev.SlipNotPrinted(key=made.last(ev.PrintSlip).key, code=code)),
    )


def unknown() -> Step:
    return Step("slip unknown", lambda made: made.send(ev.SlipUnknown(key=made.last(ev.PrintSlip).key, code="silent")))


def card(person: str = "person-1") -> Step:
    return Step("card read", lambda made: made.send(ev.CardRead(person=person, key=f"card-{person}")))


def scan(text: str = "https://hall.example/t/KA044") -> Step:
    return Step("scan", lambda made: made.send(ev.CodeScanned(text=text, key=f"scan-{made.now_s}")))


def tracked(
    state: str = "waiting", *, window: int | None = None, rejoins_left: int = 2, ahead: int | None = 4, **more: Any
) -> Step:
    """The server answers the last scan."""

    def act(made: Kiosk) -> list[ev.Effect]:
        key = made.last(kept.AskTrack).key
        found = ticket(state=state)
        given = kept.TrackGiven(key=key, ticket=found, ahead=ahead, window=window, rejoins_left=rejoins_left, **more)
        return made.send(given)

    return Step(f"tracked {state}", act)


def help_is(state: Any, who: str = "") -> Step:
    def act(made: Kiosk) -> list[ev.Effect]:
        return made.send(ev.HelpChanged(key=made.last(ev.AskHelp).key, help="h-1", state=state, who=who))

    return Step(f"help {state}", act)


NUMBER = (given(), printed().shows("done"))
"""The server answers and the slip comes."""
