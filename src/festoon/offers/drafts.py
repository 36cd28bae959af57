"""Drafts of offers: what people work on. A draft that is kept holds together; what is priced is only its release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from festoon.base.problems import Problem
from festoon.base.windows import instant
from festoon.base.words import Words
from festoon.catalog.models import PLATFORM, Merchant
from festoon.offers import checks
from festoon.offers.checks import Known
from festoon.offers.from_preset import expanded
from festoon.offers.models import Offer
from festoon.offers.room import Room
from festoon.records.batch import Column, Wrong
from festoon.records.refusal import Invalid, NotFound
from festoon.records.values import OUT_OF_YEARS, in_years
from festoon.records.viewer import Viewer
from festoon.rulebook.promotion_types import shelf as promotion_types

OTHER_CURRENCY = Words(
    en="An offer trades in the currency of its campaign: they share a budget.",
    zh="优惠须与活动使用同一币种：预算共用。",
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOT_YOUR_GOODS = Words(en="A merchant's offer is about its own goods.", zh="商家的优惠仅限自己的商品。")
NO_NAME = Words(en="A name in both languages is missing.", zh="缺少中英文名称。")


def draft(room: Room, data: Mapping[str, Any], have: Known, *, by: Viewer, now: datetime) -> Offer:
    """A new offer, not yet kept, from the offers-file form and the room's terms beside it.

    Left out: `owner` is the viewer's merchant, `window` is the campaign's dates, the zone of a window is the owner's, and
    the owner pays: the platform by the name that its budgets go by. A merchant's offer is about its own goods and paid by
    itself. Raises Invalid with every problem located, NotFound for a foreign campaign or merchant. A campaign of another
    currency is refused: its budget is kept in its own.
    """
    whole, unfilled = expanded(data, room.kind, by)
    form, terms, wrong = parted(room, whole)
    preset = form.pop("preset", None)
    owner = _owner(form, have, by)
    campaign = have.campaigns.get(str(form["campaign"])) if form.get("campaign") else None
    if form.get("campaign") and campaign is None:
        raise NotFound("campaign")
    if campaign and campaign.merchant.currency != owner.currency:
        raise Invalid("other_currency", OTHER_CURRENCY, field="campaign")
    form["owner"] = owner.code
    if campaign and not form.get("window"):
        zone = ZoneInfo(campaign.zone)
        ends = (campaign.starts_at.astimezone(zone), campaign.ends_at.astimezone(zone))
        start, end = (moment.replace(tzinfo=None).isoformat(timespec="minutes") for moment in ends)
        form["window"] = {"start": start, "end": end, "zone": campaign.zone}
    form |= _zoned(form.get("window"), owner.zone)
    if owner.pk != PLATFORM:
        form["scope"] = own_goods(form.get("scope") or {"all": True}, owner.code)
    checks.check(form, have, [*unfilled, *wrong])
    if owner.pk == PLATFORM and not form.get("payers") and not _names_payer(form):
        form["payers"] = [{"payer": "platform", "basis_points": 10_000}]
    _in_years(form.get("window") or {})
    starts_at, ends_at = span(form.get("window") or {}, owner.zone)
    return Offer(
        merchant=owner,
        campaign=campaign,
        code=form["code"],
        kind=room.kind,
        type=form.get("type") or next(iter(form["benefit"])),
        name_en=form["name"]["en"],
        name_zh=form["name"]["zh"],
        draft={**form, "terms": terms} | ({"preset": preset} if preset else {}),
        preset=preset["code"] if preset else "",
        starts_at=starts_at,
        ends_at=ends_at,
        author=by.name,
        created_at=now,
        edited_at=now,
        source=str(data.get("source", "")),
    )


def parted(room: Room, data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], list[Problem]]:
    """The release form of the data, the room's terms in it, and what is wrong with the name and the terms."""
    names = {column.name for column in room.terms}
    form = {name: value for name, value in data.items() if name not in names | {"source", "terms"}}
    given = {**data.get("terms", {}), **{name: data[name] for name in names & data.keys()}}
    if form.setdefault("kind", room.kind) != room.kind:
        raise Invalid("wrong_kind", Words(en=f"This is no {room.kind}.", zh="类别不符。"), field="kind")
    wrong = [] if isinstance(form.get("name"), Mapping) else [Problem(("name",), "missing", NO_NAME)]
    terms = {column.name: _term(column, given, wrong) for column in room.terms}
    return plain(form), terms, wrong


def releasable(offer: Offer) -> dict[str, Any]:
    """What of the draft is released: all but the terms, which are the room's, and where its rules came from."""
    return {name: value for name, value in offer.draft.items() if name not in ("terms", "preset")}


def span(window: Mapping[str, Any], zone: str) -> tuple[datetime | None, datetime | None]:
    """The two ends of a window as moments in UTC."""
    own = str(window.get("zone") or zone)
    ends = (window.get("start"), window.get("end"))
    start, end = (EPOCH + timedelta(microseconds=instant(str(each), own)) if each else None for each in ends)
    return start, end


def _in_years(window: Mapping[str, Any]) -> None:
    """Invalid for a window of which an end is no time at all in some zone."""
    for name in ("start", "end"):
        if window.get(name) and not in_years(datetime.fromisoformat(str(window[name]))):
            raise Invalid("out_of_range", OUT_OF_YEARS, field=f"window.{name}")


def own_goods(scope: Mapping[str, Any], merchant: str) -> dict[str, Any]:
    """The scope, kept to one merchant's goods; Invalid when it names another merchant."""
    if list(scope.get("merchant", [merchant])) != [merchant]:
        raise Invalid("not_your_goods", NOT_YOUR_GOODS, field="scope.merchant")
    return {**{name: values for name, values in scope.items() if name != "all"}, "merchant": [merchant]}


def plain(value: Any) -> Any:
    """The value as JSON has it: moments as text, lists for tuples."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _zoned(window: Any, zone: str) -> dict[str, Any]:
    """A window that names no zone, with this one: whoever reads the release reads the moments that were agreed on."""
    named = not isinstance(window, Mapping) or not window or window.get("zone")
    return {} if named else {"window": {**window, "zone": zone}}


def _names_payer(form: Mapping[str, Any]) -> bool:
    """Whether its type says who pays where nobody else does."""
    return "type" in form and promotion_types[str(form["type"])].payer is not None


def _owner(form: Mapping[str, Any], have: Known, by: Viewer) -> Merchant:
    """Whose offer it is; a merchant's people speak only for their own."""
    mine = [merchant for merchant in have.merchants.values() if by.is_platform or merchant.pk == by.merchant_id]
    named = form.get("owner")
    for merchant in mine:
        if merchant.code == named or (named is None and merchant.pk == by.merchant_id):
            return merchant
    raise NotFound("merchant", "owner")


def _term(column: Column, given: Mapping[str, Any], wrong: list[Problem]) -> Any:
    try:
        return plain(column.value(given))
    except Wrong as found:
        wrong.append(Problem((column.name,), found.code, found.words))
        return None
