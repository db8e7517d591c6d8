"""Pages of campaigns: the flow from upload to result, and who may see what."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from pooshesh.conftest import Cast, SignIn
from pooshesh.coverage.models import Source, Spell, Undo
from pooshesh.kernel.models import Event, Subject
from pooshesh.programme import actions
from pooshesh.programme.campaign import report
from pooshesh.programme.models import (
    Campaign,
    CampaignFile,
    CampaignRow,
    CampaignState,
    Deletion,
    Programme,
    SavedMapping,
)
from pooshesh.programme.tests.conftest import Prepare
from pooshesh.programme.tests.sheets import PEOPLE, write_all

pytestmark = pytest.mark.django_db

Commit = DjangoCaptureOnCommitCallbacks


def upload(folder: Path, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (folder / name).read_bytes())


def bring(browser: Client, folder: Path, neighbourhood: str = "n0001") -> object:
    """Press the button of the page for a new campaign."""
    return browser.post(
        "/campaigns/new/",
        {
            "neighbourhood": neighbourhood,
            "on": "۱۴۰۰/۱۱/۲۲",
            "pack": "iran",
            "census": upload(folder, "census.csv"),
            "roll_ihio": upload(folder, "roll_ihio.csv"),
            "roll_sso": upload(folder, "roll_sso.csv"),
        },
    )


def test_a_rule_pack_is_chosen_by_its_laws(
    programme: Programme, cast: Cast, as_user: SignIn
) -> None:
    page = as_user(cast.tehran_lead).get("/campaigns/new/").content.decode()

    assert '<option value="iran">پوشش بیمه سلامت ساکنان و ۳ قانون دیگر<' in page


def test_it_works(
    programme: Programme,
    cast: Cast,
    as_user: SignIn,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    browser = as_user(cast.tehran_lead)
    bring(browser, write_all(tmp_path / "sheets"))
    campaign = Campaign.objects.get()
    here = f"/campaigns/{campaign.id}/"
    shown = browser.get(f"{here}mapping/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"{here}mapping/", form_of(campaign))
    checked = browser.get(here).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"{here}run/")
    result = browser.get(here).content.decode()

    assert 'value="last_name" selected' in shown
    assert f'action="{here}run/"' in checked
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.DONE
    assert "<svg" in result
    assert Spell.objects.filter(source=Source.ENROLMENT).count() == 4


def test_before_and_after_set_the_residents_under_review_apart(
    doubts: Campaign, cast: Cast, as_user: SignIn
) -> None:
    page = as_user(cast.tehran_lead).get(f"/campaigns/{doubts.id}/")

    found = page.context["found"]
    bars = {str(c.label): (c.before, c.after) for c in page.context["changes"]}
    assert bars["ساکنان فاقد پوشش"] == (found.uninsured, found.uninsured - found.enrolled_total)
    assert bars["تطبیق در حال بررسی، نامعلوم"] == (1, 1)
    assert sum(before for before, _after in bars.values()) == found.residents
    assert sum(after for _before, after in bars.values()) == found.residents
    assert page.content.decode().count("تطبیق در حال بررسی، نامعلوم") == 2  # chart and its table
    assert "Match under review, not known: After" in report.report_html(doubts, found)


def form_of(campaign: Campaign, **more: str) -> dict[str, str]:
    """What the mapping page posts when nothing is changed."""
    return {
        f"{file.id.hex}-{name}": value
        for file in CampaignFile.objects.filter(campaign=campaign)
        for name, value in {**file.mapping, **more}.items()
    }


def test_a_mapping_can_be_saved(
    prepare: Prepare, cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    campaign = prepare()

    with django_capture_on_commit_callbacks(execute=True):
        as_user(cast.tehran_lead).post(
            f"/campaigns/{campaign.id}/mapping/", form_of(campaign, save_as="as usual")
        )

    saved = SavedMapping.objects.get(name="as usual")
    assert saved.mapping["last_name"] == "last_name"


def test_nobody_overwrites_the_saved_mapping_of_somebody_else(
    prepare: Prepare, cast: Cast, as_user: SignIn
) -> None:
    campaign = prepare()
    census = CampaignFile.objects.get(campaign=campaign, role="census")
    actions.save_mapping("as usual", census, {"last_name": "theirs"}, cast.national_director.id)

    page = as_user(cast.tehran_lead).post(
        f"/campaigns/{campaign.id}/mapping/", form_of(campaign, save_as="as usual")
    )

    assert "as usual" in page.context["error"]
    assert SavedMapping.objects.get().mapping == {"last_name": "theirs"}


def test_ones_own_saved_mapping_is_replaced_and_each_saving_recorded(
    prepare: Prepare, cast: Cast
) -> None:
    census = CampaignFile.objects.get(campaign=prepare(), role="census")

    actions.save_mapping("as usual", census, {"last_name": "old"}, cast.tehran_lead.id)
    actions.save_mapping("as usual", census, {"last_name": "new"}, cast.tehran_lead.id)

    assert SavedMapping.objects.get().mapping == {"last_name": "new"}
    assert Event.objects.filter(action="campaign.save_mapping").count() == 2


def test_a_missing_column_is_told_on_the_mapping_page(
    prepare: Prepare, cast: Cast, as_user: SignIn
) -> None:
    campaign = prepare()
    census = CampaignFile.objects.get(campaign=campaign, role="census")
    posted = form_of(campaign)
    posted[f"{census.id.hex}-last_name"] = "first_name"

    page = as_user(cast.tehran_lead).post(f"/campaigns/{campaign.id}/mapping/", posted)

    assert "first_name" in page.context["error"]


def test_findings_are_a_table_and_a_csv(
    prepare: Prepare, cast: Cast, as_user: SignIn, tmp_path: Path
) -> None:
    people = [PEOPLE[3], {**PEOPLE[4], "birth_date": "1390/07/31"}]
    campaign = prepare(write_all(tmp_path / "bad", people))
    browser = as_user(cast.tehran_lead)

    page = browser.get(f"/campaigns/{campaign.id}/findings/")
    sheet = browser.get(f"/campaigns/{campaign.id}/findings/?export=csv")

    assert "1390/07/31" in page.content.decode()
    assert "1390/07/31" in b"".join(sheet.streaming_content).decode()  # type: ignore[attr-defined]


def test_bad_rows_keep_the_run_from_starting(
    prepare: Prepare, cast: Cast, as_user: SignIn, tmp_path: Path
) -> None:
    people = [PEOPLE[3], {**PEOPLE[4], "birth_date": "1390/07/31"}]
    campaign = prepare(write_all(tmp_path / "bad", people))
    browser = as_user(cast.tehran_lead)

    browser.post(f"/campaigns/{campaign.id}/run/")
    refused = Campaign.objects.get().job_id
    browser.post(f"/campaigns/{campaign.id}/run/", {"skip_bad_rows": "on"})

    assert refused is None
    assert Campaign.objects.get().job_id is not None


@pytest.mark.parametrize("code", ["n0002", "n0003"])
def test_only_sponsored_neighbourhoods_within_reach_can_be_chosen(
    cast: Cast, as_user: SignIn, tmp_path: Path, code: str
) -> None:
    page = bring(as_user(cast.tehran_lead), write_all(tmp_path / "sheets"), code)

    assert page.status_code == 200  # type: ignore[attr-defined]
    assert not Campaign.objects.exists()


def test_a_sheet_that_cannot_be_read_is_told_on_its_field(
    cast: Cast, as_user: SignIn, tmp_path: Path
) -> None:
    folder = write_all(tmp_path / "sheets")
    (folder / "roll_sso.csv").write_text("", encoding="utf-8")

    page = bring(as_user(cast.tehran_lead), folder)

    assert list(page.context["form"].errors) == ["roll_sso"]  # type: ignore[attr-defined]
    assert not Campaign.objects.exists()


def test_a_good_census_beside_a_bad_roll_is_not_left_on_the_disk(
    cast: Cast, as_user: SignIn, tmp_path: Path
) -> None:
    folder = write_all(tmp_path / "sheets")
    (folder / "roll_sso.csv").write_text("roll_row,last_name\n", encoding="utf-8")

    bring(as_user(cast.tehran_lead), folder)

    assert list((tmp_path / "home" / "uploads" / "campaigns").iterdir()) == []


# --- who may see what ---------------------------------------------------------------

FIGURES = ["", "summary.json", "report.html"]
PERSONS = ["people/", "people.csv"]
RUNNING = ["mapping/", "findings/", "progress/", "close/"]


@pytest.mark.parametrize(
    ("who", "figures", "persons", "running"),
    [
        ("tehran_lead", 200, 200, 200),
        ("tehran_clerk", 200, 200, 404),
        ("national_director", 200, 200, 404),
        ("welfare_officer", 200, 404, 404),
        ("iums_officer", 200, 404, 404),
        ("mayor_counts", 200, 404, 404),
        ("auditor", 200, 404, 404),
        ("lorestan_clerk", 404, 404, 404),
        ("field_worker", 404, 404, 404),
        ("administrator", 404, 404, 404),
        ("outsider", 404, 404, 404),
    ],
)
def test_everybody_sees_what_their_role_and_area_allow(
    campaign: Campaign,
    cast: Cast,
    as_user: SignIn,
    who: str,
    figures: int,
    persons: int,
    running: int,
) -> None:
    browser = as_user(getattr(cast, who))
    actions._queue(campaign, "campaign.check", cast.tehran_lead.id)

    def status(page: str) -> int:
        return browser.get(f"/campaigns/{campaign.id}/{page}").status_code

    assert {status(page) for page in FIGURES} == {figures}
    assert {status(page) for page in PERSONS} == {persons}
    assert {status(page) for page in RUNNING} == {running}


def test_a_lorestan_clerk_finds_no_campaign_of_tehran_in_the_list(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    lorestan = as_user(cast.lorestan_clerk).get("/campaigns/").content.decode()
    tehran = as_user(cast.tehran_clerk).get("/campaigns/").content.decode()

    assert str(campaign.id) not in lorestan
    assert str(campaign.id) in tehran


def test_a_sponsors_officer_sees_figures_without_links_to_persons(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    page = as_user(cast.welfare_officer).get(f"/campaigns/{campaign.id}/").content.decode()

    assert "people.csv" not in page
    assert "بهرام" not in page


def test_looking_at_residents_is_recorded(campaign: Campaign, cast: Cast, as_user: SignIn) -> None:
    as_user(cast.tehran_clerk).get(f"/campaigns/{campaign.id}/people/?match=insured")

    event = Event.objects.get(action="campaign.people")
    assert event.actor == cast.tehran_clerk.id
    assert Subject.objects.filter(event=event).count() == 2


@pytest.mark.parametrize("page", ["people.csv", "people/?export=csv", "people/?export=xlsx"])
def test_everybody_in_a_download_is_recorded(
    campaign: Campaign, cast: Cast, as_user: SignIn, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pooshesh.programme.tables.ResidentTable.page_size", 2)

    as_user(cast.tehran_clerk).get(f"/campaigns/{campaign.id}/{page}")

    event = Event.objects.get(action="campaign.people")
    persons = set(CampaignRow.objects.filter(campaign=campaign).values_list("person_id", flat=True))
    assert event.purpose in page
    assert set(Subject.objects.filter(event=event).values_list("person_id", flat=True)) == persons


def test_residents_name_the_insurer_whose_roll_they_are_on(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    browser = as_user(cast.tehran_clerk)

    page = browser.get(f"/campaigns/{campaign.id}/people/").content.decode()
    sheet = browser.get(f"/campaigns/{campaign.id}/people/?export=csv")

    assert "سازمان تأمین اجتماعی" in page
    assert ">sso<" not in page
    assert "سازمان تأمین اجتماعی" in b"".join(sheet.streaming_content).decode()  # type: ignore[attr-defined]


def test_sheets_are_called_by_their_insurer_on_the_way_to_the_run(
    prepare: Prepare, cast: Cast, as_user: SignIn
) -> None:
    here = f"/campaigns/{prepare().id}/"
    browser = as_user(cast.tehran_lead)

    pages = [browser.get(f"{here}{page}").content.decode() for page in ("", "mapping/")]

    assert 'role="rowheader">سازمان تأمین اجتماعی</th>' in pages[0]
    assert "فهرست بیمه‌شدگان سازمان تأمین اجتماعی" in pages[1]


def test_deleted_classes_of_data_are_named(campaign: Campaign, cast: Cast, as_user: SignIn) -> None:
    actions.close(campaign, cast.tehran_lead.id)

    page = as_user(cast.tehran_lead).get("/campaigns/retention/").content.decode()

    table = page.partition('id="table-deletions"')[2]
    assert ">فهرست بیمه‌گرها به همان شکل دریافتی<" in table
    assert ">roll<" not in table


@pytest.mark.parametrize(("query", "purpose"), [("", ""), ("?export=csv", "csv")])
def test_looking_at_findings_is_recorded(
    prepare: Prepare, cast: Cast, as_user: SignIn, query: str, purpose: str
) -> None:
    campaign = prepare()

    as_user(cast.tehran_lead).get(f"/campaigns/{campaign.id}/findings/{query}")

    event = Event.objects.get(action="campaign.findings")
    assert (event.actor, event.purpose) == (cast.tehran_lead.id, purpose)


@pytest.mark.parametrize(("who", "seen"), [("lorestan_clerk", 0), ("national_director", 1)])
def test_only_who_sees_the_country_sees_the_countrys_deletions(
    cast: Cast, as_user: SignIn, who: str, seen: int
) -> None:
    Deletion.objects.create(data_class="roll", count=7)

    page = as_user(getattr(cast, who)).get("/campaigns/retention/")

    assert page.context["table"].count == seen


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 11), ("?match=insured", 2), ("?decision=enrol_free", 4), ("?q=کاظمی", 2)],
)
def test_residents_are_filtered_and_searched(
    campaign: Campaign, cast: Cast, as_user: SignIn, query: str, count: int
) -> None:
    page = as_user(cast.tehran_clerk).get(f"/campaigns/{campaign.id}/people/{query}")

    assert page.context["table"].count == count


def test_the_figures_of_a_campaign_lead_to_their_residents(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    lead = as_user(cast.tehran_lead)
    here = f"/campaigns/{campaign.id}/"

    shown = lead.get(here)
    insured = lead.get(f"{here}people/?enrolled=1").context["table"].count
    without = lead.get(f"{here}people/?match=uninsured").context["table"].count

    found = shown.context["found"]
    page = shown.content.decode()
    assert (insured, without) == (found.enrolled_total, shown.context["share"].part)
    assert f'href="{here}people/?enrolled=1"' in page
    assert f'href="{here}people/?match=uninsured"' in page


@pytest.mark.parametrize(
    ("page", "limit"), [("", 22), ("people/", 14), ("summary.json", 12), ("people.csv", 8)]
)
def test_pages_cost_few_queries(
    campaign: Campaign, cast: Cast, as_user: SignIn, page: str, limit: int
) -> None:
    browser = as_user(cast.tehran_lead)

    with CaptureQueriesContext(connection) as queries:
        browser.get(f"/campaigns/{campaign.id}/{page}")

    assert len(queries) <= limit


def test_page_and_json_agree(campaign: Campaign, cast: Cast, as_user: SignIn) -> None:
    browser = as_user(cast.tehran_lead)

    page = browser.get(f"/campaigns/{campaign.id}/")
    summary = json.loads(browser.get(f"/campaigns/{campaign.id}/summary.json").content)

    assert page.context["found"].residents == summary["residents"]
    assert page.context["found"].enrolled == summary["enrolled_by_scheme"]


# --- undo and closing ---------------------------------------------------------------


def test_an_enrolment_is_undone_with_a_reason_and_stays_undone(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    row = CampaignRow.objects.get(campaign=campaign, census_row=4)
    browser = as_user(cast.tehran_clerk)
    address = f"/campaigns/{campaign.id}/people/4/undo/"

    short = browser.post(address, {"reason": "no"})
    done = browser.post(address, {"reason": "moved away before the day"})
    twice = browser.post(address, {"reason": "moved away before the day"})

    assert (short.status_code, done.status_code, twice.status_code) == (200, 302, 200)
    assert Undo.objects.get().reason == "moved away before the day"
    assert not Spell.objects.known().filter(person=row.person_id).exists()


def test_a_reason_that_says_nothing_undoes_nothing(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    page = as_user(cast.tehran_clerk).post(
        f"/campaigns/{campaign.id}/people/4/undo/", {"reason": "اشتباه"}
    )

    assert "۱۰" in str(page.context["form"].errors)
    assert not Undo.objects.exists()


def test_a_lorestan_clerk_cannot_undo_in_tehran(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    answer = as_user(cast.lorestan_clerk).post(
        f"/campaigns/{campaign.id}/people/4/undo/", {"reason": "a long enough reason"}
    )

    assert answer.status_code == 404
    assert not Undo.objects.exists()


def test_only_who_may_take_cover_back_is_offered_to(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    address = f"/campaigns/{campaign.id}/people/"

    clerk = as_user(cast.tehran_clerk).get(address).content.decode()
    director = as_user(cast.national_director).get(address).content.decode()

    assert f"{address}4/undo/" in clerk
    assert f"{address}4/undo/" not in director
    assert as_user(cast.national_director).get(f"{address}4/undo/").status_code == 404


def test_closing_from_the_page(campaign: Campaign, cast: Cast, as_user: SignIn) -> None:
    browser = as_user(cast.tehran_lead)

    asked = browser.get(f"/campaigns/{campaign.id}/close/")
    browser.post(f"/campaigns/{campaign.id}/close/")

    assert asked.status_code == 200
    assert Campaign.objects.get().state == CampaignState.CLOSED
    assert browser.get(f"/campaigns/{campaign.id}/").status_code == 200
