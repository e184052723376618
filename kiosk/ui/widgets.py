"""The widgets of the glass: one for each piece of a page, drawn from committed colours, fonts and icons only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from kivy.clock import Clock
from kivy.graphics import Color, Line, Mesh, PopMatrix, PushMatrix, Rectangle, SmoothRoundedRectangle, Translate
from kivy.uix.widget import Widget

from .pieces import Box, Fill, Icon, KeyFace, Outline, Piece, Qr, Stroke, Writing, writings
from .theme import NIGHT, VARIANTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from kivy.input.motionevent import MotionEvent

    from .ink import Inks
    from .theme import Theme

LIP = 6
OUTLINE = 2
RADIUS = 16


@dataclass(frozen=True, slots=True)
class Brush:
    """Draws pieces on Kivy's canvas. The plan's px from the top left become the window's px from the bottom left."""

    theme: Theme
    inks: Inks
    scale: float
    left: float
    bottom: float
    plan_h: float

    def place(self, box: Box) -> tuple[float, float, float, float]:
        """The box in window px, on whole px: x, y from below, width, height."""
        x, top = round(self.left + box.x * self.scale), self.plan_h - box.y
        y = round(self.bottom + (top - box.h) * self.scale)
        right = round(self.left + box.right * self.scale)
        upper = round(self.bottom + top * self.scale)
        return x, y, right - x, upper - y

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.left + x * self.scale, self.bottom + (self.plan_h - y) * self.scale

    def draw(self, piece: Piece) -> None:
        """Add the piece's instructions to the canvas that is open (`with canvas:`)."""
        match piece:
            case Fill():
                self.fill(piece.box, piece.colour, piece.corners)
            case Outline():
                self._outline(piece)
            case Stroke():
                self._stroke(piece)
            case Writing():
                self._writing(piece)
            case Icon():
                x, y, w, h = self.place(piece.box)
                Color(*((1, 1, 1, 1) if piece.name == "mark" else self.theme.rgba(piece.colour)))
                Rectangle(pos=(x, y), size=(w, h), texture=self.inks.icon(piece.name))
            case Qr():
                self._code(piece)
            case KeyFace():
                for inner in piece.inside:
                    self.draw(inner)
            case _:
                assert_never(piece)

    def fill(self, box: Box, colour: str, corners: tuple[float, float, float, float]) -> None:
        """A plain or rounded rectangle; no colour draws nothing."""
        if not colour:
            return
        x, y, w, h = self.place(box)
        Color(*self.theme.rgba(colour))
        if any(corners):
            radius = [max(0.01, corner * self.scale) for corner in corners]
            SmoothRoundedRectangle(pos=(x, y), size=(w, h), radius=radius)
        else:
            Rectangle(pos=(x, y), size=(w, h))

    def _outline(self, piece: Outline) -> None:
        Color(*self.theme.rgba(piece.colour))
        x, y, w, h = self.place(piece.box)
        half = piece.width * self.scale / 2
        radius = max(0.0, piece.radius * self.scale - half)
        x, y, w, h = x + half, y + half, w - 2 * half, h - 2 * half
        if piece.style == "dotted":
            side = max(2, round(piece.width * self.scale))
            for px, py in _along(x, y, w, h, radius, side * 2):
                SmoothRoundedRectangle(pos=(px - side / 2, py - side / 2), size=(side, side), radius=[side / 2] * 4)
            return
        on, off = 8 * self.scale, 6 * self.scale
        for x1, y1, x2, y2 in _sides(x, y, w, h, radius):
            _dashes(x1, y1, x2, y2, on, off, 2 * half)
        for cx, cy, start in _corners(x, y, w, h, radius):
            Line(circle=(cx, cy, radius, start, start + 90), width=half, cap="none")

    def _stroke(self, piece: Stroke) -> None:
        points = [self.point(x, y) for x, y in piece.points]
        flat = [value for point in points for value in point]
        if piece.fill:
            Color(*self.theme.rgba(piece.fill))
            _polygon(points)
        if piece.width:
            Color(*self.theme.rgba(piece.colour))
            Line(points=flat, width=piece.width * self.scale / 2, cap="round", joint="round", close=bool(piece.fill))

    def _writing(self, piece: Writing) -> None:
        for part in piece.parts:
            texture = self.inks.line(part.face, max(1, round(part.px * self.scale)), part.text)
            x, top = self.point(part.x, part.y)
            Color(*self.theme.rgba(part.colour))
            Rectangle(pos=(round(x), round(top) - texture.height), size=texture.size, texture=texture)

    def _code(self, piece: Qr) -> None:
        texture = self.inks.code(piece.address)
        x, y, w, h = self.place(piece.box)
        side = max(1, int(min(w, h) // texture.width)) * texture.width
        Color(*self.theme.rgba("ink"))
        Rectangle(pos=(x + (w - side) // 2, y + (h - side) // 2), size=(side, side), texture=texture)


def _along(x: float, y: float, w: float, h: float, r: float, step: float) -> list[tuple[float, float]]:
    """Points at about `step` px around a rounded rectangle."""
    points: list[tuple[float, float]] = []
    for x1, y1, x2, y2 in _sides(x, y, w, h, r):
        count = max(1, round(max(x2 - x1, y2 - y1) / step))
        points += [(x1 + (x2 - x1) * at / count, y1 + (y2 - y1) * at / count) for at in range(count + 1)]
    for cx, cy, start in _corners(x, y, w, h, r):
        count = max(1, round(r * math.pi / 2 / step))
        angles = [math.radians(90 - start - 90 * at / count) for at in range(1, count)]
        points += [(cx + r * math.cos(angle), cy + r * math.sin(angle)) for angle in angles]
    return points


def _corners(x: float, y: float, w: float, h: float, r: float) -> list[tuple[float, float, float]]:
    """Middle of each corner's arc and where Kivy's clockwise angle (0 is up) begins."""
    return [
        (x + r, y + r, 180),
        (x + w - r, y + r, 90),
        (x + w - r, y + h - r, 0),
        (x + r, y + h - r, 270),
    ]


def _sides(x: float, y: float, w: float, h: float, r: float) -> list[tuple[float, float, float, float]]:
    return [
        (x + r, y, x + w - r, y),
        (x + r, y + h, x + w - r, y + h),
        (x, y + r, x, y + h - r),
        (x + w, y + r, x + w, y + h - r),
    ]


def _dashes(x1: float, y1: float, x2: float, y2: float, on: float, off: float, thick: float) -> None:
    length = max(x2 - x1, y2 - y1)
    upright = y2 > y1
    for at in range(int((length + off) // (on + off))):
        start = at * (on + off)
        if upright:
            Rectangle(pos=(x1 - thick / 2, y1 + start), size=(thick, on))
        else:
            Rectangle(pos=(x1 + start, y1 - thick / 2), size=(on, thick))


def _polygon(points: list[tuple[float, float]]) -> None:
    """Fill a shape whose every point is seen from its middle."""
    middle = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    ring = [middle, *points, points[0]]
    vertices = [value for x, y in ring for value in (x, y, 0.0, 0.0)]
    Mesh(vertices=vertices, indices=list(range(len(ring))), mode="triangle_fan")


class PieceWidget(Widget):  # type: ignore[misc]  # Kivy has no types
    """A piece that only stands there."""

    def __init__(self, piece: Piece, brush: Brush) -> None:
        super().__init__(size_hint=(None, None))
        self.piece = piece
        x, y, w, h = brush.place(piece.box)
        self.pos, self.size = (x, y), (w, h)
        with self.canvas:
            brush.draw(piece)

    @property
    def text(self) -> str:
        """What it says, if anything."""
        return self.piece.text if isinstance(self.piece, Writing) else ""


class KeyWidget(PieceWidget):
    """A key. Down: the lip goes and the face sinks, for `press_ms` at least; up on the key: one press."""

    def __init__(self, piece: KeyFace, brush: Brush, press: Callable[[str], None]) -> None:
        self._brush, self._press = brush, press
        self._held: object | None = None
        self.down = False
        Widget.__init__(self, size_hint=(None, None))
        self.piece = piece
        x, y, w, h = brush.place(piece.box)
        self.pos, self.size = (x, y), (w, h)
        self._paint()

    @property
    def key(self) -> str:
        return self._face.key

    @property
    def _face(self) -> KeyFace:
        piece = self.piece
        if not isinstance(piece, KeyFace):
            raise TypeError(piece)
        return piece

    @property
    def text(self) -> str:
        """All words on the key."""
        return " ".join(part.text for part in writings(self._face.inside))

    @property
    def pressable(self) -> bool:
        return self._face.pressable

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if not self.pressable or not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self._held = touch
        self._sink(down=True)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        if self._held is touch:
            self._held = None
            Clock.schedule_once(lambda _dt: self._rise(), self._brush.theme.press_ms / 1000)
            if self.collide_point(*touch.pos):
                self._press(self.key)
        return True

    def _rise(self) -> None:
        if self._held is None:
            self._sink(down=False)

    def _sink(self, *, down: bool) -> None:
        if self.down != down:
            self.down = down
            self._paint()

    def _paint(self) -> None:
        face, brush = self._face, self._brush
        look = (NIGHT if face.night else VARIANTS)[face.variant]
        self.canvas.clear()
        sink = LIP if self.down else 0
        with self.canvas:
            if face.variant == "off":
                brush.draw(Outline(face.box, look.lip, OUTLINE, RADIUS, "dashed"))
            elif look.lip:
                self._plate(brush, face.box, look.edge or look.lip, look.lip, look.pressed if sink else look.face)
            PushMatrix()
            Translate(0, -sink * brush.scale, 0)
            for piece in face.inside:
                brush.draw(piece)
            PopMatrix()

    def _plate(self, brush: Brush, box: Box, edge: str, lip: str, face: str) -> None:
        """Lip colour, then the outline over it, then the face: two rounded rectangles and an outline."""
        r, inner = RADIUS, RADIUS - OUTLINE
        if self.down:
            body = box.inset(0, LIP, 0, 0)
            brush.fill(body, edge, (r,) * 4)
            brush.fill(body.inset(OUTLINE, OUTLINE, OUTLINE, OUTLINE), face, (inner,) * 4)
            return
        brush.fill(box, lip, (r,) * 4)
        if edge != lip:
            brush.fill(box.inset(0, 0, 0, LIP), edge, (r,) * 4)
        brush.fill(box.inset(OUTLINE, OUTLINE, OUTLINE, OUTLINE + LIP), face, (inner,) * 4)
