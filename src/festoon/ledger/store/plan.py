"""What a verb wants written: steps, movements of accounts, events, and what each failure means.

Structs of msgspec, for a claim makes ten of them and they are made in C.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from festoon.ledger.store.statement import Statement
from festoon.records.refusal import Refusal

Row = tuple[Any, ...]


class Step(msgspec.Struct, frozen=True, eq=False):
    """One statement. It must touch or find exactly `rows` rows (None: any number), else `refuse` is the answer.

    `refuse` also answers when a constraint of the database says no. `values` may be a list: once for each. Steps that
    only read and stand before the first that writes are asked before anything of the group is written. `shown`: a later
    step of the plan touches nothing where this one fails, so a group in hope need not ask.
    """

    statement: Statement
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
    refuse: Refusal | None = None
    rows: int | None = 1
    shown: bool = False


class Move(msgspec.Struct, frozen=True, eq=False):
    """So much of an account held, posted, given back …; `kind` is one of `movement.KINDS`."""

    account: str
    kind: str
    amount: int
    refuse: Refusal | None = None


class Again(msgspec.Struct, frozen=True):
    """The answer of a plan whose key was used before with the same body: the row it made then."""

    row: str


def again(row: Row) -> Again:
    """The row that was made before, by its id."""
    return Again(str(row[2]))


class Recall(msgspec.Struct, frozen=True, eq=False):
    """How a key is remembered: the statement finds the row made with it; after the number come its body's hash and its
    id. `answer` makes of it what the plan answers. `shown`: an index of the database has each key once, so a group in hope
    need not ask.
    """

    statement: Statement
    values: Mapping[str, Any]
    body: str
    answer: Callable[[Row], Any] = again
    shown: bool = False


class Outcome(msgspec.Struct, frozen=True, eq=False):
    """What a plan came to: its answer or the error; `written` when it changed something."""

    answer: Any = None
    error: BaseException | None = None
    written: bool = False


class Plan(msgspec.Struct, frozen=True, eq=False):
    """All or nothing. `row` is the id of what is made or changed, `also` of what is made beside it.

    `gate` is passed once a group, before any account is locked. Plans of one `lane` are done one after another and see
    each other, and so are those of one `beside`, a second lane; others may be done by one statement together. A plan that
    only asks for its key, and was not answered before, answers `otherwise`. `told` is called with what it was refused by,
    before its caller is.
    """

    verb: str
    by: str
    merchant_id: int
    at: datetime
    row: str
    steps: Sequence[Step]
    answer: Any = None
    moves: Sequence[Move] = ()
    events: Sequence[Mapping[str, Any]] = ()
    recall: Recall | None = None
    gate: Statement | None = None
    key: str = ""
    body: str = ""
    also: Sequence[str] = ()
    lane: str = ""
    beside: str = ""
    otherwise: Refusal | None = None
    told: Callable[[BaseException], None] | None = None
