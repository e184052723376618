"""The kiosk: what a resident touches. Start reading at README.md."""

__version__ = "0.1.0"
