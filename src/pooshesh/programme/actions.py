"""The writes around a campaign: opening, files, mapping, dry run, start, closing, undo."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from pooshesh.access.reach import Reach
from pooshesh.coverage.models import Insurer
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.models import Job, JobState
from pooshesh.kernel.sheet_columns import Matching, match_columns
from pooshesh.partners.agreements import require_data_exchange
from pooshesh.partners.models import DataClass
from pooshesh.places.models import Area, AreaKind, AreaSet
from pooshesh.places.queries import accountable_sponsor
from pooshesh.places.queries import area as area_within
from pooshesh.policy.queries import bound_pack
from pooshesh.programme import queries, retention
from pooshesh.programme.campaign import run, vault
from pooshesh.programme.campaign.columns import COLUMNS
from pooshesh.programme.campaign.decide import KNOWN
from pooshesh.programme.campaign.findings import Effect, Findings
from pooshesh.programme.campaign.read import Sheet, headers_of
from pooshesh.programme.models import (
    Campaign,
    CampaignFile,
    CampaignRow,
    CampaignState,
    FileRole,
    SavedMapping,
)
from pooshesh.programme.plans.actions import plan_of
from pooshesh.programme.states import CAMPAIGN
from pooshesh.rules import required_facts

PROBLEMS = "campaign.problems"

#: Where the sheets may still be checked; from there on a run has begun.
BEFORE_RUN = (CampaignState.DRAFT, CampaignState.CHECKED, CampaignState.FAILED)

explain(
    {
        "campaign.no_area": gettext_noop(
            "There is no neighbourhood “%(read)s”; expected the code of a neighbourhood in your"
            " area."
        ),
        "campaign.not_neighbourhood": gettext_noop(
            "“%(read)s” is a %(kind)s; expected the code of a neighbourhood."
        ),
        "campaign.pack": gettext_noop(
            "“%(read)s” asks for facts that no census tells (%(names)s); choose a pack that decides"
            " about cover, such as iran."
        ),
        "campaign.future": gettext_noop(
            "The day of the campaign, %(on)s, lies after today, %(today)s; expected a day up to"
            " today: nobody knows yet who will live there, nor which rules will hold."
        ),
        "campaign.area_ended": gettext_noop(
            "The neighbourhood “%(read)s” did not exist on %(on)s; expected a day on which it did."
        ),
        "campaign.no_sponsor": gettext_noop(
            "The neighbourhood “%(read)s” had no accountable sponsor on %(on)s; expected a"
            " neighbourhood with a sponsor. Assign one first."
        ),
        "campaign.insurer": gettext_noop(
            "There is no insurer “%(read)s”; expected one of: %(expected)s."
        ),
        "campaign.bad_rows": gettext_noop(
            "Findings that stop rows of the sheets: %(count)s. Correct the sheets, or choose to go"
            " on without those rows."
        ),
        "campaign.file_missing": gettext_noop(
            "There is no %(read)s; expected a census and at least one roll."
        ),
        "campaign.started": gettext_noop(
            "A campaign in the state “%(state)s”, or one whose run is queued, is not dropped."
        ),
        "campaign.changed": gettext_noop(
            "The columns were mapped anew while the sheets were read; check them again."
        ),
        "campaign.mapping_taken": gettext_noop(
            "Somebody else keeps a mapping under the name “%(read)s”; choose another name."
        ),
    }
)


def neighbourhood(reach: Reach, code: str, on: dt.date) -> tuple[Area, AreaSet]:
    """The neighbourhood and who answers for it on a day. Raises Invalid with a campaign.* code.

    One beyond the reach is as if it did not exist.
    """
    try:
        area = area_within(reach, code.strip())
    except Area.DoesNotExist:
        raise Invalid("campaign.no_area", read=code) from None
    if area.kind != AreaKind.NEIGHBOURHOOD:
        raise Invalid("campaign.not_neighbourhood", read=code, kind=area.get_kind_display())
    if on not in area.valid:
        raise Invalid("campaign.area_ended", read=code, on=on)
    sponsor = accountable_sponsor(area, on)
    if sponsor is None:
        raise Invalid("campaign.no_sponsor", read=code, on=on)
    return area, sponsor


@transaction.atomic
def open_campaign(
    *, reach: Reach, code: str, pack: str, on: dt.date, actor: UUID | None, synthetic: bool
) -> Campaign:
    """A draft for a neighbourhood within reach, on a day up to today."""
    today = timezone.localdate()
    if on > today:
        raise Invalid("campaign.future", on=on, today=today)
    area, sponsor = neighbourhood(reach, code, on)
    asked = {fact.name for fact in required_facts(bound_pack(pack, on).pack)}
    if asked - KNOWN:
        raise Invalid("campaign.pack", read=pack, names=tuple(sorted(asked - KNOWN)))
    campaign = Campaign.objects.create(
        area=area, area_path=area.path, province=area.province, sponsor=sponsor, pack=pack, on=on,
        synthetic=synthetic, actor=actor, plan=plan_of(area, on),
    )  # fmt: skip
    audit.record(
        "campaign.open", actor=actor, kind="campaign", object_id=campaign.id,
        content={"area": area.code, "on": on, "pack": pack}, area_path=area.path,
    )  # fmt: skip
    return campaign


@contextmanager
def all_or_nothing() -> Iterator[list[CampaignFile]]:
    """A transaction that, when it fails, takes back the sealed sheets put on the list as well."""
    kept: list[CampaignFile] = []
    try:
        with transaction.atomic():
            yield kept
    except BaseException:
        vault.delete([file.id for file in kept])
        raise


@transaction.atomic
def bring_file(
    campaign: Campaign, role: FileRole, name: str, source: BinaryIO, *, insurer: str = "",
    origin: Mapping[str, object] | None = None,
) -> CampaignFile:  # fmt: skip
    """Seal a sheet and keep it with a draft. Raises Invalid when nobody could read it."""
    known = sorted(Insurer.objects.values_list("code", flat=True))
    if role == FileRole.ROLL and insurer not in known:
        raise Invalid("campaign.insurer", read=insurer, expected=", ".join(known))
    if role == FileRole.ROLL and not campaign.synthetic:  # of made-up people nothing is exchanged
        require_data_exchange(insurer, DataClass.ROLL, timezone.localdate(), campaign.area)
    file = CampaignFile(
        campaign=campaign, role=role, insurer=insurer, name=name[-200:],
        delete_by=retention.delete_by(role, timezone.localdate()), origin=dict(origin or {}),
    )  # fmt: skip
    file.sha256 = vault.keep(file.id, source)
    try:
        with vault.opened(file.id) as path:
            file.headers = headers_of(path, file.name)
        file.mapping = dict(matching(file).mapping)
        file.save()
    except BaseException:
        vault.delete([file.id])
        raise
    return file


def matching(file: CampaignFile, chosen: Mapping[str, str] | None = None) -> Matching:
    """Which header of a kept sheet stands for which column, a choice going before the names."""
    return match_columns(file.headers, COLUMNS[file.role], chosen or file.mapping)


@transaction.atomic
def map_columns(
    campaign: Campaign, chosen: Mapping[UUID, Mapping[str, str]], actor: UUID | None
) -> Campaign:
    """Fix the mapping of every file (file id → column → header).

    Returns the campaign that has this very input: the draft, or one made before, in whose favour
    the draft is dropped. Raises Invalid when required columns are missing, a file is, or the
    campaign has run.
    """
    campaign = _locked(campaign)
    state = CAMPAIGN.next(campaign.state, "map")
    files = list(CampaignFile.objects.filter(campaign=campaign))
    for role in FileRole:
        if not any(file.role == role for file in files):
            raise Invalid("campaign.file_missing", read=role.label)
    for file in files:
        file.mapping = dict(matching(file, chosen.get(file.id)).certain())
        file.save(update_fields=["mapping"])
    key = _key(campaign, files)
    _queue_for(key)
    same = Campaign.objects.filter(key=key).exclude(id=campaign.id).first()
    if same:
        if campaign.state != CampaignState.FAILED:  # what was tried stays, until its day comes
            discard(campaign, actor)
        return same
    campaign.key, campaign.state = key, state
    campaign.actor = actor
    campaign.save(update_fields=["key", "state", "actor"])
    return campaign


def _locked(campaign: Campaign) -> Campaign:
    """The campaign as it is now, for this transaction alone."""
    rows = Campaign.objects.select_related("area", "sponsor").select_for_update(of=("self",))
    return rows.get(id=campaign.id)


def _queue_for(key: str) -> None:
    """Let two who bring the very same input at the same time follow each other."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"key {key}"])


