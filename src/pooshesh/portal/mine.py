"""What a patient sees of their file: every read goes through the visit, and finds no other's."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from pooshesh.disease import queries as diseases
from pooshesh.disease.models import Claim, ClaimStep, Tag
from pooshesh.documents import queries as documents
from pooshesh.documents.models import Document
from pooshesh.fund.applications import OWNER
from pooshesh.fund.files import file_of
from pooshesh.fund.models import Application, ApplicationStep, PatientFile
from pooshesh.fund.queries import Checklist, check
from pooshesh.people.merged import one_human, survivor
from pooshesh.portal import words
from pooshesh.portal.models import Visit
from pooshesh.portal.words import Where


def records(visit: Visit) -> list[UUID]:
    """The records that stand for the patient now; 2 statements once a request."""
    known: list[UUID] | None = getattr(visit, "_records", None)
    if known is None:
        known = one_human(survivor(visit.person_id))
        visit._records = known  # type: ignore[attr-defined]
    return known


def file(visit: Visit) -> PatientFile | None:
    """The patient's file for life."""
    return file_of(visit.person_id)


# --- applications ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Applied:
    """An application as its patient reads it."""

    row: Application
    claim: Claim | None
    where: Where
    checklist: Checklist
    said: str  # why it came back, or was refused

    @property
    def may_bring(self) -> bool:
        return self.row.state in words.MAY_BRING

    @property
    def may_withdraw(self) -> bool:
        return self.row.state in words.MAY_WITHDRAW

    @property
    def may_appeal(self) -> bool:
        return words.may_appeal(self.row, self.claim)


def applications(visit: Visit) -> list[Applied]:
    """The patient's applications, newest first; 5 statements and one for each disease."""
    rows = Application.objects.filter(file__person__in=records(visit))
    return _applied(list(rows.select_related("disease", "file").order_by("-id")))


def application(visit: Visit, application_id: UUID) -> Applied | None:
    """One of them."""
    rows = Application.objects.filter(file__person__in=records(visit), pk=application_id)
    return next(iter(_applied(list(rows.select_related("disease", "file")))), None)


def _applied(rows: list[Application]) -> list[Applied]:
    ids = [row.pk for row in rows]
    claims = {one.origin_id: one for one in Claim.objects.filter(origin_id__in=ids)}
    brought = documents.attached(OWNER, ids)
    said = _said(rows, claims.values())
    needed: dict[tuple[str, dt.date], list[diseases.EvidenceNeeded]] = {}
    found = []
    for row in rows:
        key = row.disease_id, row.received_at.date()
        if key not in needed:
            needed[key] = diseases.checklist(key[0], "tag", key[1])
        checklist = check(needed[key], brought.get(row.pk, ()))
        claim = claims.get(row.pk)
        where = words.of_application(row, claim, checklist.missing)
        found.append(Applied(row, claim, where, checklist, said.get(row.pk, "")))
    return found


def _said(rows: Iterable[Application], claims: Iterable[Claim]) -> dict[UUID, str]:
    """What the newest word about each application was: the desk's, or the university's ground."""
    newest: dict[UUID, str] = {}
    steps = ApplicationStep.objects.filter(application__in=[row.pk for row in rows])
    for step in steps.exclude(text="").order_by("id"):
        newest[step.application_id] = step.text
    by_claim = {claim.pk: claim.origin_id for claim in claims}
    for one in ClaimStep.objects.filter(claim__in=by_claim).order_by("id"):
        ground = words.ground_of(one)
        if ground:
            newest[by_claim[one.claim_id]] = ground
    return newest


def document(visit: Visit, document_id: UUID) -> Document | None:
    """A document that was brought with something of the patient's."""
    found = documents.kept(document_id)
    if found is None:
        return None
    asked = _OWNERS.get(found.owner_kind)
    return found if asked and asked(visit, found.owner_id) else None


_OWNERS = {
    OWNER: lambda visit, pk: Application.objects.filter(
        file__person__in=records(visit), pk=pk
    ).exists()
}  # fmt: skip


# --- tags -----------------------------------------------------------------------------------


def tags(visit: Visit) -> list[Tag]:
    """The patient's tags, newest first."""
    return diseases.tags_of(records(visit)[:1])


def tag(visit: Visit, tag_id: UUID) -> Tag | None:
    """One of them."""
    return next((one for one in tags(visit) if one.pk == tag_id), None)
