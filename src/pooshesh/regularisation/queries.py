"""Every read of regularisation, limited to what the viewer may see.

A case shows a person's record, so it needs the right to read persons as well: who may only see
cases, as a municipality does, sees the rows it brought itself (`own_rows`) and counts.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.queries import Viewer, countable, visible
from pooshesh.coverage.models import Spell
from pooshesh.kernel.models import Job
from pooshesh.people import queries as people
from pooshesh.people.models import (
    Identifier,
    IdentifierGrade,
    IdentifierKind,
    LegalStatus,
    Person,
    Standing,
)
from pooshesh.places.models import Area, AreaKind
from pooshesh.policy.models import Decision
from pooshesh.regularisation.models import (
    CLOSED,
    UNSETTLED,
    Case,
    CaseState,
    Difference,
    Document,
    Ground,
    Inquiry,
    Outcome,
    Sheet,
    SheetRow,
    Step,
)
from pooshesh.regularisation.states import of_municipality

READ, WORK, CENSUS = "nationals.read", "nationals.work", "nationals.census"
COVER_READ, COVER_WRITE = "coverage.read", "coverage.write"
LATE = 30  # days in one step
FEW = 5  # persons; of fewer a municipality is not told how many

#: The steps a municipality is told.
TOLD = (CaseState.FOUND, CaseState.IDENTIFIED, CaseState.REGULARISED)

_PERSON = {
    "path": "person__area_path", "province": "person__province", "area": "person__area_id",
}  # fmt: skip


# --- cases --------------------------------------------------------------------------------


def cases(viewer: Viewer, permission: str = READ) -> QuerySet[Case]:
    """Cases in the viewer's area, for who may read persons there."""
    rows = visible(viewer, permission).limit(Case.objects.all())
    return visible(viewer, people.READ).limit(rows).select_related("person", "area")


def workable(viewer: Viewer) -> QuerySet[Case]:
    """Cases the viewer may take steps in."""
    return visible(viewer, people.WRITE).limit(cases(viewer, WORK))


def case(viewer: Viewer, case_id: UUID) -> Case | None:
    """One case in the viewer's area."""
    return cases(viewer).filter(pk=case_id).first()


def case_of(viewer: Viewer, person_id: UUID) -> Case | None:
    """A person's case, if the viewer may see it."""
    return cases(viewer).filter(person_id=person_id).first()


def steps(of: Case) -> list[Step]:
    """The steps of a visible case, newest first, each with who took it."""
    actor = User.objects.filter(id=OuterRef("actor")).values("full_name")[:1]
    rows = Step.objects.filter(case=of).select_related("document")
    return list(rows.annotate(who=Subquery(actor)).order_by("-at", "-id"))


def documents(of: Case) -> list[Document]:
    """The documents of a visible case, newest first."""
    return list(Document.objects.filter(case=of).order_by("-issued", "-recorded_at"))


def document(viewer: Viewer, document_id: UUID) -> Document | None:
    """A document of a case the viewer may work on."""
    rows = Document.objects.select_related("case").filter(case__in=workable(viewer))
    return rows.filter(pk=document_id).first()


def decision(of: Case) -> Decision | None:
    """The newest decision about the person of a visible case."""
    rows = Decision.objects.filter(person_id=of.person_id)
    return rows.order_by("-on", "-decided_at").first()


def case_person(viewer: Viewer, person_id: UUID) -> Person | None:
    """A person for whom the viewer may open a case."""
    rows = visible(viewer, WORK).limit(people.persons(viewer, people.WRITE))
    return rows.filter(pk=person_id).first()


def may_work(viewer: Viewer, of: Case) -> bool:
    """Whether the viewer may take steps in a visible case."""
    return workable(viewer).filter(pk=of.pk).exists()


