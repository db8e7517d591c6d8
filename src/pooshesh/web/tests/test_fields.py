"""Form fields: what is typed, what it cleans to, what an error says."""

import datetime as dt

import pytest
from django import forms
from django.utils.translation import override

from pooshesh.kernel.identifiers import Grade
from pooshesh.kernel.money import Rial
from pooshesh.web import fields


class Enrolment(forms.Form):
    born = fields.JalaliDateField(required=False)
    amount = fields.RialField(required=False)
    toman = fields.RialField(unit="toman", required=False)
    national_id = fields.NationalIdField(required=False)
    mobile = fields.MobileField(required=False)


def cleaned(**typed: str) -> dict[str, object]:
    form = Enrolment(typed)
    assert form.is_valid(), form.errors
    return form.cleaned_data


def error(**typed: str) -> str:
    (name,) = typed
    return str(Enrolment(typed).errors[name][0])


@pytest.mark.parametrize(
    "typed", ["1400/11/22", "۱۴۰۰/۱۱/۲۲", "١٤٠٠/١١/٢٢", "۲۲ بهمن ۱۴۰۰", "2022-02-11"]
)
def test_a_date_is_read_in_every_digit_set(typed: str) -> None:
    assert cleaned(born=typed)["born"] == dt.date(2022, 2, 11)


def test_amounts_are_rials_whatever_the_unit() -> None:
    data = cleaned(amount="۱۲٬۰۰۰", toman="1,200")

    assert data["amount"] == data["toman"] == Rial(12_000)


def test_an_identifier_comes_with_its_grade() -> None:
    identifier = cleaned(national_id="۷۷۳۱۶۸۹۹۵۶")["national_id"]

    assert getattr(identifier, "grade", None) is Grade.CHECKSUM


def test_nothing_typed_is_none() -> None:
    assert set(cleaned().values()) == {None}


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("born", "1400/07/31", "۳۰"),
        ("born", "13700/01/01", "۱۲۰۰ تا ۱۵۰۰"),
        ("born", "1400/11", "روز را نمی‌گوید"),
        ("amount", "12.5", "12.5"),
        ("national_id", "1111111111", "1111111111"),
        ("mobile", "0912", "0912"),
    ],
)
def test_an_error_is_a_persian_sentence_with_what_was_read(
    name: str, typed: str, said: str
) -> None:
    with override("fa"):
        sentence = error(**{name: typed})

    assert said in sentence
    assert "expected" not in sentence


def test_a_stored_day_and_amount_are_shown_in_persian() -> None:
    with override("fa"):
        html = Enrolment(
            initial={"born": dt.date(2022, 2, 11), "amount": Rial(12_000), "toman": Rial(12_000)}
        ).as_div()

    assert 'value="۱۴۰۰/۱۱/۲۲"' in html
    assert 'value="۱۲٬۰۰۰"' in html
    assert 'value="۱٬۲۰۰"' in html


def test_the_words_stand_under_the_amount_without_script() -> None:
    with override("fa"):
        html = Enrolment({"toman": "1200"}).as_div()

    assert "دوازده هزار ریال (یک هزار و دویست تومان)" in html


def test_an_untouched_field_has_not_changed() -> None:
    with override("fa"):
        form = Enrolment({"born": "۱۴۰۰/۱۱/۲۲"}, initial={"born": dt.date(2022, 2, 11)})

    assert form.changed_data == []


def test_what_was_typed_is_escaped() -> None:
    html = Enrolment({"born": '"><script>'}).as_div()

    assert "<script>" not in html


def test_an_error_is_tied_to_its_field() -> None:
    html = Enrolment({"born": "x"}).as_div()

    assert 'aria-describedby="id_born_error"' in html
    assert 'id="id_born_error"' in html
