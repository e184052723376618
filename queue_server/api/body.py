"""Bodies on the wire: bytes straight into wire structs, wrong ones as 400 that names the first wrong field."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.dto import AbstractDTO, DTOConfig

from queue_server.api.callers import Caller
from queue_server.api.problems import ProblemError, of_validation
from queue_server.wire import Struct

if TYPE_CHECKING:
    from collections.abc import Generator

    from litestar._openapi.schema_generation import SchemaCreator
    from litestar.dto import DTOFieldDefinition
    from litestar.openapi.spec import Reference, Schema
    from litestar.types import HTTPResponseStartEvent, Receive, Scope, Send
    from litestar.typing import FieldDefinition

T = TypeVar("T")
BODY_MAX_BYTES = 64 * 1024
JSON_HEADER = (b"content-type", b"application/json")


class WireRequest(Request[Caller, None, State]):
    """Reads its body in one piece, as it nearly always comes, without Litestar's stream and its table of headers."""

    __slots__ = ("_whole",)
    _whole: bytes
    most_bytes: ClassVar[int] = BODY_MAX_BYTES

    async def body(self) -> bytes:
        """Raises ProblemError ``body_too_large`` beyond ``most_bytes``, ``bad_request`` when it breaks off."""
        try:
            return self._whole
        except AttributeError:
            self._whole = await self._read()
            return self._whole

    async def _read(self) -> bytes:
        body, more = b"", True
        while more:
            message = await self.receive()
            if message["type"] != "http.request":
                raise ProblemError("bad_request", field_path="body")
            body = body + message["body"] if body else message["body"]
            if len(body) > self.most_bytes:
                raise ProblemError("body_too_large")
            more = message.get("more_body", False)
        return body


class WireReply(Response[T]):
    """A struct of the wire as an answer: encoded once, sent as it is. Litestar's own way costs twice as much."""

    def __init__(self, content: T, *, status_code: int) -> None:
        self.content = content
        self.status_code = status_code

    def to_asgi_response(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - an ASGI application
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        body = msgspec.json.encode(self.content)
        start: HTTPResponseStartEvent = {
            "type": "http.response.start",
            "status": self.status_code or 200,
            "headers": [JSON_HEADER, (b"content-length", b"%d" % len(body))],
        }
        await send(start)
        await send({"type": "http.response.body", "body": body, "more_body": False})


class WireBody(AbstractDTO[Struct]):
    """Decodes the ``data`` of every handler with msgspec, once and strictly, and leaves answers alone."""

    config = DTOConfig()
    model_type = Struct

    def decode_bytes(self, value: bytes) -> Any:  # noqa: ANN401
        handler = cast("Any", self.asgi_connection).route_handler
        return decode(value, handler.parsed_data_field.annotation)

    @classmethod
    def create_for_field_definition(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,
        backend_cls: Any = None,  # noqa: ANN401 - Litestar's own signature
    ) -> None:
        """Nothing to prepare: the struct itself is decoded, there is no transfer model."""

    @classmethod
    def is_supported_model_type_field(cls, field_definition: FieldDefinition) -> bool:
        return field_definition.is_subclass_of(Struct)

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: SchemaCreator
    ) -> Reference | Schema:
        del handler_id
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Generator[DTOFieldDefinition, None, None]:
        del model_type
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        del field_definition
        return False


def decode(value: bytes, type_: type[Any]) -> Any:  # noqa: ANN401
    """``value`` as a ``type_``; raises ProblemError ``bad_request`` with the first wrong field."""
    try:
        return _decoder(cast("Any", type_)).decode(value)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise of_validation(error) from None
    except UnicodeDecodeError:
        raise ProblemError("bad_request", field_path="body") from None


@cache
def _decoder(type_: type[Any]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(type_)
