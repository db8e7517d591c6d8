"""Verification calls: a sample anybody can draw again, numbers only for callers."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event, Subject
from pooshesh.programme.calls import actions, queries
from pooshesh.programme.calls.draw import Answers, digest, draw, size
from pooshesh.programme.calls.models import Call, Outcome, Sample
from pooshesh.programme.models import Campaign

PERSONS = [UUID(int=n) for n in range(500)]


def test_9000_insured_need_369_calls_for_five_points() -> None:
    assert (size(9_000, 5), size(100_000_000, 5), size(4, 5), size(0, 5)) == (369, 385, 4, 0)


@given(st.integers(1, 10**6), st.sampled_from(actions.WIDTHS))
def test_a_sample_is_never_larger_than_the_frame(frame: int, width: int) -> None:
    assert 1 <= size(frame, width) <= frame


@given(st.text(max_size=20), st.integers(0, 500))
def test_the_same_seed_draws_the_same(seed: str, number: int) -> None:
    first = draw(seed, PERSONS, number)

    assert draw(seed, reversed(PERSONS), number) == first
    assert len(set(first)) == number
    assert draw(seed, PERSONS, 500)[:number] == first


def test_every_person_is_drawn_about_as_often() -> None:
    drawn = [draw(str(seed), PERSONS[:10], 3) for seed in range(1_000)]

    times = [sum(one in sample for sample in drawn) for one in PERSONS[:10]]

    assert 240 < min(times) <= max(times) < 360


def test_what_the_answers_say() -> None:
    told = Answers({"confirmed": 6, "unaware": 2, "wrong_person": 2, "not_reached": 5}, 5)

    assert (told.right.part, told.right.whole, told.knows.part) == (8, 10, 6)
    assert [(share.part, share.whole) for share in told.bounds] == [(8, 20), (18, 20)]


@pytest.fixture
def sample(campaign: Campaign) -> Sample:
    return actions.draw_sample(campaign, 5, actor=None, seed="seed")


@pytest.mark.django_db
def test_the_insured_are_drawn_once(campaign: Campaign, sample: Sample) -> None:
    frame = queries.insured(campaign)

    assert (sample.frame, sample.size, sample.digest) == (4, 4, digest(frame))
    assert list(Call.objects.order_by("place").values_list("person_id", flat=True)) == draw(
        "seed", frame, 4
    )
    with pytest.raises(Invalid) as caught:
        actions.draw_sample(campaign, 5, actor=None)
    assert caught.value.code == "sample.drawn"


@pytest.mark.django_db
def test_a_clerk_calls_one_after_the_other(
    campaign: Campaign, sample: Sample, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.tehran_clerk)
    first = Call.objects.get(place=1)

    answer = browser.post(f"/campaigns/calls/{first.id}/", {"outcome": "confirmed"})
    page = browser.get(f"/campaigns/{campaign.id}/").content.decode()

    assert answer.headers["Location"] == f"/campaigns/calls/{Call.objects.get(place=2).id}/"
    assert queries.answers(sample).counts == {Outcome.CONFIRMED: 1}
    assert "تماس‌های راستی‌آزمایی" in page
    assert "seed" in page


@pytest.mark.django_db
def test_a_number_is_masked_until_it_is_asked_for_and_noted(
    sample: Sample, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.tehran_clerk)
    call = Call.objects.select_related("person").get(place=1)
    from pooshesh.people.registration import sealed_mobile

    sealed, blind = sealed_mobile("09121234567")
    type(call.person).objects.filter(id=call.person_id).update(mobile=sealed, mobile_blind=blind)

    masked = browser.get(f"/campaigns/calls/{call.id}/").content.decode()
    full = browser.post(f"/campaigns/calls/{call.id}/number/").content.decode()

    assert "09121234567" not in masked
    assert "09121234567" in full
    event = Event.objects.get(action="sample.reveal")
    assert Subject.objects.get(event=event).person_id == call.person_id


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["lorestan_clerk", "programme_head", "mayor_counts", "outsider"])
def test_only_callers_of_the_area_see_whom_to_call(
    campaign: Campaign, sample: Sample, cast: Cast, as_user: SignIn, who: str
) -> None:
    browser = as_user(getattr(cast, who))
    call = Call.objects.get(place=1)

    assert browser.get(f"/campaigns/{campaign.id}/calls/").status_code == 404
    assert browser.get(f"/campaigns/calls/{call.id}/").status_code == 404
    assert browser.post(f"/campaigns/calls/{call.id}/number/").status_code == 404


@pytest.mark.django_db
def test_the_list_is_searched_and_exported_and_noted(
    campaign: Campaign, sample: Sample, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.tehran_clerk)

    page = browser.get(f"/campaigns/{campaign.id}/calls/?outcome=waiting")
    browser.get(f"/campaigns/{campaign.id}/calls/?export=csv")

    assert page.status_code == 200
    looks = Event.objects.filter(action="sample.look")
    assert Subject.objects.filter(event__in=looks).count() == 8


@pytest.mark.django_db
def test_a_campaign_without_a_result_has_nobody_to_call(campaign: Campaign) -> None:
    Campaign.objects.filter(id=campaign.id).update(state="running")

    with pytest.raises(Invalid) as caught:
        actions.draw_sample(campaign, 5, actor=uuid4())

    assert caught.value.code == "sample.early"
