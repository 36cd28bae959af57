"""Sentences made of conditions and benefits, as operators know them: a shelf, one file each."""

from festoon.base.shelf import Shelf
from festoon.rulebook.parts import PromotionType

shelf: Shelf[PromotionType] = Shelf(__name__, __path__[0], PromotionType)
