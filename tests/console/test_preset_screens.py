"""The rule library on screens: looking through it, making one's own from an offer, an offer from it, what a new one changes."""

from copy import deepcopy
from unittest.mock import Mock

import pytest

from festoon.catalog.sign_in import one_time_path
from festoon.composition import renewing
from festoon.console import thing_told
from festoon.console.offer_form.control import Terms
from festoon.console.preset_parts import leaves, opened
from festoon.console.views import renewing as views
from festoon.offers import checks, desk
from festoon.offers import queries as offers
from festoon.presets import actions, library
from festoon.presets import queries as presets
from festoon.presets.form import check_preset
from festoon.promotions import actions as promotions
from festoon.records.viewer import SYSTEM
from festoon.review import flows
from festoon.review import queries as reviews
from tests.desk import REVIEWER
from tests.presets.test_presets import VIP, spoilt

OWN = {
    "name.en": "Oolong days", "name.zh": "乌龙日", "about.en": "A percentage off oolong.", "about.zh": "乌龙茶折扣。",
    "code": "oolong-days", "open": ["with.basis_points", "scope"], "label.with.basis_points.en": "How much off",
    "label.with.basis_points.zh": "折扣",
}  # fmt: skip


@pytest.fixture
def signed_in(cast, client):
    def sign(person):
        assert client.get(one_time_path(person)).status_code == 302
        return client

    return sign


def test_who_agrees_on_a_preset_reads_what_its_goods_leave_out(cast):
    content = deepcopy(library.house()["across-stores"].data)
    content["open"][-1]["example"] = {"tag": ["tea"], "except": {"tag": ["sale"]}}
    said = thing_told.told(SYSTEM, "preset", content, "CNY")
    [goods] = [line for line in said if line.name == "scope"]
    assert goods.values == ["asked each time, for example Tags: tea; but not · Tags: sale"]


@pytest.mark.parametrize("code", library.house())
def test_what_is_left_open_may_be_closed_and_opened_again(code):
    content = library.house()[code].data
    found = leaves(content, Terms("CNY"))
    asked = {leaf.name: leaf.label for leaf in found if leaf.open}
    assert len(asked) == len(content["open"])
    again = opened(content, asked)
    assert check_preset(again) == []
    assert [each["example"] for each in again["open"]] and len(again["open"]) == len(content["open"])
    closed = opened(again, {})
    assert check_preset(closed) == [] and closed["open"] == []


@pytest.mark.once
@pytest.mark.django_db
def test_the_library_and_every_preset_of_it_is_shown(signed_in):
    client = signed_in("lin")
    page = client.get("/presets/").content.decode()
    for code in library.house():
        assert f'href="/presets/{code}/"' in page
        assert client.get(f"/presets/{code}/").status_code == 200, code
        assert client.get(f"/offers/new/?rule=preset:{code}&example=1").status_code == 200, code
    assert "/presets/free-shipping/" not in client.get("/presets/", {"q": "红包"}).content.decode()
    assert client.get("/presets/nothing/").status_code == 404


@pytest.mark.django_db
def test_ones_own_is_made_of_an_offer_reviewed_and_used(signed_in, cast):
    flows.set_flow("preset", [REVIEWER], by=SYSTEM, now=cast.now)
    client = signed_in("lin")
    address = "/presets/new/?from=d12-oolong-15"
    assert client.get(address).status_code == 200
    assert client.post(address, OWN | {"about.zh": ""}).status_code == 422
    assert client.post(address, OWN)["Location"] == "/presets/oolong-days/"
    kept = presets.preset(SYSTEM, "oolong-days")
    assert kept.draft["rules"]["with"] == {"basis_points": "$basis_points"} and kept.draft["rules"]["scope"] == "$scope"
    assert kept.draft["open"][0]["label"] == {"en": "How much off", "zh": "折扣"}
    client.post("/presets/oolong-days/submit/")
    assert 'id="withdraw"' in client.get("/presets/oolong-days/").content.decode()
    client.post("/ways/preset/oolong-days/withdraw/")
    assert presets.preset(SYSTEM, "oolong-days").state == "draft"
    client.post("/presets/oolong-days/submit/")
    waiting = reviews.visible(SYSTEM).get(subject="oolong-days", state="open")
    client.post(f"/reviews/{waiting.pk}/decide/", {"decision": "approve"})
    assert presets.preset(SYSTEM, "oolong-days").version == 0, "nobody approves their own"
    signed_in("chen").post(f"/reviews/{waiting.pk}/decide/", {"decision": "approve"})
    assert presets.preset(SYSTEM, "oolong-days").version == 1
    page = signed_in("lin").get("/offers/new/?rule=preset:oolong-days").content.decode()
    assert 'name="preset.values.basis_points"' in page and 'name="payers.0.payer"' not in page, (
        "what is fixed is not asked"
    )


