"""An offer's whole life on screens, in both languages: from a preset to the book, and out of it again."""

import pytest

SAID = {
    "en": {"in_review": "In review", "live": "Live", "sent_back": "Sent back", "recalled": "Recalled", "preset": "Spend and save"},
    "zh": {"in_review": "审核中", "live": "进行中", "sent_back": "已退回", "recalled": "已召回", "preset": "满减"},
}  # fmt: skip


@pytest.mark.parametrize("lang", list(SAID))
def test_from_a_preset_to_live_and_recalled(lang, house, visit):
    house.ceiling()
    said, code = SAID[lang], f"path-{lang}"

    lin = visit(lang).sign_in("lin").go("/campaigns/double-12/compose/offers/")
    lin.page.click("a[href*='/offers/new/']")
    lin.page.wait_for_url("**/offers/new/**")
    lin.drawn().page.fill(".wall-search input[name=q]", said["preset"])
    lin.page.wait_for_url("**q=*")
    lin.page.click("#wall a[href*='rule=preset%3Aspend-and-save&'], #wall a[href*='rule=preset:spend-and-save&']")
    lin.page.wait_for_selector("#offer-form")
    lin.drawn()
    typed = {
        "code": code, "name.en": f"90 off 500 {lang}", "name.zh": f"满500减90 {lang}",
        "preset.values.spend": "500", "preset.values.save": "90",
    }  # fmt: skip
    lin.page.locator("details:has([name='code']) > summary").click()
    for name, value in typed.items():
        lin.page.fill(f"[name='{name}']", value)
    lin.page.locator("label:has([name='preset.values.goods.which'][value=all])").click()
    lin.until(lambda: "500" in lin.text("#live"))
    lin.picture(f"written-{lang}")
    lin.page.click("#save")
    lin.page.wait_for_url(f"**/offers/{code}/edit/")

    lin.go(f"/offers/{code}/exclusions/")
    lin.picture(f"excluding-{lang}")
    tick(lin, "d12-oolong-15")

    lin.go(f"/offers/{code}/")
    lin.page.click("#submit")
    lin.page.wait_for_selector(".note-box.tone-good")
    assert said["in_review"] in lin.text(".page-head")

    chen = visit(lang).sign_in("chen")
    review(chen, code)
    chen.page.click("[data-opens=send-back]")
    chen.page.fill("#send-back-why", "90 is deep; make it 85.")
    chen.page.click("dialog#send-back button[type=submit]")
    chen.page.wait_for_selector(".note-box.tone-good")

    lin.go(f"/offers/{code}/")
    assert said["sent_back"] in lin.text(".page-head")
    lin.page.click("#edit")
    lin.page.wait_for_url(f"**/offers/{code}/edit/")
    lin.drawn().page.fill("[name='preset.values.save']", "85")
    lin.page.click("button#submit")
    lin.page.wait_for_url(f"**/offers/{code}/")

    for person in ("chen", "he"):
        page = visit(lang).sign_in(person)
        review(page, code)
        page.page.click("#approve")
        page.page.wait_for_selector(".note-box.tone-good")

    lin.go(f"/offers/{code}/")
    assert said["live"] in lin.text(".page-head")
    assert "d12-oolong-15" in lin.page.content()
    lin.page.click("[data-opens=recall]")
    lin.page.fill("#recall-why", "It was a try.")
    lin.page.click("dialog#recall button[type=submit]")
    lin.page.wait_for_selector(".note-box.tone-good")
    assert said["recalled"] in lin.text(".page-head")
    lin.picture(f"recalled-{lang}")


def review(page, code):
    """Open what waits of this offer, from the inbox."""
    page.go(f"/reviews/?q={code}")
    page.page.locator("table.list tr", has_text=code).locator("a.name").first.click()
    page.page.wait_for_selector("#approve")
    page.drawn()


def tick(page, other):
    """Exclude the other offer, on the page that shows what the two share."""
    page.page.check(f"input[name=other][value='{other}']")
    page.page.fill("#ticks-why", "One saving on oolong is enough.")
    page.page.click("#exclude-ticked")
    page.page.wait_for_selector(".note-box.tone-good")