def _key(campaign: Campaign, files: list[CampaignFile]) -> str:
    return audit.digest(
        {
            "files": sorted(
                [f.role, f.insurer, f.sha256, sorted(f.mapping.items())] for f in files
            ),
            "area": str(campaign.area_id),
            "pack": campaign.pack,
            "on": campaign.on,
        }
    )


@transaction.atomic
def discard(campaign: Campaign, actor: UUID | None) -> None:
    """Drop a draft and its files. Raises Invalid once a run has been asked for."""
    campaign = _locked(campaign)
    job = queries.job(campaign)
    awaited = (
        job and job.kind == "campaign.run" and job.state in (JobState.WAITING, JobState.RUNNING)
    )
    if campaign.state not in (CampaignState.DRAFT, CampaignState.CHECKED) or awaited:
        raise Invalid("campaign.started", state=campaign.get_state_display())
    files = list(CampaignFile.objects.filter(campaign=campaign).values_list("id", flat=True))
    audit.record(
        "campaign.discard", actor=actor, kind="campaign", object_id=campaign.id,
        content={"files": len(files)}, area_path=campaign.area_path,
    )  # fmt: skip
    campaign.delete()
    transaction.on_commit(lambda: vault.delete(files))


@transaction.atomic
def save_mapping(
    name: str, file: CampaignFile, mapping: Mapping[str, str], actor: UUID | None
) -> SavedMapping:
    """Keep a mapping for sheets like this under a name, in place of one's own of that name.

    Raises Invalid when the name is somebody else's.
    """
    content = {"role": file.role, "mapping": dict(mapping), "saved_at": timezone.now()}
    saved, made = SavedMapping.objects.select_for_update().get_or_create(
        name=name, defaults={**content, "actor": actor}
    )
    if not made:
        if saved.actor != actor:
            raise Invalid("campaign.mapping_taken", read=name)
        SavedMapping.objects.filter(id=saved.id).update(**content)
        saved.refresh_from_db()
    audit.record(
        "campaign.save_mapping", actor=actor, kind="mapping", object_id=saved.id,
        content={"name": name, "role": file.role, "mapping": saved.mapping},
        area_path=file.campaign.area_path,
    )  # fmt: skip
    return saved


