"""Whether a paper can be read at all: its parts are lists of the right things, and each thing can be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from festoon.base.words import Words
from festoon.composition.paper import FIELDS, FORM
from festoon.records.batch import Wrong
from festoon.records.refusal import Invalid
from festoon.records.values import text, whole

NOT_A_PAPER = Words(en="This is no campaign paper: `festoon: 1` and a campaign are missing.", zh="不是活动文件。")
UNKNOWN_PART = Words(en="A paper has no such part.", zh="文件中没有这个部分。")
NO_CODE = Words(en="Everything in a paper has a code, and only one thing has it.", zh="每一项须有唯一编号。")
NO_PAIR = Words(en="An exclusion is between the codes of two offers.", zh="互斥须写明两项优惠的编号。")
NO_LIST = Words(
    en="This part is a list; leave it out when there is nothing in it.", zh="此部分须为列表，没有内容时请省略。"
)
NO_FIELDS = Words(en="Each of these has fields with values.", zh="每一项须为字段和值。")
NO_NAME = Words(en="A name is texts in `en` and `zh`.", zh="名称须为 en 和 zh 的文字。")
CODED = ("offers", "distributions")
MONEY = {"amount": whole(), "kind": text(64), "payer": text(64)}
LISTS = ("goals", "budget", *CODED, "exclusions")


def check(written: Mapping[str, Any]) -> None:
    """Raise Invalid, naming the place, unless this is a paper whose things can be told apart."""
    theme = written.get("campaign")
    if written.get("festoon") != FORM or not isinstance(theme, Mapping) or not isinstance(theme.get("code"), str):
        raise Invalid("not_a_paper", NOT_A_PAPER, field="festoon")
    if unknown := sorted(str(part) for part in written if part not in FIELDS):
        raise Invalid("unknown_field", UNKNOWN_PART, field=unknown[0])
    for part in LISTS:
        if part in written and not isinstance(written[part], list | tuple):
            raise Invalid("wrong_type", NO_LIST, field=part)
    for place, each in _each(written, *LISTS):
        if not isinstance(each, Mapping):
            raise Invalid("wrong_type", NO_FIELDS, field=place)
    _check_codes(written)
    for place, each in _each(written, "budget"):
        _check_money(place, each)
    for place, each in _each(written, "exclusions"):
        between = each.get("between")
        if (
            not isinstance(between, list | tuple)
            or not all(isinstance(code, str) for code in between)
            or len({*between}) != 2
        ):
            raise Invalid("bad_pair", NO_PAIR, field=f"{place}.between")


def _each(written: Mapping[str, Any], *parts: str) -> Iterator[tuple[str, Any]]:
    return ((f"{part}[{at}]", each) for part in parts for at, each in enumerate(written.get(part, ())))


def _check_codes(written: Mapping[str, Any]) -> None:
    for part in CODED:
        codes = [each.get("code") for each in written.get(part, ())]
        for at, code in enumerate(codes):
            if not isinstance(code, str) or codes.index(code) < at:
                raise Invalid("bad_code", NO_CODE, field=f"{part}[{at}].code")


def _check_money(place: str, line: Mapping[str, Any]) -> None:
    name = line.get("name", {})
    for field, read in MONEY.items():
        try:
            read(line[field]) if field in line else None
        except Wrong as wrong:
            raise Invalid(wrong.code, wrong.words, field=f"{place}.{field}") from None
    if (
        not isinstance(name, Mapping)
        or not set(name) <= {"en", "zh"}
        or not all(isinstance(t, str) for t in name.values())
    ):
        raise Invalid("wrong_type", NO_NAME, field=f"{place}.name")
