"""Reads of published figures. What is published of the nation and its provinces is shared with
everybody who sees figures; of smaller areas with those who reach them."""

from django.db.models import Q, QuerySet

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.indicators import Indicator
from pooshesh.insight import figures
from pooshesh.insight.figures import SHARED
from pooshesh.kernel.text import key
from pooshesh.places.models import Area
from pooshesh.statements.models import Statement

READ = "insight.read"
WRITE = "statements.write"


def statements(viewer: User) -> QuerySet[Statement]:
    """Statements the viewer may see, retracted ones among them."""
    shared = Q(area__kind__in=SHARED) if viewer.may(READ) else Q(pk__in=[])
    rows = Statement.objects.filter(shared | viewer.counts(READ).q())
    return rows.select_related("area")


def may_write(viewer: User, one: Statement) -> bool:
    """Whether the viewer may retract or correct a statement."""
    reach: Reach = viewer.reach(WRITE)
    return one.live and reach.covers(one.area_path, one.area_id)


def called(rows: QuerySet[Statement], text: str) -> QuerySet[Statement]:
    """Statements with a text in their words, source, speaker or code, as it was typed or folded."""
    asked = Q()
    for one in {text, key(text)}:
        asked |= (
            Q(words__icontains=one) | Q(source__icontains=one) | Q(speaker__icontains=one)
            | Q(code__icontains=one)
        )  # fmt: skip
    return rows.filter(asked)


def history(one: Statement) -> QuerySet[Statement]:
    """All that was ever registered under its code, the newest first."""
    return Statement.objects.filter(code=one.code).order_by("-made_at")


def narrowed(
    rows: QuerySet[Statement], *, area: Area | None, unit: str, state: str
) -> QuerySet[Statement]:
    """Those of an area and what lies in it, of a unit, standing or retracted."""
    if area:
        rows = rows.filter(area_path__within=area.path)
    if unit:
        rows = rows.filter(unit=unit)
    return rows.filter(retracted_at__isnull=state == "live") if state else rows


def indicator_of(one: Statement) -> Indicator | None:
    """The indicator a statement speaks of, where the book has it."""
    return figures.book().indicators.get(one.indicator)
