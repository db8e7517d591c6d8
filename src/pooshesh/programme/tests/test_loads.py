"""Many neighbourhoods at once: the rolls given once, a job each, whatever happens meanwhile."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.coverage.models import Source, Spell
from pooshesh.kernel import verbs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Job
from pooshesh.people.models import Person
from pooshesh.programme import actions as campaigns
from pooshesh.programme import verbs as _verbs  # noqa: F401 - registers them
from pooshesh.programme.campaign import record, run
from pooshesh.programme.campaign.match import match
from pooshesh.programme.loads import actions, folder, queries
from pooshesh.programme.loads.models import ItemState, Load, LoadItem
from pooshesh.programme.loads.part import parts
from pooshesh.programme.models import (
    Campaign,
    CampaignFile,
    CampaignRow,
    CampaignState,
    FileRole,
    Programme,
)
from pooshesh.programme.tests.conftest import ON
from pooshesh.programme.tests.sheets import (
    CENSUS,
    IHIO,
    PEOPLE,
    ROLL,
    SSO,
    national_id,
    person,
    write_sheet,
)

pytestmark = pytest.mark.django_db

Commit = DjangoCaptureOnCommitCallbacks
FAR = tuple(
    person(household=str(n), relation="head", first_name="نسترن", last_name=f"خرمی {n}",
           father_name="یوسف", birth_date="1360/01/01", national_id=national_id(700 + n), sex="F")
    for n in range(3)
)  # fmt: skip


@pytest.fixture
def sheets(programme: Programme, tmp_path: Path) -> Path:
    """Darvazeh-Ghar and Falak-ol-Din, and one roll of each insurer for both."""
    brought = tmp_path / "load"
    brought.mkdir()
    write_sheet(brought / "n0001.csv", CENSUS, PEOPLE)
    write_sheet(brought / "n0003.csv", CENSUS, FAR)
    write_sheet(brought / "roll_ihio.csv", ROLL, [*IHIO, {**FAR[1], "household": ""}])
    write_sheet(brought / "roll_sso.csv", ROLL, SSO)
    return brought


def bring(sheets: Path, reach: Reach = EVERYWHERE, *, skip: bool = False) -> Load:
    with folder.opened(sheets) as found:
        return actions.bring(
            found, pack="iran", on=ON, reach=reach, actor=None, synthetic=True, skip_bad_rows=skip
        )


def outcome() -> list[tuple[str, int, str, str, int | None, str]]:
    """What became of every census row of every neighbourhood."""
    rows = CampaignRow.objects.order_by("campaign__area__code", "census_row")
    return list(
        rows.values_list(
            "campaign__area__code", "census_row", "match", "roll", "roll_row", "decision"
        )
    )


def test_it_works(sheets: Path) -> None:
    load = bring(sheets)
    actions.run_here(load)

    how = queries.progress(load)
    assert (how.sheets, how.done, how.refused, how.residents) == (2, 2, 0, 14)
    assert Campaign.objects.filter(state=CampaignState.DONE).count() == 2
    assert ("n0003", 2, "insured", "ihio", 3, "covered") in outcome()
    assert ("n0001", 1, "insured", "sso", 1, "not_ours") in outcome()


def test_each_neighbourhood_keeps_only_rows_that_may_concern_it(sheets: Path) -> None:
    bring(sheets)

    rolls = CampaignFile.objects.filter(role=FileRole.ROLL, campaign__area__code="n0003")
    assert [one.origin["rows"] for one in rolls.order_by("insurer")] == [3, 2]
    assert [one.rows for one in rolls] == [None, None]  # counted by the check


def test_brought_again_nothing_is_double(sheets: Path, tmp_path: Path) -> None:
    actions.run_here(bring(sheets))
    before, jobs = outcome(), Job.objects.count()

    again = bring(sheets)
    actions.run_here(again)

    assert outcome() == before
    assert (Load.objects.count(), Job.objects.count()) == (1, jobs)
    assert Person.objects.count() == 14


def test_a_zip_is_brought_like_a_folder(sheets: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.write(sheets / "n0001.csv", "../census/n0001.csv")
        packed.write(sheets / "roll_sso.csv", "rolls/roll_sso.csv")

    load = bring(tmp_path / "all.zip")

    assert LoadItem.objects.get(load=load).state == ItemState.BROUGHT


@pytest.mark.parametrize(
    ("files", "code"),
    [({}, "load.no_census"), ({"n0001.csv": "a\n1"}, "load.no_roll")],
)
def test_a_folder_without_what_is_needed_is_refused(
    tmp_path: Path, files: dict[str, str], code: str
) -> None:
    [(tmp_path / name).write_text(text) for name, text in files.items()]

    with pytest.raises(Invalid) as caught, folder.opened(tmp_path):
        pass

    assert caught.value.code == code


def test_one_refused_sheet_stops_no_other(sheets: Path) -> None:
    (sheets / "nowhere.csv").write_bytes((sheets / "n0003.csv").read_bytes())
    (sheets / "n0002.csv").write_text("not,a\nproper,sheet\n")

    load = bring(sheets)
    actions.run_here(load)

    refused = {one.name: one.message for one in queries.refused(load)}
    assert sorted(refused) == ["n0002.csv", "nowhere.csv"]
    assert "nowhere" in refused["nowhere.csv"]
    assert queries.progress(load).done == 2


def test_rows_that_name_another_neighbourhood_are_refused(sheets: Path) -> None:
    codes = ("n0003", "n0001", "")
    rows = [{**one, "neighbourhood_code": code} for one, code in zip(FAR, codes, strict=True)]
    write_sheet(sheets / "n0003.csv", (*CENSUS, "neighbourhood_code"), rows)

    load = bring(sheets)
    with pytest.raises(Invalid):
        run_item(load, "n0003.csv")
    assert LoadItem.objects.get(name="n0003.csv").state == ItemState.REFUSED
    actions.run_here(bring(sheets, skip=True))

    kept = CampaignRow.objects.filter(campaign__area__code="n0003")
    assert list(kept.values_list("census_row", flat=True)) == [1, 3]


def run_item(load: Load, name: str) -> None:
    """Do the job of one sheet as the worker does, and let its refusal be seen."""
    item = LoadItem.objects.get(load=load, name=name)
    actions.load_job(lambda *_step: None, str(item.id))


STEPS: list[tuple[object, str]] = [
    (actions, "parts"), (campaigns, "bring_file"), (campaigns, "map_columns"),
    (campaigns, "check"), (run, "match"), (run, "register_census"), (record, "record_rows"),
    (record, "record_roll_cover"), (record, "ask"), (record, "settle"), (run, "keep_area"),
]  # fmt: skip


class Killed(BaseException):
    """The process ended here."""


@pytest.mark.parametrize(("where", "step"), STEPS, ids=[step for _where, step in STEPS])
def test_killed_at_any_step_and_begun_again_it_ends_the_same(
    sheets: Path, monkeypatch: pytest.MonkeyPatch, where: object, step: str
) -> None:
    """The process dies as a step begins, of the second neighbourhood where it can."""
    kept: Callable[..., object] = getattr(where, step)

    def die(*_given: object, **_named: object) -> object:
        raise Killed

    monkeypatch.setattr(where, step, die)
    with pytest.raises(Killed):
        actions.run_here(bring(sheets))
    monkeypatch.setattr(where, step, kept)
    Job.objects.filter(state="running").update(state="waiting")

    actions.run_here(bring(sheets))

    assert queries.progress(Load.objects.get()).done == 2
    assert outcome() == EXPECTED
    assert Person.objects.count() == 14
    assert Spell.objects.filter(source=Source.ENROLMENT).count() == 4
    assert Campaign.objects.count() == 2


EXPECTED = [
    ("n0001", 1, "insured", "sso", 1, "not_ours"),
    ("n0001", 2, "uninsured", "", None, "dependant_worklist"),
    ("n0001", 3, "uninsured", "", None, "dependant_worklist"),
    ("n0001", 4, "uninsured", "", None, "enrol_free"),
    ("n0001", 5, "uninsured", "", None, "enrol_free"),
    ("n0001", 6, "insured", "ihio", 2, "covered"),
    ("n0001", 7, "uninsured", "", None, "enrol_free"),
    ("n0001", 8, "uninsured", "", None, "regularise"),
    ("n0001", 9, "uninsured", "", None, "needs_identity"),
    ("n0001", 10, "uninsured", "", None, "needs_identity"),
    ("n0001", 11, "uninsured", "", None, "enrol_free"),
    ("n0001", 12, "duplicate", "", None, "enrol_free"),
    ("n0003", 1, "uninsured", "", None, "needs_decile"),
    ("n0003", 2, "insured", "ihio", 3, "covered"),
    ("n0003", 3, "uninsured", "", None, "needs_decile"),
]


def test_the_command_says_what_was_refused(
    sheets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (sheets / "nowhere.csv").write_bytes((sheets / "n0003.csv").read_bytes())

    status = verbs.main(["campaign", "load", str(sheets), "--on", "1400-11-22", "--here"])

    assert status == 1
    assert "nowhere.csv" in capsys.readouterr().out


def test_a_load_shows_each_user_their_own_sheets(
    sheets: Path, cast: Cast, country: Country, as_user: SignIn
) -> None:
    load = bring(sheets)
    actions.run_here(load)

    page = as_user(cast.tehran_lead).get(f"/campaigns/loads/{load.id}/").content.decode()

    assert "n0001.csv" in page
    assert "n0003.csv" not in page


def test_a_load_elsewhere_does_not_exist(sheets: Path, cast: Cast, as_user: SignIn) -> None:
    (sheets / "n0001.csv").unlink()
    load = bring(sheets)

    assert as_user(cast.tehran_lead).get(f"/campaigns/loads/{load.id}/").status_code == 404
    assert as_user(cast.outsider).get("/campaigns/loads/").status_code == 404


def frame(rows: list[dict[str, str]]) -> pl.DataFrame:
    names = [name for name in CENSUS if name != "census_row"]
    columns = {name: [row.get(name) or None for row in rows] for name in names}
    numbers = pl.Series("row", range(1, len(rows) + 1), dtype=pl.Int64)
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)).with_columns(numbers)


def test_a_part_of_a_roll_matches_as_the_whole_roll_does() -> None:
    people, far = frame([dict(one) for one in PEOPLE]), frame([dict(one) for one in FAR])
    roll = frame([dict(one) for one in (*SSO, *IHIO, *FAR[:2], *PEOPLE[7:9])])

    cut = parts({"n0001": people, "n0003": far}, roll)

    part = roll.filter(pl.col("row").is_in(cut["n0001"]))
    assert len(part) < len(roll)
    whole = {row: one.roll_row for row, one in match(people, {"sso": roll}).rows.items()}
    assert {row: one.roll_row for row, one in match(people, {"sso": part}).rows.items()} == whole


def test_one_number_on_two_people_of_a_roll_goes_to_nobody_wrong(sheets: Path) -> None:
    stranger = {**SSO[1], "national_id": FAR[0]["national_id"]}
    write_sheet(sheets / "roll_sso.csv", ROLL, [*SSO, stranger, {**FAR[0], "household": ""}])

    actions.run_here(bring(sheets))

    assert ("n0003", 1, "insured", "sso", 4) in [row[:5] for row in outcome()]
