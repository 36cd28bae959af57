"""Form fields for what people type: money in major units, percents, moments; kept as minor units and basis points.

And what every form does with rows to choose from, and with a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_symbol
from django import forms
from django.utils.timezone import get_current_timezone_name

from festoon.base.money import exponent
from festoon.base.words import Words
from festoon.console.words import said
from festoon.records.names import name_of
from festoon.records.refusal import Refusal
from festoon.storefront.figures import major
from festoon.storefront.templatetags.said import time_zone


class MoneyField(forms.DecimalField):
    """Typed as people write money (12.50), kept in minor units (1250); bounds are in major units."""

    def __init__(self, *, currency: str = "CNY", **given: Any) -> None:
        self.currency, self.prefix = currency, get_currency_symbol(currency, "zh_Hans_CN")
        super().__init__(decimal_places=exponent(currency), **{"min_value": 0, "max_digits": 14} | given)

    def prepare_value(self, value: Any) -> Any:
        """Minor units as they are typed; what somebody typed stays as it is."""
        return major(value, self.currency) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Minor units; None for nothing."""
        return _whole(super().clean(value), exponent(self.currency))


class PercentField(forms.DecimalField):
    """Typed as a percentage (12.5), kept in basis points (1250)."""

    suffix = "%"

    def __init__(self, **given: Any) -> None:
        super().__init__(decimal_places=2, **{"min_value": 0, "max_value": 100} | given)

    def prepare_value(self, value: Any) -> Any:
        """Basis points as they are typed; what somebody typed stays as it is."""
        return f"{Decimal(value).scaleb(-2).normalize():f}" if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Basis points; None for nothing."""
        return _whole(super().clean(value), 2)


def _whole(value: Decimal | None, places: int) -> int | None:
    return None if value is None else int(value.scaleb(places))


UNTIL = Words(
    "In {zone}. Midnight of the 15th means to the end of the 14th.",
    "按{zone}。填 15 日 00:00，即至 14 日结束。",
)
CLOCK = Words("In {zone}.", "按{zone}。")


def moment(label: Words, *, last: bool = False) -> forms.DateTimeField:
    """A moment by the clock of the page, which is said beside it; of the `last` of a span, that it is not in it."""
    told = said(UNTIL if last else CLOCK).format(zone=time_zone(get_current_timezone_name()))
    return forms.DateTimeField(label=said(label), widget=forms.DateTimeInput, help_text=told)


def to_choose(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Rows that have a code and a name, as the choices of a field."""
    return [(row.code, said(name_of(row))) for row in rows]


def refused(form: forms.Form, refusal: Refusal) -> None:
    """Show a refusal at its field where the form has it, else above the form."""
    place = re.sub(r"\W.*$", "", refusal.field)
    place = place if place in form.fields else f"{place}_en" if f"{place}_en" in form.fields else None  # type: ignore[assignment]
    form.add_error(place, said(refusal.words))
