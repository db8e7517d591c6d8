"""Nobody loses cover silently: a notice, a deadline, a suspension inside a spell, a revival."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pooshesh.conftest import Cast, Country
from pooshesh.coverage import actions, endings, queries, suspensions, terms
from pooshesh.coverage.actions import Enrolment
from pooshesh.coverage.models import Cause, Ending, Notice, Reason, Scheme, Spell, Suspension
from pooshesh.coverage.tests.conftest import NEW_YEAR, REASON, Family
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.kernel.time import from_day, from_now
from pooshesh.people import actions as people
from pooshesh.people import deaths
from pooshesh.people.models import Person
from pooshesh.people.registration import CensusPerson, register_census
from pooshesh.places.models import Area

TODAY = timezone.localdate()
DEADLINE = TODAY + terms.NOTICE
LATER = DEADLINE + dt.timedelta(days=40)
DAY = dt.timedelta(days=1)


def reasons(person: Person, on: dt.date) -> tuple[str, ...]:
    return queries.covered(person.pk, on).reasons


@pytest.fixture
def told(insured: Family) -> Notice:
    """Zahra was told that her premium is not paid."""
    return suspensions.give_notice(insured.zahra, Reason.ARREARS, DEADLINE, actor=None)


def suspend(family: Family, start: dt.date = DEADLINE) -> Suspension:
    return suspensions.suspend(family.zahra, Reason.ARREARS, start, actor=None)


def check_now() -> None:
    """What is checked at the end of a transaction, now."""
    with transaction.atomic():
        connection.check_constraints()


def test_a_suspended_person_is_not_covered_until_revived(insured: Family, told: Notice) -> None:
    suspend(insured)
    suspensions.revive(insured.zahra, LATER, actor=None)
    check_now()

    assert reasons(insured.zahra, DEADLINE - DAY) == ("covered",)
    assert reasons(insured.zahra, DEADLINE) == ("suspended", "arrears")
    assert reasons(insured.zahra, LATER - DAY) == ("suspended", "arrears")
    assert reasons(insured.zahra, LATER) == ("covered",)
    assert reasons(insured.ali, DEADLINE) == ("covered",)


def test_what_was_suspended_is_still_known_to_have_been(insured: Family, told: Notice) -> None:
    suspend(insured)
    before = timezone.now()

    suspensions.revive(insured.zahra, DEADLINE, actor=None)

    assert not Suspension.objects.known().exists()
    assert Suspension.objects.on(DEADLINE, before).get().notice == told


def test_nobody_is_suspended_without_a_notice(insured: Family) -> None:
    with pytest.raises(Invalid, match="no notice about this stands"):
        suspend(insured)


def test_nobody_is_suspended_for_what_they_were_not_told(insured: Family, told: Notice) -> None:
    with pytest.raises(Invalid, match="no notice about this stands"):
        suspensions.suspend(insured.zahra, Reason.DOCUMENTS, DEADLINE, actor=None)


def test_nobody_is_suspended_before_the_deadline(insured: Family, told: Notice) -> None:
    with pytest.raises(Invalid, match="no notice about this stands"):
        suspend(insured, DEADLINE - DAY)


def test_a_notice_leaves_time(insured: Family) -> None:
    with pytest.raises(Invalid, match="too little time"):
        suspensions.give_notice(insured.zahra, Reason.ARREARS, DEADLINE - DAY, actor=None)


def test_a_withdrawn_notice_suspends_nobody(insured: Family, told: Notice) -> None:
    suspensions.withdraw_notice(told, reason=REASON, actor=None)

    with pytest.raises(Invalid, match="no notice about this stands"):
        suspend(insured)


def test_a_used_notice_is_not_withdrawn(insured: Family, told: Notice) -> None:
    suspend(insured)

    with pytest.raises(Invalid, match="revive it instead"):
        suspensions.withdraw_notice(told, reason=REASON, actor=None)


def test_who_is_not_covered_is_not_suspended(family: Family) -> None:
    with pytest.raises(Invalid, match="no cover here"):
        suspensions.give_notice(family.zahra, Reason.ARREARS, DEADLINE, actor=None)


def test_cover_is_suspended_once(insured: Family, told: Notice) -> None:
    suspend(insured)

    with pytest.raises(Invalid, match="suspended already"):
        suspend(insured, LATER)


def test_who_is_not_suspended_is_not_revived(insured: Family) -> None:
    with pytest.raises(Invalid, match="not suspended on"):
        suspensions.revive(insured.zahra, LATER, actor=None)


def write(family: Family, notice: Notice, **changes: object) -> None:
    facts: dict[str, object] = {
        "person": family.zahra, "reason": Reason.ARREARS, "notice": notice,
        "valid": from_day(DEADLINE), "recorded": from_now(),
    }  # fmt: skip
    with transaction.atomic():
        Suspension.objects.create(**facts | changes)
        check_now()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"valid": from_day(DEADLINE - DAY)}, "suspension_after_notice"),
        ({"reason": Reason.DOCUMENTS}, "suspension_after_notice"),
        ({"valid": from_day(None)}, "suspension_after_notice"),
    ],
)
def test_the_database_refuses_a_suspension_beyond_its_notice(
    insured: Family, told: Notice, changes: dict[str, object], refusal: str
) -> None:
    with pytest.raises(IntegrityError, match=refusal):
        write(insured, told, **changes)


def test_the_database_refuses_a_notice_of_somebody_else(insured: Family, told: Notice) -> None:
    with pytest.raises(IntegrityError, match="suspension_after_notice"):
        write(insured, told, person=insured.ali)


def test_the_database_refuses_a_suspension_outside_cover(insured: Family, told: Notice) -> None:
    actions.end_spell(Spell.objects.known().get(person=insured.zahra).pk, LATER, actor=None)

    with pytest.raises(IntegrityError, match="suspension_within_cover"):
        write(insured, told)


def test_the_database_refuses_cover_that_ends_under_a_suspension(
    insured: Family, told: Notice
) -> None:
    suspend(insured)
    check_now()
    spell = Spell.objects.known().get(person=insured.zahra)

    with pytest.raises(IntegrityError, match="suspension_within_cover"):
        shorten(spell)


@transaction.atomic
def shorten(spell: Spell) -> None:
    Spell.objects.filter(pk=spell.pk).update(valid=from_day(NEW_YEAR, LATER))
    check_now()


def test_a_death_ends_a_suspension_with_the_cover(
    insured: Family, told: Notice, cast: Cast
) -> None:
    people.record_death(insured.zahra, TODAY, source="ثبت احوال", actor=cast.tehran_clerk.pk)
    check_now()

    assert reasons(insured.zahra, TODAY) == ("covered",)
    assert reasons(insured.zahra, TODAY + DAY) == ("dead",)


def test_a_wrong_death_gives_cover_and_suspension_back(
    insured: Family, told: Notice, cast: Cast
) -> None:
    suspend(insured)
    people.record_death(insured.zahra, TODAY, source="ثبت احوال", actor=cast.tehran_clerk.pk)

    deaths.withdraw_death(insured.zahra, reason=REASON, actor=cast.tehran_clerk.pk)
    check_now()

    assert reasons(insured.zahra, TODAY + DAY) == ("covered",)
    assert reasons(insured.zahra, DEADLINE) == ("suspended", "arrears")
    assert Ending.objects.get().undone_reason == REASON
    assert Event.objects.filter(action="people.withdraw_death").count() == 1
    assert not deaths.withdraw_death(insured.zahra, reason=REASON, actor=None)


def test_an_ending_is_not_taken_back_over_new_cover(insured: Family, cast: Cast) -> None:
    endings.end(insured.zahra.pk, TODAY, Cause.OTHER_ENDED, actor=None)
    actions.enrol(
        [Enrolment(insured.zahra.pk, Scheme.RURAL, 0)], area=insured.zahra.area, on=LATER,
        actor=None,
    )  # fmt: skip

    with pytest.raises(Invalid, match="other cover was written"):
        endings.undo_ending(Ending.objects.get().pk, reason=REASON, actor=None)


def test_cover_ends_after_a_notice_and_not_before(insured: Family, told: Notice) -> None:
    with pytest.raises(Invalid, match="Cover may end from"):
        endings.end_after_notice(told, DEADLINE - DAY, actor=None)

    ended = endings.end_after_notice(told, DEADLINE, actor=None)

    assert (ended, endings.end_after_notice(told, DEADLINE, actor=None)) == (1, 0)
    assert reasons(insured.zahra, DEADLINE) == ("ended",)


def test_an_undone_enrolment_takes_its_suspension_along(insured: Family, told: Notice) -> None:
    suspend(insured)

    spell = Spell.objects.known().get(person=insured.zahra)
    actions.undo_spell(spell.pk, reason=REASON, actor=None)
    check_now()

    assert not Suspension.objects.known().exists()


def test_cover_is_asked_in_one_statement(
    insured: Family, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = queries.covered(insured.zahra.pk, TODAY)

    assert (found.covered, found.scheme, found.insurer, found.since) == (
        True, "universal", "ihio", NEW_YEAR,
    )  # fmt: skip


def test_who_another_insurer_covers_is_not_covered_here(country: Country, family: Family) -> None:
    actions.record_roll_cover(
        "sso", [family.zahra.pk], area=country.unsponsored, on=NEW_YEAR, actor=None
    )

    found = queries.covered(family.zahra.pk, NEW_YEAR)

    assert (found.covered, found.insurer, found.reasons) == (False, "sso", ("other_insurer",))
    assert reasons(family.ali, NEW_YEAR) == ("never_covered",)


def test_cover_that_begins_later_says_so(insured: Family) -> None:
    assert reasons(insured.zahra, NEW_YEAR - DAY) == ("begins_later",)


class AnyOrderOfSuspensions(TestCase):
    """However suspensions and revivals follow each other, days add up."""

    person: Person

    @classmethod
    def setUpTestData(cls) -> None:
        area = Area.objects.create(
            code="x", kind="nation", path="x", province="01", name_fa="x", sort_key="x",
            search_key="x", valid=from_day(None),
        )  # fmt: skip
        done = register_census(
            [CensusPerson(row=1, first_name="x", last_name="y")], area=area, on=NEW_YEAR, actor=None
        )
        cls.person = Person.objects.get(pk=done.persons[1])
        actions.enrol(
            [Enrolment(cls.person.pk, Scheme.UNIVERSAL, 0)], area=area, on=NEW_YEAR, actor=None
        )
        suspensions.give_notice(cls.person, Reason.ARREARS, DEADLINE, actor=None)

    # Each example is a transaction of up to eight words; the shortest ones are met first.
    @settings(max_examples=40)
    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=8))
    def test_a_day_is_suspended_when_the_last_word_about_it_was(
        self, words: list[tuple[bool, int]]
    ) -> None:
        expected = [False] * 41

        for pause, offset in words:
            expected = follow(self.person, expected, pause, offset)

        assert suspended_days(self.person) == expected
        check_now()


def suspended_days(person: Person) -> list[bool]:
    """Whether each day from the deadline on is suspended, as every query is answered."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select c.reasons[1] = 'suspended'
               from generate_series(0, 40) n
               cross join lateral coverage_covered(%s, %s::date + n) c order by n""",
            [person.pk, DEADLINE],
        )
        return [row[0] for row in cursor.fetchall()]


def follow(person: Person, days: list[bool], pause: bool, offset: int) -> list[bool]:
    """Say one word and what is then expected of each day; a refused word changes nothing."""
    since = DEADLINE + offset * DAY
    try:
        if pause:
            suspensions.suspend(person, Reason.ARREARS, since, actor=None)
        else:
            suspensions.revive(person, since, actor=None)
    except Invalid:
        refused = any(days[offset:]) if pause else not days[offset]
        assert refused
        return days
    return days[:offset] + [pause] * (len(days) - offset)
