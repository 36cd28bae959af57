"""What holds, redemptions and refunds write; both dialects read the same words."""

from __future__ import annotations

from festoon.catalog.models import Shopper
from festoon.checkout.models import CouponUse, Hold, OutsideRedemption, Redemption, Refund, RefundedUnit
from festoon.coupons.models import Coupon, Template
from festoon.ledger.models import Account
from festoon.ledger.store.statement import insertion, statement
from festoon.offers.models import Offer
from festoon.promotions.models import Promotion

HOLD = insertion(
    "hold.add", Hold, "id", "merchant", "shopper", "quote", "book", "token", "priced", "payable", "plan", "state",
    "created_at", "expires_at", "key_owner", "key", "body",
)  # fmt: skip
HOLD_BY_KEY = statement(
    "hold.recall",
    "SELECT {n}, {h}.{h.body}, {h}.{h.id} FROM {h}, {given} WHERE {h}.{h.key_owner} = :key_owner AND {h}.{h.key} = :key",
    takes="key_owner bigint, key text",
    h=Hold,
)
CLOSE = statement(
    "hold.close",
    "UPDATE {h} SET {h.state} = :state, {h.closed_at} = :now, {h.plan} = :plan FROM {given}"
    " WHERE {h}.{h.id} = :id AND {h}.{h.state} = :was",
    takes="id text, state text, was text, now timestamptz, plan jsonb",
    h=Hold,
)
COUPON_HELD = statement(
    "coupon.hold",
    "UPDATE {c} SET {c.state} = 'held' FROM {t}, {given}"
    " WHERE {c}.{c.id} = :coupon AND {c}.{c.state} = 'claimed'"
    " AND {t}.{t.id} = {c}.{c.template} AND {c}.{c.recalls} >= {t}.{t.void_before}"
    " AND ({c}.{c.expires_at} IS NULL OR {c}.{c.expires_at} > :now) AND {c}.{c.shopper} = :shopper",
    takes="coupon text, shopper bigint, now timestamptz",
    c=Coupon,
    t=Template,
)
COUPON_FREE = statement(
    "coupon.free",
    "UPDATE {c} SET {c.state} = CASE WHEN {c}.{c.recalls} < {t}.{t.void_before} THEN 'void' ELSE 'claimed' END"
    " FROM {t}, {given} WHERE {c}.{c.id} = :coupon AND {c}.{c.state} = 'held' AND {t}.{t.id} = {c}.{c.template}",
    takes="coupon text",
    c=Coupon,
    t=Template,
)
"""Back in the wallet, unless all that was out then was made void meanwhile (`Template.void_before`); so `coupon.back`."""
COUPON_REDEEMED = statement(
    "coupon.redeem",
    "UPDATE {c} SET {c.state} = 'redeemed', {c.redeemed_at} = :now FROM {given}"
    " WHERE {c}.{c.id} = :coupon AND {c}.{c.state} = 'held'",
    takes="coupon text, now timestamptz",
    c=Coupon,
)
BALANCE_TAKEN = statement(
    "balance.take",
    "UPDATE {c} SET {c.balance} = COALESCE({c}.{c.balance}, :whole) - :taken FROM {t}, {given}"
    " WHERE {c}.{c.id} = :coupon AND {c}.{c.shopper} = :shopper AND {c}.{c.state} = 'claimed'"
    " AND {t}.{t.id} = {c}.{c.template} AND {c}.{c.recalls} >= {t}.{t.void_before}"
    " AND ({c}.{c.expires_at} IS NULL OR {c}.{c.expires_at} > :now) AND COALESCE({c}.{c.balance}, :whole) >= :taken",
    takes="coupon text, shopper bigint, whole bigint, taken bigint, now timestamptz",
    c=Coupon,
    t=Template,
)
BALANCE_BACK = statement(
    "balance.back",
    "UPDATE {c} SET {c.balance} = {c}.{c.balance} + :given FROM {given}"
    " WHERE {c}.{c.id} = :coupon AND {c}.{c.balance} IS NOT NULL",
    takes="coupon text, given bigint",
    c=Coupon,
)
COUPON_BACK = statement(
    "coupon.back",
    "UPDATE {c} SET {c.state} = CASE WHEN {c}.{c.recalls} < {t}.{t.void_before} THEN 'void' ELSE 'claimed' END,"
    " {c.redeemed_at} = NULL, {c.expires_at} = :expires FROM {t}, {given}"
    " WHERE {c}.{c.id} = :coupon AND {c}.{c.state} = 'redeemed' AND {t}.{t.id} = {c}.{c.template}",
    takes="coupon text, expires timestamptz",
    c=Coupon,
    t=Template,
)
COUPON_TAKEN_LATE = statement(
    "coupon.take_late",
    "UPDATE {c} SET {c.state} = 'redeemed', {c.redeemed_at} = :now FROM {t}, {given}"
    " WHERE {c}.{c.id} = :coupon AND {c}.{c.state} = 'claimed' AND {t}.{t.id} = {c}.{c.template}"
    " AND {c}.{c.recalls} >= {t}.{t.void_before}"
    " AND ({c}.{c.expires_at} IS NULL OR {c}.{c.expires_at} > :now)",
    takes="coupon text, now timestamptz",
    c=Coupon,
    t=Template,
)
USES_LEFT = statement(
    "uses.left",
    "SELECT {n} FROM {a}, {given} WHERE {a}.{a.code} = :account AND NOT EXISTS (SELECT 1 FROM {p} JOIN {o}"
    " ON {o}.{o.id} = {p}.{p.offer} WHERE {o}.{o.code} = :offer AND {p}.{p.per_shopper} <= {a}.{a.held} + {a}.{a.spent})",
    takes="account text, offer text",
    a=Account,
    p=Promotion,
    o=Offer,
)
"""Read under the lock of the account and in the hold's transaction, so the limit that was agreed on last is meant."""
USE = insertion("use.add", CouponUse, "coupon", "hold", "taken", "live")
USE_ENDS = statement(
    "use.end",
    "UPDATE {u} SET {u.live} = :live FROM {given} WHERE {u}.{u.hold} = :hold AND {u}.{u.coupon} = :coupon",
    takes="coupon text, hold text, live boolean",
    u=CouponUse,
)
USE_BACK = statement(
    "use.back",
    "UPDATE {u} SET {u.live} = :live FROM {given}"
    " WHERE {u}.{u.hold} = :hold AND {u}.{u.coupon} = :coupon AND {u}.{u.live} <> :live",
    takes="coupon text, hold text, live boolean",
    u=CouponUse,
)
"""The use of a coupon that goes back to its shopper ends, once."""
REDEMPTION = insertion(
    "redemption.add", Redemption, "id", "merchant", "hold", "at", "order", "channel", "scene", "store", "by", "late",
    "refunded", "paid", "key_owner", "key", "body",
)  # fmt: skip
REDEMPTION_BY_KEY = statement(
    "redemption.recall",
    "SELECT {n}, {r}.{r.body}, {r}.{r.id} FROM {r}, {given} WHERE {r}.{r.key_owner} = :key_owner AND {r}.{r.key} = :key",
    takes="key_owner bigint, key text",
    r=Redemption,
)
ORDER_PLACED = statement(
    "shopper.ordered",
    "UPDATE {s} SET {s.orders_placed} = {s}.{s.orders_placed} + 1 FROM {given} WHERE {s}.{s.id} = :shopper",
    takes="shopper bigint",
    s=Shopper,
)
REFUND = insertion(
    "refund.add", Refund, "id", "merchant", "redemption", "at", "by", "amount", "answer", "key_owner", "key", "body"
)
REFUND_BY_KEY = statement(
    "refund.recall",
    "SELECT {n}, {r}.{r.body}, {r}.{r.id} FROM {r}, {given} WHERE {r}.{r.key_owner} = :key_owner AND {r}.{r.key} = :key",
    takes="key_owner bigint, key text",
    r=Refund,
)
UNIT_BACK = insertion("unit.back", RefundedUnit, "refund", "redemption", "line", "unit")
UNITS_BACK = statement(
    "units.back",
    "SELECT {n}, {u}.{u.id} FROM {u}, {given} WHERE {u}.{u.redemption} = :redemption",
    takes="redemption text",
    u=RefundedUnit,
)
PAID_BACK = statement(
    "redemption.paid_back",
    "UPDATE {r} SET {r.refunded} = {r}.{r.refunded} + :amount FROM {given}"
    " WHERE {r}.{r.id} = :redemption AND {r}.{r.refunded} = :before",
    takes="redemption text, amount bigint, before bigint",
    r=Redemption,
)
OUTSIDE = insertion("outside.add", OutsideRedemption, "coupon", "merchant", "at", "order", "reason", "verdict", "by")
COUPON_OUTSIDE = statement(
    "coupon.outside",
    "UPDATE {c} SET {c.state} = 'redeemed', {c.redeemed_at} = :at FROM {given}"
    " WHERE {c}.{c.id} = :coupon AND {c}.{c.state} = 'claimed'",
    takes="coupon text, at timestamptz",
    c=Coupon,
)
