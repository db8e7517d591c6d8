"""What the page of an area shows of partners: who answers, hand-overs, open tasks."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from pooshesh.partners import hand_over_queries, task_queries
from pooshesh.partners.queries import TASKS, own_ids
from pooshesh.places.models import Area, AreaKind

SHOWN = 5


def of_area(request: HttpRequest, area: Area) -> Mapping[str, Any] | None:
    """Of a neighbourhood: its sponsor, and the hand-overs and open tasks that the viewer sees.

    A place may be seen further than what is done there. Four statements.
    """
    if area.kind != AreaKind.NEIGHBOURHOOD:
        return None
    user = request.user
    may_work = user.may(TASKS)  # type: ignore[union-attr]
    return {
        "sponsor": hand_over_queries.current_sponsor(area),
        "hand_overs": hand_over_queries.of_area(user, area)[:SHOWN],  # type: ignore[arg-type]
        "tasks": task_queries.about_area(user, area.pk)[:SHOWN],  # type: ignore[arg-type]
        "may_propose": hand_over_queries.may_propose(user),  # type: ignore[arg-type]
        "may_send": may_work and bool(own_ids(user)),  # type: ignore[arg-type]
        "area": area,
    }
