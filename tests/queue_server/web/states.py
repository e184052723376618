"""One recorded morning, built from the wire's own types: 安和镇, 10:36, eight windows, A032 next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from queue_server import wire

MORNING = datetime(2026, 1, 14, 2, 36, tzinfo=UTC)
"""10:36 in the hall's zone."""
HALL = "安和镇政务服务大厅"
WAITING = (
    ("A032", "居民医保参保", 27), ("A033", "社保卡补换", 26), ("A034", "居民医保参保", 25), ("A035", "", 24),
    ("A036", "育儿补贴", 22), ("A037", "居民医保参保", 19), ("A038", "高龄津贴", 16), ("A039", "居民医保参保", 13),
    ("C005", "取件", 11), ("A040", "养老缴费申报", 9), ("Y006", "养老待遇领取", 7), ("A041", "法律咨询", 6),
    ("Y007", "失业金申领", 5), ("A042", "居民医保参保", 4), ("A043", "生育登记", 2),
)  # fmt: skip
OTHERS = ((1, "A029", 492), (2, "A030", 340), (5, "A031", 235), (6, "A028", 861), (7, "C004", 68))


def kind_of(number: str) -> wire.Kind:
    kinds: dict[str, wire.Kind] = {"Y": "booked", "C": "collection"}
    return kinds.get(number[0], "general")


def ticket(number: str, state: str = "called", **more: Any) -> wire.TicketView:
    values: dict[str, Any] = {"issued_at": MORNING - timedelta(minutes=27), "track": f"t{number}"}
    return wire.TicketView(id=f"id-{number}", number=number, kind=kind_of(number), state=state, **(values | more))


def row(number: str, matter: str = "居民医保参保", waited_min: int = 5, **more: Any) -> wire.QueueRow:
    return wire.QueueRow(
        id=f"id-{number}",
        number=number,
        kind=kind_of(number),
        state=more.pop("state", "waiting"),
        matters=(matter,) if matter else (),
        waited_s=waited_min * 60,
        issued_at=MORNING - timedelta(minutes=waited_min),
        **more,
    )


def announcement(number: str, window: int, repeat: int, at: datetime, **more: Any) -> wire.AnnouncementView:
    marks: dict[str, Any] = {"shown": True, "played": True}
    return wire.AnnouncementView(
        id=f"n-{number}-{repeat}", number=number, window=window, at=at, repeat=repeat, **(marks | more)
    )


def other_windows(at: datetime) -> list[wire.WindowView]:
    busy = [
        wire.WindowView(
            number=number,
            state="open",
            clerk="测试窗口",
            shift=f"s{number}",
            ticket=ticket(name, "serving", window=number, started_at=at - timedelta(seconds=seconds)),
        )
        for number, name, seconds in OTHERS
    ]
    away = [wire.WindowView(number=n, state="paused", ground="meal", clerk="测试窗口", shift=f"s{n}") for n in (4, 8)]
    return busy + away


def own_window(**more: Any) -> wire.WindowView:
    values: dict[str, Any] = {
        "state": "open", "clerk": "测试甲", "shift": "s3", "done_today": 9, "mean_service_s": 660,
    }  # fmt: skip
    return wire.WindowView(number=3, **(values | more))


def queue(at: datetime, seq: int, own: wire.WindowView, **more: Any) -> wire.QueueState:
    rows = more.pop("rows", tuple(row(*entry) for entry in WAITING))
    at_desk = own.ticket.number if own.ticket else None
    rows = tuple(each for each in rows if each.number != at_desk)
    counts = {"waiting": len(rows), "missed": 2}
    for kind in ("general", "booked", "collection"):
        counts[kind] = sum(1 for each in rows if each.kind == kind)
    values: dict[str, Any] = {
        "missed": (row("A021", "生育登记", 50, state="missed"), row("A025", "高龄津贴", 40, state="missed")),
        "counts": counts,
        "alarms": (),
        "next": {"3": rows[0].number} if rows else {},
        "next_reason": {"3": "综合号里等得最久。预约 Y006、Y007 约 11:00，还没到时间。"} if rows else {},
    }
    values["windows"] = tuple(sorted([own, *other_windows(at)], key=lambda window: window.number))
    return wire.QueueState(rows=rows, at=at, seq=seq, **(values | more))


