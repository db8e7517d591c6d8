"""Tags: on which days, as known when, for one human being, and what follows from them."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.disease import queries, tags
from pooshesh.disease.entitlement import entitled
from pooshesh.disease.models import Claim, ClaimState, Tag
from pooshesh.disease.tests.conftest import WHY, tagged
from pooshesh.kernel.calendar import from_jalali
from pooshesh.kernel.errors import Invalid
from pooshesh.people import actions as people
from pooshesh.people.deaths import withdraw_death
from pooshesh.people.models import Household, Membership, Person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
ACTOR = uuid4()
START, END = from_jalali(1404, 1, 1), from_jalali(1404, 7, 1)


def test_a_person_holds_tags_of_many_diseases(patient: Person) -> None:
    tagged(patient, START), tagged(patient, START, disease="HEMA")

    assert {one.disease_id for one in queries.tags_of([patient.pk])} == {"SMA", "HEMA"}


def test_a_second_tag_of_a_disease_on_the_same_days_is_refused(patient: Person) -> None:
    tagged(patient, START)

    with pytest.raises(Invalid, match="holds a tag"):
        tagged(patient, START + DAY)


def test_what_was_known_when_a_decision_was_made_can_be_asked_later(patient: Person) -> None:
    tag = tagged(patient, START)
    before = timezone.now()
    tags.revoke(tag, START + DAY, why=WHY, actor=None)

    assert queries.tag_on(patient.pk, "SMA", TODAY) is None
    assert queries.tag_on(patient.pk, "SMA", TODAY, as_of=before) == tag
    assert queries.tag_on(patient.pk, "SMA", START) == tag


def test_a_tag_that_expires_between_application_and_decision(patient: Person) -> None:
    tagged(patient, START, END)

    applied, decided = END - DAY, END

    assert queries.tag_on(patient.pk, "SMA", applied) is not None
    assert queries.tag_on(patient.pk, "SMA", decided) is None
    assert entitled(patient.pk, "SMA", applied).step != "tag_needed"
    assert entitled(patient.pk, "SMA", decided).step == "tag_needed"


def test_a_renewed_tag_keeps_its_number_and_holds_longer(patient: Person) -> None:
    tag = tagged(patient, TODAY - 10 * DAY, TODAY + DAY)

    tags.renew(tag, TODAY + 100 * DAY, why="", actor=None)

    assert queries.tag_on(patient.pk, "SMA", TODAY + 99 * DAY) == tag


def test_an_ended_tag_is_not_renewed(patient: Person) -> None:
    tag = tagged(patient, START, START + DAY)

    with pytest.raises(Invalid, match="has ended"):
        tags.renew(tag, TODAY + DAY, why="", actor=None)


@pytest.mark.parametrize("ends", [START, START - DAY, START + 366 * 11 * DAY])
def test_days_that_cannot_be_are_refused(patient: Person, ends: dt.date) -> None:
    with pytest.raises(Invalid, match="after its start"):
        tagged(patient, START, ends)


def test_a_tag_of_tomorrow_is_refused(patient: Person) -> None:
    with pytest.raises(Invalid, match="to come"):
        tagged(patient, TODAY + DAY)


def _decile(person: Person, decile: int) -> None:
    household = Membership.objects.known().get(person=person).household
    people.set_decile(household, decile, source="پایگاه رفاه", since=START, actor=ACTOR)


def test_the_rules_pay_for_the_tagged_disease_alone_and_on_its_days(patient: Person) -> None:
    _decile(patient, 6)
    tagged(patient, START, END)

    inside = entitled(patient.pk, "SMA", END - DAY)
    other = entitled(patient.pk, "HEMA", END - DAY)
    after = entitled(patient.pk, "SMA", END)

    assert (inside.step, inside.percent, inside.patient_percent) == ("fund_pays", 80, 20)
    assert inside.rest_rial == 850_000_000
    assert (other.step, after.step) == ("tag_needed", "tag_needed")
    assert (inside.package, other.package) == ("disease_basket", "no_package")


def test_where_no_source_gives_a_ceiling_the_page_says_so_and_shows_no_number(
    patient: Person, cast: Cast, as_user: SignIn
) -> None:
    _decile(patient, 3)
    tag = tagged(patient, START)

    known = entitled(patient.pk, "SMA", from_jalali(1404, 6, 1))
    unknown = entitled(patient.pk, "SMA", from_jalali(1405, 6, 1))
    page = as_user(cast.fund_clerk).get(reverse("disease:tag", args=[tag.pk]))

    assert (known.percent, known.rest_rial) == (100, 850_000_000)
    assert (unknown.step, unknown.percent, unknown.rest_rial) == ("value_unknown", None, None)
    given = page.context["given"]
    assert ("هیچ منبعی" in page.content.decode()) == (given.rest_rial is None)


def test_tags_of_a_merged_record_count_for_the_person(
    family: tuple[Person, Person], cast: Cast
) -> None:
    tag = tagged(family[1], START)
    people_merge(family[1], family[0], cast)

    assert queries.tag_on(family[0].pk, "SMA", TODAY) == tag
    assert queries.tags_of([family[0].pk]) == [tag]
    assert entitled(family[0].pk, "SMA", TODAY).step != "tag_needed"


def people_merge(one: Person, into: Person, cast: Cast) -> None:
    from pooshesh.people.models import Merge

    Merge.objects.create(
        person=one, into=into, survivor=into, reason=WHY, actor=cast.lorestan_clerk.pk
    )


def test_death_ends_tags_and_closes_diagnoses_and_is_taken_back(
    claim: Claim, family: tuple[Person, Person]
) -> None:
    tag = tagged(family[0], START, None, "HEMA")
    people.record_death(family[0], on=TODAY - DAY, source="ثبت احوال", actor=ACTOR)

    dead = Tag.objects.get(pk=tag.pk)
    assert (dead.ends, Claim.objects.get().state) == (TODAY, ClaimState.CLOSED)

    withdraw_death(family[0], reason=WHY, actor=None)

    assert queries.tag_on(family[0].pk, "HEMA", TODAY + DAY) == tag


def test_tags_lie_where_the_person_moved_to(patient: Person, country: Country, cast: Cast) -> None:
    tagged(patient, START)
    area = country.darvazeh_ghar
    home = Household.objects.create(area=area, area_path=area.path, province=area.province)

    people.move(patient, home, relation="head", since=TODAY, actor=ACTOR)

    assert [len(queries.tags(one)) for one in (cast.fund_clerk, cast.tehran_fund_clerk)] == [0, 1]
