"""What other systems may be told of: the kinds of events, in words and in groups, for who ticks and for who reads them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from festoon.base.words import Words
from festoon.console.words import KINDS, VERBS, of, said
from festoon.distribution import shop_events

ORDERS = {
    "order.redeemed": Words("An order is paid", "订单已支付"),
    "order.refunded": Words("An order is refunded", "订单已退款"),
    "order.recorded": Words("Orders of another system are recorded", "已登记外部订单"),
    "hold.made": Words("A basket is reserved", "订单已占用"),
    "hold.cancelled": Words("A reservation is cancelled", "占用已取消"),
    "hold.expired": Words("A reservation runs out", "占用已过期"),
}
COUPONS = {
    "coupon.claimed": Words("A coupon is claimed", "已领券"),
    "coupon.refused": Words("A claim is refused", "领券被拒"),
    "coupon.issued": Words("Coupons are issued", "已发券"),
    "coupon.void": Words("Coupons are made void", "优惠券已作废"),
    "coupon.quota": Words("A quota is given", "已分配配额"),
    "coupon.redeemed_outside": Words("A coupon is used in another system", "优惠券已在外部核销"),
    "coupon.confirmed_by_eye": Words("Staff confirm a coupon's goods by eye", "店员已目视确认商品"),
}
OFFERS = {
    "offer.released": Words("An offer goes live", "优惠已上线"),
    "offer.stopped": Words("An offer is stopped", "优惠已停止"),
    "offer.lifted": Words("An offer goes on after a stop", "优惠已恢复"),
    "offer.recalled": Words("An offer is recalled", "优惠已召回"),
    "offer.burning": Words("An offer is spent too fast", "优惠消耗过快"),
    "budget.overdrawn": Words("A budget is overdrawn", "预算已透支"),
    "review.due": Words("A review is overdue", "审核已超时"),
}
SHOP = {code: Words(words.en[:1].upper() + words.en[1:], words.zh) for code, words in shop_events.KINDS.items()}
GROUPS = (
    (Words("Orders", "订单"), ORDERS),
    (Words("Coupons", "优惠券"), COUPONS),
    (Words("Offers and money", "优惠与预算"), OFFERS),
    (Words("In the shop", "商城行为"), SHOP),
)
OTHERS = Words("Others", "其他")
EVENTS = {code: words for _, group in GROUPS for code, words in group.items()}
"""What other systems are told of most; other kinds are said by their thing and their verb."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One kind that may be ticked."""

    code: str
    label: str
    on: bool


def event(code: str) -> str:
    """What happened, by the kind of an event such as `order.redeemed`."""
    thing, _, last = code.partition(".")
    if code in EVENTS or thing not in KINDS:
        return of(EVENTS, code)
    return f"{of(KINDS, thing)} · {of(VERBS, last)}"


def ticks(chosen: Collection[str] = ()) -> Sequence[tuple[str, Sequence[Tick]]]:
    """The kinds by group; those of `chosen` are ticked, and what a system asked for besides stays among the others."""
    groups = [(said(title), list(group)) for title, group in GROUPS]
    if others := [code for code in chosen if code not in EVENTS]:
        groups.append((said(OTHERS), others))
    return [(title, [Tick(code, event(code), code in chosen) for code in codes]) for title, codes in groups]
