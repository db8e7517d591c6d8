"""Both sides sign, then the sponsor changes and open work moves along."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from pooshesh.access.models import User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel import jobs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Job
from pooshesh.partners import actions, agreements, handing_over, tasks
from pooshesh.partners import hand_over_queries as queries
from pooshesh.partners.models import (
    HandOver,
    HandOverState,
    Organisation,
    StepKind,
    Task,
    TaskState,
)
from pooshesh.partners.signals import handed_over
from pooshesh.partners.tests.conftest import Agree, Bodies, days
from pooshesh.places.models import Area, AreaSet
from pooshesh.places.queries import accountable_sponsor

Heard = list[dict[str, object]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What rooms to the right are told."""
    found: Heard = []

    def listen(sender: object, **told: object) -> None:
        found.append(told)

    handed_over.connect(listen)
    yield found
    handed_over.disconnect(listen)


def sponsor_on(area: Area, day: dt.date) -> AreaSet | None:
    return accountable_sponsor(area, day)


def propose(
    bodies: Bodies, areas: list[Area], giver: Organisation | None, on: dt.date | None = None
) -> HandOver:
    return handing_over.propose(
        actor=None, giver=giver, receiver=bodies.setad, areas=areas, on=on or days(0)
    )


@pytest.fixture
def proposed(bodies: Bodies, country: Country, agree: Agree) -> HandOver:
    """Welfare's two neighbourhoods are to go to Setad today."""
    agree(bodies.setad)
    return propose(bodies, [country.darvazeh_ghar, country.falak_ol_din], bodies.welfare)


def test_both_sides_sign_and_the_sponsor_changes(
    proposed: HandOver, bodies: Bodies, country: Country, cast: Cast, heard: Heard
) -> None:
    given = handing_over.give(proposed, cast.welfare_officer)
    before = sponsor_on(country.darvazeh_ghar, days(0))

    done = handing_over.receive(given, bodies.setad_officer)

    assert before == country.welfare
    assert done.state == HandOverState.IN_FORCE
    assert sponsor_on(country.darvazeh_ghar, days(-1)) == country.welfare
    assert sponsor_on(country.darvazeh_ghar, days(0)) == bodies.setad.area_set
    assert sponsor_on(country.falak_ol_din, days(0)) == bodies.setad.area_set
    (told,) = heard
    assert (told["former"], told["receiver"], told["on"]) == (
        bodies.welfare, bodies.setad, days(0),
    )  # fmt: skip
    assert {area.code for area in told["areas"]} == {"n0001", "n0003"}  # type: ignore[attr-defined]


def test_a_first_assignment_needs_only_the_receiver(
    bodies: Bodies, country: Country, agree: Agree
) -> None:
    agree(bodies.setad)
    made = propose(bodies, [country.unsponsored], None)

    done = handing_over.receive(made, bodies.setad_officer)

    assert done.state == HandOverState.IN_FORCE
    assert sponsor_on(country.unsponsored, days(0)) == bodies.setad.area_set


def test_what_is_signed_ahead_comes_into_force_on_its_day(
    bodies: Bodies, country: Country, cast: Cast, agree: Agree, heard: Heard
) -> None:
    agree(bodies.setad)
    made = propose(bodies, [country.darvazeh_ghar], bodies.welfare, days(3))
    handing_over.give(made, cast.welfare_officer)
    made.refresh_from_db()

    handing_over.receive(made, bodies.setad_officer)
    told_before = list(heard)
    HandOver.objects.update(on=days(0))  # the days pass
    handing_over.begin_due(jobs.Progress(Job.objects.create(kind="partners.in_force").id))

    made.refresh_from_db()
    assert told_before == []
    assert len(heard) == 1
    assert made.state == HandOverState.IN_FORCE
    assert sponsor_on(country.darvazeh_ghar, days(2)) == country.welfare
    assert sponsor_on(country.darvazeh_ghar, days(3)) == bodies.setad.area_set


def test_one_user_never_signs_for_both_sides(
    proposed: HandOver, bodies: Bodies, cast: Cast
) -> None:
    both = cast.welfare_officer
    actions.name_officer(actor=None, organisation=bodies.setad, user_id=both.id)
    given = handing_over.give(proposed, both)

    with pytest.raises(Invalid) as refused:
        handing_over.receive(given, both)

    assert refused.value.code == "hand_over.one_user"


