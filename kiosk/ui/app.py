"""The kiosk's program on the glass. Import only after `kiosk.ui.start.configure`."""

from __future__ import annotations

import io
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from kivy.app import App
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import glFlush
from kivy.input.motionevent import MotionEvent

from .errors import GlassBusyError
from .keyboard import character_of
from .memory import give_back
from .stage import Seen, Stage
from .start import LOOKS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.flow.screens import ScreenState

    from .assets import Assets

Answer = TypeVar("Answer")
RESTING_LOOKS_PER_S = 12.0
"""Nobody has touched the glass for a while: the next finger waits 83 ms at most before its key goes down."""
REST_AFTER_S = 30.0
ANSWER_S = 5.0
"""How long another thread waits for the UI thread."""


class Flow(Protocol):
    """What the glass needs of `kiosk.flow.presenter.Presenter`."""

    def on_state(self, show: Callable[[ScreenState], None]) -> None:
        """Call `show` now and on each change, on the UI thread."""

    def press(self, key_id: str) -> None:
        """A key was pressed; called on the UI thread."""

    def tick(self) -> None:
        """Time passes."""


class Typing(Protocol):
    """Who takes the keyboard's characters: a scanner that types. Seconds are monotonic."""

    def typed(self, character: str, at_s: float) -> float | None:
        """One character; the moment at which `rest` is wanted, None: not at all."""

    def rest(self, now_s: float) -> float | None:
        """That moment came."""


def soon(call: Callable[[], None]) -> None:
    """Run `call` on the UI thread in one of its next frames. Safe from any thread; the presenter's `schedule`."""
    Clock.schedule_once(lambda _dt: call(), 0)


class Finger(MotionEvent):  # type: ignore[misc]  # Kivy has no types
    """A touch that comes from outside, in window px from the bottom left, and is then an ordinary touch."""

    def __init__(self, number: int, x: float, y: float) -> None:
        super().__init__("outside", f"outside-{number}", (x, y), is_touch=True, type_id="touch")
        self.profile = ["pos", "button"]
        self.button = "left"

    def depack(self, args: tuple[float, float]) -> None:
        self.sx, self.sy = args
        super().depack(args)


