"""The forms of one's own account: a new password, a code, both together."""

from __future__ import annotations

from typing import Any

from django import forms

from festoon.base.words import Words
from festoon.console.words import said


def _secret(en: str, zh: str, name: str, help: Words | None = None) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": name})
    return forms.CharField(
        label=said(Words(en, zh)), max_length=128, strip=False, widget=widget, help_text=said(help) if help else ""
    )


def _code(help: Words | None = None) -> forms.CharField:
    shown = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}
    label, told = said(Words("Code", "验证码")), said(help) if help else ""
    return forms.CharField(label=label, max_length=16, widget=forms.TextInput(attrs=shown), help_text=told)


class PasswordForm(forms.Form):
    """A new password, twice; the present one unless its owner came by a link."""

    def __init__(self, *given: Any, by_link: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        if not by_link:
            self.fields["old"] = _secret("Present password", "当前密码", "current-password")
        told = Words(
            "At least twelve characters: three or four words that do not belong together are easy to keep.",
            "至少 12 个字符：三四个不相关的词组合起来，既安全又好记。",
        )
        self.fields["new"] = _secret("New password", "新密码", "new-password", told)
        self.fields["again"] = _secret("The new password again", "再次输入新密码", "new-password")

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        told = super().clean() or {}
        if "new" in told and "again" in told and told["new"] != told["again"]:
            self.add_error("again", said(Words("The two are not the same.", "两次输入的密码不一致。")))
        return told


class OnForm(forms.Form):
    """The first code of a phone."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["code"] = _code(Words("The six digits the app shows now.", "验证器应用当前显示的 6 位数字。"))


class BothForm(forms.Form):
    """Password, where there is one, and a code."""

    def __init__(self, *given: Any, password: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        if password:
            self.fields["password"] = _secret("Password", "密码", "current-password")
        told = Words("The six digits of the app, or a code of the paper.", "验证器应用的 6 位数字，或一个备用码。")
        self.fields["code"] = _code(told)
