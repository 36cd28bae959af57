"""Icon names drift between packages: every one that a screen, the menu or the goods name is there."""

import re

from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from festoon.console.lists.campaigns import CampaignList
from festoon.console.lists.coupons import CouponList
from festoon.console.lists.offers import OfferList
from festoon.console.lists.reviews import ReviewList, decisions
from festoon.console.lists.webhooks import DeliveryList, EndpointList
from festoon.console.menu import _groups
from festoon.console.receipt import GROUPS, MISSING, OTHER
from festoon.storefront.pictures import PICTURES, PLAIN
from tests.tidy.reading import SOURCE

NAMED = re.compile(
    r"""<c-icon name="([a-z0-9_]+)"|\bicon="([a-z0-9_]+)"|<c-tablericon\.([a-z0-9_]+)|{% icon "([a-z0-9_]+)"|href="#i-([a-z0-9_]+)\""""
)
CHOSEN = re.compile(r"""<c-icon name="{% if .*?%}([a-z0-9_]+){% else %}([a-z0-9_]+)""")
SAID = re.compile(r"""Item\([^)]*?"([a-z_0-9]+)", "(?:bad|warn|note)\"""", re.DOTALL)


def used():
    for path in SOURCE.rglob("*.html"):
        text = path.read_text()
        for pattern in (NAMED, CHOSEN):
            for found in pattern.finditer(text):
                yield from ((name, path.name) for name in found.groups() if name)
    yield from ((item.icon, "menu") for group in _groups(0) for item in group.items)
    for each in (OfferList, CampaignList, CouponList, ReviewList, EndpointList, DeliveryList):
        yield from ((icon, each.name) for icon in (each.empty[0], *each.icons, *(bulk.icon for bulk in each.bulks)))
    yield from ((bulk.icon, "reviews") for bulk in decisions(lambda *_: None))
    yield from ((icon, "goods") for icon, _ in (*PICTURES.values(), PLAIN))
    yield from ((row[-1], "verdicts") for row in (*GROUPS, MISSING, OTHER))
    yield from ((name, "attention") for name in SAID.findall((SOURCE / "console/dashboard.py").read_text()))


def missing(name):
    try:
        get_template(f"cotton/tablericon/{name}.html")
    except TemplateDoesNotExist:
        return True
    return False


def test_every_icon_is_there():
    names = list(used())
    assert len({name for name, _ in names}) > 40, "the search itself finds them"
    assert not [f"{name} ({where})" for name, where in names if missing(name)]
