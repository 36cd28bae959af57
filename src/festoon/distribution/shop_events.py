"""What the shop saw: a page opened, a campaign shared, a basket filled; checked, then left in the outbox."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.catalog import queries as catalog
from festoon.offers import queries as offers
from festoon.records.audit import record
from festoon.records.batch import Batch, Column, RefusedRow, Wrong, read_rows
from festoon.records.canonical import digest
from festoon.records.events import publish
from festoon.records.keys import once, remember
from festoon.records.refusal import Invalid
from festoon.records.values import text
from festoon.records.viewer import SYSTEM, Viewer

KINDS = {
    "campaign.opened": Words("a campaign's page was opened", "打开活动页"),
    "campaign.shared": Words("a campaign was shared", "分享活动"),
    "offer.viewed": Words("an offer was looked at", "查看优惠"),
    "product.viewed": Words("a product was looked at", "查看商品"),
    "basket.filled": Words("something was put into the basket", "加入购物车"),
    "checkout.opened": Words("checkout was opened", "进入结算"),
}
"""Kinds of events a shop may send. What the centre itself does (claimed, redeemed …) it tells itself."""
MOST = 1000
OLDEST = timedelta(days=7)
AHEAD = timedelta(minutes=5)
VERB = "events.take"


def take_events(rows: Sequence[Mapping[str, Any]], *, by: Viewer, now: datetime, key: str) -> Batch:
    """Take a batch of at most 1,000 events; channel, store and merchant are the viewer's.

    A row has `kind`, and may have `id` (the shop's own, unique for ever: sent twice it counts once), `at` (at most
    7 days ago, default now), `campaign`, `offer`, `shopper`, `sku`, `scene`. Rows that do not hold are refused one
    by one; the others are taken. Raises Forbidden without `events.write`, Invalid for too many, KeyReused.
    """
    by.require("events.write")
    if not 1 <= len(rows) <= MOST:
        raise Invalid(
            "wrong_length", Words("A batch has 1 to 1,000 events.", "每批 1 至 1000 个事件。"), field="events"
        )
    body = [{name: _plain(value) for name, value in row.items()} for row in rows]
    with transaction.atomic():
        if (before := once(by=by, key=key, verb=VERB, body=body)) is not None:
            return Batch.of(before.answer)
        refused: list[RefusedRow] = []
        batch_id = digest(key)  # a key may be longer than an id
        named = [{"id": f"{batch_id}#{index}", **row} for index, row in enumerate(rows)]
        merchant = catalog.merchants(SYSTEM).get(pk=by.merchant_id).code
        taken = [
            _event(row, merchant, by, now) for _, row in read_rows(named, _columns(rows, by, now), ["id"], refused)
        ]
        batch = Batch(len(taken), refused)
        if taken:
            record(by=by, at=now, verb=VERB, kind="events", subject=taken[0]["id"], key=key, rows={"taken": len(taken)})
            remember(by=by, key=key, verb=VERB, body=body, answer=batch.to_data(), now=now)
            publish(at=now, kind="shop", merchant_id=by.merchant_id, events=taken)
        return batch


def _event(row: Mapping[str, Any], merchant: str, by: Viewer, now: datetime) -> dict[str, Any]:
    at: datetime = row["at"] or now
    number = hashlib.sha256(f"{by.merchant_id}\0{row['id']}".encode()).hexdigest()[:32]
    about = {name: row[name] for name in ("kind", "campaign", "offer", "shopper", "sku", "scene")}
    place = {"merchant": merchant, "channel": by.channel, "store": by.store}
    return {"id": number, "at": at.astimezone(UTC).isoformat(), **about, **place}


def _columns(rows: Sequence[Mapping[str, Any]], by: Viewer, now: datetime) -> list[Column]:
    return [
        Column("id", text(96)),
        Column("kind", _kind),
        Column("at", lambda value: _moment(value, now), None),
        Column("campaign", _known(campaigns.visible(by), "code", rows, "campaign"), ""),
        Column("offer", _known(offers.visible(by), "code", rows, "offer"), ""),
        Column("shopper", _known(catalog.shoppers(SYSTEM), "code", rows, "shopper"), ""),
        Column("sku", text(64, empty=True), ""),
        Column("scene", text(32, empty=True), ""),
    ]


def _kind(value: Any) -> str:
    if value not in KINDS:
        raise Wrong("not_one_of", f"A shop sends {', '.join(KINDS)}.", f"可上报的类型：{'、'.join(KINDS)}。")
    return str(value)


def _moment(value: Any, now: datetime) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Wrong("wrong_form", "Write a moment with its offset.", "时间须带时区偏移。")
    if not now - OLDEST <= value <= now + AHEAD:
        raise Wrong("out_of_range", "It lies more than 7 days back or ahead of now.", "时间早于 7 天前或晚于当前。")
    return value


def _known(found: QuerySet[Any], field: str, rows: Sequence[Mapping[str, Any]], name: str) -> Any:
    """A reader that takes only codes the query finds; one look at the database for the whole batch."""
    wanted = sorted({value for row in rows if isinstance(value := row.get(name), str) and value})
    there = catalog.found(found, field, wanted, field)

    def read(value: Any) -> str:
        if value in ("", None):
            return ""
        if value not in there:
            raise Wrong("not_found", "There is no such thing.", "没有找到。")
        return str(value)

    return read


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
