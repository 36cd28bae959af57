"""What the screens read that no single room knows: states as people see them, figures put side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.campaigns.models import Campaign
from festoon.catalog import queries as catalog
from festoon.console.given import Given, given_of
from festoon.console.models import SavedView, Unfinished
from festoon.console.words import ANOTHER
from festoon.coupons import queries as coupons
from festoon.distribution import queries as distributions
from festoon.offers import queries as offers
from festoon.offers.models import Exclusion, Offer, Stop
from festoon.offers.released import as_seen
from festoon.presets import queries as presets
from festoon.records.names import name_of
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import queries as reviews

IN_HAND = 500
"""So much of what came back is looked through for what is the viewer's own."""
AUTHORED: Mapping[str, Callable[[Viewer], QuerySet[Any]]] = {
    "promotion": offers.own,
    "coupon": offers.own,
    "campaign": campaigns.own,
    "distribution": distributions.own,
    "preset": presets.own,
}
ORDER = (
    "live",
    "scheduled",
    "pending",
    "in_review",
    "draft",
    "sent_back",
    "stopped",
    "ended",
    "withdrawn",
    "recalled",
    "archived",
)


def offers_shown(viewer: Viewer, *, now: datetime) -> QuerySet[Any]:
    """The offers with `shown`, the state people see: stopped, scheduled, live, ended, or the draft's own.

    Pending: agreed on, in a campaign that is not.
    """
    waits = Q(is_live=True, campaign__isnull=False) & Q(campaign__in_force=False)
    stops = offers.stops(SYSTEM)
    stopped = (
        Exists(stops.filter(kind="offer", code=OuterRef("code")))
        | Exists(stops.filter(kind="campaign", code=OuterRef("campaign__code")))
        | Exists(stops.filter(kind="all"))
    )
    live = Exists(offers.live(SYSTEM).order_by().filter(kind="offer", code=OuterRef("code")))
    rows = offers.visible(viewer).select_related("campaign", "merchant", "template__stock", "promotion__units")
    return rows.annotate(is_live=live, is_stopped=stopped).annotate(
        shown=Case(
            When(waits, then=Value("pending")),
            When(is_live=True, is_stopped=True, then=Value("stopped")),
            When(is_live=True, starts_at__gt=now, then=Value("scheduled")),
            When(is_live=True, ends_at__lte=now, then=Value("ended")),
            When(is_live=True, then=Value("live")),
            default=F("state"),
            output_field=CharField(),
        )
    )


def campaigns_shown(viewer: Viewer, *, now: datetime, counted: bool = True) -> QuerySet[Any]:
    """The campaigns with `shown` and, `counted`, how many offers each holds."""
    stopped = Exists(offers.stops(SYSTEM).filter(kind="campaign", code=OuterRef("code")))
    open_states = Q(in_force=True)
    rows = campaigns_seen(viewer).annotate(offer_count=Count("offers")) if counted else campaigns_seen(viewer)
    return rows.annotate(
        shown=Case(
            When(state__in=(campaigns.RECALLED, campaigns.ARCHIVED), then=F("state")),
            When(stopped, then=Value("stopped")),
            When(open_states & Q(starts_at__gt=now), then=Value("scheduled")),
            When(open_states & Q(ends_at__lte=now), then=Value("ended")),
            When(open_states, then=Value("live")),
            default=F("state"),
            output_field=CharField(),
        )
    )


def campaigns_seen(viewer: Viewer) -> QuerySet[Campaign]:
    """The campaigns the viewer sees on screens."""
    return campaigns.visible(viewer)


def stops_shown(viewer: Viewer) -> QuerySet[Stop]:
    """The stops in force that concern the viewer."""
    return offers.stops(viewer)


@dataclass(frozen=True, slots=True)
class Excluded:
    """One exclusion, seen from one of its two ends."""

    other: Offer
    grain: str
    reason: Words
    state: str


