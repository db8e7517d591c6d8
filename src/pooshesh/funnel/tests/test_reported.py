"""Figures a report gave beside what the rows say."""

import pytest
from django.urls import reverse

from pooshesh.conftest import Cast, SignIn
from pooshesh.fund.tests.conftest import Apply

pytestmark = pytest.mark.django_db


def test_each_figure_stands_beside_its_rows(
    application: Apply, cast: Cast, as_user: SignIn, django_assert_max_num_queries: object
) -> None:
    application()
    client = as_user(cast.national_director)

    with django_assert_max_num_queries(22):  # type: ignore[operator]
        shown = client.get(reverse("funnel:reported"), {"today": ""})

    rows = {row.code: row for row, _links in shown.context["rows"]}
    assert list(rows) == [f"B{n}" for n in range(4, 17)]
    assert "۱ درخواست از ۱ نفر" in rows["B9"].computed
    assert "unit=payment&amp;state=paid&amp;disease=&amp;area=p15" in shown.content.decode()


def test_every_figure_leads_to_what_the_viewer_may_open(
    application: Apply, cast: Cast, as_user: SignIn
) -> None:
    application()
    client = as_user(cast.national_director)

    shown = client.get(reverse("funnel:reported"))

    links = {row.code: [address for address, _words in found]
             for row, found in shown.context["rows"]}  # fmt: skip
    assert [code for code, found in links.items() if not found] == []
    assert links["B12"][-1] == reverse("funnel:meetings")
    assert {client.get(one).status_code for found in links.values() for one in found} == {200}


def test_who_does_not_reach_lorestan_is_told_nothing(cast: Cast, as_user: SignIn) -> None:
    shown = as_user(cast.tehran_fund_clerk).get(reverse("funnel:reported"))

    assert shown.status_code == 404


def test_what_came_after_the_reports_year_is_no_part_of_its_figures(
    application: Apply, cast: Cast, as_user: SignIn
) -> None:
    application()
    client = as_user(cast.national_director)

    then = client.get(reverse("funnel:reported"))

    rows = {row.code: row for row, _links in then.context["rows"]}
    assert "۰ درخواست از ۰ نفر" in rows["B9"].computed
    assert "۲۹ اسفند ۱۴۰۱" in then.content.decode()


def test_the_rows_behind_a_years_figure_are_those_of_that_year(
    application: Apply, cast: Cast, as_user: SignIn
) -> None:
    application()
    client = as_user(cast.national_director)
    asked = {"unit": "application", "by": "1401/12/29"}

    then = client.get(reverse("funnel:rows"), asked)
    now = client.get(reverse("funnel:rows"), {**asked, "by": ""})

    assert then.context["table"].count == 0
    assert now.context["table"].count == 1
