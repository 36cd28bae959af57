"""A release: the frozen form of one approved offer, checked here and made into what the engine plays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from festoon.base.form import read, unknown_code
from festoon.base.problems import Path, Problem, Problems
from festoon.base.shelf import Shelf, code_of
from festoon.base.windows import ALWAYS, Window, instant
from festoon.base.words import same
from festoon.engine.offer import Benefit, Condition, Offer
from festoon.engine.refund import RefundPolicy
from festoon.engine.stages import BASES, STAGES
from festoon.engine.verdicts import VERDICTS
from festoon.rulebook import benefits, conditions, promotion_types, refunds
from festoon.rulebook.fields import Payer, Release, Span
from festoon.rulebook.parts import PromotionType
from festoon.rulebook.scopes import read_scope


@dataclass(frozen=True, slots=True)
class Rule:
    """What an offer's own words say: its type, if it has one, its benefit and its conditions."""

    type: PromotionType | None
    benefit: Benefit
    conditions: tuple[Condition, ...]


def check_release(data: Any) -> list[Problem]:
    """Every problem of one release, each with the path of its field; an empty list when there is none."""
    problems = Problems()
    read_release(data, (), problems)
    return problems.found


def read_release(data: Any, path: Path, problems: Problems, zone: str = "UTC") -> Offer | None:
    """The offer of a release; None when a problem was found. Windows without a zone are read in `zone`."""
    if not isinstance(data, Mapping):
        problems.add(path, "mapping", "must hold named fields", "须为具名字段")
        return None
    before = len(problems)
    release: Release | None = read(Release, data, path, problems)
    rule = read_rule(data, path, problems)
    scope = read_scope(data.get("scope"), (*path, "scope"), problems)
    if release is not None:
        _payers_sum(release.payers, (*path, "payers"), problems)
        if rule is not None and _stage(release.stage, rule) not in rule.benefit.stages:
            named = ", ".join([STAGES[stage] for stage in rule.benefit.stages])
            problems.add((*path, "stage"), "stage", f"must be one of {named}", f"须为以下之一：{named}")
    window = window_of(release.window if release is not None else None, (*path, "window"), problems, zone)
    read_refund(data, path, problems)
    if len(problems) > before or rule is None or release is None:
        return None
    offer = Offer(release.code, rule.benefit)
    offer.name = release.name or same(release.code)
    offer.scope, offer.window = scope, window
    _fill(offer, release)
    if rule.type is not None and rule.type.payer is not None and release.payers is None:
        offer.payers = [(rule.type.payer, 10_000)]
    offer.stage = _stage(release.stage, rule)
    if release.group is not None:
        offer.group = f"{offer.stage}:{release.group}"  # one name in two stages is two groups
    asked = sorted(rule.conditions, key=lambda c: VERDICTS.index(c.verdict))
    offer.gates = [*[c for c in asked if c.gate], *rule.benefit.gates()]
    offer.tests = [c for c in asked if not c.gate]
    return offer


def _fill(offer: Offer, release: Release) -> None:
    """What is said in one word."""
    offer.coupon = release.kind == "coupon"
    offer.priority = release.priority
    offer.stopped = release.state == "stopped"
    offer.owner, offer.campaign = release.owner or "", release.campaign or ""
    if release.tag_floor or release.net_floor:
        offer.floors = release.tag_floor, release.net_floor
    offer.payers = [(f"merchant:{offer.owner}" if offer.owner else "platform", 10_000)]
    if release.payers is not None:
        offer.payers = [(row.payer, row.basis_points) for row in release.payers]
    rounding = release.rounding
    offer.rounding, offer.rounds_price, offer.per = rounding.mode, rounding.of == "price", rounding.per
    offer.weights = release.weights
    offer.spill = offer.benefit.spill if release.spill is None else release.spill == "others"
    offer.budget_refuses = release.budget.short == "refuse"
    offer.exclusive, offer.always, offer.steps_aside = release.exclusive, release.always, release.steps_aside
    offer.staff_may_confirm = release.staff_may_confirm
    offer.threshold_basis = BASES.index(release.threshold_basis)
    offer.percent_basis = BASES.index(release.percent_basis)


def stage_of(data: Mapping[str, Any], rule: Rule) -> int:
    """Where a release works, also where something is still wrong with it."""
    named = data.get("stage")
    return _stage(named if named in STAGES else None, rule)


