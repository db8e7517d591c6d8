"""Looking at a person's record: each look is written down with what it was for."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel import audit
from pooshesh.kernel.crypto import keyring
from pooshesh.people.models import Household, Identifier, Person


class Purpose(models.TextChoices):
    """What a record may be opened for."""

    COVER = "cover", _("Cover and enrolment")
    REGISTRATION = "registration", _("Registration and correction")
    COMPLAINT = "complaint", _("A question or complaint of the person")
    OVERSIGHT = "oversight", _("Oversight")


def look(person: Person, purpose: str, *, actor: UUID) -> None:
    """Note that somebody opened a person's record, and what for."""
    audit.record(
        "people.open", actor=actor, kind="person", object_id=person.pk, purpose=purpose,
        area_path=person.area_path, persons=[person.pk],
    )  # fmt: skip


def look_at_household(
    household: Household, members: Iterable[UUID], purpose: str, *, actor: UUID
) -> None:
    """Note that somebody opened a household and saw these members."""
    audit.record(
        "people.open_household", actor=actor, kind="household", object_id=household.pk,
        purpose=purpose, area_path=household.area_path, persons=members,
    )  # fmt: skip


def note_found(persons: Iterable[UUID], purpose: str, *, actor: UUID) -> None:
    """Note that a search showed these persons."""
    audit.record("people.search", actor=actor, kind="person", purpose=purpose, persons=persons)


def note_number(persons: Iterable[UUID], *, actor: UUID) -> None:
    """Note that somebody typed in a number and learnt that these persons hold it, or are alike."""
    audit.record("people.look_up", actor=actor, kind="person", persons=persons)


def note_export(persons: Iterable[UUID], purpose: str, *, actor: UUID) -> None:
    """Note that a list of persons left the product as a file."""
    audit.record("people.export", actor=actor, kind="person", purpose=purpose, persons=persons)


def note_revealed(link_id: UUID, persons: Iterable[UUID], *, actor: UUID) -> None:
    """Note that somebody asked for the numbers of a pair of records in full."""
    audit.record(
        "people.reveal_identifier", actor=actor, kind="link", object_id=link_id,
        purpose=Purpose.REGISTRATION, persons=persons,
    )  # fmt: skip


@transaction.atomic
def reveal(identifier: Identifier, purpose: str, *, actor: UUID) -> str:
    """The whole identifier, and a note of who asked for it."""
    value = keyring().open(bytes(identifier.sealed), identifier.kind)
    audit.record(
        "people.reveal_identifier", actor=actor, kind="identifier", object_id=identifier.pk,
        fields=[identifier.kind], purpose=purpose, persons=[identifier.person_id],
    )  # fmt: skip
    return value
