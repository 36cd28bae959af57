"""The accounts add up."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db.models import Q, Sum

from festoon.base.words import Words
from festoon.checkout import held as helds
from festoon.checkout import queries
from festoon.checkout.invariants import Finding, Invariant
from festoon.ledger import queries as ledger
from festoon.ledger.store.movement import KINDS
from festoon.records.viewer import SYSTEM

COUNTERS = ("granted", "held", "spent")


def never_overspent(_now: datetime) -> Finding:
    """Held + spent ≤ granted on every limited account, and no counter is below zero."""
    rows = ledger.visible(SYSTEM)
    below = rows.filter(Q(granted__lt=0) | Q(held__lt=0) | Q(spent__lt=0))
    problems = [
        f"{row.code}: granted {row.granted}, held {row.held}, spent {row.spent}"
        for row in (ledger.overspent(SYSTEM) | below)[:100]
    ]
    return Finding(rows.count(), problems)


def fold(_now: datetime) -> Finding:
    """The counters of every account are the sum of its transfers."""
    sums: dict[int, Counter[str]] = {}
    for side, gives in (("debit_id", True), ("credit_id", False)):
        rows = (
            ledger.transfers(SYSTEM).order_by().filter(kind__in=[k for k, how in KINDS.items() if how.gives == gives])
        )
        for account, kind, amount in rows.values_list(side, "kind").annotate(amount=Sum("amount")):
            how, mine = KINDS[kind], sums.setdefault(account, Counter())
            mine["granted"] += how.granted * amount
            mine["held"] += how.held * amount
            mine["spent"] += how.spent * amount
    problems, cases = [], 0
    for row in ledger.visible(SYSTEM).exclude(kind="other"):
        cases += 1
        told = sums.get(row.pk, Counter())
        if any(getattr(row, name) != told[name] for name in COUNTERS):
            problems.append(
                f"{row.code}: counters {[getattr(row, n) for n in COUNTERS]}, transfers {[told[n] for n in COUNTERS]}"
            )
    return Finding(cases, problems)


def two_ends(_now: datetime) -> Finding:
    """Every transfer has one end in an account and the other outside, reserved or used, of the same unit."""
    rows = ledger.transfers(SYSTEM).order_by()
    odd = rows.exclude(kind__in=KINDS)
    for kind, how in KINDS.items():
        other = "credit" if how.gives else "debit"
        odd = odd | rows.filter(kind=kind).exclude(
            **{f"{other}__kind": "other", f"{other}__code__startswith": how.other}
        )
    problems = [f"transfer {row.pk} of kind {row.kind} does not have its other end" for row in odd[:100]]
    return Finding(rows.count(), problems)


def reserved(_now: datetime) -> Finding:
    """What is held on every account is what the open holds say they hold."""
    sums: Counter[str] = Counter()
    rows = queries.visible(SYSTEM).filter(state="held")
    for row in rows.iterator(chunk_size=500):
        for each in helds.read(row).amounts:
            sums[each.account] += each.amount
    accounts = ledger.visible(SYSTEM)
    held = Counter(dict(accounts.filter(held__gt=0).values_list("code", "held")))
    problems = [
        f"{code}: {held[code]} is held, the open holds say {sums[code]}"
        for code in sorted(held | sums)
        if held[code] != sums[code]
    ]
    return Finding(accounts.count(), problems[:100])


INVARIANTS = [
    Invariant("never_overspent", Words(en="No account is overspent", zh="账户不透支"), never_overspent),
    Invariant("fold", Words(en="Counters are the sum of the transfers", zh="账户余额 = 流水之和"), fold),
    Invariant("two_ends", Words(en="Every transfer has two ends", zh="每笔流水有借有贷"), two_ends),
    Invariant("reserved", Words(en="What is held = the open holds", zh="占用额 = 未结占用之和"), reserved),
]
