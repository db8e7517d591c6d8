"""Who looked at the cover of whom, written down; rows by their id, within the viewer's area."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from pooshesh.access.queries import Viewer, visible
from pooshesh.coverage.models import Application, Document, Ending, Invoice, Payment, Proof, Refund
from pooshesh.coverage.queries import READ
from pooshesh.kernel import audit
from pooshesh.people.models import Household, Membership, Person

M = TypeVar("M", bound=Model)


def note_person(person: Person, purpose: str, *, actor: UUID) -> None:
    """Note that somebody opened the cover of a person."""
    audit.record(
        "coverage.open", actor=actor, kind="person", object_id=person.pk, purpose=purpose,
        area_path=person.area_path, persons=[person.pk],
    )  # fmt: skip


def note_household(
    household: Household, members: Iterable[UUID], purpose: str, *, actor: UUID
) -> None:
    """Note that somebody opened what a household has and owes."""
    audit.record(
        "coverage.open_account", actor=actor, kind="household", object_id=household.pk,
        purpose=purpose, area_path=household.area_path, persons=members,
    )  # fmt: skip


def note_paper(
    kind: str, row_id: UUID, area_path: str, persons: Iterable[UUID], purpose: str, *, actor: UUID
) -> None:
    """Note that a paper with somebody's cover was printed."""
    audit.record(
        "coverage.print", actor=actor, kind=kind, object_id=row_id, purpose=purpose,
        area_path=area_path, persons=persons,
    )  # fmt: skip


def note_export(name: str, persons: Iterable[UUID], *, actor: UUID) -> None:
    """Note that a list with these persons left the product as a file."""
    audit.record("coverage.export", actor=actor, purpose=name, persons=persons)


def _one(viewer: Viewer, permission: str, rows: QuerySet[M], row_id: UUID, at: str) -> M | None:
    """A row whose `at` (a person or household) lies in the viewer's area."""
    prefix = f"{at}__"
    reach = visible(viewer, permission)
    return reach.limit(
        rows, f"{prefix}area_path", f"{prefix}province", f"{prefix}area_id"
    ).filter(pk=row_id).first()  # fmt: skip


def invoice(viewer: Viewer, row_id: UUID, permission: str = READ) -> Invoice | None:
    """An invoice of a household in the viewer's area."""
    rows = Invoice.objects.select_related("household__area")
    return _one(viewer, permission, rows, row_id, "household")


def payment(viewer: Viewer, row_id: UUID) -> Payment | None:
    """A payment of a household in the viewer's area."""
    rows = Payment.objects.select_related("household__area")
    return _one(viewer, READ, rows, row_id, "household")


def application(viewer: Viewer, row_id: UUID) -> Application | None:
    """An application of a household in the viewer's area."""
    rows = Application.objects.select_related("household__area")
    return _one(viewer, READ, rows, row_id, "household")


def document(viewer: Viewer, row_id: UUID) -> Document | None:
    """A document of a household in the viewer's area."""
    rows = Document.objects.filter(deleted_at=None).select_related("application")
    return _one(viewer, READ, rows, row_id, "application__household")


def proof(viewer: Viewer, row_id: UUID, permission: str = READ) -> Proof | None:
    """A card that is worth something, of a person in the viewer's area."""
    rows = Proof.objects.filter(revoked_at=None).select_related("person__area")
    return _one(viewer, permission, rows, row_id, "person")


def ending(viewer: Viewer, row_id: UUID, permission: str) -> Ending | None:
    """An ending of the cover of a person in the viewer's area that was not taken back."""
    rows = Ending.objects.filter(undone_at=None).select_related("person__area")
    return _one(viewer, permission, rows, row_id, "person")


def household_rows(household: Household) -> dict[str, list[Any]]:
    """Applications with documents, payments and refunds of a household, newest first."""
    applications = Application.objects.filter(household=household).order_by("-at")
    return {
        "applications": list(applications.prefetch_related("documents")),
        "payments": list(Payment.objects.filter(household=household).order_by("-paid_on", "-at")),
        "refunds": list(Refund.objects.filter(household=household).order_by("-refunded_on", "-at")),
    }


def head_of(household_id: UUID) -> Person | None:
    """The head of a household today, or whoever is its first member."""
    rows = Membership.objects.known().filter(household_id=household_id, valid__endswith=None)
    found = sorted(rows.select_related("person"), key=lambda m: m.relation != "head")
    return found[0].person if found else None
