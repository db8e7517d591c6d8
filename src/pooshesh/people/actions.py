"""The only writers of people: each function is one verb, one transaction, one audit event.

Persons and households are passed as rows that `queries` gave for `people.write`.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from pooshesh.access.models import BrokenGlass, User
from pooshesh.access.queries import visible
from pooshesh.kernel import audit
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.kernel.identifiers import Identifier as Read
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import state
from pooshesh.people import judging, links, matchkeys
from pooshesh.people.held import Held, noted
from pooshesh.people.judging import judge_persons as judge_persons
from pooshesh.people.merged import one_human
from pooshesh.people.merging import merge as merge
from pooshesh.people.merging import unmerge as unmerge
from pooshesh.people.models import (
    Death,
    Decile,
    Household,
    Identifier,
    IdentifierKind,
    LegalStatus,
    Membership,
    Person,
    Standing,
)
from pooshesh.people.names import LONGEST_NAME
from pooshesh.people.queries import person_in_emergency
from pooshesh.people.recognition import (
    CensusPerson,
    blinds_of,
    holders_of,
    identity_of,
    queue_for,
)
from pooshesh.people.registration import (
    NameKeys,
    keep_words,
    lock_persons,
    register_census,
    sealed_mobile,
)
from pooshesh.people.signals import died
from pooshesh.places.models import Area
from pooshesh.web.format import jdate

GLASS_LASTS = dt.timedelta(minutes=60)
SHORTEST_REASON = 10
UNPROVEN = (LegalStatus.FOUND, LegalStatus.IDENTIFIED)  # steps of finding out

explain(
    {
        "people.name_missing": gettext_noop("Write a first name or a last name."),
        "people.name_long": gettext_noop(
            "The name “%(read)s” has %(length)s letters; at most %(most)s fit."
        ),
        "people.birth_future": gettext_noop("The birth date %(read)s lies in the future."),
        "people.verified_once": gettext_noop(
            "The number “%(read)s” is verified for another person; two people never share one."
        ),
        "people.end_before_start": gettext_noop(
            "The end %(end)s is not after the start %(start)s."
        ),
        "people.decile_range": gettext_noop("“%(read)s” is not a decile; expected 1 to 10."),
        "people.death_before_birth": gettext_noop(
            "The day of death %(read)s is before the birth %(birth)s."
        ),
        "people.death_future": gettext_noop("The day of death %(read)s lies in the future."),
        "people.death_known": gettext_noop("The death of this person is recorded already."),
        "people.nobody": gettext_noop("Nobody with the number “%(read)s” is registered."),
        "people.reason_short": gettext_noop(
            "Write the reason in at least %(least)s letters; it is kept and read by others."
        ),
    }
)


# --- registering ----------------------------------------------------------------------


def problems(
    newcomer: CensusPerson, today: dt.date | None = None, read: Sequence[Read] | None = None
) -> list[tuple[str, Invalid]]:
    """(field, what is wrong) of somebody about to be registered; empty when all is well.

    `read` are the newcomer's identifiers where they were graded already.
    """
    found: list[tuple[str, Invalid]] = []
    if not (clean(newcomer.first_name) or clean(newcomer.last_name)):
        found.append(("first_name", Invalid("people.name_missing")))
    found += [
        (field, error)
        for field in ("first_name", "last_name", "father_name")
        if (error := long_name(getattr(newcomer, field)))
    ]
    if newcomer.birth_date and newcomer.birth_date > (today or timezone.localdate()):
        day = jdate(newcomer.birth_date)
        found.append(("birth_date", Invalid("people.birth_future", read=day)))
    for one in newcomer.identifiers() if read is None else read:
        remark = one.remark()
        if one.grade is Grade.PSEUDO and remark:
            found.append((one.kind.value, remark))
    mobile = grade(Kind.MOBILE, newcomer.mobile).remark()
    if mobile:
        found.append(("mobile", mobile))
    return found


def long_name(name: str) -> Invalid | None:
    """What is wrong with a name that does not fit its column."""
    if len(name) <= LONGEST_NAME or len(clean(name)) <= LONGEST_NAME:
        return None
    return Invalid("people.name_long", read=name[:20], length=len(name), most=LONGEST_NAME)


def register_household(
    members: Sequence[CensusPerson],
    *,
    area: Area,
    on: dt.date,
    actor: UUID | None,
    address: str = "",
    into: Household | None = None,
    unlike: Sequence[Collection[UUID]] = (),
) -> tuple[UUID, list[UUID]]:
    """Register people who live together; (household, persons in the order given).

    They join the household `into` of the area, or found one. `unlike` are for each member the
    persons of whom the clerk said that it is none of them; that is kept as judged.

    Raises Invalid for the first problem of the first member that has one, and for a trusted
    identifier that somebody holds already: by form one opens that record instead.
    """
    for one in members:
        for _, error in problems(one):
            raise error
    with noted(actor):
        queue_for(blinds_of(read for one in members for read in one.identifiers()))
        for one in members:
            _refuse_held(one, actor)
        together = [replace(one, row=row, household="together") for row, one in enumerate(members)]
        done = register_census(
            together, area=area, on=on, actor=actor, into=into.pk if into else None
        )
        persons = [done.persons[one.row] for one in together]
        for person, others in zip(persons, unlike, strict=False):
            judging.tell_apart(person, others, actor=actor)
        household = Membership.objects.on(on).get(person=persons[0]).household_id
        if address:
            Household.objects.filter(pk=household).update(address=clean(address))
        return household, persons


def register_person(
    newcomer: CensusPerson,
    *,
    area: Area,
    on: dt.date,
    actor: UUID | None,
    into: Household | None = None,
) -> UUID:
    """Register one person, alone or into a household. Raises as `register_household`."""
    return register_household([newcomer], area=area, on=on, actor=actor, into=into)[1][0]


def _refuse_held(one: CensusPerson, actor: UUID | None) -> None:
    for (_, value), holders in holders_of(blinds_of(identity_of(one.identifiers()))).items():
        raise Held(value, holders, one, actor)


# --- changing -------------------------------------------------------------------------


@transaction.atomic
def rename(
    person: Person, *, first_name: str, last_name: str, father_name: str, actor: UUID
) -> None:
    """Correct the names of a person."""
    first, last, father = clean(first_name), clean(last_name), clean(father_name)
    if not (first or last):
        raise Invalid("people.name_missing")
    for name in (first, last, father):
        if error := long_name(name):
            raise error
    lock_persons([person.pk])
    keys = NameKeys.of(first, last)
    keep_words(keys.words)
    Person.objects.filter(pk=person.pk).update(
        first_name=first, last_name=last, father_name=father, **keys._asdict()
    )
    matchkeys.renew(Person.objects.filter(pk=person.pk))
    _record("people.rename", person, actor, first_name=first, last_name=last, father_name=father)


def set_identifier(
    person: Person, kind: IdentifierKind, raw: str, *, actor: UUID, verified: bool = False
) -> Identifier:
    """Write an identifier in place of the person's other one of the kind.

    `verified`: the issuing authority confirmed it. Raises Invalid when it fails its own checks,
    or when somebody else holds it: a verified one is held once, which the database keeps.
    """
    read = grade(Kind(kind.value), raw, verified=verified)
    if read.grade in (Grade.PSEUDO, Grade.MISSING):
        raise read.remark() or Invalid(f"{read.kind}.length", read=raw)
    with noted(actor):
        blinds = blinds_of([read])
        queue_for(blinds)
        lock_persons([person.pk])
        held_by = [h for holders in holders_of(blinds).values() for h in holders]
        records = one_human(person.pk)
        others = [holder for holder in held_by if holder.person not in records]
        if others:
            raise Held(read.value, others, person, actor)
        keys = keyring()
        held = Identifier.objects.filter(person__in=records, kind=kind, replaced_at=None)
        held.update(replaced_at=timezone.now())
        try:
            with transaction.atomic():
                made = Identifier.objects.create(
                    person=person, kind=kind, grade=read.grade.value,
                    sealed=keys.seal(read.value, read.kind),
                    blind=keys.index(read.value, read.kind),
                    key_version=keys.keys[0].version,
                )  # fmt: skip
        except IntegrityError as error:
            raise Invalid("people.verified_once", read=read.value) from error
        _record("people.set_identifier", person, actor, identifier=made.pk)
        return made


@transaction.atomic
def set_mobile(person: Person, raw: str, *, actor: UUID) -> None:
    """Write the person's mobile number; "" takes it away."""
    remark = grade(Kind.MOBILE, raw).remark()
    if remark:
        raise remark
    lock_persons([person.pk])
    sealed, blind = sealed_mobile(raw)
    Person.objects.filter(pk=person.pk).update(mobile=sealed, mobile_blind=blind)
    matchkeys.renew(Person.objects.filter(pk=person.pk))
    _record("people.set_mobile", person, actor, mobile=blind and blind.hex())


