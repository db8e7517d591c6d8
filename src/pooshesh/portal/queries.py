"""Every read of the portal: through a visit for patients, within the area for the desk."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Prefetch, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.models import Grant, User
from pooshesh.access.roles import ROLES
from pooshesh.kernel.models import Event, Subject
from pooshesh.ledger.models import Voucher
from pooshesh.people.merged import of_human
from pooshesh.people.models import Person
from pooshesh.places.models import AreaKind
from pooshesh.places.queries import EVERYWHERE, areas
from pooshesh.portal.messages import WORDS
from pooshesh.portal.models import (
    Mandate,
    Message,
    Newcomer,
    NewcomerState,
    Sits,
    Template,
    Term,
    Told,
    Visit,
)
from pooshesh.portal.sealing import MOBILE, NAME, NUMBER, masked, opened
from pooshesh.web.registry import name_of

WORK, WRITE_WORDS = "fund.work", "fund.words"
LOOKS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Look:
    """Something that was done with a record: when, in which role, what, and what for."""

    at: dt.datetime
    who: str
    action: str
    purpose: str


def looks(visit: Visit, limit: int = LOOKS_SHOWN) -> list[Look]:
    """The latest that was done with the patient's record, newest first; never a name. 4 statements.

    A role is what the person held on that day, not today.
    """
    person = visit.person_id
    events = list(
        Event.objects.filter(
            pk__in=Subject.objects.filter(person_id__in=of_human(person)).values("event")
        ).order_by("-at", "-pk")[:limit]
    )
    actors = {event.actor for event in events if event.actor}
    grants: dict[UUID, list[Grant]] = {}
    for grant in Grant.objects.filter(user__in=actors).order_by("pk"):
        grants.setdefault(grant.user_id, []).append(grant)
    visits = Visit.objects.select_related("mandate").in_bulk(actors)
    return [
        Look(
            e.at, _role(e, grants, visits, person), name_of(e.action),
            name_of(e.purpose) if e.purpose else "",
        )
        for e in events
    ]  # fmt: skip


def _role(
    event: Event, grants: dict[UUID, list[Grant]], visits: dict[UUID, Visit], person: UUID
) -> str:
    if event.actor is None:
        return _("The system")
    visit = visits.get(event.actor)
    if visit:
        if visit.mandate:
            return str(visit.mandate.get_kind_display())
        return _("You, with a helper") if visit.sits == Sits.HELPER else _("You")
    day = timezone.localdate(event.at)
    held = [ROLES[g.role].title for g in grants.get(event.actor, ()) if day in g.valid]
    return "، ".join(dict.fromkeys(map(str, held))) or _("A member of staff")


def messages(visit: Visit) -> QuerySet[Message]:
    """What the patient was told by message, newest first."""
    rows = Message.objects.filter(person__in=of_human(visit.person_id))
    return rows.exclude(masked="").order_by("-made_at")


def homes() -> list[tuple[str, list[tuple[str, str]]]]:
    """Where a patient may live, for a box: province → its counties (id, name); 1 statement."""
    kinds = (AreaKind.PROVINCE, AreaKind.COUNTY)
    rows = list(areas(EVERYWHERE).filter(kind__in=kinds).order_by("sort_key"))
    counties: dict[str, list[tuple[str, str]]] = {}
    for one in rows:
        if one.kind == AreaKind.COUNTY:
            counties.setdefault(one.province, []).append((str(one.pk), str(one)))
    return [
        (str(one), counties.get(one.province, [(str(one.pk), str(one))]))
        for one in rows
        if one.kind == AreaKind.PROVINCE
    ]


def amounts_of(vouchers: Sequence[UUID]) -> dict[UUID | None, int]:
    """The rial of vouchers."""
    return dict(Voucher.objects.filter(pk__in=vouchers).values_list("pk", "amount"))


# --- newcomers, at the desk --------------------------------------------------------------------


def newcomers(user: User) -> QuerySet[Newcomer]:
    """First applications in the desk's area; those to be seen first, the oldest before."""
    rows = user.reach(WORK).limit(Newcomer.objects.select_related("person__area"))
    return rows.annotate(waits=Case(When(state=NewcomerState.OPEN, then=0), default=1)).order_by(
        "waits", "made_at"
    )


