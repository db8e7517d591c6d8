"""Reads of agreements: the register, and whether one allows something on a day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.kernel.text import search_key
from pooshesh.partners.models import Agreement, AgreementTerm, DataClass, Organisation, Scope
from pooshesh.partners.queries import OURS, READ, WRITE, own_ids
from pooshesh.partners.terms import WARN_DAYS, Facts, Standing, permits, standing
from pooshesh.places.models import Area


def facts_of(agreement: Agreement) -> Facts:
    """What decides about an agreement, from its terms and areas (prefetched in lists)."""
    spans = tuple(
        (term.valid.lower, term.valid.upper)
        for term in agreement.terms.all()
        if term.recorded.upper is None
    )
    return Facts(
        frozenset(agreement.scopes), frozenset(agreement.data_classes), spans,
        tuple(area.path for area in agreement.areas.all()), agreement.ended_on,
    )  # fmt: skip


def standing_of(agreement: Agreement, day: dt.date | None = None) -> Standing:
    """How an agreement stands on a day (default: today)."""
    return standing(facts_of(agreement), day or timezone.localdate())


def data_exchange_allowed(
    organisation: Organisation | None,
    data_class: DataClass,
    on: dt.date,
    area: Area | None = None,
) -> Agreement | None:
    """The agreement under which this insurer and an organisation exchange a class of data.

    Both are parties, it is in force on the day, names data exchange with that class, and is for
    the whole country or for an area that holds `area`. None: there is none, do not exchange.
    """
    if organisation is None:
        return None
    rows = _between(organisation).filter(
        Exists(Agreement.parties.through.objects.filter(
            agreement_id=OuterRef("pk"), organisation__code=OURS
        ))
    )  # fmt: skip
    path = area.path if area else ""
    return _first(rows, Scope.DATA_EXCHANGE, on, [path], data_class=data_class)


def sponsorship_allowed(
    sponsor: Organisation, areas: Iterable[Area], on: dt.date
) -> Agreement | None:
    """The agreement under which an organisation answers for all of the areas on a day."""
    return _first(_between(sponsor), Scope.SPONSORSHIP, on, [area.path for area in areas])


def sponsorships(on: dt.date) -> dict[UUID, tuple[Agreement, Standing]]:
    """Organisation → an agreement on sponsorship in force on a day, with its standing."""
    rows = _with_facts(Agreement.objects.filter(scopes__contains=[Scope.SPONSORSHIP]))
    found: dict[UUID, tuple[Agreement, Standing]] = {}
    for agreement in rows.prefetch_related("parties").order_by("signed_on", "pk"):
        stands = standing_of(agreement, on)
        if stands in (Standing.VALID, Standing.EXPIRING):
            found |= {party.pk: (agreement, stands) for party in agreement.parties.all()}
    return found


def _between(organisation: Organisation) -> QuerySet[Agreement]:
    return Agreement.objects.filter(parties=organisation)


def _first(
    rows: QuerySet[Agreement], scope: Scope, on: dt.date, paths: Sequence[str],
    data_class: str = "",
) -> Agreement | None:  # fmt: skip
    candidates = _with_facts(rows.filter(scopes__contains=[scope])).order_by("signed_on", "pk")
    for agreement in candidates:
        facts = facts_of(agreement)
        if all(permits(facts, scope, on, data_class=data_class, path=path) for path in paths):
            return agreement
    return None


def _with_facts(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    return rows.prefetch_related(
        Prefetch("terms", AgreementTerm.objects.known().order_by("valid")), "areas"
    )


def agreements(user: User) -> QuerySet[Agreement]:
    """Agreements the viewer sees: national ones, those about their area, those of their own side.

    Each with `ends` (first day without, None: open) and its parties, terms and areas prefetched.
    """
    if not user.may(READ):
        return Agreement.objects.none()
    reach = user.reach(READ)
    rows = _with_facts(Agreement.objects.all()).prefetch_related("parties")
    last = AgreementTerm.objects.known().filter(agreement=OuterRef("pk")).order_by("-valid")
    first = AgreementTerm.objects.known().filter(agreement=OuterRef("pk")).order_by("valid")
    rows = rows.annotate(
        starts=Subquery(first.annotate(day=F("valid__startswith")).values("day")[:1]),
        ends=Subquery(last.annotate(day=F("valid__endswith")).values("day")[:1]),
    )
    if reach.everywhere:
        return rows
    limited = Agreement.areas.through.objects.filter(agreement_id=OuterRef("pk"))
    within = limited.filter(reach.q("area__path", "area__province", "area_id"))
    party = Agreement.parties.through.objects.filter(
        agreement_id=OuterRef("pk"), organisation_id__in=own_ids(user)
    )
    return rows.filter(~Exists(limited) | Exists(within) | Exists(party))


def agreement(user: User, agreement_id: UUID) -> Agreement:
    """One agreement the viewer sees. Raises Agreement.DoesNotExist."""
    return agreements(user).get(id=agreement_id)


def may_write(user: User, agreement: Agreement) -> bool:
    """Whether the viewer keeps an agreement: all who write everywhere, else one of their area."""
    reach = user.reach(WRITE)
    areas = agreement.areas.all()
    return reach.everywhere or (bool(areas) and all(reach.covers(a.path, a.pk) for a in areas))


def may_read_paper(user: User, agreement: Agreement) -> bool:
    """Whether the viewer may open the signed paper: who keeps the agreement, and the parties."""
    own = own_ids(user)
    return may_write(user, agreement) or any(party.pk in own for party in agreement.parties.all())


def of_standing(
    rows: QuerySet[Agreement], asked: str, day: dt.date | None = None
) -> QuerySet[Agreement]:
    """Agreements that stand so on a day, decided as one by one; "" is all."""
    if not asked:
        return rows
    on = day or timezone.localdate()
    found = [one.pk for one in rows if standing_of(one, on) == asked]
    return rows.filter(pk__in=found)


def expiring(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Agreements in their last days."""
    return of_standing(rows, Standing.EXPIRING)


def terms(agreement: Agreement) -> QuerySet[AgreementTerm]:
    """The terms as believed now, newest first."""
    return AgreementTerm.objects.known().filter(agreement=agreement).order_by("-valid")


def scope_titles(agreement: Agreement) -> list[str]:
    """What it is for, in words."""
    return [str(Scope(code).label) for code in agreement.scopes]


def data_titles(agreement: Agreement) -> list[str]:
    """The classes of data it names, in words."""
    return [str(DataClass(code).label) for code in agreement.data_classes]


def ending_soon(day: dt.date) -> QuerySet[AgreementTerm]:
    """Terms in force that end within the days of warning and were not warned of yet."""
    return (
        AgreementTerm.objects.on(day)
        .filter(warned_at=None, valid__endswith__lte=day + dt.timedelta(WARN_DAYS))
        .select_related("agreement")
    )


def search(rows: QuerySet[Agreement], text: str) -> QuerySet[Agreement]:
    """Agreements whose title or number, or a party's name, holds `text`."""
    wanted = search_key(text)
    party = Agreement.parties.through.objects.filter(
        agreement_id=OuterRef("pk"), organisation__search_key__contains=wanted
    )
    return rows.filter(Q(search_key__contains=wanted) | Exists(party))
