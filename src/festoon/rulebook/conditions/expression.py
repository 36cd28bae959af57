"""Whatever an expression says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from festoon.base.form import made
from festoon.base.kinds import Kind, Name
from festoon.base.problems import Path, Problems
from festoon.base.words import Words
from festoon.engine.facts import UNITS
from festoon.engine.offer import Condition
from festoon.engine.verdicts import No
from festoon.engine.view import View
from festoon.rulebook.expression_tokens import ExpressionError
from festoon.rulebook.expressions import EXTRA, MOST_CHARACTERS, STEPS, compiled, facts_of, shape_of


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """An expression that is true or false."""

    name: str = "expression"

    def read(self, value: Any, path: Path, problems: Problems) -> Any:
        """A text of known names and types, within the bounds; compiled once, here."""
        before = len(problems)
        Kind().read(value, path, problems)
        if len(problems) > before:
            return value
        try:
            shape_of(value)
            if compiled(value) is None:
                problems.add(path, "extra", EXTRA.en, EXTRA.zh)
        except ExpressionError as fault:
            problems.add(path, "expression", fault.words.en, fault.words.zh)
        return value

    def schema(self) -> dict[str, Any]:
        """A text."""
        return {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS}


@dataclass(frozen=True, slots=True)
class Expression(Condition):
    """An expression of CEL about buyer, goods, order and lines: `goods.spend >= 10000 && buyer.level == 'gold'`.

    For what no other condition says. It is typed and its steps are counted when the file is read; it is outside the
    certificate of floors, for it states no bounds and no distance. It only ever takes an offer away, so the best price is
    proven with it as without it. Where a fact is not known, where a number grows too large or a division is by nothing, it
    does not hold. `says` is what the shopper reads then. It needs the optional extra `expressions`.
    """

    text: str = made(Text(), "Expression", "表达式")
    says: Words = made(Name(), "What it asks", "条件说明")

    needs: ClassVar[frozenset[str]] = frozenset({"segments", "level", "orders_placed", "new", "birthday_month"})
    certified: ClassVar[bool] = False

    def asks(self) -> int:
        """It may look at any unit."""
        return UNITS

    def check(self, view: View) -> No | None:
        """Whether it is true; an expression states no distance."""
        shape, program = shape_of(self.text), compiled(self.text)
        if shape.steps(len(view.facts.rows)) > STEPS:
            return No("not_met", "expression_steps", source=self)
        try:
            held = program.execute(facts_of(view, shape.looks_at))
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
            held = False
        return None if held is True else No("not_met", "expression", source=self)

    def words(self, currency: str) -> Words:
        """What it asks, as its author said it."""
        return self.says

    def refusal(self, no: No, currency: str) -> Words:
        """What it asks, as its author said it."""
        if no.reason == "expression_steps":
            return Words("cannot be judged for so large an order", "订单过大，无法判断")
        return self.says
