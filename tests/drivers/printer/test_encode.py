from __future__ import annotations

import re

import pytest
from escpos.image import EscposImage
from escpos.printer import Dummy
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.printer import glyphs, profile
from drivers.printer.decoder import PrintedLine, decode
from drivers.printer.encode import defuse, encode, qr_module_dots
from drivers.printer.gb_text import normalise
from drivers.printer.layout import SlipLayout
from drivers.printer.profile import Profile
from drivers.printer.slip import Align, Cut, Qr, Slip, Text
from drivers.printer.stream import Raster
from tests.drivers.printer.slips import PUBLIC_URL, bytes_of, filled, read_codes

REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")
EVERY_PROFILE = profile.names()


def one(*blocks: Text | Qr | Cut, model: str = "generic-80") -> bytes:
    return encode(Slip("one", blocks), Profile.load(model)).data


def test_golden_bytes() -> None:
    start = bytes.fromhex("1B40 1C26")
    assert one(Text("请A001号到1号窗口")) == start + bytes.fromhex("1B3324 C7EB41303031BAC5B5BD31BAC5B4B0BFDA0A 1D7201")
    assert one(Text("A001", 2, Align.CENTRE)) == start + bytes.fromhex("1B6101 1B333C 1D2111 41303031 0A 1D7201")
    assert one(Cut()) == start + bytes.fromhex("1D564200 1D7201")
    assert one(Cut(), model="epson-80") == start + bytes.fromhex("1D564200 1D284806003030 30303031")
    assert one(Cut(), model="silent-80") == start + bytes.fromhex("1D564100")


def test_native_qr_is_the_manuals() -> None:
    payload = "Q1|A001|20261122|7F3A9C"
    golden = bytes.fromhex(
        "1D286B0400314132 00 1D286B0300314308 1D286B0300314531 1D286B1A00315030"
        + payload.encode().hex()
        + "1D286B0300315130"
    )
    assert golden in one(Qr(payload))


def test_python_escpos_agrees_where_it_is_right() -> None:
    dummy = Dummy()
    dummy.qr(PUBLIC_URL, native=True, size=8, ec=1)
    assert dummy.output in bytes_of(filled())
    picture = Image.new("1", (16, 2), 255)
    picture.putdata([0] * 8 + [255] * 8 + [255] * 8 + [0] * 8)
    assert EscposImage(picture).to_raster_format() == bytes.fromhex("FF00 00FF")
    ours = decode(one(Text("㐂"))).pictures[0]
    drawn = Image.new("1", (24, 24), 255)
    glyphs.draw_text(drawn, 0, 0, "㐂", 1, bold=False)
    assert ours.data == EscposImage(drawn).to_raster_format()


def test_an_ordinary_slip_is_short() -> None:
    assert len(bytes_of(filled())) <= 700
    assert len(bytes_of(filled("reprint", copy=2))) <= 700


@pytest.mark.parametrize("model", EVERY_PROFILE)
@pytest.mark.parametrize("layout", ["ticket", "reprint", "offline"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_slip_on_every_printer(model: str, layout: str, language: str) -> None:
    loaded = Profile.load(model)
    slip = filled(layout, copy=2, language=language, training=True)
    decoded = decode(encode(slip, loaded).data)
    assert decoded.unknown == ()
    assert decoded.cuts == 1
    assert all(line.dots <= loaded.dots for line in decoded.lines)
    assert all(picture.row_bytes * 8 <= loaded.dots for picture in decoded.pictures)
    assert "A044" in decoded.text.split("\n")
    assert "?" not in decoded.text
    assert read_codes(decoded.to_image(width=loaded.dots)) == [PUBLIC_URL]


def test_a_drawn_code_is_a_picture_and_reads_back() -> None:
    decoded = decode(bytes_of(filled(), "gbk-raster-qr"))
    assert decoded.qr_payloads == ()
    assert len(decoded.pictures) == 1
    assert read_codes(decoded.to_image()) == [PUBLIC_URL]


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=180))
def test_every_code_fits_every_paper(payload: str) -> None:
    for model in EVERY_PROFILE:
        loaded = Profile.load(model)
        modules = qr_module_dots(payload, loaded)
        picture = decode(one(Qr(payload), model="gbk-raster-qr")).pictures[0]
        side = picture.rows // qr_module_dots(payload, Profile.load("gbk-raster-qr"))
        assert modules * (side + 8) <= loaded.dots


