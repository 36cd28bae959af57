"""The side menu shows where one is, also on pages that stand at addresses of their own."""

import re

import pytest

pytestmark = pytest.mark.django_db
LIT = re.compile(r'<a class="nav-link" href="([^"]+)" aria-current="page"')


@pytest.mark.parametrize(
    ("page", "entry"),
    [
        ("/coupons/d12-shop-30/", ["/offers/"]),
        ("/newest/", ["/offers/"]),
        ("/offers/d12-shop-30/", ["/offers/"]),
        ("/distributions/d12-app/", ["/campaigns/"]),
        ("/campaigns/double-12/compose/basics/", ["/campaigns/"]),
        ("/", ["/"]),
        ("/account/", []),
    ],
)
def test_the_entry_of_a_page_is_lit(at, page, entry):
    assert LIT.findall(at("lin").get(page).content.decode()) == entry
