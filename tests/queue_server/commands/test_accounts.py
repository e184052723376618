"""Accounts are made here: with a password of one's own or a random one, never a default one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.queue_server.commands.conftest import Technician
from tests.support.server import Client


def signs_in(hall: Technician, account: str, password: str) -> bool:
    """At the running server; without one there is nobody to ask."""
    if hall.url is None:
        return True
    client = Client(hall.url)
    try:
        return client.sign_in(account, password).status_code == 200
    finally:
        client.close()


def test_random_password_is_printed_once_and_works(hall: Technician) -> None:
    said = hall.does(
        "add-user", "limin", "--role", "clerk", "--role", "manager", "--random", "--display-name", "测试甲"
    )
    assert "account limin (clerk:1), roles clerk, manager" in said
    password = said.rpartition("password ")[2].strip()
    assert len(password) >= 12
    assert signs_in(hall, "limin", password)


def test_same_name_gets_a_new_password_and_keeps_its_number(hall: Technician) -> None:
    first = hall.account("wang", "clerk")
    said = hall.does("add-user", "wang", "--role", "auditor", "--password-file", "-", typed="Neu-2026-pw\n")
    assert "(clerk:2), roles auditor" in said
    assert "Neu-2026" not in said
    assert signs_in(hall, "wang", "Neu-2026-pw")
    assert hall.url is None or not signs_in(hall, "wang", first)


@pytest.mark.parametrize("password", ["short1A", "alllowercase", "12345678"])
def test_weak_password_is_refused(hall: Technician, password: str) -> None:
    before = hall.rows()
    said = hall.fails("add-user", "weak", "--role", "clerk", "--password-file", "-", typed=password + "\n")
    assert "8 signs or more of three kinds" in said
    assert password not in said
    assert hall.rows() == before


def test_password_is_asked_for_twice(stopped: Technician) -> None:
    said = stopped.fails("add-user", "a", "--role", "clerk", typed="Hall-2026-x\nHall-2026-y\n")
    assert "do not match" in said
    assert "account a" in stopped.does("add-user", "a", "--role", "clerk", typed="Hall-2026-x\nHall-2026-x\n")


def test_unknown_role_is_answered_with_the_known_ones(stopped: Technician) -> None:
    said = stopped.fails("add-user", "a", "--role", "boss", "--random", code=2)
    assert "'boss'" in said
    assert "technician" in said
    assert "--role" in stopped.fails("add-user", "a", "--random", code=2)


def test_missing_password_file_is_named(stopped: Technician, tmp_path: Path) -> None:
    said = stopped.fails("add-user", "a", "--role", "clerk", "--password-file", str(tmp_path / "none"), code=2)
    assert "No such file" in said