RARE = "𠮷㛃䶮龘"


@pytest.mark.parametrize(("model", "typed"), [("generic-80", "䶮龘"), ("gbk-raster-qr", "龘"), ("silent-80", "")])
def test_rare_characters_are_typed_or_drawn_never_asked(model: str, typed: str) -> None:
    for character in RARE:
        decoded = decode(one(Text(f"测{character}", 2, Align.CENTRE), model=model))
        assert bool(decoded.lines) == (character in typed)
        assert bool(decoded.pictures) == (character not in typed)
        if decoded.lines:
            assert decoded.text == f"测{character}"


@pytest.mark.parametrize("character", RARE)
def test_drawn_characters_have_their_own_shape(character: str) -> None:
    if not glyphs.can_draw(character):  # a machine without the larger fonts: the code point stands there instead
        assert decode(one(Text(character))).text == f"[U+{ord(character):04X}]"
        return
    tiles = {glyphs.cell(each, 1, bold=False).tobytes() for each in (character, "\U0010fffe", " ", "口")}
    assert len(tiles) >= 3


def test_what_no_font_has_is_named() -> None:
    assert decode(one(Text("测\ue000试"))).text == "测[U+E000]试"


def test_long_matter_names_wrap_evenly() -> None:
    decoded = decode(bytes_of(filled(matter="城乡居民基本养老保险待遇领取资格认证（异地）")))
    large = [line.text for line in decoded.lines if line.spans[0].high == 2 and len(line.spans) == 1]
    assert "".join(large[1:]) == "城乡居民基本养老保险待遇领取资格认证（异地）"
    assert len(large) == 3


TEXTS = st.text(st.characters(codec="gb18030", exclude_categories=["Cc", "Cs", "Co"]), max_size=50)


@settings(deadline=None)
@given(TEXTS, st.sampled_from([1, 2, 7]), st.sampled_from(Align), st.booleans())
def test_what_is_typed_comes_back(text: str, size: int, align: Align, bold: bool) -> None:
    decoded = decode(one(Text(text, size, align, bold)))
    if decoded.pictures or "[U+" in decoded.text:
        return
    lines = [item for item in decoded.items if isinstance(item, PrintedLine)]
    assert "".join(line.text for line in lines).replace(" ", "") == normalise(text).replace(" ", "").replace("\n", "")
    for line in lines:
        assert {(span.wide, span.high, span.bold) for span in line.spans} == {(size, size, bold)}
        assert line.align == {Align.LEFT: 0, Align.CENTRE: 1, Align.RIGHT: 2}[align]


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_pictures_hold_no_real_time_commands(data: bytes) -> None:
    safe = defuse(data + b"\x10\x04\x01\x10\x05\x02\x10\x14\x08")
    assert REAL_TIME.search(safe) is None
    assert len(safe) == len(data) + 9
    assert (
        sum(a != b for a, b in zip(safe, data + b"\x10\x04\x01\x10\x05\x02\x10\x14\x08", strict=True))
        <= len(REAL_TIME.findall(data)) + 4
    )


def test_harmless_pictures_stay_as_they_are() -> None:
    assert defuse(b"\x10\x00\x04\xff") == b"\x10\x00\x04\xff"


def test_pictures_go_in_bands_that_end_with_chunks() -> None:
    encoded = encode(filled(matter=RARE, training=True), Profile.load("silent-80"))
    bands = [chunk for chunk in encoded.chunks if chunk.startswith(b"\x1dv0")]
    assert len(bands) > 3
    for band in bands:
        rows = band[6] + 256 * band[7]
        assert rows <= 128
        assert len(band) == 8 + rows * (band[4] + 256 * band[5])


def test_nothing_but_pictures_needs_pictures() -> None:
    decoded = decode(bytes_of(SlipLayout.load("sample").fill({})))
    assert all(not isinstance(item, Raster) for item in decoded.items)
    assert len(decoded.pictures) == 1  # the line with 㛃 and 𠮷
