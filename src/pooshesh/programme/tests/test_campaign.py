"""The small neighbourhood, run: what becomes of each person, once and only once."""

import csv
import datetime as dt
import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pooshesh.coverage.models import Source, Spell
from pooshesh.kernel.models import Event
from pooshesh.kernel.time import from_day
from pooshesh.people.models import Person
from pooshesh.policy.models import Decision
from pooshesh.programme.campaign import record, report, run
from pooshesh.programme.campaign.figures import figures
from pooshesh.programme.models import (
    Campaign,
    CampaignRow,
    CampaignState,
    Programme,
    ProgrammePlace,
    WorkItem,
)
from pooshesh.programme.tests.conftest import Prepare
from pooshesh.programme.tests.sheets import PEOPLE, national_id, write_all

pytestmark = pytest.mark.django_db


def quietly(*_step: object) -> None:
    """Nobody to tell of progress."""


@pytest.mark.parametrize(
    ("row", "match", "decision", "scheme", "reasons"),
    [
        (1, "insured", "not_ours", "", "other_insurer"),
        (2, "uninsured", "dependant_worklist", "", "dependant_of_other_insurer"),
        (3, "uninsured", "dependant_worklist", "", "dependant_of_other_insurer"),
        (4, "uninsured", "enrol_free", "universal", "programme_resident"),
        (6, "insured", "covered", "", "covered_by_us"),
        (7, "uninsured", "enrol_free", "universal", "programme_resident"),
        (8, "uninsured", "regularise", "", "lawful_status_not_proven"),
        (9, "uninsured", "needs_identity", "", "no_trusted_identifier"),
        (10, "uninsured", "needs_identity", "", "no_trusted_identifier"),
        (11, "uninsured", "enrol_free", "universal", "programme_resident"),
    ],
)
def test_it_works(
    campaign: Campaign, row: int, match: str, decision: str, scheme: str, reasons: str
) -> None:
    found = CampaignRow.objects.get(campaign=campaign, census_row=row)

    assert (found.match, found.decision, found.scheme, found.reasons) == (
        match, decision, scheme, reasons,
    )  # fmt: skip


def test_a_duplicate_row_carries_its_originals_person_and_decision(campaign: Campaign) -> None:
    original = CampaignRow.objects.get(campaign=campaign, census_row=11)

    double = CampaignRow.objects.get(campaign=campaign, census_row=12)

    assert (double.match, double.duplicate_of) == ("duplicate", 11)
    assert double.person_id == original.person_id
    assert (double.decision, double.scheme) == (original.decision, original.scheme)


def test_who_is_on_a_roll_is_linked_to_its_row(campaign: Campaign) -> None:
    on_roll = CampaignRow.objects.filter(campaign=campaign, match="insured")

    assert sorted(on_roll.values_list("census_row", "roll", "roll_row")) == [
        (1, "sso", 1),
        (6, "ihio", 2),
    ]
    assert Spell.objects.filter(campaign_id=campaign.id, source=Source.ROLL).count() == 2


def test_only_who_is_free_gets_cover_and_every_decision_is_kept(campaign: Campaign) -> None:
    free = CampaignRow.objects.filter(campaign=campaign, decision="enrol_free")

    spells = Spell.objects.filter(campaign_id=campaign.id, source=Source.ENROLMENT)

    assert set(spells.values_list("person_id")) == set(free.values_list("person_id"))
    assert set(spells.values_list("premium_percent", flat=True)) == {0}
    assert Decision.objects.count() == 8  # all but who is covered and who has no identity


def test_worklists_hold_who_needs_a_clerk(campaign: Campaign) -> None:
    items = WorkItem.objects.filter(campaign=campaign).order_by("census_row")

    assert list(items.values_list("kind", "census_row")) == [
        ("dependant", 2),
        ("dependant", 3),
        ("regularise", 8),
        ("needs_identity", 9),
        ("needs_identity", 10),
    ]


def test_the_figures_count_persons_and_name_their_rolls(campaign: Campaign) -> None:
    found = report.summary(campaign, figures(campaign))

    assert (found["census_rows"], found["duplicate_rows"], found["residents"]) == (12, 1, 11)
    assert found["insured_before"] == {"ihio": 1, "sso": 1}
    assert found["uninsured_share"]["numerator"] == 9
    assert found["uninsured_share"]["denominator"] == 11
    assert found["enrolled_by_scheme"] == {"universal": 4}
    assert [roll["insurer"] for roll in found["rolls_searched"]] == ["ihio", "sso"]
    assert sum(found["people_per_day"].values()) == 4


def test_a_second_run_changes_nothing_and_writes_the_same_files(
    campaign: Campaign, prepare: Prepare, tmp_path: Path
) -> None:
    first = [path.read_bytes() for path in report.write(campaign, tmp_path / "out")]
    before = (Person.objects.count(), Spell.objects.count(), Event.objects.count())

    again = run.run(campaign.id, quietly, None)
    second = [path.read_bytes() for path in report.write(again, tmp_path / "out")]

    assert second == first
    assert (Person.objects.count(), Spell.objects.count(), Event.objects.count()) == before


def test_the_same_sheets_brought_again_are_the_same_campaign(
    campaign: Campaign, prepare: Prepare, tmp_path: Path
) -> None:
    with pytest.raises(Exception, match="not possible in the state"):
        prepare(tmp_path / "sheets")

    assert Campaign.objects.count() == 1


