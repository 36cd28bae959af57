"""One level of a flow: who must agree there, how many of them, and by when.

As data: `{"number": 1, "name": {"en", "zh"}, "rule": "any", "need": 1, "parties": [{"role": "reviewer"}], "hours": 0}`.
A party is everybody of a role, or one person. The rules: `any` one of the parties, `all` of them (each by another
person), or `some`, by `need` different people of theirs. `hours` after the level was reached it is due; 0: never. `house` is
there where a merchant asks its own people: its number.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festoon.base.words import Words
from festoon.records.refusal import Invalid
from festoon.records.viewer import Viewer
from festoon.review.models import ASKS_LONGEST, Decision

RULES = ("any", "all", "some")
UNKNOWN_RULE = Words(en="A level is met by any, all or some of its parties.", zh="规则为任一、全部或若干。")
NOBODY = Words(en="A level needs somebody who agrees.", zh="每一级至少需要一位审核人。")
TOO_MANY = Words(en="More people are needed than named.", zh="所需人数超过已指定人数。")
MOST_HOURS = 8_760
"""A year; what may take longer is never due."""
NO_TIME = Words(
    en=f"Hours are a whole number from 0 to {MOST_HOURS:,}.", zh=f"时限须为 0 至 {MOST_HOURS:,} 的整数小时。"
)
Level = Mapping[str, Any]
LISTENS = ("rule", "parties", "house")
"""What of a level says to whom it listens before anybody has spoken."""


@dataclass(frozen=True, slots=True)
class Step:
    """A level as one configures it; `parties` are `role:<role>` or `person:<code>`."""

    name: Words
    parties: Sequence[str]
    rule: str = "any"
    need: int = 1
    hours: int = 0

    def to_data(self, number: int, field: str = "levels") -> dict[str, Any]:
        """The level as a flow keeps it; Invalid names the field that does not hold together."""
        at = f"{field}[{number - 1}]"
        if self.rule not in RULES:
            raise Invalid("unknown", UNKNOWN_RULE, field=f"{at}.rule", detail={"known": list(RULES)})
        if not self.parties or any(party.partition(":")[0] not in ("role", "person") for party in self.parties):
            raise Invalid("missing", NOBODY, field=f"{at}.parties")
        people = [party for party in self.parties if party.startswith("person:")]
        if self.rule == "some" and (self.need < 1 or (len(people) == len(self.parties) and self.need > len(people))):
            raise Invalid("too_many", TOO_MANY, field=f"{at}.need")
        if not 0 <= self.hours <= MOST_HOURS:
            raise Invalid("out_of_range", NO_TIME, field=f"{at}.hours")
        parties = [dict([party.split(":", 1)]) for party in self.parties]
        return {
            "number": number,
            "name": {"en": self.name.en, "zh": self.name.zh},
            "rule": self.rule,
            "need": self.need,
            "parties": parties,
            "hours": self.hours,
        }


def met(level: Level, said: Collection[Decision]) -> bool:
    """Whether the approvals that were given at the level in this round are enough."""
    if level["rule"] == "all":
        return len({one.party for one in said}) == len(level["parties"])
    return len(said) >= (level["need"] if level["rule"] == "some" else 1)


def asks(level: Level) -> str:
    """To whom a level listens, as a text to look reviews up by: two that say the same listen to the same people.

    Empty for one with more parties than an index holds: such reviews are looked at one by one.
    """
    told = json.dumps(
        {name: level[name] for name in LISTENS if name in level}, ensure_ascii=False, separators=(",", ":")
    )
    return told if len(told) <= ASKS_LONGEST else ""


def listens(asked: str, viewer: Viewer, others: Iterable[Viewer]) -> bool:
    """Whether a level that `asks` so, and at which nobody has spoken, listens to the viewer or one of the `others`."""
    return party_of(json.loads(asked), viewer, others, ()) is not None


def party_of(
    level: Level, viewer: Viewer, others: Iterable[Viewer], said: Collection[Decision]
) -> tuple[int, Viewer] | None:
    """For which party of the level the viewer may speak now, and as whom: itself or one of the `others`; None for none.

    Where all parties have to agree, a party that has spoken is done. Nobody speaks twice, nor for somebody who has: who
    stands in for two colleagues is still one person, and one voice.
    """
    done = {one.party for one in said} if level["rule"] == "all" else set()
    for each in (viewer, *others):
        if any(one.by == viewer.name or each.name in (one.by, one.for_whom) for one in said):
            continue
        for number, party in enumerate(level["parties"]):
            if number not in done and _is(level, party, each):
                return number, each
    return None


def roles(level: Level) -> list[str]:
    """The roles among the parties."""
    return [str(party["role"]) for party in level["parties"] if "role" in party]


def _is(level: Level, party: Mapping[str, str], viewer: Viewer) -> bool:
    """A role that a house asks of its own people is theirs alone, whoever acts in the place of another house's."""
    if "person" in party:
        return viewer.name == f"person:{party['person']}"
    return viewer.may(f"review.decide:{party['role']}") and level.get("house", viewer.merchant_id) == viewer.merchant_id
