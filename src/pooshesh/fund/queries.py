"""Every read of the fund, limited to what the viewer may see.

Who works for the fund sees the files and applications of their area; a clinic those it brought.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.queries import Viewer, visible
from pooshesh.access.reach import Reach
from pooshesh.coverage import queries as cover
from pooshesh.coverage.queries import Covered
from pooshesh.disease import queries as diseases
from pooshesh.disease.models import Claim, Disease, Tag
from pooshesh.documents.models import Document
from pooshesh.documents.queries import attached
from pooshesh.fund.applications import OWNER
from pooshesh.fund.codes import read
from pooshesh.fund.models import (
    Application,
    ApplicationStep,
    Intake,
    IntakeRow,
    PatientFile,
    ReturnTemplate,
    State,
)
from pooshesh.fund.states import APPLY, READ, WORK
from pooshesh.kernel.models import Job
from pooshesh.kernel.text import search_key
from pooshesh.people.merged import one_human, survivor
from pooshesh.people.models import Identifier, Person
from pooshesh.people.queries import blinds
from pooshesh.places.models import Facility

# --- files ------------------------------------------------------------------------------------


def patient_files(viewer: Viewer) -> QuerySet[PatientFile]:
    """Files of patients who live in the viewer's area."""
    rows = PatientFile.objects.select_related("person", "area")
    return visible(viewer, READ).limit(rows)


def patient_file(viewer: Viewer, file_id: UUID) -> PatientFile | None:
    """One file in the viewer's area."""
    return patient_files(viewer).filter(pk=file_id).first()


def files_with_counts(viewer: Viewer) -> QuerySet[PatientFile]:
    """Files with how many applications each has, and how many of them are open."""
    return patient_files(viewer).annotate(
        all_applications=Count("applications"),
        open_applications=Count(
            "applications", filter=Q(applications__state__in=list(_open_states()))
        ),
    )


def _open_states() -> tuple[State, ...]:
    return (State.RECEIVED, State.INCOMPLETE, State.VERIFYING)


def find_files(rows: QuerySet[PatientFile], text: str) -> QuerySet[PatientFile]:
    """Files whose number or an application's was typed, or the patient's name or identifier."""
    return rows.filter(_typed(text, "person", "pk"))


def numbered(typed: str) -> QuerySet[PatientFile]:
    """The file of a number as typed, be it the file's own or the tracking number of an application;
    none when it was mistyped."""
    number = read(typed)
    if number is None:
        return PatientFile.objects.none()
    applied = Application.objects.filter(number=number).values("file")
    return PatientFile.objects.filter(Q(number=number) | Q(pk__in=applied))


def _typed(text: str, person: str, file: str) -> Q:
    """Rows by what somebody typed: a number with its check digit, an identifier, or a name."""
    wanted = Q(**{f"{person}__search_key__contains": search_key(text)})
    if any(char.isdecimal() for char in text):
        wanted = Q(pk__in=[])
        wanted |= Q(**{f"{file}__in": numbered(text).values("pk")})
        held = Identifier.objects.filter(blind__in=blinds(text), replaced_at=None)
        wanted |= Q(**{f"{person}__in": held.values("person_id")})
    return wanted


# --- applications -----------------------------------------------------------------------------


def applications(viewer: Viewer) -> QuerySet[Application]:
    """Applications the viewer may see: those of their area, and those they brought themselves."""
    rows = Application.objects.select_related("file__person", "disease", "area", "facility")
    wanted = Q(pk__in=[])
    if reach := visible(viewer, READ):
        wanted |= reach.q()
    if isinstance(viewer, User) and visible(viewer, APPLY):
        wanted |= Q(brought_by=viewer.pk)
    return rows.filter(wanted)


def application(viewer: Viewer, application_id: UUID) -> Application | None:
    """One application the viewer may see."""
    return applications(viewer).filter(pk=application_id).first()


def workable(viewer: Viewer) -> QuerySet[Application]:
    """Applications whose next step the viewer may take at the desk."""
    rows = Application.objects.select_related("file__person", "disease", "area", "facility")
    return visible(viewer, WORK).limit(rows)


def may_work(viewer: Viewer, row: Application) -> bool:
    """Whether the viewer may take the desk's steps with an application."""
    return visible(viewer, WORK).covers(str(row.area_path), row.area_id)


def may_complete(viewer: Viewer, row: Application) -> bool:
    """Whether the viewer may bring what is missing: the desk of its place, and who brought it."""
    brought = isinstance(viewer, User) and row.brought_by == viewer.pk
    return may_work(viewer, row) or (brought and bool(visible(viewer, APPLY)))


def find_applications(rows: QuerySet[Application], text: str) -> QuerySet[Application]:
    """Applications whose tracking number was typed, or the patient's file, name or identifier."""
    number = read(text)
    if number is not None and (own := rows.filter(number=number)).exists():
        return own
    return rows.filter(_typed(text, "file__person", "file"))


def at_the_desk(reach: Reach) -> QuerySet[Application]:
    """What waits at the desk of an area."""
    rows = Application.objects.select_related("file__person", "disease", "area")
    return reach.limit(rows.filter(state=State.RECEIVED))


def overdue(rows: QuerySet[Application], today: dt.date | None = None) -> QuerySet[Application]:
    """Those whose last day to be completed has passed."""
    return rows.filter(state=State.INCOMPLETE, deadline__lt=today or timezone.localdate())


