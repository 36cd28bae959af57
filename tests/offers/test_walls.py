"""What a merchant sees of the platform's offers: by keys, as by looking at every release."""

from importlib import import_module
from random import Random

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Q

from festoon.campaigns.models import Campaign
from festoon.catalog.actions import take_products
from festoon.catalog.goods import goods
from festoon.catalog.models import PLATFORM, Brand, Category, Merchant, Product
from festoon.offers import actions, queries
from festoon.offers.models import BookVersion, Exclusion, Live, Offer, Release, Stop
from festoon.offers.released import as_seen
from festoon.offers.releases import Agreed, put_out, release_all
from festoon.offers.walls import queries as walls
from festoon.records.viewer import SYSTEM, Viewer
from tests.desk import product

pytestmark = pytest.mark.django_db
STEPS = 20


def viewers():
    others = Merchant.objects.exclude(pk=PLATFORM).order_by("pk").values_list("pk", flat=True)
    return [Viewer(name=f"of:{each}", merchant_id=each, rights=frozenset({"*"})) for each in others]


def looked_at(viewer):
    """The codes of the platform's live offers on a merchant's goods: each release looked at, nothing remembered."""
    merchant, have = Merchant.objects.get(pk=viewer.merchant_id).code, goods(walls.ANY_TIME)
    rows = queries.live_releases(SYSTEM, "offer").filter(merchant_id=PLATFORM).values_list("code", "data")
    return {
        code
        for code, data in rows
        if merchant in (scope := data.get("scope") or {}).get("merchant", [merchant])
        and have.within({**scope, "merchant": [merchant]})
    }


def agrees():
    """Every merchant sees its own and what was looked at, whichever way it asks; answers how many in all."""
    seen = 0
    for viewer in viewers():
        theirs = looked_at(viewer)
        own = set(Offer.objects.filter(merchant_id=viewer.merchant_id).values_list("code", flat=True))
        assert set(queries.visible(viewer).values_list("code", flat=True)) == own | theirs
        hidden = Offer.objects.filter(merchant_id=PLATFORM, out=True).exclude(code__in=theirs).order_by("code")
        some = {*sorted(theirs)[:2], *sorted(own)[:1], *hidden.values_list("code", flat=True)[:3]}
        assert set(queries.visible(viewer, some).values_list("code", flat=True)) == some & (own | theirs)
        numbers = dict(Offer.objects.filter(code__in=some).values_list("code", "pk"))
        assert set(queries.these(viewer, numbers.values()).values_list("code", flat=True)) == some & (own | theirs)
        live = set(
            queries.live_releases(SYSTEM, "offer").filter(merchant_id=viewer.merchant_id).values_list("code", flat=True)
        )
        assert set(queries.live_releases(viewer, "offer").values_list("code", flat=True)) == live | theirs
        here = queries.live_releases(viewer, "offer", sorted(some)).values_list("code", flat=True)
        assert set(here) == some & (live | theirs)
        stopped = Stop.objects.filter(kind="offer", code__in=own | theirs).values_list("code", flat=True)
        assert set(queries.stops(viewer).filter(kind="offer").values_list("code", flat=True)) == set(stopped)
        within = Exclusion.objects.filter(first__code__in=own | theirs, second__code__in=own | theirs)
        told = within.filter(Q(state="released") | Q(first__code__in=own) | Q(second__code__in=own))
        assert set(queries.exclusions(viewer)) == set(told)
        seen += len(theirs)
    return seen


def some_scope(chance):
    """Goods of a merchant, a brand, a category, single goods, none at all, everything: alone and together."""
    ways = {
        "merchant": Merchant.objects.values_list("code", flat=True),
        "brand": Brand.objects.values_list("code", flat=True),
        "category": Category.objects.values_list("code", flat=True),
        "sku": Product.objects.values_list("sku", flat=True),
    }
    values = {way: [*rows.order_by("pk"), "nothing"] for way, rows in ways.items()}
    picked = chance.sample(sorted(values), chance.choice((0, 1, 1, 2)))
    return {way: sorted(chance.sample(values[way], min(chance.randint(1, 2), len(values[way])))) for way in picked}


def released(code, now, **changed):
    """One of the platform's offers again, with other content."""
    last = Release.objects.filter(kind="offer", code=code).order_by("-version").first()
    release_all([Agreed("offer", code, {**last.data, **changed}, PLATFORM, 1)], by=SYSTEM, now=now)


@pytest.mark.parametrize("few", [walls.FEW, 0])
def test_a_merchant_sees_by_keys_what_it_saw_by_looking_at_every_release(few, cast, monkeypatch):
    monkeypatch.setattr(walls, "FEW", few)  # nought: as where there are tens of thousands of keys
    chance, seen = Random(7), set()
    codes = list(Release.objects.filter(kind="offer", merchant_id=PLATFORM).values_list("code", flat=True).distinct())
    themes = list(Campaign.objects.order_by("code").values_list("code", flat=True))
    for code in codes[::3]:
        actions.stop("offer", code, why="too many", by=SYSTEM, now=cast.now)
    for _ in range(STEPS):
        code, way = chance.choice(codes), chance.random()
        if way < 0.6:
            released(code, cast.now, scope=some_scope(chance), campaign=chance.choice([*themes, "", None]))
        elif way < 0.75 and Offer.objects.get(code=code).out:
            actions.recall("offer", code, why="over", by=cast.person("chen"), now=cast.now)
        else:
            Campaign.objects.filter(code=chance.choice(themes)).update(in_force=chance.random() < 0.5)
            BookVersion.bump()
        seen.add(agrees())
    assert len(seen) > 5, "the walls let through now more, now less"


