"""What every hot verb reads in the transaction that writes: nothing stopped or recalled is granted from then on."""

from __future__ import annotations

from collections.abc import Sequence

from festoon.base.words import Words
from festoon.ledger.store.plan import Step
from festoon.ledger.store.statement import statement
from festoon.offers.models import Live, Stop
from festoon.records.refusal import Conflict, Refusal

# Groups hold this lock of PostgreSQL beside one another, a stop alone: it waits for those under way, and groups that come
# after it wait behind it. So no grant is committed later than the stop, and no rush keeps a stop waiting. A row held FOR
# SHARE has no such queue: whoever comes shares it too, past a stop that waits.
BOOK = 0x626F_6F6B_0000_0000
GATE = statement("book.gate", "SELECT 1", postgres=f" FROM pg_advisory_xact_lock_shared({BOOK})", locks=True)
_STOPPED = (
    "SELECT {n} FROM {s}, {given} WHERE {s}.{s.lifted_at} IS NULL AND ({s}.{s.kind} = 'all'"
    " OR ({s}.{s.kind} = 'campaign' AND {s}.{s.code} IN (SELECT value FROM json_each(:campaigns)))"
    " OR ({s}.{s.kind} = 'offer' AND {s}.{s.code} IN (SELECT value FROM json_each(:offers)))"
    " OR ({s}.{s.kind} = 'claims' AND {s}.{s.code} IN (SELECT value FROM json_each(:claims))))"
)
STOPPED = statement("offers.stopped", _STOPPED, takes="offers text[], campaigns text[], claims text[]", s=Stop)
# Counted for each code: looked for IN a list, or joined, PostgreSQL may read every live offer of the book for each group.
LIVE = statement(
    "offers.live",
    "SELECT {n} FROM {given}, json_each(:offers) AS asked"
    " WHERE (SELECT COUNT(*) FROM {l} WHERE {l}.{l.kind} = 'offer' AND {l}.{l.code} = asked.value) = 1",
    takes="offers text[]",
    l=Live,
)
GIVEN_OUT = statement(
    "distributions.live",
    "SELECT {n} FROM {given}, json_each(:ways) AS asked"
    " WHERE (SELECT COUNT(*) FROM {l} WHERE {l}.{l.kind} = 'distribution' AND {l}.{l.code} = asked.value) = 1",
    takes="ways text[]",
    l=Live,
)


def stopped() -> Refusal:
    """The answer when an offer, its campaign or everything was stopped."""
    return Conflict("stopped", Words(en="This offer has been stopped.", zh="该优惠已被停用。"))


def recalled() -> Refusal:
    """The answer when an offer is no longer released."""
    return Conflict("recalled", Words(en="This offer is no longer available.", zh="该优惠已下线。"))


def granting(
    offers: Sequence[str],
    campaigns: Sequence[str],
    *,
    claims: Sequence[str] = (),
    ways: Sequence[str] = (),
    refuse: Refusal | None = None,
) -> list[Step]:
    """The steps that let nothing be granted by offers that are stopped or recalled; `refuse` answers instead.

    `claims`: the coupons of which one more is to be given; a stop of that kind leaves those that are out in use. `ways`:
    the distributions a price was made with; where one of them is out no longer, it has to be made again.
    """
    codes, themes = sorted(set(offers)), sorted({campaign for campaign in campaigns if campaign})
    steps = [
        Step(STOPPED, {"offers": codes, "campaigns": themes, "claims": list(claims)}, refuse or stopped(), rows=0),
        Step(LIVE, {"offers": codes}, refuse or recalled(), rows=len(codes)),
    ]
    return [*steps, *given_out(ways, refuse)]


def given_out(ways: Sequence[str], refuse: Refusal | None = None) -> list[Step]:
    """The step that asks whether these distributions are out still; none where there are none."""
    return [Step(GIVEN_OUT, {"ways": list(ways)}, refuse or recalled(), rows=len(ways))] if ways else []
