"""Applying many migrations at once without drawing every model again and again.

Before each step Django renders anew all models that are related to the changed one, which here is
nearly all of them: two thirds of the time an empty database takes. A model that is new has nobody
who knows an older class of it, and an index or a constraint changes no other class.
"""

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from django.db.migrations.state import ProjectState

_related = ProjectState._find_reload_model  # type: ignore[attr-defined]


def _new_alone(state: Any, app: str, model: str, delay: bool = False) -> set[tuple[str, str]]:
    """What is rendered anew with a model: of a new one, itself alone."""
    try:
        state.apps.get_model(app, model)
    except LookupError:
        state.is_delayed = True  # Python of a migration gets every model rendered afresh
        return {(app, model)}
    related: set[tuple[str, str]] = _related(state, app, model, delay)
    return related


def _append(state: Any, app: str, model: str, option: str, added: object) -> None:
    """Add an index or a constraint to a model, and to its class as it is."""
    options = state.models[app, model].options
    options[option] = [*options[option], added]
    if "apps" in vars(state):  # once the classes were rendered
        setattr(state.apps.get_model(app, model)._meta, option, options[option])


@contextlib.contextmanager
def quickly() -> Iterator[None]:
    """Within it migrations render no more models than they use."""
    with (
        patch.object(ProjectState, "_find_reload_model", _new_alone),
        patch.object(ProjectState, "_append_option", _append),
    ):
        yield