class KioskApp(App):  # type: ignore[misc]  # Kivy has no types
    """Shows a presenter's states and gives it the presses; nothing of the desktop is left."""

    def __init__(
        self,
        assets: Assets,
        flow: Flow,
        *,
        tick_s: float = 0.25,
        on_first_frame: Callable[[], None] | None = None,
        typing: Typing | None = None,
        steady_s: Callable[[], float] = time.monotonic,
        on_rest: Callable[[], object] = give_back,
    ) -> None:
        """`on_rest` is called each time the glass begins to rest."""
        super().__init__()
        self._on_rest = on_rest
        self._rests = False
        self._steady_s = steady_s
        self._typing = typing
        self._resting: Any = None
        self._assets, self._flow, self._tick_s = assets, flow, tick_s
        self._on_first_frame = on_first_frame
        self._touches = 0
        self._felt_s = steady_s()
        self.stage: Stage | None = None

    def build(self) -> Stage:
        self.stage = Stage(self._assets, self._flow.press, (Window.width, Window.height))
        Window.bind(on_request_close=lambda *_args, **_more: True, on_flip=self._flipped)
        Window.bind(on_resize=lambda *_args: self._rebuild())
        if self._typing is not None:
            Window.bind(on_key_down=self._key_down)
        self._flow.on_state(self.stage.show)
        Window.bind(on_touch_down=self._felt, on_touch_up=self._felt)
        Clock.schedule_interval(lambda _dt: self._tick(), self._tick_s)
        return self.stage

    def _tick(self) -> None:
        """Time passes. Kivy looks for touches as often as it may draw; a glass that rests is looked at less often.

        Answers of server and devices wake it at once in either case (the clock is Kivy's `interrupt`).
        """
        resting = self._steady_s() - self._felt_s >= REST_AFTER_S
        Clock._max_fps = RESTING_LOOKS_PER_S if resting else LOOKS_PER_S  # noqa: SLF001  Kivy has no other way
        if resting and not self._rests:
            self._on_rest()
        self._rests = resting
        self._flow.tick()

    def _felt(self, *_args: object) -> bool:
        """A finger: from now on the glass is looked at often. The touch goes on to the keys."""
        self._felt_s = self._steady_s()
        Clock._max_fps = LOOKS_PER_S  # noqa: SLF001
        return False

    def _key_down(self, _window: object, key: int, _scancode: int, _text: str, modifiers: list[str]) -> bool:
        """Every key is the scanner's: none does anything else on this glass."""
        character = character_of(key, modifiers)
        if character and self._typing is not None:
            self._rest_at(self._typing.typed(character, self._steady_s()))
        return True

    def _rest_at(self, moment_s: float | None) -> None:
        if self._resting is not None:
            self._resting.cancel()
        self._resting = None
        if moment_s is not None:
            self._resting = Clock.schedule_once(self._rest, max(0.0, moment_s - self._steady_s()))

    def _rest(self, _dt: float) -> None:
        if self._typing is not None:
            self._rest_at(self._typing.rest(self._steady_s()))

    def _flipped(self, _window: object) -> None:
        # The offscreen driver never flushes when it swaps; without this it keeps 27 MB a second of drawn frames.
        # Flushing is enough: waiting for the drawing (glFinish) held the interpreter, and slips came 40 ms later.
        glFlush()
        if self._on_first_frame is not None:
            call, self._on_first_frame = self._on_first_frame, None
            call()

    def _rebuild(self) -> None:
        """The window became another size: a new stage of that size in place of the old one."""
        if self.stage is None or self.stage.size == [Window.width, Window.height]:
            return
        Window.remove_widget(self.stage)
        self.stage = Stage(self._assets, self._flow.press, (Window.width, Window.height))
        self.root = self.stage
        Window.add_widget(self.stage)
        self._flow.on_state(self.stage.show)

    def open_settings(self, *_args: object) -> bool:
        """F1 opens nothing."""
        return False

    # ---- for the mirror: any thread ----------------------------------------------------------------------------------

    def frame_png(self) -> bytes:
        """The glass as it is now, as PNG. Raises GlassBusyError when the UI thread does not answer in time."""
        return self._ask(self._frame)

    def touch(self, x: float, y: float) -> None:
        """A real touch, down and up, in panel px from the top left. Raises GlassBusyError."""
        self._ask(lambda: self._tap(x, y))

    def widgets(self) -> list[Seen]:
        """What stands on the glass. Raises GlassBusyError."""
        return self._ask(lambda: self.stage.seen() if self.stage else [])

    def close(self) -> None:
        """End `run`. Safe from any thread."""
        soon(self.stop)

    def _ask(self, work: Callable[[], Answer]) -> Answer:
        """Do `work` on the UI thread and wait for what it gives; at once when this is the UI thread."""
        if threading.current_thread() is threading.main_thread():
            return work()
        answer: list[Answer] = []
        ready = threading.Event()

        def do(_dt: float) -> None:
            answer.append(work())
            ready.set()

        Clock.schedule_once(do, 0)
        if not ready.wait(ANSWER_S):
            raise GlassBusyError(ANSWER_S)
        return answer[0]

    def _frame(self) -> bytes:
        if self.stage is None:
            return b""
        image = self.stage.export_as_image()
        file = io.BytesIO()
        image.save(file, fmt="png")
        return file.getvalue()

    def _tap(self, x: float, y: float) -> None:
        self._touches += 1
        width, height = Window.width, Window.height
        finger = Finger(self._touches, x / (width - 1), 1 - y / (height - 1))
        EventLoop.post_dispatch_input("begin", finger)
        EventLoop.post_dispatch_input("end", finger)
