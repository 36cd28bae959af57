"""Who somebody who signed in is, and what the roles allow."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser

from festoon.base.words import Words
from festoon.catalog.colleagues import add_person
from festoon.catalog.people import viewer_of
from festoon.records.refusal import Forbidden
from festoon.records.viewer import SYSTEM
from tests.desk import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def colleague(code, merchant, *roles):
    name = Words(en=code, zh=code)
    made = add_person(code, merchant=merchant, name=name, roles=roles, password="made up", by=SYSTEM, now=NOW)
    return viewer_of(made.user)


def test_a_person_stands_behind_the_wall_of_its_merchant(shop, ye):
    seen = colleague("ye", "willow", "merchant")
    assert (seen.name, seen.merchant_id, seen.is_platform) == ("person:ye", ye.merchant_id, False)
    assert seen.may("offers.edit")
    assert not seen.may("review.decide:reviewer")


def test_roles_add_up(shop):
    seen = colleague("he", "lantern", "finance", "analyst")
    assert seen.is_platform
    assert seen.may("costs.read")
    assert seen.may("jobs.run")
    with pytest.raises(Forbidden):
        seen.require("offers.edit")


def test_only_finance_and_the_administrator_see_costs(shop):
    seen = {
        role: colleague(role, "lantern", role).may("costs.read")
        for role in ("operator", "reviewer", "finance", "admin")
    }
    assert seen == {"operator": False, "reviewer": False, "finance": True, "admin": True}


def test_who_is_nobody_may_do_nothing(shop):
    stray = get_user_model().objects.create_user("stray")
    for user in (AnonymousUser(), stray):
        assert (viewer_of(user).rights, viewer_of(user).merchant_id) == (frozenset(), 0)
    root = get_user_model().objects.create_superuser("root")
    assert viewer_of(root).may("people.edit")
    assert not viewer_of(root).may("review.decide:reviewer"), "who says who may do what decides on nothing else"
    root.is_active = False
    assert not viewer_of(root).rights
