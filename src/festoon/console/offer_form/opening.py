"""How a form comes to be: from an address, from a post, from an offer that is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import get_language

from festoon.catalog import queries as catalog
from festoon.catalog.models import Merchant
from festoon.console import wall
from festoon.console.asked import whole
from festoon.console.offer_form.control import Terms
from festoon.console.offer_form.form import BENEFIT, PRESET, TYPE, Form, Rule
from festoon.console.offer_form.raw import put, text, tree
from festoon.console.offer_form.vocabulary import Vocabulary
from festoon.offers.from_preset import rules_of
from festoon.offers.models import Offer
from festoon.presets import library
from festoon.records.refusal import NotFound
from festoon.records.viewer import SYSTEM, Viewer
from festoon.rulebook import benefits, promotion_types

ZHE, OFF = "zhe", "off"
SHELVES: Mapping[str, Any] = {TYPE: promotion_types.shelf, BENEFIT: benefits.shelf}
LASTS = timedelta(days=7)


def rule(viewer: Viewer, named: str, kind: str) -> Rule:
    """The rule of an address: `type:percent`, `benefit:gift`, `preset:happy-hours`. NotFound for none."""
    way, _, code = named.partition(":")
    if way == PRESET:
        code, _, version = code.partition("@")
        entry = library.entry(viewer, code, whole(version))
        return Rule(PRESET, entry.code, str(entry.data["kind"]), entry)
    cls: Any = SHELVES[way].get(code) if way in SHELVES else None
    if cls is None:
        raise NotFound("rule", "rule")
    kinds = getattr(cls, "kinds", ("promotion", "coupon"))
    return Rule(way, code, kind if kind in kinds else kinds[0])


def fresh(viewer: Viewer, asked: QueryDict, now: datetime) -> Form:
    """A form for a new offer of the rule that was asked for, with the campaign and the example if they were."""
    made = rule(viewer, asked.get("rule", ""), asked.get("kind", "promotion"))
    house = _house(viewer)
    data: dict[str, Any] = {
        "kind": made.kind,
        "code": fresh_code(made),
        "owner": house.code,
        "window": _week(house, now),
    }
    if asked.get("campaign"):
        data |= {"campaign": asked["campaign"], "window": {"zone": house.zone}}
    if asked.get("example") and made.way == TYPE:
        data["with"] = wall.EXAMPLES.get(made.code, {})
    if made.preset and asked.get("example"):
        data["preset"] = {"values": {each["name"]: each["example"] for each in made.preset.data["open"]}}
    return Form(made, Form.of(made, data, terms(viewer, house)).raw, terms(viewer, house))


def of_offer(viewer: Viewer, offer: Offer) -> Form:
    """The form of the draft as it is kept."""
    made, data = _kept(viewer, offer)
    return Form.of(made, data, terms(viewer, offer.merchant))


def like(viewer: Viewer, offer: Offer) -> Form:
    """A form for a new offer that begins as a copy of one that is there, under a code of its own."""
    made, data = _kept(viewer, offer)
    copied = Form.of(made, {**data, "code": fresh_code(made)}, terms(viewer, offer.merchant))
    return Form(made, copied.raw, copied.terms)


def _kept(viewer: Viewer, offer: Offer) -> tuple[Rule, dict[str, Any]]:
    """The rule of a draft, and its values."""
    data = {name: value for name, value in offer.draft.items() if name != "terms"} | dict(offer.draft.get("terms", {}))
    if used := data.get("preset"):
        made = rule(viewer, f"preset:{used['code']}@{used['version']}", offer.kind)
        data = {name: value for name, value in data.items() if name not in rules_of(offer.draft, viewer)}
    else:
        made = rule(viewer, _named(data), offer.kind)
    return made, data


def posted(viewer: Viewer, post: QueryDict, offer: Offer | None) -> Form:
    """The form as it was posted, in the way of writing figures it was drawn in."""
    raw = tree(post.lists())
    before = of_offer(viewer, offer) if offer else None
    made = before.rule if before else rule(viewer, text(raw.get("rule")), text(raw.get("kind")))
    owner = offer.merchant if offer else _owner(viewer, text(raw.get("owner")))
    if offer:
        put(raw, ["code"], [offer.code])
        put(raw, ["owner"], [offer.merchant.code])
    return Form(made, raw, terms(viewer, owner, zhe=text(raw.get("notation")) == ZHE), before.before if before else {})


def terms(viewer: Viewer, house: Merchant, *, zhe: bool | None = None) -> Terms:
    """The currency and zone of the owner; figures in the way of the page's language unless the post says otherwise."""
    said = (get_language() or "en").startswith("zh") if zhe is None else zhe
    return Terms(house.currency, house.zone, said, Vocabulary(viewer))


def named(made: Rule) -> str:
    """The rule as an address has it."""
    return f"{made.way}:{made.code}" + (f"@{made.preset.version}" if made.preset else "")


def fresh_code(made: Rule) -> str:
    """A code that nobody has."""
    return f"{made.code.replace('_', '-')}-{uuid4().hex[:6]}"


def _named(data: Mapping[str, Any]) -> str:
    return f"{TYPE}:{data['type']}" if "type" in data else f"{BENEFIT}:{next(iter(data['benefit']))}"


def _house(viewer: Viewer) -> Merchant:
    return catalog.merchants(SYSTEM).get(pk=viewer.merchant_id)


def _owner(viewer: Viewer, code: str) -> Merchant:
    return catalog.merchants(viewer).filter(code=code).first() or _house(viewer)


def _week(house: Merchant, now: datetime) -> dict[str, str]:
    """From tomorrow's midnight for a week."""
    start = (now.astimezone(ZoneInfo(house.zone)) + timedelta(days=1)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    first, last = (moment.replace(tzinfo=None).isoformat(timespec="minutes") for moment in (start, start + LASTS))
    return {"start": first, "end": last, "zone": house.zone}
