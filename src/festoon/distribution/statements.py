"""What a claim writes: one row, numbered under the lock of its stock."""

from __future__ import annotations

from festoon.catalog.models import Shopper
from festoon.coupons.models import Coupon, DeviceClaim, GivenFor, PoolCode, Template
from festoon.ledger.store.statement import insertion, statement

_MINE = "FROM {c} AS mine WHERE mine.{c.template} = {t}.{t.id} AND mine.{c.shopper} = {s}.{s.id}"
KNOWN = statement(
    "shopper.known",
    "SELECT {n} FROM {s}, {given} WHERE {s}.{s.code} = :shopper",
    takes="shopper text",
    together=True,
    s=Shopper,
)
_PARTS = {
    "mine": _MINE,
    "who": "(SELECT {s.id} FROM {s} WHERE {s.code} = :shopper)",
    "template": "FROM {t} WHERE {t.id} = :template",
    "columns": "{c.id}, {c.merchant}, {c.template}, {c.shopper}, {c.n}, {c.recalls}, {c.code}, {c.state}, {c.origin},"
    " {c.distribution}, {c.channel}, {c.scene}, {c.store}, {c.claimed_at}, {c.expires_at}, {c.key_owner}, {c.key}, {c.body}",
    "told": ":code, 'claimed', 'claimed', :distribution, :channel, :scene, :store, :claimed_at, :expires_at, :key_owner,"
    " :key, :body",
}
_CLAIM = (
    "INSERT INTO {c} (%(columns)s) SELECT :id, :merchant, {t}.{t.id}, {s}.{s.id},"
    " 1 + (SELECT COALESCE(MAX(mine.{c.n}), 0) %(mine)s), {t}.{t.recalls}, %(told)s"
    " FROM {given}, {t}, {s} WHERE {t}.{t.id} = :template AND {s}.{s.code} = :shopper"
    " AND (SELECT COUNT(*) %(mine)s) < {t}.{t.per_shopper}"
)
_ADDED = (
    "INSERT INTO {c} (%(columns)s) VALUES (:id, :merchant, :template, %(who)s,"
    " (SELECT CASE WHEN COUNT(*) < (SELECT {t.per_shopper} %(template)s) THEN 1 + COALESCE(MAX({c.n}), 0) END"
    " FROM {c} WHERE {c.template} = :template AND {c.shopper} = %(who)s), (SELECT {t.recalls} %(template)s), %(told)s)"
)
CLAIM = statement(
    "coupon.claim",
    _CLAIM % _PARTS,
    added=_ADDED % _PARTS,
    takes="id text, merchant bigint, template bigint, shopper text, code text, distribution text, channel text,"
    " scene text, store text, claimed_at timestamptz, expires_at timestamptz, key_owner bigint, key text, body text",
    answers="id",
    alike="merchant template distribution channel scene store key_owner",
    c=Coupon,
    t=Template,
    s=Shopper,
)
"""A row for whoever is known and has fewer than the limit. Added as a row of VALUES nothing is put by for it; there a shopper
unknown, or one with as many as may be, has no id or no number, which the table does not take.
"""
_IN_PERIOD = (
    "SELECT {n} FROM {t}, {s}, {given} WHERE {t}.{t.id} = :template AND {s}.{s.code} = :shopper"
    " AND ((SELECT COUNT(*) %s AND mine.{c.origin} = 'claimed' AND mine.{c.claimed_at} >= :since"
    " AND mine.{c.claimed_at} < :until) < :most OR (SELECT COUNT(*) %s) >= {t}.{t.per_shopper})"
)
IN_PERIOD = statement(
    "claims.in_period",
    _IN_PERIOD % (_MINE, _MINE),
    takes="template bigint, shopper text, since timestamptz, until timestamptz, most bigint",
    c=Coupon,
    t=Template,
    s=Shopper,
)
"""Whether the shopper may have one more in the period; who has all there will ever be is told so by the claim itself."""
ON_DEVICE = statement(
    "claims.on_device",
    "SELECT {n} FROM {given} WHERE (SELECT COUNT(*) FROM {d} AS there WHERE there.{d.template} = :template"
    " AND there.{d.device} IN (SELECT value FROM json_each(:devices))) < :most",
    takes="template bigint, devices text[], most bigint",
    d=DeviceClaim,
)
DEVICE_CLAIM = statement(
    "claims.device",
    "INSERT INTO {d} ({d.coupon}, {d.template}, {d.device}, {d.n}) SELECT :coupon, :template, :device,"
    " 1 + (SELECT COALESCE(MAX(there.{d.n}), 0) FROM {d} AS there WHERE there.{d.template} = :template"
    " AND there.{d.device} = :device) FROM {given}",
    takes="coupon text, template bigint, device text",
    sure=True,
    d=DeviceClaim,
)
GIVEN_FOR = insertion("claims.given_for", GivenFor, "coupon", "by", "why")
CODE_TAKEN = statement(
    "pool.take",
    "UPDATE {p} SET {p.coupon} = :coupon FROM {given} WHERE {p}.{p.code} = :code AND {p}.{p.coupon} IS NULL",
    takes="code text, coupon text",
    p=PoolCode,
)
RECALL = statement(
    "coupon.recall",
    "SELECT {n}, {c}.{c.body}, {c}.{c.id}, {c}.{c.code}, {c}.{c.claimed_at}, {c}.{c.expires_at} FROM {c}, {given}"
    " WHERE {c}.{c.key_owner} = :key_owner AND {c}.{c.key} = :key",
    takes="key_owner bigint, key text",
    together=True,
    c=Coupon,
)
