"""Who looks at a shopper's page: somebody with a signed token in a cookie, or nobody known."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from festoon.catalog import queries as catalog
from festoon.catalog.models import PLATFORM
from festoon.checkout.shopper_token import SignedShopper, make_shopper_token, verify_shopper_token
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM, Viewer

COOKIE = "shopper"
CHANNEL = "app"
MADE_UP = "made up"
RIGHTS = frozenset({"claims.write", "wallet.read", "quotes.write", "catalog.read", "events.write"})


def signed(request: HttpRequest, *, now: datetime) -> SignedShopper | None:
    """What the token says that the browser holds; None when there is none that is valid now."""
    try:
        return verify_shopper_token(request.COOKIES.get(COOKIE, ""), now=now)
    except (Refusal, ValueError):
        return None


def viewer(who: SignedShopper | None) -> Viewer:
    """The shopper as one who asks: may claim and look into a wallet, of the merchant and in the channel of the token.

    Nobody known looks at the platform's pages, in the app.
    """
    if who is None:
        return Viewer(name="shopper", merchant_id=PLATFORM, rights=RIGHTS, channel=CHANNEL)
    return Viewer(name=f"shopper:{who.shopper}", merchant_id=who.merchant_id, rights=RIGHTS, channel=who.channel)


def choices() -> list[tuple[str, str, str]]:
    """Whom the demonstration's picker offers: the first few made-up shoppers, as (code, English, Chinese)."""
    rows = catalog.shoppers(SYSTEM).filter(source=MADE_UP).order_by("id")[:4]
    return [(row.code, row.name_en, row.name_zh) for row in rows]


def pick(response: HttpResponse, code: str, *, now: datetime, secure: bool) -> None:
    """Give the browser a token for one of the demonstration's shoppers, of the platform, in the app."""
    token, ends = make_shopper_token(code, merchant_id=PLATFORM, channel=CHANNEL, now=now)
    remember(response, token, ends, now=now, secure=secure)


def remember(response: HttpResponse, token: str, ends: datetime, *, now: datetime, secure: bool) -> None:
    """Let the browser keep the token as long as it lives and no longer, out of reach of scripts."""
    age = max(0, int((ends - now).total_seconds()))
    response.set_cookie(COOKIE, token, max_age=age, httponly=True, samesite="Lax", secure=secure, path="/shop/")
