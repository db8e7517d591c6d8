"""Figures a report gave beside what the rows say."""

from fractions import Fraction

import pytest
from django.urls import reverse

from pooshesh.conftest import Cast, SignIn
from pooshesh.fund.tests.conftest import Apply
from pooshesh.funnel import reported

pytestmark = pytest.mark.django_db


def test_lorestans_share_is_more_than_ten_times_its_people() -> None:
    registered, people, times = reported.follows_shares()

    assert round(float(registered), 3) == 0.234
    assert round(float(people), 4) == 0.0220
    assert times == registered / people
    assert Fraction(105, 10) < times < Fraction(107, 10)


def test_each_figure_stands_beside_its_rows(
    application: Apply, cast: Cast, as_user: SignIn, django_assert_max_num_queries: object
) -> None:
    application()
    client = as_user(cast.national_director)

    with django_assert_max_num_queries(26):  # type: ignore[operator]
        shown = client.get(reverse("funnel:reported"))

    rows = {row.code: row for row, _links in shown.context["rows"]}
    assert [code for code in rows if code[0] == "R"] == ["R2", "R3", "R4", "R5", "R6", "R8"]
    assert [code for code in rows if code[0] == "B"] == [f"B{n}" for n in range(4, 17)]
    assert "۱۱٬۹۶۹" in rows["R5"].follows
    assert "۱ نفر از ۱" in rows["R5"].computed
    assert "unit=payment&amp;state=paid&amp;disease=SMA&amp;area=p15" in shown.content.decode()


def test_every_figure_leads_to_what_the_viewer_may_open(
    application: Apply, cast: Cast, as_user: SignIn
) -> None:
    application()
    client = as_user(cast.national_director)

    shown = client.get(reverse("funnel:reported"))

    links = {row.code: [address for address, _words in found]
             for row, found in shown.context["rows"]}  # fmt: skip
    assert [code for code, found in links.items() if not found] == []
    assert links["R8"][-1] == reverse("funnel:meetings")
    assert {client.get(one).status_code for found in links.values() for one in found} == {200}


def test_who_does_not_reach_lorestan_is_told_nothing(cast: Cast, as_user: SignIn) -> None:
    shown = as_user(cast.tehran_fund_clerk).get(reverse("funnel:reported"))

    assert shown.status_code == 404
