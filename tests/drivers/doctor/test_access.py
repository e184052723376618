from __future__ import annotations

import grp
import os
from pathlib import Path

from drivers.doctor.access import HOLDERS_LIMIT, holders, remedy


def test_the_remedy_names_the_group_of_the_port_itself(tmp_path: Path) -> None:
    port = tmp_path / "ttyUSB0"
    port.touch()
    port.chmod(0o660)
    found = remedy(str(port))
    assert found is not None
    assert (found.group, found.joined) == (grp.getgrgid(port.stat().st_gid).gr_name, False)
    assert found.user
    port.chmod(0o600)
    closed = remedy(str(port))
    assert closed is not None
    assert closed.group == ""
    assert remedy(str(tmp_path / "none")) is None


def test_the_program_that_holds_a_port_is_named(tmp_path: Path) -> None:
    port = tmp_path / "ttyUSB0"
    port.touch()
    link = tmp_path / "by-path"
    link.symlink_to(port)
    proc = tmp_path / "proc"
    commands = ((9, "cupsd", "cupsd\0-l\0"), (10, "python3", "python3\0/opt/bin/hall-kiosk\0"), (11, "other", ""))
    for pid, name, command in commands:
        (proc / str(pid) / "fd").mkdir(parents=True)
        (proc / str(pid) / "comm").write_text(name + "\n", encoding="utf-8")
        (proc / str(pid) / "cmdline").write_text(command, encoding="utf-8")
        (proc / str(pid) / "fd" / "3").symlink_to(tmp_path / "elsewhere" if name == "other" else port)
    (proc / "12").mkdir()
    (proc / str(os.getpid()) / "fd").mkdir(parents=True)
    (proc / str(os.getpid()) / "fd" / "3").symlink_to(port)
    assert holders(str(link), proc) == ["cupsd (9)", "hall-kiosk (10)"]
    for pid in range(20, 30):
        (proc / str(pid) / "fd").mkdir(parents=True)
        (proc / str(pid) / "fd" / "3").symlink_to(port)
    assert len(holders(str(port), proc)) == HOLDERS_LIMIT
    assert holders(str(tmp_path / "free"), proc) == []
