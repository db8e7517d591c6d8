"""Newborns: covered with the parent from birth for a grace time, and told when it ends."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.coverage import terms
from pooshesh.coverage.actions import Enrolment, enrol
from pooshesh.coverage.models import Birth, Notice, Reason, Source, Spell
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.people.actions import register_person
from pooshesh.people.merged import of_human
from pooshesh.people.models import Membership, Person, Relation
from pooshesh.people.registration import CensusPerson

explain(
    {
        "coverage.birth_missing": gettext_noop("Write the day of birth."),
        "coverage.not_newborn": gettext_noop(
            "Born on %(read)s the grace of a newborn is over; expected %(least)s or later. "
            "Register the child as a member and enrol it."
        ),
        "coverage.parent_not_covered": gettext_noop(
            "On %(day)s, the day of birth, the parent was not covered here; register the child as "
            "a member and enrol it by the rules."
        ),
        "coverage.parent_alone": gettext_noop("The parent belongs to no household on %(day)s."),
    }
)


@transaction.atomic
def register_newborn(
    parent: Person, child: CensusPerson, *, actor: UUID | None, today: dt.date | None = None
) -> Birth:
    """Register a child into the household of a covered parent and cover it from birth.

    For `terms.NEWBORN_GRACE`, in the parent's fund and without premium; the household is told at
    once when that ends. Raises Invalid, and as `people.actions.register_person` does.
    """
    day = today or timezone.localdate()
    born = child.birth_date
    if born is None:
        raise Invalid("coverage.birth_missing")
    until = born + terms.NEWBORN_GRACE
    if until <= day:
        least = day - terms.NEWBORN_GRACE + dt.timedelta(days=1)
        raise Invalid("coverage.not_newborn", read=born, least=least)
    covering = Spell.objects.on(born).filter(person__in=of_human(parent.pk), insurer__ours=True)
    spell = covering.first()
    if spell is None:
        raise Invalid("coverage.parent_not_covered", day=born)
    home = (
        Membership.objects.on(born)
        .filter(person__in=of_human(parent.pk))
        .select_related("household__area")
        .first()
    )
    if home is None:
        raise Invalid("coverage.parent_alone", day=born)
    newborn = replace(child, relation=Relation.CHILD, birth_precision="day")
    person_id = register_person(
        newborn, area=home.household.area, on=born, actor=actor, into=home.household
    )
    person = Person.objects.select_related("area").get(pk=person_id)
    enrol(
        [Enrolment(person_id, spell.scheme, 0)], area=home.household.area, on=born, until=until,
        actor=actor, source=Source.NEWBORN,
    )  # fmt: skip
    placed = {
        "area_id": person.area_id, "area_path": person.area_path, "province": person.province,
    }  # fmt: skip
    notice = Notice.objects.create(
        person=person, reason=Reason.NEWBORN, given_on=min(day, until - dt.timedelta(days=1)),
        deadline=until, actor=actor, **placed,
    )  # fmt: skip
    made = Birth.objects.create(
        person=person, parent=parent, on=born, grace_until=until, notice=notice, actor=actor,
        **placed,
    )  # fmt: skip
    audit.record(
        "coverage.newborn", actor=actor, kind="person", object_id=person_id,
        content={"on": born, "until": until}, area_path=person.area_path,
        persons=[person_id, parent.pk],
    )  # fmt: skip
    return made
