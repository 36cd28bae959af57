"""Try it: goods to click, the price beside them, why, and what two exclusive offers would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import basket as baskets
from festoon.console import case, queries
from festoon.console.receipt import Receipt, receipt
from festoon.console.screen import done, inside, page, screen
from festoon.coupons import queries as coupons
from festoon.offers import actions as verbs
from festoon.offers import queries as offers
from festoon.records.refusal import Invalid, Refusal
from festoon.records.viewer import Viewer

EXCLUDED = Words("The two exclude each other from now on.", "两项优惠自此互斥。")
ASKED = Words("Submitted: the two exclude each other as soon as it is agreed on.", "已提交，审核通过后两项优惠即互斥。")

TWO = Words("Tick two offers.", "请勾选两项优惠。")


@screen
def try_it(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The basket of the address, priced."""
    viewer.require("prices.explain")
    now = timezone.now()
    basket = baskets.read(request.GET)
    products = {product.sku: product for product in queries.goods_to_try(viewer)}
    context: dict[str, Any] = {
        "basket": basket,
        "shelves": queries.by_merchant(products.values()),
        "shoppers": queries.first_shoppers(viewer, basket.shopper),
        "stores": catalog.stores(viewer).filter(merchant__currency=queries.currency(viewer)),
        "wallet": _wallet(viewer, basket, now),
    }
    if basket.quantities:
        context |= _priced(viewer, basket, products, now)
    return page(request, "console/try.html", context)


@screen
def case_file(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The basket as a case file: rules, cart and what came out."""
    viewer.require("prices.explain")
    now, basket = timezone.now(), baskets.read(request.GET)
    if not basket.quantities:
        return redirect("console:try")
    answer = baskets.quote(basket, by=viewer, now=now)
    text = case.text(baskets.facts(answer), answer.price, by=viewer)
    headers = {"Content-Disposition": 'attachment; filename="case.yaml"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@require_POST
@screen
def exclude_pair(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Make the two ticked offers exclusive for everybody."""
    ticks = request.POST.getlist("tick")
    if len(ticks) != 2:
        raise Invalid("two", TWO, field="tick")
    first, second = (offers.offer(viewer, code) for code in ticks)
    why = request.POST.get("why", "")
    made = verbs.exclude(
        first, second, grain=request.POST.get("grain", ""), reason=Words(why, why), by=viewer, now=timezone.now()
    )
    told = EXCLUDED if made.state == "released" else ASKED
    return done(request, inside(request, request.POST.get("back", ""), "console:try"), told)


def _wallet(viewer: Viewer, basket: baskets.Basket, now: Any) -> list[Any]:
    if not basket.shopper or not viewer.may("wallet.read"):
        return []
    return list(coupons.wallet(viewer, basket.shopper, now=now)[:40])


def _priced(
    viewer: Viewer, basket: baskets.Basket, products: Mapping[str, Any], now: Any
) -> dict[str, Receipt | Refusal | None]:
    try:
        answer = baskets.quote(basket, by=viewer, now=now)
    except Refusal as refusal:
        return {"refusal": refusal}
    names = queries.offer_names(viewer, [one["offer"] for one in answer.price["verdicts"]])
    other = baskets.compared(basket, answer, currency=queries.currency(viewer))
    return {
        "receipt": receipt(answer.price, products, names),
        "other": receipt(other, products, names) if other else None,
    }
