"""Taking back a coupon that is out: what shoppers hold is honoured or made void, and they may get another for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from festoon.base.words import Words
from festoon.coupons import queries
from festoon.coupons.bulk import issue_many
from festoon.coupons.models import Coupon
from festoon.offers import actions as offers
from festoon.offers import passage
from festoon.offers.releases import CLAIMS
from festoon.records import jobs, keys
from festoon.records.audit import record
from festoon.records.events import publish
from festoon.records.jobs import Step
from festoon.records.models import Job
from festoon.records.pace import Pace
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review.refusals import say_why

KIND, VERB = "void", "coupons.recall"
HONOUR, VOID = "honour", "void"
ORDERS_END = timedelta(minutes=17)
"""After so long every order that had a coupon when it was recalled is paid or over: a hold, a minute between two clocks, and
one in which whoever recalls may have waited for the book.
"""
ONE_OF = Words(en="What is out is honoured or made void.", zh="已发出的券须选择继续有效或作废。")
ITSELF = Words(en="A coupon does not make up for itself.", zh="补偿券不能是被召回的券本身。")
NOT_UNUSED = Words(
    en="Only an unused coupon can be made void: this one is reserved by an order, used (if only in part), or void already.",
    zh="只能作废未使用的优惠券：该券已被订单占用、已使用（含部分使用）或已作废。",
)


def recall(
    offer: str, *, outstanding: str, why: str, compensation: str = "", by: Viewer, now: datetime, key: str
) -> None:
    """Give no more of a coupon (the offer's code) from this commit on, and settle what shoppers hold of it.

    It is given again only by a new review: one that is open, of its next version, is withdrawn.

    `outstanding` honour: those that are out may be used until they expire. void: the offer leaves the book, so none
    may be used from the commit on, and a job marks each of them. `compensation`: the code of a released coupon that
    everybody gets one of who held one unused, by a job of its own; where they are made void, once the orders that have one
    now are paid or over, so that nobody has both. The same key does it once; half-way, nothing is.
    """
    by.require("offers.stop")
    if outstanding not in (HONOUR, VOID):
        raise Invalid("one_of", ONE_OF, field="outstanding")
    if compensation == offer:
        raise Invalid("itself", ITSELF, field="compensation")
    body = [offer, outstanding, compensation]
    with transaction.atomic():
        if keys.once(by=by, key=key, verb=VERB, body=body):
            return
        if outstanding == HONOUR:
            passage.take_back([offer], by=by, now=now)
            offers.stop(CLAIMS, offer, why=why, by=by, now=now)
            struck = _recalled(offer)
        else:
            offers.recall("offer", offer, why=why, by=by, now=now)
            struck = void_all(offer, by=by, now=now)
        if compensation:
            holders = {"holders": {"offer": offer, "at": now.isoformat(), **struck}}
            due = now + ORDERS_END if outstanding == VOID else None
            issue_many(compensation, holders, due=due, by=by, now=now, key=key and f"{key}:{offer}")
        keys.remember(by=by, key=key, verb=VERB, body=body, answer={}, now=now)


def void_one(coupon: str, *, why: str, by: Viewer, now: datetime) -> Coupon:
    """Make one unused coupon (its id) void: it serves no order from the commit on, and the reason stays in the audit.

    What was given stays given: neither the stock nor the shopper's number of coupons comes back, so another one is
    issued where it was a mistake. The platform may do it with any coupon, a merchant's people with their own. Held by an
    order, used, or void already, so also when asked twice: Conflict `not_unused`, for a hold and this follow one another.
    So is a balance that an order ever drew on: what that order gives back would go to a coupon that serves nobody.
    """
    by.require("coupons.void")
    say_why(why)
    with transaction.atomic():
        rows = queries.visible(by).order_by().filter(pk=coupon)
        found = rows.select_for_update(of=("self",)).first()
        if found is None or not (by.is_platform or found.template.offer.merchant_id == by.merchant_id):
            raise NotFound("coupon", "coupon")
        if found.state != "claimed" or found.balance is not None:  # a balance stays claimed while it pays
            raise Conflict("not_unused", NOT_UNUSED, field="coupon")
        found.state, found.recalls = VOID, None
        found.save(update_fields=["state", "recalls"])
        offer = found.template.offer
        record(
            by=by, at=now, verb="coupons.void", kind="coupon", subject=offer.code, before="claimed", after=VOID, why=why,
            merchant_id=offer.merchant_id, rows={"coupon": found.pk},
        )  # fmt: skip
        publish(
            at=now, kind="coupon.void", merchant_id=offer.merchant_id,
            events=[_event(offer.code, found.pk, found.shopper.code, now)],
        )  # fmt: skip
    return found


def void_all(offer: str, *, by: Viewer, now: datetime) -> dict[str, int]:
    """Order a job that makes void every unused coupon of an offer that has just left the book; see `_recalled` for the answer.

    What an order has now may still be paid with it; given back, it is void, also when the offer is out again by then.
    """
    struck = _recalled(offer, void=True)
    if out := queries.unused(by, offer, before=struck["before"]).count():
        jobs.enqueue(KIND, {"offer": offer, "before": struck["before"]}, by=SYSTEM, now=now, total=out)
    return struck


def _recalled(offer: str, *, void: bool = False) -> dict[str, int]:
    """Count a recall: what it strikes was given before it (`before`, its number) and is not void already (`since`).

    Whoever recalls has the book by now, and whoever gives a coupon reads the number while he has it: what was given before
    the recall's commit is told from what is given after the next release, whatever the clocks of those who gave it say.
    """
    row = queries.template(SYSTEM, offer)
    since, row.recalls = row.void_before, row.recalls + 1
    row.void_before = row.recalls if void else since
    row.save(update_fields=["recalls", "void_before"])
    return {"since": since, "before": row.recalls}


class VoidCoupons:
    """Knows the job `void`: what was given before the recall that ordered it, though the offer is out again meanwhile.

    A coupon that is being held is left: it is void when its order gives it back.
    """

    def __init__(self) -> None:
        self.pace = Pace.here()
        self._found: list[tuple[str, int, str]] = []

    def prepare(self, job: Job, now: datetime) -> None:
        """Read the next coupons, which needs no lock."""
        rows = _unmarked(job).filter(shopper_id__gte=int(job.cursor.get("shopper", 0)))
        self._found = list(
            rows.order_by("shopper_id", "n").values_list("id", "shopper_id", "shopper__code")[: self.pace.size]
        )

    def chunk(self, job: Job, now: datetime) -> Step:
        """Mark what was read and is still unused."""
        if not self._found:
            return Step(job.cursor, done=job.done, total=job.total, finished=True)
        offer = str(job.args["offer"])
        merchant = queries.template(SYSTEM, offer).offer.merchant_id
        unused = _unmarked(job).filter(id__in=[coupon for coupon, _, _ in self._found])
        ids = list(unused.order_by("id").select_for_update(of=("self",)).values_list("id", flat=True))
        _unmarked(job).filter(id__in=ids).update(state=VOID)
        record(
            by=SYSTEM, at=now, verb="coupons.void", kind="coupon", subject=offer, merchant_id=merchant,
            rows={"void": len(ids), "first": ids[:1], "last": ids[-1:]},
        )  # fmt: skip
        publish(at=now, kind="coupon.void", merchant_id=merchant, events=self._events(offer, set(ids), now))
        done = job.done + len(ids)
        return Step({"shopper": self._found[-1][1]}, done=done, total=max(done, job.total), note=f"{offer}: {done:,}")

    def _events(self, offer: str, marked: set[str], now: datetime) -> list[dict[str, Any]]:
        return [_event(offer, coupon, shopper, now) for coupon, _, shopper in self._found if coupon in marked]


def _unmarked(job: Job) -> QuerySet[Coupon]:
    return queries.unused(SYSTEM, str(job.args["offer"]), before=int(job.args["before"]))


def _event(offer: str, coupon: str, shopper: str, now: datetime) -> dict[str, Any]:
    """One coupon that may no longer be used; void is an end, so its id says so once."""
    return {
        "id": f"void:{coupon}", "kind": "coupon.void", "at": now.isoformat(), "offer": offer, "coupon": coupon,
        "shopper": shopper,
    }  # fmt: skip