# --- counts -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """The cases of one place by step, in persons; `title` is its name.

    None is a count that is not told, being fewer than `FEW` or giving such a one away; the total
    is then not told either.
    """

    title: str
    counts: dict[str, int | None]

    @property
    def total(self) -> int | None:
        known = [count for count in self.counts.values() if count is not None]
        return sum(known) if len(known) == len(self.counts) else None


def hide_few(lines: Sequence[Line], whole: Line) -> tuple[list[Line], Line]:
    """The lines without counts of 1 to `FEW` - 1, and their sum without what would give one away.

    A line tells no total once a count of it is hidden. A step that is hidden in a line is hidden in
    the sum too, as the other lines would leave it over.
    """
    hidden: set[str] = set()
    shown = []
    for line in lines:
        few = {at for at, count in line.counts.items() if count and count < FEW}
        hidden |= few
        shown.append(Line(line.title, {**line.counts, **dict.fromkeys(few)}))
    return shown, Line(whole.title, {**whole.counts, **dict.fromkeys(hidden)})


@dataclass(frozen=True)
class Figures:
    """Cases by step, place and ground; `municipal`: told no further than regularised.

    `ages` is step → (cases, median days in it, longest, how many longer than `LATE` days).
    """

    lines: list[Line]
    total: Line
    grounds: list[tuple[str, str, int]]  # code, words, cases
    ages: dict[str, tuple[int, int, int, int]]
    municipal: bool

    @property
    def steps(self) -> list[CaseState]:
        """The steps that are shown, in order."""
        return list(TOLD if self.municipal else CaseState)


def figures(viewer: Viewer, by: str, title: str) -> Figures:
    """Cases in the area whose figures the viewer sees, by province or by city; 4 statements.

    Who may see no cover is told the steps up to regularised: a municipality, by city alone, and no
    count of fewer than `FEW`.
    """
    full = countable(viewer, COVER_READ)
    municipal = not full
    rows = countable(viewer, READ).limit(Case.objects.all())
    if not municipal:
        rows = full.limit(rows)
    depth = 2 if by == "province" and not municipal else 4
    place = Func(
        F("area_path"), Value(0), Value(depth), function="subpath", output_field=TextField()
    )
    counted = rows.values(path=place, at=F("state"), was=_reached()).annotate(n=Count("pk"))
    by_path: dict[str, Counter[str]] = {}
    everywhere: Counter[str] = Counter()
    for one in counted.order_by():
        at = of_municipality(one["at"], one["was"] or CaseState.FOUND) if municipal else one["at"]
        by_path.setdefault(str(one["path"]), Counter())[at] += one["n"]
        everywhere[at] += one["n"]
    names = {area.path: str(area) for area in Area.objects.filter(path__in=list(by_path))}
    lines = [Line(names.get(path, path), dict(counts)) for path, counts in by_path.items()]
    lines, total = sorted(lines, key=lambda line: line.title), Line(title, dict(everywhere))
    if municipal:
        lines, total = hide_few(lines, total)
    return Figures(
        lines, total, [] if municipal else _grounds(rows), {} if municipal else _ages(rows),
        municipal,
    )  # fmt: skip


def _reached(case: str = "pk") -> Subquery:
    """The step a closed case stood at before."""
    closing = Step.objects.filter(case=OuterRef(case), target__in=CLOSED)
    return Subquery(closing.order_by("-at").values("source")[:1])


def _grounds(rows: QuerySet[Case]) -> list[tuple[str, str, int]]:
    refused = rows.filter(state=CaseState.REFUSED).values_list("ground").annotate(n=Count("pk"))
    return [
        (ground, str(Ground(ground).label), n) for ground, n in refused.order_by("-n", "ground")
    ]


def _ages(rows: QuerySet[Case]) -> dict[str, tuple[int, int, int, int]]:
    today = timezone.localdate()
    ages: dict[str, tuple[int, int, int, int]] = {}
    open_ones = rows.exclude(state__in=CLOSED).values("state").annotate(days=ArrayAgg("since"))
    for one in open_ones.order_by():
        days = sorted((today - since).days for since in one["days"])
        late = sum(1 for each in days if each > LATE)
        ages[one["state"]] = (len(days), days[len(days) // 2], days[-1], late)
    return {state: ages[state] for state in CaseState.values if state in ages}


# --- what a municipality brought ----------------------------------------------------------


def cities(viewer: Viewer) -> QuerySet[Area]:
    """Cities whose census the viewer may bring."""
    rows = Area.objects.filter(kind=AreaKind.CITY, valid__contains=timezone.localdate())
    reach = visible(viewer, CENSUS)
    return reach.limit(rows, path="path", area="pk").order_by("sort_key")


def sheets(viewer: Viewer) -> QuerySet[Sheet]:
    """Sheets of the viewer's own city, newest first."""
    rows = Sheet.objects.select_related("city").order_by("-created_at")
    return visible(viewer, CENSUS).limit(rows, area="city_id")


def sheet(viewer: Viewer, sheet_id: UUID) -> Sheet | None:
    """One sheet of the viewer's own city."""
    return sheets(viewer).filter(pk=sheet_id).first()


