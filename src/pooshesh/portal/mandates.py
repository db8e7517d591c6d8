"""The writers of mandates: registered with a proof, and ended, by a clerk of the desk."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from pooshesh.documents import actions as documents
from pooshesh.documents.models import DocumentKind
from pooshesh.documents.reading import Cleaned
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Identifier
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import from_day, from_now, state
from pooshesh.people.merged import one_human
from pooshesh.people.models import Death, Person
from pooshesh.people.models import Identifier as Held
from pooshesh.people.recognition import blinds_of
from pooshesh.people.registration import lock_persons
from pooshesh.portal import rights
from pooshesh.portal.finding import born
from pooshesh.portal.models import Mandate, Term
from pooshesh.portal.sealing import MOBILE, NAME, NUMBER, blind, sealed

OWNER = "portal.mandate"
SHORTEST_REASON = 5
LONGEST_NAME = 120

explain(
    {
        "portal.mandate_proof": gettext_noop("Attach the document that proves the mandate."),
        "portal.mandate_name": gettext_noop(
            "Write the name of the holder, in at most 120 letters."
        ),
        "portal.mandate_why": gettext_noop(
            "Write why the mandate ends, in at least %(least)s letters."
        ),
        "portal.mandate_over": gettext_noop("This mandate has ended already."),
        "portal.mandate_after": gettext_noop(
            "The day %(day)s is outside the time of the mandate, from %(since)s on."
        ),
    }
)


@transaction.atomic
def register(
    person: Person,
    *,
    kind: str,
    name: str,
    number: Identifier,
    mobile: Identifier,
    since: dt.date,
    last: dt.date | None,
    proof: Sequence[Cleaned],
    actor: UUID,
) -> Mandate:
    """Let somebody act for a patient from `since` to `last` (None: as long as the kind allows).

    Raises Invalid when dates or facts allow no such mandate, or without a proof.
    """
    lock_persons([person.pk])
    records = one_human(person.pk)
    death = Death.objects.filter(person__in=records).order_by("on").first()
    first, until = rights.term(
        kind, since, last, birth=born(person), death=death.on if death else None
    )
    if not proof:
        raise Invalid("portal.mandate_proof")
    name = clean(name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid("portal.mandate_name")
    _refuse_own(records, number)
    made = Mandate.objects.create(
        person=person, kind=kind, holder_name=sealed(name, NAME),
        holder_number=sealed(number.value, NUMBER), holder_blind=blind(number.value),
        holder_mobile=sealed(mobile.value, MOBILE), actor=actor,
        area_id=person.area_id, area_path=person.area_path, province=person.province,
    )  # fmt: skip
    Term.objects.create(
        mandate=made, valid=from_day(first, until), recorded=from_now(), actor=actor
    )
    for one in proof:
        documents.keep(
            one, owner_kind=OWNER, owner_id=made.pk, person_id=person.pk,
            kind=DocumentKind.MANDATE, area_path=person.area_path, province=person.province,
            actor=actor,
        )  # fmt: skip
    _record("portal.register_mandate", made, actor, kind_of=kind, first=first, until=until)
    return made


def _refuse_own(records: list[UUID], number: Identifier) -> None:
    blinds = [index for found in blinds_of([number]).values() for index in found]
    if Held.objects.filter(person__in=records, blind__in=blinds, replaced_at=None).exists():
        raise Invalid("portal.mandate_self")


@transaction.atomic
def end(mandate: Mandate, *, last: dt.date, why: str, actor: UUID) -> None:
    """Let a mandate say nothing after a day; what was believed before stays to be asked for.

    Raises Invalid without a reason, and for a day the mandate does not have.
    """
    why = clean(why)
    if len(why) < SHORTEST_REASON:
        raise Invalid("portal.mandate_why", least=SHORTEST_REASON)
    Mandate.objects.select_for_update().get(pk=mandate.pk)
    until = last + dt.timedelta(days=1)
    term = Term.objects.known().filter(mandate=mandate).order_by("-valid").first()
    if term is None:
        raise Invalid("portal.mandate_over")
    begins, ends = term.valid.lower, term.valid.upper
    if ends is not None and ends <= until:
        raise Invalid("portal.mandate_over")
    if until < begins:
        raise Invalid("portal.mandate_after", day=last, since=begins)
    state(Term, {"mandate": mandate}, None, max(until, begins))
    Term.objects.known().filter(mandate=mandate).update(actor=actor, why=why)
    _record("portal.end_mandate", mandate, actor, why, last=last)


def _record(action: str, mandate: Mandate, actor: UUID, why: str = "", **content: object) -> None:
    audit.record(
        action, actor=actor, kind="mandate", object_id=mandate.pk, content=content, purpose=why,
        area_path=mandate.area_path, persons=[mandate.person_id],
    )  # fmt: skip
