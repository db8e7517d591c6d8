"""The writers of the network: gaps and the numbers of the forecast."""

import datetime as dt
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import state
from pooshesh.network.forecast import AGES, MONTHS, UNKNOWN_AGE, month_start
from pooshesh.network.models import Assumption, Finder, Gap, GapKind, GapState, GapStep, Quantity
from pooshesh.network.states import GAP
from pooshesh.partners import tasks
from pooshesh.partners.models import Organisation
from pooshesh.places.models import Area

SHORTEST = 10
INSURER = "ihio"  # hands a gap to its owner, as a task with a clock
BACK = 3 * MONTHS  # months of intake that are kept

explain(
    {
        "gap.text_short": gettext_noop(
            "Write what is missing or was done in at least %(least)s letters."
        ),
        "gap.no_owner": gettext_noop("Name the organisation that fixes it, and by when."),
        "gap.deadline_past": gettext_noop("%(read)s has passed; name a later day."),
        "gap.changed": gettext_noop(
            "Somebody changed this gap after you opened it. Look at it again before you go on."
        ),
        "assumption.negative": gettext_noop("%(read)s is below zero; expected zero or more."),
        "assumption.source": gettext_noop("Say where the number is from."),
    }
)


@transaction.atomic
def report_gap(
    *, area: Area, kind: GapKind, severity: int, text: str, found_by: Finder, actor: UUID | None
) -> Gap:
    """Register that something is missing at a place."""
    made = Gap.objects.create(
        area=area, area_path=area.path, province=area.province, kind=kind, severity=severity,
        text=_said(text), found_by=found_by, actor=actor,
    )  # fmt: skip
    made.refresh_from_db(fields=["number"])
    step(made, "report", made.text, actor)
    return made


@transaction.atomic
def move_gap(
    gap: Gap,
    verb: str,
    *,
    text: str,
    actor: UUID | None,
    owner: Organisation | None = None,
    deadline: dt.date | None = None,
) -> Gap:
    """One step of a gap; everything but beginning says in words what or why.

    Raises Invalid for a step its state does not allow, a missing owner or day, and when somebody
    else moved it meanwhile.
    """
    target = GapState(GAP.next(gap.state, verb))
    said = clean(text) if verb in ("start", "confirm") else _said(text)
    if verb == "assign":
        if owner is None or deadline is None:
            raise Invalid("gap.no_owner")
        if deadline < timezone.localdate():
            raise Invalid("gap.deadline_past", read=deadline)
    changes: dict[str, object] = {"state": target, "closed_at": None}
    if verb == "assign":
        changes |= {"owner": owner, "deadline": deadline}
    if target == GapState.CLOSED:
        changes["closed_at"] = timezone.now()
    moved = Gap.objects.filter(
        pk=gap.pk, state=gap.state, owner=gap.owner_id, deadline=gap.deadline
    ).update(**changes)
    if not moved:
        raise Invalid("gap.changed")
    gap.refresh_from_db()
    step(gap, verb, said, actor)
    _hand_out(gap, verb, said, actor)
    return gap


def _hand_out(gap: Gap, verb: str, text: str, actor: UUID | None) -> None:
    """Hand a given gap to its owner as a task, which escalates when it is late; close it after."""
    about = ("gap", str(gap.pk))
    if verb in ("assign", "close"):
        tasks.settle(about, actor=actor, done=verb == "close", text=text)
    sender = Organisation.objects.filter(code=INSURER).first()
    if verb != "assign" or sender is None or sender == gap.owner:
        return
    assert gap.owner is not None
    assert gap.deadline is not None
    title = f"{GapKind(gap.kind).label} · {gap.area}"
    tasks.open_task(
        actor=actor, sender=sender, receiver=gap.owner, title=title, due=gap.deadline,
        text=f"{gap.text}\n{text}", area=gap.area, about=about,
    )  # fmt: skip


def step(gap: Gap, verb: str, text: str, actor: UUID | None) -> None:
    """Write down what was done about a gap, as it stands now."""
    GapStep.objects.create(
        gap=gap, verb=verb, target=gap.state, owner=gap.owner, deadline=gap.deadline, text=text,
        actor=actor,
    )  # fmt: skip
    audit.record(
        f"gap.{verb}", actor=actor, kind="gap", object_id=gap.pk, fields=["state"],
        area_path=gap.area_path,
    )  # fmt: skip


def _said(text: str) -> str:
    said = clean(text)
    if len(said) < SHORTEST:
        raise Invalid("gap.text_short", least=SHORTEST)
    return said


@transaction.atomic
def assume(
    quantity: Quantity,
    value: int,
    *,
    citation: str,
    since: dt.date,
    assumed: bool,
    actor: UUID | None,
    age_from: int = 0,
    sex: str = "",
) -> None:
    """State a number the forecast rests on, from a day on; earlier ones stay for earlier days."""
    if value < 0:
        raise Invalid("assumption.negative", read=value)
    if not citation.strip():
        raise Invalid("assumption.source")
    state(
        Assumption,
        {"quantity": quantity, "age_from": age_from, "sex": sex},
        {"value": value, "citation": clean(citation), "assumed": assumed},
        since,
    )
    audit.record(
        "network.assume", actor=actor, kind="assumption", object_id=quantity,
        content={"value": value, "since": since, "age_from": age_from, "sex": sex},
    )  # fmt: skip


_COUNT = """
    insert into network_intake (area_id, area_path, province, month, age_group, sex, persons)
    select a.id, a.path, a.province, m.month, m.age_group, m.sex, m.persons
    from (
        select s.area_id,
            (%(months)s::date[])[width_bucket(lower(s.valid), %(months)s::date[])] as month,
            coalesce(
                width_bucket(extract(year from age(lower(s.valid), p.birth_date))::int,
                             %(ages)s::int[]) - 1,
                %(unknown)s) as age_group,
            p.sex, count(distinct s.person_id) as persons
        from coverage_spell s
        join coverage_insurer i on i.code = s.insurer_id and i.ours
        join people_person p on p.id = s.person_id
        where upper_inf(s.recorded) and s.source <> 'roll'
            and lower(s.valid) >= %(first)s and lower(s.valid) < %(end)s
            and not exists (
                select 1 from coverage_spell o
                where o.person_id = s.person_id and upper_inf(o.recorded)
                    and o.valid @> lower(s.valid) - 1)
        group by 1, 2, 3, 4
    ) m
    join places_area a on a.id = m.area_id
"""


@job("network.count", every=dt.timedelta(days=1))
@transaction.atomic
def count_newly_insured(progress: Progress) -> dict[str, int]:
    """Count who became insured, by neighbourhood and month, for the forecast of load."""
    today = timezone.localdate()
    starts = [month_start(today, later) for later in range(-BACK, 2)]
    with connection.cursor() as cursor:
        cursor.execute("delete from network_intake where month >= %s", [starts[0]])
        cursor.execute(
            _COUNT,
            {
                "months": starts, "ages": list(AGES), "unknown": UNKNOWN_AGE, "first": starts[0],
                "end": starts[-1],
            },
        )  # fmt: skip
        return {"rows": cursor.rowcount}
