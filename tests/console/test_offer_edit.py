"""An offer is written on a screen: kept by the same verbs as ever, every fault at its field, and behind the walls."""

import re

import pytest

from festoon.catalog import queries as catalog
from festoon.catalog.sign_in import one_time_path
from festoon.console.offer_form import opening
from festoon.console.offer_form.raw import flat
from festoon.offers import queries as offers
from festoon.records.viewer import SYSTEM
from festoon.review import queries as reviews

pytestmark = pytest.mark.django_db
RULE = "/offers/new/?rule=type:percent&kind=promotion"


@pytest.fixture
def signed_in(cast, client):
    """`signed_in("lin")`: the client as this person."""

    def sign(person):
        assert client.get(one_time_path(person)).status_code == 302
        return client

    return sign


def typed(code="tea-12", **more):
    """What Lin types: 12 % off tea, up to 100."""
    return {
        "rule": "type:percent", "kind": "promotion", "notation": "off", "code": code, "owner": "lantern",
        "name.en": "Tea days", "name.zh": "茶日", "with.basis_points": "12", "with.cap": "100",
        "scope.which": "some", "scope.category": ["tea"], "window.start": "2030-01-01T00:00",
        "window.end": "2030-02-01T00:00", "window.zone": "Asia/Shanghai", **more,
    }  # fmt: skip


def test_what_was_typed_is_kept_and_submitted(signed_in):
    client = signed_in("lin")
    answer = client.post(
        RULE, typed(do="save", **{"payers.0._": "", "payers.0.payer": "platform", "payers.0.basis_points": "100"})
    )
    assert answer["Location"] == "/offers/tea-12/edit/"
    kept = offers.offer(SYSTEM, "tea-12")
    assert kept.draft["with"] == {"basis_points": 1200, "cap": 10000}
    assert kept.draft["scope"] == {"category": ["tea"]}
    assert kept.draft["payers"] == [{"payer": "platform", "basis_points": 10000}]
    assert kept.state == "draft"
    again = typed(do="submit", **{"with.basis_points": "15", "with.cap": ""})
    assert client.post("/offers/tea-12/edit/", again)["Location"] == "/offers/tea-12/"
    assert offers.offer(SYSTEM, "tea-12").state == "in_review"
    assert reviews.visible(SYSTEM).filter(subject="tea-12", state="open").get().content["with"] == {
        "basis_points": 1500
    }
    assert client.get("/offers/tea-12/edit/")["Location"] == "/offers/tea-12/", "what is in review is not written on"


def test_what_a_colleague_kept_meanwhile_is_not_put_away_unseen(signed_in):
    """Lin opens the form twice and saves both; fails when the second page puts back what the first one changed."""
    client = signed_in("lin")
    client.post(RULE, typed(do="save"))
    edit = "/offers/tea-12/edit/"
    opened = re.search(r'name="read" value="([^"]+)"', client.get(edit).content.decode())[1]
    mine, theirs = typed(read=opened, **{"name.en": "Mine"}), typed(read=opened, **{"name.en": "Theirs"})
    for _twice in range(2):
        assert client.post(edit, theirs | {"do": "save"}).status_code == 302, "sent twice, it is kept once"
    drawn = client.post(edit, mine | {"do": "look"}).content.decode()
    assert f'name="read" value="{opened}"' in drawn, "drawn anew, the page is as old as when it was opened"
    refused = client.post(edit, mine | {"do": "save"})
    told = refused.content.decode()
    assert (refused.status_code, "Somebody changed this draft" in told, 'value="Mine"' in told) == (422, True, True)
    assert offers.offer(SYSTEM, "tea-12").name_en == "Theirs"
    seen = re.search(r'name="read" value="([^"]+)"', told)[1]
    assert client.post(edit, mine | {"do": "save", "read": seen}).status_code == 302
    assert offers.offer(SYSTEM, "tea-12").name_en == "Mine"


def test_what_a_draft_says_is_what_its_form_posts(signed_in, cast):
    """The cast's own offers, opened and saved as they are, stay to the letter."""
    client, lin = signed_in("lin"), cast.person("lin")
    for offer in offers.own(SYSTEM).filter(state="released").exclude(code__startswith="w-"):
        before = dict(offer.draft)
        form = opening.of_offer(lin, offer)
        post = dict(flat(form.raw))
        answer = client.post(f"/offers/{offer.code}/edit/", post | {"do": "save", "rule": opening.named(form.rule)})
        assert answer.status_code == 302, (offer.code, answer.content.decode()[:4000])
        assert offers.offer(SYSTEM, offer.code).draft == before, offer.code