def job(of: Sheet) -> Job | None:
    """The newest background job of a sheet."""
    return Job.objects.filter(pk=of.job_id).first() if of.job_id else None


def own_rows(viewer: Viewer) -> QuerySet[SheetRow]:
    """The rows a municipality brought, each with the `case_state` and the step `reached`."""
    case = Case.objects.filter(person=OuterRef("person"))
    reached = Step.objects.filter(case__person=OuterRef("person"), target__in=CLOSED)
    rows = SheetRow.objects.select_related("area").exclude(name="")
    return visible(viewer, CENSUS).limit(rows).annotate(
        case_state=Subquery(case.values("state")[:1]),
        reached=Subquery(reached.order_by("-at").values("source")[:1]),
    )  # fmt: skip


def told(row: Any) -> str:
    """The step of one of `own_rows`, as the municipality is told."""
    state = row.case_state or CaseState.FOUND
    return of_municipality(state, row.reached or CaseState.FOUND)


def rows_to_look_at(viewer: Viewer) -> QuerySet[SheetRow]:
    """Rows of municipalities that a clerk looks into."""
    rows = SheetRow.objects.select_related("area", "person", "other").filter(
        outcome__in=[Outcome.REVIEW, Outcome.ELSEWHERE]
    )
    return visible(viewer, people.READ).limit(visible(viewer, WORK).limit(rows))


# --- pseudo-IDs ---------------------------------------------------------------------------


def pseudo_ids(viewer: Viewer) -> QuerySet[Identifier]:
    """Pseudo-IDs of foreign nationals in the viewer's area, the person with each."""
    rows = Identifier.objects.select_related("person__area").filter(
        grade=IdentifierGrade.PSEUDO, replaced_at=None,
        kind__in=[IdentifierKind.FOREIGN, IdentifierKind.NATIONAL],
    )  # fmt: skip
    foreign = Standing.objects.known().filter(person=OuterRef("person"))
    rows = rows.filter(
        Exists(foreign.exclude(status=LegalStatus.CITIZEN))
        | Exists(Case.objects.filter(person=OuterRef("person")))
    )
    for permission in (READ, people.READ):
        rows = visible(viewer, permission).limit(rows, **_PERSON)
    return rows


def pseudo_id(viewer: Viewer, identifier_id: UUID) -> Identifier | None:
    """A pseudo-ID of a person whose record the viewer may change."""
    rows = pseudo_ids(viewer).filter(pk=identifier_id)
    for permission in (WORK, people.WRITE):
        rows = visible(viewer, permission).limit(rows, **_PERSON)
    return rows.first()


# --- differing cover ----------------------------------------------------------------------


def differences(viewer: Viewer, permission: str = COVER_READ) -> QuerySet[Difference]:
    """Cover that differs from the decision, of persons in the viewer's area."""
    rows = Difference.objects.select_related("person", "area")
    for needed in (permission, people.READ):
        rows = visible(viewer, needed).limit(rows, **_PERSON)
    return rows


def difference(
    viewer: Viewer, difference_id: UUID, permission: str = COVER_READ
) -> Difference | None:
    """One of `differences`."""
    return differences(viewer, permission).filter(pk=difference_id).first()


def unsettled(viewer: Viewer) -> int:
    """How many differences wait for who may change cover."""
    return differences(viewer, COVER_WRITE).filter(state__in=UNSETTLED).count()


def spell_of(one: Difference) -> Spell | None:
    """The cover a difference is about, as it was believed."""
    return Spell.objects.filter(pk=one.spell_id).first()


def decision_of(one: Difference) -> Decision:
    """The decision a difference is about."""
    return Decision.objects.get(pk=one.decision_id)


# --- what is held ------------------------------------------------------------------------


def inquiry(viewer: User, inquiry_id: UUID) -> Inquiry | None:
    """An inquiry of a person the viewer may see; the sheet is printed by who noted it."""
    rows = Inquiry.objects.select_related("person").filter(actor=viewer.pk)
    return visible(viewer, people.READ).limit(rows, **_PERSON).filter(pk=inquiry_id).first()


def waiting(viewer: Viewer) -> dict[str, int]:
    """Step → open cases the viewer may work on."""
    rows = workable(viewer).exclude(state__in=(*CLOSED, CaseState.INSURED))
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


def status_of(person: Person) -> str:
    """The legal status of a visible person today, "" where none is known."""
    today = timezone.localdate()
    found = Standing.objects.on(today).filter(person=person).values_list("status", flat=True)
    return str(found.first() or "")
