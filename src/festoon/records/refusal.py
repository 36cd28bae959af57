"""What a verb says when it will not: a code, the field it is about, words in both languages, an HTTP status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from festoon.base.words import Words


class Refusal(Exception):
    """Nothing was written. `field` names the input (a path such as `lines[2].quantity`), `status` the HTTP answer."""

    status = 422

    def __init__(
        self, code: str, words: Words, *, field: str = "", detail: Mapping[str, Any] | None = None, status: int = 0
    ) -> None:
        super().__init__(code, words.en)
        self.code = code
        self.words = words
        self.field = field
        self.detail = dict(detail or {})
        self.status = status or type(self).status


class Invalid(Refusal):
    """The input itself is wrong."""

    status = 422


class NotFound(Refusal):
    """No such thing for this viewer (the same answer whether it does not exist or is another's)."""

    status = 404

    def __init__(self, kind: str, field: str = "") -> None:
        super().__init__("not_found", Words(en=f"No such {kind}.", zh="没有找到。"), field=field or kind)


class Conflict(Refusal):
    """The state of things does not allow it now."""

    status = 409


class Forbidden(Refusal):
    """The right is missing."""

    status = 403

    def __init__(self, right: str) -> None:
        super().__init__(
            "forbidden", Words(en=f"This needs the right {right}.", zh=f"需要权限 {right}。"), detail={"right": right}
        )


class KeyReused(Conflict):
    """The idempotency key was used before with another body."""

    def __init__(self) -> None:
        super().__init__(
            "key_reused",
            Words(en="This key was used before with another body.", zh="此幂等键已用于另一个请求体。"),
            field="key",
        )
