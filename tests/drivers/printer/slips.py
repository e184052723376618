"""Slips and values for the printer's tests. All sample data."""

from __future__ import annotations

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


def filled(layout: str = "ticket", **changed: Value) -> Slip:
    return SlipLayout.load(layout).fill({**VALUES, **changed})


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
