"""What becomes of a discount when units come back: a shelf, one file each."""

from festoon.base.shelf import Shelf
from festoon.engine.refund import RefundPolicy

shelf: Shelf[RefundPolicy] = Shelf(__name__, __path__[0], RefundPolicy)
