"""The page on which an offer is written, put together: the form, its sentence, and what it would do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date
from django.utils import timezone

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import offer_changes, offer_phone, offer_preview, queries, scope_picker, wall
from festoon.console.asked import whole
from festoon.console.offer_desk import Desk, every, sections, title
from festoon.console.offer_form import opening
from festoon.console.offer_form.form import PRESET, Form
from festoon.console.offer_form.raw import rows, text
from festoon.console.offer_steps import WRITE, steps
from festoon.console.stands import mark, stands
from festoon.offers.drafts import span
from festoon.offers.models import Offer
from festoon.offers.released import agreed
from festoon.records.viewer import Viewer
from festoon.rulebook.sentence import NOTHING
from festoon.storefront.rule import rule
from festoon.storefront.templatetags.said import unbroken

MOST = 99
MOMENT = timedelta(microseconds=1)
"""An end at midnight is the end of the day before."""


def context(
    viewer: Viewer, found: Desk, offer: Offer | None, now: datetime, *, refused: bool = False
) -> Mapping[str, Any]:  # fmt: skip
    """Everything the page shows; `refused` when it was to be kept and could not be."""
    form, made = found.form, found.made
    data = made.draft if made else found.data
    shopper, currency = text(form.raw.get("shopper")), form.terms.currency
    shown = offer_preview.preview(made, basket(form), shopper, by=viewer, now=now) if made else None
    parts, review = sections(form), stands(viewer, offer.kind, offer, now=now) if offer else None
    mark(parts, review)
    said = sentence(data, currency, form.terms.zone) if "type" in data or "benefit" in data else None
    scope = found.data.get("scope")
    return {
        "offer": offer,
        "stands": review,
        "steps": steps(offer, WRITE, may=True),
        "refused": refused,
        "sections": parts,
        "oob": ",".join(["#meets", *(f"#{each.id}-beside" for each in every(parts) if each.template == "percent")]),
        "faults": found.faults,
        "ready": not found.faults,
        "sentence": said,
        "changed": changed(viewer, found, offer),
        "phone": offer_phone.phone(made, said, shown, now=now) if made and said else "",
        "example": example(found),
        "title": title(form.rule),
        "code": found.data.get("code", ""),
        "rule": opening.named(form.rule),
        "kind": form.rule.kind,
        "notation": opening.ZHE if form.terms.zhe else opening.OFF,
        "currency": currency,
        "preset": form.rule.preset,
        "meets": scope_picker.meets(viewer, scope, now=now) if isinstance(scope, Mapping) and scope else None,
        "preview": shown,
        "basket": basket(form),
        "shopper": shopper,
        "shoppers": queries.first_shoppers(viewer),
        "sample": shown.sample if shown else sample(found, viewer, now),
    }


def changed(viewer: Viewer, found: Desk, offer: Offer | None) -> Mapping[str, Any] | None:
    """What differs from the version that is out, as whoever reviews it will read it; None for one that never was."""
    last = agreed(viewer, offer.code) if offer is not None else None
    if last is None or offer is None:
        return None
    rows = None
    if found.made is not None:
        after = {**found.made.draft, "name": found.data.get("name")}
        rows = offer_changes.changes(last.content, after, found.form.terms)
    return {"version": last.version, "live": offer.out, "rows": rows}


def sentence(data: Mapping[str, Any], currency: str, zone: str) -> Words | None:
    """The rule in a sentence, with its last day; None where it says nothing yet."""
    said = rule(data, currency)
    if said == NOTHING:
        return None
    window = data.get("window") or {}
    try:
        _, end = span({"end": window.get("end"), "zone": window.get("zone")}, zone)
    except (ValueError, TypeError, OverflowError):
        return said
    if end is None:
        return said
    day = timezone.localtime(end - MOMENT)
    return said + Words(
        f", until {unbroken(format_date(day, 'MMM d', locale='en'))}",
        f"，至{unbroken(format_date(day, 'M月d日', locale='zh_Hans_CN'))}",
    )


def example(found: Desk) -> Words | None:
    """The example of the card one came from."""
    made = found.form.rule
    if made.way == PRESET or made.code not in wall.EXAMPLES:
        return None
    return rule(wall.example(made.code, made.kind), found.form.terms.currency)


def basket(form: Form) -> dict[str, int]:
    """The sample basket that the operator put together; empty when the house chooses one."""
    lines = {text(row.get("sku")): text(row.get("quantity")) for row in rows(form.raw.get("basket"))}
    return {sku: min(count, MOST) for sku, typed in lines.items() if sku and (count := whole(typed))}


def sample(found: Desk, viewer: Viewer, now: datetime) -> Any:
    """One of the goods, to say what a percentage comes to."""
    skus = offer_preview.middle(found.data, str(found.data.get("owner") or ""), by=viewer, now=now)
    return catalog.products(viewer).filter(sku__in=skus[-1:]).first()
