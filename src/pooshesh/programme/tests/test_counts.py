"""Kept counts say what the rows say, follow every change, and cost a page a fixed amount."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from pooshesh.access.reach import EVERYWHERE
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.coverage import actions as coverage
from pooshesh.coverage.models import Source, Spell
from pooshesh.kernel.jobs import Progress
from pooshesh.kernel.models import Job
from pooshesh.kernel.money import Rial
from pooshesh.people.models import Person
from pooshesh.programme.campaign import run
from pooshesh.programme.campaign.figures import figures
from pooshesh.programme.counts import keep, queries
from pooshesh.programme.counts.models import AreaCount, CampaignCount, CampaignDay, StaleCount
from pooshesh.programme.models import Campaign
from pooshesh.programme.plans import actions as plans
from pooshesh.programme.plans.models import CostKind
from pooshesh.programme.tests.conftest import Prepare
from pooshesh.programme.tests.sheets import PEOPLE, national_id, write_all

pytestmark = pytest.mark.django_db

Commit = DjangoCaptureOnCommitCallbacks


def test_a_run_keeps_its_counts(campaign: Campaign) -> None:
    found, kept = figures(campaign), CampaignCount.objects.get()

    assert (kept.residents, kept.uninsured, kept.enrolled) == (
        found.residents, found.uninsured, found.enrolled_total,
    )  # fmt: skip
    assert (kept.households, kept.households_enrolled) == (6, 3)
    assert list(CampaignDay.objects.values_list("day", "found", "insured")) == [
        (timezone.localdate(), found.residents, found.enrolled_total)
    ]


def test_a_run_counts_its_neighbourhood_in_the_same_transaction(campaign: Campaign) -> None:
    count = AreaCount.objects.get()

    assert (count.persons, count.households, count.ours, count.elsewhere) == (11, 6, 5, 1)
    assert not StaleCount.objects.exists()


def test_cover_taken_back_elsewhere_is_counted_by_the_job(campaign: Campaign) -> None:
    spell = Spell.objects.filter(source=Source.ENROLMENT).first()
    assert spell is not None
    coverage.undo_spell(spell.id, reason="moved away before", actor=None)
    before = AreaCount.objects.get().ours

    done = keep.recount(Progress(Job.objects.get(kind=keep.RECOUNT).id))

    assert done == {"neighbourhoods": 1}
    assert (before, AreaCount.objects.get().ours) == (5, 4)
    assert CampaignCount.objects.get().enrolled == 3


def test_a_change_queues_one_recount_and_a_look_none(campaign: Campaign, commit: Commit) -> None:
    Job.objects.all().delete()
    spells = Spell.objects.filter(source=Source.ENROLMENT)

    with commit(execute=False):
        coverage.undo_spell(spells[0].id, reason="moved away before", actor=None)
        coverage.undo_spell(spells[1].id, reason="moved away before", actor=None)

    assert Job.objects.filter(kind=keep.RECOUNT).count() == 1
    assert StaleCount.objects.count() == 2


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Commit) -> Commit:
    return django_capture_on_commit_callbacks


def test_a_new_day_counts_every_neighbourhood_anew(campaign: Campaign) -> None:
    AreaCount.objects.update(day=timezone.localdate() - dt.timedelta(days=1), persons=0)

    keep.recount(Progress(campaign.id))

    assert AreaCount.objects.get().persons == 11


def test_the_dead_are_not_counted(campaign: Campaign) -> None:
    person = Person.objects.earliest("id")
    with connection.cursor() as cursor:
        cursor.execute(
            'insert into people_death (person_id, "on", source, recorded_at)'
            " values (%s, '2022-03-01', '', now())",
            [str(person.id)],
        )

    keep.keep_area(campaign.area_id)

    assert AreaCount.objects.get().persons == 10


def test_a_neighbourhoods_page_shows_cover_and_campaigns(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    page = as_user(cast.programme_head).get("/places/areas/n0001/").content.decode()

    assert f"/campaigns/{campaign.id}/" in page
    assert "زیر پوشش همین بیمه‌گر" in page


def test_its_page_asks_as_much_for_many_people_as_for_few(
    campaign: Campaign, prepare: Prepare, cast: Cast, as_user: SignIn, tmp_path: Path
) -> None:
    browser = as_user(cast.programme_head)
    browser.get("/places/areas/n0001/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/places/areas/n0001/")
    crowd = [
        {**PEOPLE[3], "household": f"h{n}", "national_id": national_id(500 + n)} for n in range(40)
    ]
    run.run(prepare(write_all(tmp_path / "many", crowd)).id, lambda *_: None, None)

    with CaptureQueriesContext(connection) as many:
        browser.get("/places/areas/n0001/")

    assert len(few) == len(many) <= 28


def test_the_board_lists_sorts_and_exports(campaign: Campaign, cast: Cast, as_user: SignIn) -> None:
    plans.write_cost(campaign, CostKind.WAGES, Rial(8_000), campaign.on, "", actor=None)
    browser = as_user(cast.programme_head)

    page = browser.get("/campaigns/board/?province=23&sponsor=welfare&sort=-cost").content.decode()
    sheet = browser.get("/campaigns/board/?export=csv").getvalue().decode("utf-8-sig")

    assert "۸٬۰۰۰ ریال" in page
    assert sheet.count("دروازه") == 1


def test_the_board_of_another_province_is_empty(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    page = as_user(cast.lorestan_clerk).get("/campaigns/board/").content.decode()

    assert str(campaign.id) not in page


def test_who_sees_counts_only_sees_the_board(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    page = as_user(cast.mayor_counts).get("/campaigns/board/").content.decode()

    assert str(campaign.id) in page


def test_the_work_of_a_sponsor_in_a_time(campaign: Campaign, country: Country) -> None:
    today = timezone.localdate()
    tomorrow = today + dt.timedelta(days=1)
    plans.write_cost(campaign, CostKind.WAGES, Rial(8_000), today, "", actor=None)

    now = queries.by_sponsor(EVERYWHERE, today, tomorrow)
    later = queries.by_sponsor(EVERYWHERE, tomorrow, tomorrow + dt.timedelta(days=1))

    assert now == [queries.SponsorWork("welfare", 1, 11, 4, Rial(8_000))]
    assert now[0].cost_per_person == Rial(2_000)
    assert later == []


def test_two_campaigns_of_a_place_count_its_residents_once(
    campaign: Campaign, prepare: Prepare, tmp_path: Path
) -> None:
    run.run(prepare(write_all(tmp_path / "again", PEOPLE[:4])).id, lambda *_: None, None)

    work = queries.work(Campaign.objects.all())

    assert (work.campaigns, work.neighbourhoods, work.residents) == (2, 1, 4)
