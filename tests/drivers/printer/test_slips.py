"""The shipped slips: what each must say, on every paper, with values of any length; logo and buzzer."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import assets
from drivers.errors import ConfigurationError
from drivers.printer import profile
from drivers.printer.cleaning import check_bytes
from drivers.printer.decoder import decode
from drivers.printer.encode import encode
from drivers.printer.layout import ENTRIES_LIMIT, SlipLayout, Value
from drivers.printer.logo import ROWS_LIMIT, load, load_logo
from drivers.printer.profile import BuzzerKind, Profile
from drivers.printer.slip import Item, Slip, SlipWrong
from drivers.printer.typeset import Line, typeset
from tests.drivers.printer.slips import BOOKING, CLOSING, EVERY_SLIP, MATERIALS, NOTICE, VALUES, bytes_of, read_codes

GENERIC = Profile.load("generic-80")


def text_of(layout: str, values: dict[str, Value], model: str = "generic-80") -> str:
    return decode(bytes_of(SlipLayout.load(layout).fill(values), model)).text


def test_every_shipped_slip_is_looked_at_here() -> None:
    shipped = {path.stem for path in assets.path("slips").glob("*.toml") if not path.stem.startswith("part-")}
    assert shipped == set(EVERY_SLIP)


@pytest.mark.parametrize("model", profile.names())
@pytest.mark.parametrize("layout", sorted(EVERY_SLIP))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_slip_fits_every_paper(layout: str, model: str, language: str) -> None:
    loaded = Profile.load(model)
    slip = SlipLayout.load(layout).fill({**EVERY_SLIP[layout], "language": language})
    decoded = decode(encode(slip, loaded).data)
    assert decoded.unknown == ()
    assert decoded.cuts == 1
    assert "?" not in decoded.text.replace("？", "")
    assert all(line.dots <= loaded.dots for line in decoded.lines)
    assert all(picture.row_bytes * 8 <= loaded.dots for picture in decoded.pictures)


def test_a_booking_puts_its_slot_first() -> None:
    lines = text_of("booking", BOOKING).split("\n")
    for line in ("Y006", "预约时段  11:00-11:30", "前面等候  同时段 0 人", "预计等候  5-10 分钟"):
        assert line in lines
    assert "11:00 起优先叫您，现在可坐下等。" in [line.strip() for line in lines]
    with pytest.raises(SlipWrong, match="slot"):
        SlipLayout.load("booking").fill(VALUES)


def test_the_notice_has_every_paper_the_eight_items_and_its_own_number_version_and_date() -> None:
    text = text_of("notice", NOTICE)
    flat = text.replace("\n", "").replace(" ", "")
    assert "要交的材料，共4样" in text
    assert text.count("□") == 4
    for entry in MATERIALS:
        assert entry["name"] in flat
        assert entry["note"] in flat
    for label, name in (
        ("全称：", "full_name"),
        ("设定依据", "basis"),
        ("受理条件", "conditions"),
        ("办理层级", "level"),
        ("实施部门", "department"),
        ("办理程序", "procedure"),
        ("实施范围", "scope"),
        ("办理期限", "limit"),
    ):
        assert label + str(NOTICE[name]).replace(" ", "") in flat
    for said in ("编号 GZ-20260114-017", "指南第12版　2026-01-05 公布", "清单以外的，不要您交。"):
        assert said in text
    picture = decode(bytes_of(SlipLayout.load("notice").fill(NOTICE))).to_image()
    assert read_codes(picture) == [NOTICE["online"]]


def test_a_notice_without_papers_says_so_and_one_that_does_not_know_is_refused() -> None:
    text = text_of("notice", {**NOTICE, "materials": []})
    assert "不用交材料" in text
    assert "要交的材料" not in text
    with pytest.raises(SlipWrong, match="materials"):
        SlipLayout.load("notice").fill({**NOTICE, "materials": None})


def test_a_list_has_an_end() -> None:
    too_many: list[dict[str, str | int]] = [{"name": "材料"}] * (ENTRIES_LIMIT + 1)
    with pytest.raises(SlipWrong, match="61 entries"):
        SlipLayout.load("notice").fill({**NOTICE, "materials": too_many})


def test_the_closing_slip_has_counts_and_the_whole_anchor_in_fours() -> None:
    text = text_of("closing", CLOSING)
    for line in ("取号      214 个", "办结      206 个", "过号未回  5 个", "号段      A001 到 Y031"):
        assert line in text.split("\n")
    assert "0123 4567 89ab cdef 0123 4567 89ab cdef\n0123 4567" in text
    assert str(CLOSING["anchor"]) in text.replace(" ", "").replace("\n", "")


def test_the_test_page_types_each_repertoire_and_draws_the_rest() -> None:
    decoded = decode(bytes_of(SlipLayout.load("test").fill({})))
    for label in ("GB2312", "GBK", "GB18030"):
        assert any(line.text.startswith(label) for line in decoded.lines)
    assert len(decoded.pictures) == 1  # the line of characters without a two-byte code
    assert {line.spans[0].high for line in decoded.lines} >= {1, 2, 3, 4, 7}
    assert read_codes(decoded.to_image()) == ["HALL-PRINTER-TEST"]


@pytest.mark.parametrize("model", profile.names())
def test_the_test_line_is_typed_by_any_printer_and_cut_off(model: str) -> None:
    decoded = decode(check_bytes(Profile.load(model)))
    assert decoded.text == "打印检查：上面若有半张票，作废"
    assert decoded.cuts == 1 and decoded.pictures == ()  # noqa: PT018


NAMES = st.text(st.sampled_from("户口簿居民身份证、（）A1 -原件"), min_size=1, max_size=60)


@settings(deadline=None)
@given(
    st.lists(st.builds(Item, name=NAMES, note=NAMES | st.just("")), min_size=1, max_size=6),
    st.sampled_from([384, 512, 576]),
)
def test_lists_to_tick_never_overflow_and_lose_nothing(items: list[Item], paper: int) -> None:
    lines = [line for line in typeset(Slip("list", tuple(items)), paper) if isinstance(line, Line)]
    assert all(line.dots <= paper for line in lines)
    said = "".join(piece.text for line in lines for piece in line.pieces).replace(" ", "")
    assert said == "".join("□" + item.name + item.note for item in items).replace(" ", "")


ANY = st.text(max_size=200)


@settings(deadline=None, max_examples=40)
@given(st.fixed_dictionaries(dict.fromkeys(("matter", "bring", "hall", "centre", "windows", "wait"), ANY)))
def test_any_values_stay_on_the_paper(values: dict[str, Value]) -> None:
    given_values = {**VALUES, **values, "hall": f"厅{values['hall']}"}
    for paper in (384, 576):
        for line in typeset(SlipLayout.load("ticket").fill(given_values), paper):
            assert not isinstance(line, Line) or line.dots <= paper


def test_buzzers_sound_after_the_cut() -> None:
    slip = SlipLayout.load("ticket").fill(VALUES)
    for kind, golden in (
        (BuzzerKind.ESC_B, "1B42 02 03"),
        (BuzzerKind.EPSON, "1B2841 0400 30 33 02 0F"),
        (BuzzerKind.NONE, ""),
    ):
        model = msgspec.structs.replace(GENERIC, buzzer=kind, buzzer_times=2)
        data = encode(slip, model).data
        assert data.endswith(bytes.fromhex("1D564200" + golden.replace(" ", "") + "1D7201"))
        assert decode(data).unknown == ()


def test_a_logo_is_shrunk_dithered_and_sent_in_bands(tmp_path: Path) -> None:
    picture = Image.linear_gradient("L").resize((1200, 900))
    picture.save(tmp_path / "logo.png")
    rows = load(tmp_path / "logo.png", 576)
    assert rows.rows <= ROWS_LIMIT
    assert rows.row_bytes * 8 <= 576
    ink = sum(byte.bit_count() for byte in rows.data) / (len(rows.data) * 8)
    assert 0.3 < ink < 0.7  # grey became dots
    chunks = encode(SlipLayout.load("ticket").fill(VALUES), GENERIC, logo=rows).chunks
    bands = [chunk for chunk in chunks if chunk.startswith(b"\x1dv0")]
    assert len(bands) == 2
    decoded = decode(b"".join(chunks))
    assert decoded.pictures[0].rows == rows.rows
    assert decoded.items.index(decoded.pictures[0]) == 0
    own = msgspec.structs.replace(GENERIC, logo=str(tmp_path / "logo.png"))
    assert load_logo(own) == rows
    assert load_logo(GENERIC) is None
    assert load_logo(GENERIC, tmp_path / "logo.png") == rows


def test_a_small_logo_keeps_its_size_and_clear_ground_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    rows = load(tmp_path / "clear.png", 576)
    assert (rows.row_bytes, rows.rows, any(rows.data)) == (3, 10, False)


def test_pictures_that_cannot_be_a_logo_are_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no picture", encoding="utf-8")
    Image.new("1", (2100, 2000)).save(tmp_path / "huge.png")
    (tmp_path / "long.png").write_bytes(bytes(2_000_001))
    for name, reason in (
        ("text.png", "neither PNG nor BMP"),
        ("huge.png", "4000000"),
        ("long.png", "2000001 bytes"),
        ("none.png", "FileNotFoundError"),
    ):
        with pytest.raises(ConfigurationError, match=reason):
            load(tmp_path / name, 576)
