"""What reads well and cannot be meant: asked of a file that somebody wrote, never of what was agreed on and released.

A book must stay readable whatever happened to its parts since (a campaign's last offer recalled, its distribution left),
so none of this stands in its way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from festoon.base.money import CURRENCIES
from festoon.base.problems import Path, Problem
from festoon.base.words import Words

CODE = re.compile(r"[^\s\x00-\x1f\x7f/?#<>\"'\\]{1,64}")
CURRENCY = re.compile("[A-Z]{3}")
MEANT = {"RMB": "CNY", "CNH": "CNY", "NTD": "TWD", "STG": "GBP", "UKP": "GBP", "YEN": "JPY", "WON": "KRW"}
"""What people write for a currency."""
LONGEST_NAME = 200
PAYERS = ("platform", "merchant")
LEAST_AND_MOST = (("least_spend", "most_spend"), ("least_quantity", "most_quantity"))
NO_CODE = Words(
    "is at most 64 signs, without spaces, slashes, quotes or brackets", "最长 64 个字符，不含空格、斜杠、引号或尖括号"
)
LONG = Words(f"is longer than {LONGEST_NAME} signs", f"超过 {LONGEST_NAME} 个字符")
LOOKS = str.maketrans("авеѕіјкмнорсԁтухѵһԛԝгαβεικνορτυχγ", "abesijkmhopcdtyxvhqwrabeiknoptuxy")
"""Letters of other scripts, small and after folding, that pass for a Latin one."""
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")
NO_MERCHANT = Words("names no merchant after the colon", "冒号后未写商家")
OTHER_CASE = Words("is written in small letters", "须用小写")
NOTHING_LEFT = Words("takes out everything the scope names", "排除了范围内的全部商品")
SAME_PAIR = Words(
    "is between the same two, at the same grain, as one before that always holds",
    "与前面一条始终有效的互斥双方和粒度相同",
)
NO_CAMPAIGN = Words("is of a campaign that no offer of this file is in", "此文件中没有该活动主题的优惠")
NEVER = Words("asks for more than the most that is allowed beside it: it is never met", "下限高于上限，条件永远不满足")


def doubts(data: Any) -> list[Problem]:
    """Everything in an offers file that is well formed and still a slip; nothing where the form itself is wrong."""
    if not isinstance(data, Mapping):
        return []
    found = [problem for path, offer in _rows(data, "offers") for problem in _offer(offer, path)]
    for name in ("exclusions", "distributions"):
        for path, row in _rows(data, name):
            found += _code(row, path)
    for name in ("offers", "exclusions", "distributions"):
        found += _alike(data, name)
    return [*_currency(data.get("currency")), *found, *_pairs(data), *_strays(data)]


def _currency(code: Any) -> Iterator[Problem]:
    """A code of the right form that no country has."""
    if not isinstance(code, str) or not CURRENCY.fullmatch(code) or code in CURRENCIES:
        return
    near = MEANT.get(code) or next(iter(get_close_matches(code, sorted(CURRENCIES), 1)), "")
    words = Words("is no currency of ISO 4217", "不是 ISO 4217 货币代码")
    if near:
        words += Words(f"; did you mean {near}?", f"；是否为 {near}？")
    yield Problem(("currency",), "currency", words)


def _rows(data: Mapping[str, Any], name: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    rows = data.get(name)
    for at, row in enumerate(rows if isinstance(rows, list | tuple) else ()):
        if isinstance(row, Mapping):
            yield (name, at), row


def _offer(offer: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    yield from _code(offer, path)
    name = offer.get("name")
    for language, text in name.items() if isinstance(name, Mapping) else ():
        if isinstance(text, str) and len(text) > LONGEST_NAME:
            yield Problem((*path, "name", str(language)), "too_long", LONG)
    payers = offer.get("payers")
    for at, row in enumerate(payers if isinstance(payers, list | tuple) else ()):
        payer = row.get("payer") if isinstance(row, Mapping) else None
        if isinstance(payer, str):
            yield from _payer(payer, (*path, "payers", at, "payer"))
    yield from _scope(offer.get("scope"), (*path, "scope"))
    yield from _conditions(offer.get("when"), (*path, "when"))


def _code(row: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    code = row.get("code")
    if not isinstance(code, str) or not code:
        return
    if not CODE.fullmatch(code):
        yield Problem((*path, "code"), "no_code", NO_CODE)
    if code.isascii():
        return
    hidden = [sign for sign in code if unicodedata.category(sign) in ("Cf", "Cn", "Co", "Cs")]
    if hidden:
        sign = f"U+{ord(hidden[0]):04X}"
        words = Words(f"holds a sign that cannot be seen ({sign})", f"含有看不见的字符（{sign}）")
        yield Problem((*path, "code"), "hidden", words)
    scripts = {script for sign in code for script in SCRIPTS if unicodedata.name(sign, "").startswith(script)}
    if len(scripts) > 1:
        named = sorted(each.capitalize() for each in scripts)
        words = Words(f"mixes letters that look alike: {', '.join(named)}", f"混用了形似的字母：{'、'.join(named)}")
        yield Problem((*path, "code"), "mixed", words)


def _alike(data: Mapping[str, Any], name: str) -> Iterator[Problem]:
    """Codes that a person takes for one that stands before them."""
    seen: dict[str, tuple[str, int]] = {}
    for path, row in _rows(data, name):
        code = row.get("code")
        if not isinstance(code, str) or not code:
            continue
        first, at = seen.setdefault(_look(code), (code, int(path[1])))
        if first != code:
            words = Words(f"looks like the code of {name}[{at}]", f"与 {name}[{at}] 的代码形似")
            yield Problem((*path, "code"), "alike", words)


def _look(code: str) -> str:
    """What a code looks like, whatever it is written with."""
    if code.isascii():
        return code.lower()
    folded = unicodedata.normalize("NFKC", code).casefold().translate(LOOKS)
    return "".join([sign for sign in folded if unicodedata.category(sign) != "Cf"])


def _payer(payer: str, path: Path) -> Iterator[Problem]:
    kind, colon, whose = payer.partition(":")
    if colon and kind.lower() == "merchant" and not whose.strip():
        yield Problem(path, "no_merchant", NO_MERCHANT)
    elif kind not in PAYERS and kind.lower() in PAYERS:
        yield Problem(path, "case", OTHER_CASE)


def _scope(scope: Any, path: Path) -> Iterator[Problem]:
    excepted = scope.get("except") if isinstance(scope, Mapping) else None
    for attribute, values in excepted.items() if isinstance(excepted, Mapping) else ():
        named = scope.get(attribute)
        if isinstance(named, list) and isinstance(values, list) and named and all(each in values for each in named):
            yield Problem((*path, "except", str(attribute)), "nothing_left", NOTHING_LEFT)


def _conditions(when: Any, path: Path) -> Iterator[Problem]:
    """Two conditions on the same goods that cannot both be met."""
    asked: dict[str, tuple[Any, int]] = {}
    for at, condition in enumerate(when if isinstance(when, list | tuple) else ()):
        for name, fields in condition.items() if isinstance(condition, Mapping) else ():
            asked.setdefault(str(name), (fields, at))
    for least, most in LEAST_AND_MOST:
        if least in asked and most in asked:
            (low, at), (high, _) = asked[least], asked[most]
            if _above(low, high):
                yield Problem((*path, at, least), "never", NEVER)


def _above(low: Any, high: Any) -> bool:
    """Whether the least of the one is above the most of the other, all else being the same."""
    if not isinstance(low, Mapping) or not isinstance(high, Mapping):
        return False
    (one, rest), (other, others) = _split(low), _split(high)
    return rest == others and one is not None and other is not None and one > other


def _split(fields: Mapping[str, Any]) -> tuple[int | None, dict[str, Any]]:
    """The one number among the fields, and the others."""
    numbers = [name for name, value in fields.items() if isinstance(value, int) and not isinstance(value, bool)]
    rest = {name: value for name, value in fields.items() if name not in numbers}
    return (fields[numbers[0]] if len(numbers) == 1 else None), rest


def _pairs(data: Mapping[str, Any]) -> Iterator[Problem]:
    seen: set[tuple[frozenset[str], str]] = set()
    for path, row in _rows(data, "exclusions"):
        between = row.get("between")
        if not isinstance(between, list | tuple) or not all(isinstance(code, str) for code in between):
            continue
        if len(between) != 2 or between[0] == between[1]:
            continue  # told already
        pair = (frozenset(between), str(row.get("grain") or "order"))
        if pair in seen:
            yield Problem((*path, "between"), "twice", SAME_PAIR)
        if row.get("window") is None:
            seen.add(pair)


def _strays(data: Mapping[str, Any]) -> Iterator[Problem]:
    known = [offer.get("campaign") for _, offer in _rows(data, "offers")]
    for path, row in _rows(data, "distributions"):
        if isinstance(row.get("campaign"), str) and not row.get("offers") and row["campaign"] not in known:
            yield Problem((*path, "campaign"), "unknown", NO_CAMPAIGN)