def check(campaign: Campaign, actor: UUID | None) -> dict[str, Sheet]:
    """The dry run: read every sheet, keep what was found, write nothing else. The sheets.

    Nothing is kept where a run of the same campaign began meanwhile. Raises Invalid when it had
    begun before, or when the columns were mapped anew meanwhile.
    """
    CAMPAIGN.next(campaign.state, "check")
    clock = run.Clock(lambda *_step: None, {})
    with clock.step("read", 0):
        read = run.sheets(campaign)
    found = Findings.of(sheet.findings for sheet in read.values())
    text = json.dumps(found.pack(), ensure_ascii=False)
    with transaction.atomic():
        now = _locked(campaign)
        if now.key != campaign.key:
            raise Invalid("campaign.changed")
        campaign.state, campaign.problem_count = now.state, now.problem_count
        if now.state not in BEFORE_RUN:
            return read
        for file in CampaignFile.objects.filter(campaign=campaign):
            sheet = read[file.insurer or FileRole.CENSUS.value]
            CampaignFile.objects.filter(id=file.id).update(rows=len(sheet.frame))
        campaign.problems = keyring().seal(text, PROBLEMS)
        campaign.problem_count = found.number(Effect.STOPS)
        campaign.state = CAMPAIGN.next(campaign.state, "check")
        campaign.timings = clock.timings
        campaign.save(update_fields=["problems", "problem_count", "state", "timings"])
        audit.record(
            "campaign.check", actor=actor, kind="campaign", object_id=campaign.id,
            content={"findings": campaign.problem_count}, area_path=campaign.area_path,
        )  # fmt: skip
    return read


