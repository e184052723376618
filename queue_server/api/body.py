"""Bodies on the wire: bytes straight into wire structs, wrong ones as 400 that names the first wrong field."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

import msgspec
from litestar.dto import AbstractDTO, DTOConfig

from queue_server.api.problems import ProblemError, of_validation
from queue_server.wire import Struct

if TYPE_CHECKING:
    from collections.abc import Generator

    from litestar._openapi.schema_generation import SchemaCreator
    from litestar.dto import DTOFieldDefinition
    from litestar.openapi.spec import Reference, Schema
    from litestar.typing import FieldDefinition

BODY_MAX_BYTES = 64 * 1024


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
