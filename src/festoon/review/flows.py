"""Who must agree on what: flows by kind and condition, ceilings by role, delegates. Open reviews keep their levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from festoon.base.money import MOST
from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.catalog.roles import permissions
from festoon.records.audit import record
from festoon.records.canonical import digest
from festoon.records.refusal import Forbidden, Invalid, NotFound
from festoon.records.tables import insert, wait_for
from festoon.records.viewer import PLATFORM, SYSTEM, Viewer
from festoon.review import queries
from festoon.review.levels import Step
from festoon.review.models import Ceiling, Delegate, Flow

MEASURES = ("percent", "amount", "budget", "number")
"""Deepest reduction in basis points; most off one order, whole budget in minor units; how many are given out."""
UNKNOWN = Words(en="A flow asks for merchants and measures.", zh="条件只能是商家或指标。")
NO_MERCHANT = Words(en="There is no such merchant.", zh="没有该商家。")
NO_MEASURE = Words(en="There is no such measure.", zh="没有该指标。")
NOT_WHOLE = Words(en=f"A whole number from 0 to {MOST:,}.", zh=f"须为 0 至 {MOST:,} 的整数。")
NO_ROLE = Words(en="People of this role decide on nothing here.", zh="该角色在此不参与审核。")
NOT_OURS = Words(en="This is nobody of yours.", zh="不是本商家的人员。")
NO_TIME = Words(en="It has to end after it begins.", zh="结束时间须晚于开始时间。")
SELF = Words(en="Nobody stands in for themselves.", zh="不能委托给自己。")
DEFAULT: Mapping[str, Any] = {}


def set_flow(
    kind: str, levels: Sequence[Step], *, by: Viewer, now: datetime, number: int = 1, when: Mapping[str, Any] = DEFAULT
) -> Flow:
    """Say who agrees on a kind, level by level; without a level it is approved by rule.

    A kind may have several flows, tried by `number`; the first whose `when` holds counts. `when`: `merchants` (codes)
    and `at_least` {measure: least} of which one has to be reached; empty holds always. Said twice, also at once, it stands
    once, as it was said last.
    """
    by.require("review.configure")
    _check(when)
    data = _levels(levels, "platform")
    with transaction.atomic():
        _one_at_a_time("flow", PLATFORM, kind, number)
        flow = queries.flow(by, kind, number) or Flow(subject_kind=kind, number=number)
        return _keep(flow, data, when, "review.set_flow", by=by, now=now)


def set_own_flow(
    kind: str, levels: Sequence[Step], *, by: Viewer, now: datetime, number: int = 1, when: Mapping[str, Any] = DEFAULT
) -> Flow | None:
    """Say who of one's own company agrees first on what is its own, before the platform is asked.

    Like `set_flow`, for a merchant: its parties are its own people, or everybody of a role of theirs that decides;
    its condition knows measures alone. Nothing of what the platform asks is left out for it. Without a level what
    was said is taken away, and None is answered.
    """
    by.require("review.configure:own")
    if by.is_platform:
        raise Forbidden("review.configure:own")
    if "merchants" in when:
        raise Invalid("unknown", UNKNOWN, field="when.merchants")
    _check(when)
    data = _levels(levels, "merchant")
    ours = {each.code for each in catalog.people(by)}
    for at, level in enumerate(data):
        if strangers := {party["person"] for party in level["parties"] if "person" in party} - ours:
            raise Invalid("unknown", NOT_OURS, field=f"levels[{at}].parties", detail={"unknown": sorted(strangers)})
    with transaction.atomic():
        _one_at_a_time("flow", by.merchant_id, kind, number)
        there = queries.own_flows(by, [kind]).filter(number=number).first()
        flow = there or Flow(merchant_id=by.merchant_id, subject_kind=kind, number=number)
        if data:
            return _keep(flow, data, when, "review.set_own_flow", by=by, now=now)
        if there is not None:
            there.delete()
            there.levels = []
            _note(there, "review.set_own_flow", by=by, now=now)
    return None


def _one_at_a_time(*what: str | int) -> None:
    """Of two who say the same thing at once the second waits, finds what the first said, and says it anew."""
    wait_for(int(digest(what)[:15], 16))


def _levels(levels: Sequence[Step], house: str) -> list[dict[str, Any]]:
    """The levels as data; Invalid where a role decides nothing in this house."""
    data = [step.to_data(at) for at, step in enumerate(levels, 1)]
    known = deciding(house)
    for at, level in enumerate(data):
        if strangers := {party["role"] for party in level["parties"] if "role" in party} - set(known):
            raise Invalid("unknown", NO_ROLE, field=f"levels[{at}].parties", detail={"unknown": sorted(strangers)})
    return data


def deciding(house: str) -> list[str]:
    """The roles whose people decide, of the `platform` or of a `merchant`."""
    roles = permissions().roles.items()
    return [code for code, role in roles if house in role.of and f"review.decide:{code}" in role.rights]


def _keep(
    flow: Flow, levels: list[dict[str, Any]], when: Mapping[str, Any], verb: str, *, by: Viewer, now: datetime
) -> Flow:
    flow.when, flow.levels = dict(when), levels
    flow.save()
    _note(flow, verb, by=by, now=now)
    return flow


def _note(flow: Flow, verb: str, *, by: Viewer, now: datetime) -> None:
    rows = {"number": flow.number, "when": flow.when, "levels": flow.levels}
    record(by=by, at=now, verb=verb, kind="flow", subject=flow.subject_kind, rows=rows, merchant_id=flow.merchant_id)


def set_ceiling(role: str, measure: str, most: int | None, *, then: Step, by: Viewer, now: datetime) -> None:
    """Say the most that people of a role may submit of one measure; above it the level `then` agrees too.

    `most` None takes the ceiling away. Somebody of several roles has the highest of their ceilings.
    """
    by.require("review.configure")
    if measure not in MEASURES:
        raise Invalid("unknown", NO_MEASURE, field="measure", detail={"known": list(MEASURES)})
    if most is not None and not 0 <= most <= MOST:
        raise Invalid("out_of_range", NOT_WHOLE, field="most")
    level = then.to_data(1, "then")
    with transaction.atomic():
        _one_at_a_time("ceiling", role, measure)
        queries.ceilings(by, [role]).filter(measure=measure).delete()
        if most is not None:
            insert([Ceiling(role=role, measure=measure, most=most, level=level)])
        rows = {"measure": measure, "most": most, "then": level}
        record(by=by, at=now, verb="review.set_ceiling", kind="role", subject=role, rows=rows)


def delegate(person: str, to: str, *, since: datetime, until: datetime, by: Viewer, now: datetime) -> Delegate:
    """Let `to` decide in the place of `person` during `[since, until)`: both codes of people.

    One does so for oneself; who configures reviews does so for anybody. It passes no right on but that of deciding,
    and nobody decides in another's place on what either of them submitted.
    """
    if by.name != f"person:{person}":
        by.require("review.configure")
    if until <= since:
        raise Invalid("out_of_order", NO_TIME, field="until")
    if person == to:
        raise Invalid("same", SELF, field="to")
    known = {each.code for each in catalog.people(by)}
    for name, code in (("person", person), ("to", to)):
        if code not in known:
            raise NotFound("person", name)
    with transaction.atomic():
        made = Delegate(person=person, to=to, since=since, until=until, by=by.name)
        made.save(force_insert=True)
        rows = {"to": to, "since": since.isoformat(), "until": until.isoformat()}
        record(by=by, at=now, verb="review.delegate", kind="person", subject=person, rows=rows)
    return made


def end_delegation(number: int, *, by: Viewer, now: datetime) -> None:
    """End it now. Who made it, whose it is, or who configures reviews may; ended twice, it is ended."""
    found = queries.delegations(by).filter(pk=number).first()
    if found is None:
        raise NotFound("delegation")
    if found.until > now:
        with transaction.atomic():
            if found.since >= now:
                found.delete()
            else:
                found.until = now
                found.save(update_fields=["until"])
            record(by=by, at=now, verb="review.end_delegation", kind="person", subject=found.person)


def _check(when: Mapping[str, Any]) -> None:
    if unknown := sorted(set(when) - {"merchants", "at_least"}):
        raise Invalid("unknown", UNKNOWN, field=f"when.{unknown[0]}")
    known = set(catalog.merchants(SYSTEM).values_list("code", flat=True))
    for at, code in enumerate(when.get("merchants", ())):
        if code not in known:
            raise Invalid("unknown", NO_MERCHANT, field=f"when.merchants[{at}]")
    for measure, least in when.get("at_least", {}).items():
        if measure not in MEASURES:
            raise Invalid("unknown", NO_MEASURE, field=f"when.at_least.{measure}", detail={"known": list(MEASURES)})
        if not isinstance(least, int) or isinstance(least, bool) or not 0 <= least <= MOST:
            raise Invalid("not_whole", NOT_WHOLE, field=f"when.at_least.{measure}")
