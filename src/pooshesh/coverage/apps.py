import datetime as dt
from typing import Any
from uuid import UUID

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "pooshesh.coverage"
    label = "coverage"

    def ready(self) -> None:
        from pooshesh.people.signals import died

        died.connect(end_cover_of_the_dead, dispatch_uid="coverage.end_cover")


def end_cover_of_the_dead(person: Any, on: dt.date, actor: UUID | None, **_: object) -> None:
    """Cover ends with the day of death, in the transaction that records it."""
    from pooshesh.coverage.actions import end_cover

    end_cover(person.pk, on, actor=actor)
