"""Everything about one campaign, put together for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.catalog import queries as catalog
from festoon.composition.queries import Outline, outline, waiting_for
from festoon.composition.renewing import behind
from festoon.console import campaign_cost, dashboard, history, queries
from festoon.console.campaign_results import results
from festoon.console.given import Given
from festoon.console.stands import stands
from festoon.coupons import queries as coupons
from festoon.offers import queries as owned
from festoon.offers.released import as_seen
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import machine
from festoon.storefront.figures import basis_points, share

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Tiles:
    """How the campaign does: counts, money in minor units, shares in basis points; `begins_in` so many days, 0: it has."""

    claimed: int
    out: int
    used: int
    stock: int
    discount: int
    discount_budget: int
    begins_in: int
    days_left: int
    elapsed: int

    @property
    def used_share(self) -> int:
        """How many of the claimed coupons are used."""
        return basis_points(self.used, self.claimed)

    @property
    def discount_share(self) -> int:
        """How much of the discount budget is gone."""
        return basis_points(self.discount, self.discount_budget)


def context(viewer: Viewer, code: str, *, cost: bool = False, now: datetime) -> Mapping[str, Any]:
    """One campaign with its parts; `cost`: with what it can cost, however long that takes. NotFound for a foreign code.

    It may hold tens of thousands of offers: those that are shown are read, the rest counted.
    """
    found = queries.campaigns_shown(viewer, now=now, counted=False).filter(code=code).first()
    if found is None:
        raise NotFound("campaign")
    parts = outline(viewer, found)
    held = queries.offers_in(viewer, [found.pk]).get(found.pk, 0)
    archived = campaigns.archive(viewer, found)
    lines = dashboard.budget_lines(viewer, [found])
    return {
        "campaign": found,
        "reason": Words(found.reason_en, found.reason_zh or found.reason_en),
        "currency": found.merchant.currency,
        **results(viewer, parts, sum(line.given.gone for line in lines if line.kind == "discount"), now=now),
        "products": {row.sku: row for row in catalog.visible(SYSTEM).filter(sku__in=[g.product for g in parts.goals])},
        "offers": _first(viewer, found, now),
        "held": held,
        "offers_more": held if held > SHOWN else 0,
        "distributions": parts.distributions,
        "budget": lines,
        "behind": behind(viewer, owned.own(viewer).filter(campaign=found)).count() if viewer.may("offers.edit") else 0,
        **campaign_cost.of(viewer, found, held, asked=cost, now=now),
        "tiles": _tiles(viewer, found, lines, now),
        "happened": history.of(viewer, ("campaign",), code),
        **history.talk(viewer, "campaign", found),
        "stands": stands(viewer, "campaign", found, now=now),
        "may_submit": viewer.may("campaigns.edit") and _goes(viewer, parts),
        **_may(viewer, found, now),
        "archived": archived,
        "names": queries.offer_names(viewer, archived.figures["coupons"]) if archived else {},
        "waiting": waiting_for(viewer, found, now),
        "places": _called(catalog.stores(SYSTEM), parts, "stores"),
        "groups": _called(catalog.segments(SYSTEM), parts, "segments"),
    }


def _first(viewer: Viewer, campaign: Any, now: datetime) -> Sequence[Any]:
    """The first of its offers by code: which they are is asked of an index, for rows are long."""
    rows = owned.visible(viewer).filter(campaign=campaign)
    few = list(rows.order_by("code").values_list("pk", flat=True)[:SHOWN])
    return as_seen(viewer, queries.offers_shown(viewer, now=now).filter(pk__in=few))


def _goes(viewer: Viewer, parts: Outline) -> bool:
    """Whether there is a draft to submit: the campaign's own, of a distribution or of an offer."""
    states = [parts.campaign.state, *(each.state for each in parts.distributions)]
    drafts = owned.visible(viewer).order_by().filter(campaign=parts.campaign, state__in=machine.EDITABLE)
    return any(each in machine.EDITABLE for each in states) or drafts.exists()


def _may(viewer: Viewer, found: Any, now: datetime) -> Mapping[str, bool]:
    """What this person may do with the whole campaign now."""
    own = viewer.is_platform or found.merchant_id == viewer.merchant_id
    edits = own and viewer.may("campaigns.edit")
    over = found.state == campaigns.ARCHIVED
    return {
        "may_edit": edits,
        "may_portrait": own and viewer.may("data.read"),
        "may_compose": edits and machine.editable(found.state, campaigns.APPROVED),
        "may_compensate": viewer.may("coupons.issue"),
        "may_recall": own and viewer.may("offers.stop") and found.in_force and found.state != campaigns.RECALLED,
        "may_archive": edits and not over and found.ends_at <= now,
        "to_throw_away": edits and found.in_force and found.term == campaigns.ONE_OFF and found.ends_at <= now,
    }


def spent(viewer: Viewer, rows: Sequence[Any]) -> Mapping[int, Given]:
    """How much of each campaign's budget is gone, all lines together."""
    parts: dict[int, list[Given]] = {row.pk: [] for row in rows}
    for line in dashboard.budget_lines(viewer, rows):
        parts[line.campaign.pk].append(line.given)
    return {pk: Given(sum(one.gone for one in some), sum(one.whole for one in some)) for pk, some in parts.items()}


def _called(rows: QuerySet[Any], parts: Outline, field: str) -> Mapping[str, Words]:
    """What the stores or groups that the campaign's distributions name are called."""
    return queries.names_of(rows, {code for each in parts.distributions for code in each.draft.get(field) or ()})


def _tiles(viewer: Viewer, campaign: Any, lines: Any, now: datetime) -> Tiles:
    held = coupons.visible(viewer).order_by().filter(template__offer__campaign=campaign)
    counts = dict(held.values_list("state").annotate(n=Count("pk")))
    templates = coupons.templates(viewer).order_by().filter(offer__campaign=campaign)
    discounts = [line.given for line in lines if line.kind == "discount"]
    return Tiles(
        claimed=sum(counts.values()),
        out=counts.get("claimed", 0),
        used=counts.get("redeemed", 0),
        stock=templates.aggregate(whole=Sum("stock__granted"))["whole"] or 0,
        discount=sum(given.gone for given in discounts),
        discount_budget=sum(given.whole for given in discounts),
        begins_in=max(0, -((now - campaign.starts_at) // timedelta(days=1))),
        days_left=max(0, (campaign.ends_at - now).days),
        elapsed=share(
            int((now - campaign.starts_at).total_seconds()),
            int((campaign.ends_at - campaign.starts_at).total_seconds()),
        ),
    )