@pytest.mark.django_db
def test_a_newer_version_says_what_it_would_change(signed_in, cast):
    flows.set_flow("preset", [], by=SYSTEM, now=cast.now)
    client = signed_in("lin")
    client.post("/presets/new/?from=d12-oolong-15", OWN)
    client.post("/presets/oolong-days/submit/")
    used = {
        "rule": "preset:oolong-days@1", "kind": "promotion", "notation": "off", "code": "from-it", "owner": "lantern",
        "name.en": "x", "name.zh": "x", "preset.values.basis_points": "9", "preset.values.scope.which": "all",
        "window.start": "2030-01-01T00:00", "window.end": "2030-02-01T00:00", "window.zone": "Asia/Shanghai", "do": "save",
    }  # fmt: skip
    answer = client.post("/offers/new/?rule=preset:oolong-days", used)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert offers.offer(SYSTEM, "from-it").draft["with"] == {"basis_points": 900}
    client.post("/presets/oolong-days/edit/", OWN | {"open": ["with.basis_points"]})
    client.post("/presets/oolong-days/submit/")
    page = client.get("/presets/oolong-days/").content.decode()
    assert "from-it" in page
    assert client.get("/offers/from-it/edit/").status_code == 200, "it keeps the version it was made from"


@pytest.mark.django_db
def test_a_merchant_sees_its_own_and_the_agreed_ones_only(signed_in):
    signed_in("lin").post("/presets/new/?from=d12-oolong-15", OWN)
    client = signed_in("ye")
    assert client.get("/presets/new/?from=d12-gold-12").content.count(b"with.basis_points") == 0, (
        "another's rules stay its own"
    )
    assert client.get("/presets/oolong-days/edit/").status_code == 404
    assert b"Oolong days" not in client.get("/presets/").content
    assert client.get("/presets/oolong-days/").status_code == 404
    assert client.post("/presets/oolong-days/submit/").status_code in (302, 404)
    assert presets.preset(SYSTEM, "oolong-days").state == "draft"


@pytest.mark.django_db
def test_ticked_offers_are_taken_to_the_newest_version(signed_in, cast, monkeypatch):
    """Each ticked one by itself; another house finds none of them."""
    flows.set_flow("preset", [], by=SYSTEM, now=cast.now)
    client = signed_in("lin")
    lin = cast.person("lin")
    made = actions.submit(actions.create(VIP, by=lin, now=cast.now), by=lin, now=cast.now)
    for code in ("old-a", "old-b"):
        data = {
            "code": code,
            "name": {"en": code, "zh": code},
            "preset": {"code": "vip-tea", "values": {"percent": 900}},
        }
        promotions.create({**data, "campaign": "double-12"}, by=lin, now=cast.now)
    newer = spoilt(lambda preset: preset["rules"].update(priority=5))
    actions.submit(actions.edit(made, newer, by=lin, now=cast.now), by=lin, now=cast.now)
    for where in ("/presets/vip-tea/", "/campaigns/double-12/"):
        assert 'id="to-newest"' in client.get(where).content.decode()
    address = "/newest/?campaign=double-12"
    page = client.get(address).content.decode()
    assert 'value="1 2 old-a"' in page and 'value="1 2 old-b"' in page and "Priority" in page
    assert client.post(address, {})["Location"] == address
    read = Mock(wraps=checks.known)
    for module in (desk, renewing, views):
        monkeypatch.setattr(module, "known", read)
    answer = client.post(address, {"pick": ["1 2 old-a", "1 2 nothing", "x"], "submit": "1"}).content.decode()
    assert read.call_count == 1
    assert answer.count("text-good") == 1 and answer.count("text-bad") == 1
    versions = {code: offers.offer(SYSTEM, code).draft["preset"]["version"] for code in ("old-a", "old-b")}
    assert versions == {"old-a": 2, "old-b": 1}
    assert offers.offer(SYSTEM, "old-a").state == "in_review"
    assert 'value="1 2 old-b"' in client.get(address).content.decode()
    promotions.create({**data, "code": "newest", "campaign": "double-12"}, by=lin, now=cast.now)
    assert (
        b"newest" in client.get("/offers/newest/").content
        and "newest" in client.get("/offers/newest/edit/").content.decode()
    )
    other = signed_in("ye")
    assert "old-b" not in other.get("/newest/").content.decode()
    assert b"text-bad" in other.post("/newest/", {"pick": "1 2 old-b"}).content
    assert offers.offer(SYSTEM, "old-b").draft["preset"]["version"] == 1