def test_an_offer_begins_as_a_copy_of_another_under_its_own_code(signed_in, cast):
    client = signed_in("lin")
    there = offers.offer(SYSTEM, "d12-300-less-50")
    assert f'?like={there.code}"' in client.get(f"/offers/{there.code}/").content.decode()
    shown = client.get(f"/offers/new/?like={there.code}")
    copied = dict(flat(opening.like(cast.person("lin"), there).raw))
    assert there.name_en in shown.content.decode()
    assert client.post(RULE, copied | {"do": "save", "rule": "type:spend_and_save"}).status_code == 302
    made = offers.own(SYSTEM).exclude(code=there.code).get(name_en=there.name_en)
    assert (made.draft["with"], made.draft["scope"], made.state) == (there.draft["with"], there.draft["scope"], "draft")
    assert signed_in("ye").get(f"/offers/new/?like={there.code}").status_code == 404


def test_every_fault_is_told_at_once_at_its_field(signed_in):
    wrong = typed(
        do="save", **{"name.zh": "", "with.basis_points": "112", "with.cap": "ten", "window.end": "2029-01-01T00:00",
                      "scope.category": ["nothing"], "payers.0._": "", "payers.0.payer": "platform",
                      "payers.0.basis_points": "60", "units": "0"}
    )  # fmt: skip
    answer = signed_in("lin").post(RULE, wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    for name in ("name-zh", "with-basis_points", "with-cap", "window-end", "payers", "units"):
        assert f'id="f-{name}-error"' in page or f'href="#f-{name}"' in page, name
    assert "ten" in page, "what was typed is not lost"
    assert not offers.taken(SYSTEM, ["tea-12"])


def test_goods_have_to_be_chosen(signed_in):
    wrong = typed(do="save")
    del wrong["scope.which"], wrong["scope.category"]
    assert 'href="#f-scope"' in signed_in("lin").post(RULE, wrong).content.decode()
    assert not offers.taken(SYSTEM, ["tea-12"])


def test_in_chinese_ninety_is_refused_and_nine_is_ten_off(signed_in):
    client = signed_in("lin")
    assert client.post(RULE, typed(do="save", notation="zhe", **{"with.basis_points": "90"})).status_code == 422
    assert client.post(RULE, typed(do="save", notation="zhe", **{"with.basis_points": "9"})).status_code == 302
    assert offers.offer(SYSTEM, "tea-12").draft["with"]["basis_points"] == 1000


def test_rows_come_and_go_and_nothing_typed_is_lost(signed_in):
    client = signed_in("lin")
    rule = "/offers/new/?rule=type:spend_and_save"
    tiers = {"rule": "type:spend_and_save", "with.tiers.0._": "", "with.tiers.0.at": "300", "with.tiers.0.off": "50"}
    more = client.post(rule, typed(do="more:with.tiers", **tiers)).content.decode()
    assert 'name="with.tiers.1.at"' in more and 'value="300"' in more
    less = client.post(rule, typed(do="less:with.tiers.0", **tiers)).content.decode()
    assert 'name="with.tiers.0.at"' not in less
    asked = client.post(rule, typed(do="more:when", **tiers, **{"add-when": "segment"})).content.decode()
    assert 'name="when.0.segment.any"' in asked


def test_the_sentence_and_the_price_follow_what_is_typed(signed_in):
    page = signed_in("lin").post(RULE, typed(do="look")).content.decode()
    assert "12% off, at most ¥100; on category Tea, until Jan\u00a031" in page
    assert "8.8折" in page and 'id="price-after"' in page
    assert "112.64" in page or "→" in page


def test_the_worst_stack_is_looked_for_while_writing(signed_in):
    """A percentage with a digit too many: flagged before anybody submits it."""
    client = signed_in("lin")
    page = client.post(RULE, typed(do="look", **{"with.basis_points": "90", "with.cap": ""})).content.decode()
    assert 'value="worst"' in page and 'class="stacks"' not in page
    found = client.post(RULE, typed(do="worst", **{"with.basis_points": "90", "with.cap": ""})).content.decode()
    assert 'class="stacks"' in found and "Half off or more" in found and "Tea days" in found
    assert "Profit" not in found, "costs are not for everybody"
    assert not offers.taken(SYSTEM, ["tea-12"])


def test_a_merchant_writes_about_its_own_goods_only(signed_in, cast):
    client = signed_in("ye")
    answer = client.post(RULE, typed(do="save", owner="willow"))
    assert answer.status_code == 302
    assert offers.offer(SYSTEM, "tea-12").draft["scope"] == {"category": ["tea"], "merchant": ["willow"]}
    assert client.post(RULE, typed("kites", do="save", owner="kite")).status_code in (404, 422)
    others = catalog.visible(SYSTEM).filter(merchant__code="kite").first()
    found = client.get(f"/scope/find/?at=scope&q={others.sku}").content.decode()
    assert others.sku not in found.replace(f"“{others.sku}”", "")
    pasted = client.post(RULE, typed(do="paste:scope", **{"paste-scope": f"{others.sku} t-01"})).content.decode()
    assert 'value="t-01" checked' in pasted and f'value="{others.sku}" checked' not in pasted
    basket = {"basket.0._": "", "basket.0.sku": others.sku, "basket.0.quantity": "1"}
    assert str(others.name_en) not in client.post(RULE, typed(do="look", **basket)).content.decode()
    assert client.get("/offers/d12-gold-12/edit/").status_code == 404


def test_goods_come_from_a_list_and_from_a_file(signed_in, tmp_path):
    import io

    import xlsxwriter

    client = signed_in("lin")
    page = client.post(RULE, typed(do="paste:scope", **{"paste-scope": "t-01\nt-02 nothing\nt-01"})).content.decode()
    assert 'value="t-01" checked' in page and 'value="t-02" checked' in page and "<code>nothing</code>" in page
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for place, row in enumerate([("name", "SKU"), ("a", "t-03"), ("b", "=1+1"), ("c", "t-03")]):
        sheet.write_row(place, 0, row)
    book.close()
    out.seek(0)
    out.name = "goods.xlsx"
    page = client.post(RULE, typed(do="file:scope") | {"file-scope": out}).content.decode()
    assert 'value="t-03" checked' in page
    broken = io.BytesIO(b"PK\x03\x04 not a sheet")
    broken.name = "goods.xlsx"
    assert "no file we can read" in client.post(RULE, typed(do="file:scope") | {"file-scope": broken}).content.decode()


@pytest.mark.parametrize("name", ["with.basis_points", "name.en", "scope.category", "when.0._", "rule", "basket.0.sku"])
def test_nothing_typed_becomes_markup(signed_in, name):
    evil = '"><script>alert(1)</script>'
    page = signed_in("lin").post(RULE, typed(do="look", **{name: evil, "when.0.x": "1"})).content.decode()
    assert "<script>alert(1)" not in page


def test_the_wall_is_searched_in_both_languages(signed_in):
    client = signed_in("lin")
    everything = client.get("/offers/new/").content.decode()
    for text in ("rule=type:spend_and_save", "rule=type:red_envelope", "rule=preset:happy-hours"):
        assert text in everything
    for asked in ("second half", "第2件5折"):
        found = client.get("/offers/new/", {"q": asked.split()[0]}).content.decode()
        assert len(found) < len(everything)
    assert "rule=type:gift" in client.get("/offers/new/", {"q": "满赠"}).content.decode()
    assert client.get("/offers/new/?rule=type:nothing").status_code == 404


def test_a_form_is_a_form_after_a_change_of_language(signed_in):
    """What was drawn as per cent is read as per cent, whatever the page speaks now."""
    client = signed_in("lin")
    answer = client.post(RULE, typed(do="save"), headers={"accept-language": "zh-CN"})
    assert answer.status_code == 302
    assert offers.offer(SYSTEM, "tea-12").draft["with"]["basis_points"] == 1200


def test_the_form_of_an_offer_from_a_preset_asks_only_what_is_open(signed_in):
    client = signed_in("lin")
    page = client.get("/offers/new/?rule=preset:percent-off").content.decode()
    assert 'name="preset.values.percent"' in page and 'name="with.basis_points"' not in page
    data = typed(do="save") | {
        "rule": "preset:percent-off", "preset.values.percent": "12", "preset.values.goods.which": "some",
        "preset.values.goods.category": ["tea"],
    }  # fmt: skip
    assert client.post("/offers/new/?rule=preset:percent-off", data).status_code == 302
    kept = offers.offer(SYSTEM, "tea-12")
    assert kept.draft["with"] == {"basis_points": 1200} and kept.preset == "percent-off"
    missing = data | {"preset.values.percent": "", "code": "other"}
    assert (
        'href="#f-preset-values-percent"'
        in client.post("/offers/new/?rule=preset:percent-off", missing).content.decode()
    )
