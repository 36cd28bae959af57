"""One reason for every offer in reach: why it applied, or the first thing that stood in its way."""

from __future__ import annotations

from typing import Final, Protocol

from festoon.base.money import price_text
from festoon.base.words import Words, joined

VERDICTS: Final = (
    "not_live", "stopped", "channel", "buyer", "limit", "stock", "not_met", "floor", "not_chosen", "excluded",
    "beaten", "applied",
)  # fmt: skip
"""In the order in which they are tried; the first that is true is the verdict."""


class Speaker(Protocol):
    """Whoever refused can say so in its own words."""

    def refusal(self, no: No, currency: str) -> Words:
        """The refusal as a sentence for the shopper."""


class No:
    """A refusal: the `verdict`, the `reason` within it, and the distance to the other side.

    `gap` is how much is missing, in minor units or things as `unit` says ("money" or "count"); 0 when no amount helps.
    `details` are small facts for the words; `source` is the condition or benefit that refused, and knows the words.
    Match on the type: a refusal is as true as any object.
    """

    __slots__ = ("details", "gap", "reason", "source", "unit", "verdict")

    def __init__(
        self,
        verdict: str,
        reason: str,
        gap: int = 0,
        unit: str = "",
        details: tuple[tuple[str, int | str], ...] = (),
        source: Speaker | None = None,
    ) -> None:
        self.verdict, self.reason = verdict, reason
        self.gap, self.unit = gap, unit
        self.details, self.source = details, source

    def detail(self, name: str) -> int | str:
        """One of the details; an empty text when there is none of that name."""
        for known, value in self.details:
            if known == name:
                return value
        return ""

    def words(self, currency: str) -> Words:
        """The refusal as a sentence for the shopper."""
        return self.source.refusal(self, currency) if self.source is not None else engine_words(self, currency)

    def to_data(self) -> dict[str, object]:
        """The documented form."""
        data: dict[str, object] = {"reason": self.reason}
        if self.gap:
            data["distance"] = {"unit": self.unit, "gap": self.gap}
        if self.details:
            data["details"] = dict(self.details)
        return data


class Verdict:
    """What became of one offer.

    `amount` is what it took when applied; `by` are the codes of the offers that stand in its way, `names` what people
    call them; `relation` the code of the exclusion, or "exclusive"; `further` the next step up when there is one.
    `cut_by_floor` is what floors kept it from taking; `scarce` that what is left of it gave less than it might.
    """

    __slots__ = (
        "amount",
        "by",
        "code",
        "cut_by_floor",
        "further",
        "name",
        "names",
        "no",
        "offer",
        "relation",
        "scarce",
        "worse_by",
    )

    def __init__(self, offer: str, name: Words, code: str, no: No | None = None, amount: int = 0) -> None:
        self.offer, self.name = offer, name
        self.code, self.no = code, no
        self.amount, self.cut_by_floor, self.scarce = amount, 0, False
        self.by: tuple[str, ...] = ()
        self.names: tuple[Words, ...] = ()
        self.relation = ""
        self.further: No | None = None
        self.worse_by: int | None = None

    def words(self, currency: str) -> Words:
        """The verdict as a sentence for the shopper."""
        if self.code == "applied":
            return joined(self._applied(currency), "; ", "；")
        if self.names:
            named = joined(self.names, ", ", "、")
            if self.code == "excluded":
                return Words(f"cannot be combined with {named.en}", f"不能与{named.zh}同时使用")
            return Words(f"{named.en} saves more here", f"此处{named.zh}更优惠")
        if self.no is not None:
            return self.no.words(currency)
        return Words("leaving it out saves more", "不使用更优惠")

    def _applied(self, currency: str) -> list[Words]:
        amount, floor = price_text(self.amount, currency), price_text(self.cut_by_floor, currency)
        said = [Words(f"saves {amount}", f"已优惠 {amount}") if self.amount else Words("applied", "已生效")]
        if self.cut_by_floor:
            said.append(Words(f"{floor} less, because no price falls below its floor", f"因底价限制少优惠 {floor}"))
        if self.scarce:
            said.append(Words("as much as is left", "已按剩余额度优惠"))
        return said if self.further is None else [*said, self.further.words(currency)]

    def trace(self, currency: str) -> Words:
        """The verdict for an operator: the shopper's sentence with codes and relations."""
        said, more = self.words(currency), [f"{self.offer}: {self.code}"]
        if self.no is not None:
            more.append(self.no.reason)
        if self.by:
            more.append("by " + ", ".join(self.by) + (f" ({self.relation})" if self.relation else ""))
        return Words(f"[{' / '.join(more)}] {said.en}", f"[{' / '.join(more)}] {said.zh}")

    def to_data(self, currency: str | None = None) -> dict[str, object]:
        """The documented form; with a currency, the words in both languages too."""
        data: dict[str, object] = {"offer": self.offer, "code": self.code}
        if self.code == "applied":
            data["amount"] = self.amount
            data.update({"cut_by_floor": self.cut_by_floor} if self.cut_by_floor else {})
            data.update({"scarce": True} if self.scarce else {})
        if self.no is not None:
            data.update(self.no.to_data())
        if self.by:
            data["by"] = list(self.by)
        if self.relation:
            data["relation"] = self.relation
        if self.further is not None:
            data["further"] = self.further.to_data()
        if self.worse_by is not None:
            data["worse_by"] = self.worse_by
        if currency is not None:
            data["words"] = self.words(currency).to_data()
            data["trace"] = self.trace(currency).to_data()
        return data


_WORDS = {
    "not_begun": Words("has not begun yet", "尚未开始"),
    "ended": Words("has ended", "已结束"),
    "coupon_ended": Words("this coupon has expired", "该优惠券已过期"),
    "distribution_window": Words("is not given out at this time", "当前不在投放时段"),
    "stopped": Words("has been stopped", "已停用"),
    "channel": Words("is not for this channel", "不适用于该渠道"),
    "scene": Words("is not for this scene", "不适用于该场景"),
    "store": Words("is not for this store", "不适用于该门店"),
    "not_recipient": Words("is for other shoppers", "不适用于您"),
    "not_held": Words("cannot be used", "无法使用"),
    "uses": Words("all have been used", "已全部用完"),
    "buyer_uses": Words("you have used it as often as you may", "您的使用次数已达上限"),
    "units": Words("is sold out", "已售罄"),
    "balance": Words("there is no balance left", "余额已用完"),
    "budget": Words("is used up", "额度已用完"),
    "nothing_left": Words("there is nothing left to take off", "已无可优惠的金额"),
    "at_floor": Words("the price is already at its lowest", "价格已是最低"),
    "not_lower": Words("the price is already lower", "当前价格已更低"),
    "lower_price": Words("another price is lower", "另有更低的价格"),
    "discounted": Words("is for goods that are not reduced yet", "仅限未参与其他优惠的商品"),
    "goods_unknown": Words("only the sum is known here, not the goods", "此处只知消费总额，不知商品"),
    "by_eye": Words("is for certain goods: staff may confirm them by eye", "限指定商品，可由店员当面确认"),
    "not_chosen": Words("can be chosen", "可选择使用"),
}


def engine_words(no: No, currency: str) -> Words:
    """The words of a refusal that no condition or benefit made."""
    if no.reason == "budget_short":
        gap = price_text(no.gap, currency)
        return Words(f"what is left falls {gap} short", f"剩余额度还差 {gap}")
    return _WORDS[no.reason]
