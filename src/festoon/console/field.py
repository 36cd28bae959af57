"""What the `field` component draws of any form field: its control, its label, its help, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

Picked = forms.DateTimeInput | forms.DateInput | forms.TimeInput
PICKERS: Sequence[tuple[type[Picked], str, str]] = (
    (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
    (forms.DateInput, "date", "%Y-%m-%d"),
    (forms.TimeInput, "time", "%H:%M"),
)
CLASSES = {"select": "form-select", "check": "form-check-input", "options": "form-check-input"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One field: `kind` is input, area, select, check, options or hidden; `anchor` is where an error leads."""

    bound: BoundField
    kind: str
    prefix: str
    suffix: str
    anchor: str

    @property
    def control(self) -> str:
        """The control itself, tied to its help and its errors."""
        return self.bound.as_widget(attrs={"aria-describedby": said} if (said := self.described) else None)

    @property
    def described(self) -> str:
        """The ids of what describes the control."""
        told = [(self.bound.help_text, "helptext"), (self.bound.errors, "error")]
        return " ".join(f"{self.bound.auto_id}_{part}" for there, part in told if there)

    @property
    def options(self) -> Sequence[Any]:
        """Of a field with options, each by itself."""
        return self.bound.subwidgets


def drawn(bound: BoundField, prefix: str = "", suffix: str = "") -> Drawn:
    """`bound` made ready to be drawn; a prefix and a suffix come from here, else from the field itself."""
    kind = kind_of(bound)
    widget = bound.field.widget
    shown = widget.attrs.get("class", "")
    widget.attrs["class"] = f"{CLASSES.get(kind, 'form-control')} {shown}".strip()
    if bound.errors and kind != "options":
        widget.attrs["class"] += " is-invalid"
    _pick(widget)
    if isinstance(bound.field, forms.DecimalField | forms.IntegerField) and isinstance(widget, forms.NumberInput):
        widget.attrs.setdefault("inputmode", "decimal" if isinstance(bound.field, forms.DecimalField) else "numeric")
    return Drawn(
        bound,
        kind,
        str(prefix or getattr(bound.field, "prefix", "")),
        str(suffix or getattr(bound.field, "suffix", "")),
        bound.auto_id if kind == "options" else bound.id_for_label,
    )


def kind_of(bound: BoundField) -> str:
    """How a field is drawn."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "options"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.Select):
        return "select"
    return "area" if isinstance(widget, forms.Textarea) else "input"


def _pick(widget: forms.Widget) -> None:
    """A moment, a day or a time is picked, not typed."""
    for kind, picker, written in PICKERS:
        if isinstance(widget, kind) and widget.input_type == "text":
            widget.input_type, widget.format = picker, written
            return
