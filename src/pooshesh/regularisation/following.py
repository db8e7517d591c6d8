"""How a case follows what is known: the standing, the newest decision, and the cover that is there.

Nothing here decides about anybody. A standing changes the decision (`policy.redecide`), and the
decision, the standing and the cover together say where the case stands (`states.following`).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.coverage import actions as coverage
from pooshesh.coverage.models import Spell
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.models import Job, JobState
from pooshesh.kernel.time import from_day
from pooshesh.people.merged import survivors
from pooshesh.people.models import (
    LAWFUL,
    Identifier,
    IdentifierKind,
    LegalStatus,
    Standing,
)
from pooshesh.people.recognition import TRUSTED
from pooshesh.people.registration import lock_persons
from pooshesh.places.models import Area
from pooshesh.policy import facts
from pooshesh.policy.actions import Made, keep_decisions
from pooshesh.policy.models import Decision
from pooshesh.policy.queries import PACK, bound_pack
from pooshesh.programme.models import WorkItem, WorkKind
from pooshesh.regularisation import differences
from pooshesh.regularisation.models import CLOSED, Case, CaseState, Document, Origin, Step
from pooshesh.regularisation.states import CASE, following

FOLLOW = "regularisation.follow"
BATCH = 2_000

#: Actions after which a case may stand elsewhere; their events name the persons.
CHANGES = frozenset(
    {
        "people.set_standing", "people.set_identifier", "people.move", "coverage.enrol",
        "coverage.undo", "coverage.end",
    }
)  # fmt: skip
#: Actions after which a campaign may ask for somebody to be regularised.
ASKING = frozenset({"campaign.run", "worklist.answer"})


# --- opening ------------------------------------------------------------------------------


@transaction.atomic
def open_cases(
    persons: Iterable[UUID],
    *,
    origin: Origin,
    origin_id: UUID | None,
    actor: UUID | None,
    on: dt.date | None = None,
) -> int:
    """Open a case for each of these who has none; how many were opened.

    Who was never decided about is decided about now, so that later changes decide anew by
    themselves.
    """
    wanted = list(dict.fromkeys(persons))
    stands = survivors(wanted)
    wanted = sorted({stands.get(one, one) for one in wanted})
    day = on or timezone.localdate()
    with connection.cursor() as cursor:
        # In one order for all writers; who waits finds the case there and opens none.
        cursor.execute(
            """insert into regularisation_case
                 (id, person_id, area_id, area_path, province, state, since, origin, origin_id,
                  ground, opened_at)
               select gen_random_uuid(), p.id, p.area_id, p.area_path, p.province, %s, %s, %s, %s,
                      '', now()
               from people_person p where p.id = any(%s) order by p.id
               on conflict (person_id) do nothing returning id, person_id""",
            [CaseState.FOUND, day, origin, origin_id, wanted],
        )
        opened = dict(cursor.fetchall())
    if not opened:
        return 0
    Step.objects.bulk_create(
        Step(case_id=case, verb="open", target=CaseState.FOUND, on=day, actor=actor)
        for case in opened
    )
    audit.record(
        "regularisation.open", actor=actor, kind="case", object_id=origin_id or "",
        fields=["case"], persons=opened.values(),
    )  # fmt: skip
    decide_first(list(opened.values()), day)
    follow(opened.values(), actor=None, on=day)
    return len(opened)


def decide_first(persons: Sequence[UUID], on: dt.date) -> None:
    """Decide about those nobody decided about before."""
    known = set(Decision.objects.filter(person_id__in=persons).values_list("person_id", flat=True))
    decide([one for one in persons if one not in known], on)


def decide(persons: Sequence[UUID], on: dt.date) -> None:
    """Keep a decision of a day about each of these persons."""
    if not persons:
        return
    pack = bound_pack(PACK, on)
    made = []
    for row in facts.of_persons(pack, persons).drop(facts.GROUPS).to_dicts():
        person = UUID(row.pop("person_id"))
        made.append(Made(person, row, pack.decide(row)))
    keep_decisions(pack, made, actor=None)


# --- following ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """What decides where the cases of some persons stand."""

    identified: frozenset[UUID]
    lawful: frozenset[UUID]
    covered: frozenset[UUID]
    decisions: dict[UUID, Decision]

    @classmethod
    def of(cls, persons: Sequence[UUID], on: dt.date) -> "Known":
        codes = Identifier.objects.filter(
            person_id__in=persons, kind=IdentifierKind.FOREIGN, replaced_at=None,
            grade__in=[grade.value for grade in TRUSTED],
        )  # fmt: skip
        papers = Document.objects.filter(case__person_id__in=persons)
        standings = Standing.objects.on(on).filter(person_id__in=persons, status__in=LAWFUL)
        spells = Spell.objects.on(on).filter(person_id__in=persons, insurer__ours=True)
        return cls(
            frozenset(codes.values_list("person_id", flat=True))
            | frozenset(papers.values_list("case__person_id", flat=True)),
            frozenset(standings.values_list("person_id", flat=True)),
            frozenset(spells.values_list("person_id", flat=True)),
            differences.newest_decisions(persons),
        )


@transaction.atomic
def follow(persons: Iterable[UUID], *, actor: UUID | None, on: dt.date | None = None) -> int:
    """Let the open cases of these persons stand where what is known puts them; how many moved.

    Who is eligible without a premium and agreed to be insured is enrolled. Safe to repeat.
    """
    day = on or timezone.localdate()
    open_ones = Case.objects.filter(person_id__in=list(persons)).exclude(state__in=CLOSED)
    mine = list(open_ones.values_list("person_id", flat=True))
    if not mine:
        return 0
    lock_persons(mine)  # before their cases, as every writer about a person does
    cases = list(
        Case.objects.select_for_update(no_key=True, of=("self",))
        .filter(person_id__in=mine)
        .exclude(state__in=CLOSED)
        .select_related("person")
        .order_by("pk")
    )
    known = Known.of([case.person_id for case in cases], day)
    moved, steps = [], []
    for case in cases:
        decision = known.decisions.get(case.person_id)
        verbs = list(
            following(
                case.state,
                identified=case.person_id in known.identified,
                lawful=case.person_id in known.lawful,
                outcome=decision.outcome if decision else "",
                covered=case.person_id in known.covered,
            )
        )
        for verb in verbs:
            steps.append(_step(case, verb, day, decision, actor))
        at_home = (case.person.area_id, case.person.area_path) == (case.area_id, case.area_path)
        if verbs or not at_home:
            case.area_id, case.area_path = case.person.area_id, case.person.area_path
            case.province = case.person.province
            moved.append(case)
    Case.objects.bulk_update(
        moved, ["state", "since", "decision_id", "area", "area_path", "province"], batch_size=500
    )
    Step.objects.bulk_create(steps, batch_size=BATCH)
    if steps:
        audit.record(
            "regularisation.follow", actor=actor, kind="case", fields=["state"],
            persons=[case.person_id for case in moved],
        )  # fmt: skip
    _enrol_free([case for case in cases if case.state == CaseState.ELIGIBLE], known, day, actor)
    return len(moved)


def _step(
    case: Case, verb: str, day: dt.date, decision: Decision | None, actor: UUID | None
) -> Step:
    source, case.state = case.state, CASE.next(case.state, verb)
    case.since, case.decision_id = day, decision.pk if decision else None
    return Step(
        case=case, verb=verb, source=source, target=case.state, on=day, actor=actor,
        decision_id=case.decision_id,
    )  # fmt: skip


def _enrol_free(cases: Sequence[Case], known: Known, day: dt.date, actor: UUID | None) -> None:
    """Enrol who pays nothing and agreed; the event of it moves their cases on."""
    free = [
        case
        for case in cases
        if case.consent_on
        and (decision := known.decisions.get(case.person_id))
        and decision.premium_percent == 0
    ]
    enrol(free, known.decisions, day, actor)


def enrol(
    cases: Sequence[Case], decisions: dict[UUID, Decision], day: dt.date, actor: UUID | None
) -> int:
    """Enrol persons as their decisions say from a day on; who is covered later is left out."""
    persons = [case.person_id for case in cases]
    taken = set(
        Spell.objects.known()
        .filter(person_id__in=persons, insurer__ours=True, valid__overlap=from_day(day))
        .values_list("person_id", flat=True)
    )
    by_area: dict[UUID, list[coverage.Enrolment]] = {}
    for case in cases:
        if case.person_id in taken:
            continue
        decision = decisions[case.person_id]
        one = coverage.Enrolment(
            case.person_id, decision.scheme, decision.premium_percent or 0, decision.pk
        )
        by_area.setdefault(case.area_id, []).append(one)
    areas = Area.objects.in_bulk(by_area)
    return sum(
        coverage.enrol(enrolments, area=areas[area], on=day, actor=actor)
        for area, enrolments in by_area.items()
    )


# --- listening ----------------------------------------------------------------------------


def on_redecided(made: Sequence[Made], on: dt.date, **_: Any) -> None:
    """New outcomes: cases follow, and cover that differs is put before a clerk."""
    persons = [one.person_id for one in made]
    follow(persons, actor=None, on=on)
    differences.watch(persons, on)


def on_event(event: UUID, action: str, **_: Any) -> None:
    """A fact changed: the cases of those it is about follow in the same transaction."""
    if action in ASKING and not _waiting():
        jobs.start(FOLLOW, actor=None)
    if action not in CHANGES:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """select e.actor, s.person_id from kernel_event e
               join kernel_subject s on s.event_id = e.id
               join regularisation_case c on c.person_id = s.person_id
               where e.id = %s order by s.person_id""",
            [event],
        )
        found = cursor.fetchall()
    if found:
        follow([person for _actor, person in found], actor=found[0][0])


def _waiting() -> bool:
    return Job.objects.filter(kind=FOLLOW, state=JobState.WAITING).exists()


@job(FOLLOW, every=dt.timedelta(hours=1))
def open_asked(progress: Progress) -> dict[str, int]:
    """Open cases of foreign nationals that campaigns ask for."""
    opened = 0
    while batch := _asked():
        progress(_("Opening cases"), opened)
        with transaction.atomic():
            for campaign, persons in batch.items():
                opened += open_cases(
                    persons, origin=Origin.CAMPAIGN, origin_id=campaign, actor=None
                )
    return {"cases": opened}


def _asked() -> dict[UUID, list[UUID]]:
    """Campaign → persons it asks to regularise who have no case yet, a batch of them."""
    stands = "coalesce(m.survivor_id, w.person_id)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select w.campaign_id, {stands}
                from {WorkItem._meta.db_table} w
                left join people_merge m on m.person_id = w.person_id and m.undone_at is null
                where w.kind = %s
                  and not exists (select 1 from regularisation_case c where c.person_id = {stands})
                order by w.campaign_id, w.id limit %s""",  # noqa: S608 - own names only
            [WorkKind.REGULARISE, BATCH],
        )
        asked: dict[UUID, list[UUID]] = {}
        for campaign, person in cursor.fetchall():
            asked.setdefault(campaign, []).append(person)
    return asked


def is_citizen(persons: Iterable[UUID], on: dt.date) -> frozenset[UUID]:
    """Those of these persons who are citizens on a day."""
    standings = Standing.objects.on(on).filter(
        person_id__in=list(persons), status=LegalStatus.CITIZEN
    )
    return frozenset(standings.values_list("person_id", flat=True))
