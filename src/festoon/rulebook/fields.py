"""The fields that every release, exclusion and distribution has, whatever its type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from festoon.base.form import Nested, choice, codes, flag, made, moment, money, part, table, text, zone
from festoon.base.kinds import Name, Part, Whole
from festoon.base.money import MODES
from festoon.base.words import Words, same
from festoon.engine.stages import BASIS_WORDS, STAGE_WORDS

KINDS = {"promotion": Words("promotion", "促销"), "coupon": Words("coupon", "优惠券")}
STATES = {"live": Words("live", "生效"), "stopped": Words("stopped", "已停用")}


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` (included) to `end` (not included), read in `zone`; without one, in the book's."""

    start: str | None = moment("From", "开始", default=None)
    end: str | None = moment("Until", "结束", default=None)
    zone: str | None = zone("In the zone", "时区", default=None)


@dataclass(frozen=True, slots=True)
class Payer:
    """Who bears a part of the discount: "platform", "merchant" (of the goods), "merchant:CODE", or any other name."""

    payer: str = text("Payer", "承担方")
    basis_points: int = part("Part", "比例")


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a percentage is rounded: how, the discount or the price after it, per unit, line or over the order."""

    mode: str = choice("Rounding", "取整方式", {m: same(m) for m in MODES}, default="half_up")
    of: str = choice(
        "Of", "取整对象", {"discount": Words("discount", "优惠"), "price": Words("price", "价格")}, default="discount"
    )
    per: str = choice(
        "Per", "取整粒度", {"unit": Words("unit", "件"), "line": Words("line", "行"), "order": Words("order", "单")},
        default="line",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Budget:
    """What happens when less is left than the discount: give what is left, or refuse."""

    short: str = choice(
        "When it falls short", "额度不足时", {"give": Words("give what is left", "给剩余"), "refuse": Words("refuse", "不给")},
        default="give",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Release:
    """One offer: a promotion that applies by itself, or a coupon that a shopper holds and chooses."""

    code: str = text("Code", "编号")
    kind: str = choice("Kind", "类别", KINDS, default="promotion")
    name: Words | None = made(Name(), "Name", "名称", default=None)
    type: str | None = made(Part(), "Type", "类型", default=None)
    with_: Any = made(Part(), "Its fields", "类型字段", default=None)
    benefit: Any = made(Part(), "Benefit", "优惠", default=None)
    scope: Any = made(Part(), "Goods", "商品范围", default=None)
    when: Any = made(Part(), "Conditions", "条件", default=None)
    stage: str | None = choice("Stage", "阶段", STAGE_WORDS, default=None)
    priority: int = made(Whole("count", -1_000_000, 1_000_000), "Priority (smaller first)", "优先级（小者先）", 100)
    group: str | None = text("Group", "组", default=None)
    threshold_basis: str = choice("Thresholds look at", "门槛基准", BASIS_WORDS, default="entry")
    percent_basis: str = choice("Percentages look at", "折扣基准", BASIS_WORDS, default="running")
    window: Span | None = made(Nested(of=Span), "Window", "有效期", default=None)
    payers: tuple[Payer, ...] | None = table(Payer, "Payers", "承担方", default=None)
    rounding: Rounding = made(Nested(of=Rounding), "Rounding", "取整", default=Rounding())
    weights: str = choice(
        "Divided by", "分摊权重",
        {"value": Words("value", "金额"), "even": Words("evenly", "平均"), "quantity": Words("quantity", "件数")},
        default="value",
    )  # fmt: skip
    spill: str | None = choice(
        "What a line at its floor cannot take", "触及底价的部分",
        {"others": Words("goes to the others", "由其他行承担"), "lost": Words("is lost", "不再优惠")}, default=None,
    )  # fmt: skip
    tag_floor: int = money("No unit is asked less than", "单件最低售价", default=0)
    net_floor: int = money("A unit's merchant keeps at least", "单件商家最低所得", default=0)
    exclusive: bool = flag("Excludes everything", "与一切互斥")
    always: bool = flag("Always applies", "总是生效")
    steps_aside: bool = flag("Steps aside where that saves more", "可让位")
    staff_may_confirm: bool = flag("Staff may confirm its goods by eye", "店员可当面确认商品")
    campaign: str | None = text("Campaign", "活动主题", default=None)
    owner: str | None = text("Owner", "归属方", default=None)
    budget: Budget = made(Nested(of=Budget), "Budget", "预算", default=Budget())
    refund: Any = made(Part(), "When goods come back", "退货时", default=None)
    state: str = choice("State", "状态", STATES, default="live")

    def faults(self) -> list[tuple[str, str, Words]]:
        """What contradicts itself."""
        if self.kind == "coupon" and (self.always or self.steps_aside):
            name = "always" if self.always else "steps_aside"
            return [
                (name, "kind", Words("is for promotions; a coupon is chosen by hand", "仅用于促销；优惠券由顾客选择"))
            ]
        if self.kind == "coupon" and (self.tag_floor or self.net_floor):
            name = "tag_floor" if self.tag_floor else "net_floor"
            return [
                (name, "kind", Words("is for promotions; a coupon may stay unused", "仅用于促销；优惠券可能未被使用"))
            ]
        if self.kind != "coupon" and self.staff_may_confirm:
            return [("staff_may_confirm", "kind", Words("is for coupons", "仅用于优惠券"))]
        if self.always and self.steps_aside:
            return [("steps_aside", "always", Words("contradicts always", "与 always 矛盾"))]
        return []


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Two offers that may not serve one order, or one line, together."""

    code: str = text("Code", "编号")
    between: tuple[str, ...] = codes("Between", "双方", least=2)
    grain: str = choice(
        "Grain", "粒度", {"order": Words("order", "整单"), "line": Words("line", "同一行")}, default="order"
    )
    reason: Words | None = made(Name(), "Reason", "原因", default=None)
    window: Span | None = made(Nested(of=Span), "Window", "有效期", default=None)
    lock: bool = flag("Locked by policy", "策略锁定")

    def faults(self) -> list[tuple[str, str, Words]]:
        """A relation has two ends."""
        return [] if len(self.between) == 2 else [("between", "two", Words("must name two offers", "须为两个优惠"))]


