"""The shop's caution: policies on exclusions, each on or off. What a policy asks for is written as relations.

Shipped on: a new coupon excludes other owners' promotions on the same line, and a new promotion other owners' coupons: which
of the two came first makes no difference to who pays twice. Shipped off: an owner has to agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from festoon.base.words import Words
from festoon.engine.stages import SHIPPING
from festoon.offers import queries
from festoon.offers.models import Caution
from festoon.offers.overlap import Board, Overlap, stage
from festoon.offers.standing import Standing
from festoon.records.audit import record
from festoon.records.refusal import NotFound
from festoon.records.tables import upsert
from festoon.records.viewer import SYSTEM, Viewer

COUPON, AGREES = "coupon_other_owners", "owner_agrees"
UNLOCK = "exclusions.unlock"
"""The right to lift what a policy wrote."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy: what it says, why, and whether it is on where nobody set it."""

    code: str
    title: Words
    tells: Words
    reason: Words
    shipped: bool


POLICIES: Mapping[str, Policy] = {
    policy.code: policy
    for policy in (
        Policy(
            COUPON,
            Words(
                "A new coupon excludes other owners' promotions on the same line", "新券与其他归属方的促销在同一行互斥"
            ),
            Words(
                "When a coupon is submitted, an exclusion line by line is written between it and every promotion of another "
                "owner that shares goods and time with it; and when a promotion is submitted later, between it and every "
                "such coupon. So nobody pays twice for one line without having said so.",
                "提交优惠券时，系统会与其他归属方的、商品和时间重叠的每个促销写入“同一行互斥”；之后提交的促销与这样的优惠券之间亦然，"
                "避免同一行在未约定的情况下被两方重复补贴。",
            ),
            Words(
                "Shop policy: a coupon does not add to another owner's promotion on one line.",
                "平台策略：优惠券不与其他归属方的促销在同一行叠加。",
            ),
            shipped=True,
        ),
        Policy(
            AGREES,
            Words("The owner of the other offer has to agree", "须征得另一优惠归属方同意"),
            Words(
                "Who excludes another owner's offer always informs that owner. With this policy on, the exclusion takes "
                "effect only when somebody of that owner has agreed in the review inbox.",
                "将他人的优惠设为互斥时，总会通知其归属方。启用后，须由该归属方在审核待办中同意，互斥才生效。",
            ),
            Words("The owner of the other offer agrees first.", "须先征得另一优惠归属方同意。"),
            shipped=False,
        ),
    )
}


def on(code: str) -> bool:
    """Whether a policy is on now."""
    found = queries.cautions(SYSTEM).get(code)
    return POLICIES[code].shipped if found is None else found.on


def set_policy(code: str, *, on: bool, by: Viewer, now: datetime) -> None:
    """Turn a policy on or off from now on; relations that were written stay. Said twice, it stands once more."""
    by.require("review.configure")
    if code not in POLICIES:
        raise NotFound("policy")
    with transaction.atomic():
        upsert([Caution(code=code, on=on, by=by.name, at=now)], unique=["code"], columns=["on", "by", "at"])
        record(by=by, at=now, verb="offers.set_policy", kind="policy", subject=code, rows={"on": on})


def locks(mine: Standing, met: Sequence[Overlap]) -> list[Overlap]:
    """Those of the offers met that the policy keeps this one from: of a coupon and a promotion on goods, of two owners."""
    return [each for each in met if kept_apart(mine, each.other)] if on(COUPON) else []


def kept_apart(one: Standing, other: Standing) -> bool:
    """Whether the policy is about these two, whichever comes later."""
    promotion = one if one.kind == "promotion" else other
    two = {one.kind, other.kind} == {"coupon", "promotion"} and one.owner != other.owner
    return two and stage(promotion.data) != SHIPPING


def wanted(board: Board, mine: Standing, beside: Sequence[Standing] = ()) -> list[Overlap]:
    """What the policy asks for, of everything there is and of what is submitted `beside` it."""
    if not on(COUPON):
        return []
    others = (*board.have.live, *board.waiting, *beside)
    return board.meeting(mine, [each for each in others if each.kind != mine.kind and kept_apart(mine, each)])