def test_what_a_process_remembers_never_shows_what_a_newer_release_hides(cast):
    viewer = viewers()[0]
    merchant = Merchant.objects.get(pk=viewer.merchant_id).code
    code = "d12-300-less-50"
    released(code, cast.now, scope={"merchant": [merchant]})
    assert code in set(queries.visible(viewer).values_list("code", flat=True))
    other, old = next(each for each in viewers() if each.merchant_id != viewer.merchant_id), walls.sights(viewer)
    released(code, cast.now, scope={"merchant": [Merchant.objects.get(pk=other.merchant_id).code]})
    assert not Offer.objects.filter(code=code, sight__in=old).exists(), "as a process sees that has not looked since"
    released(code, cast.now, scope={"merchant": [merchant]})
    assert code in set(queries.visible(viewer).values_list("code", flat=True))


def test_what_a_server_of_before_recalled_is_behind_the_wall_and_its_draft_is_shown_to_nobody(cast):
    """It marks an offer as out or not, and leaves its key as it was."""
    viewer, code = viewers()[0], "d12-300-less-50"
    scope = {"merchant": [Merchant.objects.get(pk=viewer.merchant_id).code]}
    for each in (code, "d12-oolong-15"):
        released(each, cast.now, scope=scope, campaign="")
    seen = list(queries.visible(viewer, [code]).select_related("merchant"))
    assert as_seen(viewer, seen) == seen != [], "another offer of the same key stays"
    Live.objects.filter(kind="offer", code=code).delete()
    Offer.objects.filter(code=code).update(out=False)
    BookVersion.bump()
    assert agrees()
    assert as_seen(viewer, seen) == [], "not even where it was found before"
    assert as_seen(SYSTEM, seen) == seen


def test_with_other_goods_nothing_of_before_stays_in_memory(cast):
    one, other = viewers()[:2]
    for each in (one, other):
        walls.sights(each)
        walls.ever_touching(each)
    assert {one.merchant_id, other.merchant_id} <= walls._kept.found.met.keys() & walls._kept.found.ever.keys()
    assert walls._kept.found.met[one.merchant_id].decided is walls._kept.found.met[other.merchant_id].decided
    new = product("new-1", Merchant.objects.get(pk=other.merchant_id).code, Category.objects.first().code, 100)
    take_products([new], by=SYSTEM, now=cast.now, key="")
    walls.sights(other)
    assert list(walls._kept.found.met) == [other.merchant_id] and not walls._kept.found.ever
    assert agrees()


def test_offers_that_are_seen_alike_are_marked_together(cast, django_assert_num_queries):
    codes = list(Offer.objects.values_list("code", flat=True))
    with django_assert_num_queries(2):
        put_out({**dict.fromkeys(codes[1:], "alike"), codes[0]: ""})
    told = dict(Offer.objects.values_list("code", "sight"))
    assert told == {**dict.fromkeys(codes[1:], "alike"), codes[0]: ""}
    assert set(Offer.objects.filter(out=False).values_list("code", flat=True)) == {codes[0]}


def test_a_release_of_another_kind_asks_for_no_exclusion(cast, django_assert_num_queries):
    viewer = viewers()[0]
    with django_assert_num_queries(0):
        assert queries.behind(viewer, "offer", "d12-300-less-50") == ()


def test_when_the_book_moves_only_new_keys_are_looked_at(cast, monkeypatch):
    viewer, asked = viewers()[0], []
    queries.visible(viewer)
    meets = walls._meets

    def told(scope, *rest):
        asked.append(scope)
        return meets(scope, *rest)

    monkeypatch.setattr(walls, "_meets", told)
    released("d12-300-less-50", cast.now, scope={"sku": ["nothing"]})
    released("d12-oolong-15", cast.now, scope={"sku": ["nothing"]})
    queries.visible(viewer)
    assert asked == [{"sku": ["nothing"]}]


def test_what_is_in_the_book_already_gets_its_key(cast):
    before = dict(Offer.objects.values_list("code", "sight"))
    assert any(before.values()) and not all(before.values())
    Offer.objects.update(sight="")
    import_module("festoon.offers.migrations.0010_sight").fill(apps, None)
    assert dict(Offer.objects.values_list("code", "sight")) == before
    assert agrees()


def test_a_merchants_list_walks_one_index_and_reads_no_row(cast):
    rows = queries.visible(viewers()[0]).order_by("-edited_at", "-id").values_list("pk", "state", "out")
    assert connection.vendor != "sqlite" or "COVERING INDEX offer_latest" in rows.explain()
