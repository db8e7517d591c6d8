"""Reads of organisations: the list, their people and places, and who speaks for them."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from pooshesh.access.models import Grant, User
from pooshesh.access.queries import Viewer, live_grants
from pooshesh.kernel.text import search_key
from pooshesh.partners.models import Contact, Office, Officer, Organisation
from pooshesh.places.models import Area, AreaSetMember
from pooshesh.places.queries import Declared, completeness, with_province

READ, WRITE, SIGN, TASKS = "partners.read", "partners.write", "partners.sign", "tasks.work"
OURS = "ihio"  # this insurer's own organisation
MUNICIPAL = "municipal_officer"
#: Roles that speak for the organisation whose set of areas they are given over; others only work
#: in its areas.
SPEAKING = ("sponsor_officer", "university_officer")


# --- who speaks for whom ---------------------------------------------------------------


def organisations_of(user: Viewer, on: dt.date | None = None) -> QuerySet[Organisation]:
    """The organisations a user speaks for on a day (default: today).

    Who was named their officer; who is officer over the organisation's own set of areas; and the
    municipal officers of a municipality's area.
    """
    if not isinstance(user, User):
        return Organisation.objects.none()
    grants = [g for g in live_grants(user, on) if not g.counts_only]
    sets = [g.area_set_id for g in grants if g.role in SPEAKING and g.area_set_id]
    cities = [g.area_id for g in grants if g.role == MUNICIPAL and g.area_id]
    named = Officer.objects.on(on or timezone.localdate()).filter(user_id=user.id)
    return Organisation.objects.filter(
        Q(pk__in=named.values("organisation_id"))
        | Q(area_set_id__in=sets)
        | Q(kind="municipality", area_id__in=cities)
    )


def speaks_for(user: Viewer, organisation_id: UUID | None, on: dt.date | None = None) -> bool:
    """Whether a user speaks for one organisation."""
    if organisation_id is None:
        return False
    return organisations_of(user, on).filter(pk=organisation_id).exists()


def own_ids(user: User) -> frozenset[UUID]:
    """Ids of the organisations a user speaks for today, read once per user object."""
    cached: frozenset[UUID] | None = getattr(user, "_speaks_for", None)
    if cached is None:
        cached = frozenset(organisations_of(user).values_list("pk", flat=True))
        user._speaks_for = cached  # type: ignore[attr-defined]
    return cached


def user_called(username: str) -> User | None:
    """The account with a user name, to be named an officer."""
    return User.objects.filter(username__iexact=username.strip(), is_active=True).first()


def names_of(user_ids: set[UUID]) -> dict[UUID, str]:
    """Full names of users, for signatures and histories."""
    return {user.id: str(user) for user in User.objects.filter(id__in=user_ids)}


# --- organisations ---------------------------------------------------------------------


def organisations(user: User) -> QuerySet[Organisation]:
    """Organisations the viewer sees: those of the whole country, and those of their area."""
    if not user.may(READ):
        return Organisation.objects.none()
    reach = user.reach(READ)
    rows = Organisation.objects.select_related("area", "area_set").order_by("sort_key")
    if reach.everywhere:
        return rows
    near = reach.q(path="area__path", province="area__province", area="area_id")
    return rows.filter(Q(area__isnull=True) | near | Q(pk__in=own_ids(user)))


def organisation(user: User, code: str) -> Organisation:
    """One organisation the viewer sees. Raises Organisation.DoesNotExist."""
    return organisations(user).get(code=code)


def may_write(user: User, one: Organisation) -> bool:
    """Whether the viewer keeps an organisation: all who write everywhere, else one of their area.

    One of the whole country is kept by who writes for the whole country.
    """
    reach = user.reach(WRITE)
    return reach.everywhere or (one.area is not None and reach.covers(one.area.path, one.area.pk))


def search(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Organisations whose name or code holds `text`."""
    return rows.filter(search_key__contains=search_key(text))


