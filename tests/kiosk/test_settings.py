"""Settings: defaults that run, every fault named, what they become."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from drivers.errors import ConfigurationError
from kiosk.__main__ import main, panel_size, say_ready
from kiosk.errors import KeyFileError
from kiosk.settings import ScreenPart, Settings, load_settings


def test_the_defaults_run_on_simulators() -> None:
    settings, base = load_settings(None)
    rules, client = settings.flow_rules(), settings.client_rules(base)
    assert (rules.kiosk, rules.page_s, rules.many_numbers, rules.has_reader) == (1, 60, 6, True)
    assert (client.url, client.asking_s, client.place, client.key) == ("http://127.0.0.1:8080", 1.5, "", "")
    assert settings.printer.port.startswith("socket://127.0.0.1:")


def test_a_file_says_it_all(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("abc123XYZ", encoding="utf-8")
    path = tmp_path / "kiosk.toml"
    path.write_text(
        """
        kiosk = 2
        folder = "data"
        [server]
        url = "https://hall.local:8443"
        key_file = "key"
        ca_file = "ca.pem"
        place = "kiosk:7"
        [card_reader]
        port = ""
        [brake]
        between_numbers_s = 0
        many = 100000
        """,
        encoding="utf-8",
    )
    settings, base = load_settings(path)
    rules, client = settings.flow_rules(), settings.client_rules(base)
    assert (rules.kiosk, rules.has_reader, rules.between_numbers_s, rules.many_numbers) == (2, False, 0, 100000)
    assert (client.key, client.ca_file, client.place) == ("abc123XYZ", str(tmp_path / "ca.pem"), "kiosk:7")


@pytest.mark.parametrize(("written", "baud"), [("", 115200), ("baud = 9600", 9600), ('baud = "any"', "any")])
def test_the_readers_speed_may_be_left_to_the_driver(tmp_path: Path, written: str, baud: int | str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(f"[card_reader]\n{written}\n", encoding="utf-8")
    assert load_settings(path)[0].card_reader.baud == baud


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('kiosks = 2\n[server]\nurl = "hall"\n[timeouts]\npage_s = 0\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_settings(path)
    said = str(caught.value)
    for word in ("kiosks", "'kiosk'", "server.url", "timeouts.page_s"):
        assert word in said


def test_a_zone_nobody_knows(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('time_zone = "Asia/Nowhere"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="Asia/Nowhere"):
        load_settings(path)


def test_an_absent_key_file_is_named(tmp_path: Path) -> None:
    settings = Settings(server=Settings().server.__class__(key_file="absent"))
    with pytest.raises(KeyFileError, match="absent"):
        settings.client_rules(tmp_path)


def test_panel_size() -> None:
    screen = ScreenPart()
    assert panel_size(screen, None, None, landscape=False) == (1080, 1920)
    assert panel_size(screen, None, None, landscape=True) == (1920, 1080)
    assert panel_size(screen, 800, None, landscape=False) == (800, 1920)


def test_ready_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    say_ready(tmp_path / "ready", "http://127.0.0.1:1")
    line = '{"ready": true, "mirror": "http://127.0.0.1:1"}\n'
    assert (tmp_path / "ready").read_text(encoding="utf-8") == capsys.readouterr().out == line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--mirror", "127.0.0.1:0"], "--mirror-token-file"),
        (["--settings", "absent.toml"], "absent.toml"),
        (["--mirror", "127.0.0.1:0", "--mirror-token-file", "absent"], "absent"),
    ],
)
def test_what_the_program_refuses(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code != 0
    assert said in result.output


def test_help() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    for option in (
        "--settings",
        "--mirror",
        "--mirror-token-file",
        "--width",
        "--height",
        "--landscape",
        "--once-ready-file",
    ):
        assert option in result.output
