"""First applications from the portal: who is on record nowhere is registered and let in; whose
number is on record with another mobile is seen by the desk before anything opens."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.disease.models import Disease
from pooshesh.fund import applications
from pooshesh.fund.models import OPEN, Application, Channel, Insured
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.text import clean
from pooshesh.people import actions as people
from pooshesh.people.held import Held
from pooshesh.people.merged import one_human
from pooshesh.people.models import Death, Person, Precision
from pooshesh.people.names import one_person
from pooshesh.people.recognition import CensusPerson, blinds_of, holders_of, identity_of
from pooshesh.people.registration import lock_persons
from pooshesh.places.models import Area
from pooshesh.portal import messages, rights, visits
from pooshesh.portal.finding import born, mobile_on_record
from pooshesh.portal.messages import Note
from pooshesh.portal.models import Code, Newcomer, NewcomerState, Told, Visit
from pooshesh.portal.sealing import TYPED, opened_facts, sealed_facts

MOST_OPEN = 3  # of one record: who knocks again is told the same and writes nothing
SHORTEST_REASON = 5

explain(
    {
        "portal.newcomer_done": gettext_noop("The desk has decided about this already."),
        "portal.newcomer_why": gettext_noop("Write the reason in at least %(least)s letters."),
    }
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A visit with the application, or neither: the desk is to see who it is."""

    visit: Visit | None = None
    application: Application | None = None


def arrive(row: Code) -> Arrived:
    """What becomes of a first application whose code was confirmed."""
    assert row.typed is not None
    facts = opened_facts(row.typed, TYPED)
    newcomer, area = _read(facts), Area.objects.get(pk=facts["area"])
    visit_id = uuid7()
    held = holders_of(blinds_of(identity_of(newcomer.identifiers())))
    holders = {one.person: one for some in held.values() for one in some}
    if not holders:
        try:
            return _register(row, visit_id, newcomer, area, facts)
        except Held as error:  # somebody registered the number meanwhile
            _hand_over(row, error.holders[0], facts)
            return Arrived()
    first, holder = next(iter(holders.items()))
    if len(holders) == 1 and one_person(holder, newcomer):
        person = Person.objects.select_related("area").get(pk=first)
        if facts["mobile"] == mobile_on_record(person, timezone.localdate()):
            return _known(row, visit_id, person, facts)
    _hand_over(row, first, facts)
    return Arrived()


def _read(facts: dict[str, Any]) -> CensusPerson:
    birth = dt.date.fromisoformat(facts["birth_date"])
    child = rights.is_child(birth, timezone.localdate())
    return CensusPerson(
        row=0, relation="head", first_name=facts["first_name"], last_name=facts["last_name"],
        father_name=facts.get("father_name", ""), sex=facts.get("sex", ""), birth_date=birth,
        birth_precision=Precision.DAY, national_id=facts["national_id"],
        foreign_code=facts["foreign_code"],
        # A child has no telephone: the mobile is that of who applies for it.
        mobile="" if child else facts["mobile"],
    )  # fmt: skip


@transaction.atomic
def _register(
    row: Code, visit_id: UUID, newcomer: CensusPerson, area: Area, facts: dict[str, Any]
) -> Arrived:
    pk = people.register_person(newcomer, area=area, on=timezone.localdate(), actor=visit_id)
    person = Person.objects.select_related("area").get(pk=pk)
    Newcomer.objects.create(person=person, fresh=True, **_place(person))
    return _known(row, visit_id, person, facts)


@transaction.atomic
def _known(row: Code, visit_id: UUID, person: Person, facts: dict[str, Any]) -> Arrived:
    if Death.objects.filter(person__in=one_human(person.pk)).exists():
        return Arrived()
    visit = visits.opened(person.pk, row, area_path=person.area_path, visit_id=visit_id)
    return Arrived(visit, _apply(person, facts, visit_id))


