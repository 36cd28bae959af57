"""JSON Schema (2020-12) of the offers file, the cart and the quote, made from the shelves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from festoon.base.form import schema
from festoon.base.money import MOST
from festoon.base.shelf import Shelf
from festoon.engine.stages import STAGES
from festoon.engine.verdicts import VERDICTS
from festoon.rulebook import benefits, conditions, promotion_types, refunds
from festoon.rulebook.facts import BEST, MOST_CHOSEN, MOST_LINES, MOST_QUANTITY, MOST_WALLET
from festoon.rulebook.fields import Distribution, Exclusion, Policy, Release
from festoon.rulebook.scopes import scope_schema

Json = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXT: Json = {"type": "string", "minLength": 1, "maxLength": 200}
MAYBE: Json = {"type": ["string", "null"], "maxLength": 200}
MONEY: Json = {"type": "integer", "minimum": 0, "maximum": MOST}
CODES: Json = {"type": "array", "items": TEXT, "uniqueItems": True}


def record(needed: Json, more: Json | None = None) -> Json:
    """An object with these fields and no others."""
    return {
        "type": "object",
        "properties": {**needed, **(more or {})},
        "required": list(needed),
        "additionalProperties": False,
    }


def rows(of: Json, least: int = 0, most: int | None = None) -> Json:
    """An array."""
    return {"type": "array", "items": of, "minItems": least, **({"maxItems": most} if most is not None else {})}


def or_null(of: Json) -> Json:
    """The same, or null."""
    return {"anyOf": [of, {"type": "null"}]}


def offers_schema() -> Json:
    """The offers file."""
    return {
        "$schema": DRAFT,
        "title": "Festoon offers",
        **record(
            {
                "festoon": {"const": 1},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                "offers": rows({"$ref": "#/$defs/offer"}),
            },
            {
                "zone": {"type": "string"},
                "policy": schema(Policy),
                "exclusions": rows(schema(Exclusion)),
                "distributions": rows(schema(Distribution)),
            },
        ),
        "$defs": {"offer": offer_schema(), "scope": scope_schema()},
    }


def offer_schema() -> Json:
    """One offer: a type with its fields, or a benefit."""
    offer = schema(Release)
    offer["properties"] |= {
        "scope": {"$ref": "#/$defs/scope"},
        "benefit": one_of(benefits.shelf),
        "when": rows(one_of(conditions.shelf)),
        "refund": or_null(one_of(refunds.shelf)),
        "type": {"enum": promotion_types.shelf.codes()},
        "with": {"type": "object"},
    }
    typed = [
        {
            "if": {"properties": {"type": {"const": code}}, "required": ["type"]},
            "then": {"properties": {"with": _form(promotion_types.shelf, code)}},
        }
        for code in promotion_types.shelf
    ]
    return offer | {"oneOf": [{"required": ["type"]}, {"required": ["benefit"]}], "allOf": typed}


def one_of(shelf: Shelf[Any]) -> Json:
    """{code: {its fields}} for one code of the shelf."""
    forms = {code: _form(shelf, code) for code in shelf}
    return {
        "type": "object",
        "properties": forms,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _form(shelf: Shelf[Any], code: str) -> Json:
    form = schema(shelf[code])
    return form if form.get("required") else or_null(form)


def cart_schema() -> Json:
    """The cart."""
    moment = {"type": "string", "format": "date-time"}
    line = record(
        {
            "id": TEXT,
            "sku": TEXT,
            "quantity": {"type": "integer", "minimum": 1, "maximum": MOST_QUANTITY},
            "unit_price": MONEY,
        },
        {
            **dict.fromkeys(("product", "brand", "store", "merchant"), MAYBE),
            "category": {"anyOf": [CODES, TEXT, {"type": "null"}]},
            "tags": or_null(CODES),
            **dict.fromkeys(("tag_floor", "net_floor", "unit_cost"), MONEY),
        },
    )
    buyer = record(
        {},
        {
            "id": MAYBE,
            "segments": or_null(CODES),
            "level": MAYBE,
            "orders_placed": or_null(MONEY),
            "new": {"type": ["boolean", "null"]},
            "birthday_month": or_null({"type": "integer", "minimum": 1, "maximum": 12}),
        },
    )
    held = record({"id": TEXT, "offer": TEXT}, {"expires": or_null(moment), "balance": or_null(MONEY)})
    left = record({}, {name: or_null(MONEY) for name in ("uses", "buyer_uses", "budget", "units", "buyers")})
    return {
        "$schema": DRAFT,
        "title": "Festoon cart",
        **record(
            {
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                "moment": moment,
                "lines": rows(line, 1, MOST_LINES),
            },
            {
                **dict.fromkeys(("channel", "scene", "store", "merchant", "payment"), MAYBE),
                "buyer": or_null(buyer),
                "shipping": MONEY,
                "only_sum": {"type": "boolean"},
                "confirmed_by_eye": CODES,
                "confirmed_by": TEXT,
                "wallet": or_null(rows(held, 0, MOST_WALLET)),
                "chosen": {
                    "anyOf": [rows(TEXT, 0, MOST_CHOSEN) | {"uniqueItems": True}, {"const": BEST}, {"type": "null"}]
                },
                "availability": or_null({"type": "object", "additionalProperties": left}),
            },
        ),
    }


def quote_schema() -> Json:
    """The quote."""
    words = record({"en": {"type": "string"}, "zh": {"type": "string"}})
    payers = {"type": "object", "additionalProperties": MONEY}
    shares = rows(record({"offer": TEXT, "amount": MONEY, "payers": payers}))
    refusal = {
        "reason": TEXT,
        "distance": record({"unit": {"enum": ["money", "count"]}, "gap": MONEY}),
        "details": {"type": "object"},
    }
    priced = {"list": MONEY, "discount": MONEY, "payable": MONEY, "shares": shares}
    unit = record({"unit": {"type": "integer", "minimum": 1}, "payable": MONEY, "shares": shares})
    line = record(
        {
            "id": TEXT,
            "sku": TEXT,
            "quantity": {"type": "integer", "minimum": 1},
            "unit_price": MONEY,
            **priced,
            "units": rows(unit),
        }
    )
    offer = record({
        "offer": TEXT, "name": words, "kind": {"enum": ["promotion", "coupon"]}, "stage": {"enum": list(STAGES)}, "amount": MONEY,
        "payers": payers, "coupon": or_null(TEXT), "cut_by_floor": MONEY, "scarce": {"type": "boolean"},
    })  # fmt: skip
    verdict = record(
        {"offer": TEXT, "code": {"enum": list(VERDICTS)}},
        {
            **refusal,
            "amount": MONEY,
            "by": CODES,
            "relation": TEXT,
            "further": record({}, refusal),
            "worse_by": MONEY,
            "cut_by_floor": MONEY,
            "scarce": {"const": True},
            "words": words,
            "trace": words,
        },
    )
    return {
        "$schema": DRAFT,
        "title": "Festoon quote",
        **record(
            {
                "quote": TEXT,
                "book": TEXT,
                "moment": TEXT,
                "currency": TEXT,
                "totals": record(dict.fromkeys(("list", "goods", "shipping", "discount", "payable"), MONEY)),
                "lines": rows(line),
                "shipping": record(priced),
                "offers": rows(offer),
                "gifts": rows(record({"offer": TEXT, "sku": TEXT, "quantity": MONEY, "value": MONEY})),
                "coupons": rows(
                    record({"id": TEXT, "offer": or_null(TEXT), "served": {"type": "boolean"}}, {"drawn": MONEY})
                ),
                "verdicts": rows(verdict),
                "optimal": {"type": "boolean"},
                "bound": MONEY,
                "steps": MONEY,
            },
            {
                "balances": MONEY,
                "deposits": rows(record({"offer": TEXT, "paid": MONEY})),
                "better": record({"gain": MONEY, "chosen": CODES}),
            },
        ),
    }


SCHEMAS: dict[str, Callable[[], Json]] = {"offers": offers_schema, "cart": cart_schema, "quote": quote_schema}
