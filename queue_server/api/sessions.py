"""Web sessions of accounts: ended by sign-out, idling, a long day; a restart ends neither them nor shifts.

Requests are answered from memory. What a restart must know goes to the ``session`` table beside the journal: a new
session and its end at once, its idling at most once a minute. Only hashes of the cookies are kept anywhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from queue_server.store.rows import RowWrite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from queue_server.service.ports import Chance, SteadyClock, WallClock
    from queue_server.service.records import Session as Kept
    from queue_server.store.rows import Value

SESSIONS_MAX = 500
WHOLE_DAY_S = 14 * 3600.0
"""A session ends after a long day however busy it is."""
KEEP_EVERY_S = 60.0
SECOND_US = 1_000_000


@dataclass(slots=True)
class Session:
    account: int
    opened_s: float
    used_s: float
    kept_s: float
    """When the table last heard of it."""
    ended: bool = False


class Sessions:
    """Who is signed in. Not thread-safe: event loop only."""

    def __init__(
        self,
        *,
        idle_lock_s: float,
        clock: SteadyClock,
        wall_clock_us: WallClock,
        chance: Chance,
        keep: Callable[[Sequence[RowWrite]], None],
    ) -> None:
        """``keep`` writes rows of the table ``session`` soon; nobody waits for it."""
        self.idle_lock_s = idle_lock_s
        self._clock = clock
        self._wall_clock_us = wall_clock_us
        self._chance = chance
        self._keep = keep
        self._by_hash: dict[str, Session] = {}

    def seed(self, kept: Iterable[Kept], valid: Callable[[int], bool]) -> None:
        """After a start: the sessions of before. Those past their time, or of no ``valid`` account, are dropped."""
        now, now_us = self._clock(), self._wall_clock_us()
        over: list[str] = []
        for each in kept:
            idle_s = self.idle_lock_s - (each.idle_until_us - now_us) / SECOND_US
            open_s = (now_us - each.opened_at_us) / SECOND_US
            session = Session(each.account, opened_s=now - open_s, used_s=now - idle_s, kept_s=now)
            # A clock that was set back must not make a session longer than it was.
            if idle_s >= 0 and open_s >= 0 and valid(each.account) and self.alive(session):
                self._by_hash.setdefault(each.id_hash, session)
            else:
                over.append(each.id_hash)
        self._drop(over)

    def open(self, account: int) -> str:
        """A new session; returns the cookie's value, which exists nowhere else."""
        self._forget_ended()
        if len(self._by_hash) >= SESSIONS_MAX:
            oldest = min(self._by_hash, key=lambda each: self._by_hash[each].used_s)
            self._by_hash.pop(oldest).ended = True
            self._drop([oldest])
        cookie = self._chance.secret()
        now = self._clock()
        session = Session(account=account, opened_s=now, used_s=now, kept_s=now)
        self._by_hash[hash_secret(cookie)] = session
        self._keep([self._row(hash_secret(cookie), session)])
        return cookie

    def find(self, cookie: str, *, active: bool) -> Session | None:
        """The live session of ``cookie``. ``active``: a person did something, so idling starts anew."""
        id_hash = hash_secret(cookie)
        session = self._by_hash.get(id_hash)
        if session is None or not self.alive(session):
            return None
        if active:
            session.used_s = self._clock()
            if session.used_s - session.kept_s >= KEEP_EVERY_S:
                session.kept_s = session.used_s
                self._keep([self._row(id_hash, session)])
        return session

    def alive(self, session: Session) -> bool:
        now = self._clock()
        if now - session.used_s >= self.idle_lock_s or now - session.opened_s >= WHOLE_DAY_S:
            session.ended = True
        return not session.ended

    def end(self, cookie: str) -> None:
        if session := self._by_hash.pop(hash_secret(cookie), None):
            session.ended = True
            self._drop([hash_secret(cookie)])

    def end_all_of(self, account: int) -> None:
        """Called when a password changes or an account is switched off."""
        for session in self._by_hash.values():
            session.ended = session.ended or session.account == account
        self._forget_ended()

    def _forget_ended(self) -> None:
        ended = [key for key, each in self._by_hash.items() if not self.alive(each)]
        for key in ended:
            del self._by_hash[key]
        self._drop(ended)

    def _row(self, id_hash: str, session: Session) -> RowWrite:
        now, now_us = self._clock(), self._wall_clock_us()
        values: dict[str, Value] = {
            "id_hash": id_hash,
            "account": session.account,
            "opened_at_us": now_us - int((now - session.opened_s) * SECOND_US),
            "idle_until_us": now_us + int((session.used_s + self.idle_lock_s - now) * SECOND_US),
            "ended_at_us": None,
        }
        return RowWrite("session", values)

    def _drop(self, hashes: Sequence[str]) -> None:
        if hashes:
            self._keep([ended(each) for each in hashes])


def ended(id_hash: str) -> RowWrite:
    """The row that takes a session out of the table."""
    return RowWrite("session", {"id_hash": id_hash}, "drop")


def hash_secret(secret: str) -> str:
    """What is kept of a bearer key or cookie: SHA-256, hex. They are 32 random bytes, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
