"""Letters about reviews to oneself: whether they are wanted, and in which language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from festoon.base.words import Words
from festoon.catalog.people import viewer_of
from festoon.console.screen import done, screen
from festoon.records.viewer import Viewer
from festoon.review import letter_wishes

KEPT = Words("Kept: this is how you are written to.", "已保存邮件设置。")


@require_POST
@screen
def choose(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Whether one is written to, and in which language."""
    wanted, language = request.POST.get("wanted") == "1", request.POST.get("language", "")
    letter_wishes.choose(wanted=wanted, language=language, by=viewer, now=timezone.now())
    return done(request, "console:account", KEPT)


def language(request: HttpRequest) -> HttpResponseBase:
    """The screens in another language; who signed in is written to in it from then on."""
    asked, viewer = request.POST.get("language", ""), viewer_of(request.user)
    if asked in dict(settings.LANGUAGES) and viewer.name.startswith("person:"):
        letter_wishes.choose(language=asked, by=viewer, now=timezone.now())
    return set_language(request)
