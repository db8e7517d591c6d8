"""Reads of the lists of cover, limited to the viewer's area."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.expressions import RawSQL

from pooshesh.access.queries import Viewer, countable, visible
from pooshesh.coverage.doubles import doubles
from pooshesh.coverage.models import (
    Account,
    Birth,
    Insurer,
    Notice,
    Scheme,
    Source,
    Spell,
    Suspension,
)
from pooshesh.coverage.queries import READ, WRITE, _of_persons
from pooshesh.kernel.money import Rial
from pooshesh.people.models import Identifier, Membership, Relation
from pooshesh.people.names import words_of
from pooshesh.people.queries import blinds
from pooshesh.places.models import Area, AreaKind

#: Days past due → the first day number of the next bucket.
AGES = (0, 30, 90, 365)


def by_name(rows: QuerySet[Any], text: str, person: str) -> QuerySet[Any]:
    """Rows whose person (`person` is the field) has all typed words in the name, or the number."""
    if any(char.isdecimal() for char in text):
        held = Identifier.objects.filter(blind__in=blinds(text), replaced_at=None)
        return rows.filter(**{f"{person}__in": held.values("person_id")})
    return rows.filter(**{f"{person}__words__contains": words_of(text, "")})


# --- funds -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FundCount:
    """Persons of one province in one fund of ours, or with another insurer, on a day."""

    province: str
    province_name: str
    insurer: Insurer
    scheme: str
    persons: int
    suspended: int

    @property
    def pk(self) -> str:
        return f"{self.province}{self.insurer.pk}{self.scheme}"

    @property
    def fund(self) -> str:
        return str(Scheme(self.scheme).label) if self.scheme else str(self.insurer)


def fund_counts(viewer: Viewer, day: dt.date) -> list[FundCount]:
    """How many persons each fund covers in each province, where cover was given; 4 statements."""
    reach = countable(viewer, READ)
    groups = ("province", "insurer_id", "scheme")
    spells = reach.limit(Spell.objects.on(day))
    counts = spells.values(*groups).annotate(count=Count("pk")).order_by(*groups)
    paused = Suspension.objects.on(day).filter(person=OuterRef("person"))
    suspended = {
        tuple(row[name] for name in groups): row["count"]
        for row in spells.filter(Exists(paused), insurer__ours=True)
        .values(*groups)
        .annotate(count=Count("pk"))
        .order_by()
    }
    insurers = Insurer.objects.in_bulk()
    names = {one.province: str(one) for one in Area.objects.filter(kind=AreaKind.PROVINCE)}
    return [
        FundCount(
            row["province"], names.get(row["province"], row["province"]),
            insurers[row["insurer_id"]], row["scheme"], row["count"],
            suspended.get((row["province"], row["insurer_id"], row["scheme"]), 0),
        )
        for row in counts
    ]  # fmt: skip


# --- spells ------------------------------------------------------------------------------


def spells(
    viewer: Viewer, day: dt.date | None = None, *, insurer: str = "", scheme: str = "",
    suspended: bool = False,
) -> QuerySet[Spell]:  # fmt: skip
    """Believed spells of persons in the viewer's area, of one day or of all time.

    Each with `paused`: whether it is suspended on the day.
    """
    rows = Spell.objects.on(day) if day else Spell.objects.known()
    if insurer:
        rows = rows.filter(insurer_id=insurer)
    if scheme:
        rows = rows.filter(scheme=scheme)
    held = Suspension.objects.known().filter(
        person=OuterRef("person"), valid__overlap=OuterRef("valid")
    )
    if day:
        held = held.filter(valid__contains=day)
    marked: QuerySet[Any] = rows.annotate(
        paused=ExpressionWrapper(Q(insurer__ours=True) & Exists(held), BooleanField())
    )
    if suspended:
        marked = marked.filter(Exists(held), insurer__ours=True)
    return _of_persons(viewer, READ, marked).select_related("person__area", "insurer")


# --- arrears ------------------------------------------------------------------------------

_OLDEST = """(
  select min(x.due_on) from (
    select i.due_on, sum(i.amount) over (order by i.due_on, i.number) as upto
    from coverage_invoice i
    where i.household_id = coverage_account.household_id and i.cancelled_at is null
  ) x where x.upto > coverage_account.paid - coverage_account.refunded
)"""


def arrears(viewer: Viewer) -> QuerySet[Any]:
    """Accounts of the viewer's area that owe something.

    Each with `owed` (rial), `oldest` (when the first unpaid invoice was due), `head_id` and
    `head_name`.
    """
    head = Membership.objects.known().filter(
        household=OuterRef("household"), relation=Relation.HEAD, valid__endswith=None
    )
    rows = (
        Account.objects.filter(billed__gt=F("paid") - F("refunded"))
        .select_related("area")
        .annotate(
            owed=F("billed") - F("paid") + F("refunded"),
            oldest=RawSQL(_OLDEST, [], output_field=DateField()),  # noqa: S611 - our own words
            head_id=Subquery(head.values("person_id")[:1]),
            first_name=Subquery(head.values("person__first_name")[:1]),
            last_name=Subquery(head.values("person__last_name")[:1]),
        )
    )
    return visible(viewer, READ).limit(rows)


def of_member(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Accounts of households a member of which has the typed name or number."""
    members = by_name(Membership.objects.known(), text, "person")
    return rows.filter(household__in=members.values("household_id"))


