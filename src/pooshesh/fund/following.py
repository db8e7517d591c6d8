"""How applications follow what happens elsewhere: deaths, the university, moves of the patient."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pooshesh.disease.models import Tag
from pooshesh.fund import applications, desk
from pooshesh.fund.models import Application, PatientFile, State
from pooshesh.kernel.models import Subject
from pooshesh.people.models import Person

WORK = "fund.application"  # the kind of work at the desk

#: Actions after which a patient may live elsewhere; their events name the persons.
MOVES = frozenset({"people.move", "people.register"})


def on_death(*, person: Person, actor: UUID | None, **_more: Any) -> None:
    """Close what is open of who died."""
    applications.close_of_dead(person.pk, actor=actor)


def on_death_withdrawn(*, person: Person, actor: UUID | None, **_more: Any) -> None:
    """Open again what a death closed that was recorded wrongly."""
    applications.open_again(person.pk, actor=actor)


def on_claim(*, claim: Any, outcome: str, why: str, actor: UUID | None, **_more: Any) -> None:
    """Follow what the university decided."""
    applications.follow_claim(claim.origin_id, outcome, text=why, actor=actor)


def on_registry(*, tags: Sequence[Tag], actor: UUID | None, **_more: Any) -> None:
    """What the ministry's registry tagged needs no decision of a university any more."""
    applications.follow_tags(tags, actor=actor)


def on_moved(*, application: Application, **_more: Any) -> None:
    """What is no longer at the desk is in nobody's hands."""
    if application.state != State.RECEIVED:
        desk.let_go(WORK, application.pk)


def on_event(*, event: UUID, action: str, **_more: Any) -> None:
    """A file for life moves with the patient, so that the clerks of the new place see it."""
    if action in MOVES:
        persons = Subject.objects.filter(event_id=event).values("person_id")
        for file in PatientFile.objects.filter(person__in=persons).select_related("person"):
            _follow(file)


def _follow(file: PatientFile) -> None:
    home = file.person
    if file.area_id == home.area_id:
        return
    place = {"area_id": home.area_id, "area_path": home.area_path, "province": home.province}
    PatientFile.objects.filter(pk=file.pk).update(**place)
    # What the university of the old place is asked about stays there until it answered.
    Application.objects.filter(file=file).exclude(state=State.VERIFYING).update(**place)
