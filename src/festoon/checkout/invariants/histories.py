"""What happened has an order, one thing after another, in which each could happen: no coupon in two hands at once, nothing
given back before it was taken, nothing answered before it was asked.

The order is that of the audit's rows and of the transfers: whoever changes a row that another changed waits for it, and
is recorded after it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from festoon.base.words import Words
from festoon.checkout import queries
from festoon.checkout.invariants import LEEWAY, Finding, Invariant
from festoon.coupons import queries as coupons
from festoon.ledger import queries as ledger
from festoon.ledger.store.movement import KINDS
from festoon.records import queries as records
from festoon.records.viewer import SYSTEM

RANK = {"claim": 0, "hold.cancel": 1, "hold.expire": 1, "refund": 2}
"""Of one group, what gives back comes before what takes: it is planned on what it saw, so it was there first."""


class _Walk:
    """The coupons as the audit tells of them, row by row; when each was asked for says the row itself."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.cases = 0
        sold = list(queries.redemptions(SYSTEM).order_by().values_list("id", "hold_id", "at"))
        back = list(queries.refunds(SYSTEM).order_by().values_list("id", "redemption__hold_id", "answer", "at"))
        made = queries.visible(SYSTEM).order_by().values_list("id", "created_at")
        gone = queries.visible(SYSTEM).order_by().filter(state="cancelled").values_list("id", "closed_at")
        self._sold = {number: hold for number, hold, _ in sold}
        self._back = {
            number: (hold, [each["coupon"] for each in answer.get("coupons", ())]) for number, hold, answer, _ in back
        }
        self._asked: dict[tuple[str, str], datetime | None] = {
            **{("hold", hold): at for hold, at in made},
            **{("hold.cancel", hold): at for hold, at in gone},
            **{("redeem", number): at for number, _, at in sold},
            **{("refund", number): at for number, _, _, at in back},
        }
        self._of_hold = defaultdict[str, list[str]](list)
        for coupon, hold in queries.uses(SYSTEM).filter(coupon__balance=None).values_list("coupon_id", "hold_id"):
            self._of_hold[hold].append(coupon)
        claimed = coupons.visible(SYSTEM).order_by().filter(origin="claimed", uses__isnull=False)
        self._unclaimed = set(claimed.values_list("id", flat=True))
        self._hand: dict[str, str] = {}
        self._last: dict[str, datetime] = {}

    def step(self, verb: str, row: str) -> None:
        """One row of the audit."""
        if verb == "claim":
            self._unclaimed.discard(row)
        elif verb in ("hold", "verify") and row not in self._sold:
            self._after(row, self._asked.get(("hold", row)))
            self._take(row)
        elif verb in ("hold.cancel", "hold.expire"):
            # The sweep is asked for by nobody: it has the clock of today, and an import those of old.
            self._after(row, self._asked.get((verb, row)))
            self._give(row, self._of_hold[row])
        elif verb == "redeem" and row in self._sold:
            hold = self._sold[row]
            self._after(hold, self._asked[verb, row])
            if any(self._hand.get(coupon) != hold for coupon in self._of_hold[hold]):
                self._take(hold)  # it was swept meanwhile: taken again
        elif verb == "refund" and row in self._back:
            hold, those = self._back[row]
            self._after(hold, self._asked[verb, row])
            self._give(hold, those)
        elif verb == "redeem_outside":
            self._of_hold[f"outside:{row}"] = [row]
            self._take(f"outside:{row}")

    def _take(self, hold: str) -> None:
        for coupon in self._of_hold[hold]:
            self.cases += 1
            if coupon in self._unclaimed:
                self.problems.append(f"coupon {coupon} was taken by hold {hold} before it was claimed")
            if (other := self._hand.get(coupon, hold)) != hold:
                self.problems.append(f"coupon {coupon} was taken by hold {hold} while hold {other} had it")
            self._hand[coupon] = hold

    def _give(self, hold: str, those: list[str]) -> None:
        for coupon in those:
            self.cases += 1
            if self._hand.get(coupon) == hold:
                del self._hand[coupon]
            else:
                self.problems.append(f"coupon {coupon} was given back by hold {hold}, which did not have it")

    def _after(self, hold: str, at: datetime | None) -> None:
        self.cases += 1
        if at is None:
            return
        if (last := self._last.get(hold, at)) > at + LEEWAY:
            self.problems.append(f"hold {hold} was changed at {at.isoformat()}, after a change of {last.isoformat()}")
        self._last[hold] = max(last, at)


def in_one_order(_now: datetime) -> Finding:
    """Every coupon was claimed, held, freed, redeemed and given back in an order in which it was in one hand at a time;
    and nothing was done to a hold after what was asked later.
    """
    walk, rows, group = _Walk(), list[tuple[str, str]](), 0
    for number, verb, row in records.hot(SYSTEM):
        if number != group:
            _walked(walk, rows)
            group, rows = number, []
        rows.append((verb, row))
    _walked(walk, rows)
    return Finding(walk.cases, walk.problems[:100])


def _walked(walk: _Walk, rows: list[tuple[str, str]]) -> None:
    for verb, row in sorted(rows, key=lambda each: RANK.get(each[0], 3)):
        walk.step(verb, row)


def taken_before_given(_now: datetime) -> Finding:
    """On every account, after every commit there ever was: no less than nothing held, and no less than nothing spent."""
    names = dict(ledger.visible(SYSTEM).exclude(kind="other").values_list("id", "code"))
    held, spent, last = Counter[int](), Counter[int](), dict[int, datetime]()
    problems, cases = set[str](), 0

    def judge(account: int) -> None:
        if held[account] < 0 or spent[account] < 0:
            problems.add(f"{names[account]} gave back more than was taken, at {last[account].isoformat()}")

    rows = ledger.transfers(SYSTEM).order_by("id").values_list("kind", "debit_id", "credit_id", "amount", "at")
    for kind, debit, credit, amount, at in rows.iterator(chunk_size=5_000):
        if kind not in KINDS:
            continue
        how, cases = KINDS[kind], cases + 1
        account = debit if how.gives else credit
        if last.get(account, at) != at:
            judge(account)
        last[account] = at
        held[account] += how.held * amount
        spent[account] += how.spent * amount
    for account in last:
        judge(account)
    return Finding(cases, sorted(problems)[:100])


INVARIANTS = [
    Invariant(
        "in_one_order",
        Words(en="All that happened has an order in which it could", zh="全部历史可排成合法的先后顺序"),
        in_one_order,
    ),
    Invariant(
        "taken_before_given", Words(en="Nothing came back before it was taken", zh="先占用后退回"), taken_before_given
    ),
]
