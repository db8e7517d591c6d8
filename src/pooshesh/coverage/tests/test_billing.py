"""Billing a whole area: everybody once, nobody by a guess, and the same however often it runs."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.coverage import actions, billing, dues, ledger, payments
from pooshesh.coverage.actions import Enrolment
from pooshesh.coverage.models import Invoice, InvoiceLine, Scheme, Spell
from pooshesh.coverage.tests.conftest import NEW_YEAR, NEXT_YEAR, REASON, YEARLY, Family, day
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.jobs import Progress
from pooshesh.kernel.models import Event, Job, Subject
from pooshesh.kernel.money import Rial
from pooshesh.people import actions as people
from pooshesh.people.models import Membership, Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import zahra
from pooshesh.places.models import Area


def run(area: Area, cast: Cast, job: UUID | None = None, **days: Any) -> dict[str, int]:
    """What billing an area returns; the whole of 1403 unless said otherwise."""
    period = {"start": str(NEW_YEAR), "end": str(NEXT_YEAR)} | days
    done: dict[str, int] = billing.bill_area(
        Progress(job or uuid7()), area=str(area.pk), by=str(cast.tehran_clerk.pk), **period
    )
    connection.check_constraints()
    return done


def neighbours(country: Country, scheme: Scheme, count: int, percent: int = 100) -> list[Person]:
    """Households of one, in the other neighbourhood of Tehran, in a fund from 1403 on."""
    made = register_census(
        [zahra(row=n, national_id="", household=str(n)) for n in range(1, count + 1)],
        area=country.darvazeh_ghar, on=NEW_YEAR, actor=None,
    )  # fmt: skip
    ids = list(made.persons.values())
    actions.enrol(
        [Enrolment(one, scheme, percent) for one in ids], area=country.darvazeh_ghar, on=NEW_YEAR,
        actor=None,
    )  # fmt: skip
    return list(Person.objects.filter(pk__in=ids))


def test_every_household_of_an_area_is_billed(
    country: Country, cast: Cast, insured: Family
) -> None:
    neighbours(country, Scheme.UNIVERSAL, 2, percent=50)
    neighbours(country, Scheme.UNIVERSAL, 1, percent=0)

    done = run(country.tehran, cast)

    assert done == {
        "households": 4, "invoices": 3, "billed_rial": 3 * YEARLY, "premium_unknown": 0,
        "nothing_due": 1,
    }  # fmt: skip
    assert ledger.balance(insured.household.pk).owed == Rial(2 * YEARLY)
    event = Event.objects.filter(action="coverage.bill").earliest("at")
    assert Subject.objects.filter(event__action="coverage.bill").count() == 4
    assert event.actor == cast.tehran_clerk.pk


def test_a_bill_in_bulk_is_the_bill_of_one(country: Country, cast: Cast, insured: Family) -> None:
    alone = payments.issue_invoice(insured.household, day(1403, 4, 1), day(1403, 5, 1), actor=None)
    lines = list(InvoiceLine.objects.filter(invoice=alone).values("person", "days", "amount"))
    payments.cancel_invoice(alone, reason=REASON, actor=None)

    run(country.unsponsored, cast, start=str(day(1403, 4, 1)), end=str(day(1403, 5, 1)))

    made = Invoice.objects.get(cancelled_at=None)
    assert list(made.lines.order_by("pk").values("person", "days", "amount")) == lines
    assert (made.amount, made.period, made.due_on) == (alone.amount, alone.period, alone.due_on)


def test_a_second_run_bills_nobody(country: Country, cast: Cast, insured: Family) -> None:
    run(country.tehran, cast)

    again = run(country.tehran, cast)

    assert (again["invoices"], again["billed_rial"], again["nothing_due"]) == (0, 0, 1)
    assert Invoice.objects.count() == 1


def test_a_run_that_was_killed_goes_on_and_counts_all_it_did(
    country: Country, cast: Cast, insured: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    neighbours(country, Scheme.UNIVERSAL, 3)
    monkeypatch.setattr(billing, "BATCH", 1)
    job = uuid7()
    with pytest.raises(Killed):
        billing.bill_area(
            KilledAfter(job, 2), area=str(country.tehran.pk), start=str(NEW_YEAR),
            end=str(NEXT_YEAR), by=str(cast.tehran_clerk.pk),
        )  # fmt: skip
    half = Invoice.objects.count()

    done = run(country.tehran, cast, job)

    assert half == 2
    assert (done["invoices"], done["billed_rial"]) == (4, 5 * YEARLY)
    assert Invoice.objects.count() == 4


class Killed(BaseException):
    """The worker is gone."""


class KilledAfter(Progress):
    """Tells of some batches; then the worker is killed."""

    def __init__(self, job_id: UUID, batches: int) -> None:
        super().__init__(job_id)
        self.left = batches

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        if not self.left:
            raise Killed
        self.left -= 1


def test_an_unknown_premium_is_counted_and_never_guessed(
    country: Country, cast: Cast, insured: Family
) -> None:
    neighbours(country, Scheme.RURAL, 2)
    actions.undo_spell(_spell(insured.ali), reason=REASON, actor=None)
    actions.enrol(
        [Enrolment(insured.ali.pk, Scheme.RURAL, 100)], area=country.unsponsored, on=NEW_YEAR,
        actor=None,
    )  # fmt: skip

    done = run(country.tehran, cast)

    assert (done["premium_unknown"], done["invoices"]) == (3, 0)


def _spell(person: Person) -> UUID:
    (one,) = Spell.objects.known().filter(person=person)
    return one.pk


def test_a_year_without_a_known_premium_is_not_started(country: Country, cast: Cast) -> None:
    with pytest.raises(Invalid, match="no amount guessed"):
        billing.start_billing(
            country.tehran, day(1405, 1, 1), day(1406, 1, 1), actor=cast.tehran_clerk.pk
        )

    assert not Job.objects.filter(kind=billing.BILL).exists()


def test_who_may_no_longer_bill_an_area_bills_nobody(
    country: Country, cast: Cast, insured: Family
) -> None:
    with pytest.raises(Invalid, match="may not bill"):
        run(country.nation, cast)

    assert not Invoice.objects.exists()


def statements(country: Country, count: int) -> int:
    """How many statements one batch with so many more households asks."""
    homes = [
        one.household_id
        for one in Membership.objects.filter(
            person__in=neighbours(country, Scheme.UNIVERSAL, count)
        )
    ]
    known = dues.rates(NEW_YEAR)
    with CaptureQueriesContext(connection) as asked:
        billing.bill_batch(
            homes, NEW_YEAR, NEXT_YEAR, known, country.darvazeh_ghar, actor=None, run=uuid7()
        )
    return len(asked)


def test_a_batch_costs_the_same_however_large(country: Country) -> None:
    assert statements(country, 21) == statements(country, 40) <= 13


def test_who_has_two_records_is_billed_once(country: Country, cast: Cast, insured: Family) -> None:
    (twin,) = neighbours(country, Scheme.UNIVERSAL, 1)
    payments.issue_invoice(
        Membership.objects.get(person=twin).household, NEW_YEAR, day(1403, 4, 1), actor=None
    )
    people.merge(twin, insured.zahra, reason=REASON, actor=cast.tehran_clerk.pk)

    done = run(country.tehran, cast)

    assert done["invoices"] == 1
    paid = InvoiceLine.objects.filter(person__in=[twin.pk, insured.zahra.pk])
    assert sum(one.amount for one in paid) == YEARLY


@pytest.mark.parametrize("name", ["lorestan_clerk", "field_worker", "tehran_mayor"])
def test_the_page_bills_ones_own_area_alone(
    country: Country, cast: Cast, as_user: SignIn, insured: Family, name: str
) -> None:
    asked = {"area": country.tehran.code, "year": "1403", "month": ""}

    answer = as_user(getattr(cast, name)).post(reverse("coverage:bill"), asked)

    assert answer.status_code in (200, 403, 404)
    assert not Invoice.objects.exists()


def test_a_clerk_bills_an_area_from_the_arrears(
    country: Country, cast: Cast, as_user: SignIn, insured: Family,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    clerk = as_user(cast.tehran_clerk)
    offered = clerk.get(reverse("coverage:arrears")).content.decode()
    form = clerk.get(reverse("coverage:bill")).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        begun = clerk.post(
            reverse("coverage:bill"), {"area": country.tehran.code, "year": "1403", "month": "1"}
        )
    shown = clerk.get(begun["Location"]).content.decode()

    assert reverse("coverage:bill") in offered
    assert "نامعلوم" in form
    assert Invoice.objects.get().run == Job.objects.get(kind=billing.BILL).pk
    assert "صورت‌حساب‌های صادرشده" in shown
