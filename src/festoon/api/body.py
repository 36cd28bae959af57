"""Reads a request's body exactly as its Struct says: no text for a number, no 1.0 for 1, no unknown field."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any, ClassVar

import msgspec
from litestar.dto import AbstractDTO
from typing_extensions import override

from festoon.base.words import Words
from festoon.records.refusal import Invalid, Refusal

AT = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$\.?(?P<path>.*)`)?$", re.DOTALL)
FAULTS: tuple[tuple[str, str, str, str], ...] = (
    (r"Object missing required field `(.*)`", "missing", "This field is needed.", "缺少此字段。"),
    (r"Object contains unknown field `(.*)`", "unknown_field", "There is no such field.", "没有此字段。"),
    (r"Expected `(?:array|object|str)` of length (.+)", "wrong_length", "Its length must be {0}.", "长度须 {0}。"),
    (
        r"Expected `str` matching regex",
        "wrong_form",
        "It has characters or a form that are not allowed.",
        "格式或字符不符合要求。",
    ),
    (
        r"Expected `datetime` with",
        "wrong_form",
        "A moment needs its offset, such as Z or +08:00.",
        "时间须带时区偏移，如 Z 或 +08:00。",
    ),
    (
        r"Invalid RFC3339",
        "wrong_form",
        "A moment is written like 2026-12-12T20:00:00+08:00.",
        "时间写法如 2026-12-12T20:00:00+08:00。",
    ),
    (r"Invalid enum value (.+)", "not_one_of", "It is none of the values allowed: {0}.", "不在允许的取值之内：{0}。"),
    (r"Expected `\w+` ([<>]=? .+)", "out_of_range", "It must be {0}.", "须 {0}。"),
    (r"(?:Integer value|Number) out of range", "out_of_range", "The number is too large.", "数值过大。"),
    (r"Expected `(.+)`, got `(.+)`", "wrong_type", "Expected {0}, got {1}.", "应为 {0}，实为 {1}。"),
)
"""What msgspec says → our code and words; `{0}` is what the pattern caught."""


class Strict(AbstractDTO[Any]):
    """Litestar's way to read bodies, with one strict decoder an endpoint."""

    decoders: ClassVar[dict[str, msgspec.json.Decoder[Any]]] = {}

    @classmethod
    @override
    def create_for_field_definition(cls, field_definition: Any, handler_id: str, backend_cls: Any = None) -> None:
        """Called once for each endpoint that has a body."""
        cls.decoders[handler_id] = msgspec.json.Decoder(field_definition.annotation)

    @classmethod
    @override
    def create_openapi_schema(cls, field_definition: Any, handler_id: str, schema_creator: Any) -> Any:
        """The schema is the Struct's own."""
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    @override
    def is_supported_model_type_field(cls, field_definition: Any) -> bool:
        """Bodies only; answers are encoded as they are."""
        return False

    @classmethod
    @override
    def generate_field_definitions(cls, model_type: type[Any]) -> Generator[Any, None, None]:
        """Not asked for: there is no transfer model."""
        yield from ()

    @classmethod
    @override
    def detect_nested_field(cls, field_definition: Any) -> bool:
        """Not asked for: there is no transfer model."""
        return False

    @override
    def decode_bytes(self, value: bytes) -> Any:
        """The Struct. Raises Refusal: 400 `malformed` for what is no JSON, 422 for JSON that is not the Struct."""
        return read(self.decoders[self.asgi_connection.route_handler.handler_id], value)


def read(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    """What the decoder makes of the body. Raises Refusal."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise fault(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise malformed(str(error)) from None
    except RecursionError:
        raise malformed("nested too deeply") from None


def fault(said: str) -> Refusal:
    """A validation error of msgspec as a refusal that names the field by its path."""
    found = AT.match(said)
    what, path = (found["what"], (found["path"] or "").replace("[...]", "")) if found else (said, "")
    for pattern, code, en, zh in FAULTS:
        if caught := re.match(pattern, what, re.DOTALL):
            if code in {"missing", "unknown_field"}:
                path = f"{path}.{caught[1]}" if path else caught[1]
            groups = [group.rstrip(".") for group in caught.groups()]
            return Invalid(code, Words(en=en.format(*groups), zh=zh.format(*groups)), field=path or "body")
    return Invalid(
        "invalid", Words(en="It cannot be read.", zh="无法读取。"), field=path or "body", detail={"said": what}
    )


def malformed(said: str) -> Refusal:
    """The body is not JSON at all."""
    words = Words(en="The body is not JSON in UTF-8.", zh="请求体不是 UTF-8 编码的 JSON。")
    return Refusal("malformed", words, field="body", detail={"said": said}, status=400)
