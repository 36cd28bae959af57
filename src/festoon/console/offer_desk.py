"""What stands on the desk of who writes an offer: the form, what is wrong with it, and what it would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.console.offer_form.control import Control
from festoon.console.offer_form.form import BASICS, BY_EYE, FINE, MONEY, TYPE, Form, Rule
from festoon.console.offer_form.titles import title as titled
from festoon.console.words import said
from festoon.coupons import actions as coupons
from festoon.offers.checks import known
from festoon.offers.drafts import draft
from festoon.offers.models import Offer
from festoon.promotions import actions as promotions
from festoon.records.refusal import Refusal
from festoon.records.viewer import Viewer
from festoon.rulebook import benefits, promotion_types

VERBS: Mapping[str, Any] = {"promotion": promotions, "coupon": coupons}
"""The actions of each kind of offer."""
UNNAMED = {
    "en": Words("Shoppers read it: write it in English.", "请填写英文名称（展示给顾客）。"),
    "zh": Words("Shoppers read it: write it in Chinese.", "请填写中文名称（展示给顾客）。"),
}
GOODS_FIRST = Words("Say which goods: all of them, or some.", "请选择商品范围：全部或部分商品。")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: at which control, by its label, and in words."""

    name: str
    words: Words
    label: Words = Words("", "")

    @property
    def href(self) -> str:
        """Where it is on the page."""
        return f"#f-{self.name.replace('.', '-')}"

    @property
    def text(self) -> str:
        """In the language of the page."""
        label = said(self.label)
        return f"{label}: {said(self.words)}" if label else said(self.words)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form under a heading; `folded` until somebody needs it."""

    id: str
    words: Words
    help: Words
    controls: Sequence[Control]
    folded: bool = False

    @property
    def title(self) -> str:
        """In the language of the page."""
        return said(self.words)

    @property
    def open(self) -> bool:
        """Whether it is shown unfolded."""
        return not self.folded or any(each.wrong or each.mark for each in self.controls)


@dataclass(frozen=True, slots=True)
class Desk:
    """A form that was looked at: its data, every fault, and the draft it would be as soon as its rule holds together.

    A rule needs neither a name nor the goods to be tried: until they are told it has its type's name, and all goods.
    """

    form: Form
    data: dict[str, Any]
    faults: Sequence[Fault]
    made: Offer | None

    @property
    def errors(self) -> dict[str, list[Words]]:
        """The words of the faults by the name of the control."""
        found: dict[str, list[Words]] = {}
        for fault in self.faults:
            found.setdefault(fault.name, []).append(fault.words)
        return found


def desk(form: Form, *, by: Viewer, now: datetime) -> Desk:
    """Look at a form as the verb would, without keeping anything: all that is wrong with it at once."""
    form.terms.problems.found.clear()
    data = form.data()
    faults = [Fault(_name(problem.field), problem.words) for problem in form.terms.problems.found]
    if "scope" not in data and "scope" not in form.rule.fixed and "scope" not in _allowed(form):
        faults.append(Fault("scope", GOODS_FIRST))
    name = data.get("name") or {}
    faults += [Fault(f"name.{language}", words) for language, words in UNNAMED.items() if not name.get(language)]
    called = {language: name.get(language) or said_in for language, said_in in title(form.rule).to_data().items()}
    scope = {"scope": {"all": True}} if "scope" in {fault.name for fault in faults} else {}
    made = None
    try:
        made = draft(VERBS[form.rule.kind].ROOM, {**data, **scope, "name": called}, known(by, now), by=by, now=now)
    except Refusal as refusal:
        faults += faults_of(refusal, form)
    first = {fault.name: fault for fault in reversed(faults)}
    labels = {each.name: each.words for each in every(sections(form))}
    told = [Fault(name, fault.words, labels.get(name, Words("", ""))) for name, fault in sorted(first.items())]
    return Desk(form, data, told, made)


def faults_of(refusal: Refusal, form: Form) -> list[Fault]:
    """What a refusal says, at the controls of the form; what is wrong with a preset's rule, at the value it came of."""
    listed = refusal.detail.get("problems")
    if not listed:
        return [Fault(_name(refusal.field), refusal.words)]
    return [Fault(_opened(_name(each["field"]), form), Words(**each["words"])) for each in listed]


