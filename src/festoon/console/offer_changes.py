"""What of an offer changes: two drafts or releases of it beside each other, field by field, in the words of its form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festoon.base.form import Field
from festoon.base.form import fields as fields_of
from festoon.base.kinds import Codes
from festoon.base.problems import Path
from festoon.base.words import Words, joined
from festoon.console.offer_form.control import NOTHING, Terms
from festoon.console.offer_form.figures import both
from festoon.console.offer_form.form import BY_EYE, FINE, MONEY, RELEASE, ROOMS
from festoon.console.offer_form.parts import PRICES, widget
from festoon.console.offer_form.shelved import benefit_fields, type_fields
from festoon.console.offer_form.titles import title
from festoon.console.offer_page import ATTRIBUTES, sentence_of, type_title
from festoon.console.words import said
from festoon.offers.drafts import plain, span
from festoon.rulebook import conditions, refunds
from festoon.rulebook.fields import Span
from festoon.storefront.rule import names_of
from festoon.storefront.templatetags.said import moment, money_round, time_zone

SENTENCE = Words("Shoppers read", "顾客看到")
KIND = Words("Type", "类型")
GOODS = Words("Goods", "商品")
BUT = Words("Goods left out", "排除的商品")
ONLY_FULL = Words("Only goods that nothing else has reduced yet", "仅限未参与其他优惠的商品")
PERIOD = Words("Period", "活动时间")
RETURNS = Words("When goods come back", "退货时")
CODES = Field("goods", NOTHING, NOTHING, Codes(least=0), False, ())
"""The values of one attribute of goods."""
YES, NO = Words("yes", "是"), Words("no", "否")
MORE = 6
"""Of more values than these, the rest are counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs: what it was and what it becomes, or of a list what goes and what comes."""

    label: str
    before: str = ""
    after: str = ""
    gone: Sequence[str] = ()
    come: Sequence[str] = ()
    kept: int = 0

    @property
    def listed(self) -> bool:
        """Whether it is a list of which some values go or come."""
        return bool(self.gone or self.come)

    @property
    def shown(self) -> Sequence[tuple[str, Sequence[str], int]]:
        """What goes and what comes, each the first few and how many more."""
        ways = (("gone", self.gone), ("come", self.come))
        return [(way, names[:MORE], max(0, len(names) - MORE)) for way, names in ways if names]


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of an offer; `field` says how it is read, None that it is words already."""

    label: Words
    value: Any
    field: Field | None = None
    path: Path = ()


def changes(before: Mapping[str, Any], after: Mapping[str, Any], terms: Terms) -> list[Change]:
    """Every field in which the two differ, what shoppers read first. Terms that `before` does not tell are left out."""
    was, now = (dict(_values(each, terms, room="terms" in before)) for each in (before, after))
    pairs = [(was.get(name), now.get(name)) for name in dict.fromkeys([*now, *was])]
    return [_change(one, other, terms) for one, other in pairs if _told(one) != _told(other)]


def _change(was: _Value | None, now: _Value | None, terms: Terms) -> Change:
    either = now or was
    assert either is not None
    label = said(either.label)
    if either.field is not None and either.field.kind.name == "codes":
        gone, come = (_less(one, other) for one, other in ((was, now), (now, was)))
        kept = len(_codes(now)) - len(come)
        return Change(label, gone=_names(gone, either, terms), come=_names(come, either, terms), kept=kept)
    before, after = (_text(each, terms) for each in (was, now))
    if before == after:  # two things of one name
        before, after = (str(each.value) if each is not None else "" for each in (was, now))
    return Change(label, before, after)


def _values(data: Mapping[str, Any], terms: Terms, *, room: bool) -> Iterator[tuple[Path, _Value]]:
    """What an offer says, by where it stands: in the order of the form."""
    kind = str(data.get("kind") or "promotion")
    sentence = sentence_of(data, terms.currency)
    yield ("sentence",), _Value(SENTENCE, said(sentence) if sentence else "")
    name = data.get("name") or {}
    yield ("name",), _Value(RELEASE["name"].label, " · ".join(str(name.get(each) or "") for each in ("en", "zh")))
    yield from _rule(data)
    yield from _goods(data.get("scope") or {})
    yield from _fields([RELEASE["campaign"]], data, ())
    yield from _period(data.get("window") or {}, terms.zone)
    yield from _conditions(data.get("when") or ())
    if room:
        yield from _fields(fields_of(ROOMS[kind]), data.get("terms") or {}, ())
    yield from _fields([RELEASE[each] for each in (BY_EYE, *MONEY, *FINE)], data, ())
    for code, given in (data.get("refund") or {}).items():
        policy = refunds.shelf.get(code)
        yield ("refund",), _Value(RETURNS, said(policy.title) if policy else code)
        yield from _fields(fields_of(policy) if policy else (), given or {}, ("refund", code))


def _period(window: Mapping[str, Any], zone: str) -> Iterator[tuple[Path, _Value]]:
    """The two ends by the clock of the page; whoever writes them by another clock is told which."""
    ends = span(window, zone)
    for field, end in zip(fields_of(Span), (*ends, window.get("zone")), strict=True):
        told = "" if not end else time_zone(end) if isinstance(end, str) else moment(end)
        yield ("window", field.name), _Value(joined([PERIOD, field.label], ": ", "："), told)


