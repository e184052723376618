"""Data shipped with the product: fonts, icons, words, slips, voice, catalogue, pages. No code but how to find it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Where one shipped file or folder lies on this machine; it need not exist."""
    return ROOT.joinpath(*parts)
