"""What comes back from a statement and from callers, in one form for both dialects."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from festoon.base.words import Words
from festoon.records.refusal import Invalid

LONGEST_KEY = 255


def moment(value: Any) -> datetime | None:
    """A moment as the database gives it (SQLite: a text in UTC without saying so), aware and in UTC."""
    if value is None:
        return None
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def required_key(key: str) -> None:
    """Raise Invalid unless the idempotency key is a text of 1 to 255 characters that every database takes."""
    if not key.strip() or len(key) > LONGEST_KEY or "\0" in key:
        raise Invalid(
            "key_missing",
            Words(en="A key of 1 to 255 characters is needed, so that a retry has no second effect.",
                  zh="需要 1 到 255 个字符的幂等键，以保证重试不会重复生效。"),
            field="key",
        )  # fmt: skip