@transaction.atomic
def move(
    person: Person, household: Household, relation: str, *, since: dt.date, actor: UUID
) -> Membership:
    """Let a person belong to a household from a day on, until a later move known already; where
    there is none they live where the household is."""
    lock_persons([person.pk])
    until = _next(Membership.objects.known().filter(person=person), since)
    made = state(
        Membership, {"person": person}, {"household": household, "relation": relation}, since,
        until,
    )  # fmt: skip
    assert made is not None
    if until is None:
        Person.objects.filter(pk=person.pk).update(
            area=household.area_id, area_path=household.area_path, province=household.province
        )
        links.follow([person.pk], household.area)
    _record("people.move", person, actor, household=household.pk, relation=relation, since=since)
    return made


@transaction.atomic
def set_decile(
    household: Household,
    decile: int,
    *,
    source: str,
    since: dt.date,
    until: dt.date | None = None,
    actor: UUID,
) -> Decile:
    """State a household's income decile from a day on, with who said so.

    Without an end it holds until the next decile known already: a late fact erases no newer one.
    """
    if not 1 <= decile <= 10:
        raise Invalid("people.decile_range", read=decile)
    _in_order(since, until)
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    until = until or _next(Decile.objects.known().filter(household=household), since)
    made = state(
        Decile, {"household": household}, {"decile": decile, "source": clean(source)}, since, until
    )
    assert made is not None
    members = Membership.objects.on(since).filter(household=household)
    audit.record(
        "people.set_decile", actor=actor, kind="household", object_id=household.pk,
        content={"decile": decile, "source": source, "since": since, "until": until},
        area_path=household.area_path, persons=members.values_list("person_id", flat=True),
    )  # fmt: skip
    return made


