"""What one does with a preset: drafted, reviewed and released like an offer; an offer that uses it keeps its version.

Each verb is one transaction with one audit row; what comes twice, late or half-way is told in `review.way`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from festoon.base.words import Words
from festoon.catalog import queries as catalog
from festoon.presets import library, queries
from festoon.presets.form import check_preset
from festoon.presets.models import Preset, PresetRelease
from festoon.records import keys
from festoon.records.batch import Column, Wrong
from festoon.records.canonical import digest
from festoon.records.refusal import Conflict, Invalid, NotFound
from festoon.records.tables import change, insert, insert_new
from festoon.records.values import text
from festoon.records.viewer import Viewer
from festoon.review import actions as review
from festoon.review import machine, way
from festoon.review.models import Review
from festoon.review.refusals import say_why
from festoon.review.verbs import Verbs

KIND = "preset"
TAKEN = Words(en="A preset has this code already.", zh="已有预设使用此编号。")
LOCKED = Words(
    en="It is in review, rejected or recalled: withdraw it or open it again first.", zh="请先撤回或重新打开。"
)


def create(data: Mapping[str, Any], *, by: Viewer, now: datetime, key: str = "") -> Preset:
    """A new draft: code, name, about, kind, rules, open; see `presets.form`. The same key answers the same draft."""
    by.require("presets.edit")
    with transaction.atomic():
        if before := keys.once(by=by, key=key, verb="presets.create", body=dict(data)):
            return queries.preset(by, before.answer["code"])
        content = _read(data)
        code = _code(data)
        if code in library.house() or queries.taken(by, code):
            raise Conflict("taken", TAKEN, field="code")
        made = Preset(
            merchant=catalog.owner(by, ""), code=code, name_en=content["name"]["en"], name_zh=content["name"]["zh"],
            draft=content, author=by.name, created_at=now, edited_at=now,
        )  # fmt: skip
        insert_new(made, Conflict("taken", TAKEN, field="code"))
        keys.remember(by=by, key=key, verb="presets.create", body=dict(data), answer={"code": code}, now=now)
        way.note(WAY, "presets.create", [made], "", by=by, now=now, key=key)
    return made


def edit(preset: Preset, data: Mapping[str, Any], *, by: Viewer, now: datetime) -> Preset:
    """New content for a draft; what was released stays, and so do the offers that use it."""
    by.require("presets.edit")
    content = _read(data)
    with transaction.atomic():
        found = next(iter(queries.locked(by, [preset.code])), None)
        if found is None:
            raise NotFound(KIND)
        if not machine.editable(found.state):
            raise Conflict("in_review", LOCKED, field="state", detail={"state": found.state})
        found.draft, found.state, found.author, found.edited_at = content, machine.DRAFT, by.name, now
        found.name_en, found.name_zh = content["name"]["en"], content["name"]["zh"]
        found.save()
        way.note(WAY, "presets.edit", [found], "", by=by, now=now)
    return found


def recall(preset: Preset, *, why: str, by: Viewer, now: datetime) -> Preset:
    """Take it out of the library: no new offer uses it; those that do go on, for a preset is not what is priced.

    Whatever becomes of its next version: one that is in review is withdrawn, and it comes back only by a new review.
    Not in the library, or recalled twice: Conflict.
    """
    by.require("presets.edit")
    say_why(why)
    with transaction.atomic():
        found = next(iter(queries.locked(by, [preset.code])), None)
        if found is None:
            raise NotFound(KIND)
        release = queries.release(by, found.code, None)
        if release is None:
            raise Conflict("cannot_recall", way.NOT_NOW, field="state", detail={"state": found.state})
        way.take_back(WAY, [found], by=by, now=now)
        found.state, release.recalled_at = machine.RECALLED, now
        change([found], ["state"])
        change([release], ["recalled_at"])
        way.note(WAY, "presets.recall", [found], "", by=by, now=now, why=why)
    preset.state = found.state
    return found


def _read(data: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a preset; Invalid with every problem located."""
    content = {name: data.get(name) for name in ("name", "about", "kind", "rules", "open")}
    problems = check_preset(content)
    if problems:
        detail = {"problems": [problem.to_data() for problem in problems]}
        raise Invalid(problems[0].code, problems[0].words, field=problems[0].field, detail=detail)
    return content


def _code(data: Mapping[str, Any]) -> str:
    try:
        return str(Column("code", text(96)).value(data))
    except Wrong as wrong:
        raise Invalid(wrong.code, wrong.words, field="code") from None


def _submission(preset: Preset) -> review.Submission:
    return review.Submission(KIND, preset.code, preset.draft, preset.merchant_id)


def _agreed(reviews: Mapping[str, Review], found: Sequence[Preset], by: Viewer, now: datetime) -> None:
    for each in found:
        each.version, each.draft = each.version + 1, reviews[each.code].content
    change(found, ["version"])
    insert(
        [
            PresetRelease(
                merchant_id=each.merchant_id, code=each.code, version=each.version, data=each.draft,
                digest=digest(each.draft), review_id=reviews[each.code].pk, released_at=now, released_by=by.name,
            )
            for each in found
        ]
    )  # fmt: skip


WAY = way.Way(
    verbs="presets", name=KIND, right="presets.edit", kind=KIND, locked=queries.locked, submission=_submission,
    agreed=_agreed,
)  # fmt: skip
VERBS: Verbs[Preset] = Verbs(WAY)
submit, decide, approve, withdraw, reopen = VERBS.submit, VERBS.decide, VERBS.approve, VERBS.withdraw, VERBS.reopen
