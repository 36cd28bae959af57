"""How a distribution is read: for whom, by which channels, where and until when, checked against the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from festoon.base.form import read
from festoon.base.problems import Problem, Problems
from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.campaigns.models import Campaign
from festoon.catalog import queries as catalog
from festoon.distribution.models import Distribution
from festoon.offers import queries as offers
from festoon.offers.checks import refusal
from festoon.offers.drafts import plain, span
from festoon.records.refusal import Invalid
from festoon.records.viewer import SYSTEM, Viewer
from festoon.rulebook import fields

NAME = Words(en="A name in both languages is missing.", zh="缺少中英文名称。")
OWN_OFFERS = Words(en="Name the offers: a merchant gives out only its own.", zh="请指定优惠：商家只能投放自己的优惠。")


def draft(data: Mapping[str, Any], *, by: Viewer, now: datetime) -> Distribution:
    """A distribution, not yet kept, of the offers-file form with `name` {en, zh}.

    Its window is the campaign's where none is given. Raises Invalid with every problem located.
    """
    form = plain({name: value for name, value in data.items() if name != "name"})
    name = data.get("name")
    if not isinstance(name, Mapping) or not all(isinstance(name.get(language), str) for language in ("en", "zh")):
        raise Invalid("missing", NAME, field="name")
    campaign = campaigns.campaign(by, str(form.get("campaign", "")))
    form.setdefault("window", _dates(campaign))
    problems = Problems()
    read(fields.Distribution, form, (), problems)
    found = problems.found or [*_unknown(form, campaign, by)]
    if found:
        raise refusal(found)
    form["window"] = {"zone": campaign.zone, **form["window"]}  # else each who reads it would take another
    span(form["window"], campaign.zone)
    owner = catalog.owner(by, "")
    return Distribution(
        merchant=owner if not by.is_platform else campaign.merchant, campaign=campaign, code=form["code"],
        name_en=name["en"], name_zh=name["zh"], draft=form, author=by.name, created_at=now,
    )  # fmt: skip


def _dates(campaign: Campaign) -> dict[str, str]:
    return {
        "start": campaign.starts_at.isoformat(),
        "end": campaign.ends_at.isoformat(),
        "zone": campaign.zone,
    }


def _unknown(form: Mapping[str, Any], campaign: Campaign, by: Viewer) -> Iterator[Problem]:
    """Offers that are not of this campaign or not the viewer's; stores, segments and recipients nobody knows."""
    listed = list(form.get("offers") or ())
    if not listed and not by.is_platform and campaign.merchant_id != by.merchant_id:
        yield Problem(("offers",), "missing", OWN_OFFERS)
    known = {
        "offers": set(offers.own(by).filter(campaign=campaign, code__in=listed).values_list("code", flat=True)),
        "stores": catalog.codes(catalog.stores(by)),
        "segments": catalog.codes(catalog.segments(SYSTEM)),
        "buyers": catalog.found(catalog.shoppers(SYSTEM), "code", list(form.get("buyers") or ()), "id"),
    }
    for name, codes in known.items():
        for at, code in enumerate(form.get(name) or ()):
            if code not in codes:
                yield Problem((name, at), "unknown", Words(en=f"There is no {code!r}.", zh=f"没有“{code}”。"))
