"""The offers file, or what the database hands over in the same form, read into a book."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from festoon.base.form import read, unknown, unknown_code
from festoon.base.kinds import Zone
from festoon.base.problems import Path, Problem, Problems
from festoon.base.words import same
from festoon.engine.book import Book, Relation
from festoon.engine.offer import Offer, Terms
from festoon.rulebook.fields import Distribution, Exclusion, Policy
from festoon.rulebook.release import read_release, window_of

FORMAT = 1
KNOWN = ["festoon", "currency", "zone", "policy", "offers", "exclusions", "distributions"]


class BookErrors(ValueError):
    """An offers file with problems; `problems` holds every one of them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.field}: {p.words.en}" for p in problems[:5]))
        self.problems = problems


def read_book(data: Any) -> Book:
    """The book of an offers file. Raises BookErrors with every problem found."""
    problems = Problems()
    book = _read(data, problems)
    if book is None or problems.found:
        raise BookErrors(problems.found)
    return book


def version_of(data: Mapping[str, Any]) -> str:
    """The hash of a released set; the order in which offers are listed does not matter."""
    told = {name: data.get(name) for name in KNOWN}
    for name in ("offers", "exclusions", "distributions"):
        told[name] = sorted([_canonical(one) for one in data.get(name) or []])
    return hashlib.sha256(_canonical(told).encode()).hexdigest()[:32]


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def _read(data: Any, problems: Problems) -> Book | None:
    if not isinstance(data, Mapping):
        problems.add((), "mapping", "must hold named fields", "须为具名字段")
        return None
    for name in data:
        if name not in KNOWN:
            unknown(name, KNOWN, (), problems)
    if data.get("festoon") != FORMAT:
        problems.add(("festoon",), "format", f"must be {FORMAT}", f"须为 {FORMAT}")
    currency, zone = data.get("currency"), data.get("zone", "UTC")
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isupper()):
        problems.add(("currency",), "currency", "must be a code such as CNY", "须为货币代码，如 CNY")
    before = len(problems)
    Zone().read(zone, ("zone",), problems)
    policy = read(Policy, data.get("policy") or {}, ("policy",), problems) or Policy()
    if len(problems) > before:
        zone = "UTC"
    offers = _offers(data.get("offers"), zone, problems)
    relations = _relations(data, offers, zone, problems)
    _distribute(data, offers, zone, problems)
    if problems.found:
        return None
    listed = sorted(offers.values(), key=lambda o: o.rank)
    return Book(listed, relations, version_of(data), str(currency), zone, policy.conflict, policy.objective)


def _rows(data: Mapping[str, Any], name: str, problems: Problems) -> list[Any]:
    rows = data.get(name) or []
    if isinstance(rows, list | tuple):
        return list(rows)
    problems.add((name,), "rows", "must be a list", "须为列表")
    return []


def _named(data: Mapping[str, Any]) -> set[str]:
    """Every code that an offer of the file claims, so that one bad offer is not told again by all that name it."""
    rows = data.get("offers")
    listed = rows if isinstance(rows, list | tuple) else []
    return {str(row["code"]) for row in listed if isinstance(row, Mapping) and "code" in row}


def _offers(data: Any, zone: str, problems: Problems) -> dict[str, Offer]:
    """The offers by code, ranked by stage, priority and code."""
    if not isinstance(data, list | tuple):
        problems.add(("offers",), "rows", "must be a list of offers", "须为优惠列表")
        return {}
    found: dict[str, Offer] = {}
    first: dict[str, int] = {}
    for i, release in enumerate(data):
        code = release.get("code") if isinstance(release, Mapping) else None
        if isinstance(code, str) and first.setdefault(code, i) != i:
            problems.add(
                ("offers", i, "code"), "twice", f"{code!r} is already offers[{first[code]}]", f"{code!r} 已被使用"
            )
        offer = read_release(release, ("offers", i), problems, zone)
        if offer is not None:
            found[offer.code] = offer
    for rank, offer in enumerate(sorted(found.values(), key=lambda o: (o.stage, o.priority, o.code))):
        offer.rank = rank
    return found


def _relations(data: Mapping[str, Any], offers: dict[str, Offer], zone: str, problems: Problems) -> list[Relation]:
    found: list[Relation] = []
    known = dict.fromkeys(sorted(_named(data)))
    codes: set[str] = set()
    for i, row in enumerate(_rows(data, "exclusions", problems)):
        path: Path = ("exclusions", i)
        one: Exclusion | None = read(Exclusion, row, path, problems)
        _strangers(row, "between", known, path, problems)
        if one is None:
            continue
        _once(one.code, codes, path, problems)
        window = window_of(one.window, (*path, "window"), problems, zone)
        if all(code in offers for code in one.between):
            a, b = sorted([offers[code].rank for code in one.between])
            found.append(Relation(one.code, a, b, one.grain == "line", window, one.lock, one.reason or same("")))
    return found


def _distribute(data: Mapping[str, Any], offers: dict[str, Offer], zone: str, problems: Problems) -> None:
    known = dict.fromkeys(sorted(_named(data)))
    codes: set[str] = set()
    for i, row in enumerate(_rows(data, "distributions", problems)):
        path: Path = ("distributions", i)
        one: Distribution | None = read(Distribution, row, path, problems)
        _strangers(row, "offers", known, path, problems)
        if one is None:
            continue
        _once(one.code, codes, path, problems)
        window = window_of(one.window, (*path, "window"), problems, zone)
        lists = [frozenset(codes) for codes in (one.channels, one.scenes, one.stores, one.segments, one.buyers)]
        terms = Terms(one.code, window, *lists)
        for offer in offers.values():
            if offer.code in one.offers if one.offers else offer.campaign == one.campaign:
                offer.terms.append(terms)


def _strangers(row: Any, name: str, known: dict[str, None], path: Path, problems: Problems) -> None:
    """Note the codes under `name` that no offer of the file has, also where something else is wrong with the row."""
    listed = row.get(name) if isinstance(row, Mapping) else None
    for j, code in enumerate(listed if isinstance(listed, list | tuple) else ()):
        if isinstance(code, str) and code and code not in known:
            unknown_code(code, list(known) if len(problems) < 1000 else [], (*path, name, j), problems)


def _once(code: str, codes: set[str], path: Path, problems: Problems) -> None:
    if code in codes:
        problems.add((*path, "code"), "twice", f"{code!r} is used twice", f"{code!r} 重复")
    codes.add(code)
