"""Every code the door may answer with: its status and what it means. Endpoints name the ones they may give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from litestar.openapi.datastructures import ResponseSpec

from festoon.api.errors import Error

REFUSALS: dict[str, tuple[int, str]] = {
    "malformed": (400, "the body is missing or is not JSON in UTF-8"),
    "bad_request": (400, "a header cannot be read"),
    "key_missing": (400, "a write came without an Idempotency-Key"),
    "key_malformed": (400, "the Idempotency-Key is not 1 to 255 visible ASCII characters"),
    "unauthorised": (401, "no live API key was sent"),
    "forbidden": (403, "the key lacks the scope that `detail.right` names"),
    "no_such_address": (404, "there is nothing at this address"),
    "not_found": (404, "there is no such thing, or it is another merchant's"),
    "no_such_coupon": (404, "no coupon with this code can be claimed"),
    "no_such_code": (404, "this code cannot be used (the same answer for every code that leads nowhere)"),
    "method_not_allowed": (405, "the address does not answer that method"),
    "too_large": (413, "the body is larger than the limit"),
    "key_reused": (409, "the Idempotency-Key was used before with another body"),
    "quote_changed": (409, "the price is no longer the quote's; `detail` has the new `quote` and the `differences`"),
    "already_redeemed": (409, "the hold was redeemed before; `detail.redemption` is its id"),
    "hold_closed": (409, "the hold was cancelled"),
    "expired": (409, "the hold has ended, and a coupon or unit it held is gone"),
    "not_served": (409, "a chosen coupon does not serve this basket; `detail` has its verdicts"),
    "not_here": (409, "a coupon of the order may not be used in this channel, store or scene"),
    "hold_moved": (409, "the hold changed at this very moment; send it again"),
    "already_refunded": (409, "a unit came back before"),
    "not_judged": (409, "the order cannot be priced again: the secret it was sealed with is gone"),
    "refund_moved": (409, "another refund came at this very moment; send it again"),
    "coupon_used": (409, "the coupon is used, or tied to another order"),
    "sold_out": (409, "every coupon of the stock was claimed"),
    "limit_reached": (
        409,
        "the shopper or the device has as many as one may have; `detail.opens_again` where it is for a period",
    ),
    "device_needed": (409, "the coupon is limited by device, and the claim says none"),
    "not_open": (409, "claiming has not begun or has ended"),
    "not_for_you": (409, "the coupon is for other shoppers"),
    "not_for_channel": (409, "the coupon cannot be claimed in the key's channel or this scene"),
    "stopped": (409, "the offer was stopped"),
    "recalled": (409, "the offer is no longer released"),
    "taken": (409, "another of yours has this name"),
    "too_many": (409, "there are as many as there may be"),
    "wrong_state": (409, "in the state that `detail.state` names this cannot be done"),
    "just_changed": (409, "the secret was changed less than a day ago"),
    "missing": (422, "a field that is needed is not there"),
    "unknown_field": (422, "there is no such field"),
    "wrong_type": (422, "the field has another type; money and quantities are whole numbers, never 1.0 or text"),
    "wrong_length": (422, "a text or list is too short or too long"),
    "wrong_form": (422, "a text has characters or a form that are not allowed"),
    "out_of_range": (422, "a number is outside its range"),
    "not_one_of": (422, "the value is none of those allowed"),
    "not_text": (422, "the text has signs that are not shown, or none"),
    "not_an_address": (422, "not an https address of a host in the internet, port 443 or 8443"),
    "unknown_line": (422, "the order has no such line"),
    "unknown_unit": (422, "the line has no such unit, or a unit is named twice"),
    "token_forged": (422, "the token is not one of ours, was changed, or is another merchant's"),
    "twice": (422, "the same line id or the same coupon is there twice"),
    "not_both": (422, "lines and their sum are both given"),
    "too_many_units": (422, "the basket has more than 10,000 units"),
    "unknown": (422, "a field names something that is not in the rest of the request"),
    "unknown_product": (422, "there is no such product, or it is another merchant's"),
    "unknown_buyer": (422, "there is no such shopper"),
    "foreign_currency": (422, "the product is not sold in this currency"),
    "coupon_unknown": (422, "the shopper holds no such coupon (the same answer for every wrong code)"),
    "too_many_requests": (429, "this key has too many requests under way"),
    "too_many_tries": (429, "too many wrong codes by this shopper, from this address or by this key in five minutes"),
    "unavailable": (503, "the database does not answer just now; nothing was promised"),
    "book_unreadable": (503, "this process cannot know whether its prices still hold, and sells nothing"),
}
"""Code → HTTP status, meaning."""

ALWAYS = ("unavailable", "too_many_requests")
KEYED = ("unauthorised", "forbidden")
WRITING = ("key_missing", "key_malformed")
BODY = ("bad_request", "malformed", "too_large", "unknown_field", "wrong_type")
SHAPE = ("missing", "wrong_length", "wrong_form")
"""What is wrong with a body whose fields are texts and lists."""


def documented(codes: Iterable[str]) -> dict[int, ResponseSpec]:
    """For the OpenAPI description: one answer a status, its codes with their meanings."""
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in sorted(set(codes)):
        status, meaning = REFUSALS[code]
        by_status[status].append(f"`{code}`: {meaning}")
    return {
        status: ResponseSpec(Error, generate_examples=False, description=".\n".join(told) + ".")
        for status, told in sorted(by_status.items())
    }
