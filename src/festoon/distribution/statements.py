"""What a claim writes: one row, numbered under the lock of its stock."""

from __future__ import annotations

from festoon.coupons.models import Coupon, Template
from festoon.ledger.store.statement import statement

_COLUMNS = (
    "{c.id}, {c.merchant}, {c.template}, {c.shopper}, {c.n}, {c.code}, {c.state}, {c.origin}, {c.distribution},"
    " {c.channel}, {c.scene}, {c.store}, {c.claimed_at}, {c.expires_at}, {c.key_owner}, {c.key}, {c.body}"
)
_MINE = "FROM {c} AS mine WHERE mine.{c.template} = {t}.{t.id} AND mine.{c.shopper} = :shopper"
_VALUES = (
    ":id, :merchant, {t}.{t.id}, :shopper, 1 + (SELECT COALESCE(MAX(mine.{c.n}), 0) " + _MINE + "), :code,"
    " 'claimed', 'claimed', :distribution, :channel, :scene, :store, %s, %s, :key_owner, :key, :body"
)
_WHERE = " FROM {t} WHERE {t}.{t.id} = :template AND (SELECT COUNT(*) " + _MINE + ") < {t}.{t.per_shopper}"
_CLAIM = "INSERT INTO {c} (" + _COLUMNS + ") SELECT " + _VALUES + _WHERE
CLAIM = statement(
    "coupon.claim",
    _CLAIM % (":claimed_at", ":expires_at"),
    postgres=_CLAIM % ("CAST(:claimed_at AS timestamptz)", "CAST(:expires_at AS timestamptz)"),
    c=Coupon,
    t=Template,
)
RECALL = statement(
    "coupon.recall",
    "SELECT {c.body}, {c.id}, {c.code}, {c.claimed_at}, {c.expires_at} FROM {c}"
    " WHERE {c.key_owner} = :key_owner AND {c.key} = :key",
    c=Coupon,
)
