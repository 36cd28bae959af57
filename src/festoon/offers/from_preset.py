"""Offers made from a preset of the rule library: what one is made of, and which use one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from festoon.base.problems import Problem
from festoon.base.words import Words
from festoon.offers import queries
from festoon.offers.models import Offer
from festoon.presets import library
from festoon.presets.form import EVERY_RULE, check_values, filled
from festoon.records.refusal import Invalid
from festoon.records.viewer import Viewer

OWN_RULES = Words(
    en="An offer made from a preset takes its rules from it; give values, or leave the preset out.",
    zh="使用预设规则的优惠只填参数；如需自定义规则，请不选预设。",
)
NOT_A_PRESET = Words(en="Name the preset by its code, with values.", zh="请填写预设编号与参数。")
OTHER_KIND = Words(en="This preset is for the other kind of offer.", zh="该预设适用于另一类优惠。")


def expanded(data: Mapping[str, Any], kind: str, by: Viewer) -> tuple[dict[str, Any], list[Problem]]:
    """The data with the rules of its preset in it; `preset` then says which version, with which values.

    Data without a preset is answered as it is. What is wrong with the values is named `preset.values.<name>`, and the
    data is then answered without rules. Invalid for what names no preset of this kind of offer, NotFound for the preset.
    """
    asked = data.get("preset")
    if asked is None:
        return {name: value for name, value in data.items() if name != "preset"}, []
    if not isinstance(asked, Mapping) or not isinstance(asked.get("values", {}), Mapping):
        raise Invalid("not_a_preset", NOT_A_PRESET, field="preset")
    entry = library.entry(by, str(asked.get("code", "")), asked.get("version"))
    if entry.data["kind"] != kind:
        raise Invalid("wrong_kind", OTHER_KIND, field="preset.code")
    values = dict(asked.get("values", {}))
    if problems := check_values(entry.data, values):
        return dict(data), [Problem(("preset", *each.path), each.code, each.words) for each in problems]
    rules = filled(entry.data, values)
    if own := sorted(rules.keys() & data.keys()):
        raise Invalid("own_rules", OWN_RULES, field=own[0])
    return {**data, **rules, "preset": {"code": entry.code, "version": entry.version, "values": values}}, []


def rules_of(draft: Mapping[str, Any], by: Viewer) -> set[str]:
    """The names of the fields that a draft has from its preset."""
    used = draft.get("preset")
    return set(filled(library.entry(by, used["code"], used["version"]).data, used["values"])) if used else set()


def as_preset(offer: Offer) -> dict[str, Any]:
    """The rules of an offer as the draft of a preset with nothing open yet: a person opens what shall vary."""
    rules = {name: value for name, value in offer.draft.items() if name in EVERY_RULE}
    return {"name": offer.draft["name"], "kind": offer.kind, "rules": rules, "open": []}


def using(viewer: Viewer, preset: str) -> QuerySet[Offer]:
    """The offers the viewer may change that were made from a preset."""
    return queries.own(viewer).filter(preset=preset)
