"""Letters of kiosks' own numbers: each its own, never one that would keep the day from opening."""

from __future__ import annotations

from pathlib import Path

from kiosk.settings import OFFLINE_LETTERS as GUESSED
from queue_server.api.letters import all_letters, free_letter
from queue_server.domain.numbering import OFFLINE_LETTERS, bad_letter, next_offline_letter
from queue_server.service.records import Device, RecordsView
from tests.support.server import hall_settings


def kiosk(number: int, letter: str | None, *, revoked: bool = False) -> Device:
    return Device(
        id=number,
        version=1,
        kind="kiosk",
        name=f"{number}号取号机",
        zone="hall",
        letter=letter,
        window=None,
        key_hash=None,
        cookie_hash=None,
        paired_at_us=0,
        revoked_at_us=1 if revoked else None,
    )


def records(*devices: Device) -> RecordsView:
    return RecordsView(devices={each.id: each for each in devices})


def test_a_new_kiosk_gets_a_letter_that_nobody_has(tmp_path: Path) -> None:
    settings = hall_settings(tmp_path, kiosk_letters={"kiosk:9": "M"})
    assert free_letter(records(), settings) == "L"
    assert free_letter(records(kiosk(1, "L")), settings) == "N"


def test_letters_of_kiosks_that_are_gone_come_last() -> None:
    assert next_offline_letter(frozenset(), frozenset("LM")) == "N"
    assert next_offline_letter(frozenset(OFFLINE_LETTERS) - {"Q"}, frozenset("Q")) == "Q"
    assert next_offline_letter(frozenset(OFFLINE_LETTERS), frozenset()) is None


def test_two_kiosks_with_one_letter_do_not_keep_the_day_from_opening(tmp_path: Path) -> None:
    settings = hall_settings(tmp_path, kiosk_letters={"kiosk:9": "M"})
    letters = all_letters(records(kiosk(1, "A"), kiosk(2, "M"), kiosk(3, "N"), kiosk(4, "P", revoked=True)), settings)
    assert bad_letter(letters) is None
    assert {owner: letter for owner, letter in letters.items() if owner.startswith("kiosk:")} == {
        "kiosk:9": "M",
        "kiosk:3": "N",
    }


def test_a_kiosk_that_was_not_told_guesses_in_the_servers_order() -> None:
    assert GUESSED == OFFLINE_LETTERS
