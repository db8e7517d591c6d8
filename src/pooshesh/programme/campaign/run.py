"""Run a campaign: the one function behind the command and the web.

All database writes are one transaction, so a run that was killed has written nothing and is run
again from the start. A second run of the same input finds the first one done and changes nothing.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from uuid import UUID

import polars as pl
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from pooshesh.kernel import audit, jobs
from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.people.models import LegalStatus, LinkOrigin, Relation
from pooshesh.people.pairs import taught
from pooshesh.people.registration import CensusPerson, Registration, register_census
from pooshesh.programme.campaign import quality as quality  # registers its job
from pooshesh.programme.campaign import record, vault
from pooshesh.programme.campaign.match import Matches, Question, match, merge_persons
from pooshesh.programme.campaign.read import Sheet, first_day, read_sheet
from pooshesh.programme.counts.keep import keep_area
from pooshesh.programme.models import (
    Campaign,
    CampaignFile,
    CampaignState,
    FileRole,
    Match,
    WorkKind,
)
from pooshesh.programme.states import CAMPAIGN

#: Told of each step as it begins: (name, number, of how many).
Tell = Callable[[str, int, int], None]

STEPS = (
    gettext_noop("Reading the sheets"),
    gettext_noop("Matching the census to the rolls"),
    gettext_noop("Registering, deciding and enrolling"),
)


def run(
    campaign_id: UUID, tell: Tell, actor: UUID | None, read: Mapping[str, Sheet] | None = None
) -> Campaign:
    """Bring a checked campaign to its end; returns it done. Two runs at once follow each other.

    `read` are its sheets where the dry run has just read them in the same process.
    Raises Invalid when a sheet cannot be used, and then changes nothing but the state.
    """
    with _alone(campaign_id):
        campaign = Campaign.objects.select_related("area", "sponsor").get(id=campaign_id)
        if campaign.state in (CampaignState.DONE, CampaignState.CLOSED):
            return campaign
        _move(campaign, "run")
        try:
            _steps(campaign, tell, actor, read)
        except BaseException:
            _move(campaign, "fail")
            raise
        return campaign


def sheets(campaign: Campaign) -> dict[str, Sheet]:
    """Read every sheet of a campaign: "census" and each insurer's code."""
    read = {}
    today = timezone.localdate()
    files = CampaignFile.objects.filter(campaign=campaign).order_by("role", "insurer")
    with ExitStack() as opened:
        for file in files:
            name = file.insurer or FileRole.CENSUS.value
            path = opened.enter_context(vault.opened(file.id))
            read[name] = read_sheet(
                path, file.name, file.role, name, file.mapping, campaign.on, today,
                campaign.area.code,
            )  # fmt: skip
    return read


def _steps(
    campaign: Campaign, tell: Tell, actor: UUID | None, read: Mapping[str, Sheet] | None
) -> None:
    clock = Clock(tell, campaign.timings)
    with clock.step("read", 0):
        found = read or sheets(campaign)
        rolls = {name: sheet.good() for name, sheet in found.items()}
        census = rolls.pop(FileRole.CENSUS)
    with clock.step("match", 1):
        matches = match(census, rolls, taught(campaign.area.province))
    with clock.step("write", 2), transaction.atomic():
        registered = _register(campaign, census, matches, actor)
        persons = registered.persons
        matches = merge_persons(matches, persons)
        record.record_rows(campaign, census, matches, persons)
        record.record_roll_cover(campaign, matches, persons, actor)
        record.ask(campaign, [*matches.questions, *_held_before(registered)], persons, rolls)
        verdicts = record.settle(campaign, actor)
        audit.record(
            "campaign.run", actor=actor, kind="campaign", object_id=campaign.id,
            content={"key": campaign.key, "residents": len(verdicts)},
            area_path=campaign.area_path,
        )  # fmt: skip
        keep_area(campaign.area_id)
        jobs.start("campaign.measure", actor=actor, campaign_id=str(campaign.id))
        _move(campaign, "finish", ran_at=timezone.now())
    campaign.timings = clock.timings  # which are complete only now
    campaign.save(update_fields=["timings"])


