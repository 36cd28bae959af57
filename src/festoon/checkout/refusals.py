"""Why the checkout says no, each with its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from festoon.base.words import Words
from festoon.records.refusal import Conflict


def _said(code: str, en: str, zh: str, field: str = "", **detail: Any) -> Conflict:
    return Conflict(code, Words(en=en, zh=zh), field=field, detail=detail)


def scarce(account: str) -> Conflict:
    """Somebody else took what was left between the pricing and the write."""
    return _said("scarce", "What was left has just been taken.", "剩余额度刚被用完。", account=account)


def coupon_taken() -> Conflict:
    """A coupon is used, ended, or tied to another order."""
    return _said(
        "coupon_used", "A coupon is used, ended or tied to another order.", "有优惠券已使用、过期或正用于其他订单。"
    )


def hold_moved() -> Conflict:
    """The hold's state changed while the verb was on its way."""
    return _said("hold_moved", "The hold has just changed; try again.", "占用状态刚发生变化，请重试。")


def hold_closed(state: str) -> Conflict:
    """The hold was cancelled."""
    return _said("hold_closed", f"This hold is {state}.", "该占用已结束。", "hold", state=state)


def redeemed(number: str) -> Conflict:
    """The hold was redeemed before."""
    return _said("already_redeemed", "This hold was redeemed before.", "该占用已核销。", "hold", redemption=number)


def expired(what: str) -> Conflict:
    """The hold has ended, and what it held is gone."""
    return _said(
        "expired", "The hold has ended and what it held is gone.", "占用已过期，且额度已被他人使用。", "hold", gone=what
    )


def not_here(coupon: str) -> Conflict:
    """A coupon may not be used at this channel, scene or store."""
    return _said(
        "not_here",
        "A coupon of this order cannot be used here.",
        "订单中有优惠券不能在此使用。",
        "scene",
        coupon=coupon,
    )


def not_served(coupon: str, verdicts: list[Any]) -> Conflict:
    """A coupon that was shown does not serve this cart."""
    return _said(
        "not_served", "A coupon does not apply to this basket.", "有优惠券不适用于此购物车。", "chosen",
        coupon=coupon, verdicts=verdicts,
    )  # fmt: skip


def refund_moved() -> Conflict:
    """Another refund of the same redemption came in between."""
    return _said("refund_moved", "Another refund has just been made; try again.", "刚有另一笔退款，请重试。")


def unit_back(line: str) -> Conflict:
    """A unit came back before."""
    return _said("already_refunded", "A unit of this line was refunded before.", "该行商品已退过。", f"units.{line}")


def not_judged(field: str = "redemption") -> Conflict:
    """An order cannot be judged again: its token was sealed with a secret this installation lost."""
    return _said(
        "not_judged",
        "This order cannot be priced again: the secret it was sealed with is gone.",
        "无法重新计算该订单的价格：其密钥已丢失。",
        field,
    )


def quote_changed(quote: Mapping[str, Any], differences: list[dict[str, Any]]) -> Conflict:
    """The price is no longer what the quote said; here is what it is now."""
    return _said(
        "quote_changed", "The price has changed since the quote.", "价格已与报价不同。", "token",
        quote=quote, differences=differences,
    )  # fmt: skip
