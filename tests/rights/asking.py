"""How everything is asked for in another's name: the arguments by their names, the answers as text."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from itertools import islice, product
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.test.utils import CaptureQueriesContext

import festoon
from festoon.base.words import Words
from festoon.records.refusal import Refusal
from festoon.review.actions import Said
from tests.rights.world import NOW, B, House

NOWHERE = "nowhere"
NO_NAMES = {"factor", "count", "units", "shoppers"}
"""Numbers that name nothing."""
FORGOTTEN = {"django_session", "coupons_wrongtry", "sqlite_sequence", "django_migrations"}
"""Tables in which an attempt may leave something: who is there, who guesses."""


def questions() -> dict[str, Callable[..., Any]]:
    """Every public function that takes the viewer first, in whatever room: everything there is to be read by."""
    found: dict[str, Callable[..., Any]] = {}
    for each in pkgutil.walk_packages(festoon.__path__, "festoon."):
        name = each.name.removeprefix("festoon.")
        if name.split(".")[0] in {"demo", "cli", "engine", "rulebook", "base"} or ".migrations" in each.name:
            continue
        module = import_module(each.name)
        for key, value in vars(module).items():
            if not key.startswith("_") and inspect.isfunction(value) and value.__module__ == each.name:
                if next(iter(inspect.signature(value).parameters), "") == "viewer":
                    found[f"{name}.{key}"] = value
    return found


def ways(function: Callable[..., Any], of: House, *, nowhere: bool = False) -> Iterator[dict[str, Any]]:
    """Arguments that name things of this house, in every combination there is a name for; of nobody, when `nowhere`."""
    names = [
        name
        for name, each in inspect.signature(function).parameters.items()
        if name not in {"viewer", "by", "key"} and (each.default is each.empty or name in {"offer", "template", "key"})
    ]
    choices = [
        [_nowhere(value) if nowhere and name not in NO_NAMES else value for value in _known(name, function, of)]
        for name in names
    ]
    for chosen in islice(product(*choices), 64):
        yield dict(zip(names, chosen, strict=True))


def _known(name: str, function: Callable[..., Any], of: House) -> list[Any]:
    """What an argument of this name may be, of the house's own things."""
    ids, mark = of.ids, of.mark
    offer_is_text = "str" in str(inspect.signature(function).parameters[name].annotation)
    offer = ids["promo"], ids["coupon_offer"], ids["waits"]
    codes = ["promo", "coupon", "waits", "theme", "way", "preset", "store", "tea-1"]
    table: dict[str, list[Any]] = {
        "campaign": [f"{mark}-theme"] if offer_is_text else [ids["theme"]], "now": [NOW], "since": [None],
        "offer": [f"{mark}-coupon", f"{mark}-promo"] if offer_is_text else [*offer],
        "thing": [*offer, ids["theme"], ids["preset"]], "offers": [list(offer)], "wanted": [list(offer)], "first": [ids["promo"]], "second": [ids["waits"]],
        "preset": [ids["preset"]], "template": [ids["coupon_offer"].template], "grain": ["line"], "one": [],
        "code": [mark, *(f"{mark}-{each}" for each in codes), ids["exclusion"], ids["flyer"], ids["coupon"]],
        "codes": [[f"{mark}-{each}" for each in codes]], "ids": [[ids["coupon"], ids["used"]]],
        "number": [ids["review"], ids["hook"], ids["issue"], ids["alarm"], ids["job"], ids["mention"], ids["hold"], ids["redeemed"]],
        "numbers": [[ids["review"], ids["hook"]]], "campaigns": [[ids["theme"].pk]], "themes": [[ids["theme"]]],
        "kind": ["offer", "promotion", "campaign"], "kinds": [("promotion", "offer", "campaign")],
        "subject": [f"{mark}-waits", f"{mark}-promo", f"{mark}-theme"], "subjects": [[f"{mark}-waits"]],
        "read": [None, [ids["review"]]], "sku": [f"{mark}-tea-1"], "shopper": ["mei"], "shoppers": [["mei"], [1, 2]],
        "hold": [ids["hold"]], "redemption": [ids["redeemed"]], "coupon": [ids["coupon"], ids["used"]],
        "token": [ids["token"]], "text": [ids["token"]], "units": [{"a": 1}], "distribution": [f"{mark}-way"],
        "name": [f"{mark}-key", f"{mark}-c1"], "merchant": [mark], "search": [mark], "issue": [ids["issue"]],
        "endpoint": [ids["hook"]], "events": [[f"{mark}-event"]], "objects": [[f"{mark}-object"]], "digest": ["x"],
        "why": ["because"], "said": [Said()], "comment": ["no"], "reason": [Words("x", "x")], "review": [], "owner": [],
        "audience": [{"shoppers": ["mei"]}], "rows": [["ZZZZZZZZ7788"]], "batch": ["b"], "count": [1], "factor": [300],
        "delivery": [ids["delivery"]], "person": [f"{mark}-boss"], "to": [f"{mark}-mate"], "roles": [["merchant"]],
    }  # fmt: skip
    return table.get(name, [])