def _stage(named: str | None, rule: Rule) -> int:
    if named is not None:
        return STAGES.index(named)
    if rule.type is not None and rule.type.stage is not None:
        return STAGES.index(rule.type.stage)
    return rule.benefit.stage


def read_rule(data: Mapping[str, Any], path: Path, problems: Problems) -> Rule | None:
    """The type with its fields, or the benefit, and the further conditions."""
    kind: PromotionType | None = None
    benefit: Benefit | None = None
    found: list[Condition] = []
    if ("type" in data) == ("benefit" in data):
        problems.add((*path, "type"), "one_of", "give either a type or a benefit", "type 与 benefit 须二选一")
    elif "type" in data:
        kind = _typed(data, path, problems)
        if kind is not None:
            parts = kind.parts()
            benefit, found = parts.benefit, list(parts.conditions)
    else:
        benefit = read_thing(benefits.shelf, data["benefit"], (*path, "benefit"), problems)
    when = data.get("when") or []
    if not isinstance(when, list | tuple):
        problems.add((*path, "when"), "rows", "must be a list of conditions", "须为条件列表")
        when = []
    for i, one in enumerate(when):
        condition = read_thing(conditions.shelf, one, (*path, "when", i), problems)
        if condition is not None:
            found.append(condition)
    return Rule(kind, benefit, tuple(found)) if benefit is not None else None


def read_refund(data: Mapping[str, Any], path: Path, problems: Problems) -> RefundPolicy | None:
    """What becomes of the discount when units come back; None where nothing is said, or a problem was found."""
    if data.get("refund") is None:
        return None
    policy: RefundPolicy | None = read_thing(refunds.shelf, data["refund"], (*path, "refund"), problems)
    if policy is not None and policy.coupon_back and data.get("kind", "promotion") != "coupon":
        problems.add((*path, "refund"), "kind", "is for coupons: a promotion has none to give back", "仅用于优惠券")
    return policy


def refund_policy(data: Mapping[str, Any]) -> RefundPolicy | None:
    """The refund policy of a release that was checked; None where it says nothing."""
    return read_refund(data, (), Problems())


def _typed(data: Mapping[str, Any], path: Path, problems: Problems) -> PromotionType | None:
    shelf, code = promotion_types.shelf, data["type"]
    cls = shelf.get(code) if isinstance(code, str) else None
    if cls is None:
        _no_such(shelf, code, (*path, "type"), problems)
        return None
    kind = data.get("kind", "promotion")
    if kind in ("promotion", "coupon") and kind not in cls.kinds:
        problems.add((*path, "type"), "kind", f"cannot be a {kind}", f"{code} 不能用于 {kind}")
    made: PromotionType | None = read(cls, data.get("with") or {}, (*path, "with"), problems)
    return made


def read_thing(shelf: Shelf[Any], data: Any, path: Path, problems: Problems) -> Any:
    """A thing of a shelf from {code: {its fields}}."""
    if not isinstance(data, Mapping) or len(data) != 1:
        problems.add(path, "one", "must be one code with its fields", "须为一个代码及其字段")
        return None
    ((code, fields),) = data.items()
    cls = shelf.get(code) if isinstance(code, str) else None
    if cls is None:
        return _no_such(shelf, code, path, problems)
    return read(cls, fields or {}, (*path, code), problems)


def _no_such(shelf: Shelf[Any], code: Any, path: Path, problems: Problems) -> None:
    unknown_code(code, shelf.codes(), path, problems)


def window_of(span: Span | None, path: Path, problems: Problems, zone: str) -> Window:
    """The window [start, end) in its own zone, or in `zone`."""
    if span is None:
        return ALWAYS
    here = span.zone or zone
    start = instant(span.start, here) if span.start is not None else None
    end = instant(span.end, here) if span.end is not None else None
    if start is not None and end is not None and end <= start:
        problems.add((*path, "end"), "order", "must be after the start", "须晚于开始时间")
    return Window(start, end)


def _payers_sum(payers: tuple[Payer, ...] | None, path: Path, problems: Problems) -> None:
    if payers is None:
        return
    total = sum([row.basis_points for row in payers])
    if total != 10_000:
        problems.add(path, "sum", f"must sum to 10000 basis points, not {total}", f"合计须为 10000 基点，现为 {total}")
    if len({row.payer for row in payers}) < len(payers):
        problems.add(path, "twice", "names a payer twice", "有重复的承担方")


def rule_code(rule: Rule) -> str:
    """What the offer is: the code of its type, or of its benefit."""
    return code_of(rule.type if rule.type is not None else rule.benefit)
