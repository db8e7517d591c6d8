"""Reads of figures' surroundings: how far somebody sees, where they begin, what a reference is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from pooshesh.access.models import User
from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.insight import checks as known
from pooshesh.insight import figures
from pooshesh.insight.figures import SHARED, Figure, Wanted
from pooshesh.insight.models import CheckResult, Snapshot, SnapshotPart
from pooshesh.insight.months import code_of, of_code
from pooshesh.insight.places import Place, place_of
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Job
from pooshesh.places.models import Area
from pooshesh.places.queries import above

READ = "insight.read"
KEEP = "insight.keep"


class NotFound(Exception):
    """No such figure, place or month, or not within the viewer's reach."""


def shared_reach(user: User) -> Reach:
    """Where a user sees figures of single places; those of the nation and of provinces are
    shared with everybody who sees figures (`figures.read` lets them through)."""
    return user.counts(READ)


def place(user: User, code: str) -> Place:
    """An area whose figures the user may see. Errors: `NotFound`."""
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise NotFound
    if area.kind not in SHARED and not shared_reach(user).covers(area.path, area.id):
        raise NotFound
    return place_of(area)


def home(user: User) -> Place:
    """The area a user's figures begin with: the top of their reach, else the nation."""
    reach = shared_reach(user)
    rows = Area.objects.order_by("path")
    if reach.everywhere:
        rows = rows.filter(kind="nation")
    elif reach:
        rows = reach.limit(rows, path="path", area="id")
    return place_of(rows[0])


def children(user: User, parent: Place) -> tuple[Place, ...]:
    """The areas right below one whose figures the user may see; the sponsors' of one path too."""
    reach = EVERYWHERE if parent.kind == "nation" else shared_reach(user)
    rows = Area.objects.filter(parent=parent.id, valid__upper_inf=True).order_by("sort_key")
    return tuple(place_of(area) for area in reach.limit(rows, path="path", area="id"))


def crumbs(here: Place) -> list[Place]:
    """The areas that hold a place, from the nation down."""
    area = Area.objects.get(pk=here.id)
    return [place_of(one) for one in above(area)]


def resolve(user: User, reference: str) -> Figure:
    """The figure a reference names, as it was. Errors: `NotFound`.

    Read as of the moment its month's revision closed, so later revisions do not touch it.
    """
    code, area, span, revision, *rest = [*reference.strip("/").split("/"), "", "", "", ""][:8]
    here = place(user, area)
    first, dots, last = span.partition("..")
    try:
        month, since = of_code(last or first), of_code(first) if dots else None
        found = _revision(month, int(revision))
        group = dict(_pair(one) for one in rest if one)
        as_of = _moment(group.pop("as_of", ""), found)
    except ValueError as error:
        raise NotFound from error
    by = tuple(group)
    wanted = Wanted((code,), (here,), (month,), since, by=by, as_of=as_of)
    return _of_group(user, wanted, tuple(group.items()))


def _pair(text: str) -> tuple[str, str]:
    name, equals, key = text.partition("=")
    if not equals:
        raise ValueError(text)
    return name, key


def _revision(month: dt.date, revision: int) -> Snapshot:
    found = Snapshot.objects.filter(month=month, revision=revision, state="closed").first()
    if found is None:
        raise NotFound
    return found


def _moment(text: str, found: Snapshot) -> dt.datetime:
    if text:
        return dt.datetime.fromisoformat(text)
    assert found.closed_at is not None, "a constraint holds it"
    return found.closed_at


def _of_group(user: User, wanted: Wanted, group: Sequence[tuple[str, str]]) -> Figure:
    try:
        rows = figures.read(wanted, shared_reach(user))
    except Invalid as error:
        raise NotFound from error
    for one in rows:
        if one.group == tuple(group):
            return one
    raise NotFound


# --- months and checks ---------------------------------------------------------------------------


def revisions(month: dt.date | None = None) -> QuerySet[Snapshot]:
    """Revisions with the facts they hold, newest first; of one month or of all."""
    counted = SnapshotPart.objects.filter(snapshot=OuterRef("pk")).order_by().values("snapshot")
    facts = Subquery(counted.annotate(sum=Sum("facts")).values("sum"))
    rows = Snapshot.objects.annotate(facts=facts).order_by("-month", "-revision")
    return rows.filter(month=month) if month else rows


def parts(month: dt.date) -> QuerySet[SnapshotPart]:
    """What each statement counted of the newest revision of a month, the slowest first."""
    newest = Snapshot.objects.filter(month=month).order_by("-revision")[:1]
    return SnapshotPart.objects.filter(snapshot__in=newest.values("pk")).order_by("-milliseconds")


def job_of(month: dt.date) -> Job | None:
    """The newest job that counts a month by name, or that is counting it now."""
    building = Snapshot.objects.filter(month=month, state="building").first()
    if building and building.job_id:
        return Job.objects.filter(pk=building.job_id).first()
    asked = Job.objects.filter(kind="insight.build", arguments__months=[code_of(month)])
    return asked.order_by("-created_at").first()


@dataclass(frozen=True)
class Asked:
    """A check with what it found last; None when nobody asked it yet."""

    check: known.Check
    result: CheckResult | None


def checks() -> list[Asked]:
    """Every check, those not in order first."""
    found = {one.code: one for one in CheckResult.objects.all()}
    asked = [Asked(one, found.get(code)) for code, one in known.checks().items()]
    order = {"red": 0, "stopped": 1, "green": 3}
    return sorted(asked, key=lambda one: order[one.result.state] if one.result else 2)


def result_of(code: str) -> CheckResult | None:
    """What a check found last."""
    return CheckResult.objects.filter(code=code).first()