def hall(at: datetime, seq: int, **more: Any) -> wire.HallState:
    values: dict[str, Any] = {
        "hall": HALL, "centre": "安和镇便民服务中心", "phone": "010-70000000", "open_from": "9:00", "open_to": "17:30",
        "business_day": "2026-01-14", "day_open": True, "issuing": True, "why_not": None, "waiting": 15,
        "waiting_by_kind": {"general": 12, "booked": 2, "collection": 1}, "open_windows": (1, 2, 3, 5, 6, 7),
        "forecast": wire.Forecast(low_min=20, high_min=30), "catalogue": "c1", "letters": {}, "public_url": "",
        "notice": "居民医保集中参保到 2月28日，带户口簿、身份证",
    }  # fmt: skip
    return wire.HallState(at=at, seq=seq, **(values | more))


def call(number: str, window: int, at: datetime, *, repeat: int = 0, **more: Any) -> wire.BoardCall:
    values: dict[str, Any] = {
        "zone": "hall", "audio": f"/api/v1/announcements/n-{number}-{repeat}/audio", "times": 1, "chime": False,
        "speak_until": at + timedelta(seconds=20), "text": f"请{number}号到{window}号窗口办理",
    }  # fmt: skip
    return wire.BoardCall(
        id=f"n-{number}-{repeat}", number=number, window=window, at=at, repeat=repeat, **(values | more)
    )


def board_windows(calling: wire.BoardCall | None, count: int = 8) -> tuple[wire.BoardWindow, ...]:
    numbers = {number: name for number, name, _ in OTHERS}
    rows = []
    for number in range(1, count + 1):
        now = calling is not None and calling.window == number
        shown = calling.number if calling and now else numbers.get(number)
        state: Any = "paused" if number in (4, 8) and not now else "open"
        rows.append(wire.BoardWindow(number=number, state=state, ticket=shown, calling=now))
    return tuple(rows)


def board(at: datetime, seq: int, newest: wire.BoardCall | None, **more: Any) -> wire.BoardState:
    values: dict[str, Any] = {
        "hall": HALL, "windows": board_windows(newest), "speaking": (newest,) if newest else (),
        "waiting_by_kind": {"general": 11, "booked": 2, "collection": 1}, "granted_waiting": 0,
        "forecast": wire.Forecast(low_min=20, high_min=30), "missed": ("A021", "A025"), "missed_after": 3,
        "notice": "居民医保集中参保到 2月28日，带户口簿、身份证", "day_open": True,
    }  # fmt: skip
    return wire.BoardState(newest=newest, at=at, seq=seq, **(values | more))


def catalogue() -> wire.Catalogue:
    materials = tuple(
        wire.Material(name=name, form=form, copies=1)
        for name, form in (("户口簿", "原件"), ("居民身份证", "原件"), ("电子照片", "电子件"))
    )
    matters = tuple(
        wire.Matter(
            code=code, department="yb", name=name, name_en=name, short_name=name, public_label=name, legal_basis="",
            conditions="", level="", procedure="", scope="", time_limit_working_days=0,
            legal_time_limit_working_days=0, fee="", materials=materials, online=True, popularity=1,
            average_service_min=12, initials=(initials,), keywords=(),
        )
        for code, name, initials in (("yb01", "居民医保参保", "jmybcb"), ("sb02", "社保卡补换", "sbkbh"))
    )  # fmt: skip
    return wire.Catalogue(version=1, date="2026-01-05", source="测试", sample=True, departments=(), matters=matters)


def alarm(id_: str, code: str, say: str, **more: Any) -> wire.Alarm:
    values: dict[str, Any] = {"place": "kiosk:1", "since": MORNING - timedelta(seconds=80)}
    return wire.Alarm(id=id_, code=code, say=say, **(values | more))