@pytest.mark.parametrize("step", ["record_rows", "record_roll_cover", "ask", "settle"])
def test_a_run_killed_half_way_writes_nothing_and_is_run_again(
    prepare: Prepare, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    campaign = prepare()

    class Killed(BaseException):
        """The worker is gone."""

    def killed(*_args: object, **_kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(record, step, killed)
        with pytest.raises(Killed):
            run.run(campaign.id, quietly, None)
    assert not Person.objects.exists()
    assert Campaign.objects.get().state == CampaignState.FAILED

    done = run.run(campaign.id, quietly, None)

    assert done.state == CampaignState.DONE
    assert Spell.objects.filter(source=Source.ENROLMENT).count() == 4


def test_a_run_whose_worker_was_killed_outright_starts_over(prepare: Prepare) -> None:
    campaign = prepare()
    Campaign.objects.update(state=CampaignState.RUNNING)

    done = run.run(campaign.id, quietly, None)

    assert done.state == CampaignState.DONE


def test_people_csv_has_a_line_for_every_census_row(campaign: Campaign) -> None:
    lines = list(csv.DictReader(report.people_csv(campaign).splitlines()))

    assert tuple(lines[0]) == report.PEOPLE
    assert [line["census_row"] for line in lines] == [str(n) for n in range(1, 13)]
    assert lines[11]["person_id"] == lines[10]["person_id"]


def test_the_report_stands_alone_in_both_languages(campaign: Campaign) -> None:
    page = report.report_html(campaign, figures(campaign))

    assert 'lang="fa" dir="rtl"' in page
    assert 'lang="en" dir="ltr"' in page
    assert "Synthetic data" in page
    assert "src=" not in page
    assert "<script" not in page


def test_a_script_in_a_name_is_shown_as_text(prepare: Prepare, tmp_path: Path) -> None:
    people = [{**PEOPLE[3], "first_name": "<script>alert(1)</script>"}]
    campaign = run.run(prepare(write_all(tmp_path / "x", people)).id, quietly, None)

    person = CampaignRow.objects.get(campaign=campaign).person

    assert person.first_name == "<script>alert(1)</script>"
    assert "<script>alert" not in report.report_html(campaign, figures(campaign))


def test_who_was_enrolled_by_another_campaign_is_not_enrolled_twice(
    campaign: Campaign, prepare: Prepare, tmp_path: Path
) -> None:
    more = [*PEOPLE, {**PEOPLE[4], "first_name": "آرزو", "national_id": ""}]

    second = run.run(prepare(write_all(tmp_path / "more", more)).id, quietly, None)

    row = CampaignRow.objects.get(campaign=second, census_row=4)
    assert (row.match, row.decision) == ("uninsured", "covered")
    assert row.person_id == CampaignRow.objects.get(campaign=campaign, census_row=4).person_id
    assert not Spell.objects.filter(campaign_id=second.id, source=Source.ENROLMENT).exists()


def test_two_strangers_with_one_id_both_wait(prepare: Prepare, tmp_path: Path) -> None:
    stranger = {**PEOPLE[9], "national_id": PEOPLE[3]["national_id"]}
    people = [*PEOPLE[:9], stranger]

    campaign = run.run(prepare(write_all(tmp_path / "misuse", people)).id, quietly, None)

    waiting = CampaignRow.objects.filter(campaign=campaign, decision="id_misuse")
    assert sorted(waiting.values_list("census_row", flat=True)) == [4, 10]
    item = WorkItem.objects.get(campaign=campaign, kind="id_misuse")
    assert (item.census_row, item.other_row) == (10, 4)
    spells = Spell.objects.filter(campaign_id=campaign.id, source=Source.ENROLMENT)
    assert not spells.filter(person_id__in=waiting.values("person_id")).exists()


def test_deciding_costs_the_same_number_of_queries_for_any_number_of_people(
    prepare: Prepare, tmp_path: Path
) -> None:
    crowd = [
        {**PEOPLE[3], "household": f"h{n}", "national_id": national_id(500 + n)} for n in range(60)
    ]
    small = run.run(prepare(write_all(tmp_path / "few", [*PEOPLE, *crowd[:25]])).id, quietly, None)
    large = run.run(prepare(write_all(tmp_path / "many", [*PEOPLE, *crowd])).id, quietly, None)

    with CaptureQueriesContext(connection) as few:
        record.settle(small, None)
    with CaptureQueriesContext(connection) as many:
        record.settle(large, None)

    assert len(few) == len(many)


def test_the_run_is_one_audit_event_that_names_no_value(campaign: Campaign) -> None:
    event = Event.objects.get(action="campaign.run")

    assert event.object_id == str(campaign.id)
    assert json.dumps(event.fields) == '["key", "residents"]'


def test_only_a_neighbourhood_in_the_programme_on_the_day_is_free_for_all(
    prepare: Prepare, programme: Programme
) -> None:
    ProgrammePlace.objects.filter(programme=programme).update(valid=from_day(dt.date(2022, 2, 12)))
    too_early = run.run(prepare().id, quietly, None)

    outside = run.run(prepare(code="n0003").id, quietly, None)

    decisions = [
        set(CampaignRow.objects.filter(campaign=one).values_list("decision", flat=True))
        for one in (too_early, outside)
    ]
    assert decisions[0] >= {"needs_decile", "regularise", "dependant_worklist"}
    assert [found & {"enrol_free"} for found in decisions] == [set(), set()]
