"""The kiosk starts from what it knew: kept whole, missed when damaged."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from kiosk.cache import HALL_EVERY_S, Cache, Cached
from tests.kiosk.hall import catalogue, hall


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_nothing_there_is_nothing_known(tmp_path: Path) -> None:
    assert Cache(tmp_path / "absent", Clock()).load() == Cached()


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "new" / "folder", Clock())
    cache.save_hall(hall())
    cache.save_catalogue(catalogue(), "c7")
    again = Cache(tmp_path / "new" / "folder", Clock()).load()
    assert again == Cached(hall=hall(), catalogue=catalogue(), etag="c7")


def test_the_halls_state_is_written_now_and_then_and_at_the_end(tmp_path: Path) -> None:
    clock = Clock()
    cache = Cache(tmp_path, clock)
    cache.save_hall(hall(waiting=1))
    cache.save_hall(hall(waiting=2))
    assert Cache(tmp_path, clock).load().hall == hall(waiting=1)
    clock.now_s = HALL_EVERY_S
    cache.save_hall(hall(waiting=3))
    assert Cache(tmp_path, clock).load().hall == hall(waiting=3)
    cache.save_hall(hall(waiting=4))
    cache.flush()
    assert Cache(tmp_path, clock).load().hall == hall(waiting=4)


@pytest.mark.parametrize("name", ["hall.json", "catalogue.json"])
@pytest.mark.parametrize("damage", ["cut", "bit", "empty", "noise", "other"])
def test_a_damaged_file_is_put_aside_and_missed(
    name: str, damage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = Cache(tmp_path, Clock())
    cache.save_hall(hall())
    cache.save_catalogue(catalogue(), "c7")
    path = tmp_path / name
    whole = path.read_bytes()
    damaged = {
        "cut": whole[: len(whole) // 2],
        "bit": whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
        "empty": b"",
        "noise": b"\x00\xff" * 500,
        "other": (tmp_path / ("hall.json" if name == "catalogue.json" else "catalogue.json")).read_bytes(),
    }[damage]
    path.write_bytes(damaged)
    with caplog.at_level(logging.WARNING):
        found = cache.load()
    assert (found.hall is None) == (name == "hall.json")
    assert (found.catalogue is None) == (name == "catalogue.json")
    assert name in caplog.text
    assert not path.exists()
    assert path.with_suffix(".damaged").read_bytes() == damaged
    cache.flush()
    assert cache.load() == found


def test_a_power_cut_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    cache = Cache(tmp_path, Clock())
    cache.save_catalogue(catalogue(), "c7")
    (tmp_path / "catalogue.new").write_bytes(b"half")
    assert cache.load().etag == "c7"


def test_a_disk_that_cannot_be_written_costs_a_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = Cache(tmp_path / "file" / "folder", Clock())
    with caplog.at_level(logging.WARNING):
        cache.save_hall(hall())
    assert "not written" in caplog.text
