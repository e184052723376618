"""Who calls: read from a device's bearer key or a cookie, never from the address."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from queue_server.api.rights import ANYBODY
from queue_server.api.sessions import Session, Sessions, hash_secret

if TYPE_CHECKING:
    from queue_server.service.records import Account, Device, RecordsView

SESSION_COOKIE = "hall_session"
DEVICE_COOKIE = "hall_device"
PAIRING_COOKIE = "hall_pairing"


@dataclass(frozen=True, slots=True)
class Caller:
    """One who asks. ``actor`` is what the journal says; ``who`` the roles or the kind of device."""

    actor: str
    who: frozenset[str]
    account: Account | None = None
    session: Session | None = None
    device: Device | None = None
    by_cookie: bool = False

    @property
    def is_supervisor(self) -> bool:
        return "manager" in self.who

    @property
    def is_staff(self) -> bool:
        return self.account is not None


NOBODY = Caller(actor="anybody", who=frozenset({ANYBODY}))


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the request carries: at most one bearer key and our cookies."""

    bearer: str | None
    session: str | None
    device: str | None

    @property
    def any(self) -> bool:
        return bool(self.bearer or self.session or self.device)


def read_credentials(authorization: str | None, cookie: str | None) -> Credentials:
    scheme, _, key = (authorization or "").partition(" ")
    cookies = _cookies(cookie)
    return Credentials(
        bearer=key.strip() or None if scheme.lower() == "bearer" else None,
        session=cookies.get(SESSION_COOKIE),
        device=cookies.get(DEVICE_COOKIE),
    )


def identify(credentials: Credentials, records: RecordsView, sessions: Sessions, *, active: bool) -> Caller:
    """The caller behind ``credentials``; ``NOBODY`` when they are none, unknown, revoked or ended.

    A person signed in on a paired device's browser is the person. ``active``: the request counts against idling.
    """
    if credentials.bearer:
        device = records.device_by_key_hash.get(hash_secret(credentials.bearer))
        return of_device(device, by_cookie=False) if device else NOBODY
    if credentials.session:
        session = sessions.find(credentials.session, active=active)
        account = records.accounts.get(session.account) if session else None
        if session and account and account.active:
            return of_account(account, session)
    if credentials.device:
        device = records.device_by_cookie_hash.get(hash_secret(credentials.device))
        if device:
            return of_device(device, by_cookie=True)
    return NOBODY


def of_account(account: Account, session: Session) -> Caller:
    return Caller(f"clerk:{account.id}", account.roles, account=account, session=session, by_cookie=True)


def of_device(device: Device, *, by_cookie: bool) -> Caller:
    return Caller(device.actor, frozenset({device.kind}), device=device, by_cookie=by_cookie)


def read_cookie(header: str | None, name: str) -> str | None:
    return _cookies(header).get(name)


def _cookies(header: str | None) -> dict[str, str]:
    if not header:
        return {}
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header[:4096])
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def set_cookie(name: str, value: str, *, secure: bool, max_age_s: int | None = None) -> str:
    """The ``Set-Cookie`` value: HttpOnly, SameSite=Strict, Secure under TLS; ``max_age_s`` 0 deletes it."""
    parts = [f"{name}={value}", "Path=/", "HttpOnly", "SameSite=Strict"]
    if secure:
        parts.append("Secure")
    if max_age_s is not None:
        parts.append(f"Max-Age={max_age_s}")
    return "; ".join(parts)
