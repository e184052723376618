"""Slips and values for the printer's tests. All sample data."""

from __future__ import annotations

from functools import cache

import zxingcpp
from PIL import Image

from drivers.printer.encode import encode
from drivers.printer.layout import SlipLayout, Value
from drivers.printer.profile import Profile
from drivers.printer.slip import Slip

PUBLIC_URL = "http://192.168.1.10/t/7F3K9Q"
VALUES: dict[str, Value] = {
    "hall": "安和镇政务服务大厅",
    "centre": "便民服务中心",
    "number": "A044",
    "matter": "居民医保参保",
    "ahead": 11,
    "wait": "20–30",
    "windows": "1–6",
    "taken": "2026-01-14 10:36",
    "bring": "户口簿、居民身份证、电子照片",
    "missed_after": 3,
    "missed_times": 2,
    "qr": PUBLIC_URL,
    "track": "7F3K9Q",
    "phone": "010-0000-0000",
    "kiosk": "1",
    "serial": "0031",
    "language": "zh",
    "copy": None,
    "training": False,
}


BOOKING: dict[str, Value] = {
    **VALUES,
    "number": "Y006",
    "matter": "养老待遇领取",
    "slot": "11:00–11:30",
    "slot_start": "11:00",
    "slot_ahead": 0,
    "slot_wait": "5–10",
}
MATERIALS = [
    {"name": "户口簿", "note": "原件1份"},
    {"name": "居民身份证", "note": "原件1份"},
    {"name": "电子照片", "note": "电子件1份，可当场拍"},
    {"name": "不动产权属证书或者房屋租赁合同及其备案证明材料", "note": "复印件2份，加盖公章，并带原件核对"},
]
NOTICE: dict[str, Value] = {
    "hall": "安和镇政务服务大厅",
    "date": "2026-01-14",
    "notice_no": "GZ-20260114-017",
    "matter": "居民医保参保",
    "full_name": "城乡居民基本医疗保险参保登记(含新生儿)",
    "materials": MATERIALS,
    "limit": "当场办结",
    "fee": "不收费",
    "where": "大厅任意综合窗口",
    "hours": "周一至周五 9:00–17:00",
    "level": "镇级办理",
    "department": "社保",
    "scope": "本镇户籍或居住人员",
    "procedure": "窗口受理→后台审核→系统登记→窗口出件",
    "conditions": "无职工基本医疗保险等保障的本市户籍城乡老年人、劳动年龄内居民、学生儿童；新生儿自取得户籍起90日内",
    "basis": "《中华人民共和国社会保险法》；京人社农合发〔2017〕250号",
    "online": "http://192.168.1.10/m/SB-001",
    "version": "12",
    "published": "2026-01-05",
    "phone": "010-0000-0000",
}
CLOSING: dict[str, Value] = {
    "hall": "安和镇政务服务大厅",
    "day": "2026-01-14",
    "opened": "08:30",
    "closed": "17:12",
    "issued": 214,
    "served": 206,
    "missed": 5,
    "left": 3,
    "copies": 2,
    "first_number": "A001",
    "last_number": "Y031",
    "rows": 1893,
    "anchor": "0123456789abcdef" * 4,
    "kiosk": "1",
    "serial": 215,
}
EVERY_SLIP: dict[str, dict[str, Value]] = {
    "ticket": VALUES,
    "reprint": {**VALUES, "copy": 2},
    "offline": VALUES,
    "booking": BOOKING,
    "notice": NOTICE,
    "closing": CLOSING,
    "test": {},
    "sample": {},
    "check": {},
}


@cache
def loaded(layout: str) -> SlipLayout:
    """Read once in a test run: checking a file against its types is most of the work."""
    return SlipLayout.load(layout)


def filled(layout: str = "ticket", **changed: Value) -> Slip:
    return loaded(layout).fill({**VALUES, **changed})


def bytes_of(slip: Slip, profile: str = "generic-80") -> bytes:
    return encode(slip, Profile.load(profile)).data


def read_codes(picture: Image.Image) -> list[str]:
    """The QR codes a phone would read from the paper, with the white of the table around it."""
    table = Image.new("L", (picture.width + 80, picture.height + 80), 255)
    table.paste(picture, (40, 40))
    return [
        code.text
        for code in zxingcpp.read_barcodes(table, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    ]
