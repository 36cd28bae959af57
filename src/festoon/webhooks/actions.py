"""What one does with an endpoint: subscribe, pause, change its secret, end it; send again what it did not take.

Each verb is one transaction with one audit row. Subscribed twice with one key, there is one endpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from festoon.base.words import Words
from festoon.records import keys
from festoon.records import queries as records
from festoon.records.audit import record
from festoon.records.refusal import Conflict, Invalid
from festoon.records.viewer import SYSTEM, Viewer
from festoon.webhooks import address, queries
from festoon.webhooks.models import Endpoint

RIGHT = "webhooks.edit"
BOTH = timedelta(hours=24)
"""How long the secret before the last change still signs beside the new one."""
MOST = 20
NAME = Words(en="A name of 1 to 64 signs.", zh="名称为 1 至 64 个字符。")
KINDS = Words(
    en="Kinds are texts such as order.redeemed; none for all.", zh="类型为文字，如 order.redeemed；留空为全部。"
)
TAKEN = Words(en="A webhook has this name already.", zh="已有同名的 Webhook。")
MANY = Words(en=f"At most {MOST} webhooks a merchant.", zh=f"每个商家最多 {MOST} 个 Webhook。")
ENDED = Words(en="This webhook cannot be changed so now.", zh="该 Webhook 当前不能这样操作。")


def subscribe(name: str, url: str, kinds: Sequence[str] = (), *, by: Viewer, now: datetime, key: str = "") -> Endpoint:
    """Send the viewer's merchant's events (the platform: everybody's) of these kinds (none: all) to `url` from now on.

    Only https to a public address; where the name leads is looked at each time something is sent.
    """
    by.require(RIGHT)
    if not 1 <= len(name) <= 64 or not name.isprintable():
        raise Invalid("not_text", NAME, field="name")
    if len(kinds) > 100 or not all(isinstance(kind, str) and 1 <= len(kind) <= 64 for kind in kinds):
        raise Invalid("not_text", KINDS, field="kinds")
    try:
        address.GUARD.read(url)
    except address.Refused as refused:
        raise Invalid(
            "not_an_address",
            Words(f"An https address in the internet: {refused}.", f"须为公网 https 地址（{refused}）。"),
            field="url",
        ) from None
    body = [name, url, list(kinds)]
    try:
        with transaction.atomic():
            if before := keys.once(by=by, key=key, verb="webhooks.subscribe", body=body):
                return queries.endpoint(by, before.answer["webhook"])
            if queries.plain(by).filter(merchant_id=by.merchant_id).exclude(state="ended").count() >= MOST:
                raise Conflict("too_many", MANY, field="name")
            last = records.outbox(SYSTEM).order_by("-id").values_list("id", flat=True).first() or 0
            made = Endpoint(
                merchant_id=by.merchant_id, name=name, url=url, kinds=list(kinds), after=last, created_at=now,
                created_by=by.name,
            )  # fmt: skip
            made.save(force_insert=True)
            answer = {"webhook": made.pk}
            keys.remember(by=by, key=key, verb="webhooks.subscribe", body=body, answer=answer, now=now)
            _note("subscribe", made, by, now, after="live")
    except IntegrityError:
        raise Conflict("taken", TAKEN, field="name") from None
    return made


def pause(number: int, *, by: Viewer, now: datetime) -> Endpoint:
    """Send nothing to it; what waits stays, what happens meanwhile is not kept for it."""
    return _move(number, "pause", ("live", "paused"), "paused", by=by, now=now)


def resume(number: int, *, by: Viewer, now: datetime) -> Endpoint:
    """Send to it again, also after it was gone."""
    return _move(number, "resume", ("live", "paused", "gone"), "live", by=by, now=now)


def end(number: int, *, by: Viewer, now: datetime) -> Endpoint:
    """Send nothing to it any more; its name is free again."""
    return _move(number, "end", ("live", "paused", "gone"), "ended", by=by, now=now)


def change_secret(number: int, *, by: Viewer, now: datetime) -> Endpoint:
    """Make a new secret; for a day what is sent bears a signature by each, so the receiver can change in between.

    Changed again within that day: Conflict, for the one before the last would no longer verify.
    """
    by.require(RIGHT)
    with transaction.atomic():
        found = queries.endpoint(by, number, lock=True)
        if found.both_until is not None and now < found.both_until:
            raise Conflict("just_changed", ENDED, field="webhook")
        found.generation, found.both_until = found.generation + 1, now + BOTH
        found.save(update_fields=["generation", "both_until"])
        _note("change_secret", found, by, now)
    return found


def resend(number: int, delivery: int | None = None, *, by: Viewer, now: datetime) -> int:
    """Try again what the endpoint did not take: one delivery, or all that are dead; how many."""
    by.require(RIGHT)
    with transaction.atomic():
        found = queries.endpoint(by, number, lock=True)
        rows = queries.deliveries(by).order_by().filter(endpoint=found)
        rows = rows.filter(state="dead") if delivery is None else rows.filter(pk=delivery)
        count = rows.update(state="waiting", attempts=0, due_at=now, ended_at=None)
        queries.plain(by).filter(pk=found.pk).update(failures=0, rests_until=None)
        _note("resend", found, by, now, why=f"{count}")
    return count


def _move(number: int, verb: str, of: Sequence[str], to: str, *, by: Viewer, now: datetime) -> Endpoint:
    by.require(RIGHT)
    with transaction.atomic():
        found = queries.endpoint(by, number, lock=True)
        if found.state not in of:
            raise Conflict("wrong_state", ENDED, field="webhook", detail={"state": found.state})
        before, found.state = found.state, to
        found.failures, found.rests_until = 0, None
        found.save(update_fields=["state", "failures", "rests_until"])
        _note(verb, found, by, now, before=before, after=to)
    return found


def _note(
    verb: str, endpoint: Endpoint, by: Viewer, now: datetime, *, before: str = "", after: str = "", why: str = ""
) -> None:
    record(
        by=by, at=now, verb=f"webhooks.{verb}", kind="webhook", subject=endpoint.name, before=before, after=after,
        why=why, merchant_id=endpoint.merchant_id, rows={"webhook": endpoint.pk, "url": endpoint.url},
    )  # fmt: skip
