"""The glass: shows drawings as widgets, takes one finger at a time, tells what stands where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kivy.core.window import Window
from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from .ink import Inks, KivyPen
from .page import LANDSCAPE, PORTRAIT, Drawing
from .pieces import KeyFace, Piece
from .screens import picture
from .widgets import Brush, KeyWidget, PieceWidget
from .writing import Typesetter

if TYPE_CHECKING:
    from collections.abc import Callable

    from kivy.input.motionevent import MotionEvent

    from kiosk.flow.screens import ScreenState

    from .assets import Assets


class Seen(NamedTuple):
    """A widget on the glass, in panel px from the top left."""

    id: str
    text: str
    x: int
    y: int
    w: int
    h: int
    pressable: bool


class Stage(Widget):  # type: ignore[misc]  # Kivy has no types
    """One page at a time, cut plainly from one to the next. Widgets of equal pieces stay."""

    def __init__(self, assets: Assets, press: Callable[[str], None], size: tuple[int, int]) -> None:
        super().__init__(size_hint=(None, None), size=size, pos=(0, 0))
        self._assets, self._press = assets, press
        self.landscape = size[0] > size[1]
        plan_w, plan_h = LANDSCAPE if self.landscape else PORTRAIT
        scale = min(size[0] / plan_w, size[1] / plan_h)
        left, bottom = (size[0] - plan_w * scale) / 2, (size[1] - plan_h * scale) / 2
        self._brush = Brush(assets.theme, Inks(assets), scale, left, bottom, plan_h)
        self._typesetter = Typesetter(assets.fonts, KivyPen(assets, scale), assets.theme)
        self._shown: dict[Piece, PieceWidget] = {}
        self._finger: Any = None
        self.state: ScreenState | None = None
        self.drawing: Drawing | None = None
        self._paint_ground("paper")

    def show(self, state: ScreenState) -> None:
        """Draw `state`; nothing happens when it is the one that stands there."""
        if state == self.state:
            return
        self.state = state
        drawing = picture(state, self._assets, self._typesetter, landscape=self.landscape)
        if self.drawing is None or drawing.ground != self.drawing.ground:
            self._paint_ground(drawing.ground)
        self.drawing = drawing
        before, self._shown = self._shown, {}
        for piece in drawing.pieces:
            self._shown[piece] = before.get(piece) or self._widget(piece)
        self.clear_widgets()
        for widget in self._shown.values():
            self.add_widget(widget)

    def _widget(self, piece: Piece) -> PieceWidget:
        if isinstance(piece, KeyFace):
            return KeyWidget(piece, self._brush, self._press)
        return PieceWidget(piece, self._brush)

    def _paint_ground(self, colour: str) -> None:
        """The whole glass, also beside a plan that does not fill it."""
        self.canvas.before.clear()
        with self.canvas.before:
            Color(*self._assets.theme.rgba(colour))
            Rectangle(pos=self.pos, size=self.size)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """One finger at a time; the right button and the wheel are nothing."""
        if self._finger is not None or getattr(touch, "button", "left") != "left":
            return True
        self._finger = touch
        super().on_touch_down(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:  # noqa: ARG002  Kivy hands it over
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch is self._finger:
            self._finger = None
        super().on_touch_up(touch)
        return True

    def seen(self) -> list[Seen]:
        """Keys by their id, texts as `text:<n>`, in drawing order."""
        height = Window.height
        found: list[Seen] = []
        for at, (piece, widget) in enumerate(self._shown.items()):
            if not widget.text and not isinstance(widget, KeyWidget):
                continue
            name = piece.key if isinstance(piece, KeyFace) else f"text:{at}"
            pressable = isinstance(widget, KeyWidget) and widget.pressable
            x, y, w, h = widget.x, widget.y, widget.width, widget.height
            found.append(Seen(name, widget.text, int(x), int(height - y - h), int(w), int(h), pressable))
        return found
