"""The import of a year as small as its quirks: every figure of the report against the ones reckoned by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from festoon.analytics import queries as analytics
from festoon.campaigns import queries as campaigns
from festoon.catalog import actions as catalog
from festoon.catalog import queries as goods
from festoon.checkout import queries as checkout
from festoon.coupons import queries as coupons
from festoon.demo.year import table, viewers
from festoon.demo.year.job import Year
from festoon.demo.year.parts import redemptions
from festoon.distribution import queries as distributions
from festoon.distribution.quotas import give_quota, quota, tie
from festoon.ledger import queries as ledger
from festoon.ledger.accounts import budget
from festoon.records import audit, jobs
from festoon.records import queries as records
from festoon.records.refusal import Conflict
from festoon.records.viewer import SYSTEM
from tests.year import standin

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 12, 4, 0, tzinfo=UTC)
NAMES = (
    "recipients", "templates", "issued", "extra_issue", "redemptions", "redeemers", "redeemed_by_rule",
    "recorded_outside", "baskets_broad", "baskets_strict", "gmv_shelf", "gmv_net", "gmv_paid", "discount_maker",
    "discount_retailer_match", "discount_retailer_card",
)  # fmt: skip
BY_HAND = {
    1: (2, 3, 32, 1, 6, 3, 3, 3, 6, 5, 11_20, 10_50, 7_65, 2_85, 50, 20),
    2: (2, 2, 4, 2, 5, 2, 1, 4, 6, 5, 26_52, 26_52, 25_52, 1_00, 0, 0),
    3: (1, 1, 1, 0, 2, 1, 0, 2, 2, 0, 3_33, 3_33, 3_08, 25, 0, 0),
}
DISTINCT = {
    "recipients": 3, "redeemers": 3, "baskets_broad": 13, "baskets_strict": 10, "gmv_shelf": 40_05, "gmv_net": 39_35,
    "gmv_paid": 35_25, "discount_maker": 4_10, "discount_retailer_match": 50, "discount_retailer_card": 20,
}  # fmt: skip
OUTSIDE = {
    "basket-4": {"value_unknown"},
    "basket-5": {"not_a_recipient"},
    "basket-6": {"outside_the_dates", "no_goods_in_scope"},
    "basket-7": {"too_few_units"},
    "basket-8": {"nothing_left_to_take"},
    "basket-10": {"too_few_units"},
    "basket-13": {"value_unknown", "unknown_template"},
}


@pytest.fixture
def year(tmp_path, settings):
    """The files, a lake of this case's own, a platform that is merchant 1, and the job in the queue."""
    settings.FESTOON_VAR = tmp_path / "var"
    folder = standin.write(tmp_path / "year")
    platform = {"code": "lantern", "name_en": "Lantern", "name_zh": "灯集", "currency": "CNY", "zone": "Asia/Shanghai"}
    catalog.take_merchants([platform], by=SYSTEM, now=NOW, key="")
    return jobs.enqueue("year", {"folder": str(folder)}, by=SYSTEM, now=NOW)


def work(handler=None) -> str:
    """Do the job to its end; how it ended."""
    now = NOW
    idle = 0
    while idle < 4:  # after a failure it pauses, longer each time
        idle = 0 if jobs.run_next({"year": handler or Year()}, worker="w", now=now) else idle + 1
        now += timedelta(seconds=1 if not idle else 60)
    job = analytics.year_progress(SYSTEM)
    assert job is not None
    return job.error or job.state


def is_as_by_hand(report) -> None:
    cells = {row["campaign"]: tuple(row[name] for name in NAMES) for row in report["campaigns"]}
    assert cells == BY_HAND
    sums = [sum(column) for column in zip(*BY_HAND.values(), strict=True)]
    assert report["totals"] == {**dict(zip(NAMES, sums, strict=True)), "distinct": DISTINCT}
    assert report["till_agreement"] == {"household_days": 4, "equal": 3, "share": 0.75}


def test_every_figure_is_the_one_reckoned_by_hand(year):
    assert work() == "finished"
    report = analytics.report(SYSTEM)
    is_as_by_hand(report)
    first = report["campaigns"][0]
    assert (first["type"], first["start"], first["end"]) == ("A", "2017-02-06", "2017-03-05")
    assert "  11.20  " in table.table()
    redemptions_are_priced_by_our_rules_or_say_which_they_break()
    the_retailer_tops_up_and_the_ledger_shows_it()
    a_quota_is_a_number_and_a_used_coupon_is_tied_to_it()
    what_is_not_known_is_called_unknown_and_kept()
    campaigns_are_reviewed_and_released_before_anything_is_given()


