"""The components: what a form, a matrix and a file say to whoever reads, tabs through or cannot see them."""

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler  # type: ignore[import-untyped]

from festoon.console.inputs import MoneyField, PercentField
from festoon.console.screen import in_drawer
from festoon.console.templatetags.festoon import mentions


class Deal(forms.Form):
    name = forms.CharField(help_text="What shoppers read")
    least = MoneyField()
    off = PercentField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    starts = forms.DateTimeField(required=False)


def drawn(text, **context):
    return Template(CottonCompiler().process(text)).render(Context(context))


def test_money_is_typed_in_major_and_kept_in_minor_units():
    assert MoneyField().clean("12.50") == 1250
    assert MoneyField(currency="JPY").clean("300") == 300
    assert str(MoneyField().prepare_value(1250)) == "12.50"
    with pytest.raises(forms.ValidationError):
        MoneyField().clean("12.505")
    with pytest.raises(forms.ValidationError):
        MoneyField().clean("-1")


def test_percent_is_kept_in_basis_points():
    assert PercentField().clean("12.5") == 1250
    assert PercentField(required=False).clean("") is None
    with pytest.raises(forms.ValidationError):
        PercentField().clean("101")


def test_a_field_is_tied_to_its_help_and_its_error():
    form = Deal({"name": "", "least": "1"})
    html = drawn('<c-field :field="form.name" />', form=form)
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'for="id_name"' in html


def test_a_fields_own_sign_stands_before_or_after_it():
    assert ">¥</span>" in drawn('<c-field :field="form.least" />', form=Deal())
    assert ">%</span>" in drawn('<c-field :field="form.off" />', form=Deal())
    assert ">km</span>" in drawn('<c-field :field="form.off" suffix="km" />', form=Deal())


def test_a_moment_is_picked():
    html = drawn('<c-field :field="form.starts" />', form=Deal(initial={"starts": "2026-12-12T08:00"}))
    assert 'type="datetime-local"' in html


def test_options_are_a_group_with_a_name():
    html = drawn('<c-field :field="form.kind" />', form=Deal({}))
    assert html.count('type="radio"') == 2
    assert '<fieldset class="field " id="id_kind" aria-describedby="id_kind_error"' in html


def test_every_error_leads_to_its_field():
    html = drawn('<c-errors :form="form" />', form=Deal({"name": "", "least": "x", "kind": "c"}))
    assert [f'href="#id_{name}"' in html for name in ("name", "least", "kind", "off")] == [True, True, True, False]
    assert drawn('<c-errors :form="form" />', form=Deal()).strip() == ""


def test_who_is_called_is_set_off_and_nothing_else_is_let_through():
    said = mentions("@chen <script>alert(1)</script> a@b")
    assert '<span class="mention">@chen</span>' in said
    assert "<script" not in said


@pytest.mark.parametrize(("target", "there"), [("div#drawer", True), ("main#main", False), ("", False)])
def test_the_drawer_asks_for_the_page_without_its_frame(target, there):
    request = RequestFactory().get("/", headers={"HX-Target": target})
    assert in_drawer(request) is there


@pytest.mark.django_db
def test_all_of_them_are_for_an_administrator(cast, client, django_user_model):
    from festoon.catalog.sign_in import one_time_path

    client.get(one_time_path("lin"))
    assert client.get("/components/").status_code == 403
    client.force_login(django_user_model.objects.create_superuser("root"))
    full = client.get("/components/?wrong=1")
    part = client.get("/components/?wrong=1", headers={"HX-Request": "true", "HX-Target": "div#drawer"})
    assert full.status_code == part.status_code == 200
    assert b"<html" in full.content
    assert b"<html" not in part.content
    assert b"id_stock_error" in part.content
