from __future__ import annotations

import re
from typing import Any

import pytest
from litestar import Request, Router, asgi, get
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import Receive, Scope, Send

from queue_server.api.app import ROUTERS, create_app
from queue_server.api.health import ROUTER as HEALTH
from queue_server.api.rights import ANYBODY, DEVICES, RIGHTS, ROLES, TOPICS, may, may_listen
from queue_server.wire import API_PREFIX
from tests.support.server import HallServer

CALLERS = {
    "manager": "chief",
    "clerk": "clerk1",
    "technician": "techie",
    "auditor": "auditor",
    "department": "desk",
    "kiosk": "kiosk:1",
    "display": "display:2",
    "pad": "pad:4",
}


def routes() -> list[tuple[str, str, str]]:
    """Method, path and operation of every route of the API."""
    found = []
    for router in (*ROUTERS, HEALTH):
        for route in router.routes:
            assert isinstance(route, HTTPRoute)
            for handler in route.route_handlers:
                assert isinstance(handler, HTTPRouteHandler)
                found += [
                    (method, route.path, handler.handler_name) for method in handler.http_methods if method != "OPTIONS"
                ]
    return sorted(found)


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert {operation for _, _, operation in routes()} == set(RIGHTS)


def test_rows_name_only_roles_and_devices_that_exist() -> None:
    assert frozenset().union(*RIGHTS.values(), *TOPICS.values()) <= ROLES | DEVICES | {ANYBODY}
    assert not may(frozenset({"manager"}), "no_such_operation")
    assert not may_listen(frozenset({"manager"}), "no_such_topic")


@pytest.mark.parametrize("who", [*CALLERS, "anybody"])
def test_each_caller_is_let_through_exactly_where_the_table_says(hall: HallServer, who: str) -> None:
    actor = CALLERS.get(who, "")
    caller = hall.nobody() if not actor else hall.device(actor) if ":" in actor else hall.person(actor)
    for method, path, operation in routes():
        if operation == "sign_out" or path.startswith("/local/"):
            continue
        answer = call(hall, caller.http, method, path)
        refused = answer.status_code in (401, 403) and answer.json()["code"] in ("sign_in_needed", "forbidden")
        answer.close()
        allowed = may(frozenset({who, ANYBODY}), operation)
        assert refused is not allowed or operation in OWN_REFUSALS, (operation, answer.status_code)


OWN_REFUSALS = frozenset({"whoami", "open_shift", "close_shift", "call_next", "recall_ticket", "start_service"})
"""Let through by the table, then refused for a reason of their own (a pad at another window, no account)."""


def call(hall: HallServer, http: Any, method: str, path: str) -> Any:
    """The route with made-up ids and an empty body: whoever is let through gets another error or an answer."""
    address = re.sub(r"\{[a-z_]+:int\}", "3", re.sub(r"\{[a-z_]+:str\}", "unknown", path))
    prefix = "" if path in ("/healthz", "/readyz", "/metrics") else "/api/v1"
    query = {"topics": "board"} if path == "/stream" else {"key": "abcdefgh"} if method == "DELETE" else {}
    body: dict[str, Any] = {"json": {}} if method == "POST" else {}
    address = hall.url + prefix + address
    return http.request(method, address, params=query, timeout=10, stream=path == "/stream", **body)


@pytest.mark.parametrize(("who", "topic", "status"), [
    ("kiosk:1", "hall", 200), ("kiosk:1", "board", 200), ("kiosk:1", "queue", 403),
    ("display:2", "board,hall", 200), ("display:2", "board,queue", 403), ("clerk1", "queue,board,hall", 200),
    ("display:2", "weather", 400), ("display:2", "", 400),
])  # fmt: skip
def test_topics_have_rights_of_their_own(hall: HallServer, who: str, topic: str, status: int) -> None:
    caller = hall.device(who) if ":" in who else hall.person(who)
    answer = caller.get("/stream", params={"topics": topic}, stream=True)
    answer.close()
    assert answer.status_code == status


def test_no_route_can_be_served_that_does_not_stand_behind_the_guard(hall: HallServer) -> None:
    async def let_in(request: Request[Any, Any, Any]) -> None:
        del request

    @get("/own", before_request=let_in)
    async def own_way() -> str:
        return ""

    @get("/healthz", before_request=let_in)
    async def healthz() -> str:
        return ""

    @asgi("/mounted", copy_scope=True)
    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive, send

    for router in (Router(API_PREFIX, route_handlers=[own_way]), Router("/other", route_handlers=[healthz])):
        with pytest.raises(LookupError):
            create_app(hall.parts, pages=[router])
    with pytest.raises(LookupError):
        create_app(hall.parts, pages=[Router(API_PREFIX, route_handlers=[mounted])])
