"""One strip on the line, without I/O: its text is a state that is kept true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NoReturn, assert_never

from drivers.bus import PROVED, WRONG_DEVICE
from drivers.strip.events import StripText
from drivers.strip.protocol import MARKS, Message, OtherDevice, Showing, StripProtocol

REFRESH_S = 10.0
"""A strip that does not say what it shows gets its text again; its own time-out is 60 s."""
POLL_S = 2.0


class StripMember(Generic[Message]):
    """A ``bus.Member``. The text is sent again until the strip says that it shows it."""

    def __init__(self, address: int, protocol: StripProtocol[Message], *, poll_s: float = POLL_S) -> None:
        self._address = address
        self._poll_s = poll_s
        self._protocol = protocol
        self._wanted = StripText()
        self._mark = 1
        self._resend = True
        self._sent_at = 0.0
        self._says = protocol.must_answer
        self._asked_who = False
        self._proved = False
        """It has answered since the line was opened: until then it is only asked who it is, if it must answer."""
        self._unheard = False
        self._ever_heard = False

    @property
    def address(self) -> int:
        return self._address

    @property
    def poll_s(self) -> float:
        return self._poll_s

    @property
    def urgent(self) -> bool:
        return self._resend

    def show(self, text: StripText) -> None:
        """From now on; nothing is sent when it is shown already."""
        if text != self._wanted:
            self._wanted = text
            self._mark = self._mark % MARKS + 1
            self._resend = True

    def ask(self, now: float, *, lost: bool) -> bytes:
        if self._says and not self._proved:
            return self._protocol.who(self._address)
        if lost and self._says:
            self._asked_who = not self._asked_who
            return (self._protocol.who if self._asked_who else self._protocol.poll)(self._address)
        if self._unheard and self._ever_heard:
            self._resend = True  # it does answer, but did not answer that
        if self._resend or (not self._says and now - self._sent_at >= REFRESH_S):
            self._resend = False  # until the answer says otherwise
            self._unheard = True
            self._sent_at = now
            return self._protocol.show(self._address, self._mark, self._wanted)
        return self._protocol.poll(self._address)

    def hear(self, said: Message, now: float) -> tuple[Sequence[NoReturn], str]:  # noqa: ARG002 - the port's signature
        meaning = self._protocol.parse(said)
        self._unheard, self._ever_heard = False, True
        match meaning:
            case Showing(mark):
                self._resend = self._resend or (mark is not None and mark != self._mark)
                first, self._proved = self._says and not self._proved, True
                return [], PROVED if first else ""
            case OtherDevice():
                return [], WRONG_DEVICE
            case _:
                assert_never(meaning)

    def begin(self) -> None:
        self._proved = False
        self._resend = True
        self._unheard = False

    def lose(self) -> None:
        """A strip that says nothing gets its text in its turn and no sooner, else a moving text would never end."""
        self._resend = self._resend or self._says
        self._ever_heard = False
