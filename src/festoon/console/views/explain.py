"""Customer service: an order, a coupon or a shopper, opened; each price with its reasons in words one may pass on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.checkout import explaining, on_behalf
from festoon.console import history, queries
from festoon.console.receipt import NOT_HELD, kind_of
from festoon.console.screen import done, page, screen
from festoon.coupons import queries as coupons
from festoon.coupons import recalling
from festoon.coupons.codes import slipped
from festoon.coupons.models import Coupon
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM, Viewer
from festoon.storefront.templatetags.said import money, words

NOTHING = Words("Nothing of this company has that number, code or name.", "本公司没有此订单号、券码或顾客。")
SLIPPED = Words("One sign of this code is not right: ask for it again.", "券码中有一位不正确，请核对后重新输入。")
VOIDED = Words(
    "The coupon is void. If the shopper should have another one, issue it.", "优惠券已作废。如需补发，请重新发券。"
)
NOT_IN_WALLET = Words("was not in the wallet", "当时卡包中没有此券")
PAID = (Words("You paid", "您实付"), Words("Listed", "原价"), Words("Saved", "优惠"))


@dataclass(frozen=True, slots=True)
class Told:
    """One offer's part in a price: what we and the shopper may hear, and the trace, which is for us alone."""

    name: Words
    words: Words
    trace: Words
    applied: bool
    amount: int
    title: Words
    tone: str


@screen
def service(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """One field for whatever the shopper names; what is found is opened, and the opening is recorded."""
    asked, now = request.GET.get("q", "").strip()[:96], timezone.now()
    context: dict[str, Any] = {"asked": asked}
    if asked:
        found = _opened(asked, viewer, now)
        context |= found or {"missing": SLIPPED if slipped(asked) else NOTHING}
    return page(request, "console/service.html", context, status=404 if "missing" in context else 200)


@require_POST
@screen
def void(request: HttpRequest, viewer: Viewer, number: str) -> HttpResponse:
    """Make one unused coupon void, with the reason, and show it again."""
    recalling.void_one(number, why=request.POST.get("why", "")[:500], by=viewer, now=timezone.now())
    return done(request, f"{reverse('console:service')}?q={number}", VOIDED)


def _opened(asked: str, viewer: Viewer, now: datetime) -> Mapping[str, Any] | None:
    """What the number, code or name leads to, tried in this order: an order, a coupon, a shopper."""
    try:
        return _order(explaining.open_order(asked, by=viewer, now=now), viewer)
    except NotFound:
        pass
    try:
        coupon = explaining.open_coupon(asked, by=viewer, now=now)
        used = [use.hold for use in coupon.uses.select_related("hold__redemption").order_by("-id")[:10]]
        unused = coupon.state == "claimed" and coupon.balance is None
        may_void = viewer.may("coupons.void") and unused
        return {"coupon": coupon, "used": used, "may_void": may_void, "given": _given(coupon, viewer)}
    except NotFound:
        pass
    try:
        shopper = explaining.open_shopper(asked, by=viewer, now=now)
        told = {"shopper": shopper, "coupons": shopper.coupons[:50], "holds": shopper.holds[:50]}
        told["who"] = catalog.shoppers(SYSTEM).filter(code=shopper.code).first()
        return told | {"may_give": viewer.may(on_behalf.RIGHT)}
    except NotFound:
        return None


def _given(coupon: Coupon, viewer: Viewer) -> Mapping[str, str] | None:
    """Who claimed it on the shopper's behalf, and why: the business of the coupon's own company."""
    found = coupons.given_for(viewer, coupon.pk)
    return None if found is None else {"who": history.whos([found.by])[found.by], "why": found.why}


def _order(opened: explaining.Explained, viewer: Viewer) -> Mapping[str, Any]:
    told = list(_told(opened.price, viewer))
    text = _text(opened, told)
    return {"opened": opened, "told": told, "text": text, "lines": max(12, text.count("\n") + 3)}


def _told(price: Mapping[str, Any], viewer: Viewer) -> Sequence[Told]:
    """Every verdict on an offer the viewer sees, the applied first; of other companies' offers nothing is said."""
    verdicts = [one for one in price.get("verdicts", ()) if "words" in one]
    names = queries.offer_names(viewer, [one["offer"] for one in verdicts])
    found = [
        Told(
            names[one["offer"]],
            NOT_IN_WALLET if one.get("reason") == NOT_HELD else Words(**one["words"]),
            Words(**one["trace"]),
            one["code"] == "applied",
            one.get("amount", 0),
            *kind_of(one["code"], one.get("reason", "")),
        )
        for one in verdicts
        if one["offer"] in names
    ]
    return sorted(found, key=lambda each: not each.applied)


def _text(opened: explaining.Explained, told: Sequence[Told]) -> str:
    """What may be said to the shopper, as lines to be pasted into a chat, in the language of the page."""
    currency, totals = opened.price["currency"], opened.price["totals"]
    said = [(opened.hold.payable, PAID[0]), (totals["list"], PAID[1]), (totals["discount"], PAID[2])]
    colon = "：" if (get_language() or "en").startswith("zh") else ": "
    lines = [f"{words(name)}{colon}{money(amount, currency)}" for amount, name in said]
    return "\n".join([*lines, *(f"{words(each.name)}{colon}{words(each.words)}" for each in told)])
