"""One exclusion as a row: made, worded, told to the owner of the other end, and as the book has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from festoon.base.form import read as read_form
from festoon.base.problems import Problems
from festoon.base.words import Words
from festoon.offers import caution, queries
from festoon.offers.models import Exclusion, Offer
from festoon.records.audit import record
from festoon.records.names import name_of
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer
from festoon.review import machine, remarks
from festoon.rulebook.fields import Exclusion as Form
from festoon.rulebook.release import window_of

KIND = "exclusion"
GRAINS = ("order", "line")
NO_REASON = Words(en="These two are not given together.", zh="两项优惠不可同享。")
SAME = Words(en="An offer cannot exclude itself.", zh="优惠不能与自身互斥。")
GRAIN = Words(en="Exclude for the order or line by line.", zh="互斥粒度为整单或同一行。")
IN_REVIEW = Words(en="This exclusion waits for review already.", zh="此互斥关系已在审核中。")
THEIRS = Words(
    en="The owner of the other offer is drafting this exclusion: ask them to submit it or to take it back.",
    zh="另一优惠的归属方正在起草此互斥关系：请对方提交或撤销。",
)
ANOTHERS = Words(en="An offer of another merchant", zh="其他商家的优惠")
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
    mine = along.merchant_id if along is not None else _whose(first, second, by)
    first, second = sorted((first, second), key=lambda offer: offer.code)
    code = "x-" + sha256(f"{first.code}\n{second.code}\n{grain}".encode()).hexdigest()[:16]
    return Exclusion(
        merchant_id=mine, code=code, first=first, second=second, grain=grain, reason_en=reason.en,
        reason_zh=reason.zh, along=along, lock=lock, author=by.name, created_at=now,
    )  # fmt: skip


def ends(first: str, second: str, grain: str, by: Viewer) -> tuple[Offer, Offer]:
    """Two offers by their codes, if the viewer sees both and one is its own; takes no lock, so call it before any."""
    by.require("offers.edit")
    if grain not in GRAINS:
        raise Invalid("choice", GRAIN, field="grain", detail={"known": list(GRAINS)})
    if first == second:
        raise Invalid("same", SAME, field="second")
    rows = queries.visible(by, (first, second)).order_by()
    seen = {each.code: each for each in rows}
    if len(seen) < 2:
        raise NotFound("offer")
    if not by.is_platform and by.merchant_id not in {each.merchant_id for each in seen.values()}:
        raise NotFound("offer", "first")
    return seen[first], seen[second]


def drawn(one: Offer, other: Offer, grain: str, by: Viewer, now: datetime) -> Exclusion:
    """The exclusion of two `ends`: what is there, or a new one. Recalled or rejected, it is whose who takes it up again is.

    What the other house is drafting stays its own, as it wrote it: Conflict.
    """
    found = queries.exclusion(SYSTEM, one, other, grain) or draft(one, other, grain, by=by, now=now)
    if found.state == machine.IN_REVIEW:
        raise Conflict("in_review", IN_REVIEW, field="state")
    whose = _whose(one, other, by)
    if found.state in machine.EDITABLE and found.merchant_id != whose:
        raise Conflict("drafted_by_other", THEIRS, field="state")
    if found.state != "released":
        found.merchant_id = whose
    return found


def strangers(one: Offer, other: Offer) -> bool:
    """Whether two merchants stand here, who see nothing of each other."""
    return len({one.merchant_id, other.merchant_id, PLATFORM}) == 3


def _whose(one: Offer, other: Offer, by: Viewer) -> int:
    """Whose what is said of two offers is: the viewer's, the platform's between two merchants, else their owner's."""
    mine = by.merchant_id in (one.merchant_id, other.merchant_id)
    return by.merchant_id if mine or strangers(one, other) else one.merchant_id


def say(
    one: Exclusion, reason: Words | None, window: Mapping[str, Any] | None, along: Offer | None, by: Viewer
) -> None:
    """Put words, window and author of an exclusion in place and keep it as a draft; Invalid for a window that is none.

    A lock that was lifted and is said again by somebody is theirs, and the policy's no longer.
    """
    said = reason if reason is not None and reason.en.strip() else NO_REASON
    one.reason_en, one.reason_zh = said.en, said.zh or said.en
    one.window, one.lock = dict(window or {}), ""
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
    """Tell whoever owns an end and not the exclusion, by a remark on that offer that calls its author.

    Of a policy's nobody is told; of what lies between two merchants both are, neither by the name of the other's offer.
    """
    first, second = exclusion.first, exclusion.second
    for other, beside in ((first, second), (second, first)):
        if not exclusion.lock and other.merchant_id not in (exclusion.merchant_id, beside.merchant_id):
            _tell(exclusion, ANOTHERS if strangers(first, second) else name_of(beside), other, by, now)


def _tell(exclusion: Exclusion, beside: Words, other: Offer, by: Viewer, now: datetime) -> None:
    kind, _, author = other.author.partition(":")
    call = f"@{author} " if kind == "person" else ""
    on = ON[exclusion.grain]
    text = (
        f"{call}“{beside.en}” is not to serve {on.en} together with “{other.name_en}”: {exclusion.reason_en}\n"
        f"“{beside.zh}”与“{other.name_zh}”不在{on.zh}同享：{exclusion.reason_zh}"
    )
    there = replace(by, merchant_id=other.merchant_id)  # who may exclude an offer of another's may say so to its owner
    remarks.say(other.kind, other.code, text[: remarks.MOST], merchant_id=other.merchant_id, by=there, now=now)


def asks_owner(exclusion: Exclusion) -> bool:
    """Whether the shop's policy wants the owner of the other end to agree; of two merchants' offers none may read of both."""
    met = len(owners(exclusion)) > 1 and not strangers(exclusion.first, exclusion.second)
    return met and not exclusion.lock and caution.on(caution.AGREES)


def owners(exclusion: Exclusion) -> set[int]:
    """Whose the two offers are."""
    return {exclusion.first.merchant_id, exclusion.second.merchant_id}


def author_of(one: Exclusion, by: Viewer) -> Viewer:
    """Who asks others to agree: whoever wrote the exclusion, so that nobody who agreed to it asks in their own name."""
    return Viewer(one.author, by.merchant_id if by.is_platform else one.merchant_id, frozenset({"offers.edit"}))


def note(
    verb: str, one: Exclusion, *, by: Viewer, now: datetime, before: str = "", after: str = "", why: str = ""
) -> None:
    """The audit row of a verb on one exclusion."""
    record(
        by=by, at=now, verb=verb, kind=KIND, subject=one.code, before=before, after=after, why=why, rows=data(one),
        merchant_id=one.merchant_id,
    )  # fmt: skip
