"""Whether a draft holds together: the rulebook's own checks, then whether what it names is in the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.problems import Path, Problem
from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.campaigns.models import Campaign
from festoon.catalog import queries as catalog
from festoon.catalog.goods import Goods, goods
from festoon.catalog.models import Merchant
from festoon.presets.form import EVERY_RULE
from festoon.records.refusal import Invalid
from festoon.records.viewer import SYSTEM, Viewer
from festoon.rulebook.release import check_release

NOT_YOUR_MONEY = Words(en="A merchant's offer is paid by this merchant.", zh="商家的优惠由该商家承担。")


@dataclass(frozen=True, slots=True)
class Known:
    """What a draft may name, read once for a whole batch."""

    goods: Goods
    merchants: Mapping[str, Merchant]
    campaigns: Mapping[str, Campaign]
    segments: frozenset[str]


def known(by: Viewer, now: datetime) -> Known:
    """What a draft of `by` may name."""
    return Known(
        goods=goods(now, exact=True),
        merchants={merchant.code: merchant for merchant in catalog.merchants(SYSTEM)},
        campaigns={campaign.code: campaign for campaign in campaigns.open_to(by)},
        segments=frozenset(catalog.codes(catalog.segments(SYSTEM))),
    )


def check(data: Mapping[str, Any], have: Known, wrong: Sequence[Problem] = ()) -> None:
    """Raise Invalid for a draft that does not hold together: the first field in the words, all in `detail`.

    `wrong` is what was found wrong before, so that a person reads everything in one go.
    """
    unfilled = any(problem.path[0] == "preset" for problem in wrong)
    found = [each for each in check_release(data) if not (unfilled and each.path[0] in EVERY_RULE)]
    problems = [*wrong, *(found or [*named(data, have), *payers(data, have)])]
    if problems:
        raise refusal(problems)


def refusal(problems: list[Problem]) -> Invalid:
    """The answer to an input with these problems."""
    first = problems[0]
    detail = {"problems": [problem.to_data() for problem in problems]}
    return Invalid(first.code, first.words, field=first.field, detail=detail)


def named(data: Mapping[str, Any], have: Known) -> Iterator[Problem]:
    """Goods, brands, stores, merchants and segments that the draft names and the catalogue does not know."""
    scope: Mapping[str, Any] = data.get("scope") or {}
    yield from _goods(scope, ("scope",), have.goods)
    yield from _goods(scope.get("except") or {}, ("scope", "except"), have.goods)
    for place, condition in enumerate(data.get("when") or ()):
        for field, values in (condition.get("segment") or {}).items():
            for at, value in enumerate(values):
                if value not in have.segments:
                    yield _unknown(("when", place, "segment", field, at), value)


def payers(data: Mapping[str, Any], have: Known) -> Iterator[Problem]:
    """Payers that do not exist, or whose money the owner may not spend: a merchant spends its own.

    Any other name, such as `maker:11110`, is somebody outside this installation, with whom the owner settles.
    """
    owner = str(data.get("owner", ""))
    platform = have.merchants[owner].pk == 1 if owner in have.merchants else True
    for at, row in enumerate(data.get("payers") or ()):
        payer = str(row["payer"])
        code = payer.removeprefix("merchant:")
        if payer.startswith("merchant:") and code not in have.merchants:
            yield _unknown(("payers", at, "payer"), payer)
        elif not platform and (payer == "platform" or code not in (payer, owner)):
            yield Problem(("payers", at, "payer"), "not_your_money", NOT_YOUR_MONEY)


def _goods(values: Mapping[str, Any], path: Path, have: Goods) -> Iterator[Problem]:
    for attribute, wanted in values.items():
        if attribute in ("all", "except"):
            continue
        for at, value in enumerate(wanted):
            if not have.knows(attribute, value):
                yield _unknown((*path, attribute, at), value)


def _unknown(path: Path, value: str) -> Problem:
    return Problem(path, "unknown", Words(en=f"There is no {value!r}.", zh=f"没有“{value}”。"))
