"""An operator writes an offer in a browser, in both languages: what it says, what it costs and how it looks follow the hand."""

import pytest

SAID = {
    "en": {"rule": "12% off, at most ¥100", "zhe": "8.8 折", "typed": "12", "pick": "Tea", "review": "In review"},
    "zh": {"rule": "8.8折，最高¥100", "zhe": "减 12%", "typed": "8.8", "pick": "茶叶", "review": "审核中"},
}
LANGUAGES = list(SAID)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_offer_is_written_looked_at_and_submitted(lang, visit):
    said, page = (
        SAID[lang],
        visit(lang).sign_in("lin").go("/offers/new/?q=percent" if lang == "en" else "/offers/new/?q=折扣"),
    )
    page.page.click("a[href*='rule=type:percent&kind=promotion']")
    page.page.wait_for_selector("#offer-form")
    page.drawn()
    page.page.fill("[name='with.basis_points']", said["typed"])
    page.page.fill("[name='with.cap']", "100")
    page.until(lambda: said["rule"] in page.text("#sentence"))
    page.until(lambda: said["zhe"] in page.text("#f-with-basis_points-beside"))

    page.page.fill("[name='q-scope']", said["pick"])
    page.page.click("#found-scope button[value='take:scope.category:tea']")
    page.page.wait_for_selector("input[name='scope.category'][value=tea]")
    page.until(lambda: page.page.locator("#price-after").count() == 1)
    assert page.figure("#price-after") < page.figure("#price-before")
    frame = page.page.frame_locator(".phone iframe")
    frame.locator(".rules, .tickets, .prices").first.wait_for()

    page.page.click("#submit")
    page.expected = ("422",)
    page.page.wait_for_selector("#faults")
    assert page.page.locator("#faults a").count() == 2, "both names are missing, and are told together"
    page.page.fill("[name='name.en']", f"Tea week {lang}")
    page.page.fill("[name='name.zh']", f"茶叶周 {lang}")
    page.picture(f"editor-{lang}")
    page.page.click("#submit")
    page.page.wait_for_selector(".note-box.tone-good")
    assert said["review"] in page.text(".page-head")


def test_rows_conditions_and_the_basket_are_put_together_by_hand(visit):
    """Nobody waits between typing and pressing: what is shown is never older than the hand."""
    page = visit().sign_in("lin").go("/offers/new/?rule=type:spend_and_save&example=1")
    page.page.click("button[value='more:with.tiers']")
    page.page.click("button[value='more:with.tiers']")
    page.page.wait_for_selector("[name='with.tiers.2.at']")
    page.page.fill("[name='with.tiers.2.at']", "900")
    page.page.click("button[value='less:with.tiers.2']")
    page.until(lambda: page.page.locator("[name='with.tiers.2.at']").count() == 0)
    page.page.fill("[name='with.tiers.1.at']", "600")
    page.page.fill("[name='with.tiers.1.off']", "120")
    page.page.click("button[value='less:with.tiers.0']")
    page.until(lambda: "¥600" in page.text("#sentence") and "¥300" not in page.text("#sentence"))
    page.page.select_option("[name=add-when]", "segment")
    page.page.click("button[value='more:when']")
    page.page.check("[name='when.0.segment.any'][value=gold]")
    page.page.click("button[value=own]")
    page.page.wait_for_selector("[name='basket.0.quantity']")
    page.page.fill("[name='basket.0.quantity']", "1")
    page.page.click("button[value='more:with.tiers']")
    page.page.wait_for_selector("[name='with.tiers.1.at']")
    assert (
        page.page.input_value("[name='basket.0.quantity']") == "1"
        and page.page.input_value("[name='with.tiers.1.at']") == ""
    )
    page.page.click("button[value='less:with.tiers.1']")
    page.until(lambda: page.page.locator("#price-before").count() == 1)
    before = page.figure("#price-before")
    page.page.fill("[name='basket.0.quantity']", "9")
    page.until(lambda: page.figure("#price-before") > before)
    page.page.wait_for_timeout(900)
    assert page.page.input_value("[name='basket.0.quantity']") == "9" and "¥600" in page.text("#sentence"), (
        "and stays so"
    )


def test_one_makes_a_preset_of_an_offer_and_an_offer_of_the_preset(visit):
    page = visit().sign_in("lin").go("/presets/new/?from=d12-oolong-15")
    page.page.fill("#about-en", "A percentage off oolong.")
    page.page.fill("#about-zh", "乌龙茶折扣。")
    page.page.fill("#code", "browser-rule")
    page.page.check("[name=open][value='with.basis_points']")
    page.page.click("#save")
    page.page.wait_for_selector(".note-box.tone-good")
    page.go("/presets/percent-off/")
    page.page.click("#use")
    page.page.wait_for_selector("[name='preset.values.percent']")
    assert page.page.locator("[name='with.basis_points']").count() == 0, "only what is open is asked"
