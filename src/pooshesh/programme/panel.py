"""The part of the person page that says what was decided about a person, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from pooshesh.access.models import User
from pooshesh.coverage.queries import READ as COVER
from pooshesh.people.models import Person
from pooshesh.people.queries import records_of
from pooshesh.policy.explained import Explained
from pooshesh.policy.models import Decision
from pooshesh.policy.queries import decisions_of
from pooshesh.programme import queries, titles

SHOWN = 5


@dataclass(frozen=True)
class Decided:
    """A kept decision with what stands behind it."""

    decision: Decision
    title: Promise | str
    explained: Explained


def decisions(request: HttpRequest, person: Person) -> Mapping[str, Any] | None:
    """The newest decisions and the campaigns that met this person; None when there are none.

    What was decided tells of cover, so it is for who may see cover where the person lives.
    Those of records of the viewer's area that were merged into this one are the person's as well.
    """
    assert isinstance(request.user, User)
    records = records_of(request.user, person)
    sees_cover = request.user.reach(COVER).covers(person.area_path, person.area_id)
    kept = decisions_of(*records)[:SHOWN] if sees_cover else []
    rows = queries.person_campaigns(request.user, records)
    if not kept and not rows:
        return None
    return {
        "person": person,
        "decided": [Decided(d, titles.decision(d.outcome), Explained(d)) for d in kept],
        "rows": [(row, titles.decision(row.decision)) for row in rows],
    }
