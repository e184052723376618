"""OpenAPI at ``/api/docs``: Litestar's description, with the wire's own schemas, problems and credentials in it.

The page is plain HTML of our own: a hall has no internet, and the usual viewers load theirs from there.
"""

from __future__ import annotations

import base64
import hashlib
import html
import inspect
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Router
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin

from queue_server import wire
from queue_server.api.callers import DEVICE_COOKIE, SESSION_COOKIE
from queue_server.api.problems import MEDIA_TYPE, STATUS
from queue_server.api.rights import ANYBODY, RIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from litestar import Request
    from litestar.handlers import HTTPRouteHandler

    from queue_server.api.parts import Parts

REF = "#/components/schemas/{name}"
PROBLEM = {
    "description": "Problem JSON (RFC 9457)",
    "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(name="Problem")}}},
}
METHODS = frozenset({"get", "post", "delete"})


def openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Hall queue server",
        version="1",
        description="The wire of a service hall's queue. Every POST that changes the hall carries "
        "`key`; a repeat gives the first outcome. Signing in, a pairing's exchange and health carry none.",
        openapi_router=Router("/api/docs", route_handlers=[], include_in_schema=False, response_headers=_headers()),
        render_plugins=[_Page(path="/"), _Json(path="/openapi.json")],
        operation_id_creator=_operation_id,
        use_handler_docstrings=True,
    )


def _headers() -> dict[str, str]:
    """Nothing is fetched and nothing runs: the page is allowed its own style and no more."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def _operation_id(handler: HTTPRouteHandler, method: object, path: object) -> str:
    del method, path
    return handler.handler_name


def complete(schema: dict[str, Any]) -> dict[str, Any]:
    """Litestar's description with msgspec's schemas (patterns, limits, unknown fields) and every problem response."""
    described: dict[str, Any] = msgspec.to_builtins(schema)
    components = described.setdefault("components", {})
    components["schemas"] = components.get("schemas", {}) | _wire_schemas()
    components["securitySchemes"] = {
        "device": {"type": "http", "scheme": "bearer"},
        "deviceCookie": {"type": "apiKey", "in": "cookie", "name": DEVICE_COOKIE},
        "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
    }
    for path in described.get("paths", {}).values():
        for method, operation in path.items():
            if method in METHODS:
                _complete_operation(operation)
    return described


def _complete_operation(operation: dict[str, Any]) -> None:
    operation["responses"] = {
        status: answer for status, answer in operation["responses"].items() if not status.startswith(("4", "5"))
    } | {"4XX": PROBLEM, "5XX": PROBLEM}
    allowed = RIGHTS.get(operation["operationId"], frozenset())
    operation["x-rights"] = sorted(allowed)
    if ANYBODY not in allowed:
        operation["security"] = [{"device": []}, {"deviceCookie": []}, {"session": []}]
    if operation["operationId"] in ALSO_OK:
        operation["responses"].setdefault("200", operation["responses"].get("201"))
    if operation["operationId"] in TAGGED:
        operation["responses"]["304"] = {"description": "Not modified: the ETag is the one that was asked with"}
    if operation["operationId"] == "readyz":
        operation["responses"]["503"] = operation["responses"]["200"]


ALSO_OK = frozenset({"issue_ticket", "join_ticket", "make_booking", "request_help"})
"""Answer 201 for what is new and 200 for the repeat of a key."""
TAGGED = frozenset({"get_hall", "get_catalogue", "announcement_audio"})


def _wire_schemas() -> dict[str, Any]:
    structs = [
        each
        for _, each in inspect.getmembers(wire, inspect.isclass)
        if issubclass(each, msgspec.Struct) and each not in (wire.Struct, wire.Reply)
    ]
    _, components = msgspec.json.schema_components(structs, ref_template=REF)
    components["Problem"]["properties"]["code"]["enum"] = sorted(STATUS)
    return dict(components)


class _Json(JsonRenderPlugin):
    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        del request
        return msgspec.json.encode(complete(openapi_schema))


class _Page(OpenAPIRenderPlugin):
    """A list of all calls, and one of all refusals, that a person can read."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        calls = [
            (method.upper(), path, operation.get("summary", ""), ", ".join(operation["x-rights"]))
            for path, methods in sorted(complete(openapi_schema)["paths"].items())
            for method, operation in methods.items()
            if method in METHODS
        ]
        parts: Parts = request.app.state["parts"]
        zh, en = parts.lexicon.zh.problem, parts.lexicon.en.problem
        codes = sorted((status, code) for code, status in STATUS.items())
        problems = [(str(status), code, zh[code], en[code]) for status, code in codes]
        return PAGE.format(style=STYLE, calls=_rows(calls), problems=_rows(problems)).encode()


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    return "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)


STYLE = "body{font:16px system-ui;margin:2em;max-width:70em}td{padding:.3em .8em;border-top:1px solid #ccc}"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Hall queue server: API</title>
<style>{style}</style>
<h1>Hall queue server: API</h1><p>Machine-readable: <a href="/api/docs/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<h2>Calls</h2><table><tr><th>Method<th>Path<th>Does<th>Who</tr>{calls}</table>
<h2>Problems</h2><p>Every error is problem JSON: a <code>code</code> that never changes, and in <code>say</code> one
sentence for people, in the language of <code>Accept-Language</code>.</p>
<table lang="zh-CN"><tr><th>Status<th>Code<th>中文<th>English</tr>{problems}</table></html>"""
