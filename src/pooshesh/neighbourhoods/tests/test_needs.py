"""Assessing what neighbourhoods need."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.neighbourhoods import actions, needs, queries
from pooshesh.neighbourhoods.models import Assessment, AssessmentState
from pooshesh.neighbourhoods.needs import questionnaire

TODAY = timezone.localdate()
CODES = [question.code for question in questionnaire().questions]
ANSWERS = st.dictionaries(st.sampled_from(CODES), st.integers(0, 4))


@pytest.fixture
def draft(country: Country, cast: Cast) -> Assessment:
    return actions.begin_assessment(country.darvazeh_ghar, TODAY, actor=cast.welfare_officer.pk)


def test_it_is_answered_submitted_and_confirmed_by_another(draft: Assessment, cast: Cast) -> None:
    actions.answer(draft, {"clinic": 4, "road": 1}, actor=cast.welfare_officer.pk)
    actions.move(draft, "submit", actor=cast.welfare_officer.pk)
    actions.move(draft, "confirm", actor=cast.programme_head.pk)

    assert (draft.state, draft.worst) == (AssessmentState.CONFIRMED, 1)


def test_nobody_confirms_their_own(draft: Assessment, cast: Cast) -> None:
    actions.answer(draft, {"clinic": 4}, actor=cast.welfare_officer.pk)
    actions.move(draft, "submit", actor=cast.welfare_officer.pk)

    with pytest.raises(Invalid, match="Somebody else"):
        actions.move(draft, "confirm", actor=cast.welfare_officer.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=draft.pk).update(
            state="confirmed", confirmed_by=cast.welfare_officer.pk
        )


def test_an_empty_one_is_not_submitted(draft: Assessment, cast: Cast) -> None:
    with pytest.raises(Invalid, match="at least one"):
        actions.move(draft, "submit", actor=cast.welfare_officer.pk)


def test_answers_stand_still_once_submitted(draft: Assessment, cast: Cast) -> None:
    actions.answer(draft, {"clinic": 4}, actor=cast.welfare_officer.pk)
    actions.move(draft, "submit", actor=cast.welfare_officer.pk)

    with pytest.raises(Invalid, match="changed meanwhile"):
        actions.answer(draft, {"clinic": 0}, actor=cast.welfare_officer.pk)


@pytest.mark.parametrize("days", [1, 400])
def test_a_day_to_come_is_refused(country: Country, cast: Cast, days: int) -> None:
    with pytest.raises(Invalid, match="not come"):
        actions.begin_assessment(
            country.darvazeh_ghar, TODAY + dt.timedelta(days=days), actor=cast.welfare_officer.pk
        )


def test_needs_are_of_neighbourhoods(country: Country, cast: Cast) -> None:
    with pytest.raises(Invalid, match="no neighbourhood"):
        actions.begin_assessment(country.tehran_city, TODAY, actor=cast.programme_head.pk)


@given(st.lists(ANSWERS, max_size=6))
def test_a_need_is_ranked_over_the_places_that_answered(all_answers: list[dict[str, int]]) -> None:
    ranked = needs.ranked(all_answers)

    shares = [need.share for need in ranked if need.share is not None]
    assert sorted(need.question.code for need in ranked) == sorted(CODES)
    assert shares == sorted(shares, reverse=True)
    assert all(need.severe <= need.asked <= len(all_answers) for need in ranked)


def test_the_newest_look_at_a_place_counts(country: Country, cast: Cast) -> None:
    for days, answered in ((9, 4), (1, 0)):
        one = actions.begin_assessment(
            country.darvazeh_ghar, TODAY - dt.timedelta(days=days), actor=cast.welfare_officer.pk
        )
        actions.answer(one, {"clinic": answered}, actor=cast.welfare_officer.pk)
        actions.move(one, "submit", actor=cast.welfare_officer.pk)

    clinic = next(
        n for n in queries.ranked_needs(cast.programme_head) if n.question.code == "clinic"
    )

    assert (clinic.severe, clinic.asked) == (0, 1)


# --- pages --------------------------------------------------------------------------------------


def test_a_sponsors_officer_assesses_on_the_pages(
    as_user: SignIn, cast: Cast, country: Country
) -> None:
    browser = as_user(cast.welfare_officer)

    browser.post("/needs/new/", {"area": "n0001", "on": str(TODAY)})
    one = Assessment.objects.get()
    browser.post(f"/needs/{one.pk}/", {"clinic": "4", "road": "", "submit": "1"})
    shown = as_user(cast.programme_head).get(f"/needs/{one.pk}/").content.decode()

    one.refresh_from_db()
    assert (one.state, one.answers) == (AssessmentState.SUBMITTED, {"clinic": 4})
    assert "دشواری رسیدن به درمانگاه" in shown


def test_a_draft_is_its_makers_alone(as_user: SignIn, cast: Cast, draft: Assessment) -> None:
    assert as_user(cast.programme_head).get(f"/needs/{draft.pk}/").status_code == 404


def test_another_sponsors_neighbourhood_is_not_assessed(
    as_user: SignIn, cast: Cast, country: Country
) -> None:
    page = as_user(cast.welfare_officer).post("/needs/new/", {"area": "n0002", "on": str(TODAY)})

    assert page.status_code == 200
    assert not Assessment.objects.exists()


def test_who_has_no_say_finds_no_page(as_user: SignIn, cast: Cast, draft: Assessment) -> None:
    browser = as_user(cast.auditor)

    assert browser.get("/needs/").status_code == 404
    assert browser.post(f"/needs/{draft.pk}/step/", {"verb": "confirm"}).status_code == 404
