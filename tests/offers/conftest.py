"""Tests of the desks begin with a corner of the cast."""

import pytest

from festoon.campaigns import actions as campaigns
from tests.desk import CHEN, HE, LIN, NOW, double_12, shop, stranger, ye  # noqa: F401


@pytest.fixture
def theme(shop):  # noqa: F811
    """The campaign Double 12, agreed on, so that what is released in it is live."""
    made = double_12()
    campaigns.submit(made, by=LIN, now=NOW)
    for reviewer in (CHEN, HE):
        campaigns.approve(made, by=reviewer, now=NOW)
    return made
