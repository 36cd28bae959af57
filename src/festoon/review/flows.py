"""Who must agree on what: flows by kind and condition, ceilings by role, delegates. Open reviews keep their levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.records.audit import record
from festoon.records.refusal import Invalid, NotFound
from festoon.records.tables import insert
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import queries
from festoon.review.levels import Step
from festoon.review.models import Ceiling, Delegate, Flow

MEASURES = ("percent", "amount", "budget", "number")
"""Deepest reduction in basis points; most off one order, whole budget in minor units; how many are given out."""
UNKNOWN = Words(en="A flow asks for merchants and measures.", zh="条件只能是商家或指标。")
NO_MERCHANT = Words(en="There is no such merchant.", zh="没有该商家。")
NO_MEASURE = Words(en="There is no such measure.", zh="没有该指标。")
NOT_WHOLE = Words(en="A whole number from 0.", zh="须为不小于 0 的整数。")
NO_TIME = Words(en="It has to end after it begins.", zh="结束时间须晚于开始时间。")
SELF = Words(en="Nobody stands in for themselves.", zh="不能委托给自己。")
DEFAULT: Mapping[str, Any] = {}


def set_flow(
    kind: str, levels: Sequence[Step], *, by: Viewer, now: datetime, number: int = 1, when: Mapping[str, Any] = DEFAULT
) -> Flow:
    """Say who agrees on a kind, level by level; without a level it is approved by rule.

    A kind may have several flows, tried by `number`; the first whose `when` holds counts. `when`: `merchants` (codes)
    and `at_least` {measure: least} of which one has to be reached; empty holds always. Said twice, it stands once.
    """
    by.require("review.configure")
    _check(when)
    data = [step.to_data(at) for at, step in enumerate(levels, 1)]
    with transaction.atomic():
        flow = queries.flow(by, kind, number) or Flow(subject_kind=kind, number=number)
        flow.when, flow.levels = dict(when), data
        flow.save()
        rows = {"number": number, "when": dict(when), "levels": data}
        record(by=by, at=now, verb="review.set_flow", kind="flow", subject=kind, rows=rows)
    return flow


def set_ceiling(role: str, measure: str, most: int | None, *, then: Step, by: Viewer, now: datetime) -> None:
    """Say the most that people of a role may submit of one measure; above it the level `then` agrees too.

    `most` None takes the ceiling away. Somebody of several roles has the highest of their ceilings.
    """
    by.require("review.configure")
    if measure not in MEASURES:
        raise Invalid("unknown", NO_MEASURE, field="measure", detail={"known": list(MEASURES)})
    if most is not None and most < 0:
        raise Invalid("too_small", NOT_WHOLE, field="most")
    level = then.to_data(1, "then")
    with transaction.atomic():
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
        if not isinstance(least, int) or isinstance(least, bool) or least < 0:
            raise Invalid("not_whole", NOT_WHOLE, field=f"when.at_least.{measure}")