@dataclass(frozen=True, slots=True)
class Age:
    """Households that are late by some days: `first`–`last`; the last age has no end."""

    first: int | None  # None: not due yet
    last: int | None
    households: int
    owed: Rial


def age_of(oldest: dt.date, today: dt.date) -> int:
    """The place of a due day among `ages`: 0 is not due yet."""
    late = (today - oldest).days
    return 0 if late <= 0 else 1 + sum(late > edge for edge in AGES[1:])


def ages(viewer: Viewer, today: dt.date) -> list[Age]:
    """Arrears of the viewer's area by how late the oldest unpaid invoice is."""
    made = [[0, 0] for _ in range(len(AGES) + 1)]
    rows = arrears(viewer).order_by().values_list("oldest").annotate(n=Count("pk"), sum=Sum("owed"))
    for oldest, count, owed in rows:
        cell = made[age_of(oldest, today)]
        cell[0], cell[1] = cell[0] + count, cell[1] + owed
    lasts = (*AGES[1:], None)
    late = [(first + 1, last) for first, last in zip(AGES, lasts, strict=True)]
    edges: Sequence[tuple[int | None, int | None]] = [(None, None), *late]
    return [
        Age(first, last, count, Rial(owed))
        for (first, last), (count, owed) in zip(edges, made, strict=True)
    ]


# --- notices ------------------------------------------------------------------------------


def notices(viewer: Viewer) -> QuerySet[Notice]:
    """Notices to persons in the viewer's area, each with `acted`: cover rests because of it."""
    acted = Suspension.objects.known().filter(notice=OuterRef("pk"))
    rows = Notice.objects.annotate(acted=Exists(acted)).select_related("person", "area")
    return _at_home(viewer, READ, rows)


def notice(viewer: Viewer, notice_id: UUID, permission: str = WRITE) -> Notice | None:
    """A notice to a person in the viewer's area."""
    rows = Notice.objects.select_related("person__area")
    return _at_home(viewer, permission, rows).filter(pk=notice_id).first()


def _at_home(viewer: Viewer, permission: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows about persons who live in the viewer's area now."""
    return visible(viewer, permission).limit(
        rows, path="person__area_path", province="person__province", area="person__area_id"
    )


NOTICE_STATES = {
    "open": lambda today: Q(withdrawn_at=None, acted=False, deadline__gt=today),
    "due": lambda today: Q(withdrawn_at=None, acted=False, deadline__lte=today),
    "acted": lambda today: Q(acted=True),
    "withdrawn": lambda today: Q(withdrawn_at__isnull=False),
}


def notice_state(one: Any, today: dt.date) -> str:
    """open, due (nothing was done by its deadline), acted or withdrawn."""
    if one.withdrawn_at:
        return "withdrawn"
    if one.acted:
        return "acted"
    return "open" if one.deadline > today else "due"


def insurer(code: str) -> Insurer | None:
    """An insurer by its code."""
    return Insurer.objects.filter(pk=code).first()


# --- newborns ------------------------------------------------------------------------------

BIRTH_STATES = ("grace", "over", "enrolled")


def births(viewer: Viewer, today: dt.date) -> QuerySet[Any]:
    """Newborns in the viewer's area, each with `enrolled`: there is cover beyond the grace."""
    own = Spell.objects.known().filter(
        person=OuterRef("person"), source=Source.ENROLMENT, insurer__ours=True
    )
    rows = Birth.objects.annotate(enrolled=Exists(own)).select_related("person__area", "parent")
    return _at_home(viewer, READ, rows)


def birth_state(one: Any, today: dt.date) -> str:
    """grace, over (not covered any more, a clerk's work) or enrolled."""
    if one.enrolled:
        return "enrolled"
    return "grace" if one.grace_until > today else "over"


def births_in(rows: QuerySet[Any], state: str, today: dt.date) -> QuerySet[Any]:
    """Only those of a state."""
    match state:
        case "enrolled":
            return rows.filter(enrolled=True)
        case "grace":
            return rows.filter(enrolled=False, grace_until__gt=today)
        case "over":
            return rows.filter(enrolled=False, grace_until__lte=today)
    return rows


def waiting(viewer: Viewer, today: dt.date) -> dict[str, int]:
    """What waits for a clerk of the viewer's area: counts by list, for the home page."""
    return {
        "due": notices(viewer).filter(NOTICE_STATES["due"](today)).count(),
        "births": births_in(births(viewer, today), "over", today).count(),
        "doubles": doubles(viewer, today).order_by().count(),
    }
