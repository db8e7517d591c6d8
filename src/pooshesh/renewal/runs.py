"""A run of renewal: counted first without any effect, then carried out by somebody's decision."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.coverage.renewing import Renewed, renew_spells
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.bulk import copy_in
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.jobs import Progress, job
from pooshesh.people.registration import lock_persons
from pooshesh.places.models import Area
from pooshesh.policy.queries import PACK, bound_pack
from pooshesh.renewal import deciding, terms
from pooshesh.renewal.deciding import Held, Verdict
from pooshesh.renewal.items import open_items
from pooshesh.renewal.models import Outcome, Row, Run, RunState, Settled
from pooshesh.rules import PackError

COUNT, RENEW = "renewal.count", "renewal.renew"
BATCH = 10_000
_COLUMNS = (
    "run_id", "on", "person_id", "household_id", "spell_id", "area_id", "area_path", "province",
    "outcome", "reason", "from_scheme", "to_scheme", "from_percent", "to_percent", "settled",
)  # fmt: skip

explain(
    {
        "renewal.not_counted": gettext_noop(
            "This run is not ready to be carried out: it is still being counted, or was carried "
            "out before."
        ),
        "renewal.no_rules": gettext_noop(
            "The rules say nothing about %(day)s; choose a later day."
        ),
        "renewal.not_yours": gettext_noop("You may not renew cover in this area any more."),
    }
)


@transaction.atomic
def start_count(area: Area, on: dt.date, *, actor: UUID) -> Run:
    """Begin a dry run for everybody insured here who lives in an area. Raises Invalid."""
    try:
        pack = bound_pack(PACK, on)
    except PackError as error:
        raise Invalid("renewal.no_rules", day=on) from error
    run = Run.objects.create(
        area=area, area_path=area.path, province=area.province, on=on, pack_id=pack.id,
        made_by=actor,
    )  # fmt: skip
    run.job_id = jobs.start(COUNT, actor=actor, run=str(run.pk)).pk
    Run.objects.filter(pk=run.pk).update(job_id=run.job_id)
    audit.record(
        "renewal.count", actor=actor, kind="renewal_run", object_id=run.pk,
        content={"on": on, "pack": pack.id}, area_path=run.area_path,
    )  # fmt: skip
    return run


@job(COUNT)
def count(progress: Progress, run: str) -> dict[str, int]:
    """Decide everybody insured in an area as of the day of renewal; nothing changes."""
    found = Run.objects.get(pk=run)
    if found.state != RunState.COUNTING:
        return {"persons": found.persons}
    pack, today = bound_pack(PACK, found.on), timezone.localdate()
    last = Row.objects.filter(run=found).order_by("-person_id").values_list("person_id", flat=True)
    after, done = last.first(), Row.objects.filter(run=found).count()
    # A job that was killed goes on after the last person it wrote.
    while held := deciding.next_held(found.area_path, found.on, today, after, BATCH):
        with transaction.atomic():
            _write(found, held, deciding.verdicts(pack, held))
        after, done = held[-1].person_id, done + len(held)
        progress(_("Deciding as of the day of renewal"), done)
    Run.objects.filter(pk=found.pk, state=RunState.COUNTING).update(
        state=RunState.COUNTED, persons=done, pack_id=pack.id
    )
    return {"persons": done}


def _write(run: Run, held: Sequence[Held], verdicts: Iterable[Verdict]) -> None:
    copy_in(
        Row,
        _COLUMNS,
        (
            (
                run.pk, run.on, one.person_id, one.household_id, one.spell_id, one.area_id,
                one.area_path, one.province, said.outcome.value, said.why or "", one.scheme,
                said.scheme, one.percent, said.percent, "",
            )
            for one, said in zip(held, verdicts, strict=True)
        ),
    )  # fmt: skip


@transaction.atomic
def start_renewal(run: Run, *, actor: UUID) -> Run:
    """Carry out a run that was counted. Of two clicks, or two clerks, the first counts."""
    now = timezone.now()
    begun = Run.objects.filter(pk=run.pk, state=RunState.COUNTED).update(
        state=RunState.RENEWING, renewed_by=actor, renewed_at=now
    )
    if not begun:
        raise Invalid("renewal.not_counted")
    started = jobs.start(RENEW, actor=actor, run=str(run.pk), by=str(actor))
    Run.objects.filter(pk=run.pk).update(job_id=started.pk)
    audit.record(
        "renewal.carry_out", actor=actor, kind="renewal_run", object_id=run.pk,
        content={"on": run.on}, area_path=run.area_path,
    )  # fmt: skip
    run.refresh_from_db()
    return run


@job(RENEW)
def renew(progress: Progress, run: str, by: str) -> dict[str, int]:
    """Renew whose cover renews; the others keep theirs and are put on the worklist."""
    found, actor = Run.objects.get(pk=run), UUID(by)
    user = User.objects.filter(pk=actor, is_active=True).first()
    if user is None or not user.reach("renewal.work").covers(found.area_path, found.area_id):
        Run.objects.filter(pk=run, state=RunState.RENEWING).update(state=RunState.COUNTED)
        raise Invalid("renewal.not_yours")
    left = Row.objects.filter(run=found, settled="").order_by("spell_id")
    done, after = found.persons - left.count(), UUID(int=0)
    while batch := list(left.filter(spell_id__gt=after).values_list("pk", "spell_id")[:BATCH]):
        _renew_batch(found, [pk for pk, _spell in batch], actor)
        done, after = done + len(batch), batch[-1][1]
        progress(_("Renewing"), done, found.persons)
    Run.objects.filter(pk=found.pk).update(state=RunState.RENEWED)
    return {"persons": found.persons}


@transaction.atomic
def _renew_batch(run: Run, ids: Sequence[int], actor: UUID) -> None:
    """Decide these once more, for facts may have changed since the count, and act on that."""
    locked = Row.objects.select_for_update().filter(pk__in=ids, settled="")
    rows = {row.spell_id: row for row in locked.order_by("person_id")}
    lock_persons(row.person_id for row in rows.values())
    today = timezone.localdate()
    # Cover that goes on as it is stays one spell: only the rows say that a run of a smaller or a
    # larger area has renewed it for that day already.
    renewed = set(
        Row.objects.filter(spell_id__in=rows, on=run.on, settled=Settled.RENEWED)
        .values_list("spell_id", flat=True)
    )  # fmt: skip
    left = [spell for spell in rows if spell not in renewed]
    still = deciding.still_held(left, run.on, today)
    held = [still[spell] for spell in rows if spell in still]
    said = deciding.verdicts(bound_pack(PACK, run.on), held)
    now = {one.spell_id: verdict for one, verdict in zip(held, said, strict=True)}
    moved = sum(_note(row, still.get(spell), now.get(spell)) for spell, row in rows.items())
    _act(run, [row for row in rows.values() if row.settled == Settled.RENEWED],
         [row for row in rows.values() if row.settled == Settled.HELD], actor)  # fmt: skip
    _keep(list(rows.values()))
    if moved:
        Run.objects.filter(pk=run.pk).update(moved=run.moved + moved)
        run.moved += moved


def _note(row: Row, held: Held | None, now: Verdict | None) -> bool:
    """Write the newest verdict into a row; whether it differs from what was counted."""
    if held is None or now is None:
        row.settled = Settled.GONE  # ended, undone or renewed meanwhile
        return True
    before = (row.outcome, row.reason, row.to_scheme, row.to_percent)
    row.outcome, row.reason = now.outcome, now.why or ""
    row.to_scheme, row.to_percent, row.household_id = now.scheme, now.percent, held.household_id
    row.settled = Settled.HELD if now.outcome == Outcome.CANNOT else Settled.RENEWED
    return before != (row.outcome, row.reason, row.to_scheme, row.to_percent)


def _keep(rows: Sequence[Row]) -> None:
    """Write what was decided into rows; 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """update renewal_row r set outcome = g.outcome, reason = g.reason,
                 to_scheme = g.scheme, to_percent = g.percent, settled = g.settled,
                 household_id = g.home
               from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::int[],
                           %s::text[], %s::uuid[])
                 as g (id, outcome, reason, scheme, percent, settled, home)
               where r.id = g.id""",
            [
                [row.pk for row in rows], [str(row.outcome) for row in rows],
                [str(row.reason) for row in rows], [row.to_scheme for row in rows],
                [row.to_percent for row in rows], [str(row.settled) for row in rows],
                [row.household_id for row in rows],
            ],
        )  # fmt: skip


def _act(run: Run, renewed: Sequence[Row], kept: Sequence[Row], actor: UUID) -> None:
    # A decision is not kept: it would stand before its day. The daily one finds the same facts.
    spells = [renewal_of(row) for row in renewed]
    # Cover that would end by its date goes on for whom nobody has told that it ends.
    spells += [Renewed(row.spell_id, row.person_id) for row in kept if row.reason != "suspended"]
    renew_spells(spells, run.on, actor=actor)
    open_items(run, kept, max(run.on, timezone.localdate()) + terms.ITEM)


def renewal_of(row: Row) -> Renewed:
    """What renewing a row asks of its spell."""
    if row.outcome == Outcome.SAME:
        return Renewed(row.spell_id, row.person_id)
    return Renewed(row.spell_id, row.person_id, row.to_scheme, row.to_percent)
