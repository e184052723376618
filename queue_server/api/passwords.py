"""Passwords: argon2 in a few threads, failures counted by account, rules of norms.md N8.3."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from queue_server.api.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable

    from queue_server.service.ports import SteadyClock

T = TypeVar("T")

FAILURES_MAX = 5
LOCK_S = 15 * 60.0
ACCOUNTS_WATCHED_MAX = 1000
HASHING_AT_ONCE = 2
"""One hash takes about 0.1 s and 64 MB."""
WAITING_MAX = 16
PASSWORD_MIN = 8
KINDS_MIN = 3


@dataclass(slots=True)
class _Tries:
    failures: int = 0
    last_s: float = 0.0
    locked_until_s: float = 0.0


@dataclass(slots=True)
class Passwords:
    """Checks and makes password hashes without holding up the event loop."""

    clock: SteadyClock
    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    _tries: dict[str, _Tries] = field(default_factory=dict)
    _waiting: int = 0
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=HASHING_AT_ONCE, thread_name_prefix="argon2")
    )
    _nobody: str = ""

    def stop(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def check(self, account_name: str, password_hash: str | None, password: str) -> bool:
        """Whether ``password`` is right; an unknown account (None) costs the same time and counts the same.

        Raises ProblemError ``too_many_tries`` after 5 failures for 15 minutes, right password or not.
        """
        self._refuse_when_locked(account_name)
        self._count_failure(account_name)  # before the answer is known: sixteen tries at once are still sixteen
        right = await self._in_thread(partial(self._verify, password_hash, password))
        if right:
            self._tries.pop(account_name, None)
        return right

    async def hash(self, password: str) -> str:
        """The hash to keep; raises ProblemError ``password_weak``."""
        if not strong_enough(password):
            raise ProblemError("password_weak")
        return await self._in_thread(partial(self.hasher.hash, password))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING_MAX:
            raise ProblemError("busy", retry_after_s=2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def _verify(self, password_hash: str | None, password: str) -> bool:
        if password_hash is None:
            self._nobody = self._nobody or self.hasher.hash("nobody")
            password_hash = self._nobody
            password = ""
        try:
            return self.hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def _refuse_when_locked(self, account_name: str) -> None:
        tries = self._tries.get(account_name)
        left_s = tries.locked_until_s - self.clock() if tries else 0.0
        if left_s > 0:
            raise ProblemError("too_many_tries", retry_after_s=int(left_s) + 1)

    def _count_failure(self, account_name: str) -> None:
        now = self.clock()
        tries = self._tries.setdefault(account_name, _Tries())
        if now - tries.last_s > LOCK_S:
            tries.failures = 0
        tries.failures += 1
        tries.last_s = now
        if tries.failures >= FAILURES_MAX:
            tries.failures = 0
            tries.locked_until_s = now + LOCK_S
        if len(self._tries) > ACCOUNTS_WATCHED_MAX:
            del self._tries[min(self._tries, key=lambda each: self._tries[each].last_s)]


def strong_enough(password: str) -> bool:
    """8 signs or more, of three kinds: small, capital, digit, other (N8.3)."""
    kinds = (
        any(sign.islower() for sign in password),
        any(sign.isupper() for sign in password),
        any(sign.isdigit() for sign in password),
        any(not sign.isalnum() or not sign.isascii() for sign in password),
    )
    return len(password) >= PASSWORD_MIN and sum(kinds) >= KINDS_MIN
