"""Taking back a death that was recorded wrongly."""

from uuid import UUID

from django.db import transaction

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.text import clean
from pooshesh.people.actions import SHORTEST_REASON
from pooshesh.people.models import Death, Person
from pooshesh.people.registration import lock_persons
from pooshesh.people.signals import death_withdrawn


@transaction.atomic
def withdraw_death(person: Person, *, reason: str, actor: UUID | None) -> bool:
    """Believe a person alive again; False when no death is recorded.

    The trail keeps that it was recorded and why it was taken back; rooms that ended something with
    the death listen to `death_withdrawn`. Raises Invalid for too short a reason.
    """
    reason = clean(reason)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("people.reason_short", least=SHORTEST_REASON)
    lock_persons([person.pk])
    death = Death.objects.filter(person=person).first()
    if death is None:
        return False
    death.delete()
    audit.record(
        "people.withdraw_death", actor=actor, kind="person", object_id=person.pk,
        content={"on": death.on, "source": death.source}, purpose=reason,
        area_path=person.area_path, persons=[person.pk],
    )  # fmt: skip
    death_withdrawn.send(Person, person=person, reason=reason, actor=actor)
    return True
