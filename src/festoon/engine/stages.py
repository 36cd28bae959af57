"""The stages a price goes through, and the amounts an offer may look at.

Numbers, not an enumeration, so that the engine compares plain integers.
"""

from __future__ import annotations

from typing import Final

from festoon.base.words import Words

STAGES = ("price", "item", "store", "platform", "shipping", "payment")
PRICE: Final = 0
ITEM: Final = 1
STORE: Final = 2
PLATFORM: Final = 3
SHIPPING: Final = 4
PAYMENT: Final = 5

STAGE_WORDS = {
    "price": Words("price of the item", "单品价"),
    "item": Words("item", "单品"),
    "store": Words("store", "店铺"),
    "platform": Words("platform", "平台"),
    "shipping": Words("shipping", "运费"),
    "payment": Words("payment", "支付"),
}

BASES = ("list", "tag", "entry", "running")
LIST: Final = 0
TAG: Final = 1
ENTRY: Final = 2
RUNNING: Final = 3

BASIS_WORDS = {
    "list": Words("list price", "原价"),
    "tag": Words("price on the tag", "标价"),
    "entry": Words("what entered the stage", "进入本阶段的金额"),
    "running": Words("what is left at its turn", "轮到时的剩余金额"),
}
