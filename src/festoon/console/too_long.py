"""What is longer than anybody types: one field says which it is; a form that is longer still is not read at all."""

from __future__ import annotations

from collections.abc import Iterable

from festoon.base.words import Words
from festoon.records.refusal import Invalid

MOST_TYPED, MOST_SENT = 2_500_000, 10_000_000
"""Signs in one field, and bytes of a whole form."""
FORM = Words(
    f"This form holds more than {MOST_SENT // 1_000_000} MB: give long lists in parts.",
    f"表单内容超过 {MOST_SENT // 1_000_000} MB，长名单请分批提交。",
)


def of(given: Iterable[tuple[str, list[str]]]) -> Invalid | None:
    """What is said of the first field that holds too much; None where none does."""
    name = next((name for name, values in given if sum(map(len, values)) > MOST_TYPED), None)
    if name is None:
        return None
    en = f"The field “{name}” holds more than {MOST_TYPED:,} signs: give a long list in parts."
    return Invalid("too_long", Words(en, f"字段“{name}”超过 {MOST_TYPED:,} 个字符，长名单请分批提交。"), field=name)


def form() -> Invalid:
    """What a form is answered that was not read."""
    return Invalid("too_long", FORM)
