"""A poster on paper and its code in a shopper's hand: printed on one sheet of its size, and counted when scanned."""

import re

import pytest

MILLIMETRE = 72 / 25.4
IN_HALL = "scene=hall&store=willow-west"


@pytest.mark.parametrize(("lang", "paper", "size"), [("en", "a3", (297, 420)), ("zh", "roll-up", (850, 2000))])
def test_a_poster_is_one_sheet_of_its_size(lang, paper, size, visit):
    page = visit(lang).sign_in("lin").go("/campaigns/double-12/")
    page.page.click("#to-poster")
    page.page.select_option("#id_paper", paper)
    page.page.click("#poster-form button")
    page.page.wait_for_url(f"**paper={paper}**")
    assert page.page.evaluate("document.querySelector('#poster-shown').naturalWidth") > 0, "it can be drawn"
    page.go(page.page.get_attribute("#poster-print", "href"))
    printed = page.page.pdf(prefer_css_page_size=True, print_background=True)
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert [tuple(round(float(side) / MILLIMETRE) for side in sheet) for sheet in found] == [size]


def test_who_scans_the_code_is_counted_once_a_tab(visit):
    desk = visit("en").sign_in("lin").go(f"/campaigns/double-12/poster/?paper=a3&first=en&{IN_HALL}")
    address = "/shop/" + desk.page.inner_text("#poster-link").partition("/shop/")[2]
    shopper = visit("zh", phone=True)
    with shopper.page.expect_response("**/shop/double-12/seen/") as answer:
        shopper.go(address)
    assert answer.value.status == 204
    told = []
    shopper.page.on("request", lambda request: told.append(request.url) if "/seen/" in request.url else None)
    shopper.page.click(".who button[value=tao]")
    shopper.page.wait_for_selector(".who button[value=tao][aria-pressed=true]")
    assert shopper.page.url.endswith(address), "it still knows from where"
    assert IN_HALL in address
    assert told == []
    assert not shopper.axe()
