"""Lists that name persons: whom they show, on the screen or in a file, is written down."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase

from pooshesh.access.guard import SignedIn
from pooshesh.disease import reading
from pooshesh.people import looking
from pooshesh.people.page_parts import purpose_of
from pooshesh.web.table import Table


def answer(
    request: SignedIn, table: Table[Any], template: str, context: dict[str, Any]
) -> HttpResponseBase:
    """The list of rows with a `person_id`, after it is noted whom it shows."""
    if request.GET.get("export"):
        found = table.rows
        assert isinstance(found, QuerySet)
        persons = found.values_list("person_id", flat=True)
        reading.note_export(table.name, persons, actor=request.user.pk)
    elif table.page_rows:
        met = [row.person_id for row in table.page_rows]
        looking.note_found(met, purpose_of(request), actor=request.user.pk)
    return table.respond(template, context)
