"""Every screen in every dress: nothing in the console, nothing from elsewhere, no barrier, no sideways scroll."""

import pytest

from tests.prove import proving

SCREENS = {
    "start": "/",
    "dashboard": "/dashboard/",
    "dashboard-day": "/dashboard/?by=day",
    "campaigns": "/campaigns/",
    "campaign": "/campaigns/double-12/",
    "offers": "/offers/",
    "offer": "/offers/d12-gold-12/",
    "coupon": "/coupons/d12-shop-30/",
    "inbox": "/reviews/?state=passed",
    "review": "/reviews/1/",
    "try": "/try/?n.t-05=2&n.w-04=1&n.s-01=1&shopper=mei",
    "compare": "/try/?n.t-05=2&n.w-04=1&n.s-01=1&shopper=mei&tick=d12-300-less-50&tick=d12-oolong-15",
    "flash": "/flash/",
    "year": "/year/",
    "health": "/health/",
}
SHOP = {"shop": "/shop/double-12/", "shop-pink": "/shop/womens-day/"}
DRESSES = [("en", "light", False), ("zh", "dark", True)]
if proving():
    DRESSES += [("zh", "dark", False), ("en", "dark", True), ("zh", "light", True)]
NAMES = [f"{lang}-{theme}{'-phone' if phone else ''}" for lang, theme, phone in DRESSES]


@pytest.mark.parametrize(("lang", "theme", "phone"), DRESSES, ids=NAMES)
def test_the_console_in(lang, theme, phone, visit):
    page = visit(lang, theme, phone=phone).sign_in("lin")
    look_at(page, SCREENS, f"{lang}-{theme}{'-phone' if phone else ''}", lang)


@pytest.mark.parametrize(("lang", "theme", "phone"), DRESSES, ids=NAMES)
def test_the_shop_and_the_door_in(lang, theme, phone, visit):
    page = visit(lang, theme, phone=phone)
    look_at(page, SHOP | {"sign-in": "/sign-in/"}, f"{lang}-{theme}{'-phone' if phone else ''}", lang)


def look_at(page, screens, dress, lang):
    found = []
    for name, path in screens.items():
        page.go(path)
        page.page.wait_for_timeout(150)
        page.picture(f"{name}-{dress}")
        found += [f"{name}: {barrier}" for barrier in page.axe()]
        if page.overflow():
            found.append(f"{name}: {page.overflow()} pixels too wide")
        said = page.page.get_attribute("html", "lang")
        if not said.startswith(lang):
            found.append(f"{name} says it is in {said}")
    assert not found, "\n".join(found)
    page.forgive_nothing()


def test_a_page_that_breaks_a_rule_is_found_out(visit):
    """The watch itself is watched: each of these would pass unseen if it slept."""
    page = visit().go("/sign-in/")
    page.page.evaluate("document.querySelector('#username').labels.forEach((label) => label.remove())")
    page.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<div style=\"width: 3000px\">wide</div>')")
    page.page.evaluate("const s = document.createElement('script'); s.textContent = '1'; document.body.append(s)")
    page.page.evaluate("fetch('http://192.0.2.1/').catch(() => {})")
    page.page.wait_for_timeout(200)
    assert any("label" in barrier for barrier in page.axe())
    assert page.overflow() > 0
    assert any("Content Security Policy" in wrong for wrong in page.wrong)
    assert any("192.0.2.1" in wrong for wrong in page.wrong)
    page.wrong.clear()
