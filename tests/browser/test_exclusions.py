"""Excluding on an offer's page, in both languages: tick, look at the basket, submit, agree, live; accidents are flagged."""

import pytest

SAID = {
    "en": {"locked": "not in force", "live": "Exclude each other", "dear": "dearer", "half": "Half off or more"},
    "zh": {"locked": "尚未生效", "live": "互斥", "dear": "多付", "half": "五折及以下"},
}


@pytest.mark.parametrize("lang", SAID)
def test_a_pair_is_excluded_from_the_step_and_seen_in_the_matrix(lang, visit):
    said = SAID[lang]
    page = visit(lang).sign_in("lin").go("/offers/d12-cups-3-for-2/exclusions/")
    other = {"en": "d12-300-less-50", "zh": "d12-red-envelope"}[lang]
    page.page.click(f"a[href$='/exclusions/{other}/']")
    page.page.wait_for_selector("#drawer .ways")
    assert said["dear"] in page.text("#drawer .ways")
    page.picture(f"pair-{lang}")
    page.page.keyboard.press("Escape")
    page.page.check(f"input[name=other][value='{other}']")
    page.page.fill("#ticks-why", "One of the two is enough.")
    page.page.click("#exclude-ticked")
    page.page.wait_for_selector(".note-box.tone-good")
    row = page.page.locator("table.relations tr", has=page.page.locator(f"a[href$='/{other}/']"))
    assert said["locked"] in row.inner_text(), "a reviewer has to agree"
    page.go("/campaigns/double-12/matrix/?show=conflicts")
    page.page.locator("[data-matrix] td a").first.focus()
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("Enter")
    page.page.wait_for_selector("#drawer .between")
    page.picture(f"matrix-{lang}")
    assert page.axe() == []


def test_on_a_phone_the_matrix_is_a_list(visit):
    page = visit("zh", "dark", phone=True).sign_in("lin").go("/campaigns/double-12/matrix/")
    assert not page.page.locator("[data-matrix]").is_visible()
    page.page.locator(".as-list summary").first.click()
    page.page.locator(".as-list a.relation").first.click()
    page.page.wait_for_selector("#drawer .between")
    assert page.overflow() == 0


def test_the_famous_accidents_are_flagged_where_the_reviewer_looks(house, visit):
    house.accidents()
    page = visit().sign_in("chen")
    for code in ("accident-coupon", "accident-percent", "accident-threshold"):
        page.go(f"/offers/{code}/")
        assert page.page.locator("#worst .flagged").count() > 0, code
    assert SAID["en"]["half"] in page.text("#worst")
    page.picture("accident")
