"""The national board of campaigns, and what an area's page says of campaigns and cover."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.access.models import User
from pooshesh.places.models import Area, AreaKind, SetKind
from pooshesh.places.queries import area_sets, areas
from pooshesh.programme.counts import queries
from pooshesh.programme.counts.forms import BoardNarrow
from pooshesh.programme.counts.tables import BoardTable
from pooshesh.programme.plans.queries import plans
from pooshesh.programme.programmes.queries import programmes_of
from pooshesh.programme.queries import READ

SHOWN = 5


@require_safe
@needs("campaign.read")
def board(request: SignedIn) -> HttpResponseBase:
    """Every campaign of the viewer's area, narrowed, sorted, with what they did together."""
    user = request.user
    provinces = areas(user.counts(READ)).filter(kind=AreaKind.PROVINCE)
    narrow = BoardNarrow(
        request.GET,
        provinces=[(one.province, str(one)) for one in provinces],
        sponsors=[(one.code, str(one)) for one in area_sets(SetKind.SPONSOR)],
        plans=plans(user)[:100],
    )
    rows = queries.board(user).filter(**narrow.chosen())
    return BoardTable(request, rows).respond(
        "programme/board.html", {"narrow": narrow, "work": queries.work(rows)}
    )


def area_panel(request: HttpRequest, area: Area) -> Mapping[str, Any] | None:
    """What an area's page says of programme, campaigns and cover; None where there is neither.

    Five statements over kept rows, whatever the number of persons.
    """
    assert isinstance(request.user, User)
    reach = request.user.counts(READ)
    cover = queries.cover(reach, area)
    newest = queries.newest_campaigns(request.user, area, SHOWN)
    programmes = programmes_of(area)
    if not cover and not newest and not programmes:
        return None
    work = queries.work(reach.limit(queries.in_area(area)))
    return {
        "area": area, "cover": cover, "campaigns": newest, "programmes": programmes, "work": work,
        "more": work.campaigns > len(newest),
    }  # fmt: skip
