"""A colleague is invited, chooses a password, switches a second factor on and comes in with it: on a desk, and on a phone in Chinese."""

import pytest

from tests.rights.phone import Phone, codes_of

NEW = "seven lanterns under a bridge"


@pytest.mark.parametrize(("lang", "theme", "phone"), [("en", "light", False), ("zh", "dark", True)])
def test_from_the_invitation_to_the_second_factor(lang, theme, phone, house, visit):
    name = f"wu-{lang}"
    dress = f"{lang}-{theme}{'-phone' if phone else ''}"
    link = invited(visit().sign_in(house.administrator()), name)
    page = visit(lang, theme, phone=phone)
    found: list[str] = []

    def looks(what):
        page.page.wait_for_load_state("load")
        page.picture(f"{what}-{dress}")
        found.extend(f"{what}: {barrier}" for barrier in page.axe())
        if page.overflow():
            found.append(f"{what}: {page.overflow()} pixels too wide")

    page.go(link)
    page.page.wait_for_url("**/account/password/")
    looks("password-by-link")
    page.page.fill("#id_new", NEW)
    page.page.fill("#id_again", NEW)
    page.page.click("main form button.btn-primary")
    page.page.wait_for_url("**/account/")
    looks("account")
    page.go("/account/second-factor/")
    app = Phone.scans(page.page.content())
    looks("second-factor")
    page.page.fill("#id_code", app.shows(-1))
    page.page.click("main form button.btn-primary")
    page.page.wait_for_selector(".paper-codes")
    codes = codes_of(page.page.content())
    assert len(codes) == 10
    looks("codes-for-paper")
    with page.page.expect_download() as waiting:
        page.page.click("a[download]")
    assert codes[9] in waiting.value.path().read_text("utf-8")
    page.go("/account/second-factor/")
    looks("second-factor-on")
    page.page.context.clear_cookies()
    page.go("/sign-in/")
    page.page.fill("#username", name)
    page.page.fill("#password", NEW)
    page.page.click("form button.btn-primary")
    page.page.wait_for_url("**/sign-in/code/")
    looks("sign-in-code")
    page.page.fill("#code", codes[0])
    page.page.click("form button.btn-primary")
    page.page.wait_for_url(f"{house.url}/")
    assert not found, "\n".join(found)


def invited(page, name):
    """An administrator invites somebody: the path of their link."""
    page.go("/people/")
    for field, value in {"code": name, "name_en": "Wu Fan", "name_zh": "吴帆"}.items():
        page.page.fill(f"#id_{field}", value)
    page.page.select_option("#id_merchant", "lantern")
    page.page.check("#id_roles input[value=analyst]")
    page.page.click("form button.btn-primary >> nth=-1")
    page.page.wait_for_selector(".note-box.tone-good")
    return "/sign-in/" + page.text(".note-box.tone-good").split("/sign-in/")[1].strip()