def test_the_database_refuses_one_user_for_both_sides(proposed: HandOver, cast: Cast) -> None:
    user = cast.welfare_officer.id

    with pytest.raises(IntegrityError, match="signed_by_two_users"), transaction.atomic():
        HandOver.objects.update(given_by=user, received_by=user)


@pytest.mark.parametrize("signatory", ["tehran_clerk", "programme_head", "national_director"])
def test_who_does_not_speak_for_a_side_does_not_sign(
    proposed: HandOver, cast: Cast, signatory: str
) -> None:
    with pytest.raises(Invalid) as refused:
        handing_over.give(proposed, getattr(cast, signatory))

    assert refused.value.code == "hand_over.not_yours"


def test_the_receiver_does_not_sign_before_the_giver(proposed: HandOver, bodies: Bodies) -> None:
    with pytest.raises(Invalid) as refused:
        handing_over.receive(proposed, bodies.setad_officer)

    assert refused.value.code == "transition.refused"


def test_a_second_click_or_a_second_signatory_is_told_what_happened(
    proposed: HandOver, bodies: Bodies, cast: Cast
) -> None:
    given = handing_over.give(proposed, cast.welfare_officer)
    seen = HandOver.objects.get(id=given.id)
    handing_over.receive(given, bodies.setad_officer)

    with pytest.raises(Invalid) as refused:
        handing_over.receive(seen, bodies.setad_second)

    assert refused.value.code == "hand_over.moved_on"
    assert HandOver.objects.get().received_by == bodies.setad_officer.id


def test_without_an_agreement_nothing_is_handed_over(bodies: Bodies, country: Country) -> None:
    with pytest.raises(Invalid) as refused:
        propose(bodies, [country.darvazeh_ghar], bodies.welfare)

    assert refused.value.code == "hand_over.agreement"
    assert bodies.setad.name_fa in refused.value.message()


def test_an_agreement_that_was_ended_meanwhile_stops_the_last_signature(
    bodies: Bodies, country: Country, cast: Cast, agree: Agree
) -> None:
    agreement = agree(bodies.setad)
    given = handing_over.give(
        propose(bodies, [country.darvazeh_ghar], bodies.welfare), cast.welfare_officer
    )
    agreements.end_early(actor=None, agreement=agreement, on=days(-1), reason="لغو شد")

    with pytest.raises(Invalid) as refused:
        handing_over.receive(given, bodies.setad_officer)

    assert refused.value.code == "hand_over.agreement"
    assert sponsor_on(country.darvazeh_ghar, days(0)) == country.welfare


def test_a_neighbourhood_that_another_answers_for_is_named(
    bodies: Bodies, country: Country, agree: Agree
) -> None:
    agree(bodies.setad)

    with pytest.raises(Invalid) as refused:
        propose(bodies, [country.unsponsored, country.darvazeh_ghar], None)

    assert refused.value.code == "sponsor.overlap"
    assert "دروازه‌غار" in refused.value.message()
    assert country.welfare.name_fa in refused.value.message()


def test_a_neighbourhood_awaits_signatures_in_one_hand_over_at_a_time(
    proposed: HandOver, bodies: Bodies, country: Country
) -> None:
    with pytest.raises(Invalid) as refused:
        propose(bodies, [country.darvazeh_ghar], bodies.welfare, days(5))

    assert refused.value.code == "hand_over.open"


def test_a_refusal_has_a_reason_and_frees_the_places(
    proposed: HandOver, bodies: Bodies, country: Country
) -> None:
    with pytest.raises(Invalid) as without:
        handing_over.refuse(proposed, bodies.setad_officer, " ")

    handing_over.refuse(proposed, bodies.setad_officer, "بودجه نداریم")

    again = propose(bodies, [country.darvazeh_ghar], bodies.welfare)
    assert without.value.code == "hand_over.reason"
    assert HandOver.objects.get(id=proposed.id).reason == "بودجه نداریم"
    assert again.state == HandOverState.PROPOSED


