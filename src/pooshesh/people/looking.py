"""Looking at a person's record: each look is written down with what it was for."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import models, transaction
from django.utils.functional import Promise
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


_ACTIONS: dict[str, str | Promise] = {
    "people.open": _("Opened the record"),
    "people.open_household": _("Opened the household"),
    "people.search": _("Found in a search"),
    "people.look_up": _("Met when a number or name was typed in"),
    "people.reveal_identifier": _("Looked at an identifier in full"),
    "people.export": _("Exported a list with this person"),
    "people.break_glass": _("Opened the record in an emergency"),
    "people.register": _("Registered the person"),
    "people.rename": _("Corrected the name"),
    "people.set_identifier": _("Wrote an identifier"),
    "people.withdraw_identifier": _("Took an identifier away"),
    "people.set_mobile": _("Wrote the mobile number"),
    "people.move": _("Moved to another household"),
    "people.set_decile": _("Stated the decile"),
    "people.set_standing": _("Stated the legal status"),
    "people.record_death": _("Recorded the death"),
}


def name_actions(labels: Mapping[str, str | Promise]) -> None:
    """Let a room to the right say what its actions are called in a person's log."""
    _ACTIONS.update(labels)


def action_label(action: str) -> str:
    """An audit action in words, or its code where nobody gave any."""
    return str(_ACTIONS.get(action, action))


def purpose_label(purpose: str) -> str:
    """A purpose in words; free texts stay as typed."""
    return str(Purpose(purpose).label) if purpose in Purpose.values else purpose


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


@transaction.atomic
def reveal(identifier: Identifier, purpose: str, *, actor: UUID) -> str:
    """The whole identifier, and a note of who asked for it."""
    value = keyring().open(bytes(identifier.sealed), identifier.kind)
    audit.record(
        "people.reveal_identifier", actor=actor, kind="identifier", object_id=identifier.pk,
        fields=[identifier.kind], purpose=purpose, persons=[identifier.person_id],
    )  # fmt: skip
    return value
