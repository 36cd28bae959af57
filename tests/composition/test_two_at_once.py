"""Two people who give the same code at the same moment: one has it, the other reads that it is taken."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from festoon.campaigns.models import Campaign
from festoon.distribution import actions as distributions
from festoon.offers import desk
from festoon.offers import queries as offers
from festoon.presets import actions as presets
from festoon.promotions import actions as promotions
from festoon.records.batch import Batch
from festoon.records.refusal import Conflict
from festoon.records.viewer import SYSTEM
from tests.desk import LIN, NOW, double_12, in_the_app, spend_and_save
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
PRESET = {
    "name": {"en": "Less", "zh": "减"}, "about": {"en": "", "zh": ""}, "kind": "promotion",
    "rules": {"type": "spend_and_save", "with": {"tiers": [{"at": 30000, "off": 5000}]}}, "open": [],
}  # fmt: skip
MAKING: dict[str, Callable[[str], Any]] = {
    "campaign": lambda code: double_12(code=code),
    "promotion": lambda code: promotions.create(spend_and_save(code), by=LIN, now=NOW),
    "distribution": lambda code: distributions.create(in_the_app(code), by=LIN, now=NOW),
    "preset": lambda code: presets.create({"code": code, **PRESET}, by=LIN, now=NOW),
}


@pytest.mark.parametrize("kind", MAKING)
def test_one_has_the_code_and_the_others_read_that_it_is_taken(theme: Campaign, kind: str) -> None:
    """Fails on PostgreSQL when only those who come later are told, and who comes at the same moment gets an error."""
    for n in range(3):
        got = race(4, lambda _, code=f"same-{n}": MAKING[kind](code))
        told = [each.code for each in got if isinstance(each, Conflict)]
        assert (told, sum(isinstance(each, BaseException) for each in got)) == (["taken"] * 3, 3), got


def test_of_two_imports_at_once_each_keeps_what_is_its_own(theme: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails on PostgreSQL when one code that both have costs the second all of its rows. Both look before either writes."""
    both, taken = threading.Barrier(2), offers.taken

    def looked(*given: Any) -> set[str]:
        found = taken(*given)
        with suppress(threading.BrokenBarrierError):
            both.wait(0.3)
        return found

    def imported(number: int) -> Batch:
        rows = [spend_and_save("shared"), spend_and_save(f"own-{number}")]
        return promotions.create_all(rows, by=LIN, now=NOW, key=f"k{number}")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(desk.queries, "taken", looked)
        got = race(2, imported)
    batches = [each for each in got if isinstance(each, Batch)]
    assert sorted((each.taken, [row.code for row in each.refused]) for each in batches) == [(1, ["taken"]), (2, [])], (
        got
    )
    assert set(offers.own(SYSTEM).values_list("code", flat=True)) == {"shared", "own-0", "own-1"}
