"""What was promised stays as it was: a held price is its quote's, a coupon its owner's, a window that of its release; and
money is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection

from festoon.base.money import MOST
from festoon.base.windows import Window, since_1970, window_told
from festoon.base.words import Words
from festoon.checkout import held as helds
from festoon.checkout import queries
from festoon.checkout.holds import price_of
from festoon.checkout.invariants import LEEWAY, Finding, Invariant
from festoon.checkout.invariants.priced_at import is_near, priced_at
from festoon.checkout.models import CouponUse, Hold, Order, Redemption, Refund
from festoon.checkout.pricing import summary_of
from festoon.checkout.token import open_token
from festoon.coupons import queries as coupons
from festoon.coupons.models import Coupon, Template
from festoon.ledger import queries as ledger
from festoon.ledger.models import Account, Transfer
from festoon.offers import queries as offers
from festoon.offers.models import BurnAlarm, Spending
from festoon.offers.sight import sight_of
from festoon.records.refusal import Refusal
from festoon.records.viewer import SYSTEM

WHOLE = {
    Account: ("granted", "held", "spent"),
    Transfer: ("amount",),
    Coupon: ("balance",),
    Template: ("face_value",),
    Hold: ("payable",),
    CouponUse: ("taken",),
    Redemption: ("paid", "refunded"),
    Refund: ("amount",),
    Order: ("paid",),
    BurnAlarm: ("taken", "planned", "exposure"),
    Spending: ("most", "per_day"),
}
"""Every column that holds money or a count of something scarce."""
PIECE = "piece"


def as_quoted(_now: datetime) -> Finding:
    """What a hold reserved is what its token promised, to the coupon, the offer and the share, whatever changed since."""
    problems, cases = list[str](), 0
    for row in queries.visible(SYSTEM).order_by("id").iterator(chunk_size=200):
        cases += 1
        try:
            promised = open_token(bytes(row.token).decode())
        except Refusal:
            continue  # sealed with another secret: what it says nobody can read; `shares` looks at the price itself
        if promised["priced"] != summary_of(price_of(row)) or promised["priced"]["payable"] != row.payable:
            problems.append(f"hold {row.id} is not what its token promised")
    return Finding(cases, problems[:100])


def owners(_now: datetime) -> Finding:
    """Every coupon that was used was its shopper's, and served by the offer it was given for."""
    rows = queries.uses(SYSTEM).order_by("hold_id").values_list(
        "coupon_id", "coupon__shopper_id", "coupon__template__offer__code", "hold__shopper_id", "hold__plan"
    )  # fmt: skip
    problems, cases = list[str](), 0
    for coupon, owner, offer, shopper, plan in rows.iterator(chunk_size=500):
        cases += 1
        if owner != shopper:
            problems.append(f"coupon {coupon} was used by another than its shopper")
        if offer not in {code for code, _ in plan["offers"]}:
            problems.append(f"coupon {coupon} of {offer} was used in a price that {offer} is not in")
    return Finding(cases, problems[:100])


def in_window(_now: datetime) -> Finding:
    """Nothing was claimed, and no offer served, outside the window that was released at that moment: [start, end)."""
    spans = list(_spans())
    claimed = coupons.visible(SYSTEM).order_by().filter(origin="claimed")
    problems, cases = list(_claimed_outside(spans)), claimed.count()
    windows = {span.number: span for span in spans if span.window != Window()}
    for row in queries.visible(SYSTEM).order_by("id").defer("token").iterator(chunk_size=500):
        cases += 1
        if served := [windows[number] for number in helds.read(row).releases if number in windows]:
            near = is_near(row, at := priced_at(row))
            problems += [
                f"hold {row.id} was made with {span.code} outside its window"
                for span in served
                if not near or not span.window.holds(since_1970(at))
            ]
    return Finding(cases, problems[:100])


@dataclass(frozen=True, slots=True)
class _Span:
    """A release of an offer: from when until when it was the last one, and its window."""

    number: int
    code: str
    since: datetime
    until: datetime | None
    window: Window


def _spans() -> Iterator[_Span]:
    rows = offers.releases(SYSTEM).filter(kind="offer").order_by("code", "version")
    told = list(rows.values_list("id", "code", "released_at", "merchant__zone", "data__window"))
    for (number, code, since, zone, said), after in zip(told, [*told[1:], None], strict=False):
        until = after[2] if after is not None and after[1] == code else None
        yield _Span(number, code, since, until, window_told(said, zone))


