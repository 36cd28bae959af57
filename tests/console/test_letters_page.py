"""Everybody says for themselves whether they want letters about reviews, and in which language."""

import pytest

from festoon.config.mail import Mail, read
from festoon.records.viewer import SYSTEM
from festoon.review import queries as reviews

pytestmark = pytest.mark.django_db


def wish():
    found = reviews.letter_wish(SYSTEM, "chen")
    return found.wanted, found.language


def test_they_are_turned_off_and_follow_the_language_of_the_screens(cast, at, settings):
    settings.FESTOON_MAIL = Mail()
    chen = at("chen")
    assert "sends no e-mail" in chen.get("/account/").content.decode()
    settings.FESTOON_MAIL = read("console", "Festoon <promo@example.com>", "https://promo.example.com")
    assert 'id="letters-keep"' in chen.get("/account/").content.decode()
    chen.post("/language/", {"language": "zh-hans"})
    assert wish() == (True, "zh-hans")
    chen.post("/account/letters/", {"language": "en"})
    assert wish() == (False, "en")
    chen.post("/language/", {"language": "xx"})
    assert (wish(), chen.get("/account/letters/").status_code) == ((False, "en"), 405)
