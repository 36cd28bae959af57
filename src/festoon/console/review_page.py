"""Everything about one review, put together for its page: what is asked, what it will do, who agrees, what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import (
    campaign_cost,
    history,
    offer_changes,
    offer_page,
    offer_worst,
    queries,
    thing_told,
    things,
    words,
)
from festoon.console.offer_form import opening
from festoon.console.review_levels import FIELDS, levels_shown, marked
from festoon.coupons import limits
from festoon.offers import pairs
from festoon.offers.released import agreed, is_out
from festoon.offers.spends.form import IN_A_DAY, IN_ALL, TOO_LATE
from festoon.offers.spends.terms import LATE
from festoon.records.viewer import Viewer
from festoon.review import queries as reviews
from festoon.review.models import Review
from festoon.storefront.templatetags.said import money as amount
from festoon.storefront.templatetags.said import number

OFFERS = ("promotion", "coupon")
TOLD = ("distribution", "preset")
"""What a review tells in words, line by line; a campaign's page has its own order."""
PIECES = Words("Pieces there are", "活动库存（件）")


def context(viewer: Viewer, review: Review, *, mine: bool) -> Mapping[str, Any]:
    """What the page of one review draws."""
    expected, content = reviews.expected(viewer, review), pairs.as_read(viewer, review.content)
    merchant = catalog.merchants(viewer).filter(id=review.merchant_id).first()
    money = merchant.currency if merchant else "CNY"
    skus = [line["sku"] for line in expected.get("basket", ())]
    worst = offer_worst.shown(viewer, expected.get("worst", ()), money)
    offer = review.subject_kind in OFFERS
    told = thing_told.told(viewer, review.subject_kind, review.content, money) if review.subject_kind in TOLD else []
    return {
        "review": review,
        "mine": mine,
        "expected": expected,
        "changed": _changed(viewer, review) if offer else thing_told.changed(viewer, review, money),
        "lines": [line.part for line in told],
        "between": _between(viewer, review, content),
        "currency": money,
        "content": content,
        "named": _named(viewer, content),
        "another": words.ANOTHER,
        "most": campaign_cost.asked(viewer, review),
        "levels": levels_shown(review),
        "earlier": review.levels[: review.level - 1],
        "fields": [(name, said) for name, said in FIELDS.items() if review.content.get(name)],
        "marked": marked(review),
        "subject": queries.subject_names(viewer, [review]).get(review.pk),
        "thing": things.address(review.subject_kind, review.subject),
        "sentence": offer_page.sentence_of(review.content, money),
        "spends": list(_spends(review.content.get("terms") or {}, money)) if offer else (),
        "limits": limits.of_terms(review.content.get("terms") or {}),
        "payers": offer_page.payers_of(review.content) if offer else (),
        "scope": offer_page.scope(review.content.get("scope") or {}) if offer else (),
        **worst,
        "products": worst["products"] | {each.sku: each for each in catalog.visible(viewer).filter(sku__in=skus)},
        "colleagues": history.colleagues(viewer, review.merchant_id),
        "happened": history.of(viewer, (review.subject_kind,), review.subject),
    }


def _spends(terms: Mapping[str, Any], currency: str) -> Iterator[tuple[str, str]]:
    """The pieces of an offer, what it may cost, and what becomes of who comes too late: as it was submitted."""
    if terms.get("units"):
        yield words.said(PIECES), number(terms["units"])
    for name, label in (("spend_most", IN_ALL), ("spend_per_day", IN_A_DAY)):
        if terms.get(name):
            yield words.said(label), amount(terms[name], currency)
    if terms.get("late"):
        yield words.said(TOO_LATE), words.said(LATE[terms["late"]])


def _changed(viewer: Viewer, review: Review) -> Mapping[str, Any] | None:
    """What of an offer differs from the version before; None for the first."""
    merchant = catalog.merchants(viewer).filter(id=review.merchant_id).first()
    last = agreed(viewer, review.subject, before=review.pk)
    if last is None or merchant is None:
        return None
    rows = offer_changes.changes(last.content, review.content, opening.terms(viewer, merchant))
    return {"version": last.version, "live": review.state == "open" and is_out(viewer, review.subject), "rows": rows}


def _between(viewer: Viewer, review: Review, content: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The exclusions that go with an offer: with whom, on what, why; of one the viewer does not see, no code."""
    rows = content.get(pairs.NAME, ()) if review.subject_kind in OFFERS else ()
    others = {each["code"]: next(code for code in each["between"] if code != review.subject) for each in rows}
    names = queries.offer_names(viewer, filter(None, others.values()))
    return [{**each, "other": others[each["code"]], "name": names.get(others[each["code"]])} for each in rows]


def _named(viewer: Viewer, content: Mapping[str, Any]) -> Mapping[str, Words]:
    """What people call the offers that an exclusion or a distribution is about."""
    codes = [code for part in ("between", "offers") for code in content.get(part) or () if isinstance(code, str)]
    return queries.offer_names(viewer, codes) if codes else {}
