"""A package ends without a successor: proposed by one, put in force by another, its effect told."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pooshesh.conftest import Cast, SignIn
from pooshesh.disease import packages, queries
from pooshesh.disease.models import Disease, Package
from pooshesh.disease.tests.conftest import WHY, tagged
from pooshesh.disease.tests.test_packages import GOOD, PLAIN, proposed
from pooshesh.kernel.calendar import format_jalali
from pooshesh.kernel.errors import Invalid
from pooshesh.people.models import Person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = timezone.localdate()
END = TODAY + 30 * DAY


@pytest.fixture
def package(listed: Disease, cast: Cast) -> Package:
    """SMA has a package, from 1404 on."""
    return packages.approve(proposed(listed, cast, GOOD), actor=cast.fund_manager.pk)


def ending(disease: Disease, cast: Cast, starts: dt.date = END) -> Package:
    return packages.propose_end(disease, starts=starts, why=WHY, actor=cast.fund_clerk.pk)


def test_from_the_day_on_there_is_no_package_once_another_person_said_so(
    package: Package, listed: Disease, cast: Cast
) -> None:
    made = ending(listed, cast)
    before = queries.package_on("SMA", END)

    packages.approve(made, actor=cast.fund_manager.pk)

    last = queries.package_on("SMA", END - DAY)
    assert (before and before.id, last and last.id) == (package.pk, package.pk)
    assert queries.package_on("SMA", END) is None
    assert queries.ended_by("SMA", END) == made


def test_who_proposed_the_end_cannot_put_it_in_force(
    package: Package, listed: Disease, cast: Cast
) -> None:
    with pytest.raises(Invalid, match="another person"):
        packages.approve(ending(listed, cast), actor=cast.fund_clerk.pk)


def test_a_version_before_the_end_does_not_undo_it(
    package: Package, listed: Disease, cast: Cast
) -> None:
    packages.approve(ending(listed, cast), actor=cast.fund_manager.pk)

    packages.approve(proposed(listed, cast, PLAIN, starts=TODAY), actor=cast.fund_manager.pk)

    assert queries.package_on("SMA", END - DAY) is not None
    assert queries.package_on("SMA", END) is None


def test_a_later_version_takes_up_again(package: Package, listed: Disease, cast: Cast) -> None:
    packages.approve(ending(listed, cast), actor=cast.fund_manager.pk)
    packages.approve(proposed(listed, cast, PLAIN, starts=END + DAY), actor=cast.fund_manager.pk)

    assert queries.package_on("SMA", END) is None
    assert queries.package_on("SMA", END + DAY) is not None
    assert queries.ending("SMA", END).until == END + DAY


def test_what_was_decided_cannot_lose_its_package(
    package: Package, listed: Disease, cast: Cast
) -> None:
    with pytest.raises(Invalid, match="today or later"):
        ending(listed, cast, TODAY - DAY)


def test_what_is_not_there_does_not_end(listed: Disease, cast: Cast) -> None:
    with pytest.raises(Invalid, match="No package"):
        ending(listed, cast)


def test_an_end_without_a_reason_cannot_be(package: Package, listed: Disease, cast: Cast) -> None:
    with pytest.raises(Invalid):
        packages.propose_end(listed, starts=END, why=" ", actor=cast.fund_clerk.pk)
    with pytest.raises(IntegrityError, match="for_a_reason"), transaction.atomic():
        Package.objects.filter(pk=package.pk).update(ending=True, ceiling_rial=None)


def test_the_page_says_what_it_means_and_two_persons_do_it(
    package: Package, patient: Person, cast: Cast, as_user: SignIn
) -> None:
    tagged(patient, TODAY - DAY)
    address = reverse("disease:package_end", args=["SMA"])
    typed = {"starts": format_jalali(END, lang="en"), "why": WHY}
    clerk = as_user(cast.fund_clerk)

    shown = clerk.get(address)
    clerk.post(address, typed)
    made = Package.objects.get(ending=True)
    manager = as_user(cast.fund_manager)
    page = manager.get(reverse("disease:package", args=[made.pk]))
    manager.post(reverse("disease:package_act", args=[made.pk, "approve"]))
    told = manager.get(reverse("disease:disease", args=["SMA"]), {"on": typed["starts"]})

    assert (shown.context["ending"].tags, page.context["ending"].tags) == (1, 1)
    assert [change["what"] for change in page.context["changes"]] == ["removed"]
    assert (told.context["package"], told.context["ended"]) == (None, made)
    assert WHY in told.content.decode()


def test_who_only_reads_cannot_propose_an_end(
    package: Package, cast: Cast, as_user: SignIn
) -> None:
    answer = as_user(cast.auditor).get(reverse("disease:package_end", args=["SMA"]))

    assert answer.status_code == 404