def test_open_tasks_about_the_place_move_with_their_history(
    proposed: HandOver, bodies: Bodies, country: Country, cast: Cast
) -> None:
    def task(due: dt.date, sender: Organisation) -> Task:
        return tasks.open_task(
            actor=None, sender=sender, receiver=bodies.welfare, title="پایگاه", due=due,
            area=country.darvazeh_ghar,
        )  # fmt: skip

    later, late = task(days(9), bodies.interior), task(days(0), bodies.interior)
    own = task(days(9), bodies.setad)
    Task.objects.filter(pk=late.pk).update(due=days(-1))
    given = handing_over.give(proposed, cast.welfare_officer)

    handing_over.receive(given, bodies.setad_officer)

    later.refresh_from_db()
    late.refresh_from_db()
    own.refresh_from_db()
    assert (later.receiver, later.promised_by) == (bodies.setad, bodies.setad)
    assert (late.receiver, late.promised_by) == (bodies.setad, bodies.welfare)
    assert own.state == TaskState.WITHDRAWN
    assert later.steps.get(kind=StepKind.MOVED).organisation == bodies.setad


def test_the_whole_act_is_done_in_the_browser(
    bodies: Bodies, country: Country, cast: Cast, agree: Agree, as_user: SignIn
) -> None:
    agree(bodies.setad)
    day = "1400/10/11"
    form = {"giver": str(bodies.welfare.pk), "receiver": str(bodies.setad.pk), "on": day,
            "within": "p23", "codes": "n0003"}  # fmt: skip

    made = as_user(cast.programme_head).post("/hand-overs/new/", form)
    address = made["Location"]
    as_user(cast.welfare_officer).post(f"{address}give/", {"seen": "proposed"})
    as_user(bodies.setad_officer).post(f"{address}receive/", {"seen": "given"})

    paper = as_user(bodies.setad_officer).get(f"{address}certificate/")
    assert HandOver.objects.get().lines.count() == 2
    assert sponsor_on(country.falak_ol_din, days(0)) == bodies.setad.area_set
    assert paper.content.startswith(b"%PDF")


def test_the_page_offers_each_side_its_own_signature_only(
    proposed: HandOver, cast: Cast, bodies: Bodies, as_user: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    address = f"/hand-overs/{proposed.id}/"

    with django_assert_max_num_queries(24):
        giver = as_user(cast.welfare_officer).get(address).content.decode()
    receiver = as_user(bodies.setad_officer).get(address).content.decode()

    assert f"{address}give/" in giver
    assert f"{address}give/" not in receiver
    assert f"{address}receive/" not in receiver
    assert f"{address}refuse/" in receiver


def test_a_foreign_areas_hand_over_does_not_exist(
    bodies: Bodies, country: Country, cast: Cast, agree: Agree, as_user: SignIn
) -> None:
    agree(bodies.setad)
    made = propose(bodies, [country.darvazeh_ghar], bodies.welfare)
    browser = as_user(cast.lorestan_clerk)

    assert browser.get(f"/hand-overs/{made.id}/").status_code == 404
    assert str(made.id) not in browser.get("/hand-overs/").content.decode()
    assert browser.post(f"/hand-overs/{made.id}/withdraw/").status_code == 404


def test_a_part_of_a_hand_over_shows_only_the_places_of_ones_area(
    proposed: HandOver, cast: Cast, as_user: SignIn
) -> None:
    page = as_user(cast.lorestan_clerk).get(f"/hand-overs/{proposed.id}/").content.decode()

    assert "فلک‌الدین" in page
    assert "دروازه‌غار" not in page
    assert "بیرون از حوزه شما" in page


def test_an_officer_proposes_only_what_their_own_organisation_holds(
    bodies: Bodies, cast: Cast, agree: Agree, as_user: SignIn
) -> None:
    agree(bodies.setad)
    form = {"giver": "", "receiver": str(bodies.setad.pk), "on": "1400/10/11", "codes": "n0002"}

    answer = as_user(cast.welfare_officer).post("/hand-overs/new/", form)

    assert answer.status_code == 200
    assert not HandOver.objects.exists()


def to_sign(user: User) -> list[HandOver]:
    return list(queries.to_sign(user))


def test_the_home_page_says_what_awaits_whose_signature(
    proposed: HandOver, bodies: Bodies, cast: Cast, as_user: SignIn
) -> None:
    first = to_sign(cast.welfare_officer), to_sign(bodies.setad_officer)

    handing_over.give(proposed, cast.welfare_officer)

    assert first == ([proposed], [])
    assert to_sign(cast.welfare_officer) == []
    assert to_sign(bodies.setad_officer) == [proposed]
    assert f"/hand-overs/{proposed.id}/" in as_user(bodies.setad_officer).get("/").content.decode()
