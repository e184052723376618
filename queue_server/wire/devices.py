"""People, devices, the day, help, problems."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from queue_server.wire.forms import Id, Key, Reply, Struct, WindowNumber
from queue_server.wire.windows import WindowView


class SignIn(Struct, frozen=True, kw_only=True):
    account: Annotated[str, Meta(min_length=1, max_length=40)]
    password: Annotated[str, Meta(max_length=200)]

    def __repr__(self) -> str:
        return f"SignIn(account={self.account!r})"


class SessionReply(Reply, frozen=True, kw_only=True):
    account: str
    name: str
    roles: tuple[str, ...]
    idle_lock_s: int
    letter: str | None = None
    """Of a kiosk: its own numbers begin with it while the server is away."""


class PairRequest(Struct, frozen=True, kw_only=True):
    """A browser device exchanges the code shown on it, once a manager approved it, for its cookie."""

    code: Annotated[str, Meta(pattern=r"^[A-Z0-9]{6,12}$")]


class PairStart(Struct, frozen=True, kw_only=True):
    key: Key
    kind: Literal["display", "pad", "kiosk"]
    name: Annotated[str, Meta(min_length=1, max_length=40)]
    zone: Annotated[str, Meta(max_length=20, pattern=r"^[a-z0-9_-]+$")] = "hall"


class PairReply(Reply, frozen=True, kw_only=True):
    code: str
    state: Literal["waiting", "approved", "refused"]
    expires_at: datetime
    device: str | None = None


class DeviceView(Reply, frozen=True, kw_only=True):
    """A paired device as the manager sees it."""

    device: str
    """``display:3``."""
    name: str
    zone: str
    online: bool
    heard_at: datetime | None
    revoked: bool
    window: int | None = None
    last_shown: str | None = None
    version: str = ""
    parts: tuple[DevicePart, ...] = ()


class PartState(Reply, frozen=True, kw_only=True):
    """How one part of a device is: a kiosk's printer, the pad at a window."""

    part: str
    """As in ``DevicePart``; at a line ``window:3``."""
    name: str
    """For people: 打印机, 3号窗口."""
    state: Literal["ok", "degraded", "down", "unknown"]
    code: str
    since: datetime | None
    say: str
    """What staff do; empty when there is nothing to do."""
    detail: str = ""
    """For the technician, as in ``DevicePart``."""


class DeviceState(Reply, frozen=True, kw_only=True):
    """How a device of the hall is, for staff. ``unknown`` is grey: it cannot be asked, or was not heard yet."""

    device: str
    """``kiosk:1`` of paired ones, ``pads:1`` and ``strips:1`` of lines."""
    kind: Literal["kiosk", "display", "pad", "pads", "strips"]
    name: str
    place: str
    """A line's port; else the zone."""
    state: Literal["ok", "degraded", "down", "unknown"]
    code: str
    since: datetime | None
    say: str
    parts: tuple[PartState, ...] = ()


class PairingView(Reply, frozen=True, kw_only=True):
    code: str
    kind: str
    name: str
    zone: str
    state: str
    expires_at: datetime


class DevicesReply(Reply, frozen=True, kw_only=True):
    devices: tuple[DeviceView, ...]
    pairings: tuple[PairingView, ...]


class PairAnswer(Struct, frozen=True, kw_only=True):
    """The manager's word on a pairing code; ``window`` for a pad or a window's display."""

    key: Key
    window: WindowNumber | None = None


class RevokeRequest(Struct, frozen=True, kw_only=True):
    key: Key


class PasswordChange(Struct, frozen=True, kw_only=True):
    key: Key
    old: Annotated[str, Meta(max_length=200)]
    new: Annotated[str, Meta(max_length=200)]

    def __repr__(self) -> str:
        return "PasswordChange()"


class HealthReply(Reply, frozen=True, kw_only=True):
    at: datetime
    online: bool


class Readiness(Reply, frozen=True, kw_only=True):
    """``/readyz``: 200 when ``ready``, else 503; the rest is why."""

    ready: bool
    state: str
    seq: int
    waiting: int
    oldest_s: float
    clock_doubt: bool


class DevicePart(Struct, frozen=True, kw_only=True):
    part: Annotated[str, Meta(max_length=20)]
    """``printer``, ``reader``, ``scanner``, ``screen``, ``sound``, ``brake``, ``outbox``."""
    state: Literal["ok", "degraded", "down", "unknown"]
    code: Annotated[str, Meta(max_length=40)] = ""
    since: datetime | UnsetType = UNSET
    count: int | None = None
    detail: Annotated[str, Meta(max_length=80)] = ""
    """For the technician: which module or model it is, at which port. Never a card's data."""


class HealthRequest(Struct, frozen=True, kw_only=True):
    parts: Annotated[tuple[DevicePart, ...], Meta(max_length=16)]
    version: Annotated[str, Meta(max_length=40)] = ""
    clock_offset_ms: int | None = None
    last_shown: Annotated[str, Meta(max_length=64)] | None = None


class DayRequest(Struct, frozen=True, kw_only=True):
    key: Key
    business_day: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    confirmed: bool = False
    force: bool = False


class DayReply(Reply, frozen=True, kw_only=True):
    business_day: str | None
    open: bool
    issuing: bool
    anchor: str | None
    seq: int


class SuspensionRequest(Struct, frozen=True, kw_only=True):
    key: Key
    code: Id
    text: Annotated[str, Meta(max_length=200)] = ""
    until: datetime | None = None


class HelpRequestBody(Struct, frozen=True, kw_only=True):
    key: Key
    place: Id
    urgent: bool = False


class HelpAct(Struct, frozen=True, kw_only=True):
    key: Key


class HelpReply(Reply, frozen=True, kw_only=True):
    id: str
    state: Literal["asked", "taken", "done"]
    taken_by: str | None
    since: datetime
    seq: int


class Problem(Reply, frozen=True, kw_only=True):
    """Problem JSON (RFC 9457): ``code`` is stable, ``say`` is one sentence for people that names the next step."""

    type: str
    title: str
    status: int
    code: str
    say: str
    detail: str = ""
    field: str | None = None
    window: WindowView | None = None
    """With 409: the present state."""
    retry_after_s: int | None = None
    facts: dict[str, str | int | None] = msgspec.field(default_factory=dict)
