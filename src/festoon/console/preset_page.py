"""The rule library as screens show it: every preset with its sentence, and one with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festoon.base.words import Words
from festoon.composition.renewing import behind
from festoon.console import history, queries, renewal_page
from festoon.console.offer_form import opening
from festoon.console.offer_form.control import Terms
from festoon.console.offer_page import scope as scope_parts
from festoon.console.preset_parts import leaves
from festoon.console.stands import stands
from festoon.console.wall import CHOSEN
from festoon.offers.from_preset import using
from festoon.presets import library
from festoon.presets import queries as presets
from festoon.presets.form import examples, filled
from festoon.records.refusal import NotFound
from festoon.records.viewer import Viewer
from festoon.review import machine
from festoon.storefront.rule import rule

MOST = 50


@dataclass(frozen=True, slots=True)
class Card:
    """One preset in the library."""

    code: str
    name: Words
    about: Words
    sentence: Words
    kind: str
    state: str
    version: int
    open: int
    used: int


def cards(viewer: Viewer, text: str) -> tuple[list[Card], list[Card]]:
    """The installation's own presets, and those of the house, that fit the text."""
    currency = queries.currency(viewer)
    used = queries.uses_of_presets(viewer)
    rows = list(presets.own(viewer))
    own = [_card(row.code, row.draft, row.state, row.version, currency, used) for row in rows]
    mine = {row.code for row in rows}
    others = [entry for entry in library.library(viewer) if entry.owner and entry.code not in mine]
    own += [_card(entry.code, entry.data, "released", entry.version, currency, used) for entry in others]
    house = [_card(code, entry.data, "", 1, currency, used) for code, entry in library.house().items()]
    return _fit(own, text), _fit(house, text)


def context(viewer: Viewer, code: str, *, now: datetime) -> Mapping[str, Any]:
    """One preset: what it says, fixes and leaves open, its versions, who uses it, and what a newer one would change."""
    row, entry = presets.own(viewer).filter(code=code).first(), _entry(viewer, code)
    if row is None and entry is None:
        raise NotFound("preset")
    content: Mapping[str, Any] = row.draft if row is not None else entry.data  # type: ignore[union-attr]
    currency = queries.currency(viewer)
    rows = using(viewer, code)
    old = behind(viewer, rows)
    offers = list(rows.select_related("merchant")[:MOST])
    return {
        "preset": row,
        "entry": entry,
        "code": code,
        "name": Words(**content["name"]),
        "about": Words(**content["about"]),
        "kind": content["kind"],
        "sentence": sentence_of(content, currency),
        "leaves": leaves(content, terms(viewer, currency)),
        "scope": scope_parts((filled(content, examples(content)).get("scope")) or {}),
        "releases": list(presets.releases(viewer).filter(code=code)),
        "offers": offers,
        "changes": {each.offer.code: each for each in renewal_page.told(viewer, old[:MOST], now=now)},
        "behind": old.count(),
        "happened": history.of(viewer, ("preset",), code) if row is not None else (),
        **(history.talk(viewer, "preset", row) if row is not None else {}),
        "stands": stands(viewer, "preset", row, now=now) if row is not None else None,
        "may_edit": viewer.may("presets.edit") and row is not None and machine.editable(row.state),
        "may_submit": viewer.may("presets.edit") and row is not None and row.state in machine.EDITABLE,
        "may_recall": viewer.may("presets.edit") and row is not None and entry is not None,
        "may_withdraw": viewer.may("presets.edit") and row is not None and row.state == machine.IN_REVIEW,
        "may_reopen": viewer.may("presets.edit") and row is not None and machine.allowed("reopen", row.state),
        "may_renew": viewer.may("offers.edit"),
        "may_use": entry is not None and viewer.may("offers.edit"),
    }


def terms(viewer: Viewer, currency: str) -> Terms:
    """How the values of presets are read and drawn for the viewer."""
    return opening.terms(viewer, queries.house(viewer)) if currency else Terms("CNY")


def usable(viewer: Viewer, code: str) -> bool:
    """Whether new offers may be made from it."""
    return _entry(viewer, code) is not None


def _entry(viewer: Viewer, code: str) -> library.Entry | None:
    try:
        return library.entry(viewer, code)
    except NotFound:
        return None


def _card(
    code: str, content: Mapping[str, Any], state: str, version: int, currency: str, used: Mapping[str, int]
) -> Card:
    return Card(
        code, Words(**content["name"]), Words(**content["about"]), sentence_of(content, currency), content["kind"], state,
        version, len(content["open"]), used.get(code, 0),
    )  # fmt: skip


def sentence_of(content: Mapping[str, Any], currency: str) -> Words:
    """The rule it makes with its examples, in a sentence."""
    return rule({"code": "example", "kind": content["kind"], **filled(content, examples(content))}, currency, CHOSEN)


def _fit(found: list[Card], text: str) -> list[Card]:
    words = text.lower().split()
    return [card for card in found if all(word in _said(card) for word in words)]


def _said(card: Card) -> str:
    parts = (card.name, card.about, card.sentence)
    return " ".join([card.code, *(f"{words.en} {words.zh}" for words in parts)]).lower()
