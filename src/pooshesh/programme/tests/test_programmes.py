"""Programmes in the browser: opening, members, completeness, overlap."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.programme.models import Campaign, Programme, ProgrammePlace
from pooshesh.programme.places import join, leave
from pooshesh.programme.programmes import queries

pytestmark = pytest.mark.django_db

SINCE = dt.date(2021, 9, 23)


def test_the_head_opens_a_programme_and_lets_neighbourhoods_join(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.programme_head)

    browser.post(
        "/programmes/new/",
        {"code": "worn", "name_fa": "بافت فرسوده", "name_en": "Worn-out", "declared": "3"},
    )
    browser.post("/programmes/worn/members/", {"verb": "join", "on": "1400/07/01",
                                              "codes": "n0001، n0003"})  # fmt: skip
    page = browser.get("/programmes/worn/").content.decode()

    assert ProgrammePlace.objects.count() == 2
    assert "دروازه‌غار" in page
    assert queries.meter(EVERYWHERE, Programme.objects.get()).missing == 1


def test_a_sheet_of_codes_joins_and_leaves(
    programme: Programme, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.programme_head)

    def bring(verb: str, on: str) -> None:
        sheet = SimpleUploadedFile("codes.csv", "نام,کد محله\nx,n0002\ny,N0003\n".encode())
        browser.post("/programmes/2020/members/", {"verb": verb, "on": on, "sheet": sheet})

    bring("join", "1400/07/01")
    bring("leave", "1400/09/01")

    ended = ProgrammePlace.objects.filter(valid__endswith=dt.date(2021, 11, 22))
    assert sorted(ended.values_list("area__code", flat=True)) == ["n0002", "n0003"]


def test_who_was_not_in_it_cannot_leave(programme: Programme, country: Country) -> None:
    with pytest.raises(Invalid) as caught:
        leave(code="2020", neighbourhoods=["n0001", "n0003"], on=SINCE, reach=EVERYWHERE,
              actor=None)  # fmt: skip

    assert caught.value.code == "programme.not_in"
    assert ProgrammePlace.objects.filter(valid__upper_inf=True).count() == 1


def test_a_code_beyond_ones_reach_is_refused(programme: Programme, country: Country) -> None:
    with pytest.raises(Invalid) as caught:
        join(code="2020", neighbourhoods=["n0003"], since=SINCE, until=None,
             reach=Reach(provinces=("23",)), actor=None)  # fmt: skip

    assert caught.value.code == "programme.no_neighbourhood"


def test_the_meter_steps_down_from_declared_to_done(campaign: Campaign, country: Country) -> None:
    programme = Programme.objects.get()
    Programme.objects.update(declared_neighbourhoods=2_020)
    programme.refresh_from_db()
    join(code="2020", neighbourhoods=["n0002", "n0003"], since=SINCE, until=None,
         reach=EVERYWHERE, actor=None)  # fmt: skip

    nation = queries.meter(EVERYWHERE, programme)
    lorestan = queries.meter(Reach(provinces=("15",)), programme)

    assert (nation.declared, nation.steps()) == (2_020, [3, 2, 1, 1])
    assert (lorestan.declared, lorestan.steps()) == (None, [1, 1, 0, 0])
    assert [(one.code, one.registered) for one in queries.by_province(EVERYWHERE, programme)] == [
        ("23", 2), ("15", 1),
    ]  # fmt: skip


def test_programmes_that_share_neighbourhoods_are_told(
    programme: Programme, cast: Cast, as_user: SignIn
) -> None:
    Programme.objects.create(code="worn", name_fa="بافت فرسوده", name_en="Worn-out")
    join(code="worn", neighbourhoods=["n0001"], since=SINCE, until=None, reach=EVERYWHERE,
         actor=None)  # fmt: skip

    shared = queries.overlaps(EVERYWHERE)
    page = as_user(cast.programme_head).get("/programmes/").content.decode()

    assert [(one.first.code, one.second.code, one.neighbourhoods) for one in shared] == [
        ("2020", "worn", 1)
    ]
    assert "محله‌هایی که در دو برنامه‌اند" in page


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("", {"n0001", "n0002", "n0003"}), ("step=sponsored", {"n0001", "n0003"}),
        ("step=unsponsored", {"n0002"}), ("step=begun", {"n0001"}), ("step=done", {"n0001"}),
        ("also=worn", {"n0001"}), ("step=nonsense", {"n0001", "n0002", "n0003"}),
    ],
)  # fmt: skip
def test_each_figure_of_the_meter_has_its_neighbourhoods(
    campaign: Campaign, cast: Cast, as_user: SignIn, asked: str, codes: set[str]
) -> None:
    Programme.objects.create(code="worn", name_fa="بافت فرسوده", name_en="Worn-out")
    join(code="2020", neighbourhoods=["n0002", "n0003"], since=SINCE, until=None,
         reach=EVERYWHERE, actor=None)  # fmt: skip
    join(code="worn", neighbourhoods=["n0001"], since=SINCE, until=None, reach=EVERYWHERE,
         actor=None)  # fmt: skip

    shown = as_user(cast.programme_head).get(f"/programmes/2020/?{asked}")

    assert {row.area.code for row in shown.context["table"].rows} == codes


@pytest.mark.parametrize("page", ["/programmes/new/", "/programmes/2020/members/"])
def test_who_may_not_write_programmes_finds_no_form(
    programme: Programme, cast: Cast, as_user: SignIn, page: str
) -> None:
    assert as_user(cast.tehran_lead).get(page).status_code == 404


def test_a_province_sees_its_own_neighbourhoods_of_a_programme(
    programme: Programme, cast: Cast, as_user: SignIn
) -> None:
    page = as_user(cast.lorestan_clerk).get("/programmes/2020/").content.decode()

    assert "n0001" not in page
