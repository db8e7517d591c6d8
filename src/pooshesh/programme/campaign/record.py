"""The writes of a campaign: its rows, open questions, decisions, cover and worklists.

Everything here runs in the caller's transaction. `settle` is used by the first run for the whole
census and by every decision of a clerk for the rows it touches.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import polars as pl
from django.db import connection

from pooshesh.coverage import actions as coverage
from pooshesh.coverage.models import Insurer
from pooshesh.kernel.bulk import add_missing, copy_in
from pooshesh.kernel.crypto import keyring
from pooshesh.people.models import Relation
from pooshesh.policy.actions import keep_decisions
from pooshesh.policy.queries import bound_pack
from pooshesh.programme.campaign.decide import Resident, Setting, Verdict, decide
from pooshesh.programme.campaign.match import Matches, Question
from pooshesh.programme.campaign.residents import residents
from pooshesh.programme.counts.keep import keep_campaign
from pooshesh.programme.models import (
    Campaign,
    CampaignRow,
    Match,
    ProgrammePlace,
    WorkItem,
    WorkKind,
)

EVIDENCE = "work_item.evidence"


def record_rows(
    campaign: Campaign, census: pl.DataFrame, matches: Matches, persons: Mapping[int, UUID]
) -> None:
    """Write what the linkage found about each census row."""
    columns = census.select(
        "row", pl.col("household").fill_null(""), pl.col("relation").fill_null(Relation.OTHER)
    )
    copy_in(
        CampaignRow,
        ("campaign_id", "census_row", "household", "relation", "person_id", "match", "duplicate_of",
         "roll", "roll_row", "score", "not_dependant", "scheme", "decision", "reasons"),
        (
            (
                campaign.id, row, household[:64], relation, persons[one.duplicate_of or row],
                one.match.value, one.duplicate_of, one.roll, one.roll_row, one.score, False,
                "", "", "",
            )
            for row, household, relation in columns.iter_rows()
            for one in (matches.rows[row],)
        ),
    )  # fmt: skip


def record_roll_cover(
    campaign: Campaign, matches: Matches, persons: Mapping[int, UUID], actor: UUID | None
) -> None:
    """Write the cover that the rolls show; nobody had any before they were born."""
    unborn = set(
        CampaignRow.objects.filter(
            campaign=campaign, person__birth_date__gt=campaign.on
        ).values_list("census_row", flat=True)
    )
    seen: dict[str, list[UUID]] = {}
    for row, one in matches.rows.items():
        if one.match == Match.INSURED and row not in unborn:
            seen.setdefault(one.roll, []).append(persons[row])
    for insurer, people in sorted(seen.items()):
        record_seen(campaign, insurer, people, actor)


def record_seen(
    campaign: Campaign, insurer: str, persons: Sequence[UUID], actor: UUID | None
) -> None:
    """Write that persons stand on an insurer's roll on the day of the campaign."""
    coverage.record_roll_cover(
        insurer, persons, area=campaign.area, on=campaign.on, actor=actor, campaign_id=campaign.id
    )


def ask(
    campaign: Campaign,
    questions: Sequence[Question],
    persons: Mapping[int, UUID],
    rolls: Mapping[str, pl.DataFrame],
) -> None:
    """Open a work item for each question, with the row of the roll sealed beside it."""
    evidence = _roll_rows(questions, rolls)
    keys = keyring()
    items = [
        _item(campaign, q.kind, q.row, persons[q.row], q.other_row, q.holder) for q in questions
    ]
    for item, question in zip(items, questions, strict=True):
        shown = evidence.get((question.roll, question.roll_row))
        if shown:
            item.evidence = keys.seal(json.dumps(shown, ensure_ascii=False), EVIDENCE)
    add_missing(items)


def evidence(item: WorkItem) -> dict[str, str]:
    """The roll's row beside an item: column → text, with `roll` and `roll_row`; {} when none."""
    if item.evidence is None:
        return {}
    shown: dict[str, str] = json.loads(keyring().open(bytes(item.evidence), EVIDENCE))
    return shown


