"""Requests and payments in the funnel, credit, and the pages."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from pooshesh.access.reach import EVERYWHERE
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.funnel import actions, money, spending
from pooshesh.funnel.queries import Wanted, cells, totals
from pooshesh.kernel.money import Rial
from pooshesh.ledger import budgets, vouchers
from pooshesh.ledger.models import Commitment
from pooshesh.ledger.payees import Payee
from pooshesh.meetings import minutes
from pooshesh.requests.tests.conftest import (
    CREDIT,
    MILLION,
    Bring,
    Committee,
    bring,
    committee,
    credit,
    file,
    group,
    line,
    meet,
    patient,
    sma,
    this_year,
    vote,
)

__all__ = ["bring", "committee", "credit", "file", "group", "patient", "sma"]
pytestmark = pytest.mark.django_db


def counted() -> dict[tuple[str, ...], tuple[int, int]]:
    return totals(cells(EVERYWHERE, Wanted()), "unit", "state")


def test_a_request_that_was_granted_is_counted_with_what_is_paid(bring: Bring) -> None:
    bring(line(10 * MILLION))

    assert counted()["request", "approved"] == (1, 10 * MILLION)
    assert counted()["person", "approved"] == (1, 0)
    assert list(actions.prove()) == []


def test_a_draft_is_nobodys_yet(bring: Bring) -> None:
    bring(line(), draft=True)

    assert counted() == {}


def test_a_voucher_is_a_payment_under_way(bring: Bring, cast: Cast) -> None:
    made = bring(line(10 * MILLION))
    given = Commitment.objects.get(object_id=made.pk)

    vouchers.draw(
        given, Payee("patient", "زهرا", "IR062960000000100324200001"), actor=cast.finance.pk
    )

    assert counted()["payment", "vouchered"] == (1, 10 * MILLION)
    assert counted()["person", "paying"] == (1, 0)
    assert list(actions.prove()) == []


def test_what_was_committed_is_not_free_any_more(bring: Bring) -> None:
    bring(line(10 * MILLION))

    (lorestan,) = money.purses(EVERYWHERE, this_year(), {"15": "لرستان"}, timezone.localdate())

    assert lorestan.totals.available == Rial(CREDIT - 10 * MILLION)
    assert (lorestan.name, lorestan.forecast) == ("لرستان", None)


def test_a_disease_of_few_is_not_told(bring: Bring) -> None:
    bring(line(10 * MILLION))

    found = spending.spending(EVERYWHERE, this_year())

    assert (found.persons, found.withheld, list(found.lines)) == (1, True, [])
    assert found.committed == Rial(10 * MILLION)


def test_the_director_sees_where_everything_stands(
    bring: Bring, cast: Cast, as_user: SignIn, django_assert_max_num_queries: object
) -> None:
    bring(line())
    client = as_user(cast.national_director)

    with django_assert_max_num_queries(16):  # type: ignore[operator]
        shown = client.get(reverse("funnel:board"))

    assert shown.status_code == 200
    assert shown.context["steps"] == {
        "registered": 1, "tagged": 1, "asked": 1, "approved": 1, "paid": 0,
    }  # fmt: skip


def test_a_number_leads_to_its_rows(bring: Bring, cast: Cast, as_user: SignIn) -> None:
    made = bring(line())

    shown = as_user(cast.fund_clerk).get(
        reverse("funnel:rows"), {"unit": "request", "state": "approved"}
    )

    assert [row.object_id for row in shown.context["table"].page_rows] == [made.pk]


def test_a_payment_leads_to_its_voucher_or_to_the_file_of_the_patient(
    bring: Bring, cast: Cast, as_user: SignIn
) -> None:
    made = bring(line(10 * MILLION))
    given = Commitment.objects.get(object_id=made.pk)
    voucher = vouchers.draw(
        given, Payee("patient", "زهرا", "IR062960000000100324200001"), actor=cast.finance.pk
    )
    asked = {"unit": "payment", "state": "vouchered"}

    manager = as_user(cast.fund_manager).get(reverse("funnel:rows"), asked).content.decode()
    secretary = as_user(cast.secretary)
    own = secretary.get(reverse("funnel:rows"), asked).content.decode()

    address = reverse("ledger:voucher", args=[voucher.pk])
    files = reverse("fund:file", args=[made.file_id])
    assert (address in manager, address in own, files in own) == (True, False, True)
    assert secretary.get(files).status_code == 200


def test_meetings_that_were_closed_stand_behind_their_number(
    committee: Committee, bring: Bring, cast: Cast, as_user: SignIn
) -> None:
    bring(line(10 * MILLION, "other"))
    session = meet(committee)
    vote(session, "approved")
    minutes.close(session, actor=cast.secretary.pk)

    shown = as_user(cast.national_director).get(reverse("funnel:meetings"))

    (row,) = shown.context["table"].page_rows
    assert (row.pk, row.decided, row.refused) == (session.pk, 1, 0)


def test_a_clerk_of_tehran_finds_no_row_of_lorestan(
    bring: Bring, cast: Cast, as_user: SignIn
) -> None:
    bring(line())
    client = as_user(cast.tehran_fund_clerk)

    rows = client.get(reverse("funnel:rows"), {"unit": "request", "area": "p15"})
    board = client.get(reverse("funnel:board"))

    assert list(rows.context["table"].page_rows) == []
    assert board.context["steps"]["registered"] == 0


@pytest.mark.parametrize("page", ["credit", "diseases", "simulator"])
def test_money_is_shown_to_whom_it_is_given(
    page: str, bring: Bring, cast: Cast, as_user: SignIn
) -> None:
    bring(line())
    address = reverse(f"funnel:{page}")

    assert as_user(cast.fund_manager).get(address).status_code == 200
    assert as_user(cast.verifier).get(address).status_code == 404


def test_the_simulator_shares_what_is_allocated(
    credit: int, bring: Bring, cast: Cast, as_user: SignIn
) -> None:
    bring(line())

    shown = as_user(cast.fund_manager).get(
        reverse("funnel:simulator"), {"year": str(this_year()), "tagged": "100", "floor": "0"}
    )

    assert [(row.share.now, row.share.then) for row in shown.context["shares"]] == [
        (credit, credit)
    ]


def test_the_simulator_tells_nobody_of_provinces_beyond_their_reach(
    credit: int, country: Country, bring: Bring, cast: Cast, as_user: SignIn
) -> None:
    bring(line())
    asked = {"year": str(this_year()), "tagged": "100", "floor": "0"}
    budgets.enact(this_year(), Rial(7), "متمم", actor=None)
    budgets.allocate(country.tehran, this_year(), Rial(7), actor=None)

    whole = as_user(cast.fund_manager).get(reverse("funnel:simulator"), asked)
    own = as_user(cast.finance).get(reverse("funnel:simulator"), asked)

    assert [row.share.province for row in whole.context["shares"]] == ["15", "23"]
    assert [row.share.province for row in own.context["shares"]] == ["15"]


def test_a_mix_that_is_not_a_hundred_is_said(credit: int, cast: Cast, as_user: SignIn) -> None:
    shown = as_user(cast.fund_manager).get(
        reverse("funnel:simulator"), {"year": str(this_year()), "tagged": "90"}
    )

    assert shown.context["form"].non_field_errors()
    assert shown.context["shares"] == []


def test_the_pace_is_of_whole_weeks_before_today(country: Country) -> None:
    found = money.purses(EVERYWHERE, this_year(), {}, dt.date(2026, 1, 1))

    assert found == []
