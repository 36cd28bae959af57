"""A pot and two cups for 199."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import choice, count, money, table
from festoon.base.words import Words
from festoon.rulebook.benefits.bundle_price import BundlePrice as Given
from festoon.rulebook.benefits.bundle_price import Piece
from festoon.rulebook.parts import Parts, PromotionType
from festoon.rulebook.picking import WHICH


@dataclass(frozen=True, slots=True)
class Bundle(PromotionType):
    """A set of goods costs a price, as often as the cart holds it, at most `times`. The pieces are among the offer's goods."""

    pieces: tuple[Piece, ...] = table(Piece, "Pieces", "组成")
    price: int = money("Together cost", "套装价")
    which: str = choice("Which come first", "哪些优先", WHICH, default="dearest")
    times: int | None = count("At most times", "最多次数", least=1, default=None)

    title: ClassVar[Words] = Words("Bundle price", "套装价")

    def parts(self) -> Parts:
        """The benefit."""
        return Parts(Given(self.pieces, self.price, self.which, self.times))