def by_code(code: str) -> Organisation | None:
    """The organisation with a code, for the product's own decisions."""
    return Organisation.objects.filter(code=code).first()


def offices(user: User, one: Organisation) -> QuerySet[Office]:
    """Open offices of an organisation: those of the whole of it, and those in the viewer's area."""
    rows = Office.objects.filter(organisation=one, closed_on=None).select_related("area")
    reach = user.reach(READ)
    if reach.everywhere or one.pk in own_ids(user):
        return rows.order_by("pk")
    return rows.filter(Q(area__isnull=True) | reach.q()).order_by("pk")


def contacts(one: Organisation) -> QuerySet[Contact]:
    """Who is reached there today."""
    return Contact.objects.on(timezone.localdate()).filter(organisation=one).order_by("pk")


def officers(one: Organisation) -> QuerySet[Officer]:
    """Who was named to speak for it today."""
    return Officer.objects.on(timezone.localdate()).filter(organisation=one).order_by("-head", "pk")


@dataclass(frozen=True)
class Speaker:
    """A user who speaks for an organisation; `officer` when named so, else by a grant.

    `name` may be empty; the `username` is for who names officers.
    """

    name: str
    username: str
    since: dt.date | None
    officer: Officer | None = None


def speakers(one: Organisation) -> list[Speaker]:
    """Everybody who speaks for an organisation today, officers first; 3 statements."""
    today = timezone.localdate()
    named = list(officers(one))
    users = User.objects.in_bulk([o.user_id for o in named])
    found = [
        Speaker(users[o.user_id].full_name, users[o.user_id].username, o.valid.lower, o)
        for o in named
        if o.user_id in users
    ]
    grants = Grant.objects.filter(
        valid__contains=today, user__is_active=True, counts_only=False
    ).filter(
        Q(role__in=SPEAKING, area_set__isnull=False, area_set_id=one.area_set_id)
        | Q(role=MUNICIPAL, area__isnull=False, area_id=one.area_id)
    )
    by_grant = {g.user_id: g for g in grants.select_related("user").order_by("user__username")}
    return found + [
        Speaker(g.user.full_name, g.user.username, g.valid.lower)
        for g in by_grant.values()
        if g.user_id not in users
    ]


def places_of(user: User, one: Organisation) -> QuerySet[Area]:
    """The areas of an organisation's set today that lie in the viewer's area."""
    members = AreaSetMember.objects.on(timezone.localdate()).filter(area_set_id=one.area_set_id)
    rows = Area.objects.filter(pk__in=members.values("area_id")).select_related("parent")
    rows = with_province(rows).order_by("kind", "sort_key")
    if one.pk in own_ids(user):
        return rows
    return user.reach(READ).limit(rows, path="path", area="id")


# --- declared, registered, unassigned (R1) ---------------------------------------------


@dataclass(frozen=True)
class SponsorLine:
    """A sponsor with what was declared of it and what is registered; unit: neighbourhood."""

    organisation: Organisation | None  # None: the set has no organisation yet
    figures: Declared


@dataclass(frozen=True)
class Assignment:
    """Declared v registered v unassigned (mission R1)."""

    lines: list[SponsorLine]
    whole: Declared
    registered_unassigned: int
    declared_unassigned: int | None

    @property
    def about(self) -> bool:
        """Whether what is left over is itself only "about": one of the figures is."""
        return self.whole.about or any(line.figures.about for line in self.lines)


def declared_registered_unassigned(user: User) -> Assignment:
    """The sponsors with their figures, and what is left of the whole, within the viewer's area."""
    found = completeness(user.counts(READ))
    known = {o.code: o for o in organisations(user).filter(kind="sponsor")}
    lines = [SponsorLine(known.get(s.code), s) for s in found.sponsors]
    return Assignment(lines, found.whole, found.unassigned, found.declared_unassigned)
