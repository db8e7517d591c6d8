"""Diseases and their packages, diagnoses that universities decide, tags of patients."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiseaseConfig(AppConfig):
    name = "pooshesh.disease"
    label = "disease"

    def ready(self) -> None:
        from pooshesh.disease import facts as known
        from pooshesh.disease import states, titles
        from pooshesh.kernel.audit import recorded
        from pooshesh.people.signals import death_withdrawn, died
        from pooshesh.policy import facts
        from pooshesh.web.registry import (
            MenuItem,
            register_menu,
            register_names,
            register_tones,
        )

        facts.register(facts.Source(_("Disease tags"), known.FACTS, known.SQL, {}))
        section = _("Patients' fund")
        register_menu(
            MenuItem(_("Diseases and packages"), "disease:diseases", states.READ, section, 310),
        )
        register_names(titles.NAMES)
        register_tones(states.TONES)
        died.connect(end_of_the_dead, dispatch_uid="disease.died")
        death_withdrawn.connect(revive_the_living, dispatch_uid="disease.revive")
        recorded.connect(follow_movers, dispatch_uid="disease.follow")


def end_of_the_dead(person: Any, on: dt.date, actor: UUID | None, **_: object) -> None:
    """Tags end with the day of death and diagnoses close, in the transaction that records it."""
    from pooshesh.disease import claims, tags

    tags.end_with(person.pk, on, actor=actor)
    claims.close_of_dead(person.pk, actor=actor)


def revive_the_living(person: Any, actor: UUID | None, **_: object) -> None:
    """What a wrong death ended holds again, in the transaction that takes the death back."""
    from pooshesh.disease import tags

    tags.revive(person.pk, actor=actor)


def follow_movers(sender: object, event: UUID, action: str, **_: object) -> None:
    """Tags lie where the person lives, from the transaction of the move on."""
    if action == "people.move":
        from pooshesh.disease import tags

        tags.follow(event)
