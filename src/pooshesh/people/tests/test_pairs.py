"""The clerk's queue of pairs: kept, reversible judgements, one clerk at a time."""

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event, Subject
from pooshesh.people import actions, judging, pairs
from pooshesh.people.linkage.compare import LEVELS
from pooshesh.people.merged import survivor
from pooshesh.people.models import (
    Identifier,
    IdentifierKind,
    Judgement,
    Link,
    LinkOrigin,
    Merge,
    Person,
    Verdict,
)
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import DAY, OTHER_ID, ali, zahra

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(country: Country, person: Person) -> Link:
    """Zahra, and one who came later without a number and with a slip in her name."""
    twin = zahra(row=9, household="8", last_name="کریمی نزاد", national_id="", postal_code="")
    register_census([twin], area=country.darvazeh_ghar, on=DAY, actor=None)
    return Link.objects.get()


@pytest.fixture
def second(country: Country, link: Link) -> Link:
    """One more pair: Ali, and one who came later without a number."""
    again = replace(ali(row=8, household="9"), national_id="", birth_date=dt.date(2009, 3, 21))
    register_census([again], area=country.darvazeh_ghar, on=DAY, actor=None)
    return Link.objects.exclude(pk=link.pk).get()


def test_who_is_like_somebody_registered_is_linked_once_and_stays_two(
    country: Country, person: Person, link: Link
) -> None:
    assert link.first_id == person.pk
    assert (link.origin, link.verdict) == (LinkOrigin.REGISTRATION, Verdict.OPEN)
    assert link.score
    assert link.score > 0.9
    assert not Merge.objects.exists()


def test_judged_the_same_they_are_shown_as_one_and_undone_as_two_again(
    cast: Cast, link: Link
) -> None:
    judging.judge(cast.tehran_clerk, link, Verdict.SAME)
    merged = survivor(link.second_id)

    again = judging.undo_last(cast.tehran_clerk)

    assert merged == link.first_id
    assert survivor(link.second_id) == link.second_id
    assert (again.pk, again.verdict) == (link.pk, Verdict.OPEN)
    assert Judgement.objects.get().superseded_at


def test_a_later_judgement_supersedes_and_the_first_is_kept(cast: Cast, link: Link) -> None:
    judging.judge(cast.tehran_clerk, link, Verdict.SAME)

    judging.judge(cast.tehran_lead, link, Verdict.DIFFERENT, note="دو خواهر")

    link.refresh_from_db()
    kept = list(Judgement.objects.order_by("id").values_list("verdict", "actor"))
    assert link.verdict == Verdict.DIFFERENT
    assert survivor(link.second_id) == link.second_id
    assert kept == [("same", cast.tehran_clerk.pk), ("different", cast.tehran_lead.pk)]
    events = Event.objects.filter(action="people.judge_pair")
    assert Subject.objects.filter(event__in=events).count() == 4


def test_a_merge_and_its_undoing_on_the_persons_page_are_judgements(cast: Cast, link: Link) -> None:
    made = actions.merge(
        link.second, link.first, reason="یک شناسنامه دارند", actor=cast.tehran_clerk.pk
    )
    link.refresh_from_db()
    merged = link.verdict

    actions.unmerge(made, reason="اشتباه شده بود، دو نفرند", actor=cast.tehran_clerk.pk)

    link.refresh_from_db()
    assert (merged, link.verdict) == (Verdict.SAME, Verdict.DIFFERENT)


def test_judged_pairs_are_labels_without_names_or_numbers(cast: Cast, link: Link) -> None:
    judging.judge(cast.tehran_clerk, link, Verdict.DIFFERENT)

    (label,) = pairs.labels(cast.tehran_clerk)

    assert (label.first, label.second, label.same) == (link.first_id, link.second_id, False)
    assert label.levels["birth"] == "EQUAL"
    assert label.levels["national_id"] == "MISSING"
    assert not list(pairs.labels(cast.lorestan_clerk))


def test_the_next_linkage_of_the_province_is_taught_by_what_was_judged(
    cast: Cast, link: Link
) -> None:
    judging.judge(cast.tehran_clerk, link, Verdict.DIFFERENT)

    taught, elsewhere = pairs.taught(link.province), pairs.taught("05")

    assert taught.same.tolist() == [False]
    assert taught.levels.shape == (1, len(LEVELS))
    assert elsewhere.levels.shape == (0, len(LEVELS))


def test_what_cannot_be_told_is_no_label(cast: Cast, link: Link) -> None:
    judging.judge(cast.tehran_clerk, link, Verdict.UNSURE)

    assert not list(pairs.labels(cast.tehran_clerk))


def test_two_verified_numbers_are_never_judged_one_person(
    country: Country, cast: Cast, link: Link
) -> None:
    actions.set_identifier(
        link.second, IdentifierKind.NATIONAL, OTHER_ID, actor=cast.tehran_clerk.pk
    )
    Identifier.objects.update(grade="verified")

    with pytest.raises(Invalid, match="two people"):
        judging.judge(cast.tehran_clerk, link, Verdict.SAME)

    assert not Judgement.objects.exists()


# --- the queue ------------------------------------------------------------------------


def test_the_likeliest_comes_first_what_was_skipped_last_and_next_leaves_it_in_place(
    cast: Cast, link: Link, second: Link
) -> None:
    Link.objects.filter(pk=second.pk).update(score=0.5)
    clerk = cast.tehran_clerk

    first = judging.take(clerk)
    onward = judging.take(clerk, first)
    judging.skip(clerk, judging.hold(clerk, link))
    after_skip = judging.take(clerk)

    assert (first, onward, after_skip) == (link, second, second)


