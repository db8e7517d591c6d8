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
        from pooshesh.disease import (
            queries,
            registered,
            registry,  # noqa: F401 - registers its jobs
            retention,
            states,
            titles,
        )
        from pooshesh.disease.home import to_decide, to_keep
        from pooshesh.disease.tag_pages import panel
        from pooshesh.documents.registry import register_owner
        from pooshesh.kernel.audit import recorded
        from pooshesh.people.signals import death_withdrawn, died
        from pooshesh.policy import facts
        from pooshesh.web.registry import (
            HomePart,
            MenuItem,
            PersonPanel,
            register_data,
            register_held,
            register_home,
            register_menu,
            register_names,
            register_person_panel,
            register_tones,
        )

        facts.register(facts.Source(_("Disease tags"), known.FACTS, known.SQL, {}))
        section = _("Patients' fund")
        register_menu(
            MenuItem(_("Diagnoses to decide"), "disease:claims", states.VERIFY, section, 310),
            MenuItem(_("Diagnoses"), "disease:claims", states.WRITE, section, 311),
            MenuItem(_("Disease tags"), "disease:tags", states.VERIFY, section, 312),
            MenuItem(_("Disease tags"), "disease:tags", queries.FUND, section, 312),
            MenuItem(_("Diseases and packages"), "disease:diseases", states.READ, section, 314),
            MenuItem(_("The ministry's registry"), "disease:imports", states.WRITE, section, 316),
            MenuItem(_("Wishes to add a disease"), "disease:wishes", states.WRITE, section, 318),
        )
        register_home(
            HomePart(_("Waits for your university"), states.VERIFY, 30, to_decide),
            HomePart(_("Diseases and tags that need you"), states.WRITE, 31, to_keep),
        )
        register_person_panel(
            PersonPanel(_("Disease tags"), "disease/panel.html", states.READ, 150, panel)
        )
        register_owner(registered.CLAIM, queries.sees_claim)
        register_data(*retention.CLASSES)
        register_held(retention.HELD)
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
    if action in ("people.move", "people.register"):
        from pooshesh.disease import tags

        tags.follow(event)