@dataclass(frozen=True, slots=True)
class Distribution:
    """For whom and where the offers of a campaign, or the listed offers, may be used. An empty list is no limit.

    Channels, scenes and stores are where an offer is used; where its coupons may be claimed is said apart.
    """

    code: str = text("Code", "编号")
    campaign: str | None = text("Campaign", "活动主题", default=None)
    offers: tuple[str, ...] = codes("Offers", "优惠", least=0, default=())
    channels: tuple[str, ...] = codes("Channels", "渠道", least=0, default=())
    scenes: tuple[str, ...] = codes("Scenes", "场景", least=0, default=())
    stores: tuple[str, ...] = codes("Stores", "门店", least=0, default=())
    segments: tuple[str, ...] = codes("Segments", "人群", least=0, default=())
    buyers: tuple[str, ...] = codes("Recipients", "指定顾客", least=0, default=())
    claim_channels: tuple[str, ...] = codes("Claimed in channels", "领取渠道", least=0, default=())
    claim_scenes: tuple[str, ...] = codes("Claimed in scenes", "领取场景", least=0, default=())
    window: Span | None = made(Nested(of=Span), "Window", "有效期", default=None)

    def faults(self) -> list[tuple[str, str, Words]]:
        """It is about something."""
        return (
            []
            if self.campaign or self.offers
            else [("campaign", "missing", Words("name a campaign or offers", "须指定活动主题或优惠"))]
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """How conflicts are resolved, and whether the best set is looked for."""

    conflict: str = choice(
        "Conflicts", "冲突处理",
        {"best_total": Words("best total", "总价最优"), "priority": Words("higher priority", "优先级高者"),
         "best_per_line": Words("best on each line", "逐行最优")},
        default="best_total",
    )  # fmt: skip
    objective: str = choice(
        "Objective", "目标", {"best": Words("best price", "最优价"), "priority": Words("by priority", "按优先级")}, default="best",
    )  # fmt: skip
