"""A rule as people read it: the rulebook's sentence with names in the place of codes, in each language its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.records.viewer import SYSTEM, Viewer
from festoon.rulebook.sentence import sentence

SHOWN = 3
NAMED: Mapping[str, Callable[[Viewer], QuerySet[Any]]] = {
    "sku": catalog.visible,
    "category": catalog.categories,
    "brand": catalog.brands,
    "store": catalog.stores,
    "merchant": catalog.merchants,
    "any": catalog.segments,
    "none": catalog.segments,
}
"""Where the names of the codes under a field of a release are found."""

LEVELS: Mapping[str, Words] = {"gold": Words("gold", "金卡"), "silver": Words("silver", "银卡")}
"""What people call the levels of members."""
TAGS: Mapping[str, Words] = {"gift": Words("gift", "赠品"), "festive": Words("festive", "节庆")}
"""What people call tags of ours and of the demonstration; a shop writes its own in its own language."""
KNOWN: Mapping[str, Mapping[str, Words]] = {"level": LEVELS, "tag": TAGS}
"""The names of codes that stand in no table, by the field they stand under."""
Names = Mapping[str, Words]


def rule(release: Mapping[str, Any], currency: str, unknown: Words | None = None) -> Words:
    """The sentence of a release or a draft; goods that are not in the catalogue are called `unknown`, else by code."""
    wanted: dict[str, set[str]] = {}
    _gather(release, "", wanted)
    names = {code: name for field, codes in wanted.items() for code, name in names_of(field, sorted(codes)).items()}
    if unknown is not None:
        names = dict.fromkeys(wanted.get("sku", ()), unknown) | names
    if not names:
        return sentence(release, currency)
    en, zh = (_said(release, "", names, pick) for pick in (lambda words: words.en, lambda words: words.zh))
    return Words(sentence(en, currency).en, sentence(zh, currency).zh)


def names_of(field: str, codes: Sequence[str]) -> Names:
    """What people call these codes; codes without a name are left out."""
    if known := KNOWN.get(field):
        return {code: known[code] for code in codes if code in known}
    if field not in NAMED or not codes:
        return {}
    key = "sku" if field == "sku" else "code"
    rows = NAMED[field](SYSTEM).filter(**{f"{key}__in": list(codes)}).values_list(key, "name_en", "name_zh")
    return {code: Words(en, zh or en) for code, en, zh in rows}


def _gather(value: Any, field: str, wanted: dict[str, set[str]]) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _gather(inner, str(name), wanted)
    elif isinstance(value, str):
        wanted.setdefault(field, set()).add(value)
    elif isinstance(value, Sequence):
        for inner in sorted(each for each in value if isinstance(each, str))[:SHOWN]:
            wanted.setdefault(field, set()).add(inner)
        for inner in value:
            if not isinstance(inner, str):
                _gather(inner, field, wanted)


def _said(value: Any, field: str, names: Names, pick: Callable[[Words], str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _said(inner, str(name), names, pick) for name, inner in value.items()}
    if isinstance(value, str):
        return pick(names[value]) if (field in NAMED or field in KNOWN) and value in names else value
    if isinstance(value, Sequence):
        return [_said(inner, field, names, pick) for inner in value]
    return value
