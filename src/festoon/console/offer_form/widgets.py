"""How each kind of value is typed: read from what was posted, written into a form, drawn as a control."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from babel.numbers import get_currency_symbol

from festoon.base.form import Field
from festoon.base.problems import Path
from festoon.base.windows import instant, local
from festoon.base.words import Words
from festoon.console.offer_form import figures
from festoon.console.offer_form.control import NOTHING, Control, Option, Terms, dotted
from festoon.console.offer_form.figures import Unread
from festoon.console.offer_form.raw import text, texts

ABSENT: Any = object()
"""Nothing was typed: the field is left out."""
NAMES_GOODS = ("sku", "instead")
"""Texts that name one of the goods, and are looked for among them."""

ROUNDINGS = {
    "half_up": Words("half up", "四舍五入"),
    "half_even": Words("half to even", "四舍六入五成双"),
    "floor": Words("down", "向下取整"),
    "ceiling": Words("up", "向上取整"),
}
"""What people call the ways of rounding."""


class Widget:
    """A text, typed as it is."""

    template: ClassVar[str] = "text"
    mode: ClassVar[str] = "text"

    def read(self, field: Field, raw: Any, path: Path, terms: Terms, before: Any = ABSENT) -> Any:
        """The value; ABSENT when nothing was typed or what was typed cannot be read, which is then a problem."""
        del before
        typed = text(raw)
        if not typed:
            return ABSENT
        try:
            return self.value(typed, field, terms)
        except Unread as unread:
            terms.problems.add(path, "unread", unread.words.en, unread.words.zh)
            return ABSENT

    def value(self, typed: str, field: Field, terms: Terms) -> Any:
        """The value of a text; raises Unread."""
        del field, terms
        return typed

    def write(self, field: Field, value: Any, terms: Terms) -> Any:
        """What stands in the form for a value; for ABSENT, what a fresh form shows."""
        given = field.default if value is ABSENT else value
        return [""] if given is None else [self.text(given, field, terms)]

    def text(self, value: Any, field: Field, terms: Terms) -> str:
        """A value as one types it."""
        del field, terms
        return str(value)

    def draw(self, field: Field, raw: Any, path: Path, terms: Terms) -> Control:
        """The control with what stands in it."""
        made = self.control(field, path, terms)
        made.text = text(raw)
        known = terms.vocabulary(path)
        if path[-1] in NAMES_GOODS:
            made.template = "sku"
        elif known is not None:
            made.template = "select"
            codes = [code for code, _ in known]
            extra = [(made.text, Words(made.text, made.text))] if made.text and made.text not in codes else []
            made.options = [Option(code, words, code == made.text) for code, words in [*known, *extra]]
        return made

    def control(self, field: Field, path: Path, terms: Terms) -> Control:
        """An empty control of the field."""
        name = dotted(path)
        return Control(
            name=name, words=field.label, help=field.help, template=self.template, required=field.required,
            errors=terms.errors.get(name, ()), mode=self.mode,
        )  # fmt: skip


class Money(Widget):
    """An amount in the currency's major unit."""

    mode: ClassVar[str] = "decimal"

    def value(self, typed: str, field: Field, terms: Terms) -> Any:
        """Minor units."""
        del field
        return figures.money(typed, terms.currency)

    def text(self, value: Any, field: Field, terms: Terms) -> str:
        """In the major unit."""
        del field
        return figures.money_text(value, terms.currency) if isinstance(value, int) else str(value)

    def write(self, field: Field, value: Any, terms: Terms) -> Any:
        """A default of nothing is shown as nothing."""
        return [""] if value is ABSENT and not field.default else super().write(field, value, terms)

    def control(self, field: Field, path: Path, terms: Terms) -> Control:
        """With the sign of the currency before it."""
        made = super().control(field, path, terms)
        made.prefix = get_currency_symbol(terms.currency, locale="zh_Hans_CN")
        return made


class Count(Widget):
    """A whole number."""

    mode: ClassVar[str] = "numeric"

    def value(self, typed: str, field: Field, terms: Terms) -> Any:
        """The number."""
        del field, terms
        return figures.count(typed)


