"""The parts of the person page that regularisation brings."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from pooshesh.access.models import User
from pooshesh.people.models import LegalStatus, Person
from pooshesh.people.queries import READ
from pooshesh.regularisation import queries


def case(request: HttpRequest, person: Person) -> Mapping[str, Any] | None:
    """The case of a person, or the offer to open one for somebody who is no citizen."""
    assert isinstance(request.user, User)
    found = queries.case_of(request.user, person.pk)
    if found is None:
        status = queries.status_of(person)
        may_open = status != LegalStatus.CITIZEN and queries.case_person(request.user, person.pk)
        if not (may_open and status):
            return None
    return {"case": found, "person": person}


def held(request: HttpRequest, person: Person) -> Mapping[str, Any] | None:
    """The way to the sheet of what is held; not behind the glass."""
    assert isinstance(request.user, User)
    reach = request.user.reach(READ)
    return {"person": person} if reach.covers(person.area_path, person.area_id) else None
