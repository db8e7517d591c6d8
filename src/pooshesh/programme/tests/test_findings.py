"""What the dry run finds: as the command tells it, findings.csv keeps it, the page shows it."""

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from pooshesh.conftest import Cast, SignIn
from pooshesh.coverage.models import Source, Spell
from pooshesh.kernel import verbs
from pooshesh.people.models import Membership, Person
from pooshesh.programme import actions, retention
from pooshesh.programme import verbs as _campaign_verbs  # noqa: F401 - registers them
from pooshesh.programme.campaign import record, report, run
from pooshesh.programme.campaign.figures import figures
from pooshesh.programme.campaign.findings import LISTED, Effect, Findings, Kind
from pooshesh.programme.models import Campaign, CampaignRow, CampaignState, Programme
from pooshesh.programme.tests.conftest import Prepare
from pooshesh.programme.tests.sheets import CENSUS, PEOPLE, Row, national_id, write_all

pytestmark = pytest.mark.django_db

#: Two adults, a child born a month after the day of the campaign, another without a day.
FAMILY: tuple[Row, ...] = (
    PEOPLE[3],
    {**PEOPLE[4], "birth_date": "1400/12/22"},
    {**PEOPLE[4], "first_name": "آرزو", "birth_date": "1401", "national_id": national_id(23)},
    PEOPLE[5],
)
#: Everything that is told and stops nobody, and one of a household of sixty.
ODD: tuple[Row, ...] = (
    {**PEOPLE[9], "national_id": "12345678"},
    {**PEOPLE[3], "birth_date": "1250/01/01"},
    {**PEOPLE[10], "household": "8", "national_id": PEOPLE[3]["national_id"]},
    *({**PEOPLE[6], "household": "9", "first_name": "", "national_id": national_id(400 + n)}
      for n in range(60)),
)  # fmt: skip

Command = Callable[..., int]


@pytest.fixture
def command(programme: Programme, tmp_path: Path) -> Command:
    """`command(people, *words)`: the campaign of these people, on the small rolls."""

    def campaign_run(people: Iterable[Row] = PEOPLE, *words: str, lang: str = "en") -> int:
        sheets = write_all(tmp_path / "sheets", people)
        with translation.override(lang):
            return verbs.main(
                ["campaign", "run", "--census", str(sheets / "census.csv"),
                 "--roll", f"ihio={sheets / 'roll_ihio.csv'}",
                 "--roll", f"sso={sheets / 'roll_sso.csv'}",
                 "--neighbourhood", "n0001", "--on", "1400-11-22",
                 "--out", str(tmp_path / "out"), *words]
            )  # fmt: skip

    return campaign_run


def kept(tmp_path: Path) -> list[dict[str, str]]:
    """The rows of findings.csv."""
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sealed(tmp_path: Path) -> list[Path]:
    """The sealed copies of sheets that lie in the upload folder."""
    return list((tmp_path / "home").rglob("campaigns/*"))


