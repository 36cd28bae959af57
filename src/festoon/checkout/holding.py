"""The write plan of a hold: the guards, its row, its coupons, and what it takes from each account."""

from __future__ import annotations

import json
import uuid
import zlib
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime

from festoon.checkout import gifts, quotes, refusals
from festoon.checkout.answers import HoldAnswer
from festoon.checkout.events import event, money, offers
from festoon.checkout.held import Amount, Gift, Held
from festoon.checkout.limits import HOLD_LASTS
from festoon.checkout.pricing import Priced, budgets, own_limits
from festoon.checkout.statements import COUPON_HELD, HOLD, HOLD_BY_KEY, USE, USES_LEFT
from festoon.checkout.ways import WAY, admitted
from festoon.ledger import accounts
from festoon.ledger.store.plan import Plan, Recall, Step
from festoon.offers import guards
from festoon.offers.spends.terms import REFUSE
from festoon.records.refusal import KeyReused
from festoon.records.viewer import Viewer


def plan(found: Priced, *, by: Viewer, now: datetime, key: str, body: str) -> tuple[Plan, Held]:
    """Everything a hold of this price writes, and what it will hold."""
    held = _held(found, by, now)
    expires_at = (now + HOLD_LASTS).astimezone(UTC)
    answer = HoldAnswer(
        hold=held.hold,
        quote=found.data["quote"],
        book=found.data["book"],
        currency=held.currency,
        payable=held.payable,
        coupons=[coupon for coupon, _ in held.coupons],
        created_at=now.astimezone(UTC),
        expires_at=expires_at,
    )
    token = quotes.answer(found, by=by, now=now, kept=True).token
    return Plan(
        verb="hold",
        by=by.name,
        merchant_id=held.merchant_id,
        at=now,
        row=held.hold,
        steps=[
            *_granting(found, held),
            Step(USES_LEFT, held.each_use(), refusals.scarce("uses")),
            Step(COUPON_HELD, held.each_coupon(shopper=held.shopper_id, now=now), refusals.coupon_taken()),
            held.take_balances(refusals.coupon_taken(), now=now),
            Step(HOLD, _row(found, held, answer, by, key, body, token), KeyReused()),
            Step(USE, _uses(held), refusals.coupon_taken()),
        ],
        moves=held.moves("hold"),
        events=[
            event(
                "hold.made", f"hold:{held.hold}", held, by=by, now=now, quote=answer.quote, money=money(found.data),
                offers=offers(found.data, held),
            )
        ],
        recall=Recall(HOLD_BY_KEY, {"key_owner": by.merchant_id, "key": key}, body),
        gate=guards.GATE,
        answer=answer,
        key=key,
        body=body,
        lane=held.lane,
    ), held  # fmt: skip


def _granting(found: Priced, held: Held) -> Sequence[Step]:
    """Nothing that serves is stopped, and neither it nor what gave it out to this shopper was recalled meanwhile."""
    if not held.offers:
        return ()
    book = found.loaded.book
    ways = {terms.code for offer, _ in held.offers for terms in book.offers[book.ranks[offer]].terms}
    codes, campaigns = zip(*held.offers, strict=True)
    return guards.granting(codes, campaigns, ways=sorted(ways))


def _held(found: Priced, by: Viewer, now: datetime) -> Held:
    book, served = found.loaded.book, {each["offer"] for each in found.data["offers"]}
    presents = gifts.given(found)
    person = found.left.person
    code = person.code if person else ""
    return Held(
        hold=uuid.uuid4().hex,
        merchant_id=by.merchant_id,
        shopper_id=person.id if person else None,
        shopper=code,
        payable=found.payable,
        currency=found.data["currency"],
        amounts=tuple(Amount(account, amount, account) for account, amount in _amounts(found, code, presents, by, now)),
        coupons=tuple((each["coupon"], each["amount"]) for each in found.data["offers"] if each["coupon"]),
        offers=tuple((each["offer"], found.loaded.campaigns[each["offer"]]) for each in found.data["offers"]),
        channel=found.cart.get("channel", ""),
        scene=found.cart.get("scene", ""),
        store=found.cart.get("store", ""),
        releases=tuple(_releases(found, served)),
        policy={"conflict": book.conflict, "objective": book.objective},
        zone=book.zone,
        gifts=presents,
        balances=dict(_balances(found)),
        strict=tuple(code for code in sorted(served) if _refuses_late(found, code)),
        ways=dict(admitted(found)),
    )


