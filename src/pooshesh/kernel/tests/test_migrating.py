"""Many migrations at once: the same classes as Django's way, only rendered less often."""

from typing import Any

from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from pooshesh.kernel.migrating import quickly

KEY = ("a", "house")


def _model(name: str, **fields: Any) -> ModelState:
    return ModelState(
        "a", name, [("id", models.BigAutoField(primary_key=True)), *fields.items()],
        options={"indexes": [], "constraints": []},
    )  # fmt: skip


def _state() -> ProjectState:
    state = ProjectState()
    state.add_model(_model("House", doors=models.IntegerField()))
    assert state.apps.get_model(*KEY)
    return state


def test_a_new_model_leaves_the_classes_of_others_alone_and_knows_them() -> None:
    state = _state()
    house = state.apps.get_model(*KEY)

    with quickly():
        state.add_model(_model("Room", house=models.ForeignKey("a.House", models.CASCADE)))

    assert state.apps.get_model(*KEY) is house
    assert state.apps.get_model("a", "room")._meta.get_field("house").related_model is house
    assert state.is_delayed  # Python of a migration will have all of them rendered


def test_a_constraint_is_known_to_the_class_as_it_is() -> None:
    state = _state()
    house = state.apps.get_model(*KEY)
    doors = models.UniqueConstraint(fields=["doors"], name="one")

    with quickly():
        state.add_constraint(*KEY, doors)

    assert state.apps.get_model(*KEY) is house
    assert house._meta.constraints == state.models[KEY].options["constraints"] == [doors]


def test_a_changed_field_is_rendered_with_all_that_are_related() -> None:
    state = _state()

    with quickly():
        state.add_model(_model("Room", house=models.ForeignKey("a.House", models.CASCADE)))
        before = state.apps.get_model("a", "room")
        state.alter_field(*KEY, "id", models.BigAutoField(primary_key=True), True)

    assert state.apps.get_model("a", "room") is not before
