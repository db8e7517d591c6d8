"""The home page: what waits for somebody of each role, each a link."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from pooshesh.access.models import User
from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel.models import Event, Job, JobState
from pooshesh.people.models import Identifier
from pooshesh.programme.models import Campaign, CampaignState
from pooshesh.programme.tests.conftest import Prepare

pytestmark = pytest.mark.django_db


def home(as_user: SignIn, user: User) -> str:
    return as_user(user).get("/").content.decode()


def test_a_clerk_sees_what_waits_and_the_newest_campaign(
    as_user: SignIn, cast: Cast, campaign: Campaign
) -> None:
    page = home(as_user, cast.tehran_clerk)

    worklists = reverse("programme:worklists")
    assert f'href="{worklists}#needs_identity"' in page
    assert 'id="needs_identity"' in as_user(cast.tehran_clerk).get(worklists).content.decode()
    assert "نیازمند هویت" in page
    assert reverse("programme:campaign", args=[campaign.id]) in page
    assert reverse("people:household_new") in page


def test_a_lead_sees_the_campaigns_to_go_on_with(
    as_user: SignIn, cast: Cast, prepare: Prepare
) -> None:
    checked = prepare()

    page = home(as_user, cast.tehran_lead)

    assert reverse("programme:campaign", args=[checked.id]) in page
    assert "پویش‌های نیمه‌کاره" in page


def test_of_another_province_nothing_is_seen(
    as_user: SignIn, cast: Cast, campaign: Campaign
) -> None:
    page = home(as_user, cast.lorestan_clerk)

    assert reverse("programme:campaign", args=[campaign.id]) not in page
    assert "همه کارتابل‌های حوزه شما خالی است" in page
    assert "هنوز هیچ پویشی در حوزه شما نتیجه‌ای ندارد" in page


def test_who_sees_figures_only_is_not_led_to_persons(
    as_user: SignIn, cast: Cast, campaign: Campaign
) -> None:
    page = home(as_user, cast.mayor_counts)

    assert "از اینجا آغاز کنید" not in page
    assert reverse("programme:campaign", args=[campaign.id]) in page


def test_ones_own_jobs_are_shown_until_they_end(as_user: SignIn, cast: Cast) -> None:
    mine = Job.objects.create(kind="audit.verify", actor=cast.outsider.id, state=JobState.RUNNING)
    done = Job.objects.create(kind="audit.verify", actor=cast.outsider.id, state=JobState.DONE)
    others = Job.objects.create(kind="audit.verify", actor=cast.auditor.id)

    page = home(as_user, cast.outsider)

    assert reverse("access:job", args=[mine.id]) in page
    assert reverse("access:job", args=[done.id]) not in page
    assert reverse("access:job", args=[others.id]) not in page


WARNING = "ردپای ممیزی مهر نشده است"


@pytest.mark.parametrize(
    ("age", "who", "warned"),
    [(2, "auditor", True), (0, "auditor", False), (2, "tehran_clerk", False)],
)
def test_a_trail_that_is_not_sealed_is_a_warning_to_the_auditor(
    as_user: SignIn, cast: Cast, age: int, who: str, warned: bool
) -> None:
    Event.objects.create(action="people.open", at=timezone.now() - dt.timedelta(hours=age))

    page = home(as_user, getattr(cast, who))

    assert (WARNING in page) == warned


def test_a_job_that_failed_is_a_warning_to_who_sees_the_nations(
    as_user: SignIn, cast: Cast
) -> None:
    Job.objects.create(kind="audit.seal", state=JobState.FAILED, ended_at=timezone.now())

    page = home(as_user, cast.administrator)

    assert "کارهای پس‌زمینه ناموفق در هفت روز گذشته" in page


@pytest.mark.parametrize(("who", "warned"), [("administrator", True), ("tehran_clerk", False)])
def test_numbers_under_an_old_key_are_a_warning_to_the_administrator(
    as_user: SignIn, cast: Cast, campaign: Campaign, who: str, warned: bool
) -> None:
    Identifier.objects.update(key_version=0)

    page = home(as_user, getattr(cast, who))

    assert ("کلید داده قدیمی" in page) == warned


def test_a_policy_officer_sees_whether_the_packs_hold(as_user: SignIn, cast: Cast) -> None:
    page = home(as_user, cast.policy_officer)

    assert reverse("policy:pack", args=["iran"]) in page
    assert "همه نمونه‌ها درست است" in page


def test_who_holds_no_role_is_told_and_sees_nothing_else(as_user: SignIn, cast: Cast) -> None:
    page = home(as_user, cast.outsider)

    assert "هیچ نقش معتبری ندارید" in page
    assert 'class="lines"' not in page


@pytest.mark.parametrize("campaigns", [1, 5])
@pytest.mark.parametrize(
    ("who", "queries"),
    [("tehran_clerk", 24), ("tehran_lead", 22), ("national_director", 11), ("auditor", 9),
     ("administrator", 7), ("field_worker", 6)],
)  # fmt: skip
def test_the_home_page_costs_the_same_however_much_there_is(
    as_user: SignIn, cast: Cast, campaign: Campaign, who: str, queries: int, campaigns: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    Campaign.objects.bulk_create(
        Campaign(
            area=campaign.area, area_path=campaign.area_path, province=campaign.province,
            sponsor=campaign.sponsor, pack="iran", on=campaign.on, state=CampaignState.DONE,
        )
        for _ in range(campaigns)
    )  # fmt: skip
    browser = as_user(getattr(cast, who))

    with django_assert_num_queries(queries):
        browser.get("/")
