"""What is overdue: the count of a line is that of the rows it leads to, within one's reach."""

import datetime as dt

import pytest
from django.utils import timezone

from pooshesh.asking import overdue
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.network import actions
from pooshesh.network.models import Finder, Gap, GapKind, GapState, Severity
from pooshesh.partners.models import Organisation, OrganisationKind
from pooshesh.requests import appeals, queries
from pooshesh.requests.models import Appeal, Ground, Request
from pooshesh.requests.tests.conftest import (
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
    vote,
)

__all__ = ["bring", "committee", "credit", "file", "group", "patient", "sma"]

FAR = "نزدیک‌ترین درمانگاه دور است"
LONG_AGO = timezone.localdate() - dt.timedelta(days=queries.LIMIT + 1)


@pytest.fixture
def late_gap(country: Country) -> None:
    """A gap in Tehran whose owner's day passed yesterday."""
    gap = actions.report_gap(
        area=country.darvazeh_ghar, kind=GapKind.CLINIC, severity=Severity.HIGH, text=FAR,
        found_by=Finder.STAFF, actor=None,
    )  # fmt: skip
    owner = Organisation.objects.create(
        code="clinics", kind=OrganisationKind.UNIVERSITY, name_fa="دانشگاه", name_en="University"
    )
    Gap.objects.filter(pk=gap.pk).update(
        state=GapState.ASSIGNED, owner=owner,
        deadline=timezone.localdate() - dt.timedelta(days=1),
    )  # fmt: skip


@pytest.mark.usefixtures("late_gap")
def test_a_late_gap_is_told_where_it_is_and_nowhere_else(cast: Cast, as_user: SignIn) -> None:
    national = overdue.lines(cast.national_director)

    assert [line.count for line in national] == [1]
    assert overdue.lines(cast.lorestan_director) == []
    assert "دروازه‌غار" in as_user(cast.national_director).get(national[0].address).content.decode()


def test_an_appeal_that_waits_too_long_is_told(
    bring: Bring, committee: Committee, group: Committee, cast: Cast
) -> None:
    request = bring(line(4 * MILLION, "other"))
    vote(meet(committee), "rejected", "شواهد کافی نیست")
    appeal = appeals.bring(Request.objects.get(pk=request.pk), Ground.EVIDENCE, "خوانده نشد",
                           actor=cast.fund_clerk.pk)  # fmt: skip

    assert overdue.lines(cast.lorestan_director) == []
    Appeal.objects.filter(pk=appeal.pk).update(brought_on=LONG_AGO)

    assert [one.count for one in overdue.lines(cast.lorestan_director)] == [1]
    assert overdue.lines(cast.auditor)[0].address == "/fund/requests/appeals/?late=1"


def test_a_request_that_waits_too_long_is_told(bring: Bring, cast: Cast) -> None:
    request = bring(line(4 * MILLION, "other"))

    assert overdue.lines(cast.lorestan_director) == []
    Request.objects.filter(pk=request.pk).update(on=LONG_AGO)

    assert [one.address for one in overdue.lines(cast.lorestan_director)] == [
        "/fund/requests/?late=1"
    ]