def exclusions_shown(viewer: Viewer, code: str) -> Sequence[Excluded]:
    """The exclusions of one offer; `pending` while one of the two ends is not live."""
    rows = offers.exclusions(viewer).filter(Q(first__code=code) | Q(second__code=code))
    asked = list(rows.select_related("first__merchant", "second__merchant"))
    seen = {end.pk for end in as_seen(viewer, (end for one in asked for end in (one.first, one.second)))}
    found = [one for one in asked if {one.first_id, one.second_id} <= seen]
    return [
        Excluded(
            other=one.second if one.first.code == code else one.first,
            grain=one.grain,
            reason=Words(one.reason_en, one.reason_zh or one.reason_en),
            state=_standing(viewer, one),
        )
        for one in found
    ]


def _standing(viewer: Viewer, one: Exclusion) -> str:
    if one.state != "released":
        return one.state
    return "pending" if offers.pending(viewer, one) else "live"


def stop_of(viewer: Viewer, offer: Offer) -> Stop | None:
    """The stop that holds an offer: its own, its campaign's, or everything's."""
    campaign = offer.campaign.code if offer.campaign else ""
    return (
        offers.stops(viewer)
        .filter(Q(kind="offer", code=offer.code) | Q(kind="campaign", code=campaign) | Q(kind="all"))
        .first()
    )


def offer_names(viewer: Viewer, codes: Iterable[str]) -> dict[str, Words]:
    """What people call these offers."""
    rows = offers.visible(viewer, codes).select_related("merchant").only("code", "name_en", "name_zh", "merchant__zone")
    return {row.code: name_of(row) for row in as_seen(viewer, rows)}


def names_of(rows: QuerySet[Any], codes: Iterable[str]) -> dict[str, Words]:
    """What people call those of the rows that have these codes."""
    named = rows.filter(code__in=list(codes)).values_list("code", "name_en", "name_zh")
    return {code: Words(en, zh or en) for code, en, zh in named}


def thing_names(viewer: Viewer, things: Iterable[tuple[str, str]]) -> dict[str, Words]:
    """What people call these offers and campaigns, given by kind and code."""
    themes = names_of(campaigns.visible(viewer), (code for kind, code in things if kind == "campaign"))
    return offer_names(viewer, {code for kind, code in things if kind != "campaign"}) | themes


def currency(viewer: Viewer) -> str:
    """The currency of the viewer's company."""
    return str(catalog.merchants(viewer).get(id=viewer.merchant_id).currency)


def goods_to_try(viewer: Viewer, most: int = 120) -> Sequence[Any]:
    """Goods for a basket, of the viewer's currency, merchant by merchant."""
    rows = catalog.products(viewer).filter(merchant__currency=currency(viewer)).order_by("merchant_id", "sku")
    return list(rows[:most])


def by_merchant(products: Iterable[Any]) -> Sequence[tuple[Any, Sequence[Any]]]:
    """Products in the order given, under their merchants; gifts are not for sale."""
    sold = (product for product in products if "gift" not in product.tags)
    return [(merchant, list(rows)) for merchant, rows in groupby(sold, key=lambda product: product.merchant)]


def first_shoppers(viewer: Viewer, asked: str = "", most: int = 4) -> Sequence[Any]:
    """The shoppers who were there first, and who is asked for: who a basket is tried for."""
    rows = catalog.shoppers(viewer).order_by("id")
    found = list(rows[:most])
    return found if any(row.code == asked for row in found) else [*rows.filter(code=asked), *found]


def review_counts(rows: QuerySet[Any]) -> dict[str, int]:
    """How many reviews are in each state, in the order of a life."""
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return {code: counts[code] for code in ("open", "passed", "sent_back", "rejected", "withdrawn") if code in counts}


def subject_names(viewer: Viewer, rows: Iterable[Any]) -> dict[int, Words]:
    """What the reviewed things are called, by the number of the review: their own name, an exclusion by its two offers, a
    distribution as its draft is called; else their code.
    """
    rows = list(rows)
    ends = {code for one in rows for code in one.content.get("between") or ()}
    names = offer_names(viewer, ends) if ends else {}
    ways = distribution_names(viewer, [one.subject for one in rows if one.subject_kind == "distribution"])
    return {one.pk: _called(one, names, ways) for one in rows}


def _called(review: Any, names: Mapping[str, Words], ways: Mapping[str, Words]) -> Words:
    name, between = review.content.get("name"), review.content.get("between")
    if isinstance(name, dict):
        return Words(name["en"], name.get("zh") or name["en"])
    if between:
        both = [names.get(code, ANOTHER) for code in between]
        return Words(" × ".join(each.en for each in both), " × ".join(each.zh for each in both))
    return ways.get(review.subject, Words(review.subject, review.subject))


