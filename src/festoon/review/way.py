"""A thing's way from draft to what is agreed on, the same for every kind; each kind says only what is its own.

Every verb takes any number of things and is all or nothing: one transaction, one audit row that names them all, one
row of events. Submitted, decided or withdrawn twice, the second is refused and says what happened; dead half-way,
nothing happened. `machine.MOVES` is the law of the states.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from django.db import transaction

from festoon.base.words import Words
from festoon.records.audit import record
from festoon.records.events import publish_each
from festoon.records.refusal import Conflict, NotFound
from festoon.records.tables import change
from festoon.records.viewer import SYSTEM, Viewer
from festoon.review import actions, machine, queries
from festoon.review.actions import Outcome, Said, Submission
from festoon.review.models import Review
from festoon.review.refusals import OWN

NOT_NOW = Words(en="That cannot be done to it in this state.", zh="当前状态不允许此操作。")
NO_REVIEW = Words(en="This was never submitted.", zh="尚未提交审核。")
FOLLOWS = {Outcome.SENT_BACK: machine.SENT_BACK, Outcome.REJECTED: machine.REJECTED}


class Thing(Protocol):
    """What is reviewed: a row with a code, an owner, an author and a state."""

    pk: Any
    code: str
    merchant_id: int
    author: str
    state: str


@dataclass(frozen=True, slots=True)
class Way:
    """What is one kind's own.

    `locked` finds things by code behind the viewer's wall and locks them; `submission` says what of one is agreed
    on; `agreed` puts into force what was, given the passed review of each, in the verb's transaction. `kind` is their
    kind in the inbox, empty where each thing says its own; `name` is what an event calls one, `word` what this kind calls
    the agreed state. `left` does what follows when things leave review without an agreement. `hands`, by code, says who wrote
    a thing as it stands, where that need not be its author.
    """

    verbs: str
    name: str
    right: str
    locked: Callable[[Viewer, Sequence[str]], Sequence[Any]]
    submission: Callable[[Any], Submission]
    agreed: Callable[[Mapping[str, Review], Sequence[Any], Viewer, datetime], None]
    kind: str = ""
    word: str = "released"
    left: Callable[[Sequence[Any], Viewer, datetime], None] | None = None
    hands: Callable[[Sequence[Any]], Mapping[str, str]] | None = None

    def kind_of(self, thing: Any) -> str:
        """What the inbox calls it."""
        return self.kind or str(thing.kind)


def submit(way: Way, things: Sequence[Thing], *, by: Viewer, now: datetime, about: str = "") -> list[Any]:
    """Give drafts to those who must agree; what needs nobody is agreed on by rule. `about`: the campaign, as a whole."""
    by.require(way.right)
    with transaction.atomic():
        found = _found(way, things, by)
        for thing in found:
            check(way, "submit", thing)
        opened = actions.open_all([way.submission(thing) for thing in found], by=by, now=now)
        for thing in found:
            thing.state = machine.IN_REVIEW
        _settle(way, found, [made for made in opened if made.state == "passed"], by=by, now=now)
        _end(way, "submit", found, things, about, by=by, now=now)
    return found


def decide(
    way: Way,
    things: Sequence[Thing],
    said: Said,
    *,
    by: Viewer,
    now: datetime,
    about: str = "",
    read: Collection[int] | None = None,
) -> dict[str, Outcome]:
    """Decide on things that are in review: code → where each stands now.

    What passed its last level is put into force in the same transaction, exactly as it was submitted. Nobody decides
    on what they wrote or submitted, nor in the place of who did. `read`: the numbers of the reviews that were read; what
    was withdrawn and submitted anew since then is not decided on. None: the last ones.
    """
    with transaction.atomic():
        found = _found(way, things, by)
        hands = way.hands(found) if way.hands is not None else {}
        wrote = {thing.code: {thing.author, hands.get(thing.code, thing.author)} for thing in found}
        if any(by.name in each for each in wrote.values()):
            raise Conflict("own_submission", OWN, field="by", status=403)
        meant = _reviews(way, found, read)
        authors = {meant[code].pk: each for code, each in wrote.items()}
        outcomes = actions.decide_all(list(meant.values()), said, by=by, now=now, authors=authors)
        for thing in found:
            check(way, said.decision, thing)  # after the review, which says what happened if it is closed
            thing.state = FOLLOWS.get(outcomes[meant[thing.code].pk], thing.state)
        passed = [each for each in meant.values() if outcomes[each.pk] == Outcome.PASSED]
        _leave(way, [thing for thing in found if outcomes[meant[thing.code].pk] in FOLLOWS], by, now)
        _settle(way, found, passed, by=by, now=now)
        _end(way, said.decision, found, things, about, by=by, now=now, why=said.comment)
    return {code: outcomes[each.pk] for code, each in meant.items()}


def withdraw(way: Way, thing: Thing, *, by: Viewer, now: datetime) -> None:
    """Take one out of review; it is a draft again. Decided already: Conflict says by whom and when."""
    by.require(way.right)
    with transaction.atomic():
        found = _found(way, [thing], by)
        actions.withdraw(_reviews(way, found, None)[thing.code], by=by, now=now)
        check(way, "withdraw", found[0])
        found[0].state = machine.DRAFT
        _leave(way, found, by, now)
        _end(way, "withdraw", found, [thing], "", by=by, now=now)


def take_back(way: Way, things: Sequence[Any], *, by: Viewer, now: datetime, about: str = "") -> None:
    """Part of a verb that takes things back whole: what of them is in review is withdrawn, whoever submitted it.

    So nothing that was submitted before passes later. The things are locked, or what every verb on them locks first is.
    """
    waiting = [thing for thing in things if thing.state == machine.IN_REVIEW]
    found: list[Review] = []
    for kind in {way.kind_of(thing) for thing in waiting}:
        codes = [thing.code for thing in waiting if way.kind_of(thing) == kind]
        found += queries.latest_of(SYSTEM, kind, codes).values()
    for review in sorted(found, key=lambda each: each.pk):
        if review.state == "open":
            actions.withdraw(review, by=SYSTEM, now=now)
    for thing in waiting:
        thing.state = machine.DRAFT
    change(waiting, ["state"])
    _leave(way, waiting, by, now)
    note(way, f"{way.verbs}.withdraw", waiting, about, by=by, now=now)


def reopen(way: Way, thing: Thing, *, by: Viewer, now: datetime, why: str = "") -> None:
    """Make a draft again of what was rejected or recalled; it comes back only by a new review."""
    by.require(way.right)
    with transaction.atomic():
        found = _found(way, [thing], by)
        check(way, "reopen", found[0])
        found[0].state = machine.DRAFT
        _end(way, "reopen", found, [thing], "", by=by, now=now, why=why)


def check(way: Way, verb: str, thing: Thing) -> None:
    """Raise Conflict unless the verb may be used on a thing in its state."""
    if not machine.allowed(verb, machine.AGREED if thing.state == way.word else thing.state):
        raise Conflict(f"cannot_{verb}", NOT_NOW, field="state", detail={"code": thing.code, "state": thing.state})


def _found(way: Way, things: Sequence[Thing], by: Viewer) -> list[Any]:
    found = list(way.locked(by, [thing.code for thing in things]))
    if len(found) != len({thing.code for thing in things}):
        raise NotFound(way.name)
    return found


def _reviews(way: Way, things: Sequence[Thing], read: Collection[int] | None) -> dict[str, Review]:
    """The review of each that is meant; whether it is still open is for the decision to say."""
    found: dict[str, Review] = {}
    for kind in {way.kind_of(thing) for thing in things}:
        found |= queries.meant(SYSTEM, kind, [thing.code for thing in things if way.kind_of(thing) == kind], read)
    if missing := [thing.code for thing in things if thing.code not in found]:
        raise Conflict("not_in_review", NO_REVIEW, field="state", detail={"code": missing[0]})
    return found


def _settle(way: Way, things: Sequence[Any], passed: Sequence[Review], *, by: Viewer, now: datetime) -> None:
    agreed_on = {each.subject: each for each in passed}
    settled = [thing for thing in things if thing.code in agreed_on]
    for thing in settled:
        thing.state = way.word
    if settled:
        way.agreed(agreed_on, settled, by, now)


def _leave(way: Way, things: Sequence[Any], by: Viewer, now: datetime) -> None:
    if things and way.left is not None:
        way.left(things, by, now)


def _end(
    way: Way, verb: str, found: Sequence[Any], given: Sequence[Thing], about: str, *, by: Viewer, now: datetime,
    why: str = "",
) -> None:  # fmt: skip
    """Keep the new states, write the audit row and the events, and tell the caller's own rows."""
    change(found, ["state"])
    note(way, f"{way.verbs}.{verb}", found, about, by=by, now=now, why=why)
    states = {thing.code: thing.state for thing in found}
    for thing in given:
        thing.state = states[thing.code]


def note(
    way: Way, verb: str, things: Sequence[Any], about: str, *, by: Viewer, now: datetime, why: str = "", key: str = "",
    before: str = "",
) -> None:  # fmt: skip
    """One audit row and one row of events for a verb on things: on one, or on a campaign's."""
    if not things:
        return
    one = things[0] if len(things) == 1 and not about else None
    record(
        by=by, at=now, verb=verb, why=why, kind=way.kind_of(one) if one else "campaign", key=key, before=before,
        subject=one.code if one else about, after=one.state if one else "",
        rows={thing.code: thing.state for thing in things}, merchant_id=one.merchant_id if one else None,
    )  # fmt: skip
    about_each = {"kind": verb, "at": now.isoformat()}
    events = [
        (thing.merchant_id, {"id": uuid4().hex, **about_each, way.name: thing.code, "state": thing.state})
        for thing in things
    ]
    publish_each(at=now, kind=verb, events=events)
