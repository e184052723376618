"""The reference frames, read once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Vector:
    name: str
    to_host: bool
    data: bytes
    expected: dict[str, Any]
    chunks: tuple[int, ...]


@cache
def vectors() -> dict[str, Vector]:
    raw = json.loads(Path(__file__).with_name("idcard_vectors.json").read_text(encoding="utf-8"))
    return {
        each["name"]: Vector(
            each["name"],
            each["direction"] == "reader_to_host",
            bytes.fromhex(each["hex"]),
            each["expected"],
            tuple(each.get("chunks", ())),
        )
        for each in raw["vectors"]
    }


def sessions() -> dict[str, list[tuple[str, str | None]]]:
    raw = json.loads(Path(__file__).with_name("idcard_vectors.json").read_text(encoding="utf-8"))
    return {each["name"]: [(ask, answer) for ask, answer in each["steps"]] for each in raw["sessions"]}