def _register(
    campaign: Campaign, census: pl.DataFrame, matches: Matches, actor: UUID | None
) -> Registration:
    """Register everybody who is no duplicate.

    A row stands for the same person as before only where the same sheet was read in the same way
    for the same place; other rolls, another day or another pack make nobody another person.
    """
    file = CampaignFile.objects.get(campaign=campaign, role=FileRole.CENSUS)
    source = audit.digest(
        {"sha256": file.sha256, "mapping": file.mapping, "area": str(campaign.area_id)}
    )
    people = [
        _person(row)
        for row in census.iter_rows(named=True)
        if matches.rows[row["row"]].match != Match.DUPLICATE
    ]
    return register_census(
        people, area=campaign.area, on=campaign.on, actor=actor,
        source_prefix=f"census:{source[:40]}", origin=LinkOrigin.CAMPAIGN,
    )  # fmt: skip


def _held_before(registered: Registration) -> list[Question]:
    """Rows whose identifier belongs to somebody who is not in this census."""
    here = set(registered.persons.values())
    return [
        Question(WorkKind.ID_MISUSE, conflict.row, holder=conflict.holder)
        for conflict in registered.conflicts
        if conflict.holder not in here
    ]


def _person(row: dict[str, str | int | None]) -> CensusPerson:
    text = {name: value for name, value in row.items() if isinstance(value, str)}
    foreign = text.get("foreign_id", "")
    birth = parse_date(text["birth_date"]) if "birth_date" in text else None
    assert isinstance(row["row"], int)
    return CensusPerson(
        row=row["row"],
        household=text.get("household", ""),
        relation=text.get("relation", Relation.OTHER),
        first_name=text.get("first_name", ""),
        last_name=text.get("last_name", ""),
        father_name=text.get("father_name", ""),
        sex=text.get("sex", ""),
        birth_date=first_day(birth) if birth else None,
        birth_precision=birth.precision if birth else "",
        national_id=text.get("national_id", ""),
        foreign_code=foreign,
        mobile=text.get("mobile", ""),
        postal_code=text.get("postal_code", ""),
        status=LegalStatus.FOUND if grade(Kind.FOREIGN_CODE, foreign).is_trusted else None,
    )


class Clock:
    """Tells each step and adds up how long it took, in seconds."""

    def __init__(self, tell: Tell, timings: Mapping[str, float]) -> None:
        self.tell = tell
        self.timings = dict(timings)

    @contextmanager
    def step(self, name: str, number: int) -> Iterator[None]:
        self.tell(STEPS[number], number, len(STEPS))
        began = time.perf_counter()
        yield
        spent = time.perf_counter() - began
        self.timings[name] = round(self.timings.get(name, 0) + spent, 2)


@contextmanager
def _alone(campaign_id: UUID) -> Iterator[None]:
    """Wait for the other run of this neighbourhood; the database lets go when a worker dies."""
    area = Campaign.objects.values_list("area_id", flat=True).get(id=campaign_id)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [f"campaign {area}"])
        try:
            yield
        finally:
            cursor.execute(
                "select pg_advisory_unlock(hashtextextended(%s, 0))", [f"campaign {area}"]
            )


def _move(campaign: Campaign, verb: str, **fields: object) -> None:
    """Change the state from what the database says it is now, by the table of transitions.

    Raises Invalid, and changes nothing, where no transition leads on from there.
    """
    with transaction.atomic():
        rows = Campaign.objects.filter(id=campaign.id)
        state = rows.select_for_update().values_list("state", flat=True).get()
        fields["state"] = CAMPAIGN.next(state, verb)
        rows.update(**fields)
    for name, value in fields.items():
        setattr(campaign, name, value)
