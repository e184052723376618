"""A small hall for the kiosk's tests: its state, a catalogue of seven departments, moments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from queue_server.wire import Catalogue, Department, Forecast, GroundView, HallState, Material, Matter

AT = datetime(2026, 1, 14, 2, 36, tzinfo=UTC)
"""10:36 in the hall."""


def hall(**changes: Any) -> HallState:
    """An open hall with eleven people waiting."""
    usual = HallState(
        hall="安和镇政务服务大厅",
        centre="便民服务中心",
        phone="010-00000000",
        open_from="9:00",
        open_to="17:00",
        business_day="2026-01-14",
        day_open=True,
        issuing=True,
        why_not=None,
        waiting=11,
        waiting_by_kind={"general": 11},
        open_windows=(1, 2, 3, 4, 6),
        forecast=Forecast(low_min=20, high_min=30),
        catalogue="c1",
        letters={"general": "A"},
        public_url="",
        at=AT,
        seq=7,
    )
    return msgspec.structs.replace(usual, **changes)


GROUNDS = tuple(
    GroundView(code=code, name=name, name_en=name_en, proof=proof, kiosk=code != "hardship")
    for code, name, name_en, proof in (
        ("disabled", "残疾人", "Disabled person", "残疾人证"),
        ("elder", "65岁以上老人", "Aged 65 or over", "口头询问，不查证件"),
        ("hardship", "急难救助", "Urgent hardship", "工作人员问清情况"),
        ("pregnant", "孕妇、带婴幼儿", "Pregnant, or with an infant", "现场看"),
        ("soldier", "现役军人、消防救援人员", "Soldier or firefighter on active service", "有效证件"),
        ("veteran", "退役军人、烈属（优待证）", "Veteran or martyr's family (preferential card)", "优待证"),
        ("claimed", "本人声明，窗口核对", "Claimed, to be seen at the window", "按声明的一项"),
        (
            "own",
            "本厅自己定的一项，名字可以写到二十个字",
            "A ground of the hall's own, named at length",
            "本厅定的凭证",
        ),
    )
)
"""A hall's list; residents may claim all but one, on two pages."""


def matter(code: str, name: str, *initials: str, **changes: Any) -> Matter:
    usual = Matter(
        code=code,
        department=code.partition("-")[0],
        name=f"{name}（全称）",
        name_en=f"Matter {code}",
        short_name=name,
        public_label=name,
        legal_basis="《测试办法》",
        conditions="本镇居民",
        level="镇级办理",
        procedure="窗口受理→窗口出件",
        scope="本镇居民",
        time_limit_working_days=0,
        legal_time_limit_working_days=10,
        fee="不收费",
        materials=(Material(name="户口簿", form="原件", copies=1), Material(name="居民身份证", form="原件", copies=1)),
        online=True,
        popularity=3,
        average_service_min=12,
        initials=initials,
        keywords=(),
    )
    return msgspec.structs.replace(usual, **changes)


def catalogue(version: int = 12) -> Catalogue:
    """Eight matters of social security, two of civil affairs (one sensitive), one of justice, four others."""
    matters = (
        matter("SB-001", "社保卡申领", "sbksl", "sbk", popularity=5, time_limit_working_days=7),
        matter("SB-002", "社保卡补换", "sbkbh", "sbk", popularity=4),
        matter("SB-003", "社保卡挂失", "sbkgs", "sbk"),
        matter("SB-004", "居民医保参保", "jmybcb", popularity=5, season="2月28日前"),
        *(matter(f"SB-00{n}", f"社保事项{n}", f"sbsx{n}") for n in range(5, 9)),
        matter("MZ-001", "高龄津贴", "gljt", popularity=4),
        matter("MZ-002", "临时救助", "lsjz", sensitive=True, public_label="民政事项"),
        matter("SF-001", "法律援助", "flyz", conditions="经济困难" * 60, legal_basis="《法律援助法》" * 30),
    )
    matters += tuple(matter(f"X{n}-001", f"事项{n}", "qt") for n in range(4))
    names = {f"X{n}": (f"部门{n}", f"Department {n}") for n in range(4)}
    names |= {"SB": ("社保", "Social Security"), "MZ": ("民政", "Civil Affairs"), "SF": ("司法所", "Justice")}
    departments = tuple(
        Department(
            code=code,
            name=name,
            full_name=f"镇{name}",
            name_en=english,
            in_hall=True,
            matters=sum(m.department == code for m in matters),
        )
        for code, (name, english) in names.items()
    )
    return Catalogue(
        version=version, date="2026-01-05", source="test", sample=True, departments=departments, matters=matters
    )