def distribution_names(viewer: Viewer, codes: Sequence[str]) -> dict[str, Words]:
    """What people call these distributions."""
    return names_of(distributions.visible(viewer), codes) if codes else {}


def came_back(viewer: Viewer, since: datetime) -> set[int]:
    """The numbers of the reviews from which something came back to the viewer, who submitted or wrote it."""
    rows = list(reviews.came_back(viewer, since).values_list("pk", "subject_kind", "subject", "opened_by")[:IN_HAND])
    written: dict[str, set[str]] = {}
    for kind, own in AUTHORED.items():
        codes = [subject for _, of, subject, by in rows if of == kind and by != viewer.name]
        found = own(viewer).filter(code__in=codes, author=viewer.name) if codes else ()
        written[kind] = {each.code for each in found}
    return {pk for pk, kind, subject, by in rows if by == viewer.name or subject in written.get(kind, ())}


def nearly_gone(viewer: Viewer, most: int = 4) -> Sequence[tuple[Any, Given]]:
    """Live coupons of which nine tenths or more are taken."""
    rows = offers.visible(viewer).filter(kind="coupon", state="released", template__claimable=True)
    rows = rows.select_related("merchant", "template__stock").filter(template__stock__granted__gt=0)
    taken = rows.filter(template__stock__spent__gte=F("template__stock__granted") * 9 / 10)
    return [(offer, given) for offer in as_seen(viewer, taken[:most]) if (given := given_of(offer))]


def coupon_counts(offer: Any) -> Mapping[str, int]:
    """How many coupons of one template are in each state."""
    rows = coupons.visible(SYSTEM).order_by().filter(template__offer=offer)
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def saved_views(viewer: Viewer, person: Any, which: str = "") -> Sequence[SavedView]:
    """A person's views of one list, or of all, by name; nobody's for somebody who is no person here."""
    if not is_self(viewer, person):
        return ()
    rows = SavedView.objects.filter(person=person).order_by("list", "name")
    return list(rows.filter(list=which) if which else rows)


def unfinished(viewer: Viewer) -> QuerySet[Unfinished]:
    """What the viewer began to write and did not save, the last touched first; the system's are everybody's."""
    rows = Unfinished.objects.order_by("-touched_at", "-id")
    if viewer.name == SYSTEM.name:
        return rows
    return rows.filter(merchant_id=viewer.merchant_id, person__code=viewer.name.removeprefix("person:"))


def is_self(viewer: Viewer, person: Any) -> bool:
    """Whether the viewer is this person."""
    return person is not None and viewer.name == f"person:{person.code}" and viewer.merchant_id == person.merchant_id


def offers_in(viewer: Viewer, themes: Iterable[int]) -> Mapping[int, int]:
    """How many offers the viewer sees in each of these campaigns."""
    rows = offers.visible(viewer).order_by().filter(campaign_id__in=list(themes))
    return {theme: n for theme, n in rows.values_list("campaign_id").annotate(n=Count("*")) if theme is not None}


def house(viewer: Viewer) -> Any:
    """The viewer's company."""
    return catalog.merchants(SYSTEM).get(pk=viewer.merchant_id)


def uses_of_presets(viewer: Viewer) -> dict[str, int]:
    """How many of the viewer's offers were made from each preset."""
    rows = offers.own(viewer).filter(preset__gt="").order_by().values_list("preset").annotate(n=Count("*"))
    return dict(rows)


def of(rows: QuerySet[Any], column: str, value: str) -> QuerySet[Any]:
    """The rows with this value in a column. What is a column of another table, as `campaign__code`, is looked up there
    first: a database that knows which campaign is meant knows how many rows that leaves, and which index finds them.
    """
    relation, _, name = column.partition("__")
    if not name:
        return rows.filter(**{column: value})
    other: Any = rows.model._meta.get_field(relation).related_model
    number = other.objects.filter(**{name: value}).values_list("pk", flat=True).first()
    return rows.none() if number is None else rows.filter(**{relation: number})
