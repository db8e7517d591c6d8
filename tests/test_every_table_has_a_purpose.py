"""Every table belongs to a class of data, and who asks is told of every one with rows about them.

A new table that no room has thought about fails here: name it in the `tables` of a class in the
room's `retention.py`, and count its rows in the room's part of what is held about a person.
"""

import datetime as dt
from itertools import chain

from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pooshesh.conftest import Country
from pooshesh.kernel.retention import DataClass, classes
from pooshesh.people import actions
from pooshesh.people.models import Household, Person, Relation
from pooshesh.people.registration import CensusPerson
from pooshesh.regularisation import held

#: Tables that say nothing about anybody.
OF_NOBODY = {
    "auth.Permission", "auth.Group", "contenttypes.ContentType",  # Django's own, not used
    "kernel.DataKey",  # known words that prove a key is the right one
}  # fmt: skip

#: Tables with rows about a person or a household that the sheet does not ask, and why.
NOT_TOLD = {
    "coverage.Undo": "the cover it took back is told, with when it was known",
}

IDS = {"person_id", "household_id", "patient_id", "person", "household"}


def _about(model: type[models.Model]) -> bool:
    """Whether a row speaks of a person: by a foreign key, by an id alone, or through what it
    belongs to, as a step belongs to a case."""
    return model in (Person, Household) or any(
        (field.name in IDS and isinstance(field, models.UUIDField))
        or (isinstance(field.related_model, type) and _about(field.related_model))
        for field in model._meta.local_fields
        if field.related_model is not model
    )


def _left(one: DataClass, day: dt.date) -> int:
    """What a class still holds that is due, once it was deleted."""
    assert one.delete
    assert one.due
    one.delete(day)
    return one.due(day)


TABLES = {model._meta.label: model for model in apps.get_models()}
ABOUT_SOMEBODY = sorted(label for label, model in TABLES.items() if _about(model))


def test_every_table_belongs_to_a_class_of_data_and_every_class_names_real_tables() -> None:
    named = set(chain.from_iterable(one.tables for one in classes().values()))

    assert named | OF_NOBODY == set(TABLES)
    assert not named & OF_NOBODY


def test_every_class_says_for_what_and_on_what_basis() -> None:
    silent = [one.code for one in classes().values() if not (one.purpose and one.basis)]

    assert silent == []


def test_what_is_due_can_be_counted_and_deleted_in_every_class(country: Country) -> None:
    far = timezone.localdate() + dt.timedelta(days=10_000)
    deleted = [one for one in classes().values() if one.delete and one.due]

    left = {one.code: _left(one, far) for one in deleted}

    assert len(left) > 15
    assert set(left.values()) == {0}


def test_the_sheet_of_what_is_held_asks_every_table_with_rows_about_somebody(
    country: Country,
) -> None:
    row = CensusPerson(row=0, relation=Relation.HEAD, first_name="گلنار", last_name="آزمونی")
    _home, (person,) = actions.register_household(
        [row], area=country.darvazeh_ghar, on=timezone.localdate(), actor=None
    )

    with CaptureQueriesContext(connection) as queries:
        held.sheet(Person.objects.get(pk=person), [person])

    asked = "\n".join(query["sql"] for query in queries)
    names = {label: f'"{TABLES[label]._meta.db_table}"' for label in ABOUT_SOMEBODY}
    forgotten = {label for label, name in names.items() if name not in asked}
    assert {"people.Link", "policy.Decision", "kernel.Subject", "renewal.Attempt"} < {*names}
    assert forgotten == {*NOT_TOLD}
