"""Web sessions of accounts: held in memory, ended by sign-out, idling or a restart (shifts outlive all three)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from queue_server.service.ports import Chance, SteadyClock

SESSIONS_MAX = 500
WHOLE_DAY_S = 14 * 3600.0
"""A session ends after a long day however busy it is."""


@dataclass(slots=True)
class Session:
    account: int
    opened_s: float
    used_s: float
    ended: bool = False


class Sessions:
    """Who is signed in. Only hashes of the cookies are kept. Not thread-safe: event loop only."""

    def __init__(self, *, idle_lock_s: float, clock: SteadyClock, chance: Chance) -> None:
        self.idle_lock_s = idle_lock_s
        self._clock = clock
        self._chance = chance
        self._by_hash: dict[str, Session] = {}

    def open(self, account: int) -> str:
        """A new session; returns the cookie's value, which exists nowhere else."""
        self._forget_ended()
        if len(self._by_hash) >= SESSIONS_MAX:
            oldest = min(self._by_hash, key=lambda each: self._by_hash[each].used_s)
            self._by_hash.pop(oldest).ended = True
        cookie = self._chance.secret()
        now = self._clock()
        self._by_hash[hash_secret(cookie)] = Session(account=account, opened_s=now, used_s=now)
        return cookie

    def find(self, cookie: str, *, active: bool) -> Session | None:
        """The live session of ``cookie``. ``active``: a person did something, so idling starts anew."""
        session = self._by_hash.get(hash_secret(cookie))
        if session is None or not self.alive(session):
            return None
        if active:
            session.used_s = self._clock()
        return session

    def alive(self, session: Session) -> bool:
        now = self._clock()
        if now - session.used_s >= self.idle_lock_s or now - session.opened_s >= WHOLE_DAY_S:
            session.ended = True
        return not session.ended

    def end(self, cookie: str) -> None:
        if session := self._by_hash.pop(hash_secret(cookie), None):
            session.ended = True

    def end_all_of(self, account: int) -> None:
        """Called when a password changes or an account is switched off."""
        for session in self._by_hash.values():
            session.ended = session.ended or session.account == account
        self._forget_ended()

    def _forget_ended(self) -> None:
        self._by_hash = {key: each for key, each in self._by_hash.items() if self.alive(each)}


def hash_secret(secret: str) -> str:
    """What is kept of a bearer key or cookie: SHA-256, hex. They are 32 random bytes, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
