"""The exclusion step of an offer, and one pair of offers: put together for their pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import queries, words
from festoon.console.finding import offers_named
from festoon.console.offer_steps import EXCLUDE, steps
from festoon.console.relations import MARKS, Relation, Relations
from festoon.offers import caution
from festoon.offers.models import Offer
from festoon.offers.overlap import Board, Overlap, board, known
from festoon.offers.released import as_seen
from festoon.offers.witness import Witness, witness
from festoon.records.parts import in_parts
from festoon.records.refusal import NotFound, Refusal
from festoon.records.viewer import Viewer
from festoon.review import machine

PER_PAGE = 25
NAMED, LOOKED_AT = 6, 60
"""How many that do not meet it are named when somebody searches for one, of how many that are called so."""
GROUPS = {
    "": Words("All that meet it", "全部重叠"),
    "lock": Words("Locked", "规则锁定"),
    "said": Words("Excluded", "已互斥"),
    "both": Words("Combine", "可叠加"),
}
WAYS = {
    "": Words("Together", "同享"),
    "line": Words("Excluded on one line", "同一行互斥"),
    "order": Words("Excluded for the order", "整单互斥"),
}
TYPED = {
    "grain": ("grain", Words("They may not serve together", "不可同享的范围")),
    "reason": ("why", Words("Why", "原因")),
    "window.start": ("start", Words("From", "自")),
    "window.end": ("end", Words("Until", "至")),
}
"""Where on the page each part of an exclusion is typed, and what it is called there."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with what was typed: at which control, by its label, and in words; "" where it is at none."""

    name: str
    label: Words
    words: Words


@dataclass(frozen=True, slots=True)
class Met:
    """One row of the step: the other offer, what stands between, some of the goods they share."""

    offer: Any
    relation: Relation
    goods: Sequence[Any]
    tickable: bool

    @property
    def more(self) -> int:
        """How many goods are shared beside those that are named."""
        return self.relation.count - len(self.goods)


@dataclass(frozen=True, slots=True)
class Way:
    """The basket priced in one way: what serves, what is paid, what it is dearer than together."""

    label: Words
    pays: int
    more: int
    offers: Sequence[Mapping[str, Any]]
    on: bool


def step(viewer: Viewer, code: str, asked: Mapping[str, str], *, now: datetime) -> Mapping[str, Any]:
    """Every offer that meets this one and that the viewer may know of: what is locked first, then what was ticked."""
    offer = shown(viewer, code, now)
    on = board(offer.merchant.currency, now)
    mine = on.of(offer)
    met = {each.other.code: each for each in on.meeting(mine, known(viewer, on))}
    relations = Relations(viewer, on, [code, *met], edited(viewer, [offer]))
    found = [(other, relations.of(mine, each.other, each)) for other, each in met.items()]
    cautious = any(relation.policy for _, relation in found) or (offer.kind == "coupon" and caution.on(caution.COUPON))
    order = list(MARKS)
    found.sort(key=lambda each: (order.index(each[1].mark), -each[1].count, each[0]))
    counts = {name: sum(_in(name, relation) for _, relation in found) for name in GROUPS}
    group, text = asked.get("show", ""), asked.get("q", "").strip().lower()
    found = [each for each in found if _in(group, each[1])]
    if text:
        named = {row.code for row in _rows(viewer, [each for each, _ in found], now).values() if text in _text(row)}
        found = [each for each in found if each[0] in named]
    named_so = offers_named(viewer, text, LOOKED_AT) if text else ()
    apart = [each for each in named_so if each.code not in met and each.code != code][:NAMED]
    page = Paginator(found, PER_PAGE).get_page(asked.get("page"))
    rows = _rows(viewer, [each for each, _ in page], now)
    may = _may(viewer, offer)
    shown_rows = [_met(viewer, on, rows[each], relation, may=may) for each, relation in page if each in rows]
    free = may and offer.state != machine.IN_REVIEW
    return {
        "tickable": free and any(each.tickable for each in shown_rows),
        "offer": offer, "page": page, "asked": asked, "may": may, "in_review": offer.state == machine.IN_REVIEW,
        "apart": apart, "editable": offer.state in machine.EDITABLE, "total": len(met),
        "groups": [(name, words.said(label), counts[name], name == group) for name, label in GROUPS.items()],
        "rows": shown_rows,
        "policy": caution.POLICIES[caution.COUPON] if cautious else None,
        "grains": [("line", WAYS["line"]), ("order", WAYS["order"])], "zone": offer.merchant.zone,
        "steps": steps(offer, EXCLUDE, may=may), "may_submit": may and offer.state in machine.EDITABLE,
    }  # fmt: skip


