"""Two records of one human being: shown as one, counted once, and taken apart again."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.coverage.actions import Enrolment, enrol, record_roll_cover
from pooshesh.coverage.endings import end
from pooshesh.coverage.models import Cause, Scheme, Spell
from pooshesh.coverage.queries import cover_of, spells_of
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event, Subject
from pooshesh.people import actions, queries
from pooshesh.people.merged import survivor
from pooshesh.people.models import Identifier, IdentifierKind, Membership, Merge, Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import DAY, OTHER_ID, ZAHRA_ID, zahra
from pooshesh.people.tests.test_pages import person_page, text

NATIONAL = IdentifierKind.NATIONAL
SHOWN = "هر دو کارت ملی را دیدم"


@pytest.fixture
def double(country: Country, cast: Cast, person: Person) -> Person:
    """Zahra once more, without a national ID, in a household of her own."""
    again = zahra(national_id="", foreign_code="123456789012", household="8")
    done = register_census([again], area=country.darvazeh_ghar, on=DAY, actor=None)
    return Person.objects.get(pk=done.persons[1])


@pytest.fixture
def third(country: Country, person: Person) -> Person:
    """And a third record of her."""
    done = register_census(
        [zahra(national_id="", household="9")], area=country.darvazeh_ghar, on=DAY, actor=None
    )
    return Person.objects.get(pk=done.persons[1])


@pytest.fixture
def merged(cast: Cast, person: Person, double: Person) -> Merge:
    """The double stands under Zahra."""
    return actions.merge(double, person, reason=SHOWN, actor=cast.tehran_clerk.pk)


# --- it works -------------------------------------------------------------------------


def test_a_merge_keeps_who_why_and_both_in_the_trail(
    merged: Merge, cast: Cast, person: Person, double: Person
) -> None:
    event = Event.objects.get(action="people.merge")

    assert (merged.reason, merged.actor, merged.undone_at) == (SHOWN, cast.tehran_clerk.pk, None)
    assert (event.actor, event.purpose) == (cast.tehran_clerk.pk, SHOWN)
    assert set(Subject.objects.filter(event=event).values_list("person_id", flat=True)) == {
        person.pk, double.pk,
    }  # fmt: skip


def test_the_record_shows_the_numbers_and_households_of_both(
    merged: Merge, cast: Cast, person: Person, double: Person
) -> None:
    record = queries.record(cast.tehran_clerk, person.pk)

    assert record is not None
    assert {one.kind for one in record.identifiers} == {
        str(IdentifierKind.NATIONAL.label), str(IdentifierKind.FOREIGN.label),
    }  # fmt: skip
    assert {one.person_id for one in record.memberships} == {person.pk, double.pk}
    assert record.membership is not None
    assert record.membership.person_id == person.pk


def test_a_record_as_known_before_the_merge_stands_alone(
    merged: Merge, cast: Cast, person: Person
) -> None:
    record = queries.record(
        cast.tehran_clerk, person.pk, known=merged.at - dt.timedelta(microseconds=1)
    )

    assert record is not None
    assert (record.merges, len(record.memberships)) == ([], 1)


def test_cover_of_both_is_shown_and_ends_together(
    country: Country, cast: Cast, person: Person, double: Person, merged: Merge
) -> None:
    enrol([Enrolment(person.pk, Scheme.UNIVERSAL, 0)], area=country.darvazeh_ghar, on=DAY,
          actor=None)  # fmt: skip
    record_roll_cover("sso", [double.pk], area=country.darvazeh_ghar, on=DAY, actor=None)

    shown = spells_of(cast.tehran_clerk, person)
    covering = cover_of(person.pk, DAY)
    end(person.pk, DAY + dt.timedelta(days=1), Cause.DEATH, actor=None)

    assert [line.spell.person_id for line in shown or []] == [double.pk, person.pk]
    assert [spell.insurer_id for spell in covering] == ["ihio", "sso"]
    assert not Spell.objects.on(DAY + dt.timedelta(days=1)).exists()


def test_a_search_finds_one_person(merged: Merge, cast: Cast, person: Person) -> None:
    by_name = queries.find(cast.tehran_clerk, "زهرا کریمی نژاد")
    by_number = queries.find(cast.tehran_clerk, "123456789012")

    assert by_name.hits == by_number.hits == (person,)


def test_a_census_that_meets_the_number_of_the_double_meets_the_survivor(
    merged: Merge, country: Country, person: Person
) -> None:
    row = zahra(national_id="", foreign_code="123456789012", household="10")

    done = register_census([row], area=country.darvazeh_ghar, on=DAY, actor=None)

    assert done.persons == {1: person.pk}


def test_a_number_of_the_double_may_be_written_for_the_survivor(
    merged: Merge, cast: Cast, person: Person, double: Person
) -> None:
    actions.set_identifier(
        person, IdentifierKind.FOREIGN, "123456789012", actor=cast.tehran_clerk.pk
    )

    held = Identifier.objects.get(kind="foreign_code", replaced_at=None)
    assert held.person_id == person.pk


def test_a_household_counts_one_person_once(
    cast: Cast, country: Country, household: tuple[Person, Person]
) -> None:
    home = Membership.objects.get(person=household[0]).household
    again = zahra(row=3, national_id="", household="")
    done = register_census([again], area=country.darvazeh_ghar, on=DAY, actor=None, into=home.pk)
    double = Person.objects.get(pk=done.persons[3])
    before = queries.household_record(cast.tehran_clerk, home.pk)

    actions.merge(double, household[0], reason=SHOWN, actor=cast.tehran_clerk.pk)

    after = queries.household_record(cast.tehran_clerk, home.pk)
    assert before is not None
    assert after is not None
    assert (before.size, after.size) == (3, 2)


# --- chains and undoing ---------------------------------------------------------------


@pytest.mark.parametrize("order", [("third", "double"), ("double", "third")])
def test_a_chain_ends_at_one_survivor(
    cast: Cast, person: Person, double: Person, third: Person, order: tuple[str, str]
) -> None:
    links = {"third": (third, double), "double": (double, person)}

    made = [actions.merge(*links[name], reason=SHOWN, actor=cast.tehran_clerk.pk) for name in order]

    assert len(made) == 2
    assert {survivor(one.pk) for one in (person, double, third)} == {person.pk}


def test_an_undone_merge_leaves_its_own_chain_standing(
    cast: Cast, person: Person, double: Person, third: Person, merged: Merge
) -> None:
    actions.merge(third, double, reason=SHOWN, actor=cast.tehran_clerk.pk)

    actions.unmerge(merged, reason="دو نفرند، عکس‌ها فرق دارد", actor=cast.tehran_clerk.pk)

    merged.refresh_from_db()
    assert (survivor(double.pk), survivor(third.pk)) == (double.pk, double.pk)
    assert (merged.undone_by, merged.undone_reason) == (
        cast.tehran_clerk.pk, "دو نفرند، عکس‌ها فرق دارد",
    )  # fmt: skip
    assert Event.objects.filter(action="people.unmerge").count() == 1


def test_records_taken_apart_are_found_apart(
    merged: Merge, cast: Cast, person: Person, double: Person
) -> None:
    actions.unmerge(merged, reason="دو نفرند، عکس‌ها فرق دارد", actor=cast.tehran_clerk.pk)

    found = queries.find(cast.tehran_clerk, "زهرا کریمی نژاد")
    record = queries.record(cast.tehran_clerk, person.pk)

    assert set(found.hits) == {person, double}
    assert record is not None
    assert len(record.identifiers) == 1


# --- refusals -------------------------------------------------------------------------


def test_a_record_is_not_merged_into_itself(cast: Cast, person: Person, merged: Merge) -> None:
    with pytest.raises(Invalid, match="same record"):
        actions.merge(person, merged.person, reason=SHOWN, actor=cast.tehran_clerk.pk)


def test_a_record_is_merged_once(cast: Cast, merged: Merge, third: Person) -> None:
    with pytest.raises(Invalid, match="already"):
        actions.merge(merged.person, third, reason=SHOWN, actor=cast.tehran_clerk.pk)


def test_a_merge_is_undone_once(cast: Cast, merged: Merge) -> None:
    actions.unmerge(merged, reason=SHOWN, actor=cast.tehran_clerk.pk)

    with pytest.raises(Invalid, match="undone already"):
        actions.unmerge(merged, reason=SHOWN, actor=cast.tehran_clerk.pk)


@pytest.mark.parametrize("reason", ["", "همان است"])
def test_a_merge_needs_a_reason(cast: Cast, person: Person, double: Person, reason: str) -> None:
    with pytest.raises(Invalid, match="at least 10"):
        actions.merge(double, person, reason=reason, actor=cast.tehran_clerk.pk)


def test_two_verified_numbers_are_two_people(cast: Cast, person: Person, third: Person) -> None:
    clerk = cast.tehran_clerk.pk
    actions.set_identifier(person, NATIONAL, ZAHRA_ID, actor=clerk, verified=True)
    actions.set_identifier(third, NATIONAL, OTHER_ID, actor=clerk, verified=True)

    with pytest.raises(Invalid, match="verified"):
        actions.merge(third, person, reason=SHOWN, actor=cast.tehran_clerk.pk)


def test_a_death_known_of_one_record_only_comes_first(
    cast: Cast, person: Person, double: Person
) -> None:
    actions.record_death(double, DAY, source="ثبت احوال", actor=cast.tehran_clerk.pk)

    with pytest.raises(Invalid, match="died"):
        actions.merge(double, person, reason=SHOWN, actor=cast.tehran_clerk.pk)


def test_the_database_refuses_a_second_merge(merged: Merge, third: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Merge.objects.create(
            person=merged.person, into=third, survivor=third, reason="", actor=merged.actor
        )


# --- pages ----------------------------------------------------------------------------


def test_a_clerk_merges_a_record_of_a_like_name(
    as_user: SignIn, cast: Cast, person: Person, double: Person
) -> None:
    client = as_user(cast.tehran_clerk)
    address = reverse("people:merge", args=[person.pk])

    offered = text(client.get(address))
    client.post(address, {"other": str(double.pk), "reason": SHOWN})

    assert f'value="{double.pk}"' in offered
    assert survivor(double.pk) == person.pk


def test_the_address_of_a_merged_record_leads_to_the_survivor_and_says_so(
    as_user: SignIn, cast: Cast, person: Person, double: Person, merged: Merge
) -> None:
    client = as_user(cast.tehran_clerk)

    sent = client.get(reverse("people:person", args=[double.pk]))
    page = text(client.get(sent.headers["Location"]))

    assert sent.headers["Location"] == reverse("people:person", args=[person.pk])
    assert str(double.pk) in page
    assert SHOWN in page
    assert reverse("people:unmerge", args=[merged.pk]) in page


def test_a_clerk_takes_a_merge_back(
    as_user: SignIn, cast: Cast, double: Person, merged: Merge
) -> None:
    sent = as_user(cast.tehran_clerk).post(
        reverse("people:unmerge", args=[merged.pk]), {"reason": "دو نفرند، عکس‌ها فرق دارد"}
    )

    assert sent.headers["Location"] == reverse("people:person", args=[double.pk])
    assert survivor(double.pk) == double.pk


@pytest.fixture
def abroad(country: Country, double: Person) -> Person:
    """The double, registered in Lorestan."""
    place = country.falak_ol_din
    Person.objects.filter(pk=double.pk).update(area=place, area_path=place.path, province="15")
    return Person.objects.get(pk=double.pk)


def test_a_record_outside_ones_area_is_not_merged(
    as_user: SignIn, cast: Cast, person: Person, abroad: Person
) -> None:
    client = as_user(cast.tehran_clerk)
    address = reverse("people:merge", args=[person.pk])

    offered = text(client.get(address))
    refused = text(client.post(address, {"code": str(abroad.pk), "reason": SHOWN}))

    assert str(abroad.pk) not in offered
    assert "در حوزه شما" in refused
    assert not Merge.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("lorestan_clerk", 404), ("national_director", 404), ("outsider", 404), ("tehran_lead", 200)],
)
def test_only_who_may_change_the_person_may_merge(
    as_user: SignIn, cast: Cast, person: Person, who: str, status: int
) -> None:
    response = as_user(getattr(cast, who)).get(reverse("people:merge", args=[person.pk]))

    assert response.status_code == status


@pytest.mark.parametrize("who", ["tehran_clerk", "lorestan_clerk"])
def test_a_merge_across_areas_is_undone_by_who_reaches_both_only(
    as_user: SignIn, cast: Cast, person: Person, abroad: Person, who: str
) -> None:
    merged = actions.merge(abroad, person, reason=SHOWN, actor=cast.administrator.pk)

    response = as_user(getattr(cast, who)).get(reverse("people:unmerge", args=[merged.pk]))

    assert response.status_code == 404


def test_of_a_merged_record_elsewhere_nothing_is_shown(
    as_user: SignIn, cast: Cast, person: Person, abroad: Person
) -> None:
    actions.merge(abroad, person, reason=SHOWN, actor=cast.administrator.pk)
    record_roll_cover("sso", [abroad.pk], area=abroad.area, on=DAY, actor=None)

    page = person_page(as_user(cast.tehran_clerk), person)
    elsewhere = as_user(cast.lorestan_clerk).get(reverse("people:person", args=[abroad.pk]))

    assert str(abroad.pk) not in text(page)
    assert "تأمین اجتماعی" not in text(page)
    assert elsewhere.status_code == 200
    assert str(person.pk) not in text(elsewhere)
