from __future__ import annotations

from pathlib import Path

import pytest

from drivers.errors import ConfigurationError
from drivers.printer import profile
from drivers.printer.decoder import decode
from drivers.printer.layout import SlipLayout
from drivers.printer.slip import SlipWrong
from tests.drivers.printer.slips import EVERY_SLIP, bytes_of, filled, loaded


def text_of(layout: str, **changed: str | int | bool | None) -> str:
    return decode(bytes_of(filled(layout, **changed))).text


def test_the_ticket_reads_as_designed() -> None:
    lines = text_of("ticket").split("\n")
    assert lines[0] == "安和镇政务服务大厅"
    for line in (
        "A044",
        "前面等候  11 人",
        "预计等候  20-30 分钟",
        "办理窗口  1-6 号，听叫号",
        "到导办台或取号机报到，隔3个号再叫您。",
        "[QR http://192.168.1.10/t/7F3K9Q]",
        "服务监督 12345　本厅 010-0000-0000",
        "1号取号机　第0031张　7F3K9Q",
    ):
        assert line in lines


@pytest.mark.parametrize("layout", sorted(EVERY_SLIP))
def test_every_slip_has_sample_values_that_show_it(layout: str) -> None:
    sample = loaded(layout).sample
    shown = decode(bytes_of(loaded(layout).fill(sample))).text
    assert str(sample.get("number", "")) in shown
    assert "演练　不叫号" in shown or "number" not in sample


@pytest.mark.parametrize(
    ("absent", "gone"),
    [
        ("ahead", "前面等候  "),
        ("wait", "预计等候"),
        ("taken", "取号时间"),
        ("bring", "请准备"),
        ("phone", "本厅"),
        ("matter", "医保"),
    ],
)
def test_what_is_not_known_is_not_printed(absent: str, gone: str) -> None:
    assert gone in text_of("ticket")
    assert gone not in text_of("ticket", **{absent: None})


def test_nobody_ahead_is_said() -> None:
    assert "前面等候  0 人" in text_of("ticket", ahead=0)


def test_without_a_public_address_the_code_is_large() -> None:
    decoded = decode(bytes_of(filled(qr=None)))
    assert decoded.qr_payloads == ()
    assert [line.spans[0].high for line in decoded.lines if line.text == "查询码 7F3K9Q"] == [2]
    assert "扫码" not in decoded.text


def test_reprint_says_so_inverted_under_the_number() -> None:
    lines = decode(bytes_of(filled("reprint", copy=2))).lines
    texts = [line.text.strip() for line in lines]
    mark = lines[texts.index("补打　第2份")]
    assert texts.index("补打　第2份") == texts.index("A044") + 2
    assert all(span.inverted for span in mark.spans)
    assert mark.dots == 576


def test_a_counted_serial_is_printed_with_four_digits() -> None:
    assert "第0031张" in text_of("ticket", serial=31)


def test_training_slips_say_so() -> None:
    mark = [line for line in decode(bytes_of(filled(training=True))).lines if "演练" in line.text]
    assert [span.inverted for line in mark for span in line.spans] == [True]
    assert "演练" not in text_of("ticket")


def test_offline_slip_promises_nothing() -> None:
    text = text_of("offline", number="L003")
    assert "网络中断时取的号" in text
    assert text.count("暂时算不出") == 2
    assert "分钟" not in text


def test_english_keeps_the_chinese_beside() -> None:
    text = text_of("ticket", language="en")
    for part in ("您的号码", "Your number", "前面等候 Ahead of you", "20-30 min", "过号怎么办", "If you miss the call"):
        assert part in text


def test_promises_need_what_they_promise() -> None:
    assert "评价" not in text_of("ticket")
    assert "告知单" not in text_of("ticket")
    assert "办完5个工作日内可评价" in text_of("ticket", rate_days=5)
    assert "告知单" in text_of("ticket", notice=True)


def test_the_test_page_needs_no_values() -> None:
    assert "打印测试页" in decode(bytes_of(SlipLayout.load("sample").fill({}))).text


def test_wrong_values_are_named() -> None:
    with pytest.raises(SlipWrong, match="did you mean 'windows'"):
        SlipLayout.load("ticket").fill({"windws": "1"})
    with pytest.raises(SlipWrong, match="missed_after, missed_times, number"):
        SlipLayout.load("ticket").fill({"hall": "厅", "track": "7F3K9Q"})


def test_all_faults_of_a_layout_file_come_together(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('[[block]]\nkind = "txt"\nzh = "a"\nsise = 2\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        SlipLayout.load("bad", directory=tmp_path)
    assert len(caught.value.faults) == 2
    (tmp_path / "sly.toml").write_text('[[block]]\nkind = "text"\nzh = "{number.__class__}"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="plain placeholder"):
        SlipLayout.load("sly", directory=tmp_path)


def test_every_profile_loads_and_says_what_it_is() -> None:
    assert {"generic-80", "generic-58", "gbk-raster-qr", "silent-80", "epson-80"} <= set(profile.names())
    assert all(profile.Profile.load(name).title for name in profile.names())


def test_unknown_names_are_answered_with_those_that_are_known() -> None:
    with pytest.raises(ConfigurationError, match="there are: clone-80-512, epson-80"):
        profile.Profile.load("generic-90")
    with pytest.raises(ConfigurationError, match="there are: booking, check"):
        SlipLayout.load("tiket")


def test_a_profile_says_all_its_faults(tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text('title = "x"\ndots = 500\nqr = "nativ"\nbuzer = "epson"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        profile.Profile.load(str(file))
    assert len(caught.value.faults) == 3