def findings(campaign: Campaign) -> Findings | None:
    """What the dry run found; None when it was deleted or never made."""
    if campaign.problems is None:
        return None
    return Findings.unpack(json.loads(keyring().open(bytes(campaign.problems), PROBLEMS)))


def allow(campaign: Campaign, *, skip_bad_rows: bool) -> None:
    """Let a checked campaign run, without its bad rows only when somebody chose so."""
    if campaign.problem_count and not (skip_bad_rows or campaign.skip_bad_rows):
        raise Invalid("campaign.bad_rows", count=campaign.problem_count)
    if skip_bad_rows and not campaign.skip_bad_rows:
        campaign.skip_bad_rows = True
        campaign.save(update_fields=["skip_bad_rows"])


@transaction.atomic
def start_check(campaign: Campaign, actor: UUID) -> Job:
    """Queue the dry run. Raises Invalid when the campaign has run."""
    CAMPAIGN.next(_locked(campaign).state, "check")
    return _queue(campaign, "campaign.check", actor)


@transaction.atomic
def start(campaign: Campaign, actor: UUID, *, skip_bad_rows: bool) -> Job:
    """Queue the run of a checked campaign. Raises Invalid when rows are bad and none chose."""
    campaign = _locked(campaign)
    CAMPAIGN.next(campaign.state, "run")
    allow(campaign, skip_bad_rows=skip_bad_rows)
    return _queue(campaign, "campaign.run", actor)


def _queue(campaign: Campaign, kind: str, actor: UUID) -> Job:
    job = jobs.start(kind, actor=actor, campaign=str(campaign.id), by=str(actor))
    Campaign.objects.filter(id=campaign.id).update(job_id=job.id)
    return job


@jobs.job("campaign.check")
def check_job(progress: jobs.Progress, campaign: str, by: str) -> dict[str, int]:
    """Dry run of a campaign."""
    progress(gettext("Reading the sheets"))
    found = Campaign.objects.get(id=campaign)
    check(found, UUID(by))
    return {"findings": found.problem_count}


@jobs.job("campaign.run")
def run_job(progress: jobs.Progress, campaign: str, by: str) -> dict[str, float]:
    """Run of a campaign."""
    done = run.run(
        UUID(campaign), lambda step, number, of: progress(gettext(step), number, of), UUID(by)
    )
    return dict(done.timings)


@transaction.atomic
def close(campaign: Campaign, actor: UUID | None) -> dict[str, int]:
    """End a campaign: rolls and evidence go, digests, counts and match results stay.

    Returns how many of each class of data were deleted. Closing twice deletes nothing more.
    """
    campaign = Campaign.objects.select_for_update().get(id=campaign.id)
    if campaign.state == CampaignState.CLOSED:
        return {}
    campaign.state = CAMPAIGN.next(campaign.state, "close")
    campaign.closed_at = timezone.now()
    campaign.save(update_fields=["state", "closed_at"])
    gone = retention.delete_of_campaign(campaign.id, actor)
    audit.record(
        "campaign.close", actor=actor, kind="campaign", object_id=campaign.id, content=gone,
        area_path=campaign.area_path,
    )  # fmt: skip
    return gone


def people_handed_out(campaign: Campaign, actor: UUID | None) -> None:
    """Record that the whole people.csv of a campaign leaves, with everybody in it."""
    persons = CampaignRow.objects.filter(campaign=campaign).order_by("census_row")
    audit.record(
        "campaign.people", actor=actor, kind="campaign", object_id=campaign.id,
        purpose="people.csv", area_path=campaign.area_path,
        persons=persons.values_list("person_id", flat=True),
    )  # fmt: skip
