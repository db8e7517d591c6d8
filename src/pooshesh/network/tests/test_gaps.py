"""The register of gaps: what is missing where, who fixes it, by when."""

import datetime as dt
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.network import actions
from pooshesh.network.models import Finder, Gap, GapKind, GapState, Severity
from pooshesh.partners.models import Organisation, OrganisationKind
from pooshesh.places.models import Area

SAID = "نزدیک‌ترین درمانگاه دو ساعت راه است"
SOON = timezone.localdate() + dt.timedelta(days=30)


def found(area: Area, actor: UUID | None = None) -> Gap:
    """A missing clinic."""
    return actions.report_gap(
        area=area, kind=GapKind.CLINIC, severity=Severity.HIGH, text=SAID, found_by=Finder.STAFF,
        actor=actor,
    )  # fmt: skip


@pytest.fixture
def gap(country: Country) -> Gap:
    return found(country.darvazeh_ghar)


@pytest.fixture
def university(country: Country) -> Organisation:
    return Organisation.objects.get_or_create(
        code="iums_test", defaults={
            "kind": OrganisationKind.UNIVERSITY, "name_fa": "دانشگاه", "name_en": "University",
        },
    )[0]  # fmt: skip


def test_a_gap_is_found_confirmed_given_fixed_and_closed(
    gap: Gap, university: Organisation, cast: Cast
) -> None:
    who = cast.tehran_clerk.pk
    actions.move_gap(gap, "confirm", text="", actor=who)
    actions.move_gap(gap, "assign", text=SAID, actor=who, owner=university, deadline=SOON)
    actions.move_gap(gap, "start", text="", actor=who)
    actions.move_gap(gap, "close", text="درمانگاه باز شد و پزشک دارد", actor=who)

    verbs = list(gap.steps.order_by("at").values_list("verb", flat=True))
    assert (gap.state, gap.closed_at is not None) == (GapState.CLOSED, True)
    assert verbs == ["report", "confirm", "assign", "start", "close"]
    assert Event.objects.filter(kind="gap", object_id=str(gap.pk)).count() == 5


@pytest.mark.parametrize(
    ("verb", "said"), [("close", "is not possible"), ("assign", "is not possible")]
)
def test_a_step_out_of_turn_is_refused(
    gap: Gap, university: Organisation, verb: str, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        actions.move_gap(gap, verb, text=SAID, actor=None, owner=university, deadline=SOON)


def test_an_owner_needs_a_day_to_come(gap: Gap, university: Organisation) -> None:
    actions.move_gap(gap, "confirm", text="", actor=None)
    past = timezone.localdate() - dt.timedelta(days=1)

    with pytest.raises(Invalid, match="by when"):
        actions.move_gap(gap, "assign", text=SAID, actor=None, owner=university)
    with pytest.raises(Invalid, match="has passed"):
        actions.move_gap(gap, "assign", text=SAID, actor=None, owner=university, deadline=past)


def test_of_two_who_move_a_gap_at_once_one_is_told(gap: Gap) -> None:
    same = Gap.objects.get(pk=gap.pk)
    actions.move_gap(gap, "confirm", text="", actor=None)

    with pytest.raises(Invalid, match="Somebody changed"):
        actions.move_gap(same, "refuse", text=SAID, actor=None)
    assert gap.steps.count() == 2


def test_the_database_refuses_a_given_gap_without_owner(gap: Gap) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Gap.objects.filter(pk=gap.pk).update(state=GapState.ASSIGNED)


def test_words_are_asked_for(country: Country) -> None:
    with pytest.raises(Invalid, match="at least 10"):
        actions.report_gap(
            area=country.darvazeh_ghar, kind=GapKind.ROAD, severity=1, text=" کوتاه ",
            found_by=Finder.STAFF, actor=None,
        )  # fmt: skip


# --- pages ---------------------------------------------------------------------------------


def test_a_clerk_registers_and_moves_a_gap_on_its_pages(
    as_user: SignIn, cast: Cast, country: Country, university: Organisation
) -> None:
    browser = as_user(cast.tehran_clerk)
    asked = {"area": "n0001", "kind": "clinic", "severity": "3", "found_by": "staff", "text": SAID}

    browser.post("/gaps/new/", asked)
    made = Gap.objects.get()
    browser.post(f"/gaps/{made.pk}/step/", {"verb": "confirm", "text": ""})
    browser.post(
        f"/gaps/{made.pk}/step/",
        {"verb": "assign", "text": SAID, "owner": str(university.pk), "deadline": str(SOON)},
    )
    shown = browser.get(f"/gaps/{made.pk}/").content.decode()

    made.refresh_from_db()
    assert (made.state, made.owner) == (GapState.ASSIGNED, university)
    assert SAID in shown


def test_a_refused_step_says_why_beside_its_form(as_user: SignIn, cast: Cast, gap: Gap) -> None:
    page = as_user(cast.tehran_clerk).post(f"/gaps/{gap.pk}/step/", {"verb": "close", "text": SAID})

    assert "نمی‌توان" in page.content.decode()


def test_a_gap_of_another_province_does_not_exist(as_user: SignIn, cast: Cast, gap: Gap) -> None:
    browser = as_user(cast.lorestan_clerk)

    assert browser.get(f"/gaps/{gap.pk}/").status_code == 404
    assert browser.post(f"/gaps/{gap.pk}/step/", {"verb": "confirm"}).status_code == 404
    assert browser.get("/gaps/?area=n0001").status_code == 404
    assert "دروازه" not in browser.get("/gaps/").content.decode()
    assert "دروازه" not in browser.get("/gaps/?export=csv").getvalue().decode()


def test_who_only_reads_moves_nothing(as_user: SignIn, cast: Cast, gap: Gap) -> None:
    browser = as_user(cast.welfare_officer)

    assert browser.get(f"/gaps/{gap.pk}/").status_code == 200
    assert browser.post(f"/gaps/{gap.pk}/step/", {"verb": "confirm"}).status_code == 404


def test_the_register_is_narrowed_to_what_is_past_its_day(
    as_user: SignIn, cast: Cast, country: Country, university: Organisation
) -> None:
    late, fresh = found(country.darvazeh_ghar), found(country.unsponsored)
    Gap.objects.filter(pk=late.pk).update(
        state=GapState.ASSIGNED, owner=university, deadline=dt.date(2024, 1, 1)
    )

    shown = as_user(cast.tehran_clerk).get("/gaps/?state=overdue").content.decode()

    assert str(late.pk) in shown
    assert str(fresh.pk) not in shown


def test_the_register_takes_as_many_statements_for_many_gaps(
    as_user: SignIn, cast: Cast, country: Country, django_assert_max_num_queries: object
) -> None:
    [found(country.darvazeh_ghar) for _ in range(30)]
    browser = as_user(cast.tehran_clerk)

    with django_assert_max_num_queries(7):  # type: ignore[operator]
        browser.get("/gaps/")


def test_an_area_shows_its_gaps(as_user: SignIn, cast: Cast, gap: Gap) -> None:
    shown = as_user(cast.tehran_clerk).get("/places/areas/n0001/").content.decode()

    assert "/gaps/?area=n0001" in shown
