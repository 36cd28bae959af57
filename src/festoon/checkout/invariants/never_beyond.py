"""No limit of the ledger was exceeded: not now, and not after any transfer there ever was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from festoon.base.words import Words
from festoon.checkout.invariants import Finding, Invariant
from festoon.checkout.invariants.agreed import Said, agreed, in_force
from festoon.ledger import accounts
from festoon.ledger import queries as ledger
from festoon.ledger.store.movement import KINDS
from festoon.records.viewer import SYSTEM


def never_beyond(_now: datetime) -> Finding:
    """Held + spent ≤ granted on every limited account after every transfer there ever was, in their order; but not while
    a version without limit was in force, of what has one now.

    Transfers of one account and one moment are of one commit, which the database judges as a whole.
    """
    limited = dict(ledger.visible(SYSTEM).filter(limited=True).values_list("id", "code"))
    limits = _limits()
    free: Counter[int] = Counter()
    last: dict[int, datetime] = {}
    problems, cases = set[str](), 0

    def judge(account: int) -> None:
        code, at = limited[account], last[account]
        if free[account] < 0 and None not in in_force(limits.get(code, ()), at):
            problems.add(f"{code} was {-free[account]:,} beyond its limit at {at.isoformat()}")

    rows = ledger.transfers(SYSTEM).order_by("id").values_list("kind", "debit_id", "credit_id", "amount", "at")
    for kind, debit, credit, amount, at in rows.iterator(chunk_size=5_000):
        account = debit if KINDS[kind].gives else credit
        if account in limited:
            cases += 1
            if last.get(account, at) != at:
                judge(account)
            how, last[account] = KINDS[kind], at
            free[account] += (how.granted - how.held - how.spent) * amount
    for account in last:
        judge(account)
    return Finding(cases, sorted(problems)[:100])


def _limits() -> Mapping[str, Sequence[Said]]:
    """What versions said of the pieces there are, by account; None where they were not limited."""
    found = {accounts.stock(code): versions for code, versions in agreed("coupon", "stock").items()}
    return found | {accounts.units(code): versions for code, versions in agreed("promotion", "units").items()}


INVARIANTS = [
    Invariant("never_beyond", Words(en="No limit was ever exceeded", zh="任何时刻未超限额"), never_beyond),
]
