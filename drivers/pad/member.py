"""One pad on the line, without I/O: which presses count, what its display should say."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, assert_never

from drivers.bus import PROVED, WRONG_DEVICE
from drivers.pad.events import Beep, Key, PadDisplay, PadDropped, PadKeyEvent, PadPressed
from drivers.pad.protocol import MARKS, Idle, Message, OtherDevice, PadProtocol, Pressed

if TYPE_CHECKING:
    from collections.abc import Sequence

REPEAT_S = 10.0
"""The same press counter within this is the same press; later it is a pad that counts from the beginning again."""
FRESH_S = 3.0
"""A press older than this is dropped: who pressed has given up, and a call now would surprise everybody."""
BEEPS_LIMIT = 4
POLL_S = 0.1


class PadMember(Generic[Message]):
    """A ``bus.Member``. Its display is a state: it is shown again until the pad says that it shows it."""

    def __init__(self, address: int, protocol: PadProtocol[Message]) -> None:
        self._address = address
        self._protocol = protocol
        # Something is always shown, so that mark 0 always means: it has just been powered.
        self._wanted = PadDisplay()
        self._mark = 1
        self._resend = True
        self._taken: int | None = None
        self._beeps: deque[tuple[Beep, float]] = deque(maxlen=BEEPS_LIMIT)
        """With the moment of each."""
        self._seen: tuple[int, float] | None = None
        self._quiet_at: float | None = None
        self._asked_who = False
        self._proved = False
        """It has answered since the line was opened: until then it is only asked who it is."""

    @property
    def address(self) -> int:
        return self._address

    @property
    def poll_s(self) -> float:
        return POLL_S

    @property
    def urgent(self) -> bool:
        return self._taken is not None or bool(self._beeps)

    def show(self, display: PadDisplay) -> None:
        """From now on; nothing is sent when it is shown already."""
        if display != self._wanted:
            self._wanted = display
            self._mark = self._mark % MARKS + 1
            self._resend = True

    def beep(self, beep: Beep, now: float) -> None:
        """Once, and never late: what a lost pad did not hear while the press was fresh is dropped."""
        self._beeps.append((beep, now))

    def ask(self, now: float, *, lost: bool) -> bytes:
        if not self._proved:
            return self._protocol.who(self._address)
        if lost:
            self._asked_who = not self._asked_who
            return (self._protocol.who if self._asked_who else self._protocol.poll)(self._address)
        while self._beeps and now - self._beeps[0][1] > FRESH_S:
            self._beeps.popleft()
        if self._beeps:  # before the press is taken: the pad repeats a press, and a beep must not come late
            return self._protocol.beep(self._address, self._beeps.popleft()[0])
        if self._taken is not None:
            press, self._taken = self._taken, None
            return self._protocol.acknowledge(self._address, press)
        if self._resend:
            self._resend = False  # until the answer says otherwise
            return self._protocol.show(self._address, self._mark, self._wanted)
        return self._protocol.poll(self._address)

    def hear(self, said: Message, now: float) -> tuple[Sequence[PadKeyEvent], str]:
        meaning = self._protocol.parse(said)
        match meaning:
            case Pressed():
                self._taken = meaning.press
                return self._pressed(meaning, now), self._first_word()
            case Idle(mark):
                self._idle(mark, now)
                return [], self._first_word()
            case OtherDevice():
                return [], WRONG_DEVICE
            case _:
                assert_never(meaning)

    def _first_word(self) -> str:
        first, self._proved = not self._proved, True
        return PROVED if first else ""

    def begin(self) -> None:
        self._proved = False
        self.lose()

    def lose(self) -> None:
        self._taken = None
        self._resend = True

    def _idle(self, mark: int | None, now: float) -> None:
        self._quiet_at = now
        if mark == 0:
            self._seen = None  # it has just been powered and counts anew
        if mark is not None and mark != self._mark:
            self._resend = True

    def _pressed(self, pressed: Pressed, now: float) -> list[PadKeyEvent]:
        seen, self._seen = self._seen, (pressed.press, now)
        if seen is not None and seen[0] == pressed.press and now - seen[1] < REPEAT_S:
            self._seen = seen
            return []
        age_s = self._age_s(pressed, now)
        known = pressed.word in Key.__members__
        if known and age_s <= FRESH_S:
            return [PadPressed(self._address, Key(pressed.word), pressed.press, age_s)]
        self.beep(Beep.REFUSED, now)
        return [PadDropped(self._address, pressed.word, pressed.press, "too_old" if known else "unknown_key")]

    def _age_s(self, pressed: Pressed, now: float) -> float:
        """What the pad says; else since it last had nothing to say, which is the most it can be."""
        if pressed.age_s is not None:
            return pressed.age_s
        return float("inf") if self._quiet_at is None else now - self._quiet_at
