"""Every screen in every dress: nothing in the console, nothing from elsewhere, no barrier, no sideways scroll.

`make shots` looks at all of them in all dresses and leaves the pictures in var/shots; with the other tests go two
dresses, each of which is both something dark or light, and a phone or a desk.
"""

import os

import pytest

from tests.browser.backstage import DESK
from tests.browser.pictures import album
from tests.browser.screens import ADMINISTRATOR, CONSOLE, NOBODY, SERVICE
from tests.prove import proving

ALL = proving() or "SHOTS" in os.environ
DRESSES = [("en", "light", False), ("zh", "dark", True)]
if ALL:
    DRESSES += [("zh", "light", False), ("en", "dark", False), ("en", "light", True)]
NAMES = [f"{lang}-{theme}{'-phone' if phone else ''}" for lang, theme, phone in DRESSES]


@pytest.mark.timeout(600)  # some seventy pages, each looked at by axe
@pytest.mark.parametrize(("lang", "theme", "phone"), DRESSES, ids=NAMES)
def test_the_console_in(lang, theme, phone, house, visit):
    house.backstage()
    page = visit(lang, theme, phone=phone).sign_in("lin")
    look_at(page, CONSOLE, f"{lang}-{theme}{'-phone' if phone else ''}", lang)


@pytest.mark.parametrize(("lang", "theme", "phone"), DRESSES, ids=NAMES)
def test_the_shop_and_the_door_in(lang, theme, phone, visit):
    page = visit(lang, theme, phone=phone)
    look_at(page, NOBODY, f"{lang}-{theme}{'-phone' if phone else ''}", lang)


@pytest.mark.parametrize(("lang", "theme", "phone"), DRESSES, ids=NAMES)
def test_the_components_in(lang, theme, phone, house, visit):
    house.backstage()
    page = visit(lang, theme, phone=phone).sign_in(house.administrator())
    look_at(page, ADMINISTRATOR, f"{lang}-{theme}{'-phone' if phone else ''}", lang)
    page = visit(lang, theme, phone=phone).sign_in(DESK)
    look_at(page, SERVICE, f"{lang}-{theme}{'-phone' if phone else ''}", lang)


@pytest.mark.skipif("SHOTS" not in os.environ, reason="for make shots")
def test_the_pictures_are_put_into_an_album():
    assert album()


def look_at(page, screens, dress, lang):
    found = []
    for name, (_, path) in screens.items():
        page.go(path).settled()
        page.picture(f"{name}-{dress}")
        found += [f"{name}: {barrier}" for barrier in page.axe()]
        if page.overflow():
            found.append(f"{name}: {page.overflow()} pixels too wide")
        said = page.page.get_attribute("html", "lang")
        if not said.startswith(lang):
            found.append(f"{name} says it is in {said}")
    assert not found, "\n".join(found)
    page.forgive_nothing()


def test_this_machine_writes_chinese(visit):
    """Without such a font a Chinese screen is boxes narrower than its words, and nobody sees what does not fit."""
    page = visit("zh").go("/sign-in/")
    wide = "() => { const pen = document.createElement('canvas').getContext('2d'); pen.font = '100px sans-serif'; return pen.measureText('满减').width }"
    assert page.page.evaluate(wide) == 200, "no font here has Chinese characters: on Debian fonts-noto-cjk"


def test_a_row_opens_beside_its_list_and_gives_the_focus_back(visit):
    page = visit().sign_in("lin").go("/offers/")
    page.page.click("tbody tr:first-child summary")
    link = page.page.locator("tbody tr:first-child a[data-drawer]")
    code = link.get_attribute("href")
    link.click()
    page.page.wait_for_selector("#drawer-box[open] #drawer h1")
    assert page.page.get_attribute("#drawer-page", "href").endswith(code)
    assert not page.axe()
    page.picture("drawer-en-light")
    page.page.keyboard.press("Escape")
    page.page.wait_for_selector("#drawer-box:not([open])", state="attached")
    assert page.page.url.endswith("/offers/")


def test_ticked_rows_are_asked_about_in_the_drawer(visit):
    page = visit("zh", phone=True).sign_in("lin").go("/offers/?q=d12")
    page.page.locator("td.tick input").first.check()
    page.page.click(".bulk button[value=stop]")
    page.page.wait_for_selector("#drawer-box[open] #bulk-why")
    assert not page.axe()
    assert not page.overflow()
    page.picture("bulk-zh-light-phone")
    page.page.click("#drawer a.btn")
    page.page.wait_for_url("**/offers/?q=d12")


def test_a_search_keeps_its_place_in_the_address_and_a_view_keeps_the_address(visit):
    page = visit().sign_in("lin").go("/offers/")
    page.page.fill(".filters [name=q]", "oolong")
    page.until(lambda: page.page.locator("tbody tr").count() == 1)
    assert page.page.url.endswith("/offers/?q=oolong")
    page.go("/offers/?q=oolong")
    page.page.click(".list-tools details:first-of-type summary")
    page.page.fill(".view-keep [name=name]", "Oolong")
    page.page.click(".view-keep button")
    page.page.wait_for_selector(".note-box.tone-good")
    page.go("/offers/")
    page.page.click(".list-tools details:first-of-type summary")
    page.page.click(".view-line a")
    page.page.wait_for_url("**/offers/?q=oolong&view=*")
    page.drawn()
    with page.page.expect_download() as waiting:
        page.page.click(".list-tools details:last-of-type summary")
        page.page.click("a[href*='export=csv']")
    assert "oolong" in waiting.value.path().read_text("utf-8-sig").lower()


def test_arrow_keys_go_through_a_matrix(house, visit):
    page = visit().sign_in(house.administrator()).go("/components/")
    page.page.focus(".matrix tbody tr:first-child td:nth-child(3) a")
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("ArrowDown")
    row, column = page.page.evaluate(
        "[document.activeElement.closest('tr').rowIndex, document.activeElement.closest('td').cellIndex]"
    )
    assert (row, column) == (2, 3)


def test_control_k_goes_to_an_offer_by_its_name(visit):
    page = visit("zh").sign_in("lin").go("/dashboard/")
    page.page.keyboard.press("Control+k")
    page.page.wait_for_selector("#palette[open]")
    page.page.keyboard.type("oolong")
    page.until(lambda: page.page.locator("#palette-found a").count() == 1)
    assert not page.axe()
    page.picture("palette-zh-light")
    page.page.keyboard.press("Enter")
    page.page.wait_for_url("**/offers/d12-oolong-15/")


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