def sections(form: Form) -> list[Section]:
    """The form in the order in which one thinks: what, for which goods, when and for whom, who pays, the fine print."""
    kind = form.rule.kind
    parts = [
        Section("rule", Words("What shoppers get", "优惠内容"), RULE_HELP, form.own()),
        Section("goods", Words("On which goods", "哪些商品"), GOODS_HELP, [*_there(form.goods()), *_by_eye(form)]),
        Section("basics", Words("Name, campaign and period", "名称、活动与时间"), BASICS_HELP, form.controls(BASICS)),
        Section("when", Words("For whom, and under which conditions", "适用对象与条件"), WHEN_HELP, _there(form.conditions())),
        Section("room", COUPONS if kind == "coupon" else STOCK, ROOM_HELP[kind], form.room()),
        Section("money", Words("Who pays", "由谁承担"), MONEY_HELP, form.controls(MONEY)),
        Section(
            "fine", Words("The fine print", "高级设置"), FINE_HELP, [*form.controls(FINE), *_there(form.refund())],
            folded=True,
        ),
    ]  # fmt: skip
    return [part for part in parts if part.controls]


def title(made: Rule) -> Words:
    """What kind of offer it is: the name of its preset, its type or its benefit."""
    if made.preset:
        return made.preset.name
    shelf: Any = promotion_types.shelf if made.way == TYPE else benefits.shelf
    return titled(shelf[made.code], made.code)


def _there(control: Control | None) -> list[Control]:
    return [control] if control else []


def _by_eye(form: Form) -> list[Control]:
    """Whether staff may look at the goods where a till knows only what a purchase comes to; only coupons have it."""
    found = form.controls([BY_EYE])
    for control in found:
        control.help = BY_EYE_HELP
    return found


def _allowed(form: Form) -> Sequence[str]:
    """A draft that never said which goods need not begin to."""
    return ("scope",) if form.before and "scope" not in form.before else ()


def _name(field: str) -> str:
    return field.replace("[", ".").replace("]", "")


def _opened(name: str, form: Form) -> str:
    """The value of the preset from which this part of a rule comes."""
    if form.rule.preset is None:
        return name
    here: Any = form.rule.preset.data["rules"]
    for step in name.split("."):
        if isinstance(here, list) and step.isdecimal():
            here = here[int(step)]
        elif isinstance(here, dict):
            here = here.get(step)
    return f"preset.values.{here[1:]}" if isinstance(here, str) and here.startswith("$") else name


def every(parts: Sequence[Section]) -> Iterator[Control]:
    """Every control of the sections, those inside of others too."""
    waiting = [control for part in parts for control in part.controls]
    while waiting:
        control = waiting.pop()
        yield control
        waiting += [*control.controls, *(each for row in control.rows for each in row.controls)]


RULE_HELP = Words("", "")
GOODS_HELP = Words(
    "Of one kind, any value counts: tea or cups. Of several kinds, all must fit: tea, and of this brand.",
    "同一类中任选其一即可；选择多类时须同时满足。",
)
BY_EYE_HELP = Words(
    "For tills that know only the sum of a purchase: staff look whether it is of these goods. Who looked is written down.",
    "用于只知消费总额的收银场景：由店员当面核对是否为这些商品，并记录核对人。",
)
BASICS_HELP = Words(
    "Shoppers read the name. Without a period it has that of its campaign.", "名称会展示给顾客；不填时间则与活动一致。"
)
WHEN_HELP = Words("All of them must hold. Nothing here: everybody, everywhere.", "须全部满足；不添加则人人可享。")
MONEY_HELP = Words(
    "The parts must make 100%. Nobody named: the owner pays all.", "比例合计须为 100%；不填则由所属商家全部承担。"
)
FINE_HELP = Words("It is set well for this type. Change it when you know why.", "已按类型设好默认值，确有需要再修改。")
COUPONS = Words("How many, and for how long", "发行与有效期")
STOCK = Words("How much there is", "数量限制")
ROOM_HELP = {
    "coupon": Words(
        "Stock is put in when it is approved, and can be raised later.", "审核通过后投放库存，之后只增不减。"
    ),
    "promotion": Words("Leave both empty for no limit.", "不填为不限。"),
}