def counts_by_state(viewer: Viewer) -> dict[State, int]:
    """How many applications of the viewer's area stand at each state."""
    counted = (
        visible(viewer, READ)
        .limit(Application.objects.all())
        .values_list("state")
        .annotate(count=Count("pk"))
        .order_by()
    )
    found = dict(counted)
    return {state: found.get(state.value, 0) for state in State}


def steps(row: Application) -> list[ApplicationStep]:
    """What happened to an application, newest first, each with the actor's name as `who`."""
    actor = User.objects.filter(id=OuterRef("actor")).values("full_name")
    rows = ApplicationStep.objects.filter(application=row).annotate(who=Subquery(actor))
    return list(rows.order_by("-id"))


def claim_of(row: Application) -> Claim | None:
    """The diagnosis the university decides for an application."""
    return Claim.objects.filter(origin_id=row.pk).first()


def templates() -> list[ReturnTemplate]:
    """Reasons to return an application that are in use."""
    return list(ReturnTemplate.objects.filter(retired_at=None).order_by("order", "code"))


def all_templates() -> list[ReturnTemplate]:
    """Reasons in use, then those that were retired."""
    rows = ReturnTemplate.objects.annotate(retired=Q(retired_at__isnull=False))
    return list(rows.order_by("retired", "order", "code"))


def template(code: str) -> ReturnTemplate | None:
    """A reason, retired or not."""
    return ReturnTemplate.objects.filter(code=code).first()


def disease_choices() -> list[tuple[str, str]]:
    """The list of diseases, for a box."""
    return [(one.code, str(one)) for one in diseases.diseases()]


def disease(code: str) -> Disease:
    """One of the list. Raises Disease.DoesNotExist."""
    return diseases.disease(code)


@dataclass(frozen=True, slots=True)
class Item:
    """A document that is asked for, and those that were brought of its kind."""

    kind: str
    title: str
    required: bool
    brought: tuple[Document, ...]

    @property
    def missing(self) -> bool:
        return self.required and not self.brought


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a disease asks for, and what else was brought."""

    items: tuple[Item, ...]
    others: tuple[Document, ...]

    @property
    def missing(self) -> list[str]:
        """Kinds of what is required and was not brought."""
        return [one.kind for one in self.items if one.missing]


def checklist(row: Application) -> Checklist:
    """What an application is to bring by its disease, as asked on the day it was received."""
    day = timezone.localtime(row.received_at).date()
    return check(
        diseases.checklist(row.disease_id, "tag", day), attached(OWNER, [row.pk]).get(row.pk, [])
    )


def check(needed: Sequence[diseases.EvidenceNeeded], brought: Iterable[Document]) -> Checklist:
    """Set what was brought beside what is asked for."""
    by_kind: dict[str, list[Document]] = {}
    for one in brought:
        by_kind.setdefault(one.kind, []).append(one)
    items = tuple(
        Item(one.kind, str(one.title), one.required, tuple(by_kind.pop(one.kind, ())))
        for one in needed
    )
    return Checklist(items, tuple(one for rest in by_kind.values() for one in rest))


def applications_of(viewer: Viewer, file: PatientFile) -> list[Application]:
    """The applications of a human being, whichever of their records they were opened for."""
    records = one_human(survivor(file.person_id))
    return list(applications(viewer).filter(file__person__in=records).order_by("-id"))


def tags_of(file: PatientFile) -> list[Tag]:
    """The tags a patient holds or held."""
    return diseases.tags_of([survivor(file.person_id)])


def may_open_documents(user: User, application_id: UUID) -> bool:
    """Whether a user may open what was brought with an application; the university that decides
    about it may."""
    if applications(user).filter(pk=application_id).exists():
        return True
    return diseases.claims(user).filter(origin_id=application_id).exists()


# --- sheets -----------------------------------------------------------------------------------


def intakes(viewer: Viewer) -> QuerySet[Intake]:
    """Sheets of the viewer's area."""
    return visible(viewer, WORK).limit(Intake.objects.select_related("area"))


def intake(viewer: Viewer, intake_id: UUID) -> Intake | None:
    """One sheet of the viewer's area."""
    return intakes(viewer).filter(pk=intake_id).first()


def intake_job(row: Intake) -> Job | None:
    """The newest job of a sheet."""
    return Job.objects.filter(pk=row.job_id).first() if row.job_id else None


def intake_rows(row: Intake) -> QuerySet[IntakeRow]:
    """What became of the rows of a sheet, by row."""
    rows = IntakeRow.objects.filter(intake=row)
    return rows.select_related("application__file", "application__disease").order_by("row")


def person_of(row: Application) -> Person:
    """The patient."""
    return row.file.person


def covered(row: Application) -> Covered:
    """Whether this insurer covers the patient today, and why or why not; it turns nobody away."""
    return cover_today(row.file.person_id)


def cover_today(person_id: UUID) -> Covered:
    """Whether this insurer covers a person today."""
    return cover.covered(survivor(person_id), timezone.localdate())


def facilities(viewer: Viewer) -> QuerySet[Facility]:
    """Hospitals and clinics of the area in which the viewer brings applications."""
    rows = Facility.objects.filter(kind__in=("clinic", "hospital"), closed_on=None)
    return visible(viewer, APPLY).limit(rows).order_by("sort_key")
