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
_CLAIM = (
    "INSERT INTO {c} ({c.id}, {c.merchant}, {c.template}, {c.shopper}, {c.n}, {c.code}, {c.state}, {c.origin},"
    " {c.distribution}, {c.channel}, {c.scene}, {c.store}, {c.claimed_at}, {c.expires_at}, {c.key_owner}, {c.key},"
    " {c.body}, {c.recalls}) SELECT :id, :merchant, {t}.{t.id}, {s}.{s.id}, 1 + (SELECT COALESCE(MAX(mine.{c.n}), 0) %s),"
    " :code, 'claimed', 'claimed', :distribution, :channel, :scene, :store, :claimed_at, :expires_at, :key_owner, :key,"
    " :body, {t}.{t.recalls} FROM {given}, {t}, {s} WHERE {t}.{t.id} = :template AND {s}.{s.code} = :shopper"
    " AND (SELECT COUNT(*) %s) < {t}.{t.per_shopper}"
)
CLAIM = statement(
    "coupon.claim",
    _CLAIM % (_MINE, _MINE),
    takes="id text, merchant bigint, template bigint, shopper text, code text, distribution text, channel text,"
    " scene text, store text, claimed_at timestamptz, expires_at timestamptz, key_owner bigint, key text, body text",
    answers="id",
    alike="merchant template distribution channel scene store key_owner",
    c=Coupon,
    t=Template,
    s=Shopper,
)
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