def _claimed_outside(spans: Iterable[_Span]) -> Iterator[str]:
    for span in spans:
        if span.window == Window():
            continue
        claimed = coupons.visible(SYSTEM).order_by().filter(template__offer__code=span.code, origin="claimed")
        claimed = claimed.filter(claimed_at__gte=span.since + LEEWAY)
        claimed = claimed.filter(claimed_at__lt=span.until - LEEWAY) if span.until else claimed
        moments = claimed.values_list("id", "claimed_at").iterator(chunk_size=2_000)
        out = (coupon for coupon, at in moments if not span.window.holds(since_1970(at)))
        yield from (f"coupon {coupon} was claimed outside the window of {span.code}" for coupon in islice(out, 20))


def whole(_now: datetime) -> Finding:
    """Every amount is a whole number of the minor units of its currency, in every column and in every stored price;
    nothing is in the form of a fraction, and nothing above what can be.
    """
    problems, cases = list[str](), 0
    for model, columns in WHOLE.items():
        cases += len(columns)
        table = model._meta.db_table
        problems += [f"{table}.{name} holds what is no whole number" for name in columns if not _is_whole(table, name)]
    for row in queries.visible(SYSTEM).order_by("id").iterator(chunk_size=200):
        cases += 1
        if _fraction(price_of(row)) or _fraction(row.plan):
            problems.append(f"hold {row.id} holds a fraction")
        elif row.plan["currency"] != price_of(row)["currency"]:
            problems.append(f"hold {row.id} is in {row.plan['currency']} and its price in {price_of(row)['currency']}")
    for number, answer in queries.refunds(SYSTEM).order_by().values_list("id", "answer").iterator(chunk_size=500):
        cases += 1
        if _fraction(answer):
            problems.append(f"refund {number} holds a fraction")
    rows = offers.releases(SYSTEM).order_by().values_list("kind", "code", "version", "data")
    for kind, code, version, data in rows.iterator(chunk_size=500):
        cases += 1
        if _fraction(data):
            problems.append(f"version {version} of {kind} {code} holds a fraction")
    return Finding(cases, [*problems, *_odd_units()][:100])


def marked(_now: datetime) -> Finding:
    """Every offer says of itself whether it is in the book, and by what others see it: what is in the book of it."""
    released = offers.releases(SYSTEM).order_by().filter(kind="offer", live__isnull=False).values_list("code", "data")
    sights = {code: sight_of(data) for code, data in released.iterator(chunk_size=500)}
    problems, cases = list[str](), 0
    rows = offers.own(SYSTEM).order_by().values_list("code", "out", "sight")
    for code, out, sight in rows.iterator(chunk_size=2_000):
        cases += 1
        if (out, sight) != (code in sights, sights.get(code, "")):
            problems.append(f"offer {code} is not marked as what is in the book of it")
    return Finding(cases, problems[:100])


def _is_whole(table: str, column: str) -> bool:
    """PostgreSQL keeps whole numbers because the column is of that type; SQLite keeps what it is given."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT data_type FROM information_schema.columns"
                " WHERE table_schema = current_schema() AND table_name = %s AND column_name = %s",
                [table, column],
            )
            return cursor.fetchone() in (("bigint",), ("integer",))
        name = connection.ops.quote_name
        cursor.execute(
            f"SELECT 1 FROM {name(table)} WHERE typeof({name(column)}) NOT IN ('integer', 'null') LIMIT 1"  # noqa: S608 -- names of our own models
        )
        return cursor.fetchone() is None


def _fraction(value: Any) -> bool:
    """Whether a stored document holds a number that is not whole, or one nobody can pay."""
    if isinstance(value, Mapping):
        return any(_fraction(each) for each in value.values())
    if isinstance(value, list | tuple):
        return any(_fraction(each) for each in value)
    return abs(value) > MOST if isinstance(value, int) else not isinstance(value, str | None)


def _odd_units() -> Iterator[str]:
    """An account counts pieces or the minor units of one currency, three capital letters; a transfer stays in one unit."""
    for code, unit in ledger.visible(SYSTEM).order_by().values_list("code", "unit").iterator(chunk_size=2_000):
        if unit != PIECE and not (len(unit) == 3 and unit.isascii() and unit.isupper()):
            yield f"account {code} counts {unit}, which is no currency"
    mixed = ledger.mixed(SYSTEM).values_list("pk", "debit__unit", "credit__unit")
    yield from (f"transfer {number} goes from {debit} to {credit}" for number, debit, credit in mixed[:20])


INVARIANTS = [
    Invariant("owners", Words(en="A coupon serves its owner, as its offer says", zh="券由本人按其优惠使用"), owners),
    Invariant("in_window", Words(en="Nothing is granted outside its window", zh="不在有效期外发放"), in_window),
    Invariant("as_quoted", Words(en="What was held is what was quoted", zh="占用与报价一致"), as_quoted),
    Invariant("marked", Words(en="Offers are marked as the book has them", zh="优惠的发布标记与生效内容一致"), marked),
    Invariant("whole", Words(en="Money is whole minor units", zh="金额均为最小货币单位的整数"), whole),
]
