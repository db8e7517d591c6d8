"""Pages of places: what they show, and for whom what does not exist."""

import datetime as dt
import io
import os
import typing
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel import jobs
from pooshesh.kernel.jobs import Progress
from pooshesh.kernel.models import Event, Job
from pooshesh.places import actions as area_actions
from pooshesh.places import facilities as facility_actions
from pooshesh.places import import_jobs, queries
from pooshesh.places.actions import NewArea
from pooshesh.places.facilities import Facts
from pooshesh.places.models import Area, Facility, FacilityKind, SetKind

TEHRAN = ("دروازه‌غار", "محله بی‌حامی", "n0001", "n0002", "t230101", "p23")


@pytest.fixture(autouse=True)
def _uploads_apart(settings: Settings, tmp_path: Path) -> None:
    backend = "django.core.files.storage.FileSystemStorage"
    uploads = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": uploads}


@pytest.fixture
def facility(country: Country) -> Facility:
    facts = Facts("f1", FacilityKind.CLINIC, 2, "درمانگاه مولوی", daily_visits=90)
    return facility_actions.create_facility(actor=None, area=country.tehran_city, facts=facts)


@pytest.fixture
def lorestan_registrar(country: Country) -> User:
    user = User.objects.create_user("lorestan_registrar", "a long password")
    Grant.objects.create(
        user=user, role="registrar", area=country.lorestan, valid=DateRange(None, None)
    )
    return user


def text(browser: Client, address: str) -> str:
    """What the page at an address shows, its data part alone."""
    answer = browser.get(address)
    assert answer.status_code == 200
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode("utf-8")


def sheet(rows: str, name: str = "areas.csv") -> SimpleUploadedFile:
    header = "code,name_fa,kind,parent,sponsor\n"
    return SimpleUploadedFile(name, (header + rows).encode())


# --- it works ---------------------------------------------------------------------------


def test_the_list_shows_areas_with_their_sponsor(
    cast: Cast, as_user: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = as_user(cast.national_director)

    with django_assert_max_num_queries(8):
        page = text(browser, "/places/?kind=neighbourhood")

    assert "دروازه‌غار" in page
    assert "سازمان بهزیستی" in page
    assert "فلک‌الدین" in page


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("kind=neighbourhood&province=15", {"n0003"}),
        ("kind=neighbourhood&sponsor=none", {"n0002"}),
        ("sponsor=welfare", {"n0001", "n0003"}),
        ("catchment=iums", {"n0001"}),
        ("kind=city", {"t230101", "t150101"}),
        ("kind=nonsense&sponsor=nobody&kind=city", {"t230101", "t150101"}),
    ],
)
def test_the_list_is_narrowed(cast: Cast, as_user: SignIn, query: str, codes: set[str]) -> None:
    page = text(as_user(cast.national_director), f"/places/?{query}&export=csv&col=code")

    assert set(page.split()[1:]) == codes


def test_a_name_is_found_in_spite_of_a_typo(cast: Cast, as_user: SignIn) -> None:
    page = text(as_user(cast.national_director), "/places/?q=درواره‌غار&export=csv&col=code")

    assert page.split()[1:] == ["n0001"]


