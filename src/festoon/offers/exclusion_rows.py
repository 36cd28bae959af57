"""One exclusion as a row: made, worded, told to the owner of the other end, and as the book has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from festoon.base.form import read as read_form
from festoon.base.problems import Problems
from festoon.base.words import Words
from festoon.offers import caution, queries
from festoon.offers.models import Exclusion, Offer
from festoon.records.audit import record
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import machine, remarks
from festoon.rulebook.fields import Exclusion as Form
from festoon.rulebook.release import window_of

KIND = "exclusion"
GRAINS = ("order", "line")
NO_REASON = Words(en="These two are not given together.", zh="两项优惠不可同享。")
SAME = Words(en="An offer cannot exclude itself.", zh="优惠不能与自身互斥。")
GRAIN = Words(en="Exclude for the order or line by line.", zh="互斥粒度为整单或同一行。")
IN_REVIEW = Words(en="This exclusion waits for review already.", zh="此互斥关系已在审核中。")
ON = {"order": Words("one order", "同一订单"), "line": Words("one line", "同一行")}


def data(exclusion: Exclusion) -> dict[str, Any]:
    """The exclusion as the book has it."""
    return {
        "code": exclusion.code,
        "between": [exclusion.first.code, exclusion.second.code],
        "grain": exclusion.grain,
        "reason": {"en": exclusion.reason_en, "zh": exclusion.reason_zh},
        **({"window": exclusion.window} if exclusion.window else {}),
        **({"lock": True} if exclusion.lock else {}),
    }


def draft(
    first: Offer,
    second: Offer,
    grain: str,
    *,
    by: Viewer,
    now: datetime,
    reason: Words = NO_REASON,
    along: Offer | None = None,
    lock: str = "",
) -> Exclusion:
    """A new exclusion of two offers, not yet kept: of the owner of the offer it goes along with, else of `by`'s end."""
    first, second = sorted((first, second), key=lambda offer: offer.code)
    mine = along or next((each for each in (first, second) if each.merchant_id == by.merchant_id), first)
    code = "x-" + sha256(f"{first.code}\n{second.code}\n{grain}".encode()).hexdigest()[:16]
    return Exclusion(
        merchant_id=mine.merchant_id, code=code, first=first, second=second, grain=grain, reason_en=reason.en,
        reason_zh=reason.zh, along=along, lock=lock, author=by.name, created_at=now,
    )  # fmt: skip


def ends(first: str, second: str, grain: str, by: Viewer) -> tuple[Offer, Offer]:
    """Two offers by their codes, if the viewer sees both and one is its own; takes no lock, so call it before any."""
    by.require("offers.edit")
    if grain not in GRAINS:
        raise Invalid("choice", GRAIN, field="grain", detail={"known": list(GRAINS)})
    if first == second:
        raise Invalid("same", SAME, field="second")
    rows = queries.visible(by).order_by().select_related("campaign", "merchant").filter(code__in=(first, second))
    seen = {each.code: each for each in rows}
    if len(seen) < 2:
        raise NotFound("offer")
    if not by.is_platform and by.merchant_id not in {each.merchant_id for each in seen.values()}:
        raise NotFound("offer", "first")
    return seen[first], seen[second]


def drawn(one: Offer, other: Offer, grain: str, by: Viewer, now: datetime) -> Exclusion:
    """The exclusion of two `ends`: what is there, or a new one."""
    found = queries.exclusion(SYSTEM, one, other, grain) or draft(one, other, grain, by=by, now=now)
    if found.state == machine.IN_REVIEW:
        raise Conflict("in_review", IN_REVIEW, field="state")
    return found


def say(
    one: Exclusion, reason: Words | None, window: Mapping[str, Any] | None, along: Offer | None, by: Viewer
) -> None:
    """Put words, window and author of an exclusion in place and keep it as a draft; Invalid for a window that is none."""
    said = reason if reason is not None and reason.en.strip() else NO_REASON
    one.reason_en, one.reason_zh = said.en, said.zh or said.en
    one.window = dict(window or {})
    problems = Problems()
    read = read_form(Form, data(one), (), problems)
    if read is not None:
        window_of(read.window, ("window",), problems, "UTC")
    if problems.found:
        first = problems.found[0]
        raise Invalid(first.code, first.words, field=first.field)
    one.state, one.author, one.along = machine.DRAFT, by.name, along
    one.save()


def inform(exclusion: Exclusion, *, by: Viewer, now: datetime) -> None:
    """Tell the owner of the other end by a remark on that offer that calls its author; of a policy's nobody is told."""
    ends = (exclusion.first, exclusion.second)
    mine = next((each for each in ends if each.merchant_id == exclusion.merchant_id), ends[0])
    other = ends[1] if mine is ends[0] else ends[0]
    if exclusion.lock or mine.merchant_id == other.merchant_id:
        return
    kind, _, author = other.author.partition(":")
    call = f"@{author} " if kind == "person" else ""
    on = ON[exclusion.grain]
    text = (
        f"{call}“{mine.name_en}” is not to serve {on.en} together with “{other.name_en}”: {exclusion.reason_en}\n"
        f"“{mine.name_zh}”与“{other.name_zh}”不在{on.zh}同享：{exclusion.reason_zh}"
    )
    remarks.say(other.kind, other.code, text[: remarks.MOST], merchant_id=other.merchant_id, by=by, now=now)


def asks_owner(exclusion: Exclusion) -> bool:
    """Whether the shop's policy wants the owner of the other end to agree."""
    owners = {exclusion.first.merchant_id, exclusion.second.merchant_id}
    return not exclusion.lock and len(owners) > 1 and caution.on(caution.AGREES)


def note(
    verb: str, one: Exclusion, *, by: Viewer, now: datetime, before: str = "", after: str = "", why: str = ""
) -> None:
    """The audit row of a verb on one exclusion."""
    record(
        by=by, at=now, verb=verb, kind=KIND, subject=one.code, before=before, after=after, why=why, rows=data(one),
        merchant_id=one.merchant_id,
    )  # fmt: skip
