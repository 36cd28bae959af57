"""What operators call the things of the shelves that have no title of their own, each with a sentence what it asks."""

from __future__ import annotations

from typing import Any

from festoon.base.words import Words

CONDITIONS = {
    "least_spend": (Words("Spend at least", "消费满额"), Words("The goods come to at least an amount.", "商品金额达到一定数额。")),
    "most_spend": (Words("Spend at most", "消费不超过"), Words("The goods come to at most an amount.", "商品金额不超过一定数额。")),
    "least_quantity": (Words("Buy at least", "购满件数"), Words("At least so many pieces.", "至少购买若干件。")),
    "most_quantity": (Words("Buy at most", "件数不超过"), Words("At most so many pieces.", "最多购买若干件。")),
    "basket_contains": (
        Words("The order also holds", "订单中含有指定商品"),
        Words("So many pieces of certain goods are in the order.", "订单中含有若干件指定商品。"),
    ),
    "segment": (Words("Shoppers in a group", "指定人群"), Words("Only for, or not for, some groups.", "仅限或排除某些人群。")),
    "level": (Words("Members of a level", "会员等级"), Words("Only for members of these levels.", "仅限这些等级的会员。")),
    "new_buyer": (Words("New shoppers", "新客"), Words("Only for who has not ordered yet.", "仅限未下过单的顾客。")),
    "nth_order": (Words("The shopper's nth order", "第几单"), Words("From one order number to another.", "自第几单至第几单。")),
    "first_buyers": (Words("The first so many orders", "前若干名"), Words("Whoever comes first.", "先到先得。")),
    "birthday_month": (
        Words("In the birthday month", "生日月"), Words("Bought in the month of the birthday.", "在生日当月购买。"),
    ),
    "channel": (Words("In a channel", "限渠道"), Words("App, mini program, store.", "应用、小程序、门店。")),
    "scene": (Words("In a scene", "限场景"), Words("A live room, a page, a search.", "直播间、活动页、搜索。")),
    "store": (Words("In a store", "限门店"), Words("Bought in one of these stores.", "在这些门店购买。")),
    "payment_method": (Words("Paid in a way", "支付方式"), Words("A bank's card, a wallet.", "银行卡、电子钱包。")),
    "hours": (Words("On days and hours", "限时段"), Words("Such as Fridays from 20:00 to 22:00.", "如每周五 20:00 至 22:00。")),
    "window": (Words("In a part of the period", "限部分时间"), Words("Such as the first two hours.", "如前两小时。")),
    "expression": (
        Words("An expression", "表达式"), Words("For what no other condition says.", "用于其他条件无法表达的情形。"),
    ),
}  # fmt: skip

BENEFITS = {
    "value_unknown": Words("A coupon of unknown worth", "面值未知的券"),
    "percent_off_units": Words("Percent off single pieces", "单件折扣"),
    "unit_price": Words("A price of a piece", "单件价"),
    "balance_off": Words("A balance that pays", "余额支付"),
    "allowance_by_tier": Words("Allowance by tiers", "阶梯津贴"),
    "amount_by_tier": Words("Amount off by tiers", "阶梯满减"),
    "amount_by_quantity": Words("Save by pieces", "满件减"),
    "amount_off": Words("Amount off", "立减"),
    "amount_off_each": Words("Amount off each", "每件立减"),
    "percent_off": Words("Percent off", "折扣"),
    "deposit_off": Words("Deposit that counts for more", "定金膨胀"),
    "add_on_price": Words("Add-on price", "换购价"),
    "bundle_price": Words("Bundle price", "套装价"),
    "buy_x_get_y": Words("Buy some, get some", "买赠"),
    "free_shipping": Words("Free shipping", "包邮"),
    "gift": Words("Gift", "赠品"),
    "match_coupon": Words("Double coupons", "优惠券翻倍"),
    "member_price": Words("Member price", "会员价"),
    "nth_item": Words("Nth item", "第N件优惠"),
    "units_for_price": Words("Pieces for a price", "N件一口价"),
    "goods_for_price": Words("All goods for a price", "全部一口价"),
}
HELPS = {
    "window": Words(
        "By the clock of the zone. Midnight of the 15th means to the end of the 14th.",
        "按所选时区的时间。填 15 日 00:00，即至 14 日结束。",
    ),
}
"""What is said under fields whose form says nothing of itself."""
REFUNDS = {
    "keep": Words("What is kept keeps its discount.", "保留的商品仍享优惠。"),
    "claw_back": Words("What is kept is judged again.", "按保留的商品重新计算优惠。"),
    "convert": Words("The coupon can be used again.", "退回优惠券，可再次使用。"),
}


def title(cls: type[Any], code: str) -> Words:
    """What a thing of a shelf is called: its own title, ours, or its code in plain words."""
    own = getattr(cls, "title", None)
    known = CONDITIONS.get(code, (BENEFITS.get(code),))[0]
    plain = code.replace("_", " ").capitalize()
    return own if isinstance(own, Words) else known or Words(plain, plain)


def help_of(code: str) -> Words:
    """What a condition asks, in a sentence."""
    return CONDITIONS[code][1] if code in CONDITIONS else Words("", "")