def test_the_command_counts_findings_by_kind_with_the_first_rows_of_each(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    status = command(ODD)

    said = capsys.readouterr().err
    assert status == 0
    assert "Census, National ID number (to know): 2" in said
    assert "row 2: “•••••678” was read; The check digit of the national ID number" in said
    assert "Census, Household (to know): 1" in said
    assert "household “9” has 60 members; expected at most 20" in said
    assert "row 3: “1250/01/01” was read; born 1250/01/01, more than 120 years" in said
    assert "stop their row: 0; not resident then: 0; to know: 5" in said


def test_findings_csv_has_each_with_its_row_field_what_was_read_and_expected(
    command: Command, tmp_path: Path
) -> None:
    command(ODD)

    found = kept(tmp_path)

    assert tuple(found[0]) == report.FINDINGS
    assert [(one["row"], one["field"], one["read"], one["severity"]) for one in found] == [
        ("2", "national_id", "•••••678", "note"),
        ("3", "birth_date", "1250/01/01", "note"),
        ("3", "national_id", "•••••••" + PEOPLE[3]["national_id"][-3:], "note"),
        ("4", "national_id", "•••••••" + PEOPLE[3]["national_id"][-3:], "note"),
        ("5", "household", "9", "note"),
    ]
    assert "stands on 2 rows" in found[2]["expected"]


def test_no_identifier_is_written_out_in_a_finding(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(ODD)

    said = capsys.readouterr().err + (tmp_path / "out" / "findings.csv").read_text("utf-8")

    assert "12345678" not in said
    assert PEOPLE[3]["national_id"] not in said


def test_findings_are_told_in_persian(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(ODD, lang="fa")

    assert "سرشماری، کد ملی (برای اطلاع): ۲" in capsys.readouterr().err
    assert "۶۰" in kept(tmp_path)[4]["expected"]


def test_a_formula_in_a_finding_is_kept_as_text(command: Command, tmp_path: Path) -> None:
    command([{**PEOPLE[3], "birth_date": "=1+1"}])

    assert kept(tmp_path)[0]["read"] == "'=1+1"


def test_findings_csv_is_written_although_there_are_none(command: Command, tmp_path: Path) -> None:
    command(PEOPLE[:1])

    assert kept(tmp_path) == []


def test_a_second_run_writes_the_same_findings(command: Command, tmp_path: Path) -> None:
    command(ODD)
    first = kept(tmp_path)

    command(ODD)

    assert kept(tmp_path) == first


def test_findings_that_were_deleted_are_not_overwritten_with_none(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(ODD)
    retention.delete_of_campaign(Campaign.objects.get().id, None)

    status = command(ODD)

    assert status == 0
    assert len(kept(tmp_path)) == 5
    assert "have been deleted" in capsys.readouterr().err


def test_more_findings_than_are_listed_are_counted() -> None:
    kind = Kind("census", "sex", "census.sex", Effect.NOTE)

    found = Findings.of([Findings([], {kind: LISTED}), Findings([], {kind: 5})])

    assert found.number(Effect.NOTE) == LISTED + 5
    assert Findings.unpack(found.pack()) == found


def test_a_refused_campaign_leaves_its_findings_and_nothing_else(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = command([PEOPLE[3], {**PEOPLE[4], "birth_date": "1390/07/31"}])

    said = capsys.readouterr().err
    assert status == 2
    assert "Nothing of the campaign was kept" in said
    assert str(tmp_path / "out" / "findings.csv") in said
    assert [one["severity"] for one in kept(tmp_path)] == ["stops"]
    assert not Campaign.objects.exists()
    assert not Person.objects.exists()


def test_a_folder_that_turns_out_not_to_take_the_findings_stops_before_anything(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out" / "findings.csv").mkdir(parents=True)

    status = command()

    assert status == 2
    assert f"“{tmp_path / 'out'}” cannot be written" in capsys.readouterr().err
    assert not Campaign.objects.exists()


def test_a_refused_campaign_leaves_no_sealed_sheet(
    command: Command, tmp_path: Path, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        command([PEOPLE[3], {**PEOPLE[4], "birth_date": "1390/07/31"}])

    assert sealed(tmp_path) == []


def test_a_campaign_that_was_brought_before_outlives_a_refused_command(
    command: Command, prepare: Prepare, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = [PEOPLE[3], {**PEOPLE[4], "birth_date": "1390/07/31"}]
    before = prepare(write_all(tmp_path / "before", people))

    status = command(people)

    assert status == 2
    assert "is kept as it was" in capsys.readouterr().err
    assert Campaign.objects.get().id == before.id


def test_a_run_that_breaks_off_says_that_the_same_command_goes_on(
    command: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def killed(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(record, "settle", killed)
        status = command()
    said = capsys.readouterr().err

    assert status != 0
    assert "the same command begins it anew" in said
    assert command() == 0
    assert Campaign.objects.get().state == CampaignState.DONE


def test_who_was_born_after_the_day_is_counted_apart_and_never_enrolled(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = command(FAMILY)

    campaign = Campaign.objects.get()
    found = report.summary(campaign, figures(campaign))
    assert status == 0
    assert [(one["row"], one["severity"]) for one in kept(tmp_path)] == [
        ("3", "not_resident_then"), ("4", "not_resident_then"),
    ]  # fmt: skip
    assert "not resident then: 2" in capsys.readouterr().err
    assert (found["not_resident_then"], found["residents"], found["uninsured"]) == (2, 2, 1)
    rows = CampaignRow.objects.order_by("census_row").values_list("census_row", "decision")
    assert list(rows) == [
        (1, "enrol_free"),
        (2, "not_resident_then"),
        (3, "not_resident_then"),
        (4, "covered"),
    ]
    assert Spell.objects.filter(source=Source.ENROLMENT).count() == 1
    born = Membership.objects.values_list("person__birth_date", "valid")
    assert [birth for birth, valid in born if birth and birth > valid.lower] == []


def test_the_result_and_the_report_say_who_was_left_out(
    prepare: Prepare, cast: Cast, as_user: SignIn, tmp_path: Path
) -> None:
    twice = [*FAMILY, FAMILY[1]]
    campaign = run.run(prepare(write_all(tmp_path / "f", twice)).id, lambda *_step: None, None)

    page = as_user(cast.tehran_lead).get(f"/campaigns/{campaign.id}/").content.decode()

    found = figures(campaign)
    told = report.summary(campaign, found)
    assert "زادهٔ پس از روز پویش: ۲ نفر در ۳ ردیف" in page
    assert "born after the day of the campaign: 2 persons on 3 rows" in report.report_html(
        campaign, found
    )
    assert (told["not_resident_then"], told["not_resident_then_rows"]) == (2, 3)
    assert report.people_csv(campaign).count(",not_resident_then,") == 3


@pytest.mark.parametrize(("lang", "day"), [("fa", "(۱۴۰۰/۱۱/۲۲)"), ("en", "1400/11/22:")])
def test_a_day_of_ours_is_written_in_the_language_of_the_reader(
    prepare: Prepare, tmp_path: Path, lang: str, day: str
) -> None:
    found = actions.findings(prepare(write_all(tmp_path / "f", FAMILY)))
    assert found is not None

    with translation.override(lang):
        (sentence, *_others) = [one.expected for one in found.listed]

    assert day in sentence
    assert "1400/12/22" in sentence  # quoted as it was typed


def test_somebody_whose_record_says_they_were_born_later_is_not_enrolled(
    campaign: Campaign, prepare: Prepare, tmp_path: Path
) -> None:
    Person.objects.filter(first_name="نرگس").update(birth_date="2022-03-01")
    Spell.objects.all().delete()
    undated = {**PEOPLE[3], "birth_date": ""}

    second = run.run(
        prepare(write_all(tmp_path / "second", [undated])).id, lambda *_step: None, None
    )

    row = CampaignRow.objects.get(campaign=second)
    found = figures(second)
    assert (row.person.first_name, row.decision) == ("نرگس", "not_resident_then")
    assert not Spell.objects.filter(campaign_id=second.id).exists()
    assert (found.residents, found.uninsured, found.not_resident_then) == (0, 0, 1)


def test_a_birth_within_the_month_of_the_day_may_have_been_before_it(
    prepare: Prepare, tmp_path: Path
) -> None:
    campaign = prepare(write_all(tmp_path / "m", [{**PEOPLE[3], "birth_date": "1400/11"}]))

    found = actions.findings(campaign)

    assert found is not None
    assert found.counts == {}


def test_error_cells_of_a_workbook_are_found(prepare: Prepare, tmp_path: Path) -> None:
    folder = write_all(tmp_path / "book")
    with xlsxwriter.Workbook(folder / "census.csv") as book:  # judged by its bytes
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, CENSUS)
        sheet.write_row(1, 0, [1, *(PEOPLE[3].get(name, "") for name in CENSUS[1:])])
        sheet.write_formula(1, CENSUS.index("national_id"), "=A99", None, "#REF!")
        sheet.write_formula(1, CENSUS.index("birth_date"), "=1/0", None, "#DIV/0!")

    found = actions.findings(prepare(folder))

    assert found is not None
    assert [(one.field, one.read, one.effect) for one in found.listed] == [
        ("birth_date", "#DIV/0!", "stops"),
        ("national_id", "#REF!", "note"),
    ]


def test_an_error_cell_of_a_roll_is_told_and_its_row_still_counts(
    prepare: Prepare, tmp_path: Path
) -> None:
    sso: list[Mapping[str, str]] = [{**PEOPLE[0], "birth_date": "#N/A", "mobile": "#N/A"}]

    campaign = prepare(write_all(tmp_path / "roll", PEOPLE[:1], sso=sso))

    found = actions.findings(campaign)
    assert found is not None
    assert [(one.sheet, one.row, one.field, one.effect) for one in found.listed] == [
        ("sso", 2, "birth_date", "note"),
        ("sso", 2, "mobile", "note"),
    ]
    done = run.run(campaign.id, lambda *_step: None, None)
    assert CampaignRow.objects.get(campaign=done).match == "insured"


def test_the_page_counts_by_kind_and_names_sheets_in_words(
    prepare: Prepare, cast: Cast, as_user: SignIn, tmp_path: Path
) -> None:
    sso: list[Mapping[str, str]] = [{**PEOPLE[0], "mobile": "#N/A"}]
    campaign = prepare(write_all(tmp_path / "odd", ODD, sso=sso))

    page = as_user(cast.tehran_lead).get(f"/campaigns/{campaign.id}/findings/").content.decode()

    assert "سازمان تأمین اجتماعی" in page
    assert "به تفکیک نوع" in page
    assert ">sso<" not in page
    assert ">census<" not in page
    assert "12345678" not in page


def test_the_same_findings_are_told_by_the_command_and_the_page(
    command: Command, tmp_path: Path
) -> None:
    command(ODD)
    found = actions.findings(Campaign.objects.get())
    assert found is not None

    told = [(str(one.row), one.field, one.read) for one in found.listed]

    assert told == [(one["row"], one["field"], one["read"]) for one in kept(tmp_path)]
