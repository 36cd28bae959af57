"""What one does with an endpoint: subscribe, change, pause it, change its secret, end it; send again what it did not take.

Each verb is one transaction with one audit row. Called again with its key it is answered as before, and done once; that
holds for an endpoint that was ended meanwhile too. Died half-way, nothing was done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import IntegrityError, transaction

from festoon.base.words import Words
from festoon.records import keys
from festoon.records.audit import record
from festoon.records.events import newest
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import SYSTEM, Viewer
from festoon.webhooks import address, queries
from festoon.webhooks.models import Endpoint

RIGHT = "webhooks.edit"
BOTH = timedelta(hours=24)
"""How long the secret before the last change still signs beside the new one."""
MOST = 20
TOLD = ("name", "url", "kinds", "state", "generation")
"""What a key remembers of an endpoint: how it stood when it was answered."""
NAME = Words(en="A name of 1 to 64 signs.", zh="名称为 1 至 64 个字符。")
KINDS = Words(
    en="Kinds are texts such as order.redeemed; none for all.", zh="类型为文字，如 order.redeemed；留空为全部。"
)
TAKEN = Words(en="A webhook has this name already.", zh="已有同名的事件推送。")
MANY = Words(en=f"At most {MOST} webhooks a merchant.", zh=f"每个商家最多 {MOST} 个事件推送。")
CHANGED = Words(en="Its secret was changed less than a day ago.", zh="密钥在一天内已更换过。")
ENDED = Words(en="This webhook cannot be changed so now.", zh="该事件推送当前不能这样操作。")


def subscribe(name: str, url: str, kinds: Sequence[str] = (), *, by: Viewer, now: datetime, key: str = "") -> Endpoint:
    """Send the viewer's merchant's events (the platform: everybody's) of these kinds (none: all) to `url` from now on.

    Only https to a public address; where the name leads is looked at each time something is sent.
    """
    by.require(RIGHT)
    _check(name=name, url=url, kinds=kinds)
    body = [name, url, list(kinds)]
    with _name_taken(), transaction.atomic():
        if before := _before("subscribe", body, by, key):
            return before
        if queries.plain(by).filter(merchant_id=by.merchant_id).exclude(state="ended").count() >= MOST:
            raise Conflict("too_many", MANY, field="name")
        made = Endpoint(
            merchant_id=by.merchant_id, name=name, url=url, kinds=list(kinds),
            after=newest() or queries.position(SYSTEM) or 0, created_at=now, created_by=by.name,
        )  # fmt: skip
        made.save(force_insert=True)
        _note("subscribe", made, by, now, after="live")
        return _done("subscribe", body, made, by, now, key)


def change(
    number: int,
    *,
    name: str | None = None,
    url: str | None = None,
    kinds: Sequence[str] | None = None,
    state: Literal["live", "paused"] | None = None,
    by: Viewer,
    now: datetime,
    key: str = "",
) -> Endpoint:
    """Call it otherwise, send elsewhere, send other kinds, pause or resume it; what is left out stays.

    What waits goes to the new address, and at once, whatever the old one did. A change that changes nothing is not
    recorded.
    """
    by.require(RIGHT)
    wanted = {"name": name, "url": url, "kinds": None if kinds is None else list(kinds), "state": state}
    wanted = {what: value for what, value in wanted.items() if value is not None}
    _check(name=name, url=url, kinds=kinds)
    body = [number, wanted]
    with _name_taken(), transaction.atomic():
        if before := _before("change", body, by, key):
            return before
        found = queries.endpoint(by, number, lock=True)
        old = {what: getattr(found, what) for what, value in wanted.items() if getattr(found, what) != value}
        if state == "paused" and found.state == "gone":
            raise _wrong_state(found)
        for what in old:
            setattr(found, what, wanted[what])
        if {"url", "state"} & set(old):
            found.failures, found.rests_until = 0, None
        if "url" in old:
            waiting = queries.deliveries(by).order_by().filter(endpoint=found, state="waiting")
            waiting.update(attempts=0, due_at=now)
        if old:
            found.save(update_fields=[*old, "failures", "rests_until"])
            _note("change", found, by, now, before=old.get("state", ""), after=found.state, was=old)
        return _done("change", body, found, by, now, key)


def pause(number: int, *, by: Viewer, now: datetime, key: str = "") -> Endpoint:
    """Send nothing to it; what waits, and what happens meanwhile, is sent when it is resumed (so much as may wait)."""
    return _move(number, "pause", ("live", "paused"), "paused", by=by, now=now, key=key)


def resume(number: int, *, by: Viewer, now: datetime, key: str = "") -> Endpoint:
    """Send to it again, also after it was gone."""
    return _move(number, "resume", ("live", "paused", "gone"), "live", by=by, now=now, key=key)


def end(number: int, *, by: Viewer, now: datetime, key: str = "") -> Endpoint:
    """Send nothing to it any more; its name is free again."""
    return _move(number, "end", ("live", "paused", "gone"), "ended", by=by, now=now, key=key)


def change_secret(number: int, *, by: Viewer, now: datetime, key: str = "") -> Endpoint:
    """Make a new secret; for a day what is sent bears a signature by each, so the receiver can change in between.

    Changed again within that day: Conflict, for the one before the last would no longer verify.
    """
    by.require(RIGHT)
    with transaction.atomic():
        if before := _before("change_secret", [number], by, key):
            return before
        found = queries.endpoint(by, number, lock=True)
        if found.both_until is not None and now < found.both_until:
            raise Conflict("just_changed", CHANGED, field="webhook")
        found.generation, found.both_until = found.generation + 1, now + BOTH
        found.save(update_fields=["generation", "both_until"])
        _note("change_secret", found, by, now)
        return _done("change_secret", [number], found, by, now, key)


def resend(number: int, delivery: int | None = None, *, by: Viewer, now: datetime, key: str = "") -> int:
    """Try again what the endpoint did not take: one delivery (also one it took), or all that are dead; how many."""
    by.require(RIGHT)
    body = [number, delivery]
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb="webhooks.resend", body=body):
            return int(before.answer["count"])
        found = queries.endpoint(by, number, lock=True)
        rows = queries.deliveries(by).order_by().filter(endpoint=found)
        rows = rows.filter(state="dead") if delivery is None else rows.filter(pk=delivery)
        count = rows.update(state="waiting", attempts=0, due_at=now, ended_at=None)
        if delivery is not None and not count:
            raise NotFound("delivery")
        queries.plain(by).filter(pk=found.pk).update(failures=0, rests_until=None)
        _note("resend", found, by, now, why=f"{count}")
        keys.remember(by=by, key=key, verb="webhooks.resend", body=body, answer={"count": count}, now=now)
    return count


def _check(name: str | None = None, url: str | None = None, kinds: Sequence[str] | None = None) -> None:
    """Whether an endpoint may be called, stand and listen so. Raises Invalid."""
    if name is not None and (not 1 <= len(name) <= 64 or not name.isprintable()):
        raise Invalid("not_text", NAME, field="name")
    if kinds is not None and (
        len(kinds) > 100 or not all(isinstance(kind, str) and 1 <= len(kind) <= 64 for kind in kinds)
    ):
        raise Invalid("not_text", KINDS, field="kinds")
    try:
        if url is not None:
            address.GUARD.read(url)
    except address.Refused as refused:
        raise Invalid(
            "not_an_address",
            Words(f"An https address in the internet: {refused}.", f"须为公网 https 地址（{refused}）。"),
            field="url",
        ) from None


@contextmanager
def _name_taken() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise Conflict("taken", TAKEN, field="name") from None


def _before(verb: str, body: Any, by: Viewer, key: str) -> Endpoint | None:
    """The endpoint as it was answered to this key; None for a new one."""
    before = keys.once(by=by, key=key, verb=f"webhooks.{verb}", body=body)
    if before is None:
        return None
    found = queries.plain(by).get(pk=before.answer["webhook"])
    for what, value in before.answer["told"].items():
        setattr(found, what, value)
    found.both_until = before.at + BOTH if verb == "change_secret" else found.both_until
    return found


def _done(verb: str, body: Any, endpoint: Endpoint, by: Viewer, now: datetime, key: str) -> Endpoint:
    answer = {"webhook": endpoint.pk, "told": {what: getattr(endpoint, what) for what in TOLD}}
    keys.remember(by=by, key=key, verb=f"webhooks.{verb}", body=body, answer=answer, now=now)
    return endpoint


def _move(number: int, verb: str, of: Sequence[str], to: str, *, by: Viewer, now: datetime, key: str) -> Endpoint:
    by.require(RIGHT)
    with transaction.atomic():
        if before := _before(verb, [number], by, key):
            return before
        found = queries.endpoint(by, number, lock=True)
        if found.state not in of:
            raise _wrong_state(found)
        was, found.state = found.state, to
        found.failures, found.rests_until = 0, None
        found.save(update_fields=["state", "failures", "rests_until"])
        _note(verb, found, by, now, before=was, after=to)
        return _done(verb, [number], found, by, now, key)


def _wrong_state(found: Endpoint) -> Conflict:
    return Conflict("wrong_state", ENDED, field="webhook", detail={"state": found.state})


def _note(
    verb: str,
    endpoint: Endpoint,
    by: Viewer,
    now: datetime,
    *,
    before: str = "",
    after: str = "",
    why: str = "",
    was: Mapping[str, Any] | None = None,
) -> None:
    record(
        by=by, at=now, verb=f"webhooks.{verb}", kind="webhook", subject=endpoint.name, before=before, after=after,
        why=why, merchant_id=endpoint.merchant_id,
        rows={"webhook": endpoint.pk, "url": endpoint.url} | ({"was": dict(was)} if was else {}),
    )  # fmt: skip