def redemptions_are_priced_by_our_rules_or_say_which_they_break():
    by_rule = {row.order: row.hold.payable for row in checkout.redemptions(SYSTEM)}
    assert by_rule == {"basket-1": 4_50, "basket-3": 50, "basket-4": 0, "basket-11": 1}
    told: dict[str, set[str]] = {}
    for row in checkout.outside(SYSTEM):
        told.setdefault(row.order, set()).add(row.reason)
    assert told == OUTSIDE


def the_retailer_tops_up_and_the_ledger_shows_it():
    account = ledger.account(SYSTEM, budget("journey-double-coupons", "discount", "merchant:retailer"))
    assert account is not None and (account.spent, account.held) == (30, 0)


def a_quota_is_a_number_and_a_used_coupon_is_tied_to_it():
    left = ledger.standing(SYSTEM, [quota("journey-01-list", f"household-{n}") for n in (1, 2, 3)])
    assert {code[-1]: standing.free for code, standing in left.items()} == {"1": 14, "2": 14}
    held = coupons.visible(SYSTEM).filter(template__offer__campaign__code="journey-01")
    assert sorted(held.values_list("origin", flat=True)) == ["extra", "tied", "tied", "tied", "tied", "tied"]
    assert set(held.values_list("state", flat=True)) == {"redeemed"}
    by, listed = viewers.operator(), distributions.distribution(SYSTEM, "journey-01-list")
    again = give_quota(listed, ["household-1", "household-3"], each=16, by=by, now=NOW, key="again")
    assert [(row.index, row.code) for row in again.refused] == [(0, "has_quota"), (1, "unknown")]
    for n in range(14):
        tie(listed.code, "journey-01-50001100250", "household-2", by=by, now=NOW, key=f"tie-{n}")
    with pytest.raises(Conflict) as refused:
        tie(listed.code, "journey-01-50001100250", "household-2", by=by, now=NOW, key="one more")
    assert refused.value.code == "quota_used_up"
    assert held.filter(shopper__code="household-2").count() == 2 + 14, "what is refused leaves no coupon"


def what_is_not_known_is_called_unknown_and_kept():
    names = dict(goods.visible(SYSTEM).values_list("sku", "name_en"))
    assert names["cj-9001"] == "Coupons not tied to a product (#9001)"
    assert names["cj-9002"] == names["cj-9003"].replace("9003", "9002") == "Unknown product (#9002)"
    portraits = dict(goods.shoppers(SYSTEM).values_list("code", "portrait"))
    assert portraits["household-1"]["home_ownership"] == "unknown"
    assert set(portraits["household-2"].values()) == {"unknown"}


def campaigns_are_reviewed_and_released_before_anything_is_given():
    assert set(campaigns.visible(SYSTEM).values_list("state", flat=True)) == {"approved"}
    history = list(records.visible(SYSTEM).order_by("id").values_list("verb", flat=True))
    assert history.index("offers.submit") < history.index("coupons.issue")


def test_every_piece_done_twice_has_no_second_effect(year):
    class Stutters(Year):
        """Does each piece twice, as after a crash before the cursor moved."""

        def chunk(self, job, now):
            super().chunk(job, now)
            return super().chunk(job, now)

    assert work(Stutters()) == "finished"
    is_as_by_hand(analytics.report(SYSTEM))
    assert checkout.redemptions(SYSTEM).count() + checkout.outside(SYSTEM).count() == len(standin.REDEMPTIONS)
    assert checkout.orders(SYSTEM).count() == len(standin.BASKETS)
    assert audit.walk_all() == []


def test_killed_between_hold_and_redemption_it_redeems_what_it_held(year, monkeypatch):
    honest = redemptions.redeem
    killed: list[object] = []

    def power_cut(*given, **named):
        if len(killed) < 3:
            killed.append(given)
            raise ConnectionAbortedError("the power is gone")
        return honest(*given, **named)

    monkeypatch.setattr(redemptions, "redeem", power_cut)
    assert work() == "finished"
    assert len(killed) == 3
    is_as_by_hand(analytics.report(SYSTEM))
    assert not checkout.visible(SYSTEM).filter(state="held").exists()


def test_a_folder_without_the_files_says_which_is_missing(db, tmp_path):
    jobs.enqueue("year", {"folder": str(tmp_path)}, by=SYSTEM, now=NOW)
    assert "transactions.parquet" in work()
