"""Benefits beside insurance: by form, by sheet, and taken back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.neighbourhoods import actions, queries, seed
from pooshesh.neighbourhoods.actions import Given
from pooshesh.neighbourhoods.models import Benefit
from pooshesh.partners.models import Organisation
from pooshesh.people.models import Household
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import ALI_ID, DAY, OTHER_ID, ZAHRA_ID, ali, zahra

TODAY = timezone.localdate()


@pytest.fixture
def welfare(country: Country) -> Organisation:
    seed.seed()
    return Organisation.objects.get_or_create(
        code="welfare",
        defaults={"kind": "sponsor", "name_fa": "بهزیستی", "area_set": country.welfare},
    )[0]


@pytest.fixture
def home(country: Country, cast: Cast, welfare: Organisation) -> Household:
    """Zahra and Ali in Darvazeh-Ghar."""
    register_census(
        [zahra(), ali()], area=country.darvazeh_ghar, on=DAY, actor=cast.tehran_clerk.pk
    )
    return Household.objects.get()


@pytest.fixture
def lorestan_home(country: Country, cast: Cast, home: Household) -> Household:
    """Somebody in Tehran whom the sponsor does not answer for."""
    register_census(
        [zahra(row=5, household="5", national_id=OTHER_ID, first_name="مریم")],
        area=country.unsponsored, on=DAY, actor=cast.tehran_clerk.pk,
    )  # fmt: skip
    return Household.objects.exclude(pk=home.pk).get()


def sheet(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("b.csv", "\n".join(("کد ملی,نوع,تاریخ,مبلغ", *lines)).encode())


def test_a_benefit_is_recorded_by_form(
    as_user: SignIn, cast: Cast, home: Household, welfare: Organisation
) -> None:
    as_user(cast.welfare_officer).post(
        "/benefits/new/",
        {
            "number": "۰۰۱۲۳۴۵۶۷۹", "kind": "food", "organisation": str(welfare.pk),
            "on": str(TODAY), "quantity": "2", "amount": "",
        },
    )  # fmt: skip

    one = Benefit.objects.get()
    assert (one.household, one.kind_id, one.quantity) == (home, "food", 2)


def test_a_person_beyond_ones_neighbourhoods_is_not_found(
    as_user: SignIn, cast: Cast, lorestan_home: Household, welfare: Organisation
) -> None:
    page = as_user(cast.welfare_officer).post(
        "/benefits/new/",
        {
            "number": OTHER_ID, "kind": "food", "organisation": str(welfare.pk),
            "on": str(TODAY), "quantity": "1",
        },
    )  # fmt: skip

    assert "کسی با این شماره نیست" in page.content.decode()
    assert not Benefit.objects.exists()


def test_nobody_gives_in_anothers_name(
    as_user: SignIn, cast: Cast, home: Household, welfare: Organisation
) -> None:
    other = Organisation.objects.create(code="relief_x", kind="sponsor", name_fa="امداد")

    as_user(cast.welfare_officer).post(
        "/benefits/new/",
        {
            "number": ZAHRA_ID, "kind": "food", "organisation": str(other.pk),
            "on": str(TODAY), "quantity": "1",
        },
    )  # fmt: skip

    assert not Benefit.objects.exists()


def test_a_sheet_is_recorded_once(
    as_user: SignIn, cast: Cast, home: Household, welfare: Organisation
) -> None:
    browser = as_user(cast.welfare_officer)
    for _turn in ("first", "second"):
        browser.post(
            "/benefits/sheet/",
            {
                "organisation": str(welfare.pk),
                "sheet": sheet(
                    f"{ZAHRA_ID},بسته غذایی,1402/05/01,",
                    f"{ALI_ID},کمک نقدی,1402/05/02,۲٬۰۰۰٬۰۰۰",
                ),
            },
        )  # fmt: skip

    amounts = sorted(Benefit.objects.values_list("kind_id", "amount"))
    assert amounts == [("cash", 2_000_000), ("food", None)]


def test_every_bad_row_is_told_and_nothing_is_written(
    as_user: SignIn, cast: Cast, lorestan_home: Household, welfare: Organisation
) -> None:
    page = as_user(cast.welfare_officer).post(
        "/benefits/sheet/",
        {
            "organisation": str(welfare.pk),
            "sheet": sheet(
                f"{ZAHRA_ID},food,1402/05/01,", f"{OTHER_ID},food,1402/05/01,",
                f"{ZAHRA_ID},بادبادک,1402/05/01,", f"{ZAHRA_ID},food,1402/13/01,-5",
            ),
        },
    ).content.decode()  # fmt: skip

    assert "بادبادک" in page
    assert "ردیف ۳" in page
    assert not Benefit.objects.exists()


def test_good_rows_go_on_where_the_user_chooses_so(
    as_user: SignIn, cast: Cast, home: Household, welfare: Organisation
) -> None:
    as_user(cast.welfare_officer).post(
        "/benefits/sheet/",
        {
            "organisation": str(welfare.pk), "skip": "on",
            "sheet": sheet(f"{ZAHRA_ID},food,1402/05/01,", f"{ZAHRA_ID},x,1402/05/01,"),
        },
    )  # fmt: skip

    assert Benefit.objects.count() == 1


def test_twice_within_a_month_is_marked_not_refused(
    cast: Cast, home: Household, welfare: Organisation
) -> None:
    given = Given(home, "food", TODAY)
    actions.give([given, given], organisation=welfare, actor=cast.welfare_officer.pk)

    assert [one.twice for one in queries.benefits(cast.welfare_officer)] == [True, True]


def test_it_is_taken_back_once_with_a_reason(
    cast: Cast, home: Household, welfare: Organisation
) -> None:
    actions.give([Given(home, "food", TODAY)], organisation=welfare, actor=cast.welfare_officer.pk)
    one = Benefit.objects.get()

    actions.take_back(one, "به خانوار دیگری داده شد", actor=cast.welfare_officer.pk)

    with pytest.raises(Invalid, match="before"):
        actions.take_back(one, "به خانوار دیگری داده شد", actor=cast.welfare_officer.pk)
    assert queries.helped(cast.programme_head) == []


def test_a_benefit_of_anothers_neighbourhood_does_not_exist(
    as_user: SignIn, cast: Cast, lorestan_home: Household, welfare: Organisation
) -> None:
    actions.give(
        [Given(lorestan_home, "food", TODAY)], organisation=welfare, actor=cast.programme_head.pk
    )
    one = Benefit.objects.get()
    browser = as_user(cast.welfare_officer)

    assert browser.get(f"/benefits/{one.pk}/").status_code == 404
    assert str(one.pk) not in browser.get("/benefits/").content.decode()
    assert queries.helped(cast.welfare_officer) == []
