"""A form that is sent twice makes one thing: what it makes bears the id drawn with the form."""

from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model

from pooshesh.kernel.errors import Invalid, explain, gettext_noop

M = TypeVar("M", bound=Model)

explain(
    {
        "once.changed": gettext_noop(
            "This form was sent before and said something else then; open it anew."
        ),
    }
)


def made_before(model: type[M], once: UUID | None, **facts: object) -> M | None:
    """What a form made when it was sent before, if it was. 2 statements, in a transaction.

    Of two presses at once the second waits here for the first; the primary key refuses whatever
    gets past. Raises Invalid where the first said something else.
    """
    if once is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"once {once}"])
    found = model._default_manager.filter(pk=once).first()
    if found and any(getattr(found, name) != value for name, value in facts.items()):
        raise Invalid("once.changed")
    return found
