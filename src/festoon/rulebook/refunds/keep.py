"""The kept units keep what they were given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from festoon.base.form import flag
from festoon.base.words import Words
from festoon.engine.refund import RefundPolicy


@dataclass(frozen=True, slots=True)
class Keep(RefundPolicy):
    """Each unit that comes back gives back exactly what was paid for it, and its shares go back to their payers.

    What is kept keeps its discount, whatever the order would cost without the units that came back.
    """

    keeps_gifts: bool = flag("The shopper keeps gifts", "赠品不退")

    title: ClassVar[Words] = Words("keep: shares go back", "保留：按分摊退")
