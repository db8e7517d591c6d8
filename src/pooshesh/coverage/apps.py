import datetime as dt
from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoverageConfig(AppConfig):
    name = "pooshesh.coverage"
    label = "coverage"

    def ready(self) -> None:
        from pooshesh.coverage import facts as known
        from pooshesh.coverage.pages import panel
        from pooshesh.people.signals import died
        from pooshesh.policy import facts
        from pooshesh.web.registry import (
            PersonPanel,
            register_names,
            register_person_panel,
            register_tones,
        )

        facts.register(facts.Source(_("Cover"), known.FACTS, known.SQL, known.ABSENT))
        register_person_panel(
            PersonPanel(_("Cover"), "coverage/panel.html", "coverage.read", 100, panel)
        )
        register_names(
            {
                "coverage.record_roll": _("Found on a roll"),
                "coverage.enrol": _("Enrolled"),
                "coverage.undo": _("Undid an enrolment"),
                "coverage.end": _("Ended the cover"),
                "coverage.add_insurer": _("Added an insurer"),
                "insurer": _("Insurer"),
                "spell": _("Cover spell"),
            }
        )
        register_tones({"undone": "warn"})
        died.connect(end_cover_of_the_dead, dispatch_uid="coverage.end_cover")


def end_cover_of_the_dead(person: Any, on: dt.date, actor: UUID | None, **_: object) -> None:
    """Cover ends with the day of death, in the transaction that records it."""
    from pooshesh.coverage.actions import end_cover

    end_cover(person.pk, on, actor=actor)
