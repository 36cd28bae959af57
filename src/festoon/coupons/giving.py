"""The second half of a bulk issue: one chunk of recipients gets its coupons."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from festoon.base.windows import since_1970
from festoon.coupons import queries
from festoon.coupons.codes import wallet_codes
from festoon.coupons.issuing import CHANGED, SOLD_OUT, VERB, expiry, may_give, reached, recipients
from festoon.coupons.models import Coupon, Issue, IssueRefusal
from festoon.ledger import accounts
from festoon.ledger.store.crash import crash_point
from festoon.records.audit import record
from festoon.records.events import pack, publish_packed
from festoon.records.refusal import Conflict
from festoon.records.tables import change, insert, pour
from festoon.records.viewer import SYSTEM, Viewer


@dataclass(slots=True)
class Chunk:
    """The coupons of some recipients, made before the transaction that writes them; `judged_by`: how many one may have, and
    what the distribution said, when they were looked up.
    """

    issue: Issue
    place: int
    shoppers: list[int] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    refused: list[IssueRefusal] = field(default_factory=list)
    events: bytes = b""
    judged_by: tuple[int, Any] = (0, None)


def chunk(issue: Issue, place: int, shoppers: Sequence[int], named: Sequence[str], now: datetime) -> Chunk:
    """Number and name the coupons of these recipients, the first of whom is at `place` among all.

    Who is at the limit or not reached is refused.
    """
    template, made = issue.template, Chunk(issue, place)
    had = queries.last_numbers(SYSTEM, template.pk, shoppers)
    terms = reached(issue.distribution, template)
    made.judged_by = (template.per_shopper, terms)
    allowed = recipients(terms, dict(zip(named, shoppers, strict=True)))
    for at, (number, code) in enumerate(zip(shoppers, named, strict=True), place):
        for _ in range(issue.each):
            n = had.get(number, 0) + 1
            reason = "limit_reached" if n > template.per_shopper else ""
            if reason or (allowed is not None and number not in allowed):
                made.refused.append(IssueRefusal(issue=issue, row=at, shopper=code, reason=reason or "not_for_you"))
                continue
            had[number] = n
            made.shoppers.append(number)
            made.named.append(code)
            made.numbers.append(n)
    count = len(made.shoppers)
    made.ids = _ids(count, now)
    made.codes = wallet_codes(count)
    made.events = pack(_events(made, now))
    return made


def _ids(count: int, now: datetime) -> list[str]:
    """Ids of 80 random bits behind the moment, so that those of a chunk lie together and a chunk writes few pages."""
    lead, chance = f"{since_1970(now) // 1000:012x}", secrets.token_hex(10 * count)
    return [lead + chance[at : at + 20] for at in range(0, 20 * count, 20)]


def give(made: Chunk, *, by: Viewer, now: datetime) -> None:
    """Write the chunk, in the transaction that moves the job's cursor: coupons, stock, audit, one outbox row.

    The stock is taken first, as claims do it: a claim that has the account and waits for a number that was poured here
    would else be waited for. Claims of the same coupon wait for the chunk.
    """
    issue, count = made.issue, len(made.ids)
    template, offer = issue.template, issue.template.offer
    agreed = may_give(template)
    if (template.per_shopper, reached(issue.distribution, template)) != made.judged_by:
        raise Conflict("changed_meanwhile", CHANGED, field="shoppers")
    if count:
        accounts.take(
            template.stock, count, at=now, rows=[f"issue:{issue.pk}:{made.place}"],
            refuse=Conflict("sold_out", SOLD_OUT, field="shoppers"),
        )  # fmt: skip
        pour(
            Coupon,
            {
                "merchant": offer.merchant_id, "template": template.pk, "state": "claimed", "origin": origin(issue),
                "distribution": issue.distribution, "channel": "", "scene": "", "store": "", "claimed_at": now,
                "expires_at": expiry(template, agreed, issue.created_at), "redeemed_at": None, "key_owner": issue.key_owner,
                "key": None, "body": "", "recalls": template.recalls,
            },
            {"id": made.ids, "shopper": made.shoppers, "n": made.numbers, "code": made.codes},
        )  # fmt: skip
        crash_point("issue.poured")
    issue.given, issue.refused = issue.given + count, issue.refused + len(made.refused)
    change([issue], ["given", "refused"])
    insert(made.refused)
    record(
        by=by, at=now, verb=VERB, kind="coupon", subject=offer.code, merchant_id=offer.merchant_id,
        rows={"issue": issue.pk, "place": made.place, "issued": count,
              "refused": len(made.refused), "first": made.ids[:1], "last": made.ids[-1:]},
    )  # fmt: skip
    if count:
        publish_packed(at=now, kind="coupon.issued", merchant_id=offer.merchant_id, packed=made.events, count=count)
    crash_point("issue.before_commit")


def origin(issue: Issue) -> str:
    """What a coupon of this order says it came from."""
    return f"issue:{issue.pk}"


def _events(made: Chunk, now: datetime) -> list[dict[str, Any]]:
    offer = made.issue.template.offer
    about = {
        "kind": "coupon.issued", "at": now.astimezone(UTC).isoformat(), "merchant": offer.merchant.code,
        "offer": offer.code, "campaign": offer.campaign.code if offer.campaign else "", "origin": "issue",
    }  # fmt: skip
    told = zip(made.ids, made.named, strict=True)
    return [{"id": f"issue:{coupon}", **about, "coupon": coupon, "shopper": shopper} for coupon, shopper in told]
