"""Who looked at whose diagnosis or tag, written down with what it was for."""

from collections.abc import Iterable
from uuid import UUID

from pooshesh.disease.models import Claim, RegistryRow, Tag
from pooshesh.kernel import audit


def note_claim(claim: Claim, *, actor: UUID) -> None:
    """Note that somebody opened a diagnosis."""
    audit.record(
        "disease.open_claim_page", actor=actor, kind="claim", object_id=claim.pk,
        area_path=claim.area_path, persons=[claim.person_id],
    )  # fmt: skip


def note_tag(tag: Tag, *, actor: UUID) -> None:
    """Note that somebody opened a tag."""
    audit.record(
        "disease.open_tag", actor=actor, kind="tag", object_id=tag.pk, area_path=tag.area_path,
        persons=[tag.person_id],
    )  # fmt: skip


def note_print(tag: Tag, *, actor: UUID | None) -> None:
    """Note that the certificate of a tag was printed."""
    audit.record(
        "disease.print_tag", actor=actor, kind="tag", object_id=tag.pk, area_path=tag.area_path,
        persons=[tag.person_id],
    )  # fmt: skip


def note_row(row: RegistryRow, *, actor: UUID) -> None:
    """Note that somebody read the name and numbers of a row of the registry."""
    audit.record(
        "disease.open_row", actor=actor, kind="registry_row", object_id=row.pk,
        area_path=row.area_path,
    )  # fmt: skip


def note_export(name: str, persons: Iterable[UUID], *, actor: UUID) -> None:
    """Note that a list with these persons left the product as a file."""
    audit.record("disease.export", actor=actor, purpose=name, persons=persons)
