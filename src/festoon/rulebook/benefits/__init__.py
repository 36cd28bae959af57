"""What is given: a shelf, one file each."""

from festoon.base.shelf import Shelf
from festoon.engine.offer import Benefit

shelf: Shelf[Benefit] = Shelf(__name__, __path__[0], Benefit)
