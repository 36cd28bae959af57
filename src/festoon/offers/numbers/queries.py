"""Reading the number of the book, by which every process knows whether what it has in memory is still so."""

from __future__ import annotations

from festoon.campaigns import queries as campaigns
from festoon.offers.models import BookVersion
from festoon.records.viewer import SYSTEM, Viewer


def book_number(viewer: Viewer) -> int:
    """The number that moves with every release, recall, stop and approved campaign; 0 before the first. Everybody's.

    Both of its parts only grow, so no two books have the same.
    """
    viewer.require("quotes.write")
    return (BookVersion.objects.values_list("number", flat=True).order_by("id").first() or 0) + campaigns.agreed(SYSTEM)
