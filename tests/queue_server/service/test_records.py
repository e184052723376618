"""Records: rows that change them travel beside commands; readers see them in the view at once."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from queue_server import wire
from queue_server.service.records import catalogue_rows, change_record, content_hash, masked
from queue_server.store.rows import RowWrite, Value
from tests.queue_server.service.a_gate import running


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/hall.db"


ACCOUNT: dict[str, Value] = {
    "id": 7,
    "name": "ceshi",
    "display_name": "测试窗口",
    "password_hash": "argon2…",
    "roles": '["clerk","manager"]',
    "active": True,
}
DEVICE: dict[str, Value] = {
    "id": 2,
    "kind": "kiosk",
    "name": "入口",
    "zone": "hall",
    "letter": "K",
    "window": None,
    "key_hash": "hash-1",
    "cookie_hash": None,
    "paired_at_us": 1,
    "revoked_at_us": None,
}


def a_catalogue(version: int) -> wire.Catalogue:
    department = wire.Department(
        code="d1", name="社保", full_name="社保所", name_en="Social security", in_hall=True, matters=1
    )
    matter = msgspec.convert(
        {
            **dict.fromkeys(("legal_basis", "conditions", "level", "procedure", "scope", "fee", "name_en"), ""),
            "code": "m1",
            "department": "d1",
            "name": "参保登记",
            "short_name": "参保",
            "public_label": "社保业务",
            "time_limit_working_days": 1,
            "legal_time_limit_working_days": 5,
            "materials": [],
            "online": False,
            "popularity": 1,
            "average_service_min": 5,
            "initials": ["cbdj"],
            "keywords": [],
        },
        wire.Matter,
    )
    return wire.Catalogue(
        version=version, date="2026-03-01", source="test", sample=True, departments=(department,), matters=(matter,)
    )


def test_accounts_and_devices_are_found_as_requests_find_them(url: str) -> None:
    with running(url) as hall:
        for table, id_, values in (("account", "7", ACCOUNT), ("device", "2", DEVICE)):
            command, row = change_record(table, id_, values, version=1)
            assert hall.do(command, rows=(row,)).events
        records = hall.gate.view.records
        assert records.account_by_name["ceshi"].roles == {"clerk", "manager"}
        assert records.device_by_key_hash["hash-1"].actor == "kiosk:2"
        assert "测试窗口" not in repr(records.accounts[7])
    with running(url) as hall:
        assert hall.gate.view.records.accounts[7].display_name == "测试窗口"
        revoked = {**DEVICE, "revoked_at_us": 5}
        command, row = change_record("device", "2", revoked, version=2)
        hall.do(command, rows=(row,))
        assert hall.gate.view.records.device_by_key_hash == {}
        assert hall.gate.view.records.devices[2].version == 2


def test_a_catalogue_comes_whole_and_the_newest_is_in_force(url: str) -> None:
    with running(url) as hall:
        for version in (1, 2):
            command, rows = catalogue_rows(a_catalogue(version), 5)
            hall.do(command, rows=rows)
        found = hall.gate.view.records.catalogue
        assert found is not None
        assert found.as_wire() == a_catalogue(2)
        assert found.by_code["m1"].public_label == "社保业务"
        assert found.etag.startswith("2-")


def test_sessions_pairings_and_settings_need_no_journal_row(url: str) -> None:
    session: dict[str, Value] = {
        "id_hash": "s1",
        "account": 7,
        "opened_at_us": 1,
        "idle_until_us": 9,
        "ended_at_us": None,
    }
    pairing: dict[str, Value] = {
        "code": "ABC123", "kind": "display", "name": "大屏", "zone": "hall", "state": "waiting", "expires_at_us": 9,
        "device": None,
    }  # fmt: skip
    with running(url) as hall:
        rows = (
            RowWrite("session", session),
            RowWrite("pairing", pairing),
            RowWrite("setting", {"name": "notice", "value": '"周末休息"', "version": 1}),
        )
        hall.gate.note(rows=rows).result(20)
        view = hall.gate.view
        assert view.seq == 0
        assert view.records.sessions["s1"].account == 7
        assert view.records.pairings["ABC123"].state == "waiting"
        assert view.records.settings == {"notice": "周末休息"}
        hall.gate.note(rows=(RowWrite("session", {"id_hash": "s1"}, "drop"),)).result(20)
        assert hall.gate.view.records.sessions == {}
        assert view.records.sessions["s1"].account == 7


def test_the_content_hash_tells_contents_apart_in_any_order() -> None:
    assert content_hash({"a": 1, "b": b"x"}) == content_hash({"b": b"x", "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2})


def test_masking_leaves_surname_region_and_last_sign() -> None:
    assert masked("测试丁一", "700000199001010014") == "测*** 7000*************4"
    assert masked("测", "70000012") == "测* 7000***2"
