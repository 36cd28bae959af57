"""What must hold: a shelf, one file each."""

from festoon.base.shelf import Shelf
from festoon.engine.offer import Condition

shelf: Shelf[Condition] = Shelf(__name__, __path__[0], Condition)
