"""What an API key may be allowed to do; a key holds some of these, and each endpoint names the one it needs."""

from __future__ import annotations

from festoon.base.words import Words

SCOPES = {
    "quotes.write": Words(en="price a basket", zh="试算购物车价格"),
    "holds.write": Words(en="hold a price, cancel a hold", zh="锁定价格、取消锁定"),
    "redemptions.write": Words(en="redeem a hold", zh="核销"),
    "coupons.verify": Words(
        en="verify at the till: price, hold and redeem in one", zh="门店核销（试算、锁定、核销一次完成）"
    ),
    "refunds.write": Words(en="give units back", zh="退款"),
    "claims.write": Words(en="claim a coupon for a shopper", zh="为顾客领券"),
    "wallet.read": Words(en="see what a shopper holds", zh="查看顾客卡包"),
    "events.write": Words(en="send the shop's events", zh="上报商城事件"),
    "campaigns.read": Words(en="see campaigns", zh="查看活动"),
    "shoppers.sign": Words(en="get a token for a shopper who signed in at the shop", zh="为已登录的顾客签发令牌"),
    "webhooks.edit": Words(en="send events to other systems", zh="向其他系统推送事件"),
    "facts:goods": Words(en="send the goods' attributes with the basket", zh="随购物车提交商品属性"),
}
"""Scope → what it allows."""