@transaction.atomic
def set_standing(
    person: Person,
    status: LegalStatus,
    *,
    nationality: str = "",
    source: str = "",
    since: dt.date,
    until: dt.date | None = None,
    actor: UUID,
) -> Standing:
    """State a person's nationality and legal status from a day on.

    Without an end it holds until the next standing known already. That somebody was merely found
    or identified on a later day is no end of what is proven.
    """
    _in_order(since, until)
    lock_persons([person.pk])
    known = Standing.objects.known().filter(person=person)
    until = until or _next(
        known if status in UNPROVEN else known.exclude(status__in=UNPROVEN), since
    )
    made = state(
        Standing,
        {"person": person},
        {"status": status, "nationality": nationality.upper(), "source": clean(source)},
        since,
        until,
    )
    assert made is not None
    _record("people.set_standing", person, actor, status=status, since=since, until=until)
    return made


def _in_order(since: dt.date, until: dt.date | None) -> None:
    if until is not None and until <= since:
        raise Invalid("people.end_before_start", start=jdate(since), end=jdate(until))


def _next(
    known: QuerySet[Membership] | QuerySet[Decile] | QuerySet[Standing], since: dt.date
) -> dt.date | None:
    """When the first of the facts begins that holds from a later day."""
    later = known.filter(valid__startswith__gt=since).order_by("valid")
    begins: dt.date | None = later.values_list("valid__startswith", flat=True).first()
    return begins


@transaction.atomic
def record_death(person: Person, on: dt.date, *, source: str, actor: UUID) -> Death:
    """Record a death. Rooms that end something with it listen to `died`."""
    if on > timezone.localdate():
        raise Invalid("people.death_future", read=jdate(on))
    if person.birth_date and on < person.birth_date:
        birth = jdate(person.birth_date)
        raise Invalid("people.death_before_birth", read=jdate(on), birth=birth)
    lock_persons([person.pk])
    death, made = Death.objects.get_or_create(
        person=person, defaults={"on": on, "source": clean(source)}
    )
    if not made:
        raise Invalid("people.death_known")
    _record("people.record_death", person, actor, on=on, source=source)
    died.send(Person, person=person, on=on, actor=actor)
    return death


@transaction.atomic
def withdraw_identifier(identifier: Identifier, *, actor: UUID) -> None:
    """Believe no longer that a number is the person's; that it was written down is kept."""
    lock_persons([identifier.person_id])
    held = Identifier.objects.filter(pk=identifier.pk, replaced_at=None)
    if held.update(replaced_at=timezone.now()):
        audit.record(
            "people.withdraw_identifier", actor=actor, kind="identifier",
            object_id=identifier.pk, fields=[identifier.kind], persons=[identifier.person_id],
        )  # fmt: skip


# --- emergencies --------------------------------------------------------------------------


def break_glass(user: User, number: str, reason: str) -> BrokenGlass:
    """Open the record of who holds a number, beyond one's area, for an hour; the reason is kept.

    Raises PermissionDenied to who may nowhere see names by `people.break_glass`, Invalid for too
    short a reason and for a number nobody holds, which leaves a trace as well.
    """
    if not visible(user, "people.break_glass"):
        raise PermissionDenied
    reason = clean(reason)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("people.reason_short", least=SHORTEST_REASON)
    person = person_in_emergency(number)
    if person is None:
        audit.record("people.emergency_miss", actor=user.pk, kind="person", purpose=reason)
        raise Invalid("people.nobody", read=number)
    now = timezone.now()
    with transaction.atomic():
        glass = BrokenGlass.objects.create(
            user=user, person_id=person, reason=reason, began_at=now, ends_at=now + GLASS_LASTS
        )
        audit.record(
            "people.break_glass", actor=user.pk, kind="person", object_id=person, purpose=reason,
            persons=[person],
        )  # fmt: skip
    return glass


def _record(action: str, person: Person, actor: UUID | None, **content: object) -> None:
    audit.record(
        action, actor=actor, kind="person", object_id=person.pk, content=content,
        area_path=person.area_path, persons=[person.pk],
    )  # fmt: skip
