"""Signing in and out, and one's own password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.params import JSONBody

from queue_server import wire
from queue_server.api.asking import HallRequest, ask, parts_of
from queue_server.api.callers import SESSION_COOKIE, read_cookie, set_cookie
from queue_server.api.problems import ProblemError
from queue_server.service.records import change_record
from queue_server.store.rows import SecurityEntry

if TYPE_CHECKING:
    from queue_server.api.parts import Parts
    from queue_server.service.records import Account

OK, NO_CONTENT = 200, 204


@post("", status_code=OK, summary="Sign in")
async def sign_in(request: HallRequest, data: JSONBody[wire.SignIn]) -> Response[wire.SessionReply]:
    """Unknown and switched-off accounts are answered, counted and timed like a wrong password."""
    parts = parts_of(request)
    account = parts.gate.view.records.account_by_name.get(data.account)
    password_hash = account.password_hash if account and account.active else None
    right = await parts.passwords.check(data.account, password_hash, data.password)
    if not right or account is None:
        parts.log_security(SecurityEntry("anybody", "sign_in_failed", {"account": account.id if account else None}))
        raise ProblemError("sign_in_failed")
    parts.log_security(SecurityEntry(f"clerk:{account.id}", "sign_in", {}))
    cookie = set_cookie(SESSION_COOKIE, parts.sessions.open(account.id), secure=parts.settings.tls)
    return Response(_reply(parts, account), headers={"Set-Cookie": cookie, "Cache-Control": "no-store"})


@delete("", status_code=NO_CONTENT, summary="Sign out; the shift stays")
async def sign_out(request: HallRequest) -> Response[None]:
    parts = parts_of(request)
    parts.sessions.end(read_cookie(request.headers.get("cookie"), SESSION_COOKIE) or "")
    parts.log_security(SecurityEntry(request.user.actor, "sign_out", {}))
    gone = set_cookie(SESSION_COOKIE, "", secure=parts.settings.tls, max_age_s=0)
    return Response(None, status_code=NO_CONTENT, headers={"Set-Cookie": gone})


@get("", summary="Who is signed in here")
async def whoami(request: HallRequest) -> wire.SessionReply:
    parts, caller = parts_of(request), request.user
    if caller.account is not None:
        return _reply(parts, caller.account)
    device = caller.device
    if device is None:
        raise ProblemError("sign_in_needed")
    letter = parts.letters().get(device.actor)
    who = tuple(caller.who)
    return wire.SessionReply(account=device.actor, name=device.name, roles=who, idle_lock_s=0, letter=letter)


@post("/password", status_code=OK, summary="Change one's own password; ends all other sessions of the account")
async def change_password(request: HallRequest, data: JSONBody[wire.PasswordChange]) -> Response[wire.SessionReply]:
    parts, account = parts_of(request), request.user.account
    if account is None:
        raise ProblemError("sign_in_needed")
    if not await parts.passwords.check(account.name, account.password_hash, data.old):
        raise ProblemError("sign_in_failed")
    if data.new == data.old:
        raise ProblemError("password_weak")
    changed = await parts.passwords.hash(data.new)
    command, row = change_record(
        "account", str(account.id), account_values(account, changed), version=account.version + 1
    )
    await ask(request, command, key=data.key, rows=(row,))
    parts.sessions.end_all_of(account.id)
    cookie = set_cookie(SESSION_COOKIE, parts.sessions.open(account.id), secure=parts.settings.tls)
    return Response(_reply(parts, account), headers={"Set-Cookie": cookie})


def account_values(account: Account, password_hash: str) -> dict[str, str | int | bool | bytes | None]:
    """The account's row with another password."""
    return {
        "id": account.id,
        "name": account.name,
        "display_name": account.display_name,
        "password_hash": password_hash,
        "roles": msgspec.json.encode(sorted(account.roles)).decode(),
        "active": account.active,
    }


def _reply(parts: Parts, account: Account) -> wire.SessionReply:
    return wire.SessionReply(
        account=account.name,
        name=account.display_name,
        roles=tuple(sorted(account.roles)),
        idle_lock_s=int(parts.sessions.idle_lock_s),
    )


ROUTER = Router("/session", route_handlers=[sign_in, sign_out, whoami, change_password], tags=["people"])