def _apply(person: Person, facts: dict[str, Any], actor: UUID) -> Application:
    """The application; the one that is open already where there is one."""
    try:
        return applications.apply(
            person, Disease.objects.get(pk=facts["disease"]), channel=Channel.PORTAL, actor=actor,
            mobile=facts["mobile"], insured=Insured(facts.get("insured", "")),
            note=facts.get("note", ""),
        )  # fmt: skip
    except applications.AlreadyOpen as error:
        return error.application


@transaction.atomic
def _hand_over(row: Code, person_id: UUID, facts: dict[str, Any]) -> None:
    person = Person.objects.get(pk=person_id)
    lock_persons([person.pk])
    open_ones = Newcomer.objects.filter(person=person, fresh=False, state=NewcomerState.OPEN)
    if open_ones.count() < MOST_OPEN:
        Newcomer.objects.create(
            person=person, fresh=False, typed=sealed_facts(facts, TYPED), **_place(person)
        )
    audit.record(
        "portal.knock", actor=None, kind="code", object_id=row.pk, area_path=person.area_path,
        persons=[person.pk],
    )  # fmt: skip


def _place(person: Person) -> dict[str, Any]:
    return {
        "area_id": person.area_id, "area_path": person.area_path, "province": person.province,
    }  # fmt: skip


# --- at the desk --------------------------------------------------------------------------------


@transaction.atomic
def look(row: Newcomer, *, actor: UUID) -> dict[str, Any]:
    """What a newcomer wrote, opened and noted; nothing where it is gone."""
    _record("portal.look_newcomer", row, actor)
    return opened_facts(row.typed, TYPED) if row.typed is not None else {}


@transaction.atomic
def let_in(row: Newcomer, *, actor: UUID) -> None:
    """The desk saw the identity card: the mobile is the patient's, and what was applied for is.

    Raises Invalid when it was decided before.
    """
    now = _locked(row)
    person = Person.objects.select_related("area").get(pk=now.person_id)
    facts = opened_facts(now.typed, TYPED) if now.typed is not None else {}
    if facts:
        if rights.himself(timezone.localdate(), birth=born(person), death=None):
            people.set_mobile(person, facts["mobile"], actor=actor)
        _apply(person, facts, actor)
        told = Note(person.pk, Told.LET_IN, now.pk)
        messages.tell([told], {person.pk: [facts["mobile"]]})
    _end(now, NewcomerState.LET_IN, actor)
    _record("portal.let_in", now, actor)


@transaction.atomic
def refuse(row: Newcomer, *, why: str, actor: UUID) -> None:
    """It was somebody else; what they typed is forgotten. Raises Invalid as `let_in`.

    Where they registered a record themselves, no code goes to its mobile any more.
    """
    why = clean(why)
    if len(why) < SHORTEST_REASON:
        raise Invalid("portal.newcomer_why", least=SHORTEST_REASON)
    now = _locked(row)
    if now.fresh:
        people.set_mobile(Person.objects.get(pk=now.person_id), "", actor=actor)
        _forget_contacts(now.person_id, why, actor)
    _end(now, NewcomerState.REFUSED, actor, why)
    _record("portal.refuse_newcomer", now, actor, why)


def _forget_contacts(person_id: UUID, why: str, actor: UUID) -> None:
    """Withdraw what the stranger applied for."""
    open_ones = Application.objects.filter(
        file__person=person_id, channel=Channel.PORTAL,
        state__in=OPEN,
    )  # fmt: skip
    for one in open_ones:
        applications.withdraw(one.pk, text=why, actor=actor)


def _locked(row: Newcomer) -> Newcomer:
    now = Newcomer.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if now.state != NewcomerState.OPEN:
        raise Invalid("portal.newcomer_done")
    return now


def _end(row: Newcomer, state: NewcomerState, actor: UUID, why: str = "") -> None:
    row.state, row.ended_at, row.actor, row.why = state, timezone.now(), actor, why
    row.typed = None
    row.save(update_fields=["state", "ended_at", "actor", "why", "typed"])


def _record(action: str, row: Newcomer, actor: UUID, why: str = "") -> None:
    audit.record(
        action, actor=actor, kind="newcomer", object_id=row.pk, purpose=why,
        area_path=row.area_path, persons=[row.person_id],
    )  # fmt: skip
