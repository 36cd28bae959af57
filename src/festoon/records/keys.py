"""Idempotency keys of cold verbs: the same call again gets the same answer and has no second effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.records import queries
from festoon.records.canonical import digest
from festoon.records.models import Key
from festoon.records.refusal import KeyReused
from festoon.records.tables import wait_for
from festoon.records.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was answered to this key before."""

    answer: Any
    at: datetime


def once(*, by: Viewer, key: str, verb: str, body: Any) -> Remembered | None:
    """The answer this key got before, or None when it is new. First thing inside the verb's transaction.

    Twice at the same time: the second waits for the first and gets its answer. The same key with another verb or
    body raises KeyReused. An empty key is never remembered.
    """
    if not key:
        return None
    wait_for(int(digest([by.merchant_id, key])[:15], 16))
    found = queries.key(by, key)
    if found is None:
        return None
    if (found.verb, found.body) != (verb, digest(body)):
        raise KeyReused
    return Remembered(answer=found.answer, at=found.at)


def remember(*, by: Viewer, key: str, verb: str, body: Any, answer: Any, now: datetime) -> None:
    """Keep `answer` (what JSON can say) for `key`, in the transaction of what was done."""
    if key:
        Key(merchant_id=by.merchant_id, key=key, verb=verb, body=digest(body), answer=answer, at=now).save(
            force_insert=True
        )
