"""Everything about one offer, put together for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.console import history, offer_worst, queries, words
from festoon.console.given import spending_of
from festoon.console.stands import stands
from festoon.offers import queries as offers
from festoon.offers.most import payers
from festoon.offers.overlap import overlapping
from festoon.offers.released import as_seen
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer
from festoon.review import machine
from festoon.rulebook.benefits import shelf as benefits
from festoon.rulebook.promotion_types import shelf as promotion_types
from festoon.rulebook.refunds.keep import Keep
from festoon.rulebook.release import refund_policy
from festoon.storefront.rule import names_of, rule

EVERYTHING = Words("All goods", "全部商品")
COMES_BACK = Words("When goods come back", "退货时")
ATTRIBUTES = {
    "sku": Words("Goods", "商品"),
    "product": Words("Products", "产品"),
    "category": Words("Categories", "类目"),
    "brand": Words("Brands", "品牌"),
    "store": Words("Stores", "门店"),
    "merchant": Words("Merchants", "商家"),
    "tag": Words("Tags", "标签"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a scope: these values of this attribute, or all of them but these."""

    label: Words
    values: Sequence[str]
    more: int


def types(viewer: Viewer) -> Sequence[tuple[str, Words]]:
    """The promotion types of the shelf, by code, with their titles."""
    viewer.require("offers.read")
    return [(code, promotion_types[code].title) for code in promotion_types]


def type_title(code: str) -> Words:
    """The title of a promotion type; of a bare benefit its code in plain words."""
    if code in promotion_types:
        return promotion_types[code].title
    plain = code.rpartition(":")[2].replace("_", " ").capitalize()
    title = getattr(benefits.get(code.rpartition(":")[2]), "title", None)
    return title if isinstance(title, Words) else Words(plain, plain)


def context(viewer: Viewer, code: str, *, now: datetime) -> Mapping[str, Any]:
    """One offer with its sentence, releases, scope, payers, exclusions and history. NotFound for a foreign code."""
    found = as_seen(viewer, queries.offers_shown(viewer, now=now).filter(code=code))
    if not found:
        raise NotFound("offer")
    offer: Any = found[0]
    releases = list(offers.releases(viewer).filter(kind="offer", code=code).order_by("-version"))
    data = releases[0].data if offer.is_live and releases else offer.draft
    return {
        "offer": offer,
        "data": data,
        "sentence": rule(data, offer.merchant.currency),
        "releases": releases,
        "scope": scope(data.get("scope") or {}),
        "payers": payers_of(data),
        "spends": list(spending_of(viewer, offer, now)),
        "refund": [words.said(each) for each in (COMES_BACK, (refund_policy(data) or Keep()).title)],
        "exclusions": queries.exclusions_shown(viewer, code),
        "meets": len(overlapping(viewer, offer, now)),
        **offer_worst.last(viewer, offer),
        "stands": stands(viewer, offer.kind, offer, now=now),
        "stop": queries.stop_of(viewer, offer),
        "happened": history.of_offer(viewer, offer),
        **history.talk(viewer, offer.kind, offer),
        "may_stop": viewer.may("offers.stop"),
        "may_compensate": viewer.may("coupons.issue"),
        "may_see_coupons": viewer.is_platform or offer.merchant_id == viewer.merchant_id,
        "may_edit": viewer.may("offers.edit"),
        "may_change": _may_change(viewer, offer),
        "may_preset": viewer.may("presets.edit") and not offer.draft.get("preset"),
        "mine": viewer.may("offers.edit") and (viewer.is_platform or offer.merchant_id == viewer.merchant_id),
    }


def _may_change(viewer: Viewer, offer: Any) -> bool:
    """Whether the viewer may write its draft, or its next version."""
    own = viewer.is_platform or offer.merchant_id == viewer.merchant_id
    return own and viewer.may("offers.edit") and machine.editable(offer.state)


def scope(data: Mapping[str, Any]) -> Sequence[Part]:
    """The scope in parts, with names for the codes people would not know; long lists are cut."""
    parts = [_part(ATTRIBUTES[name], name, values) for name, values in data.items() if name in ATTRIBUTES]
    if not parts:
        parts = [Part(ATTRIBUTES["sku"], [words.said(EVERYTHING)], 0)]
    excepted = data.get("except") or {}
    parts += [_part(but_not(ATTRIBUTES[name]), name, values) for name, values in excepted.items() if name in ATTRIBUTES]
    return parts


def but_not(attribute: Words) -> Words:
    """How what a scope leaves out by this attribute is called."""
    return Words(f"but not · {attribute.en}", f"排除 · {attribute.zh}")


def payers_of(data: Mapping[str, Any]) -> Sequence[tuple[str, int]]:
    """Who pays for an offer and what part, where nobody is named too: its owner, or whom its type names."""
    return list(payers(data).items()) if "type" in data or "benefit" in data else []


def sentence_of(data: Mapping[str, Any], currency: str) -> Words | None:
    """The sentence of what is reviewed, if it is a rule."""
    return rule(data, currency) if "type" in data or "benefit" in data else None


def _part(label: Words, name: str, values: Sequence[str], most: int = 12) -> Part:
    names = names_of(name, values[:most])
    shown = [words.said(names[value]) if value in names else value for value in values[:most]]
    return Part(label, shown, max(0, len(values) - most))
