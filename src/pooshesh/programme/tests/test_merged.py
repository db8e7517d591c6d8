"""A confirmed double is one person in the registry, and in the figures."""

import pytest
from django.urls import reverse

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.people import actions as people
from pooshesh.people.merged import survivor
from pooshesh.people.models import Merge, Person
from pooshesh.people.queries import records_of
from pooshesh.programme.campaign.figures import figures
from pooshesh.programme.campaign.record import settle
from pooshesh.programme.models import Campaign, WorkItem, WorkKind
from pooshesh.programme.tests.worklists import answer, row

pytestmark = pytest.mark.django_db
SHOWN = "هر دو کارت ملی را دیدم"
DECIDED = "تصمیم‌گرفته‌شده در"


def test_a_confirmed_double_stands_under_its_original(doubts: Campaign, cast: Cast) -> None:
    double, original = row(11).person_id, row(7).person_id

    answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, 11, choice="same", note="saw the card")

    merged = Merge.objects.get()
    assert (merged.person_id, merged.survivor_id) == (double, original)
    assert (merged.actor, "saw the card" in merged.reason) == (cast.tehran_clerk.pk, True)


def test_two_different_people_stay_two(doubts: Campaign, cast: Cast) -> None:
    answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, 11, choice="different")

    assert not Merge.objects.exists()


def test_a_double_who_lives_elsewhere_by_now_is_left_to_who_reaches_both(
    doubts: Campaign, cast: Cast, country: Country
) -> None:
    place = country.falak_ol_din
    Person.objects.filter(pk=row(7).person_id).update(
        area=place, area_path=place.path, province="15"
    )

    with pytest.raises(Invalid, match="outside your area"):
        answer(cast.tehran_clerk, WorkKind.POSSIBLE_DOUBLE, 11, choice="same")

    assert WorkItem.objects.get(kind="possible_double").state == "open"
    assert not Merge.objects.exists()


def test_persons_merged_on_their_pages_are_counted_once_until_that_is_undone(
    campaign: Campaign, cast: Cast
) -> None:
    before = figures(campaign)

    merged = people.merge(row(5).person, row(4).person, reason=SHOWN, actor=cast.tehran_clerk.pk)
    after = figures(campaign)
    people.unmerge(merged, reason=SHOWN, actor=cast.tehran_clerk.pk)
    again = figures(campaign)

    assert (after.rows, after.residents) == (before.rows, before.residents - 1)
    assert after.duplicate_rows == before.duplicate_rows + 1
    assert after.enrolled_total == before.enrolled_total - 1
    assert again == before


def test_what_a_merged_record_proves_counts_for_the_survivor(
    campaign: Campaign, cast: Cast
) -> None:
    nameless = row(10)

    people.merge(row(4).person, nameless.person, reason=SHOWN, actor=cast.tehran_clerk.pk)
    settle(campaign, cast.tehran_clerk.pk, [10])

    assert (nameless.decision, row(10).decision) == ("needs_identity", "enrol_free")
    assert survivor(row(4).person_id) == nameless.person_id


def test_decisions_and_campaigns_of_a_merged_record_stand_on_the_survivors_page(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    kept, double = row(4).person, row(5).person
    client = as_user(cast.tehran_clerk)
    page, met = (
        reverse("people:person", args=[kept.pk]),
        reverse("programme:campaign", args=[campaign.pk]),
    )
    before = client.get(page).content.decode()

    people.merge(double, kept, reason=SHOWN, actor=cast.tehran_clerk.pk)
    after = client.get(page).content.decode()

    assert after.count(met) == before.count(met) + 1
    assert after.count(DECIDED) == before.count(DECIDED) + 1


def test_what_was_decided_about_a_merged_record_outside_ones_area_is_not_shown(
    campaign: Campaign, cast: Cast, country: Country
) -> None:
    kept, double = row(4).person, row(5).person
    people.merge(double, kept, reason=SHOWN, actor=cast.tehran_clerk.pk)
    place = country.falak_ol_din
    Person.objects.filter(pk=double.pk).update(area=place, area_path=place.path, province="15")

    assert records_of(cast.tehran_clerk, kept) == [kept.pk]
