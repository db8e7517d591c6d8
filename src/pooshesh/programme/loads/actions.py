"""The writes of a load: bringing the sheets of a folder, and the job of each.

The same folder is the same load: a second time, or after a kill, what is done stays done and the
rest goes on. Each sheet is brought in one transaction and run by one job, so that nothing is
half-written and a refused sheet stops no other.
"""

import datetime as dt
import io
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from uuid import UUID

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from pooshesh.access.reach import Reach
from pooshesh.coverage.models import Insurer
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.models import Job, JobState
from pooshesh.programme import actions
from pooshesh.programme.campaign import run
from pooshesh.programme.campaign.columns import COLUMNS
from pooshesh.programme.campaign.findings import Effect
from pooshesh.programme.campaign.read import read_sheet
from pooshesh.programme.loads.folder import Folder
from pooshesh.programme.loads.models import ItemState, Load, LoadItem
from pooshesh.programme.loads.part import parts
from pooshesh.programme.models import Campaign, CampaignState, FileRole

BATCH = 40  # census sheets set against the rolls at once

#: Told as a load is brought: (sheets brought, of how many).
Tell = Callable[[int, int], None]

explain(
    {
        "load.insurer": gettext_noop(
            "There is no insurer “%(read)s”; expected rolls named roll_INSURER with one of:"
            " %(expected)s."
        ),
        "load.roll_rows": gettext_noop(
            "Rows of the roll of “%(read)s” that cannot be read: %(count)s. Correct the roll, or"
            " choose to go on without those rows."
        ),
        "load.changed": gettext_noop(
            "“%(read)s” was changed while it was read; bring the folder again."
        ),
    }
)


def bring(
    folder: Folder,
    *,
    pack: str,
    on: dt.date,
    reach: Reach,
    actor: UUID | None,
    synthetic: bool,
    skip_bad_rows: bool = False,
    tell: Tell = lambda _done, _of: None,
) -> Load:
    """Bring every sheet of a folder that was not brought before and queue its job.

    Raises Invalid where a roll cannot be used; a census that cannot be is refused by itself.
    """
    known = sorted(Insurer.objects.values_list("code", flat=True))
    for insurer in folder.rolls:
        if insurer not in known:
            raise Invalid("load.insurer", read=insurer, expected=", ".join(known))
    digests = folder.digests()
    load = _load(folder, digests, pack, on, actor, skip_bad_rows=skip_bad_rows)
    _queue_again(load, actor)
    waiting = iter(
        LoadItem.objects.filter(load=load, state=ItemState.WAITING).order_by("name")
        .values_list("name", flat=True)
    )  # fmt: skip
    total = LoadItem.objects.filter(load=load).count()
    rolls: dict[str, pl.DataFrame] | None = None
    origins = _origins(folder, digests)
    while batch := list(islice(waiting, BATCH)):
        if rolls is None:  # read once, and not at all where nothing waits
            rolls = {
                insurer: _roll(insurer, paths, on, skip=skip_bad_rows)
                for insurer, paths in folder.rolls.items()
            }
        _batch(load, folder, batch, rolls, origins, reach, actor, synthetic=synthetic)
        left = LoadItem.objects.filter(load=load, state=ItemState.WAITING).count()
        tell(total - left, total)
    return load


@transaction.atomic
def _load(
    folder: Folder, digests: Mapping[str, str], pack: str, on: dt.date, actor: UUID | None, *,
    skip_bad_rows: bool,
) -> Load:  # fmt: skip
    key = audit.digest({"files": sorted(digests.items()), "pack": pack, "on": on})
    load, made = Load.objects.get_or_create(
        key=key,
        defaults={
            "name": folder.name[:200], "pack": pack, "on": on, "actor": actor,
            "skip_bad_rows": skip_bad_rows, "rolls": dict.fromkeys(folder.rolls, 0),
        },
    )  # fmt: skip
    if made:
        LoadItem.objects.bulk_create(
            LoadItem(load=load, name=path.name[:200], sha256=digests[path.name])
            for path in folder.censuses.values()
        )
        audit.record(
            "load.begin", actor=actor, kind="load", object_id=load.id,
            content={"sheets": len(folder.censuses), "pack": pack, "on": on},
        )  # fmt: skip
    elif skip_bad_rows and not load.skip_bad_rows:
        load.skip_bad_rows = True
        load.save(update_fields=["skip_bad_rows"])
        # What was refused for its rows alone may go on now.
        LoadItem.objects.filter(
            load=load, state=ItemState.REFUSED, campaign__state=CampaignState.CHECKED
        ).update(state=ItemState.BROUGHT, message="")
    return load


