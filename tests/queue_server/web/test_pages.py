"""What is served: shells under a strict policy, files under a version, words in one place."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

import assets
from queue_server.web.errors import WordsError
from queue_server.web.pages import PAGES, PageSettings, content_policy, page_router
from queue_server.web.static import load_static
from queue_server.web.words import load_words
from tests.queue_server.web.recorded_hall import HallServer, RecordedHall
from tests.queue_server.web.states import MORNING

WEB = assets.path("web")
LIMIT_S = 5


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    settings = PageSettings(frame_ancestors=("http://127.0.0.1:9000",))
    server = HallServer(RecordedHall(starts_at=MORNING, settings=settings).app())
    server.start()
    yield server.url
    server.stop()


def get(url: str) -> requests.Response:
    return requests.get(url, timeout=LIMIT_S)


@pytest.mark.parametrize("path", PAGES)
def test_pages_forbid_everything_from_outside(url: str, path: str) -> None:
    answer = get(url + path)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert policy.endswith("frame-ancestors http://127.0.0.1:9000")
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_no_inline_script_style_or_foreign_address(url: str, path: str) -> None:
    html = get(url + path).text
    scripts = re.findall(r"<script([^>]*)>", html)
    assert all('type="application/json"' in script or 'src="/static/' in script for script in scripts)
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)
    assert not re.search(r'(?:src|href)="(?!/|#)', html)


def test_nobody_frames_the_pages_by_default() -> None:
    assert content_policy(()).endswith("frame-ancestors 'none'")


def test_files_are_kept_for_ever_under_their_version(url: str) -> None:
    html = get(url + "/console").text
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
    assert len(addresses) >= 4
    for address in addresses:
        answer = get(url + address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Type"].count("charset") == (0 if ".svg" in address else 1)
    stale = re.sub(r"/static/\w+/", "/static/0123456789ab/", addresses[0])
    assert get(url + stale).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/static/0/../../../pyproject.toml", "/static/0/js/none.js", "/static/fonts/none.otf"]
)
def test_nothing_else_is_served(url: str, path: str) -> None:
    assert get(url + path).status_code == 404


def test_fonts_are_bundled(url: str) -> None:
    css = (WEB / "css" / "page.css").read_text("utf-8")
    for address in re.findall(r'url\("([^"]+)"\)', css):
        answer = get(url + address)
        assert answer.status_code == 200, address
        assert answer.headers["Content-Type"].startswith("font/")


def test_the_version_follows_the_content() -> None:
    assert load_static(assets.ROOT).version == load_static(assets.ROOT).version


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_that_scripts_say_exists(language: str) -> None:
    words = load_words(assets.ROOT, language)
    for script in (WEB / "js").rglob("*.js"):
        for section, name in re.findall(r"say\('(\w+)\.(\w+)'", script.read_text("utf-8")):
            assert name in words[section], f"{script.name}: {section}.{name}"


def test_both_languages_have_the_same_words() -> None:
    zh, en = (load_words(assets.ROOT, language) for language in ("zh", "en"))
    assert {key: sorted(names) for key, names in zh.items()} == {key: sorted(names) for key, names in en.items()}
    for section, names in zh.items():
        for name, text in names.items():
            assert _holes(text) == _holes(en[section][name]), f"{section}.{name}"


def _holes(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_a_word_in_two_places_is_refused(tmp_path: Path) -> None:
    for folder in ("locale", "web/locale"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "zh.toml").write_text('[desk]\nqueue = "等候队列"\n', "utf-8")
    with pytest.raises(WordsError, match="queue: in two files"):
        load_words(tmp_path, "zh")


def test_a_missing_language_is_named(tmp_path: Path) -> None:
    (tmp_path / "locale").mkdir()
    with pytest.raises(WordsError, match="fr"):
        load_words(tmp_path, "fr")


def test_every_icon_that_is_used_exists() -> None:
    sprite = load_static(assets.ROOT).sprite
    named = set()
    for script in (WEB / "js").rglob("*.js"):
        text = script.read_text("utf-8")
        named |= set(re.findall(r"icon\('(\w+)'", text)) | set(re.findall(r"icon: '(\w+)'", text))
    assert named
    assert {name for name in named if f'id="i-{name}"' not in sprite} == set()


def test_words_cannot_close_the_data_block(url: str) -> None:
    html = get(url + "/board").text
    found = re.search(r'<script type="application/json" id="page">(.*?)</script>', html, re.DOTALL)
    assert found
    assert "<" not in found[1]
    assert json.loads(found[1])["words"]["state"]["display_waiting"] == "正在连接，请听窗口叫号"


def test_settings_reach_the_page() -> None:
    router = page_router(PageSettings(undo_s=10))
    assert len(router.routes) >= len(PAGES)


# -- tokens


def tokens() -> dict[str, str]:
    table = tomllib.loads(assets.path("tokens.toml").read_text("utf-8"))["color"]
    return {name.replace("_", "-"): entry["hex"] for name, entry in table.items()}


def css_tokens() -> dict[str, str]:
    css = (WEB / "css" / "tokens.css").read_text("utf-8")
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", css))


def test_colours_of_the_pages_are_the_tokens() -> None:
    assert css_tokens() == tokens()


def test_text_pairs_have_a_contrast_of_seven() -> None:
    table = tomllib.loads(assets.path("tokens.toml").read_text("utf-8"))["contrast"]["text"]
    colours = tokens()
    for pair in table:
        ratio = contrast(colours[pair["fg"].replace("_", "-")], colours[pair["bg"].replace("_", "-")])
        assert ratio >= 7, pair
        assert abs(ratio - pair["ratio"]) < 0.02, pair


def contrast(one: str, other: str) -> float:
    """WCAG 2 ratio of two ``#RRGGBB`` colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
