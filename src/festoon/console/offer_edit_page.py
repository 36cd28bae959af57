"""The page on which an offer is written, put together: the form, its sentence, and what it would do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import offer_preview, queries, wall
from festoon.console.offer_desk import Desk, sections
from festoon.console.offer_form import opening
from festoon.console.offer_form.form import PRESET, TYPE, Form
from festoon.console.offer_form.raw import rows, text
from festoon.console.offer_form.titles import title
from festoon.offers.models import Offer
from festoon.records.viewer import Viewer
from festoon.rulebook import benefits, promotion_types
from festoon.storefront.rule import rule

MOST = 99


def context(
    request: HttpRequest, viewer: Viewer, found: Desk, offer: Offer | None, now: datetime, *, refused: bool = False
) -> Mapping[str, Any]:
    """Everything the page shows; `refused` when it was to be kept and could not be."""
    form = found.form
    made = found.made
    data = made.draft if made else found.data
    currency = form.terms.currency
    shopper = text(form.raw.get("shopper"))
    shown = offer_preview.preview(made, basket(form), shopper, by=viewer, now=now) if made else None
    return {
        "preview": shown,
        "basket": basket(form),
        "shopper": shopper,
        "shoppers": queries.first_shoppers(viewer),
        "sample": shown.sample if shown else sample(found, viewer, now),
        "offer": offer,
        "refused": refused,
        "sections": sections(form),
        "faults": found.faults,
        "ready": made is not None,
        "sentence": rule(data, currency) if "type" in data or "benefit" in data else None,
        "example": example(found),
        "title": title_of(found),
        "rule": opening.named(form.rule),
        "kind": form.rule.kind,
        "notation": opening.ZHE if form.terms.zhe else opening.OFF,
        "currency": currency,
        "preset": form.rule.preset,
    }


def title_of(found: Desk) -> Words:
    """What kind of thing is written."""
    made = found.form.rule
    if made.preset:
        return made.preset.name
    shelf: Any = promotion_types.shelf if made.way == TYPE else benefits.shelf
    return title(shelf[made.code], made.code)


def example(found: Desk) -> Words | None:
    """The example of the card one came from."""
    made = found.form.rule
    if made.way == PRESET or made.code not in wall.EXAMPLES:
        return None
    return rule(wall.example(made.code, made.kind), found.form.terms.currency)


def basket(form: Form) -> dict[str, int]:
    """The sample basket that the operator put together; empty when the house chooses one."""
    lines = {text(row.get("sku")): text(row.get("quantity")) for row in rows(form.raw.get("basket"))}
    return {sku: min(int(count), MOST) for sku, count in lines.items() if sku and count.isdecimal() and int(count)}


def sample(found: Desk, viewer: Viewer, now: datetime) -> Any:
    """One of the goods, to say what a percentage comes to."""
    owner = found.data.get("owner") or ""
    skus = offer_preview.middle(found.data, owner, by=viewer, now=now)
    return catalog.products(viewer).filter(sku__in=skus[-1:]).first()