def _origins(folder: Folder, digests: Mapping[str, str]) -> dict[str, str]:
    """One digest for each roll: of its file, or of the digests of its parts."""
    return {
        insurer: digests[paths[0].name]
        if len(paths) == 1
        else audit.digest({"parts": [digests[path.name] for path in paths]})
        for insurer, paths in folder.rolls.items()
    }


def _roll(insurer: str, paths: Iterable[Path], on: dt.date, *, skip: bool) -> pl.DataFrame:
    """All parts of a roll; rows of a later part are numbered on where numbers would repeat."""
    frames: list[pl.DataFrame] = []
    last = 0
    for path in paths:
        sheet = read_sheet(path, path.name, FileRole.ROLL, insurer, {}, on, timezone.localdate())
        bad = sheet.findings.number(Effect.STOPS)
        if bad and not skip:
            raise Invalid("load.roll_rows", read=insurer, count=bad)
        frame = sheet.good()
        first = frame["row"].min()
        if isinstance(first, int) and first <= last:
            frame = frame.with_columns(pl.col("row") + last)
        highest = frame["row"].max()
        last = highest if isinstance(highest, int) else last
        frames.append(frame)
    return pl.concat(frames)


def _batch(
    load: Load, folder: Folder, names: list[str], rolls: Mapping[str, pl.DataFrame],
    origins: Mapping[str, str], reach: Reach, actor: UUID | None, *, synthetic: bool,
) -> None:  # fmt: skip
    """Bring some sheets, each with the rows of the rolls that can concern it."""
    paths = {path.name: code for code, path in folder.censuses.items()}
    read: dict[str, pl.DataFrame] = {}
    for name in names:
        path = folder.censuses[paths[name]]
        try:
            sheet = read_sheet(
                path, name, FileRole.CENSUS, "census", {}, load.on, timezone.localdate()
            )
            read[name] = sheet.good()
        except Invalid as error:
            _refuse(load, name, error)
    read = {name: frame for name, frame in read.items() if len(frame)}
    cuts = {insurer: parts(read, roll) if read else {} for insurer, roll in rolls.items()}
    for name in read:
        # A roll on which nobody can be meant was searched too; a sheet has at least one row.
        cut = {
            insurer: roll.filter(pl.col("row").is_in(cuts[insurer][name] or roll["row"][:1]))
            for insurer, roll in rolls.items()
        }
        whole = {
            insurer: {"sha256": origins[insurer], "rows": len(roll)}
            for insurer, roll in rolls.items()
        }
        try:
            _bring_one(
                load, paths[name], folder.censuses[paths[name]], cut, whole, reach, actor,
                synthetic=synthetic,
            )  # fmt: skip
        except Invalid as error:
            _refuse(load, name, error)
    # Nothing of it could be read: the check would say the same of every row.
    for name in set(names) - set(read):
        with suppress(LoadItem.DoesNotExist):
            if LoadItem.objects.get(load=load, name=name).state == ItemState.WAITING:
                _refuse(load, name, Invalid("sheet.no_rows", file=name))


