"""A request that is not read: too much of a form is said in words, the rest is none of ours."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request

from festoon.console import too_long
from festoon.console.screen import page


def not_read(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What somebody sees whose form was too long; for anything else the plain answer."""
    if isinstance(exception, RequestDataTooBig):
        return page(request, "console/refused.html", {"refusal": too_long.form()}, status=413)
    return bad_request(request, exception)
