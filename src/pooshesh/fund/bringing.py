"""An application for somebody who is typed in: recognised, or registered as a new person."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils import timezone

from pooshesh.disease.models import Disease
from pooshesh.fund import applications
from pooshesh.fund.models import Application, Channel
from pooshesh.people.actions import problems, register_household
from pooshesh.people.held import Held, noted
from pooshesh.people.names import one_person
from pooshesh.people.recognition import (
    CensusPerson,
    blinds_of,
    holders_of,
    identity_of,
    queue_for,
)
from pooshesh.places.models import Area


def recognised(newcomer: CensusPerson, actor: UUID | None) -> UUID | None:
    """The person who holds the trusted number and agrees in name or birth; None when nobody holds
    it. Raises Held when its holder is somebody else."""
    held = holders_of(blinds_of(identity_of(newcomer.identifiers())))
    for (_kind, value), holders in held.items():
        for holder in holders:
            if one_person(holder, newcomer):
                return holder.person
        raise Held(value, holders, newcomer, actor)
    return None


def apply_for_newcomer(
    newcomer: CensusPerson,
    disease: Disease,
    *,
    area: Area,
    channel: Channel,
    actor: UUID,
    unlike: Collection[UUID] = (),
    **given: Any,
) -> Application:
    """Open an application for who was typed in, all or nothing; `given` goes to `apply`.

    Who holds the number already is that patient, wherever they live; everybody else is
    registered in `area`. `unlike` are persons of whom the clerk said that it is none of them.
    """
    for _field, error in problems(newcomer):
        raise error
    with noted(actor):
        queue_for(blinds_of(newcomer.identifiers()))
        person = recognised(newcomer, actor)
        if person is None:
            _home, (person,) = register_household(
                [newcomer], area=area, on=timezone.localdate(), actor=actor, unlike=[unlike]
            )
        return applications.apply(person, disease, channel=channel, actor=actor, **given)