def _bring_one(
    load: Load, code: str, path: Path, cut: Mapping[str, pl.DataFrame],
    whole: Mapping[str, Mapping[str, object]], reach: Reach, actor: UUID | None, *,
    synthetic: bool,
) -> None:  # fmt: skip
    """One sheet becomes a campaign with its job, or nothing at all. Raises Invalid."""
    with actions.all_or_nothing() as kept:
        item = LoadItem.objects.select_for_update().get(load=load, name=path.name[:200])
        if item.state != ItemState.WAITING:
            return
        draft = actions.open_campaign(
            reach=reach, code=code, pack=load.pack, on=load.on, actor=actor, synthetic=synthetic
        )
        with path.open("rb") as source:
            census = actions.bring_file(draft, FileRole.CENSUS, path.name, source)
        kept.append(census)
        if census.sha256 != item.sha256:
            raise Invalid("load.changed", read=path.name)
        for insurer, frame in cut.items():
            name = f"roll_{insurer}.csv"
            kept.append(
                actions.bring_file(
                    draft,
                    FileRole.ROLL,
                    name,
                    _sheet(frame),
                    insurer=insurer,
                    origin=whole[insurer],
                )
            )
        campaign = actions.map_columns(draft, {}, actor)
        job = jobs.start("campaign.load", actor=actor, item=str(item.id))
        LoadItem.objects.filter(id=item.id).update(
            state=ItemState.BROUGHT, campaign=campaign, area=campaign.area,
            area_path=campaign.area_path, province=campaign.province, job_id=job.id,
        )  # fmt: skip


def _sheet(frame: pl.DataFrame) -> io.BytesIO:
    """Rows of a roll as the sheet a campaign reads, numbered as in the whole roll."""
    columns = [column.name for column in COLUMNS[FileRole.ROLL]]
    sheet = frame.rename({"row": "roll_row"}).select(columns)
    written = io.BytesIO()
    sheet.write_csv(written)
    written.seek(0)
    return written


def _refuse(load: Load, name: str, error: Invalid) -> None:
    LoadItem.objects.filter(load=load, name=name, state=ItemState.WAITING).update(
        state=ItemState.REFUSED, message=error.message(), ended_at=timezone.now()
    )


def _queue_again(load: Load, actor: UUID | None) -> None:
    """Queue what was brought and whose job was lost, failed or stopped."""
    for item in LoadItem.objects.filter(load=load, state=ItemState.BROUGHT):
        job = Job.objects.filter(id=item.job_id).first() if item.job_id else None
        if job and job.state in (JobState.WAITING, JobState.RUNNING):
            jobs.run.enqueue(str(job.id))  # a second task of a job finds it taken or ended
            continue
        with transaction.atomic():
            fresh = jobs.start("campaign.load", actor=actor, item=str(item.id))
            LoadItem.objects.filter(id=item.id).update(job_id=fresh.id)


def run_here(load: Load) -> None:
    """Do the jobs of a load in this process, one after the other; what another is at is left."""
    for item in LoadItem.objects.filter(load=load, state=ItemState.BROUGHT).order_by("name"):
        jobs.run.call(str(item.job_id))


@jobs.job("campaign.load")
def load_job(progress: jobs.Progress, item: str) -> dict[str, float]:
    """Check and run one neighbourhood of a load."""
    began = time.perf_counter()
    one = LoadItem.objects.select_related("load", "campaign").get(id=item)
    campaign = one.campaign
    if campaign is None:
        return {}
    try:
        done = _run(campaign, progress, one.load)
    except Invalid as error:
        LoadItem.objects.filter(id=item).update(
            state=ItemState.REFUSED, message=error.message(), ended_at=timezone.now()
        )
        raise
    spent = round(time.perf_counter() - began, 2)
    LoadItem.objects.filter(id=item).update(
        state=ItemState.DONE, message="", seconds=spent, ended_at=timezone.now()
    )
    return dict(done.timings)


def _run(campaign: Campaign, progress: jobs.Progress, load: Load) -> Campaign:
    progress(gettext("Reading the sheets"), 0, len(run.STEPS))
    read = None
    if campaign.state in actions.BEFORE_RUN:
        read = actions.check(campaign, load.actor)
        campaign.refresh_from_db()
    if campaign.state in actions.BEFORE_RUN:
        actions.allow(campaign, skip_bad_rows=load.skip_bad_rows)
    return run.run(
        campaign.id, lambda step, number, of: progress(gettext(step), number, of), load.actor, read
    )