def _nowhere(value: Any) -> Any:
    """The same, of nobody: no such code, no such number."""
    if isinstance(value, Model):
        gone = copy.copy(value)
        gone.pk = -1000 - value.pk
        if hasattr(gone, "code"):
            gone.code = str(gone.code).replace(B, NOWHERE)
        return gone
    if isinstance(value, list):
        return [_nowhere(each) for each in value]
    if (
        isinstance(value, bool)
        or not isinstance(value, int | str)
        or value in {"offer", "promotion", "campaign", "line", "mei"}
    ):
        return value
    if isinstance(value, int):
        return 987654
    if B in value:
        return value.replace(B, NOWHERE)
    return "0" * len(value) if len(value) > 20 else value


def answer(ask: Callable[[], Any]) -> tuple[str, int]:
    """What came of it, as text, a refusal too; and how many questions the database was asked."""
    with CaptureQueriesContext(connection) as asked:
        try:
            said = text(ask())
        except Refusal as refusal:
            said = f"refused {refusal.code} {refusal.status} {refusal.words.en} {refusal.words.zh} {refusal.field} {refusal.detail}"
    return said, len(asked)


def text(value: Any, deep: int = 0) -> str:
    """Everything an answer says, rows with all their columns and what they lead to. What has no order is put in one."""
    if deep > 6:
        return ""
    if isinstance(value, QuerySet) and not value.ordered:
        return str(sorted(text(each, deep + 1) for each in value)[:200])
    if isinstance(value, QuerySet | Iterator):
        value = list(islice(value, 200))
    if isinstance(value, Model):
        near = {name: text(each, deep + 1) for name, each in value._state.fields_cache.items()}
        own = {name: each for name, each in vars(value).items() if name not in {"_state", "_prefetched_objects_cache"}}
        return f"{type(value).__name__} {sorted(own.items(), key=lambda pair: pair[0])} {sorted(near.items())}"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return text({each.name: getattr(value, each.name) for each in dataclasses.fields(value)}, deep + 1)
    if isinstance(value, Mapping):
        return "{" + ", ".join(sorted(f"{text(k, deep + 1)}: {text(v, deep + 1)}" for k, v in value.items())) + "}"
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        parts = [text(each, deep + 1) for each in value]
        return str(sorted(parts) if isinstance(value, set | frozenset) else parts)
    return "" if callable(value) else re.sub(r" at 0x[0-9a-f]+", "", str(value))


def without(said: str, given: Any) -> str:
    """A refusal without what was put into it: an echo tells nobody anything. Of any other answer every word counts."""
    if not said.startswith("refused"):
        return said
    for word in sorted(re.findall(r"[\w-]+", text(given)), key=len, reverse=True):
        said = said.replace(word, "") if len(word) > 3 else said
    return said


def rows() -> str:
    """Every row of every table, as one hash: what a refused write leaves as it was."""
    whole = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names()) - FORGOTTEN):
            cursor.execute(f'SELECT * FROM "{table}"')
            whole.update(repr((table, sorted(map(repr, cursor.fetchall())))).encode())
    return whole.hexdigest()
