"""Who may open a port and who holds it, as far as this system shows it to this user. Reads only."""

from __future__ import annotations

import itertools
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "win32":
    import grp
    import pwd

HOLDERS_LIMIT = 5


@dataclass(frozen=True, slots=True)
class Remedy:
    """What gives this user the port. ``group`` empty: no group could. ``joined``: only a new sign-in is missing."""

    user: str
    group: str
    joined: bool


def remedy(port: str) -> Remedy | None:
    """For a port that is there and refused; None where the system has no such rights (Windows) or it is gone."""
    if sys.platform == "win32":
        return None
    try:
        found = Path(port).stat()
    except OSError:
        return None
    user = _user_name(os.geteuid())
    if not found.st_mode & stat.S_IRGRP or not found.st_mode & stat.S_IWGRP:
        return Remedy(user, "", joined=False)
    try:
        group = grp.getgrgid(found.st_gid)
    except KeyError:
        return Remedy(user, str(found.st_gid), joined=False)
    return Remedy(user, group.gr_name, joined=user in group.gr_mem and found.st_gid not in os.getgroups())


def holders(port: str, proc: Path = Path("/proc")) -> list[str]:
    """``name (pid)`` of the programs that have this port open. Other users' programs are seen by root only."""
    target = Path(port).resolve()
    others = (each for each in proc.glob("[0-9]*") if each.name != str(os.getpid()))
    found = (f"{_name(each)} ({each.name})" for each in sorted(others, key=_pid) if _has_open(each, target))
    return list(itertools.islice(found, HOLDERS_LIMIT))


def _pid(process: Path) -> int:
    return int(process.name)


def _has_open(process: Path, target: Path) -> bool:
    try:
        return any(_points_to(link, target) for link in (process / "fd").iterdir())
    except OSError:
        return False


def _points_to(link: Path, target: Path) -> bool:
    try:
        return link.readlink() == target
    except OSError:
        return False


def _name(process: Path) -> str:
    """What people call it: of a Python program its script or module."""
    try:
        comm = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
        words = (process / "cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
    except OSError:
        return "?"
    if not comm.startswith("python"):
        return comm
    script = next((word for word in words[1:] if word and not word.startswith("-")), comm)
    return Path(script).name


def _user_name(uid: int) -> str:
    if sys.platform == "win32":
        return ""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
