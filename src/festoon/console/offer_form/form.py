"""The form of one offer: made fresh, from a draft, or from what was posted; read into data, drawn in sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from festoon.base.form import Field
from festoon.base.form import fields as fields_of
from festoon.base.words import Words
from festoon.console.offer_form import shelved
from festoon.console.offer_form.control import NOTHING, Control, Terms
from festoon.console.offer_form.parts import draw_fields, read_fields, write_fields
from festoon.console.offer_form.raw import Raw, branch
from festoon.coupons.form import Terms as CouponTerms
from festoon.presets.library import Entry
from festoon.promotions.form import Terms as PromotionTerms
from festoon.rulebook.fields import Release
from festoon.rulebook.scopes import Goods

TYPE, BENEFIT, PRESET = "type", "benefit", "preset"
ROOMS: Mapping[str, type] = {"promotion": PromotionTerms, "coupon": CouponTerms}
SCOPE = Field("scope", Words("Goods", "商品范围"), NOTHING, Goods(), True, None)
PARTS = ("type", "with", "benefit", "scope", "when", "refund", "preset", "terms", "kind")
BASICS = ("name", "campaign", "owner", "window")
MONEY = ("payers", "budget")
FINE = (
    "stage", "priority", "group", "threshold_basis", "percent_basis", "rounding", "weights", "spill", "tag_floor",
    "net_floor", "exclusive", "always", "steps_aside", "code",
)  # fmt: skip
KEPT = ("state",)
BY_EYE = "staff_may_confirm"
NEVER = {"coupon": ("tag_floor", "net_floor", "always", "steps_aside"), "promotion": (BY_EYE,)}
"""What an offer of a kind cannot have."""
RELEASE = {each.name: each for each in fields_of(Release)}


@dataclass(frozen=True, slots=True)
class Rule:
    """What an offer is made of: a type, a benefit, or a preset with its version."""

    way: str
    code: str
    kind: str
    preset: Entry | None = None

    @property
    def fixed(self) -> frozenset[str]:
        """The fields that a preset has settled."""
        return frozenset(self.preset.data["rules"]) if self.preset else frozenset()

    @property
    def fields(self) -> Sequence[Field]:
        """The fields of the rule itself."""
        if self.preset:
            return shelved.open_fields(self.preset.data)
        return shelved.type_fields(self.code) if self.way == TYPE else shelved.benefit_fields(self.code)

    @property
    def path(self) -> tuple[str, ...]:
        """Where the fields of the rule stand in the data."""
        return {TYPE: ("with",), BENEFIT: ("benefit", self.code), PRESET: ("preset", "values")}[self.way]


@dataclass(frozen=True, slots=True)
class Form:
    """A form: the rule, what stands in it, and the data it began with."""

    rule: Rule
    raw: Raw
    terms: Terms
    before: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, rule: Rule, data: Mapping[str, Any], terms: Terms) -> Form:
        """The form that holds this data (terms of the room beside the rest)."""
        raw: Raw = write_fields(fields_written(rule), data, terms)
        inner = data
        for step in rule.path:
            inner = inner.get(step) or {}
        _put(raw, rule.path, write_fields(rule.fields, inner, terms))
        raw["scope"] = write_fields([SCOPE], data, terms)["scope"]
        raw["when"] = shelved.write_conditions(data.get("when"), terms)
        raw["refund"] = shelved.write_refund(data.get("refund"), terms)
        return cls(rule, raw, terms, data)

    def data(self) -> dict[str, Any]:
        """The data in the offers-file form, as the verbs take it; what cannot be read is in `terms.problems`."""
        rule, raw, terms, before = self.rule, self.raw, self.terms, self.before
        found = {name: value for name, value in before.items() if name in KEPT}
        found["kind"] = rule.kind
        found |= read_fields(fields_written(rule), raw, (), terms, before)
        inner, was = raw, before
        for step in rule.path:
            inner, was = branch(inner, step), was.get(step) or {}
        own = read_fields(rule.fields, inner, rule.path, terms, was)
        version = rule.preset.version if rule.preset else 0
        ways: Mapping[str, dict[str, Any]] = {
            TYPE: {"type": rule.code, "with": own},
            BENEFIT: {"benefit": {rule.code: own}},
            PRESET: {"preset": {"code": rule.code, "version": version, "values": own}},
        }
        return found | ways[rule.way] | self._shelved()

    def _shelved(self) -> dict[str, Any]:
        found = read_fields([SCOPE], self.raw, (), self.terms, self.before)
        if found.get("scope") == {"all": True} and self.before and "scope" not in self.before:
            del found["scope"]
        if when := shelved.read_conditions(self.raw.get("when"), self.terms, self.before.get("when")):
            found["when"] = when
        if refund := shelved.read_refund(self.raw, self.terms, self.before.get("refund")):
            found["refund"] = refund
        return {name: value for name, value in found.items() if name not in self.rule.fixed}

    def showing(self, errors: Mapping[str, Sequence[Words]]) -> Form:
        """The same form with words at its fields."""
        return replace(self, terms=replace(self.terms, errors=errors))

    def controls(self, names: Sequence[str]) -> list[Control]:
        """The controls of some of the release's fields."""
        known = {each.name: each for each in fields_written(self.rule)}
        return draw_fields([known[name] for name in names if name in known], self.raw, (), self.terms)

    def own(self) -> list[Control]:
        """The controls of the rule itself."""
        inner: Any = self.raw
        for step in self.rule.path:
            inner = branch(inner, step)
        return draw_fields(self.rule.fields, inner, self.rule.path, self.terms)

    def goods(self) -> Control | None:
        """The goods; nothing where the preset has them."""
        return None if "scope" in self.rule.fixed else draw_fields([SCOPE], self.raw, (), self.terms)[0]

    def conditions(self) -> Control | None:
        """The further conditions; nothing where the preset has them."""
        return None if "when" in self.rule.fixed else shelved.draw_conditions(self.raw.get("when"), self.terms)

    def refund(self) -> Control | None:
        """The refund policy; nothing where the preset has it."""
        return None if "refund" in self.rule.fixed else shelved.draw_refund(self.raw, self.terms)

    def room(self) -> list[Control]:
        """What is only a promotion's, or only a coupon's."""
        return draw_fields(fields_of(ROOMS[self.rule.kind]), self.raw, (), self.terms)


def fields_written(rule: Rule) -> list[Field]:
    """The fields of the release and of its room that stand at the root of the data."""
    left = {*PARTS, *KEPT, *rule.fixed, *NEVER[rule.kind]}
    return [each for name, each in RELEASE.items() if name not in left] + fields_of(ROOMS[rule.kind])


def _put(raw: Raw, path: Sequence[str], value: Raw) -> None:
    *way, last = path
    for step in way:
        raw = raw.setdefault(step, {})
    raw[last] = value
