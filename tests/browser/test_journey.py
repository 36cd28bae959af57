"""The journey of the issue, in both languages: sign in, approve, claim, price, and see the figures move."""

import pytest

SAID = {
    "en": {
        "coupon": "Tea evening",
        "live": "Live",
        "yours": "Yours",
        "applied": "Applied",
        "more": "more",
        "stopped": "Stopped",
    },
    "zh": {
        "coupon": "茶之晨",
        "live": "进行中",
        "yours": "已领",
        "applied": "已生效",
        "more": "再买",
        "stopped": "已停用",
    },
}
LANGUAGES = list(SAID)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_from_a_submitted_campaign_to_a_cheaper_basket(lang, house, visit):
    said, code = SAID[lang], f"evening-{lang}"
    house.compose(code)

    for person in ("chen", "he"):
        page = visit(lang).sign_in(person)
        page.go(f"/campaigns/{code}/")
        page.page.click("[data-opens=approve]")
        page.page.click("dialog#approve button[type=submit]")
        page.page.wait_for_selector(".note-box.tone-good")
    assert said["live"] in page.text(".page-head")

    shopper = visit(lang, phone=True).go(f"/shop/{code}/")
    shopper.page.click(".who button[value=mei]")
    before = shopper.figure("#wallet-count")
    shopper.page.click(f"#coupon-{code}-10 .claim")
    shopper.page.wait_for_selector(".said .success")
    assert said["yours"] in shopper.text(f"#coupon-{code}-10")
    assert shopper.figure("#wallet-count") == before + 1
    shopper.picture(f"claimed-{lang}")
    assert "mei" not in shopper.page.url

    page = visit(lang).sign_in("lin").go("/try/")
    page.page.locator("label:has([name=shopper][value=mei])").click()
    for _ in range(2):
        page.page.click("button[aria-controls=n-t-01][data-step='1']")
    page.until(lambda: "n.t-01=2" in page.page.url and page.page.locator("#wallet input[name=coupon]").count() > 0)
    dear = page.figure("#to-pay")
    page.page.locator("#wallet label", has_text=said["coupon"]).locator("input").check()
    page.until(lambda: page.figure("#to-pay") != dear)
    assert dear - page.figure("#to-pay") == 1000
    assert said["applied"] in page.text("#receipt")
    assert said["more"] in page.text(".nudge")
    assert "n.t-01=2" in page.page.url, "the basket can be sent to somebody as an address"
    page.picture(f"priced-{lang}")


def test_the_figures_move_while_the_town_is_awake(visit):
    """In both languages at once: what takes the time is the town."""
    pages = {lang: visit(lang).sign_in("lin").go("/dashboard/") for lang in LANGUAGES}
    before = {lang: page.figure("#kpi-gmv") for lang, page in pages.items()}
    for lang, page in pages.items():
        page.until(lambda page=page, lang=lang: page.figure("#kpi-gmv") > before[lang], seconds=60)
        assert page.page.locator("[data-chart] svg").count() == 3
        page.picture(f"moved-{lang}")


def test_the_link_works_once(house, visit):
    link = house.link("zhou")
    page = visit().go(link)
    assert "Zhou An" in page.text(".topbar")
    again = visit()
    again.expected = ("403",)
    again.go(link)
    assert "used already" in again.text(".note-box")


def test_nobody_approves_what_they_wrote_but_chen_may(visit):
    page = visit().sign_in("lin", afresh=True).go("/reviews/")
    assert page.page.locator("#approve").count() == 0
    page.go("/")
    page.page.click("#be-reviewer")
    page.page.wait_for_url("**/reviews/")
    page.page.click("table.list a.name")
    assert "60 off" in page.text(".page-head") or "Rain" in page.text(".page-head")
    page.page.click("[data-opens=send-back]")
    page.page.click("dialog#send-back button[type=submit]")
    assert page.page.locator("dialog#send-back[open]").count() == 1, "sending back without a word is not possible"
    page.page.fill("#send-back-why", "The perfume's floor is near; try 40.")
    page.page.click("dialog#send-back button[type=submit]")
    page.page.wait_for_selector(".note-box.tone-good")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_offer_is_stopped_and_lifted(lang, visit):
    page = visit(lang).sign_in("lin").go("/offers/d12-cups-3-for-2/")
    page.page.click("[data-opens=stop]")
    page.page.fill("#stop-why", "Too many cups went out.")
    page.page.click("dialog#stop button[type=submit]")
    page.page.wait_for_selector(".note-box.tone-bad")
    assert SAID[lang]["stopped"] in page.text(".page-head")
    page.go("/try/?n.w-01=3")
    assert SAID[lang]["stopped"] in page.text("#receipt") or "stopped" in page.text("#receipt")
    page.go("/offers/d12-cups-3-for-2/")
    page.page.click("[data-opens=lift]")
    page.page.click("dialog#lift button[type=submit]")
    page.page.wait_for_selector(".note-box.tone-good")
    assert SAID[lang]["live"] in page.text(".page-head")


def test_two_offers_ticked_as_exclusive_change_the_same_cart(visit):
    page = visit().sign_in("lin").go("/try/?n.t-05=2&n.w-04=1&n.s-01=1&shopper=mei")
    now = page.figure("#to-pay")
    for code in ("d12-300-less-50", "d12-oolong-15"):
        page.page.check(f"#receipt input[value='{code}']")
        page.page.wait_for_load_state("networkidle")
    page.page.wait_for_selector("#then-to-pay")
    assert page.figure("#then-to-pay") > now
    assert page.figure("#to-pay") == now, "looking changes nothing"


def test_a_basket_becomes_a_case_that_prices_the_same_from_files(house, visit, tmp_path):
    import json
    import subprocess
    import sys

    import yaml

    page = visit().sign_in("lin").go("/try/?n.t-05=2&n.w-04=1&n.s-01=1&shopper=mei")
    with page.page.expect_download() as waiting:
        page.page.click("#case")
    case = yaml.safe_load(waiting.value.path().read_text())
    (tmp_path / "offers.json").write_text(json.dumps(case["offers"]))
    (tmp_path / "cart.json").write_text(json.dumps(case["cart"]))
    command = [sys.executable, "-m", "festoon.cli", "price", "--offers", "offers.json", "cart.json"]
    answer = subprocess.run(command, cwd=tmp_path, env=house.environment, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["totals"]["payable"] == case["expect"]["payable"] == page.figure("#to-pay")


def test_a_forged_token_is_nobody(house, visit):
    page = visit(phone=True)
    page.page.context.add_cookies(
        [{"name": "shopper", "value": "WyJtZWkiLDEsImFwcCIsMV0.x", "url": f"{house.url}/shop/"}]
    )
    page.go("/shop/double-12/")
    assert page.page.locator("#wallet-count").count() == 0
