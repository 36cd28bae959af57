"""Nothing moved but as it may: the audit, told again from its first row, agrees with the tables of moves and ends where
the rows stand now. What was put in past every action has no first row, and is taken as it was first recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from festoon.base.words import Words
from festoon.campaigns import queries as campaigns
from festoon.checkout import queries
from festoon.checkout.invariants import Finding, Invariant
from festoon.distribution import queries as distributions
from festoon.offers import queries as offers
from festoon.presets import queries as presets
from festoon.records import queries as records
from festoon.records.models import AuditEntry
from festoon.records.viewer import SYSTEM
from festoon.review import machine
from festoon.review import queries as reviews
from festoon.review.actions import APPROVE, BY_RULE, REJECT, SEND_BACK
from festoon.review.levels import asks, met
from festoon.review.machine import AGREED, ARCHIVED, DRAFT, EDITABLE, IN_REVIEW, RECALLED, REJECTED

Moves = frozenset[tuple[str, str]]
Move = tuple[str, str, str]
"""Room, code, the state after."""

REVIEWED: Moves = frozenset({
    *((origin, move.to) for move in machine.MOVES for origin in move.origin),
    *((origin, AGREED) for origin in EDITABLE),  # submitted, and nobody had to agree
    *((origin, RECALLED) for origin in (*EDITABLE, IN_REVIEW)),  # what is out, while its next version is worked on
    ("", DRAFT),
})  # fmt: skip
"""One record may stand for two moves of `machine.MOVES` made at once; no others."""
EXCLUSIONS: Moves = REVIEWED | {
    *((origin, to) for origin in ("", REJECTED, RECALLED, ARCHIVED) for to in (DRAFT, IN_REVIEW, AGREED, RECALLED)),
}
"""An exclusion is drawn anew, and a lock lifted before it was ever out, in the move that follows."""
JOBS: Moves = frozenset({
    ("", "waiting"), ("paused", "waiting"), ("failed", "waiting"), ("waiting", "paused"), ("waiting", "cancelled"),
    ("paused", "cancelled"), ("waiting", "finished"), ("waiting", "failed"),
})  # fmt: skip
"""That a worker took it is a lease and not a move: a job that runs waits, as far as the audit knows."""
HOLDS: Mapping[tuple[str, str], str] = {
    ("", "hold"): "held",
    ("", "verify"): "redeemed",
    ("held", "hold.cancel"): "cancelled",
    ("held", "hold.expire"): "expired",
    ("held", "redeem"): "redeemed",
    ("expired", "redeem"): "redeemed",
}
AGREED_WORDS = {"released": AGREED, "approved": AGREED}
ROOMS = {"offer": "offer", "promotion": "offer", "coupon": "offer", "campaign": "campaign", "preset": "preset",
         "distribution": "distribution", "exclusion": "exclusion"}  # fmt: skip
VERBS = ("offers", "promotions", "coupons", "campaigns", "presets", "distributions", "exclusions")


def reviewed(_now: datetime) -> Finding:
    """Offers, campaigns, distributions, presets, exclusions and jobs: each recorded move is one of the table's, and the
    last leads to where the row stands.
    """
    stood, problems, cases = dict[tuple[str, str], str](), list[str](), 0
    for entry in records.visible(SYSTEM).exclude(subject_kind="group").order_by("id").iterator(chunk_size=500):
        for room, code, after in _moved(entry):
            cases += 1
            before = stood.get((room, code))
            first = before is None and after != DRAFT
            if not first and before != after and not _may(room, before or "", after):
                problems.append(f"{room} {code} went from {before or 'nothing'} to {after} by {entry.verb}")
            stood[room, code] = after
    problems += [
        f"{room} {code} is {state}, and the audit says {stood[room, code]}"
        for room, code, state in _standing()
        if (room, code) in stood and stood[room, code] != state
    ]
    return Finding(cases, problems[:100])


def _may(room: str, before: str, after: str) -> bool:
    moves = {"exclusion": EXCLUSIONS, "job": JOBS}.get(room, REVIEWED)
    return (before, after) in moves


def _moved(entry: AuditEntry) -> Iterator[Move]:
    """What a record moved: the things its rows name with their states, or the one thing it is about."""
    verb, kind = entry.verb, entry.subject_kind
    if kind == "job" and verb.startswith("jobs."):
        yield "job", entry.subject, _state(entry.after)
        return
    if kind not in ROOMS or (family := verb.partition(".")[0]) not in VERBS:
        return
    room = ROOMS[
        family[:-1] if kind == "campaign" else kind
    ]  # what concerns a whole campaign is written down as its own
    named = {code: _state(str(state)) for code, state in entry.rows.items() if not isinstance(state, list | dict)}
    if named and all(state in machine.STATES for state in named.values()):
        yield from ((room, code, state) for code, state in named.items())
    elif "codes" in entry.rows:
        yield from ((room, str(code), DRAFT) for code in entry.rows["codes"])
    elif _state(entry.after) in machine.STATES:
        yield room, entry.subject, _state(entry.after)


def _state(said: str) -> str:
    return "waiting" if said == "running" else AGREED_WORDS.get(said, said)


def _standing() -> Iterable[Move]:
    tables = (
        ("offer", offers.own(SYSTEM).values_list("code", "state")),
        ("campaign", campaigns.own(SYSTEM).values_list("code", "state")),
        ("distribution", distributions.own(SYSTEM).values_list("code", "state")),
        ("preset", presets.visible(SYSTEM).values_list("code", "state")),
        ("exclusion", offers.exclusions(SYSTEM, wide=False).values_list("code", "state")),
        ("job", records.jobs(SYSTEM).values_list("id", "state")),
    )
    for room, rows in tables:
        yield from ((room, str(code), _state(state)) for code, state in rows.order_by().iterator(chunk_size=2_000))


def decided(_now: datetime) -> Finding:
    """A review stands where its decisions lead: passed when every level was met, sent back or rejected by the last."""
    problems, cases = list[str](), 0
    for review in reviews.visible(SYSTEM).prefetch_related("decisions").order_by("id").iterator(chunk_size=200):
        cases += 1
        said = sorted(review.decisions.all(), key=lambda each: each.pk)
        last = said[-1].decision if said else ""
        agreed = [each for each in said if each.round == review.round and each.decision == APPROVE]
        right = {
            "open": review.closed_at is None and last not in (SEND_BACK, REJECT, BY_RULE),
            "passed": all(met(level, [each for each in agreed if each.level == level["number"]])
                          for level in review.levels) and (bool(review.levels) or last == BY_RULE),
            "sent_back": last == SEND_BACK,
            "rejected": last == REJECT,
            "withdrawn": review.closed_at is not None,
        }.get(review.state, False)  # fmt: skip
        if review.asks and (review.state != "open" or said or review.asks != asks(review.levels[review.level - 1])):
            problems.append(f"review {review.pk} of {review.subject} waits for others than it asks")
        if not right:
            problems.append(
                f"review {review.pk} of {review.subject} is {review.state}, and its decisions say otherwise"
            )
    return Finding(cases, problems[:100])


def holds(_now: datetime) -> Finding:
    """Every hold was held once, and ended once, by a verb that may end it, in the state it is in."""
    sold = dict(queries.redemptions(SYSTEM).order_by().values_list("id", "hold_id"))
    stood, problems, cases = dict[str, str](), list[str](), 0
    for _, verb, row in records.hot(SYSTEM):
        if (
            not verb.startswith(("hold", "verify", "redeem"))
            or verb == "redeem_outside"
            or (verb == "verify" and row in sold)
        ):
            continue
        cases += 1
        hold = sold.get(row, row) if verb == "redeem" else row
        before = stood.get(hold, "")
        if (before, verb) not in HOLDS:
            problems.append(f"hold {hold} was {before or 'not made'} when {verb} was done to it")
        stood[hold] = HOLDS.get((before, verb), before)
    rows = queries.visible(SYSTEM).order_by().values_list("id", "state")
    problems += [
        f"hold {hold} is {state}, and the audit says {stood[hold] or 'nothing'}"
        for hold, state in rows.iterator(chunk_size=2_000)
        if hold in stood and stood[hold] != state
    ]
    return Finding(cases, problems[:100])


INVARIANTS = [
    Invariant("moves", Words(en="Only moves there are were made", zh="状态流转均合规"), reviewed),
    Invariant("decided", Words(en="A review stands where its decisions lead", zh="审核结果与各级决定一致"), decided),
    Invariant("hold_moves", Words(en="A hold ended once, as it may", zh="占用只结束一次且合规"), holds),
]
