"""Nobody's money follows from what is shown: a line, a total, another page, an export."""

import csv
import io

import pytest
from django.urls import reverse

from pooshesh.conftest import Cast, SignIn
from pooshesh.funnel.benefit import concentration
from pooshesh.funnel.spending import broken
from pooshesh.kernel.money import Rial
from pooshesh.ledger.queries import Spent
from pooshesh.requests.tests.conftest import (
    MILLION,
    Bring,
    bring,
    committee,
    credit,
    file,
    group,
    line,
    patient,
    sma,
    this_year,
)

__all__ = ["bring", "committee", "credit", "file", "group", "patient", "sma"]


def spent(disease: str, persons: int, paid_persons: int) -> Spent:
    return Spent(disease, persons, Rial(persons * 100), Rial(paid_persons * 10), paid_persons)


def told(*rows: Spent) -> dict[str, tuple[str, str, str]]:
    found = broken(rows, sum(row.persons for row in rows), {})
    return {one.code: (one.shown_persons, one.shown_committed, one.shown_paid)
            for one in found.lines}  # fmt: skip


def test_what_a_total_less_the_other_lines_would_tell_is_hidden_too() -> None:
    found = told(spent("A", 3, 3), spent("B", 7, 7), spent("C", 90, 90))

    assert found["A"] == ("کمتر از ۵", "نشان داده نمی‌شود", "نشان داده نمی‌شود")
    assert found["B"] == ("نشان داده نمی‌شود",) * 3
    assert found["C"] == ("۹۰", "۹٬۰۰۰", "۹۰۰")


def test_the_rial_of_the_few_of_many_who_were_paid_yet_is_hidden() -> None:
    found = told(spent("A", 40, 2), spent("B", 60, 50), spent("C", 90, 90))

    assert found["A"] == ("۴۰", "۴٬۰۰۰", "نشان داده نمی‌شود")
    assert found["B"] == ("۶۰", "۶٬۰۰۰", "نشان داده نمی‌شود")
    assert found["C"][2] == "۹۰۰"


def test_one_disease_alone_is_not_named_beside_the_total_of_its_few() -> None:
    assert told(spent("A", 40, 2)) == {}
    assert told(spent("A", 1, 0), spent("B", 2, 0)) == {}


def test_advances_cover_for_nobody() -> None:
    assert told(spent("A", 40, 2), spent("", 0, 0)) == {}


def test_one_disease_of_many_is_told() -> None:
    assert told(spent("A", 40, 30)) == {"A": ("۴۰", "۴٬۰۰۰", "۳۰۰")}


@pytest.mark.parametrize(
    ("rial", "index"), [({10: 5}, 0.9), ({1: 5}, -0.9), (dict.fromkeys(range(1, 11), 7), 0.0)]
)
def test_the_index_says_who_gets_more_than_their_part(rial: dict[int, int], index: float) -> None:
    assert concentration(rial) == pytest.approx(index)


def test_nothing_paid_has_no_index() -> None:
    assert concentration({}) is None


@pytest.mark.django_db
def test_an_export_tells_no_more_than_the_page(bring: Bring, cast: Cast, as_user: SignIn) -> None:
    bring(line(10 * MILLION))
    asked = {"year": str(this_year()), "export": "csv"}

    answer = as_user(cast.fund_manager).get(reverse("funnel:diseases"), asked)

    text = b"".join(answer).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 1


@pytest.mark.django_db
def test_deciles_of_few_are_not_told(bring: Bring, cast: Cast, as_user: SignIn) -> None:
    bring(line())

    shown = as_user(cast.fund_manager).get(reverse("funnel:deciles"))

    assert shown.status_code == 200
    assert shown.context["index"] == ""
