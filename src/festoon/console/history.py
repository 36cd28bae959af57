"""What happened to one thing, for a timeline: who did what when, and what they said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.console import queries, words
from festoon.offers.models import Offer
from festoon.records import queries as records
from festoon.records.models import AuditEntry
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import queries as reviews

STAGE = "job:cast"
"""Who puts the made-up cast on its stage."""
REMARKED = Words("Remarked", "评论")


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a timeline."""

    at: datetime
    who: str
    words: str
    tone: str
    why: str = ""
    rank: int = 0
    remark: bool = False
    times: int = 1


def of(viewer: Viewer, kinds: Iterable[str], subject: str) -> Sequence[Happened]:
    """The audit of one thing and the decisions of its reviews, the latest first."""
    found = [
        _happened(entry)
        for kind in kinds
        for entry in records.history(viewer, kind, subject)
        if not _said_by_a_decision(entry)
    ]
    found += [
        Happened(said.at, who(said.by), *_decided(said.decision), said.comment, words.rank(said.decision))
        for kind in kinds
        for review in reviews.history(viewer, kind, subject)
        for said in review.decisions.all()
    ]
    found += [
        Happened(remark.at, who(remark.by), words.said(REMARKED), "note", remark.text, remark=True)
        for kind in kinds
        for remark in reviews.remarks(viewer, kind, subject)
    ]
    return _latest_first(found)


def of_offer(viewer: Viewer, offer: Offer) -> Sequence[Happened]:
    """An offer's own history, and what happened to it together with its whole campaign."""
    mine = list(of(viewer, (offer.kind, "offer"), offer.code))
    if offer.campaign:
        together = records.history(viewer, "campaign", offer.campaign.code)
        mine += [_happened(entry) for entry in together if offer.code in entry.rows and not _said_by_a_decision(entry)]
    return _latest_first(mine)


def talk(viewer: Viewer, kind: str, thing: Any) -> Mapping[str, Any]:
    """Where something is said about a thing, and whom one may call to it: its company's people and the platform's."""
    if thing.merchant_id != viewer.merchant_id and not viewer.is_platform:
        return {"say": "", "colleagues": ()}
    said = reverse("console:remark-on", args=[kind, thing.code])
    return {"say": said, "colleagues": colleagues(viewer, thing.merchant_id)}


def colleagues(viewer: Viewer, merchant_id: int) -> Sequence[Any]:
    """Whom the viewer may call to a thing of this company."""
    people = catalog.people(viewer).filter(merchant_id__in={merchant_id, SYSTEM.merchant_id}, user__is_active=True)
    return [each for each in people if viewer.name != f"person:{each.code}"]


def who(name: str) -> str:
    """`person:lin` by name; machines and jobs by what they are."""
    return whos([name])[name]


def whos(names: Iterable[str]) -> dict[str, str]:
    """The same of many, read together."""
    wanted = {name: name.partition(":") for name in names}
    codes = [code for kind, _, code in wanted.values() if kind == "person"]
    people = queries.names_of(catalog.people(SYSTEM), codes) if codes else {}
    return {
        name: words.said(people.get(code, Words(code, code))) if kind == "person" else _thing(kind, code)
        for name, (kind, _, code) in wanted.items()
    }


def _thing(kind: str, code: str) -> str:
    """A machine or a job, by what it is."""
    if f"{kind}:{code}" == STAGE:
        return words.said(Words("The demonstration", "演示数据"))
    kinds = {
        "key": Words("A machine", "系统对接"),
        "job": Words("A job", "后台任务"),
        "rule": Words("By rule", "按规则"),
        "system": Words("The system", "系统"),
    }
    return f"{words.of(kinds, kind)} {code}".strip()


def _latest_first(found: Iterable[Happened]) -> Sequence[Happened]:
    """The same thing done by the same person several times in a row is one entry that says how often."""
    told: list[Happened] = []
    for one in sorted(found, key=lambda one: (one.at, one.rank), reverse=True):
        last = told[-1] if told else None
        if (
            last
            and not one.remark
            and (last.who, last.words, last.why, last.remark) == (one.who, one.words, one.why, False)
        ):
            told[-1] = replace(last, times=last.times + one.times)
        else:
            told.append(one)
    return told


def _said_by_a_decision(entry: AuditEntry) -> bool:
    return entry.verb.rsplit(".", 1)[-1] in ("approve", "send_back", "return", "reject")


def _happened(entry: AuditEntry) -> Happened:
    return Happened(entry.at, who(entry.by), *words.verb(entry.verb), words.why(entry), words.rank(entry.verb))


def _decided(decision: str) -> tuple[str, str]:
    known = words.state(decision)
    return known.label, known.tone
