"""Pairing a browser device: it shows a code, a manager approves it, the device exchanges it for its cookie.

Held in memory for ten minutes: a restart only means a new code. The code alone is not enough to get the cookie: the
device proves with a cookie of its own that it is the one that shows the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from queue_server.api.problems import ProblemError
from queue_server.api.sessions import hash_secret
from queue_server.push.moments import moment
from queue_server.wire import PairingView, PairReply

if TYPE_CHECKING:
    from queue_server.service.ports import Chance, WallClock
    from queue_server.wire import PairStart

PAIRINGS_MAX = 20
LIVES_US = 10 * 60 * 1_000_000


@dataclass(slots=True)
class Waiting:
    """One device that waits for the manager's word."""

    code: str
    proof_hash: str
    key: str
    kind: str
    name: str
    zone: str
    expires_at_us: int
    state: str = "waiting"
    device: str | None = None
    cookie: str | None = None
    """The device's cookie between approval and exchange, handed out once."""

    def reply(self) -> PairReply:
        state = cast("Any", self.state)
        return PairReply(code=self.code, state=state, expires_at=moment(self.expires_at_us), device=self.device)

    def view(self) -> PairingView:
        return PairingView(
            code=self.code,
            kind=self.kind,
            name=self.name,
            zone=self.zone,
            state=self.state,
            expires_at=moment(self.expires_at_us),
        )


class Pairings:
    """Event loop only."""

    def __init__(self, wall_clock_us: WallClock, chance: Chance) -> None:
        self._wall_clock_us = wall_clock_us
        self._chance = chance
        self._waiting: dict[str, Waiting] = {}
        self._given = 0

    def start(self, asked: PairStart, proof: str | None) -> tuple[Waiting, str]:
        """A new code and the proof that belongs to it; the same key with its proof gets its code again.

        Raises ProblemError ``pairing_full``.
        """
        self._forget_old()
        for each in self._waiting.values():
            if each.key == asked.key and proof is not None and hash_secret(proof) == each.proof_hash:
                return each, proof
        if len(self._waiting) >= PAIRINGS_MAX:
            raise ProblemError("pairing_full", retry_after_s=60)
        proof = self._chance.secret()
        waiting = Waiting(
            code=self._chance.pairing_code(),
            proof_hash=hash_secret(proof),
            key=asked.key,
            kind=asked.kind,
            name=asked.name,
            zone=asked.zone,
            expires_at_us=self._wall_clock_us() + LIVES_US,
        )
        self._waiting[waiting.code] = waiting
        return waiting, proof

    def find(self, code: str) -> Waiting:
        """Raises ProblemError ``pairing_unknown``."""
        self._forget_old()
        found = self._waiting.get(code)
        if found is None:
            raise ProblemError("pairing_unknown")
        return found

    def find_own(self, code: str, proof: str | None) -> Waiting:
        """The pairing of ``code`` for the device that started it. Raises ProblemError ``pairing_unknown``."""
        found = self.find(code)
        if proof is None or hash_secret(proof) != found.proof_hash:
            raise ProblemError("pairing_unknown")
        return found

    def next_number(self, highest: int) -> int:
        """Id for a new device, above ``highest`` and above those of approvals that are still on their way to disk."""
        self._given = max(self._given, highest) + 1
        return self._given

    def done(self, code: str) -> None:
        self._waiting.pop(code, None)

    def all(self) -> tuple[Waiting, ...]:
        self._forget_old()
        return tuple(self._waiting.values())

    def _forget_old(self) -> None:
        now_us = self._wall_clock_us()
        self._waiting = {code: each for code, each in self._waiting.items() if each.expires_at_us > now_us}
