"""The same sheets brought, mapped or run again: by mistake, after a kill, for another place."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from pooshesh.access.reach import EVERYWHERE
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel import verbs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.people.models import Person
from pooshesh.programme import actions
from pooshesh.programme import verbs as _campaign_verbs  # noqa: F401 - registers them
from pooshesh.programme.campaign import report, run, vault
from pooshesh.programme.campaign.figures import figures
from pooshesh.programme.models import (
    Campaign,
    CampaignFile,
    CampaignRow,
    CampaignState,
    FileRole,
)
from pooshesh.programme.tests.conftest import ON, Prepare
from pooshesh.programme.tests.sheets import PEOPLE, write_all
from pooshesh.programme.tests.test_pages import form_of

pytestmark = pytest.mark.django_db


def brought(
    sheets: Path, *, code: str = "n0001", rolls: tuple[str, ...] = ("ihio", "sso"),
    on: dt.date = ON,
) -> Campaign:  # fmt: skip
    """A draft with the sheets of a folder, not mapped."""
    draft = actions.open_campaign(
        reach=EVERYWHERE, code=code, pack="iran", on=on, actor=None, synthetic=True
    )
    with (sheets / "census.csv").open("rb") as source:
        actions.bring_file(draft, FileRole.CENSUS, "census.csv", source)
    for insurer in rolls:
        with (sheets / f"roll_{insurer}.csv").open("rb") as source:
            actions.bring_file(draft, FileRole.ROLL, "roll.csv", source, insurer=insurer)
    return draft


def ran(draft: Campaign) -> Campaign:
    """A draft brought to its end."""
    campaign = actions.map_columns(draft, {}, None)
    actions.check(campaign, None)
    return run.run(campaign.id, lambda *_step: None, None)


def command(sheets: Path) -> int:
    """`campaign run` on the sheets of a folder; its exit status."""
    return verbs.main(
        ["campaign", "run", "--census", str(sheets / "census.csv"),
         "--roll", f"ihio={sheets / 'roll_ihio.csv'}", "--roll", f"sso={sheets / 'roll_sso.csv'}",
         "--neighbourhood", "n0001", "--on", "1400-11-22", "--out", str(sheets / "out")]
    )  # fmt: skip


def test_it_works(campaign: Campaign, tmp_path: Path) -> None:
    again = actions.map_columns(brought(tmp_path / "sheets"), {}, None)

    assert again.id == campaign.id
    assert Campaign.objects.count() == 1
    assert Event.objects.filter(action="campaign.discard").count() == 1


@pytest.mark.parametrize("state", [CampaignState.RUNNING, CampaignState.DONE, CampaignState.CLOSED])
def test_mapping_a_campaign_that_has_run_deletes_nothing(
    campaign: Campaign, cast: Cast, as_user: SignIn, tmp_path: Path, state: str
) -> None:
    other = actions.map_columns(brought(tmp_path / "sheets", rolls=("ihio",)), {}, None)
    Campaign.objects.filter(id=campaign.id).update(state=state)
    # Without Social Security's roll the sheets of both are the same.
    CampaignFile.objects.filter(campaign=campaign, insurer="sso").delete()

    page = as_user(cast.tehran_lead).post(f"/campaigns/{campaign.id}/mapping/", form_of(campaign))

    assert page.status_code == 200
    assert page.context["error"]
    assert Campaign.objects.filter(id__in=[campaign.id, other.id]).count() == 2
    assert CampaignRow.objects.filter(campaign=campaign).count() == len(PEOPLE)


@pytest.mark.parametrize(
    "state",
    [CampaignState.RUNNING, CampaignState.DONE, CampaignState.FAILED, CampaignState.CLOSED],
)
def test_only_what_never_ran_is_discarded(prepare: Prepare, state: str) -> None:
    campaign = prepare()
    Campaign.objects.update(state=state)

    with pytest.raises(Invalid) as refusal:
        actions.discard(campaign, None)

    assert refusal.value.code == "campaign.started"
    assert Campaign.objects.count() == 1


def test_what_waits_for_its_run_is_not_discarded(prepare: Prepare, cast: Cast) -> None:
    campaign = prepare()
    actions.start(campaign, cast.tehran_lead.id, skip_bad_rows=False)

    with pytest.raises(Invalid) as refusal:
        actions.discard(campaign, None)

    assert refusal.value.code == "campaign.started"


def test_the_command_killed_while_it_ran_ends_when_given_again(
    prepare: Prepare, tmp_path: Path
) -> None:
    prepare()
    Campaign.objects.update(state=CampaignState.RUNNING)

    status = command(tmp_path / "sheets")

    assert status == 0
    assert Campaign.objects.get().state == CampaignState.DONE
    with (tmp_path / "sheets" / "out" / "people.csv").open() as people:
        assert len(list(csv.DictReader(people))) == len(PEOPLE)


def test_a_check_during_which_a_run_began_changes_nothing(
    prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = prepare()
    read = run.sheets(campaign)

    def meanwhile(_campaign: Campaign) -> object:
        Campaign.objects.update(state=CampaignState.RUNNING)
        return read

    monkeypatch.setattr(run, "sheets", meanwhile)
    actions.check(campaign, None)

    assert Campaign.objects.get().state == campaign.state == CampaignState.RUNNING


def test_a_check_of_columns_that_were_mapped_anew_is_refused(
    prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = prepare()
    read = run.sheets(campaign)

    def meanwhile(_campaign: Campaign) -> object:
        Campaign.objects.update(key="another")
        return read

    monkeypatch.setattr(run, "sheets", meanwhile)
    with pytest.raises(Invalid) as refusal:
        actions.check(campaign, None)

    assert refusal.value.code == "campaign.changed"


def test_a_run_whose_end_was_rolled_back_is_failed(
    prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = prepare()
    move = run._move

    def and_then_dies(campaign: Campaign, verb: str, **fields: object) -> None:
        move(campaign, verb, **fields)
        {"finish": _die}.get(verb, bool)()

    monkeypatch.setattr(run, "_move", and_then_dies)
    with pytest.raises(ConnectionError):
        run.run(campaign.id, lambda *_step: None, None)

    assert Campaign.objects.get().state == CampaignState.FAILED


def _die() -> None:
    raise ConnectionError


def test_the_same_census_for_another_neighbourhood_is_of_other_people(
    campaign: Campaign, country: Country, tmp_path: Path
) -> None:
    nameless = [{**PEOPLE[9], "national_id": ""}]
    sheets = write_all(tmp_path / "nameless", nameless)
    here = ran(brought(sheets))
    there = ran(brought(sheets, code=country.falak_ol_din.code))

    persons = [CampaignRow.objects.get(campaign=one).person for one in (here, there)]

    assert persons[0].id != persons[1].id
    assert persons[1].area_id == there.area_id


def test_the_same_census_against_other_rolls_is_of_the_same_people(
    campaign: Campaign, tmp_path: Path
) -> None:
    before = Person.objects.count()

    second = ran(brought(tmp_path / "sheets", rolls=("ihio",)))

    assert second.id != campaign.id
    assert Person.objects.count() == before


def test_who_another_campaign_covered_counts_as_covered(campaign: Campaign, tmp_path: Path) -> None:
    second = ran(brought(tmp_path / "sheets", rolls=("ihio",)))

    found = figures(second)

    assert (found.insured, found.covered_otherwise, found.enrolled_total) == (1, 4, 3)
    assert (found.covered_before, found.covered_after) == (5, 8)
    assert [(c.before, c.after) for c in report.changes(found)] == [(5, 8), (6, 3)]
    assert "۴ نفر از جای دیگر زیر پوشش" in report.report_html(second, found)


def test_the_sheets_of_a_dropped_draft_go_when_it_is_certain(
    campaign: Campaign, tmp_path: Path
) -> None:
    draft = brought(tmp_path / "sheets")
    files = list(CampaignFile.objects.filter(campaign=draft).values_list("id", flat=True))

    actions.map_columns(draft, {}, None)

    assert [vault._path(file).exists() for file in files] == [True, True, True]  # not committed
