"""What a user may do and how far they see. None unless a live grant says so."""

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from pooshesh.access.models import Grant, User
from pooshesh.access.reach import NOWHERE, Reach, join
from pooshesh.access.roles import ROLES
from pooshesh.kernel import audit
from pooshesh.kernel.models import Event, Job, JobState, Sealed
from pooshesh.places.models import AreaKind, AreaSet
from pooshesh.places.queries import member_areas

SEAL_LATE = dt.timedelta(hours=1)  # it is sealed every five minutes
LATELY = dt.timedelta(days=7)

#: Somebody who asks: signed in or not.
Viewer = User | AnonymousUser


def live_grants(user: Viewer, on: dt.date | None = None) -> list[Grant]:
    """The user's grants of a day (default: today), read once per user object and day."""
    if not isinstance(user, User) or not user.is_active:
        return []
    day = on or timezone.localdate()
    cached: tuple[dt.date, list[Grant]] | None = getattr(user, "_live_grants", None)
    if cached and cached[0] == day:
        return cached[1]
    grants = list(
        Grant.objects.filter(user=user, valid__contains=day).select_related("area", "area_set")
    )
    user._live_grants = day, grants  # type: ignore[attr-defined]
    return grants


def visible(user: Viewer, permission: str) -> Reach:
    """Where the user holds a permission and may see names; nowhere without a live grant."""
    return _reach(user, permission, names=True)


def countable(user: Viewer, permission: str) -> Reach:
    """Where the user may see figures: `visible` plus scopes given as counts only."""
    return _reach(user, permission, names=False)


def _reach(user: Viewer, permission: str, *, names: bool) -> Reach:
    grants = [
        g
        for g in live_grants(user)
        if permission in ROLES[g.role].permissions and not (names and g.counts_only)
    ]
    return join([_scope(g) for g in grants]) if grants else NOWHERE


def _scope(grant: Grant) -> Reach:
    if grant.area is None:
        assert grant.area_set_id is not None
        return Reach(areas=member_areas(grant.area_set_id, timezone.localdate()))
    if grant.area.kind == AreaKind.NATION:
        return Reach(everywhere=True)
    if grant.area.kind == AreaKind.PROVINCE:
        return Reach(provinces=(grant.area.province,))
    return Reach(subtrees=(grant.area.path,))


def demo_accounts() -> int:
    """How many accounts came with the demo; production refuses to start with one."""
    return User.objects.filter(is_demo=True, is_active=True).count()


def _scoped_grants(reach: Reach) -> QuerySet[Grant]:
    """Grants whose scope lies within reach; sets of areas belong to the nation."""
    grants = Grant.objects.select_related("area", "area_set")
    if reach.everywhere:
        return grants
    return grants.filter(area__isnull=False).filter(
        reach.q(path="area__path", province="area__province", area="area_id")
    )


def users(viewer: User) -> QuerySet[User]:
    """Accounts the viewer manages: all their live grants lie in the viewer's area, or none does."""
    reach = visible(viewer, "access.manage")
    if not reach:
        return User.objects.none()
    rows = User.objects.order_by("username")
    if reach.everywhere:
        return rows
    live = Grant.objects.filter(user=OuterRef("pk"), valid__contains=timezone.localdate())
    return rows.exclude(Exists(live.exclude(pk__in=_scoped_grants(reach).values("pk"))))


def grants_of(viewer: User, user: User) -> list[Grant]:
    """A user's grants in the viewer's area, newest first."""
    reach = visible(viewer, "access.manage")
    return list(_scoped_grants(reach).filter(user=user).order_by("-given_at")) if reach else []


def own_jobs(viewer: User) -> QuerySet[Job]:
    """The jobs the viewer started: only these may they stop."""
    return Job.objects.filter(actor=viewer.id)


def seals(viewer: User) -> audit.State | None:
    """How far the trail is sealed; a figure of the nation, for who sees the whole of it."""
    return audit.state() if visible(viewer, "audit.read").everywhere else None


def seal_is_late(viewer: User) -> bool:
    """Whether the newest event of more than an hour ago is unsealed; for who sees the nation's."""
    if not visible(viewer, "audit.read").everywhere:
        return False
    before = timezone.now() - SEAL_LATE
    sealed = Sealed.objects.filter(event_id=OuterRef("pk"))
    last = Event.objects.filter(at__lt=before).annotate(sealed=Exists(sealed)).order_by("-at")
    return last.values_list("sealed", flat=True).first() is False


def jobs_to_look_at(viewer: User) -> list[Job]:
    """The viewer's own jobs that wait, run or failed of late, newest first."""
    open_ones = Q(state__in=[JobState.WAITING, JobState.RUNNING])
    return list(own_jobs(viewer).filter(open_ones | _failed_lately()).order_by("-created_at")[:5])


def failed_jobs(viewer: User) -> int:
    """How many jobs of others failed of late; 0 for who may not see them."""
    if not visible(viewer, "jobs.read").everywhere:
        return 0
    return Job.objects.filter(_failed_lately()).exclude(actor=viewer.id).count()


def _failed_lately() -> Q:
    return Q(state=JobState.FAILED, ended_at__gt=timezone.now() - LATELY)


def grantable_sets(viewer: User) -> QuerySet[AreaSet]:
    """Catchments and sponsors, for who manages the whole nation: they cross provinces."""
    sets = AreaSet.objects.order_by("kind", "name_fa")
    return sets if visible(viewer, "access.manage").everywhere else sets.none()


def events(viewer: User) -> QuerySet[Event]:
    """The audit trail of the viewer's area, each row with the actor's `username`."""
    reach = visible(viewer, "audit.read")
    if not reach:
        return Event.objects.none()
    actor = User.objects.filter(id=OuterRef("actor")).values("username")
    rows = Event.objects.annotate(username=Subquery(actor))
    if reach.everywhere:
        return rows
    within = Q(pk__in=[])
    for path in (*(f"ir.p{p}" for p in reach.provinces), *reach.subtrees):
        within |= Q(area_path=path) | Q(area_path__startswith=f"{path}.")
    return rows.filter(within)


def jobs(viewer: User) -> QuerySet[Job]:
    """Background jobs: one's own, and everybody's for who may see the nation's."""
    rows = Job.objects.all()
    return rows if visible(viewer, "jobs.read").everywhere else rows.filter(actor=viewer.id)
