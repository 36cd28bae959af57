"""What the kept units no longer earn is kept back from the refund."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import flag
from festoon.base.words import Words
from festoon.engine.refund import RefundPolicy


@dataclass(frozen=True, slots=True)
class ClawBack(RefundPolicy):
    """The kept units are judged again: the same releases, moment and buyer, and only the offers that were applied.

    What was paid above their price goes back. What they no longer earn is withheld and goes to those who paid for it;
    where the refund is too small for that, the rest is owed: never charged, it lowers later refunds of the order.
    """

    keeps_gifts: bool = flag("The shopper keeps gifts", "赠品不退")

    title: ClassVar[Words] = Words("claw back: judged again", "追回：重新计算")
    judges: ClassVar[bool] = True
