"""What the system says in both languages is shown in the one of who looks."""

import pytest

from festoon.console.offer_form.vocabulary import LISTS
from festoon.offers import actions
from festoon.records.viewer import SYSTEM
from tests.console.test_walls import signed_in  # noqa: F401

pytestmark = pytest.mark.django_db
SAID = ("burn rate: 9 in 1 min", "消耗过快：1 分钟内 9")
OFFER = "d12-300-less-50"


@pytest.mark.parametrize(
    ("who", "path"),
    [("lin", f"/offers/{OFFER}/"), ("lin", "/watch/"), ("lin", "/dashboard/"), ("he", "/audit/")],
)
def test_why_a_rule_stopped_an_offer(who, path, cast, signed_in):  # noqa: F811
    actions.stop("offer", OFFER, why=" · ".join(SAID), by=SYSTEM, now=cast.now)
    client = signed_in(who)
    for language, shown, other in (("en", *SAID), ("zh-hans", *reversed(SAID))):
        client.cookies["django_language"] = language
        page = client.get(path).content.decode()
        assert (shown in page, other in page) == (True, False), (path, language)


def test_what_a_person_wrote_stays_as_it_is(cast, signed_in):  # noqa: F811
    actions.stop("offer", OFFER, why="red · blue", by=cast.person("lin"), now=cast.now)
    assert "red · blue" in signed_in("lin").get(f"/offers/{OFFER}/").content.decode()


def test_zones_of_the_offer_form_are_called_as_everywhere():
    zones = dict(LISTS["window.zone"](SYSTEM))
    assert (zones["Asia/Shanghai"].en, zones["Asia/Shanghai"].zh) == (
        "China Standard Time (Shanghai)",
        "中国标准时间（上海）",
    )
    assert not [words for code, words in zones.items() if code in f"{words.en}{words.zh}" and "/" in code]
