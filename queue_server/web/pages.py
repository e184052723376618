"""The web pages: where to go, sign-on, clerk console, hall display, a number on a phone.

Shells without data: what they show comes by push, on the phone by asking.

Nothing is fetched from outside, no script and no style stands in a page: the policy sent with each page forbids both.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Protocol

import jinja2
import msgspec
from litestar import MediaType, Response, Router, get
from litestar.params import PathParameter, QueryParameter

from queue_server.web.static import MEDIA_TYPES, StaticFiles, load_static
from queue_server.web.words import Words, load_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar.handlers import HTTPRouteHandler

    from queue_server.settings import Settings

LANGUAGES = ("zh", "en")
PAGES: Mapping[str, str] = {
    "/": "home",
    "/sign-in": "sign_in",
    "/console": "console",
    "/board": "board",
    "/t/{code:str}": "phone",
}
"""Address → template."""
Asked = Annotated[str | None, QueryParameter()]
Part = Annotated[str, PathParameter()]
DAY_S = 86_400
YEAR_S = 365 * DAY_S


@dataclass(frozen=True, slots=True)
class PageSettings:
    """What the pages must know before any data arrives."""

    language: str = "zh"
    hall: str = ""
    zone: str = "Asia/Shanghai"
    """Time zone of the hall: clocks on pages show it wherever the browser believes to be."""
    frame_ancestors: tuple[str, ...] = ()
    """Origins whose pages may show ours in a frame (the demo's); empty: nobody."""
    calls_before_miss: int = 3
    rejoin_after: int = 3
    undo_s: int = 10
    pause_bind_min: int = 10
    late_after_min: int = 30
    """Waits from here on are marked in the queue."""


class PageParts(Protocol):
    """What the pages need of the server's parts."""

    @property
    def settings(self) -> Settings: ...


def pages(parts: PageParts) -> Router:
    """Router of all pages of this server. Raises WordsError when a language's words are missing or doubled."""
    settings = parts.settings
    return page_router(
        PageSettings(
            hall=settings.hall.name,
            zone=settings.hall.time_zone,
            frame_ancestors=settings.frame_ancestors,
            calls_before_miss=settings.rules.recalls_before_miss + 1,
            rejoin_after=settings.rules.rejoin_after,
            undo_s=settings.rules.undo_s,
            pause_bind_min=settings.rules.pause_bind_min,
        )
    )


def page_router(settings: PageSettings) -> Router:
    """Router of all pages and their files; everything is read and rendered here, once. Raises WordsError."""
    root = resources.files("assets")
    static, environment = load_static(root), _environment()
    shells = {
        (name, language): _render(environment.get_template(f"{name}.html"), language, words, settings, static)
        for language, words in ((language, load_words(root, language)) for language in LANGUAGES)
        for name in PAGES.values()
    }
    headers = _page_headers(settings)
    handlers = [_page(path, name, shells, settings.language, headers) for path, name in PAGES.items()]
    return Router(path="/", route_handlers=[*handlers, _font(static), _static(static)], include_in_schema=False)


def content_policy(frame_ancestors: tuple[str, ...]) -> str:
    """Content security policy of every page: own files only, nothing inline."""
    ancestors = " ".join(frame_ancestors) or "'none'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        f"connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )


def _page_headers(settings: PageSettings) -> dict[str, str]:
    return {
        "Content-Security-Policy": content_policy(settings.frame_ancestors),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }


def _environment() -> jinja2.Environment:
    folder = resources.files("queue_server.web").joinpath("templates")
    loader = jinja2.FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8"))
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)


def _render(
    template: jinja2.Template, language: str, words: Words, settings: PageSettings, static: StaticFiles
) -> bytes:
    page = {
        "language": language,
        "hall": settings.hall,
        "zone": settings.zone,
        "version": static.version,
        "calls_before_miss": settings.calls_before_miss,
        "rejoin_after": settings.rejoin_after,
        "undo_s": settings.undo_s,
        "pause_bind_min": settings.pause_bind_min,
        "late_after_min": settings.late_after_min,
        "words": words,
    }
    # "<" never stands in the data block, so no word can close it.
    data = msgspec.json.encode(page).decode().replace("<", "\\u003c")
    html = template.render(
        lang="zh-CN" if language == "zh" else language,
        static=f"/static/{static.version}",
        sprite=static.sprite,
        data=data,
        words=words,
    )
    return html.encode()


def _page(
    path: str,
    template: str,
    shells: Mapping[tuple[str, str], bytes],
    default: str,
    headers: dict[str, str],
) -> HTTPRouteHandler:
    @get(path, media_type=MediaType.HTML, sync_to_thread=False, name=f"page_{template}")
    def page(lang: Asked = None) -> Response[bytes]:
        language = lang if lang in LANGUAGES else default
        return Response(shells[template, language], media_type="text/html", headers=headers)

    return page


def _static(static: StaticFiles) -> HTTPRouteHandler:
    @get("/static/{version:str}/{path:path}", sync_to_thread=False, name="static")
    def file(version: Part, path: Part) -> Response[bytes]:
        found = static.files.get(path.lstrip("/"))
        if found is None:
            return _missing()
        kept = f"public, max-age={YEAR_S}, immutable" if version == static.version else "no-cache"
        return _file(found.content, found.media_type, kept)

    return file


def _font(static: StaticFiles) -> HTTPRouteHandler:
    @get("/static/fonts/{name:str}", sync_to_thread=True, name="font")
    def font(name: Part) -> Response[bytes]:
        found = static.fonts.get(name)
        if found is None:
            return _missing()
        return _file(found.read_bytes(), MEDIA_TYPES[name[name.rfind(".") :]], f"public, max-age={30 * DAY_S}")

    return font


def _file(content: bytes, media_type: str, cache_control: str) -> Response[bytes]:
    headers = {"Cache-Control": cache_control, "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=media_type, headers=headers)


def _missing() -> Response[bytes]:
    return Response(b"", status_code=404, media_type=MediaType.TEXT)