def settle(
    campaign: Campaign, actor: UUID | None, rows: Collection[int] | None = None
) -> list[Verdict]:
    """Decide anew the whole households of census rows, or the whole census.

    Keeps the decisions, enrols who is free, opens worklists and counts the campaign anew.
    """
    setting = Setting(
        bound_pack(campaign.pack, campaign.on),
        Insurer.objects.get(ours=True).code,
        _in_programme(campaign),
    )
    verdicts = decide(_households(campaign, rows), setting)
    made = [v.made for v in verdicts if v.made]
    ids = iter(keep_decisions(setting.pack, made, actor))
    decisions = {v.resident.person_id: next(ids) for v in verdicts if v.made}
    _update_rows(campaign, verdicts, decisions)
    coverage.enrol(
        [
            coverage.Enrolment(
                v.resident.person_id, v.scheme, v.premium_percent or 0,
                decisions[v.resident.person_id],
            )
            for v in verdicts
            if v.free
        ],
        area=campaign.area, on=campaign.on, actor=actor, campaign_id=campaign.id,
    )  # fmt: skip
    add_missing(  # each question is asked once, also after it was answered
        [_item(campaign, v.work, v.resident.row, v.resident.person_id) for v in verdicts if v.work]
    )
    keep_campaign(campaign)
    return verdicts


def _in_programme(campaign: Campaign) -> bool:
    """Whether the neighbourhood takes part in a programme on the day of the campaign."""
    return ProgrammePlace.objects.filter(
        area=campaign.area_id, valid__contains=campaign.on
    ).exists()


def _households(campaign: Campaign, rows: Collection[int] | None) -> list[Resident]:
    """The residents of the households of census rows; who is in none is a household alone."""
    if rows is None:
        return residents(campaign)
    names = (
        CampaignRow.objects.filter(campaign=campaign, census_row__in=rows)
        .values_list("household", flat=True)
        .distinct()
    )
    alone = set(
        CampaignRow.objects.filter(campaign=campaign, household="")
        .exclude(census_row__in=rows)
        .values_list("census_row", flat=True)
    )
    return [one for one in residents(campaign, names) if one.row not in alone]


def _update_rows(
    campaign: Campaign, verdicts: Sequence[Verdict], decisions: Mapping[UUID, UUID]
) -> None:
    """Write the verdicts on their rows, and on the duplicates of those."""
    table = CampaignRow._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""update {table} r
                set scheme = v.scheme, decision = v.decision, reasons = v.reasons,
                    decision_id = v.decision_id
                from unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::uuid[])
                     as v(census_row, scheme, decision, reasons, decision_id)
                where r.campaign_id = %s
                  and v.census_row = coalesce(r.duplicate_of, r.census_row)""",  # noqa: S608
            [
                [v.resident.row for v in verdicts],
                [v.scheme for v in verdicts],
                [v.decision for v in verdicts],
                [" ".join(v.reasons) for v in verdicts],
                [decisions.get(v.resident.person_id) for v in verdicts],
                campaign.id,
            ],
        )


def _item(
    campaign: Campaign,
    kind: WorkKind,
    row: int,
    person: UUID,
    other_row: int | None = None,
    holder: UUID | None = None,
) -> WorkItem:
    return WorkItem(
        campaign=campaign, kind=kind, census_row=row, other_row=other_row, person_id=person,
        holder_id=holder,
        area_id=campaign.area_id, area_path=campaign.area_path, province=campaign.province,
    )  # fmt: skip


def _roll_rows(
    questions: Sequence[Question], rolls: Mapping[str, pl.DataFrame]
) -> dict[tuple[str, int | None], dict[str, str]]:
    """The rows of rolls that questions point to, as shown to a clerk."""
    found: dict[tuple[str, int | None], dict[str, str]] = {}
    for insurer, frame in rolls.items():
        wanted = {q.roll_row for q in questions if q.roll == insurer and q.roll_row is not None}
        for record in frame.filter(pl.col("row").is_in(sorted(wanted))).iter_rows(named=True):
            number = record.pop("row")
            shown = {name: text for name, text in record.items() if text is not None}
            found[insurer, number] = {"roll": insurer, "roll_row": str(number), **shown}
    return found