class Percent(Widget):
    """A percentage off: per cent, or 折 where the page says it so."""

    mode: ClassVar[str] = "decimal"
    template: ClassVar[str] = "percent"
    is_discount: ClassVar[bool] = True

    def value(self, typed: str, field: Field, terms: Terms) -> Any:
        """Basis points."""
        del field
        return figures.percent(typed, zhe=self.is_discount and terms.zhe)

    def text(self, value: Any, field: Field, terms: Terms) -> str:
        """As one types it."""
        del field
        zhe = self.is_discount and terms.zhe
        return figures.percent_text(value, zhe=zhe) if isinstance(value, int) else str(value)

    def write(self, field: Field, value: Any, terms: Terms) -> Any:
        """A default of nothing is shown as nothing."""
        return [""] if value is ABSENT and not field.default else super().write(field, value, terms)

    def draw(self, field: Field, raw: Any, path: Path, terms: Terms) -> Control:
        """With what it means in both languages beside it, so that 9 and 90 are not mistaken."""
        made = super().draw(field, raw, path, terms)
        zhe = self.is_discount and terms.zhe
        made.suffix = "折" if zhe else "%"
        try:
            made.more = figures.percent(made.text, zhe=zhe) if made.text and self.is_discount else None
        except Unread:
            made.more = None
        return made


class Share(Percent):
    """A part of a whole: per cent in every language."""

    template: ClassVar[str] = "text"
    is_discount: ClassVar[bool] = False


class Flag(Widget):
    """A tick."""

    template: ClassVar[str] = "flag"

    def read(self, field: Field, raw: Any, path: Path, terms: Terms, before: Any = ABSENT) -> Any:
        """Whether it is ticked."""
        del field, path, terms, before
        return bool(text(raw))

    def write(self, field: Field, value: Any, terms: Terms) -> Any:
        """On, or nothing."""
        del terms
        return ["on"] if (field.default if value is ABSENT else value) else [""]


class Choice(Widget):
    """One of a few words."""

    template: ClassVar[str] = "select"

    def draw(self, field: Field, raw: Any, path: Path, terms: Terms) -> Control:
        """With its options; one that may be left open begins with nothing."""
        made, typed = self.control(field, path, terms), text(raw)
        options = [
            Option(code, ROUNDINGS.get(code, words), code == typed)
            for code, words in getattr(field.kind, "options", ())
        ]
        made.options = options if field.default is not None else [Option("", NOTHING, not typed), *options]
        made.text = typed
        return made


class Moment(Widget):
    """A date and time by the clock of the offer's zone."""

    template: ClassVar[str] = "moment"

    def text(self, value: Any, field: Field, terms: Terms) -> str:
        """To the minute, as the browser's field wants it."""
        del field
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        if moment.tzinfo is not None:
            moment = local(instant(moment.isoformat()), terms.zone)
        return moment.replace(tzinfo=None).isoformat(timespec="minutes")


class Codes(Widget):
    """Codes: ticked where they are known, typed one a line where they are not."""

    template: ClassVar[str] = "codes"

    def read(self, field: Field, raw: Any, path: Path, terms: Terms, before: Any = ABSENT) -> Any:
        """The codes; none is nothing."""
        del field, path, terms, before
        return texts(raw) or ABSENT

    def write(self, field: Field, value: Any, terms: Terms) -> Any:
        """Each by itself."""
        del terms
        return list((field.default if value is ABSENT else value) or ())

    def draw(self, field: Field, raw: Any, path: Path, terms: Terms) -> Control:
        """With the codes that are known to be ticked, and a place for others where none is."""
        made, on = self.control(field, path, terms), texts(raw)
        known = terms.vocabulary(path)
        listed = [code for code, _ in known or ()]
        extra = [(code, Words(code, code)) for code in on if code not in listed]
        made.options = [Option(code, words, code in on) for code, words in [*(known or ()), *extra]]
        made.more = not known
        return made


class Pair(Widget):
    """A name in both languages."""

    template: ClassVar[str] = "words"

    def read(self, field: Field, raw: Any, path: Path, terms: Terms, before: Any = ABSENT) -> Any:
        """Both, as they are; nothing when neither is there."""
        del field, path, terms, before
        given = {language: text(raw.get(language)) for language in ("en", "zh")} if isinstance(raw, dict) else {}
        return given if any(given.values()) else ABSENT

    def write(self, field: Field, value: Any, terms: Terms) -> Any:
        """Both."""
        del field, terms
        given = value if isinstance(value, dict) else {}
        return {language: [given.get(language, "")] for language in ("en", "zh")}

    def draw(self, field: Field, raw: Any, path: Path, terms: Terms) -> Control:
        """Two fields beside each other."""
        made = self.control(field, path, terms)
        parts = raw if isinstance(raw, dict) else {}
        names = {"en": Words("In English", "英文"), "zh": Words("In Chinese", "中文")}
        made.controls = [
            Control(f"{made.name}.{language}", words, NOTHING, "text", required=field.required,
                    text=text(parts.get(language)), errors=terms.errors.get(f"{made.name}.{language}", ()))
            for language, words in names.items()
        ]  # fmt: skip
        return made


Read = Callable[[Field, Any, Path, Terms, Any], Any]
