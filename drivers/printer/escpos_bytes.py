"""The bytes python-escpos makes well: native QR, cut, raster rows.

Its import costs a fifth of a second, configures the root logger and leaves a folder behind; so it is loaded on
first use and both traces are removed. Its text, status and picture commands are not used: text loses Chinese
punctuation, status calls a dead printer well supplied, and pictures print a notice on stdout.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

_LEVEL_M = 1


@cache
def _escpos() -> Any:  # noqa: ANN401 - python-escpos is untyped
    import shutil  # noqa: PLC0415

    root = logging.getLogger()
    before = list(root.handlers)
    from escpos import capabilities  # noqa: PLC0415
    from escpos.printer import Dummy  # noqa: PLC0415

    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return Dummy


def warm() -> None:
    """Load python-escpos now, so that the first slip does not wait for it."""
    _escpos()


def native_qr(payload: str, module_dots: int) -> bytes:
    """Model 2, error correction M, printed at the current alignment. ``payload`` is ASCII."""
    dummy = _escpos()()
    dummy.qr(payload, native=True, size=module_dots, ec=_LEVEL_M)
    return bytes(dummy.output)


def cut() -> bytes:
    """Feed to the cutter and cut partially: ``1D 56 42 00``. (Its full cut feeds six lines of unknown height first.)"""
    dummy = _escpos()()
    dummy.cut(mode="PART", feed=False)
    return bytes(dummy.output)


def raster_rows(picture: Image.Image) -> bytes:
    """A picture's dots, 1 is ink, each row in whole bytes, white to the right."""
    _escpos()
    from escpos.image import EscposImage  # noqa: PLC0415

    return bytes(EscposImage(picture).to_raster_format())


@cache
def _qr_modules(payload: str) -> tuple[tuple[bool, ...], ...]:
    import qrcode  # noqa: PLC0415 - comes with python-escpos

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(payload, optimize=0)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())


def qr_picture(payload: str, module_dots: int) -> Image.Image:
    """The QR code with ``module_dots`` a module and no quiet zone, mode ``1``."""
    from PIL import Image  # noqa: PLC0415

    modules = _qr_modules(payload)
    side = len(modules)
    small = Image.new("1", (side, side), 255)
    small.putdata([0 if module else 255 for row in modules for module in row])
    return small.resize((side * module_dots, side * module_dots), Image.Resampling.NEAREST)