def _refuses_late(found: Priced, offer: str) -> bool:
    spends = found.loaded.spends.get(offer)
    return spends is not None and spends.late == REFUSE


def _balances(found: Priced) -> Iterator[tuple[str, int]]:
    """The coupons that pay in parts, with what a new one has: the benefit's amount, or the face value of its template."""
    told = {each["id"]: each.get("balance", 0) for each in found.cart.get("wallet", ())}
    for each in found.data["offers"]:
        benefit = found.loaded.book.offers[found.loaded.book.ranks[each["offer"]]].benefit
        if benefit.balance and each["coupon"]:
            yield each["coupon"], told[each["coupon"]] or benefit.whole()


def _releases(found: Priced, served: Collection[str]) -> Iterator[int]:
    """The releases of the applied offers, of the exclusions between them, and of the distributions they are given out by."""
    book, numbers = found.loaded.book, found.loaded.releases
    ranks = {book.ranks[code] for code in served}
    between = {each.code for rank in ranks for each in book.partners.get(rank, ()) if {each.a, each.b} <= ranks}
    yield from (numbers["offer", code] for code in sorted(served))
    yield from (numbers["exclusion", code] for code in sorted(between))
    ways = {(WAY, terms.code) for rank in ranks for terms in book.offers[rank].terms}
    yield from (numbers[way] for way in sorted(ways) if way in numbers)


def _amounts(
    found: Priced, shopper: str, presents: Sequence[Gift], by: Viewer, now: datetime
) -> Iterator[tuple[str, int]]:
    """From which account how much: budgets by payer, what an offer may cost, the units a limited price was given to, what
    gifts take, one use of each limit.
    """
    for each in found.data["offers"]:
        for account, most in own_limits(found, each["offer"]):
            merchant = found.loaded.spends[each["offer"]].offer.merchant_id
            unit = found.data["currency"]
            accounts.filled(account, most, merchant_id=merchant, kind="spending", unit=unit, at=now)
    yield from sorted(budgets(found).items())
    yield from sorted(gifts.drawn(presents).items())
    for each in found.data["offers"]:
        offer = each["offer"]
        if accounts.units(offer) in found.left.accounts and (units := _units(found, offer)):
            yield accounts.units(offer), units
        if accounts.buyers(offer) in found.left.accounts:
            yield accounts.buyers(offer), 1
        if shopper and offer in found.loaded.limits:
            account = accounts.uses(offer, shopper)
            accounts.open_account(account, merchant_id=by.merchant_id, kind="uses", unit=accounts.PIECE, limited=False)
            yield account, 1


def _units(found: Priced, offer: str) -> int:
    """How many units the offer was given to."""
    units = [unit for line in found.data["lines"] for unit in line["units"]]
    return sum(1 for unit in units if any(share["offer"] == offer for share in unit["shares"]))


def _row(
    found: Priced, held: Held, answer: HoldAnswer, by: Viewer, key: str, body: str, token: str
) -> dict[str, object]:
    priced = zlib.compress(json.dumps(found.data, separators=(",", ":"), ensure_ascii=False).encode(), 1)
    return {
        "id": held.hold, "merchant": held.merchant_id, "shopper": held.shopper_id, "quote": answer.quote,
        "book": answer.book, "token": token.encode(), "priced": priced, "payable": held.payable, "plan": held.plan(),
        "state": "held", "created_at": answer.created_at, "expires_at": answer.expires_at,
        "key_owner": by.merchant_id, "key": key, "body": body,
    }  # fmt: skip


def _uses(held: Held) -> list[dict[str, object]]:
    return [
        {"coupon": coupon, "hold": held.hold, "taken": taken, "live": coupon not in held.balances}
        for coupon, taken in held.coupons
    ]