def pair(viewer: Viewer, code: str, other_code: str, *, now: datetime) -> Mapping[str, Any]:
    """Two offers: what stands between them and why, what they share, and a basket in which both serve."""
    offer, other = shown(viewer, code, now), shown(viewer, other_code, now)
    if offer.merchant.currency != other.merchant.currency or offer.code == other.code:
        raise NotFound("pair")
    on = board(offer.merchant.currency, now)
    mine, theirs = on.of(offer), on.of(other)
    relation = Relations(viewer, on, [code, other_code], edited(viewer, [offer, other])).of(mine, theirs)
    basket = witness(on, mine, relation.met) if isinstance(relation.met, Overlap) else None
    skus = on.examples(relation.met, 6) if isinstance(relation.met, Overlap) else []
    lines = basket.cart["lines"] if basket else []
    may = _may(viewer, offer) and offer.state != machine.IN_REVIEW
    return {
        "offer": offer, "other": other, "relation": relation, "basket": basket, "lines": lines,
        "products": _products(viewer, [*skus, *(line["sku"] for line in lines)]), "skus": skus,
        "more": relation.count - len(skus), "ways": _ways(basket, relation) if basket else (),
        "currency": offer.merchant.currency, "may": may, "may_unlock": viewer.may(caution.UNLOCK),
        "may_tick": may and relation.mark in ("both", "soon", "not", "apart") and isinstance(relation.met, Overlap),
        "grains": [("line", WAYS["line"]), ("order", WAYS["order"])], "holds": _holds(basket, offer, other),
        "buyer": basket.cart["buyer"] if basket else {}, "segments": _segments(viewer, basket), "zone": offer.merchant.zone,
    }  # fmt: skip


def wrong(refusals: Sequence[Refusal]) -> Sequence[Wrong]:
    """What refusals say, each once, at the controls of the page."""
    found = {(each.field, each.words): each for each in refusals}
    return [Wrong(*_typed(each.field), each.words) for each in found.values()]


def _typed(field: str) -> tuple[str, Words]:
    """The control of a field of an exclusion, or of the part that it is in, and its label."""
    return TYPED.get(field) or TYPED.get(field.partition(".")[0]) or ("", Words("", ""))


def shown(viewer: Viewer, code: str, now: datetime) -> Any:
    """One offer as the viewer may see it, with the state people see; NotFound for a foreign one."""
    found = _rows(viewer, [code], now).get(code)
    if found is None:
        raise NotFound("offer")
    return found


def edited(viewer: Viewer, offers: Sequence[Any]) -> list[str]:
    """Which of the offers are drafts of the viewer's own: for what a policy writes when they are submitted."""
    mine = (each for each in offers if viewer.is_platform or each.merchant_id == viewer.merchant_id)
    return [each.code for each in mine if each.state in machine.EDITABLE]


def _rows(viewer: Viewer, codes: Sequence[str], now: datetime) -> dict[str, Any]:
    rows: list[Offer] = []
    for part in in_parts(codes):
        rows += queries.offers_shown(viewer, now=now).filter(code__in=part)
    return {row.code: row for row in as_seen(viewer, rows)}


def _in(group: str, relation: Relation) -> bool:
    return not group or relation.mark == group or (group == "said" and relation.mark in ("not", "soon"))


def _text(row: Any) -> str:
    return f"{row.code} {row.name_en} {row.name_zh}".lower()


def _met(viewer: Viewer, on: Board, row: Any, relation: Relation, *, may: bool) -> Met:
    skus = on.examples(relation.met, 3) if isinstance(relation.met, Overlap) else []
    goods = _products(viewer, skus)
    return Met(row, relation, [goods[sku] for sku in skus if sku in goods], may and relation.mark == "both")


def _products(viewer: Viewer, skus: Sequence[str]) -> dict[str, Any]:
    return {product.sku: product for product in catalog.visible(viewer).filter(sku__in=list(skus))}


def _may(viewer: Viewer, offer: Any) -> bool:
    return viewer.may("offers.edit") and (viewer.is_platform or offer.merchant_id == viewer.merchant_id)


def _ways(basket: Witness, relation: Relation) -> Sequence[Way]:
    """The same basket together, and excluded in either way; `on` is how it is now."""
    grain = relation.rows[0].grain if relation.rows else "line" if relation.mark == "lock" else ""
    return [
        Way(label, basket.pays(way), basket.pays(way) - basket.pays(), basket.prices[way]["offers"], way == grain)
        for way, label in WAYS.items()
    ]


def _segments(viewer: Viewer, basket: Witness | None) -> Sequence[Any]:
    """The segments that the shopper belongs to, by name."""
    codes = basket.cart["buyer"]["segments"] if basket else []
    return list(catalog.segments(viewer).filter(code__in=codes)) if codes else []


def _holds(basket: Witness | None, *pair: Any) -> Sequence[Any]:
    """The coupons that the shopper holds."""
    held = {each["offer"] for each in basket.cart["wallet"]} if basket else set()
    return [each for each in pair if each.code in held]
