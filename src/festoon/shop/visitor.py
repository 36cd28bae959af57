"""Who looks at a shopper's page: somebody with a signed token in a cookie, or nobody known."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from festoon.catalog import queries as catalog
from festoon.catalog.models import PLATFORM
from festoon.checkout.shopper_token import MINUTES, make_shopper_token, verify_shopper_token
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM, Viewer
from festoon.storefront.addresses import PAGES

COOKIE = "shopper"
CHANNEL = "app"
MADE_UP = "made up"
RIGHTS = frozenset({"claims.write", "wallet.read", "quotes.write", "catalog.read", "events.write"})


def shopper(request: HttpRequest, *, now: datetime) -> str:
    """The code of the shopper whose token the browser holds; empty when there is none that is valid now."""
    try:
        return verify_shopper_token(request.COOKIES.get(COOKIE, ""), now=now).shopper
    except (Refusal, ValueError):
        return ""


def viewer(code: str) -> Viewer:
    """The shopper as one who asks: may claim and look into a wallet, in the app."""
    return Viewer(name=f"shopper:{code}" if code else "shopper", merchant_id=PLATFORM, rights=RIGHTS, channel=CHANNEL)


def choices() -> list[tuple[str, str, str]]:
    """Whom the demonstration's picker offers: the first few made-up shoppers, as (code, English, Chinese)."""
    rows = catalog.shoppers(SYSTEM).filter(source=MADE_UP).order_by("id")[:4]
    return [(row.code, row.name_en, row.name_zh) for row in rows]


def remember(response: HttpResponse, code: str, *, now: datetime, secure: bool) -> None:
    """Give the browser a token for this shopper: short-lived, out of reach of scripts."""
    token, _ = make_shopper_token(code, merchant_id=PLATFORM, channel=CHANNEL, now=now)
    response.set_cookie(COOKIE, token, max_age=MINUTES * 60, httponly=True, samesite="Lax", secure=secure, path=PAGES)
