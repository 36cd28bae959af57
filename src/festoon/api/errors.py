"""One form for every error: a code for machines, the field, the words in both languages, details."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from django.db import InterfaceError, OperationalError
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from festoon.api.body import fault, malformed
from festoon.api.parts import Said
from festoon.base.words import Words
from festoon.records.refusal import Refusal

log = logging.getLogger("festoon.api")


class Problem(msgspec.Struct):
    """`code` never changes its meaning; `field` names the input by its path (`lines[2].quantity`) or header."""

    code: str
    field: str
    message: Said
    detail: dict[str, Any]


class Error(msgspec.Struct):
    """Every answer that is not a success."""

    error: Problem


BY_STATUS = {
    400: ("bad_request", "", Words(en="The request cannot be read.", zh="无法读取请求。")),
    404: ("no_such_address", "path", Words(en="There is nothing at this address.", zh="此地址不存在。")),
    405: (
        "method_not_allowed",
        "method",
        Words(en="This address does not answer that method.", zh="此地址不支持该方法。"),
    ),
    413: ("too_large", "body", Words(en="The body is too large.", zh="请求体过大。")),
}
"""What Litestar itself refuses, by status: code, field, words."""


def refused(_request: Request[Any, Any, Any], refusal: Refusal) -> Response[Error]:
    """A verb, or the door, says no."""
    return answer_of(refusal)


def answer_of(refusal: Refusal) -> Response[Error]:
    """A refusal in the one form every error has."""
    field = "Idempotency-Key" if refusal.field == "key" else refusal.field
    message = Said(en=refusal.words.en, zh=refusal.words.zh)
    body = Error(Problem(refusal.code, field, message, refusal.detail))
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {}
    headers |= {"Retry-After": "1"} if refusal.status in {429, 503} else {}
    return Response(body, status_code=refusal.status, headers=headers)


def invalid(request: Request[Any, Any, Any], error: ValidationException) -> Response[Error]:
    """A parameter of the address or a header is wrong, or the body is missing."""
    found = error.extra[0] if isinstance(error.extra, list) and error.extra else {}
    field = str(found.get("key", ""))
    if field in {"", "data"}:
        return refused(request, malformed("no body"))
    refusal = fault(str(found.get("message", "")))
    refusal.field = field
    return refused(request, refusal)


def http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Error]:
    """Litestar refuses: unknown address, method, size."""
    code, field, words = BY_STATUS.get(error.status_code, BY_STATUS[400])
    status = error.status_code if error.status_code in BY_STATUS else 400
    if error.status_code >= 500:
        return unexpected(request, error)
    answer = refused(request, Refusal(code, words, field=field, status=status))
    answer.headers.update(error.headers or {})
    return answer


def unreachable(request: Request[Any, Any, Any], error: Exception) -> Response[Error]:
    """The database does not answer: try again, nothing was promised."""
    log.error("the database does not answer: %s", error)
    words = Words(en="Not available just now; try again with the same key.", zh="暂时不可用，请用同一幂等键重试。")
    return refused(request, Refusal("unavailable", words, status=503))


def unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[Error]:
    """A fault of ours. The log knows more than the answer."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    words = Words(en="Something is broken on our side.", zh="服务端出错。")
    return refused(request, Refusal("internal", words, status=500))


HANDLERS: dict[Any, Any] = {
    Refusal: refused,
    ValidationException: invalid,
    HTTPException: http,
    OperationalError: unreachable,
    InterfaceError: unreachable,
    Exception: unexpected,
}