def test_an_area_page_shows_where_it_lies_and_who_answers(
    cast: Cast, as_user: SignIn, facility: Facility,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    browser = as_user(cast.tehran_clerk)

    with django_assert_max_num_queries(18):
        page = text(browser, "/places/areas/n0001/")

    assert '<a href="/places/areas/t230101/">' in page
    assert "سازمان بهزیستی" in page
    assert "دانشگاه علوم پزشکی ایران" in page


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/places/map/", 5),
        ("/places/completeness/", 8),
        ("/places/facilities/", 7),
        ("/places/facilities/f1/", 4),
    ],
)
def test_a_page_asks_the_database_little(
    cast: Cast, as_user: SignIn, facility: Facility, address: str, most: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    browser = as_user(cast.national_director)

    with django_assert_max_num_queries(most):
        answer = browser.get(address)

    assert answer.status_code == 200


def test_what_lies_above_ones_area_is_named_but_not_linked(cast: Cast, as_user: SignIn) -> None:
    page = text(as_user(cast.tehran_clerk), "/places/areas/n0001/")

    assert "ایران" in page
    assert 'href="/places/areas/ir/"' not in page


def test_a_city_page_lists_its_neighbourhoods_and_facilities(
    cast: Cast, as_user: SignIn, facility: Facility
) -> None:
    page = text(as_user(cast.tehran_clerk), "/places/areas/t230101/")

    assert "دروازه‌غار" in page
    assert "درمانگاه مولوی" in page


def test_a_facility_page_shows_its_capacity(
    cast: Cast, as_user: SignIn, facility: Facility
) -> None:
    page = text(as_user(cast.tehran_clerk), "/places/facilities/f1/")

    assert "درمانگاه مولوی" in page
    assert "۹۰" in page


@pytest.mark.parametrize(
    ("measure", "shown"),
    [
        ("neighbourhoods", "تهران: ۲ محله"),
        ("unassigned", "تهران: ۱ محله"),
        ("facilities", "تهران: ۱ مرکز"),
        ("beds", "تهران: ۰ تخت"),
        ("hospitals", "در حوزه شما چیزی برای این شاخص نیست"),
        ("nonsense", "تهران: ۲ محله"),
    ],
)
def test_the_map_shows_each_measure(
    cast: Cast, as_user: SignIn, facility: Facility, measure: str, shown: str
) -> None:
    page = text(as_user(cast.national_director), f"/places/map/?measure={measure}")

    assert shown in page


def test_the_list_is_exported_as_xlsx(cast: Cast, as_user: SignIn) -> None:
    answer = as_user(cast.tehran_clerk).get("/places/?export=xlsx")

    assert io.BytesIO(b"".join(answer)).read(2) == b"PK"


def test_english_shows_english_names(cast: Cast, as_user: SignIn) -> None:
    browser = as_user(cast.national_director)
    browser.post("/i18n/setlang/", {"language": "en"})

    page = text(browser, "/places/areas/n0001/")

    assert "Neighbourhood n0001" in page
    assert "Welfare" in page


# --- changes ----------------------------------------------------------------------------


def post_change(browser: Client, code: str, verb: str, /, **fields: str) -> HttpResponse:
    data = {f"{verb}-{name}": value for name, value in fields.items()}
    data |= {"verb": verb, f"{verb}-on": "1400/10/11"}
    return typing.cast(HttpResponse, browser.post(f"/places/areas/{code}/change/", data))


def test_a_registrar_assigns_a_sponsor(cast: Cast, as_user: SignIn, country: Country) -> None:
    answer = post_change(
        as_user(cast.registrar), "n0002", "sponsor", sponsor=str(country.welfare.pk)
    )

    assert answer.status_code == 302
    assert (
        queries.membership(country.unsponsored, SetKind.SPONSOR).get().area_set == country.welfare
    )
    assert Event.objects.get(action="places.assign_sponsor").actor == cast.registrar.id


def test_a_registrar_takes_a_sponsor_away(cast: Cast, as_user: SignIn, country: Country) -> None:
    post_change(as_user(cast.registrar), "n0001", "sponsor", sponsor="")

    assert queries.membership(country.darvazeh_ghar, SetKind.SPONSOR).get().valid.upper is not None


@pytest.mark.parametrize(
    ("code", "verb", "fields"),
    [
        ("n0001", "rename", {"name_fa": "هرندی"}),
        ("t230101", "add", {"code": "n9", "name_fa": "هرندی"}),
        ("n0001", "merge", {"other_1": "n0002", "code": "n9", "name_fa": "هرندی"}),
        ("n0001", "merge", {"other_1": "محله بی‌حامی (n0002)", "code": "n9", "name_fa": "هرندی"}),
        ("n0001", "split", {"parts": "n8، شوش\nn9, هرندی"}),
    ],
)
def test_a_registrar_changes_the_tree(
    cast: Cast, as_user: SignIn, code: str, verb: str, fields: dict[str, str]
) -> None:
    answer = post_change(as_user(cast.registrar), code, verb, **fields)

    assert answer.status_code == 302
    assert Area.objects.filter(name_fa="هرندی").exists()


def test_several_areas_become_one(cast: Cast, as_user: SignIn, country: Country) -> None:
    parent = country.darvazeh_ghar.parent
    assert parent is not None
    third = area_actions.create_area(
        actor=None, parent=parent, new=NewArea("n8", "شوش"), since=dt.date(2020, 1, 1)
    )

    post_change(
        as_user(cast.registrar), "n0001", "merge", other_1="n0002", other_4=third.code,
        code="n9", name_fa="هرندی",
    )  # fmt: skip

    ended = Area.objects.filter(valid__endswith__isnull=False).values_list("code", flat=True)
    assert sorted(ended) == ["n0001", "n0002", "n8"]


def test_the_areas_to_merge_with_are_looked_for_among_those_of_the_kind_one_may_change(
    cast: Cast, as_user: SignIn, country: Country
) -> None:
    page = text(as_user(cast.registrar), "/places/areas/n0001/change/")

    assert 'name="merge-other_1"' in page
    assert "/places/choices/?for=places.write&amp;kind=neighbourhood&amp;sponsored=" in page


def test_the_place_of_a_facility_is_shown_by_name_and_looked_for(
    facility: Facility, country: Country, cast: Cast, as_user: SignIn
) -> None:
    page = text(as_user(cast.registrar), "/places/facilities/f1/change/")

    assert f'value="{country.tehran_city} ({country.tehran_city.code})"' in page
    assert "/places/choices/?for=places.write&amp;" in page


def test_a_registrar_ends_an_area(cast: Cast, as_user: SignIn) -> None:
    browser = as_user(cast.registrar)

    post_change(browser, "n0002", "end")

    assert "دیگر وجود ندارد" in text(browser, "/places/areas/n0002/")


@pytest.mark.parametrize(
    ("code", "verb", "fields", "sentence"),
    [
        ("t230101", "end", {}, "محدوده زیرمجموعه دارد"),
        ("t230101", "add", {"code": "n0001", "name_fa": "هرندی"}, "تکراری است"),
        ("n0001", "merge", {"other_1": "n7", "code": "n9", "name_fa": "هرندی"}, "«n7»"),
        ("n0001", "merge", {"code": "n9", "name_fa": "هرندی"}, "errorlist"),
        ("n0001", "split", {"parts": "n8 شوش"}, "در هر سطر یک کد"),
        ("n0002", "sponsor", {"sponsor": ""}, "نهاد حامی ندارد"),
    ],
)
def test_a_refused_change_says_why(
    cast: Cast, as_user: SignIn, code: str, verb: str, fields: dict[str, str], sentence: str
) -> None:
    answer = post_change(as_user(cast.registrar), code, verb, **fields)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Event.objects.filter(action__startswith="places.").exists()


# --- changing a facility ------------------------------------------------------------------


def typed(browser: Client, **changed: str) -> dict[str, str]:
    """What the form of the clinic `f1` holds, with some of it typed anew."""
    form = browser.get("/places/facilities/f1/change/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else str(value) for name, value in shown.items()} | changed


def test_a_facility_is_corrected(facility: Facility, cast: Cast, as_user: SignIn) -> None:
    browser = as_user(cast.registrar)

    answer = browser.post(
        "/places/facilities/f1/change/",
        typed(browser, name_fa="درمانگاه شوش", beds="۱۲", services="سرپایی، واکسیناسیون",
              opened_on="1400/01/01", area="n0001"),
    )  # fmt: skip

    facility.refresh_from_db()
    assert answer.status_code == 302
    assert (facility.name_fa, facility.beds, facility.daily_visits) == ("درمانگاه شوش", 12, 90)
    assert facility.services == ["سرپایی", "واکسیناسیون"]
    assert facility.opened_on == dt.date(2021, 3, 21)
    assert facility.area.code == "n0001"
    event = Event.objects.get(action="places.update_facility")
    assert (event.actor, event.object_id) == (cast.registrar.id, str(facility.id))


def test_saving_an_unchanged_facility_keeps_everything(
    facility: Facility, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.registrar)
    before = facility_actions.state_of(facility)

    browser.post("/places/facilities/f1/change/", typed(browser))

    facility.refresh_from_db()
    assert facility_actions.state_of(facility) == before


def test_a_facility_that_changed_meanwhile_is_not_overwritten(
    facility: Facility, country: Country, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.registrar)
    mine = typed(browser, beds="12")
    facts = replace(facility_actions.facts_of(facility), beds=40)
    facility_actions.update_facility(
        actor=None, facility=facility, area=country.tehran_city, facts=facts
    )

    answer = browser.post("/places/facilities/f1/change/", mine)

    facility.refresh_from_db()
    assert "پس از آنکه این صفحه را باز کردید" in answer.content.decode()
    assert facility.beds == 40


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name_fa", " "),
        ("kind", "palace"),
        ("level", "4"),
        ("beds", "-1"),
        ("beds", "99999999"),
        ("area", "n9999"),
        ("area", "n0003"),  # of Lorestan, for a registrar of Tehran
        ("area", "p23"),
        ("latitude", "91"),
        ("closed_on", "1300/01/01"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    facility: Facility, country: Country, as_user: SignIn, field: str, value: str
) -> None:
    user = User.objects.create_user("tehran_registrar")
    Grant.objects.create(
        user=user, role="registrar", area=country.tehran, valid=DateRange(None, None)
    )
    browser = as_user(user)
    before = facility_actions.state_of(facility)

    answer = browser.post(
        "/places/facilities/f1/change/",
        typed(browser, opened_on="1390/01/01", **{field: value}),
    )

    facility.refresh_from_db()
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert facility_actions.state_of(facility) == before


def test_only_who_may_write_there_is_offered_a_correction(
    facility: Facility, cast: Cast, lorestan_registrar: User, as_user: SignIn
) -> None:
    address = "/places/facilities/f1/change/"

    offered = address in text(as_user(cast.registrar), "/places/facilities/f1/")
    to_reader = address in text(as_user(cast.tehran_lead), "/places/facilities/f1/")
    opened_by_reader = as_user(cast.tehran_lead).get(address).status_code
    opened_from_afar = as_user(lorestan_registrar).get(address).status_code

    assert (offered, to_reader) == (True, False)
    assert (opened_by_reader, opened_from_afar) == (404, 404)


# --- import -----------------------------------------------------------------------------

ROW = "n9,هرندی,neighbourhood,t230101,welfare\n"

Commit = DjangoCaptureOnCommitCallbacks


def check(browser: Client, commit: Commit, file: SimpleUploadedFile, what: str = "areas") -> str:
    """Upload a sheet, let its job run, and read what the page then says."""
    with commit(execute=True):
        browser.post(f"/places/import/{what}/", {"file": file, "on": "1400/10/11"})
    return text(browser, f"/places/import/{what}/")


def write(browser: Client, commit: Commit, what: str = "areas", **fields: str) -> str:
    """Confirm the checked sheet, let its job run, and read where that leads."""
    with commit(execute=True):
        browser.post(f"/places/import/{what}/confirm/", fields)
    answer = browser.get(f"/places/import/{what}/", follow=True)
    return answer.content.decode()


def test_a_sheet_is_checked_and_then_written(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)

    checked = check(browser, django_capture_on_commit_callbacks, sheet(ROW))
    between = Area.objects.filter(code="n9").exists()
    written = write(browser, django_capture_on_commit_callbacks)

    assert "همه ردیف‌ها قابل ثبت‌اند" in checked
    assert between is False
    assert "۱ تازه" in written
    assert Area.objects.get(code="n9").name_fa == "هرندی"


def test_while_a_sheet_is_checked_its_progress_is_shown(cast: Cast, as_user: SignIn) -> None:
    browser = as_user(cast.registrar)

    browser.post("/places/import/areas/", {"file": sheet(ROW), "on": "1400/10/11"})

    page = text(browser, "/places/import/areas/")
    assert "<progress" in page
    assert 'type="file"' not in page
    assert Job.objects.get().kind == "places.check_sheet"


def test_a_sheet_can_be_given_up(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    check(browser, django_capture_on_commit_callbacks, sheet(ROW))

    browser.post("/places/import/areas/cancel/")

    assert default_storage.listdir("imports")[1] == []
    assert 'type="file"' in text(browser, "/places/import/areas/")


def test_refused_rows_are_told_in_persian(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    bad = "n8,<script>x</script>,neighbourhood,t9,\n"

    page = check(browser, django_capture_on_commit_callbacks, sheet(ROW + bad))
    write(browser, django_capture_on_commit_callbacks)

    assert "محدوده‌ای با کد «t9» نیست" in page
    assert "<script>x" not in page
    assert not Area.objects.filter(code="n9").exists()


def test_good_rows_are_written_when_asked(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    bad = "n8,شوش,neighbourhood,t9,\n"

    check(browser, django_capture_on_commit_callbacks, sheet(ROW + bad))
    write(browser, django_capture_on_commit_callbacks, only_good="on")

    assert Area.objects.filter(code__in=["n8", "n9"]).get().code == "n9"


def test_a_sheet_is_confirmed_once(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    check(browser, django_capture_on_commit_callbacks, sheet(ROW))
    write(browser, django_capture_on_commit_callbacks)
    kept = default_storage.listdir("imports")[1]

    again = write(browser, django_capture_on_commit_callbacks)

    assert kept == []
    assert "دوباره بارگذاری کنید" in again
    assert Event.objects.filter(action="places.import_areas").count() == 1


def test_columns_that_are_not_read_are_named(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    file = SimpleUploadedFile(
        "areas.csv",
        "code,name_fa,kind,parent,Mayor\nn9,هرندی,neighbourhood,t230101,x\n".encode(),
    )

    page = check(as_user(cast.registrar), django_capture_on_commit_callbacks, file)

    assert "Mayor" in page


def test_who_lost_the_right_writes_no_sheet(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    check(browser, django_capture_on_commit_callbacks, sheet(ROW))
    browser.post("/places/import/areas/confirm/")
    Grant.objects.filter(user=cast.registrar).delete()

    job = Job.objects.get(kind="places.write_sheet")
    jobs.run.call(str(job.id))

    job.refresh_from_db()
    assert job.result is not None
    assert job.result["refused"]["en"] == "You may not import places any more."
    assert not Area.objects.filter(code="n9").exists()


def test_sheets_nobody_confirmed_are_deleted_after_a_day(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    check(browser, django_capture_on_commit_callbacks, sheet(ROW))
    (name,) = default_storage.listdir("imports")[1]
    fresh = import_jobs.prune_sheets(Progress(uuid4()))
    os.utime(default_storage.path(f"imports/{name}"), (0, 0))

    old = import_jobs.prune_sheets(Progress(uuid4()))

    assert (fresh, old) == ({"files": 0}, {"files": 1})
    assert default_storage.listdir("imports")[1] == []


@pytest.mark.parametrize("content", [b"code,name_fa\n", b"PK\x03\x04 no zip", b"a,b\n1,2\n"])
def test_a_file_that_is_no_sheet_is_refused(
    cast: Cast, as_user: SignIn, content: bytes, django_capture_on_commit_callbacks: Commit
) -> None:
    file = SimpleUploadedFile("areas.xlsx", content)

    page = check(as_user(cast.registrar), django_capture_on_commit_callbacks, file)

    assert "alert error" in page
    assert 'type="file"' in page


def test_an_empty_file_is_refused_at_once(cast: Cast, as_user: SignIn) -> None:
    answer = as_user(cast.registrar).post(
        "/places/import/areas/", {"file": SimpleUploadedFile("a.csv", b""), "on": "1400/10/11"}
    )

    assert "errorlist" in answer.content.decode()


def test_facilities_are_imported_on_their_own_page(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    rows = b"code,name_fa,kind,area\nf9,\xd9\x85\xd8\xb1\xda\xa9\xd8\xb2,clinic,n0001\n"
    file = SimpleUploadedFile("facilities.csv", rows)

    check(browser, django_capture_on_commit_callbacks, file, "facilities")
    write(browser, django_capture_on_commit_callbacks, "facilities")

    assert Facility.objects.get().code == "f9"


# --- refusals ---------------------------------------------------------------------------

TEHRAN_ADDRESSES = [
    "/places/areas/p23/",
    "/places/areas/c2301/",
    "/places/areas/t230101/",
    "/places/areas/n0001/",
    "/places/areas/ir/",
    "/places/facilities/f1/",
    "/places/facilities/?area=n0001",
]


@pytest.mark.parametrize("address", TEHRAN_ADDRESSES)
def test_a_lorestan_clerk_cannot_open_a_tehran_address(
    cast: Cast, as_user: SignIn, facility: Facility, address: str
) -> None:
    assert as_user(cast.lorestan_clerk).get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/places/?export=csv&col=code&col=name",
        "/places/?export=csv&col=code&col=name&q=دروازه",
        "/places/?export=csv&col=code&col=name&q=n0001",
        "/places/?export=csv&col=code&col=name&province=23",
        "/places/?export=csv&col=code&col=name&catchment=iums",
        "/places/?export=csv&col=code&col=name&sponsor=welfare&on=1400/01/01",
        "/places/facilities/?export=csv",
        "/places/facilities/?export=csv&q=مولوی",
    ],
)
def test_a_lorestan_clerk_exports_nothing_of_tehran(
    cast: Cast, as_user: SignIn, facility: Facility, address: str
) -> None:
    page = text(as_user(cast.lorestan_clerk), address)

    assert [word for word in (*TEHRAN, "f1", "مولوی") if word in page] == []


def test_a_lorestan_clerk_counts_only_lorestan(cast: Cast, as_user: SignIn) -> None:
    browser = as_user(cast.lorestan_clerk)

    found = queries.completeness(cast.lorestan_clerk.reach("places.read"))
    numbers = queries.numbers_by_province(
        cast.lorestan_clerk.reach("places.read"), "neighbourhoods"
    )

    assert (found.whole.registered, found.unassigned) == (1, 0)
    assert numbers == {"15": 1}
    assert "۲٬۰۲۰" not in text(browser, "/places/completeness/")


def test_a_lorestan_clerk_is_not_offered_tehran(cast: Cast, as_user: SignIn) -> None:
    page = text(as_user(cast.lorestan_clerk), "/places/")

    assert '<option value="15">' in page
    assert '<option value="23">' not in page


def test_a_sponsors_officer_sees_the_sponsors_neighbourhoods(cast: Cast, as_user: SignIn) -> None:
    page = text(as_user(cast.welfare_officer), "/places/?export=csv&col=code")

    assert set(page.split()[1:]) == {"n0001", "n0003"}


def test_a_universitys_officer_sees_its_catchment(cast: Cast, as_user: SignIn) -> None:
    page = text(as_user(cast.iums_officer), "/places/?export=csv&col=code")

    assert page.split()[1:] == ["n0001"]


def test_who_sees_counts_only_is_shown_no_names(cast: Cast, as_user: SignIn) -> None:
    page = text(as_user(cast.mayor_counts), "/places/?export=csv&col=code")

    assert page.split()[1:] == []


def test_who_sees_counts_only_is_shown_figures_of_the_scope(cast: Cast, as_user: SignIn) -> None:
    answer = as_user(cast.mayor_counts).get("/places/completeness/")

    assert answer.context["found"].whole.registered == 2


PAGES = [
    "/places/",
    "/places/map/",
    "/places/completeness/",
    "/places/facilities/",
    "/places/areas/n0001/",
]


@pytest.mark.parametrize("address", [*PAGES, "/places/import/", "/places/areas/n0001/change/"])
def test_without_a_role_no_page_exists(cast: Cast, as_user: SignIn, address: str) -> None:
    assert as_user(cast.outsider).get(address).status_code == 404


@pytest.mark.parametrize("address", PAGES)
def test_without_signing_in_no_page_is_shown(
    client: Client, country: Country, address: str
) -> None:
    assert client.get(address).status_code == 302


@pytest.mark.parametrize(
    "who", ["lorestan_clerk", "tehran_lead", "national_director", "auditor", "administrator"]
)
def test_who_may_not_write_cannot_import_or_change(cast: Cast, as_user: SignIn, who: str) -> None:
    browser = as_user(getattr(cast, who))

    statuses = [
        browser.get("/places/import/areas/").status_code,
        browser.post("/places/import/areas/", {"file": sheet(ROW)}).status_code,
        browser.post("/places/import/areas/confirm/").status_code,
        browser.get("/places/areas/n0003/change/").status_code,
        post_change(browser, "n0003", "end").status_code,
    ]

    assert statuses == [404] * 5
    assert not Event.objects.filter(action__startswith="places.").exists()


def test_a_registrar_of_lorestan_cannot_change_tehran(
    lorestan_registrar: User,
    as_user: SignIn,
    country: Country,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    browser = as_user(lorestan_registrar)

    changed = post_change(browser, "n0001", "end")
    merged = post_change(browser, "n0003", "merge", other_1="n0001", code="n9", name_fa="هرندی")
    checked = check(
        browser,
        django_capture_on_commit_callbacks,
        sheet("n0001,هرندی,neighbourhood,t230101,\n" + ROW),
    )

    assert changed.status_code == 404
    assert "محدوده‌ای به نام یا کد «n0001» نیست" in merged.content.decode()
    assert "در اختیار شما نیست" in checked
    assert Area.objects.get(code="n0001").valid.upper is None
    assert not Area.objects.filter(code="n9").exists()


@pytest.mark.parametrize("address", ["/places/import/persons/", "/places/areas/n9999/"])
def test_what_is_not_there_is_not_found(cast: Cast, as_user: SignIn, address: str) -> None:
    assert as_user(cast.registrar).get(address).status_code == 404