def _rule(data: Mapping[str, Any]) -> Iterator[tuple[Path, _Value]]:
    if "type" in data:
        code = str(data["type"])
        yield ("type",), _Value(KIND, said(type_title(code)))
        yield from _fields(type_fields(code), data.get("with") or {}, ("with", code))
    for code, given in (data.get("benefit") or {}).items():
        yield ("type",), _Value(KIND, said(type_title(code)))
        yield from _fields(benefit_fields(code), given or {}, ("benefit", code))


def _conditions(given: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Path, _Value]]:
    """Each by its code, so that one that is taken away does not make the others look changed."""
    often: dict[str, int] = {}
    for each in given:
        for code, asked in each.items():
            often[code] = often.get(code, -1) + 1
            cls = conditions.shelf.get(code)
            path, named = ("when", code, often[code]), title(cls, code) if cls else Words(code, code)
            inner = fields_of(cls) if cls else []
            if not inner:
                yield path, _Value(named, said(YES))
            yield from _fields(inner, asked or {}, path, named, absent=True)


def _goods(scope: Mapping[str, Any]) -> Iterator[tuple[Path, _Value]]:
    """The values of each attribute, those that are left out too; the rest of a scope."""
    for part, label, path in ((scope, GOODS, ("scope",)), (scope.get("except") or {}, BUT, ("scope", "except"))):
        for name, values in part.items():
            if name in ATTRIBUTES:
                words = joined([label, ATTRIBUTES[name]], " · ", " · ")
                yield (*path, name), _Value(words, list(values), CODES, (*path, name))
    prices = scope.get("list_price") or {}
    yield from _fields(PRICES, prices, ("scope", "list_price"), GOODS)
    yield ("scope", "not_discounted"), _Value(ONLY_FULL, said(YES if scope.get("not_discounted") else NO))


def _fields(
    fields: Sequence[Field], data: Any, path: Path, of: Words | None = None, *, absent: bool = False
) -> Iterator[tuple[Path, _Value]]:
    """The values of a form; of what is not said its default, unless with `absent` the form itself may not be there."""
    given = data if isinstance(data, Mapping) else {}
    for field in fields:
        here, words = (*path, field.name), joined([of, field.label], ": ", "：") if of else field.label
        inner: Any = getattr(field.kind, "of", None)
        if field.kind.name == "form":
            yield from _fields(fields_of(inner), given.get(field.name), here, words)
            continue
        value = given.get(field.name)
        value = field.default if value is None else value
        if not absent or value is not None:
            yield here, _Value(words, plain(_rows(value)), field, here)


def _rows(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _told(one: _Value | None) -> Any:
    """What counts of a value: nothing, none and no are one, and a list of codes has no order."""
    if one is None or one.value in (None, "", [], False) or one.value == said(NO):
        return None
    is_codes = one.field is not None and one.field.kind.name == "codes"
    return sorted(one.value) if is_codes else one.value


def _codes(one: _Value | None) -> list[str]:
    return list(one.value or ()) if one is not None else []


def _less(one: _Value | None, other: _Value | None) -> list[str]:
    return [code for code in _codes(one) if code not in set(_codes(other))]


def _names(codes: Sequence[str], of: _Value, terms: Terms) -> list[str]:
    known = dict(names_of(str(of.path[-1]), codes)) | dict(terms.vocabulary(of.path) or ())
    return [said(known[code]) if code in known else code for code in codes]


def _text(one: _Value | None, terms: Terms) -> str:
    """A value as people read it."""
    if one is None or one.value is None:
        return ""
    return str(one.value) if one.field is None else _said(one.field, one.value, one.path, terms)


def _said(field: Field, value: Any, path: Path, terms: Terms) -> str:
    kind = field.kind.name
    if value is None:
        return ""
    if kind == "table":
        return said(joined([_row(field, row, (*path, at), terms) for at, row in enumerate(value)], "; ", "；"))
    if kind == "flag":
        return said(YES if value else NO)
    if kind == "money":
        return money_round(value, terms.currency)
    if kind == "percent":
        return said(both(value))
    if kind == "codes":
        return said(
            joined([Words(each, each) for each in _names(value, _Value(field.label, value, field, path), terms)])
        )
    if kind == "moment":
        return moment(span({"start": value}, terms.zone)[0])
    options: Sequence[tuple[str, Words]] = getattr(field.kind, "options", ())
    known = dict(terms.vocabulary(path) or options)
    if value in known:
        return said(known[value])
    drawn = widget(field).draw(field, [widget(field).text(value, field, terms)], path, terms)
    return f"{drawn.prefix}{drawn.text}{drawn.suffix}"


def _row(field: Field, row: Any, path: Path, terms: Terms) -> Words:
    """A row of a table: each of its values after what it is called."""
    inner: Any = getattr(field.kind, "of", None)
    told = [
        f"{said(each.label)} {_said(each, row[each.name], (*path, each.name), terms)}"
        for each in fields_of(inner)
        if row.get(each.name) not in (None, "")
    ]
    return joined([Words(each, each) for each in told])
