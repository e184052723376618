"""Lines break where Chinese and Latin allow it, and nothing is wider than its box."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.assets import ASSETS
from kiosk.ui.fonts import Fonts
from kiosk.ui.theme import Theme
from kiosk.ui.writing import Typesetter, atoms


class EvenPen:
    """Latin letters half as wide as Chinese ones."""

    def width(self, face: str, px: float, text: str) -> float:
        return sum(px if char >= "\u2e80" else px / 2 for char in text)


SETTER = Typesetter(Fonts.load(ASSETS / "fonts"), EvenPen(), Theme.load(ASSETS / "tokens.toml"))


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("有身份证就放，没有也行", 200, ["有身份证就放，", "没有也行"]),
        ("您要办什么事", 100, ["您要办", "什么事"]),
        ("一二三四，五六", 80, ["一二三", "四，五六"]),
        ("一二三《四五》", 80, ["一二三", "《四五》"]),
        ("约 20–30 分钟", 80, ["约 20–30", "分钟"]),
        ("Take a number", 70, ["Take a", "number"]),
        ("一\n二", 100, ["一", "二"]),
        ("ABCDEFGH", 40, ["ABCD", "EFGH"]),
    ],
)
def test_lines_break_at_good_places(text: str, width: float, lines: list[str]) -> None:
    assert SETTER.wrap(text, 20, width, bold=False) == lines


@given(st.text(alphabet="办事指南，。（）《》A1 –", max_size=60), st.integers(60, 400))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int) -> None:
    lines = SETTER.wrap(text, 20, width, bold=False)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(SETTER.width(line, 20, bold=False) <= width for line in lines)


class RoundingPen:
    """Each piece's width is rounded down, as a hinted font's may be: a whole line is wider than its pieces."""

    def width(self, face: str, px: float, text: str) -> float:
        return int(sum(px if char >= "\u2e80" else px * 0.55 for char in text))


def test_a_line_wider_than_its_pieces_still_fits() -> None:
    """Found by a run where the font came out unhinted: 771 px of pieces made a line of 775."""
    setter = Typesetter(SETTER.fonts, RoundingPen(), SETTER.theme)
    text = "国发〔2015〕52号；京政发〔2016〕46号；京民福发〔2016〕434号"
    for width in range(200, 800):
        for line in setter.wrap(text, 44, width, bold=False):
            assert setter.width(line, 44, bold=False) <= width


@given(st.text(alphabet="办事，。（A1 ", max_size=40))
def test_atoms_joined_are_the_text(text: str) -> None:
    assert "".join(atoms(text)) == text


def test_sizes_step_down_before_anything_is_cut() -> None:
    fit = SETTER.fit("请评价这次自助取号", "k4", bold=True, width=400, most_lines=1, floor="k1", leading=1.35)
    assert (fit.size, fit.cut) == ("k3", False)


def test_what_cannot_fit_is_cut_and_says_so() -> None:
    fit = SETTER.fit("很长的话" * 20, "k2", bold=False, width=300, height=80, floor="k1", leading=1.35)
    assert fit.cut
    assert fit.lines[-1].endswith("…")
    assert fit.height <= 81
