"""What a promotion type is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.words import Words
from festoon.engine.offer import Benefit, Condition


@dataclass(frozen=True, slots=True)
class Parts:
    """The conditions and the benefit that a filled-in type stands for."""

    benefit: Benefit
    conditions: tuple[Condition, ...] = ()


class PromotionType:
    """A sentence made of conditions and a benefit, under a name that operators use.

    `title` is the name; `stage` where it works unless the offer says otherwise (None: where its benefit does);
    `kinds` whether promotions, coupons or both may be of it; `payer` who pays unless the offer says so.
    """

    __slots__ = ()
    title: ClassVar[Words]
    stage: ClassVar[str | None] = None
    kinds: ClassVar[tuple[str, ...]] = ("promotion", "coupon")
    payer: ClassVar[str | None] = None

    def parts(self) -> Parts:
        """The conditions and the benefit."""
        raise NotImplementedError