def test_two_clerks_never_get_the_same_pair(cast: Cast, link: Link) -> None:
    mine = judging.take(cast.tehran_clerk)

    theirs = judging.take(cast.tehran_lead)

    assert (mine, theirs) == (link, None)
    with pytest.raises(Invalid, match="Another clerk"):
        judging.judge(cast.tehran_lead, link, Verdict.SAME)


def test_a_lock_that_ran_out_frees_the_pair(cast: Cast, link: Link) -> None:
    judging.take(cast.tehran_lead)

    Link.objects.update(locked_until=timezone.now() - dt.timedelta(seconds=1))

    assert judging.take(cast.tehran_clerk) == link


def test_nothing_to_undo_is_said(cast: Cast, link: Link) -> None:
    judging.judge(cast.tehran_lead, link, Verdict.DIFFERENT)

    with pytest.raises(Invalid, match="taken back"):
        judging.undo_last(cast.tehran_clerk)


def test_a_pair_across_areas_waits_for_who_covers_both(
    country: Country, cast: Cast, person: Person
) -> None:
    twin = zahra(row=9, national_id="")
    register_census([twin], area=country.falak_ol_din, on=DAY, actor=None)
    link = Link.objects.get()

    found = [pairs.counts(user) for user in (cast.tehran_clerk, cast.lorestan_clerk)]

    assert [(one.waiting, one.elsewhere) for one in found] == [(0, 1), (0, 1)]
    assert pairs.pair(cast.lorestan_clerk, link.pk) is None


def test_a_pair_that_other_merges_made_one_waits_no_longer(
    country: Country, cast: Cast, person: Person, link: Link
) -> None:
    third = zahra(row=10, household="12", national_id="")
    register_census([third], area=country.darvazeh_ghar, on=DAY, actor=None)
    newest = Person.objects.latest("id")
    one, other = Link.objects.filter(first=person)
    judging.judge(cast.tehran_clerk, one, Verdict.SAME)

    judging.judge(cast.tehran_clerk, other, Verdict.SAME)

    assert Link.objects.filter(second=newest, verdict=Verdict.OPEN).exists()
    assert pairs.counts(cast.tehran_clerk).waiting == 0


# --- pages ------------------------------------------------------------------------------


def test_a_pair_is_shown_side_by_side_with_the_letters_that_differ(
    as_user: SignIn, cast: Cast, link: Link, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.tehran_clerk)

    with django_assert_max_num_queries(26):
        page = client.get(reverse("people:pair", args=[link.pk])).content.decode()

    assert "<mark>ژ</mark>" in page
    assert "<mark>ز</mark>" in page
    assert 'data-key="Digit1"' in page
    assert "0012345679" not in page


def test_a_judgement_leads_to_the_next_pair(
    as_user: SignIn, cast: Cast, link: Link, second: Link
) -> None:
    client = as_user(cast.tehran_clerk)
    Link.objects.filter(pk=second.pk).update(score=0.5)

    sent = client.post(reverse("people:pair", args=[link.pk]), {"verdict": "different"})
    last = client.post(reverse("people:pair", args=[second.pk]), {"verdict": "unsure"})
    undone = client.post(reverse("people:pair_undo"))

    assert sent.headers["Location"] == reverse("people:pair", args=[second.pk])
    assert last.headers["Location"] == reverse("people:pairs")
    assert undone.headers["Location"] == reverse("people:pair", args=[second.pk])


def test_numbers_in_full_are_noted(as_user: SignIn, cast: Cast, link: Link) -> None:
    page = as_user(cast.tehran_clerk).post(reverse("people:pair_reveal", args=[link.pk]))

    assert "۰۰۱۲۳۴۵۶۷۹" in page.content.decode()
    assert Event.objects.filter(action="people.reveal_identifier").count() == 1


def test_a_pair_elsewhere_does_not_exist(as_user: SignIn, cast: Cast, link: Link) -> None:
    address = reverse("people:pair", args=[link.pk])

    found = [
        as_user(user).get(address).status_code
        for user in (cast.lorestan_clerk, cast.welfare_officer, cast.outsider)
    ]

    assert found == [404, 404, 404]


@pytest.mark.parametrize("verdict", ["open", "", "maybe"])
def test_an_unknown_verdict_is_refused(
    as_user: SignIn, cast: Cast, link: Link, verdict: str
) -> None:
    sent = as_user(cast.tehran_clerk).post(
        reverse("people:pair", args=[link.pk]), {"verdict": verdict}
    )

    assert sent.status_code == 404


def test_the_list_shows_pairs_by_what_is_believed_and_finds_names(
    as_user: SignIn, cast: Cast, link: Link
) -> None:
    client = as_user(cast.tehran_clerk)
    address = reverse("people:pairs")

    waiting = client.get(address, {"q": "زهرا"}).content.decode()
    judged = client.get(address, {"verdict": "same"}).content.decode()
    sheet = client.get(address, {"export": "csv"})

    assert reverse("people:pair", args=[link.pk]) in waiting
    assert reverse("people:pair", args=[link.pk]) not in judged
    assert "زهرا".encode() in b"".join(sheet.streaming_content)  # type: ignore[attr-defined]
