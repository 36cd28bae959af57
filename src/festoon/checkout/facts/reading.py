"""What prices must read of the database, in one statement: the buyers, the wallets, how the accounts stand.

A quote is asked thousands of times a second, so this is the one question it asks, and those who wait at the same moment
ask it together; whoever has another way to the database than Django's asks the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from django.db import connection

from festoon.campaigns.models import Campaign
from festoon.catalog.models import PLATFORM, CatalogVersion, Membership, Segment, Shopper
from festoon.coupons.models import Coupon, Template
from festoon.ledger.models import Account
from festoon.ledger.queries import Standing
from festoon.offers.models import BookVersion, Offer
from festoon.records.select import select

_PARTS = {
    "wallet": "FROM {c} AS held JOIN {t} AS kind ON kind.{t.id} = held.{c.template} "
    "JOIN {o} AS named ON named.{o.id} = kind.{t.offer} WHERE held.{c.shopper} = person.{s.id} "
    "AND held.{c.state} <> 'void' "
    # Void, and no job has marked it yet: while its offer is not in the book, the price says that and leaves it out.
    "AND NOT (held.{c.state} = 'claimed' AND named.{o.out} AND held.{c.recalls} < kind.{t.void_before}) "
    f"AND (:whose = {PLATFORM} OR held.{{c.merchant}} IN (:whose, {PLATFORM}))",
    "segments": "FROM {m} AS member JOIN {g} AS part ON part.{g.id} = member.{m.segment} "
    "WHERE member.{m.shopper} = person.{s.id}",
}
_SQLITE = (
    "SELECT person.{s.id}, person.{s.level}, person.{s.orders_placed}, "
    "json_extract(person.{s.portrait}, '$.birthday_month'), "
    "(SELECT json_group_array(code) FROM (SELECT part.{g.code} AS code %(segments)s ORDER BY 1)), "
    "(SELECT json_group_array(json_array(number, code, state, ends, offer, rest)) FROM (SELECT held.{c.id} AS number, "
    "held.{c.code} AS code, held.{c.state} AS state, held.{c.expires_at} AS ends, named.{o.code} AS offer, "
    "COALESCE(held.{c.balance}, kind.{t.face_value}) AS rest "
    "%(wallet)s ORDER BY ends IS NULL, ends, number)), "
    "CASE WHEN asked.key = 0 THEN (SELECT json_group_array(json_array({a.code}, {a.granted}, {a.held}, {a.spent}, "
    "{a.limited})) FROM json_each(:accounts) AS drawn CROSS JOIN {a} ON {a.code} = drawn.value) END, asked.key "
    "FROM json_each(:buyers) AS asked LEFT JOIN {s} AS person ON person.{s.code} = asked.value"
)
_POSTGRES = (
    "SELECT person.{s.id}, person.{s.level}, person.{s.orders_placed}, "
    "person.{s.portrait}->>'birthday_month', "
    "(SELECT json_agg(part.{g.code} ORDER BY part.{g.code})::text %(segments)s), "
    "(SELECT json_agg(json_build_array(held.{c.id}, held.{c.code}, held.{c.state}, held.{c.expires_at}, named.{o.code}, "
    "COALESCE(held.{c.balance}, kind.{t.face_value})) "
    "ORDER BY held.{c.expires_at} NULLS LAST, held.{c.id})::text %(wallet)s), "
    "CASE WHEN asked.key = 1 THEN (SELECT json_agg(json_build_array({a.code}, {a.granted}, {a.held}, {a.spent}, "
    "{a.limited}))::text FROM {a} WHERE {a.code} = ANY(:accounts::text[])) END, asked.key - 1 "
    "FROM unnest(:buyers::text[]) WITH ORDINALITY AS asked(value, key) "
    "LEFT JOIN {s} AS person ON person.{s.code} = asked.value"
)
READ = select(
    "quote.read", _SQLITE % _PARTS, _POSTGRES % _PARTS,
    s=Shopper, m=Membership, g=Segment, c=Coupon, t=Template, o=Offer, a=Account,
)  # fmt: skip

_NUMBERS = (
    "SELECT (SELECT {v.number} FROM {v} WHERE {v.id} = 1), "
    "COALESCE((SELECT {b.number} FROM {b} ORDER BY {b.id} LIMIT 1), 0) "
    "+ (SELECT COALESCE(SUM({c.version}), 0) FROM {c})"
)
NUMBERS = select("quote.numbers", _NUMBERS, _NUMBERS, v=CatalogVersion, b=BookVersion, c=Campaign)
"""The number of the goods and the number of the book: catalog.queries.version, offers.numbers.queries.book_number."""


class Wanted(msgspec.Struct, frozen=True):
    """What is to be read: of which buyer ("" for nobody), seen by which merchant, how which accounts stand."""

    buyer: str
    whose: int
    accounts: Collection[str]

    def read(self) -> Found:
        """Ask Django's connection of this thread."""
        row = READ.row(values([self], connection.vendor))
        assert row is not None, "one row, whoever buys"
        return found([self], [row])[0]


def values(group: Sequence[Wanted], vendor: str) -> dict[str, Any]:
    """The parameters of READ for what is wanted together by one merchant; SQLite takes a list as JSON."""
    accounts: set[str] = set().union(*[each.accounts for each in group])
    buyers = [each.buyer for each in group]
    if vendor == "sqlite":
        return {"buyers": _text(buyers), "whose": group[0].whose, "accounts": _text(accounts)}
    return {"buyers": buyers, "whose": group[0].whose, "accounts": list(accounts)}


def found(group: Sequence[Wanted], rows: Sequence[Sequence[Any]]) -> list[Found]:
    """The rows that READ answers with, read: one for each that was wanted, all with the accounts of all."""
    rows = sorted(rows, key=lambda row: row[7])
    standings = {
        code: Standing(granted, held, spent, bool(limited)) for code, granted, held, spent, limited in _list(rows[0][6])
    }
    return [
        Found(_person(wanted.buyer, row), _wallet(row[5] or "[]"), standings)
        for wanted, row in zip(group, rows, strict=True)
    ]


def _person(buyer: str, row: Sequence[Any]) -> Person | None:
    number, level, placed, born, segments = row[:5]
    return None if number is None else Person(number, buyer, level, placed, _list(segments), _month(born))


class Person(msgspec.Struct, frozen=True):
    """Who buys, as far as any offer may ask."""

    id: int
    code: str
    level: str
    orders_placed: int
    segments: Sequence[str]
    birthday_month: int | None = None


class Owned(msgspec.Struct, frozen=True, array_like=True):
    """One coupon of the buyer; `ends` as the database writes it, `balance` what is left of it or its face value."""

    id: str
    code: str | None
    state: str
    ends: str | None
    offer: str
    balance: int | None


_wallet = msgspec.json.Decoder(list[Owned]).decode


class Found(msgspec.Struct, frozen=True):
    """What was read: the coupons soonest to end first; the accounts those wanted, and perhaps more."""

    person: Person | None
    wallet: Sequence[Owned]
    accounts: Mapping[str, Standing]


def _text(codes: Collection[str]) -> str:
    return msgspec.json.encode(codes).decode()


def _list(text: str | None) -> list[Any]:
    told: list[Any] = msgspec.json.decode(text) if text else []
    return told


def _month(told: Any) -> int | None:
    """The month of a portrait that says a month; whatever else stands there says nothing."""
    return _MONTHS.get(str(told))


_MONTHS = {str(month): month for month in range(1, 13)}
