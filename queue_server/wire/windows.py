"""Acts at a window and what a window looks like."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from queue_server.wire.forms import Ground, Id, Key, Reply, Struct, WindowNumber
from queue_server.wire.tickets import TicketView


class WindowAct(Struct, frozen=True, kw_only=True):
    """Body of every act at a window. ``ticket``: the id of the ticket believed to be there (acts on it carry it)."""

    key: Key
    ticket: Id | None = None
    ground: Ground | None = None
    outcome: Literal["done", "left", "could_not"] = "done"
    remind_min: Annotated[int, Meta(ge=1, le=240)] | None = None
    to: Annotated[str, Meta(max_length=40, pattern=r"^(window:[0-9]{1,2}|skill:[a-z0-9_-]+|collection)$")] | None = None
    return_to: WindowNumber | None = None


class ShiftRequest(Struct, frozen=True, kw_only=True):
    key: Key
    password: Annotated[str, Meta(max_length=200)] | None = None
    """Only for ``take-over``: the taking clerk's own password."""


class ReasonView(Reply, frozen=True, kw_only=True):
    """Why this ticket: code and data; ``say`` is one sentence for people."""

    promise: str | None
    credit_min: float
    runner_up: str | None
    runner_credit_min: float | None
    ground: str | None
    say: str


class AnnouncementView(Reply, frozen=True, kw_only=True):
    """One spoken and shown call; the console shows 已显示 and 已播放 from it."""

    id: str
    number: str
    window: int
    at: datetime
    repeat: int
    """0 the call, 1 and more recalls."""
    shown: bool
    played: bool
    withdrawn: bool = False
    unconfirmed: bool = False
    confirm_by: datetime | None = None


class WindowView(Reply, frozen=True, kw_only=True):
    number: int
    state: Literal["closed", "open", "paused"]
    ground: str | None = None
    clerk: str | None = None
    """Display name of the account on shift; staff only, None on boards."""
    shift: str | None = None
    ticket: TicketView | None = None
    """Called or serving here now."""
    held: tuple[TicketView, ...] = ()
    reason: ReasonView | None = None
    announcements: tuple[AnnouncementView, ...] = ()
    """Calls of the present ticket, oldest first."""
    undo_until: datetime | None = None
    recall_from: datetime | None = None
    miss_from: datetime | None = None
    """When a clerk may recall or miss; None when not at all now."""
    skills: tuple[str, ...] = ()
    zone: str = "hall"
    done_today: int = 0
    by_hand_today: int = 0
    """Calls out of order: refused to nobody, counted for the manager."""
    mean_service_s: int | None = None


class WindowReply(Reply, frozen=True, kw_only=True):
    window: WindowView
    ticket: TicketView | None
    seq: int
    acted: str | None = None
    """The ticket that the act changed when it is no longer at the window (missed, finished, transferred, undone)."""
