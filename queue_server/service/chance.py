"""Chance from the machine's own generator (``secrets``)."""

from __future__ import annotations

import secrets
import time

from queue_server.wire import READABLE, TRACK_SIGNS

_SIGNS = "".join(READABLE[byte % len(READABLE)] for byte in range(256)).encode("ascii")


class SystemChance:
    """Implements ``ports.Chance``."""

    def id(self, prefix: str) -> str:
        """Begins with the time (2^20 ns) so that an index grows at its end, where its pages are at hand; 48 random bits
        keep two of the same moment apart. Whoever may use an id is decided by rights, never by knowing it.
        """
        return f"{prefix}_{time.time_ns() >> 20:011x}{secrets.token_bytes(6).hex()}"

    def track(self) -> str:
        return _readable(TRACK_SIGNS)

    def booking_code(self) -> str:
        """One of ten thousand million, typed on a keypad of ten keys; guessing is braked (``api/throttle.py``)."""
        return f"{secrets.randbelow(10**10):010d}"

    def pairing_code(self) -> str:
        return _readable(6)

    def secret(self) -> str:
        return secrets.token_urlsafe(32)


def _readable(length: int) -> str:
    """So many random signs from one call of the generator: 256 is a multiple of 32, so none is likelier."""
    return secrets.token_bytes(length).translate(_SIGNS).decode("ascii")
