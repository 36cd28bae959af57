"""A shopper types or scans a code of a pool, from a flyer or a partner, and gets the coupon it stands for.

Whoever holds no such code learns nothing: one that never was, is spent, is not open, is for others, is another
merchant's or whose stock is gone gets the same answer after the same time, and the eleventh wrong one in five minutes
is not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from festoon.coupons import queries as coupons
from festoon.coupons.codes import normal
from festoon.coupons.guessing import guarded, no_such_code
from festoon.distribution.claims import Claimed, begin
from festoon.distribution.statements import CLAIM, CODE_TAKEN
from festoon.ledger.store import writer
from festoon.ledger.store.plan import Plan, Step
from festoon.ledger.store.promise import Promise
from festoon.ledger.store.reading import required_key
from festoon.records.canonical import digest_of
from festoon.records.refusal import KeyReused, Refusal
from festoon.records.viewer import SYSTEM, Viewer

OURS = {"book_unreadable", "unavailable"}
"""Refusals that say nothing about the code; every other one is no such code."""


def claim_by_code(
    code: str, shopper: str, *, scene: str = "", near: str = "", by: Viewer, now: datetime, key: str
) -> Claimed:
    """Give the shopper the coupon that this code of a pool stands for; the coupon bears the code.

    `near` is where the shopper is, as the shop knows it: an address or a device; a coupon that is limited by device is
    not given without. Refusals: no_such_code, also where a limit or the stock is reached, and too_many_tries.

    *Twice* with the same key and code: the same coupon. Two shoppers with one code at once: one has it, to the other
    there is no such code. *Half-way*: the code is spent with the coupon made.
    """
    by.require("claims.write")
    required_key(key)
    text = normal(code)
    if (before := _before(text, shopper, scene, by, key)) is not None:
        return before
    of = (("shopper", f"{by.merchant_id}:{shopper}"), ("address", near), ("key", by.name))

    def look() -> Claimed | None:
        # Asked twice at one moment, the second finds the code spent by the first.
        return _look(text, shopper, scene, near, by, now, key) or _before(text, shopper, scene, by, key)

    return guarded(of, now, look)


def _before(code: str, shopper: str, scene: str, by: Viewer, key: str) -> Claimed | None:
    """What this key got before; raises KeyReused for another body."""
    made = coupons.by_key(by, key)
    if made is None:
        return None
    if (made.code, made.shopper.code, made.scene) != (code, shopper, scene):
        raise KeyReused
    return Claimed(made.id, made.template.offer.code, shopper, code, made.claimed_at, made.expires_at)


def _look(code: str, shopper: str, scene: str, near: str, by: Viewer, now: datetime, key: str) -> Claimed | None:
    row = coupons.pool(SYSTEM).filter(code=code, coupon=None).first()
    if row is None:
        return None

    body = digest_of("claim_by_code", code, shopper, scene)

    def put(plan: Plan) -> Promise[Any]:
        return writer.submit(_bearing(plan, code, body))

    try:
        offer = row.template.offer.code
        return begin(offer, shopper, scene=scene, device=near, by=by, now=now, key=key, put=put).result()
    except Refusal as refusal:
        if refusal.code in OURS:
            raise
        return None


def _bearing(plan: Plan, code: str, body: str) -> Plan:
    """The claim's plan with this code on its coupon, taken from the pool in the same commit.

    It is remembered by `body`, which names the code: another code with its key is another call, and so is a claim.
    """
    assert plan.recall is not None
    plan = replace(plan, body=body, recall=replace(plan.recall, body=body))
    if not isinstance(plan.answer, Claimed):
        return plan
    taken = Step(CODE_TAKEN, {"code": code, "coupon": plan.row}, no_such_code())
    steps: list[Step] = []
    for step in plan.steps:
        if step.statement is CLAIM and isinstance(step.values, Mapping):
            steps += [taken, replace(step, values={**step.values, "code": code, "body": body})]
        else:
            steps.append(step)
    return replace(plan, steps=steps, answer=replace(plan.answer, code=code))
