"""The burn rate: an offer or campaign whose spending leaves its plan is stopped by a rule, before anybody wakes up.

A rule watches accounts of the ledger. Every few seconds what they gave so far is written down; when they gave more in
the rule's last minutes than its factor times what was planned for them, the offer or campaign is stopped as by hand,
and an alarm says what it gave, what was planned, and how much more it would have given. Checked twice, or by two
processes at once, it fires once; a check that comes late fires late, and misses nothing but time.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.db import transaction

from festoon.base.money import MOST, amount_text
from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.ledger import accounts
from festoon.ledger import queries as ledger
from festoon.offers import actions, queries
from festoon.offers.burns import queries as burns
from festoon.offers.models import BurnAlarm, BurnReading, BurnRule
from festoon.offers.spends.queries import limited_in_money
from festoon.records.audit import record
from festoon.records.events import publish
from festoon.records.refusal import Invalid, NotFound
from festoon.records.tables import wait_for
from festoon.records.viewer import SYSTEM, Viewer

FACTOR = Words(
    en="A factor of 1.1 to 1000, in percent: 110 to 100000.", zh="倍数为 1.1 至 1000，按百分数填写：110 至 100000。"
)
MINUTES = Words(en="Between 1 minute and a day.", zh="1 分钟至 1 天。")
PER_HOUR = Words(
    en=f"From 1 to {MOST:,} an hour; left out, the budget spread over the dates.",
    zh=f"每小时 1 至 {MOST:,}；留空则按预算在活动期内平均。",
)
NO_ACCOUNT = Words(en="There is no stock, unit limit or budget to watch.", zh="没有可监控的库存、限量或预算。")
NO_PLAN = Words(
    en="Without dates or without a limit, say how much an hour is planned.",
    zh="没有起止时间或没有限量时，须填写每小时计划量。",
)


def set_rule(
    kind: str, code: str, *, factor: int, minutes: int = 5, per_hour: int | None = None, by: Viewer, now: datetime
) -> BurnRule:
    """Stop the offer or campaign when it gives more than `factor` percent of the plan within `minutes`.

    The plan is `per_hour` (pieces of stock or units, minor units of a budget); left out, what its accounts were given,
    spread evenly over its dates. Set again it is watched anew by the new terms.
    """
    by.require("offers.stop")
    for wrong, words, field in (
        (not 110 <= factor <= 100_000, FACTOR, "factor"),
        (not 1 <= minutes <= 1440, MINUTES, "minutes"),
        (per_hour is not None and not 1 <= per_hour <= MOST, PER_HOUR, "per_hour"),
    ):
        if wrong:
            raise Invalid("out_of_range", words, field=field)
    merchant, watched, starts, ends = _subject(kind, code, by)
    standing = ledger.standing(SYSTEM, watched)
    if not standing:
        raise Invalid("nothing_to_watch", NO_ACCOUNT, field="code")
    if per_hour is None and (starts is None or ends is None or not all(one.limited for one in standing.values())):
        raise Invalid("missing", NO_PLAN, field="per_hour")
    with transaction.atomic():
        wait_for(0x6275_726E_0000_0000)
        rule = burns.burn_rule(by, kind, code) or BurnRule(kind=kind, code=code, merchant_id=merchant)
        rule.accounts, rule.factor, rule.minutes, rule.per_hour = list(standing), factor, minutes, per_hour
        rule.starts_at, rule.ends_at, rule.state, rule.by, rule.at = starts, ends, "armed", by.name, now
        rule.save()
        burns.readings(SYSTEM, rule).delete()
        terms = {"factor": factor, "minutes": minutes, "per_hour": per_hour, "accounts": rule.accounts}
        record(
            by=by, at=now, verb="offers.burn_rule", kind=kind, subject=code, rows=terms, merchant_id=merchant,
            after="armed",
        )  # fmt: skip
    return rule


def end_rule(kind: str, code: str, *, by: Viewer, now: datetime) -> None:
    """Watch it no more."""
    by.require("offers.stop")
    with transaction.atomic():
        rule = burns.burn_rule(by, kind, code)
        if rule is None or (rule.merchant_id != by.merchant_id and not by.is_platform):
            raise NotFound("burn rule", "code")
        before, rule.state = rule.state, "ended"
        rule.save(update_fields=["state"])
        record(
            by=by, at=now, verb="offers.burn_rule", kind=kind, subject=code, before=before, after="ended",
            merchant_id=rule.merchant_id,
        )  # fmt: skip


def check(now: datetime) -> list[BurnAlarm]:
    """Read what every watched account gave, and stop what left its plan; the alarms that were raised."""
    found = [_check(number, now) for number in burns.armed(SYSTEM)]
    return [alarm for alarm in found if alarm is not None]


def _check(number: int, now: datetime) -> BurnAlarm | None:
    with transaction.atomic():
        rule = burns.armed_rule(SYSTEM, number)
        if rule is None:
            return None
        standing = ledger.standing(SYSTEM, rule.accounts).values()
        given = sum(one.held + one.spent for one in standing)
        stretches = _stretches(rule, now)
        BurnReading(rule=rule, at=now, given=given).save(force_insert=True)
        amount, time = _pace(rule, sum(one.granted for one in standing))
        for first in stretches:
            taken = given - first.given
            # A reading that is older than the rule's minutes is compared with what was planned since then, not with less.
            seconds = max(rule.minutes * 60, math.ceil((now - first.at).total_seconds()))
            if taken * 100 * time > amount * seconds * rule.factor and taken >= rule.least:
                planned = max(1, amount * seconds // time)
                left = [one.free for one in standing]
                free = None if any(each is None for each in left) else sum(each or 0 for each in left)
                return _fire(rule, taken, planned, seconds, _exposure(rule, taken, seconds, free, now), now)
        return None


def _stretches(rule: BurnRule, now: datetime) -> list[BurnReading]:
    """The readings since which is judged: the last before the rule's minutes, however long ago nobody looked, and the first
    within them, so that what is given fast after such a gap is not spread over it. Those before are forgotten.
    """
    since, readings = now - timedelta(minutes=rule.minutes), burns.readings(SYSTEM, rule)
    before = readings.filter(at__lte=since).order_by("-at", "-id").first()
    if before is not None:
        readings.filter(at__lt=before.at).delete()
    within = readings.filter(at__gt=since).order_by("at", "id").first()
    return [each for each in (before, within) if each is not None]


def _pace(rule: BurnRule, granted: int) -> tuple[int, int]:
    """So much in so many seconds is the plan."""
    if rule.per_hour is not None:
        return rule.per_hour, 3600
    assert rule.starts_at is not None
    assert rule.ends_at is not None
    return granted, max(1, int((rule.ends_at - rule.starts_at).total_seconds()))


def _exposure(rule: BurnRule, taken: int, seconds: int, free: int | None, now: datetime) -> int:
    """How much more it would have given at this pace until its end (a day ahead at most), as far as there was any."""
    left = timedelta(days=1) if rule.ends_at is None else min(timedelta(days=1), max(timedelta(), rule.ends_at - now))
    ahead = taken * int(left.total_seconds()) // seconds
    return ahead if free is None else min(ahead, free)


def _fire(rule: BurnRule, taken: int, planned: int, seconds: int, exposure: int, now: datetime) -> BurnAlarm:
    minutes = -(-seconds // 60)
    gone, meant = _said(rule, taken), _said(rule, planned)
    why = (
        f"burn rate: {gone} in {minutes} min, planned {meant}, factor {rule.factor}%"
        f" · 消耗过快：{minutes} 分钟内 {gone}，计划 {meant}"
    )
    rule.state = "fired"
    rule.save(update_fields=["state"])
    alarm = BurnAlarm(rule=rule, at=now, taken=taken, planned=planned, exposure=exposure)
    alarm.save(force_insert=True)
    told = {
        "id": f"burn:{alarm.pk}", "kind": f"{rule.kind}.burning", "at": now.isoformat(), rule.kind: rule.code,
        "taken": taken, "planned": planned, "minutes": minutes, "factor": rule.factor, "exposure": exposure,
    }  # fmt: skip
    actions.stop(rule.kind, rule.code, why=why, by=SYSTEM, now=now)
    publish(at=now, kind=f"{rule.kind}.burning", merchant_id=rule.merchant_id, events=[told])
    return alarm


def _said(rule: BurnRule, figure: int) -> str:
    """Money as people write it, with its currency; pieces as a count."""
    currency = rule.merchant.currency
    return f"{amount_text(figure, currency)} {currency}" if rule.in_money else f"{figure:,}"


def see(number: int, *, by: Viewer, now: datetime) -> None:
    """Somebody has seen an alarm and takes it off the screen. Seen twice, the first stays."""
    by.require("offers.stop")
    with transaction.atomic():
        alarm = burns.alarms(by).filter(pk=number).first()
        if alarm is None:
            raise NotFound("alarm")
        if alarm.seen_by:
            return
        alarm.seen_by, alarm.seen_at = by.name, now
        alarm.save(update_fields=["seen_by", "seen_at"])
        record(
            by=by, at=now, verb="offers.burn_seen", kind=alarm.rule.kind, subject=alarm.rule.code,
            merchant_id=alarm.rule.merchant_id, rows={"alarm": alarm.pk},
        )  # fmt: skip


def _subject(kind: str, code: str, by: Viewer) -> tuple[int, list[str], datetime | None, datetime | None]:
    """Whose it is, which accounts it draws on, and from when until when it runs."""
    if kind == "campaign":
        found = campaigns.own(by).filter(code=code).first()
        if found is not None:
            lines = campaigns.budget(SYSTEM, found).values_list("account__code", flat=True)
            return found.merchant_id, list(lines), found.starts_at, found.ends_at
    if kind == "offer":
        offer = queries.own(by).select_related("campaign").filter(code=code).first()
        if offer is not None:
            theme = offer.campaign
            starts = offer.starts_at or (theme.starts_at if theme else None)
            ends = offer.ends_at or (theme.ends_at if theme else None)
            return offer.merchant_id, _of_offer(code), starts, ends
    raise NotFound("offer or campaign", "code")


def _of_offer(code: str) -> list[str]:
    """What an offer may cost, where it is limited in that; else the pieces it gives: money and pieces are not added."""
    limited = limited_in_money(SYSTEM).filter(offer__code=code).exists()
    return [accounts.spending(code)] if limited else [accounts.stock(code), accounts.units(code)]