def newcomer(user: User, newcomer_id: UUID) -> Newcomer | None:
    """One of them."""
    return newcomers(user).filter(pk=newcomer_id).first()


# --- mandates, at the desk --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """A mandate as the desk reads it; `last` None is without end, `holds` on the day asked for."""

    mandate: Mandate
    name: str
    number: str
    mobile: str
    first: dt.date | None
    last: dt.date | None
    holds: bool


def patients(user: User) -> QuerySet[Person]:
    """Persons whose mandates the desk may work."""
    return user.reach(WORK).limit(Person.objects.select_related("area"))


def patient(user: User, person_id: UUID) -> Person | None:
    """One of them."""
    return patients(user).filter(pk=person_id).first()


def mandate(user: User, mandate_id: UUID) -> Mandate | None:
    """A mandate of the desk's area."""
    rows = user.reach(WORK).limit(Mandate.objects.select_related("person"))
    return rows.filter(pk=mandate_id).first()


def mandates(
    user: User, on: dt.date, known: dt.datetime | None = None, person: Person | None = None
) -> list[Held]:
    """Mandates of the desk's area as they stood on a day, as known at a moment; newest first."""
    terms = Term.objects.known(known).order_by("valid")
    rows = user.reach(WORK).limit(
        Mandate.objects.select_related("person").prefetch_related(
            Prefetch("terms", terms, to_attr="believed")
        )
    )
    if person:
        rows = rows.filter(person__in=of_human(person.pk))
    return [_held(one, one.believed, on) for one in rows.order_by("-made_at") if one.believed]


def held(one: Mandate, on: dt.date) -> Held:
    """A mandate as it stands now; 1 statement."""
    return _held(one, Term.objects.known().filter(mandate=one).order_by("valid"), on)


def terms(one: Mandate) -> list[Term]:
    """Everything ever believed about the time of a mandate, the newest first."""
    return list(Term.objects.filter(mandate=one).order_by("-recorded"))


def acting(visit: Visit, on: dt.date) -> list[Held]:
    """Who may act for the patient on a day; who acts by a mandate sees that one alone."""
    rows = Mandate.objects.filter(person__in=of_human(visit.person_id)).prefetch_related(
        Prefetch("terms", Term.objects.known().order_by("valid"), to_attr="believed")
    )
    if visit.mandate_id:
        rows = rows.filter(pk=visit.mandate_id)
    found = (_held(one, one.believed, on) for one in rows.order_by("-made_at") if one.believed)
    return [one for one in found if one.holds]


def _held(one: Mandate, believed: Iterable[Term], on: dt.date) -> Held:
    days = [term.valid for term in believed]
    upper = days[-1].upper if days else on
    return Held(
        one, opened(one.holder_name, NAME), opened(one.holder_number, NUMBER),
        masked(opened(one.holder_mobile, MOBILE)), days[0].lower if days else None,
        upper - dt.timedelta(days=1) if upper else None, any(on in day for day in days),
    )  # fmt: skip


# --- words of messages ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a message now; `since` None where nobody wrote others."""

    event: Told
    text: str
    since: dt.datetime | None


def templates() -> list[Words]:
    """The words of every message."""
    newest = {
        row.event: row
        for row in Template.objects.order_by("event", "-made_at", "-pk").distinct("event")
    }
    return [
        Words(e, newest[e].text, newest[e].made_at) if e in newest else Words(e, WORDS[e], None)
        for e in Told
    ]


def words_before(event: str) -> list[Template]:
    """Words a message had, newest first."""
    return list(Template.objects.filter(event=event).order_by("-made_at", "-pk")[:20])
