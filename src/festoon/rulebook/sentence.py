"""An offer in one sentence, as a person would say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from festoon.base.problems import Problems
from festoon.base.words import Words, joined
from festoon.engine.stages import SHIPPING
from festoon.rulebook.release import read_rule, stage_of
from festoon.rulebook.scopes import read_scope, scope_words

NOTHING = Words("nothing yet", "尚无内容")


def sentence(release: Mapping[str, Any], currency: str) -> Words:
    """The release in one sentence: "Spend 300.00, save 50.00; on category tea". Unfinished parts are left out."""
    problems = Problems()
    rule = read_rule(release, (), problems)
    if rule is None:
        return NOTHING
    said = [c.words(currency) for c in rule.conditions]
    benefit = rule.benefit
    shipping = stage_of(release, rule) == SHIPPING
    said = [joined([*said, benefit.shipping_words(currency) if shipping else benefit.words(currency)])]
    scope = read_scope(release.get("scope"), (), problems)
    if scope.within or scope.exceptions or scope.prices is not None or scope.untouched:
        said.append(scope_words(scope, currency))
    whole = joined(said, "; ", "；")
    return Words(whole.en[:1].upper() + whole.en[1:], whole.zh)
