"""What every hot verb reads in the transaction that writes: nothing stopped or recalled is granted from then on."""

from __future__ import annotations

from collections.abc import Sequence

from festoon.base.words import Words
from festoon.ledger.store.plan import Step
from festoon.ledger.store.statement import statement
from festoon.offers.models import BookVersion, Live, Stop
from festoon.records.refusal import Conflict, Refusal

# A stop moves this row. Whoever writes a stop on PostgreSQL waits for the groups that hold it shared, and groups that
# come after wait for the stop: so no grant is committed later than the stop.
GATE = statement(
    "book.gate",
    "SELECT {b.number} FROM {b}",
    postgres="SELECT {b.number} FROM {b} FOR SHARE",
    b=BookVersion,
)
_STOPPED = (
    "SELECT {s.id} FROM {s} WHERE {s.lifted_at} IS NULL AND ({s.kind} = 'all'"
    " OR ({s.kind} = 'campaign' AND %s) OR ({s.kind} = 'offer' AND %s)) LIMIT 1"
)
STOPPED = statement(
    "offers.stopped",
    _STOPPED
    % (
        "{s.code} IN (SELECT value FROM json_each(:campaigns))",
        "{s.code} IN (SELECT value FROM json_each(:offers))",
    ),
    postgres=_STOPPED % ("{s.code} = ANY(:campaigns)", "{s.code} = ANY(:offers)"),
    s=Stop,
)
_LIVE = "SELECT {l.id} FROM {l} WHERE {l.kind} = 'offer' AND "
LIVE = statement(
    "offers.live",
    _LIVE + "{l.code} IN (SELECT value FROM json_each(:offers))",  # noqa: S608 fixed words only
    postgres=_LIVE + "{l.code} = ANY(:offers)",
    l=Live,
)


def stopped() -> Refusal:
    """The answer when an offer, its campaign or everything was stopped."""
    return Conflict("stopped", Words(en="This offer has been stopped.", zh="该优惠已被停用。"))


def recalled() -> Refusal:
    """The answer when an offer is no longer released."""
    return Conflict("recalled", Words(en="This offer is no longer available.", zh="该优惠已下线。"))


def granting(offers: Sequence[str], campaigns: Sequence[str], *, refuse: Refusal | None = None) -> list[Step]:
    """The steps that let nothing be granted by offers that are stopped or recalled; `refuse` answers instead."""
    codes, themes = sorted(set(offers)), sorted({campaign for campaign in campaigns if campaign})
    return [
        Step(STOPPED, {"offers": codes, "campaigns": themes}, refuse or stopped(), rows=0),
        Step(LIVE, {"offers": codes}, refuse or recalled(), rows=len(codes)),
    ]
