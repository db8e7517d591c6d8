"""A number that somebody holds already: what is told of them, and that it was told is noted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from pooshesh.access.models import User
from pooshesh.access.queries import visible
from pooshesh.access.reach import EVERYWHERE
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.people import looking
from pooshesh.people.names import Bearer, one_person
from pooshesh.people.recognition import Holder

explain(
    {
        "people.known_identifier": gettext_noop(
            "Somebody with the number “%(read)s” is registered already; open that record instead."
        ),
        "people.misused_identifier": gettext_noop(
            "The number “%(read)s” belongs to somebody with another name and birth date; check "
            "whose it is."
        ),
        "people.held_elsewhere": gettext_noop(
            "Somebody outside your area holds the number “%(read)s”; that you asked was noted."
        ),
    }
)


class Held(Invalid):
    """A number that others hold; the wording tells apart who they are only within one's area."""

    def __init__(self, read: str, holders: Sequence[Holder], one: Bearer, actor: UUID | None):
        self.holders = [holder.person for holder in holders]
        user = User.objects.filter(pk=actor).first() if actor else None
        seen = visible(user, "people.read") if user else EVERYWHERE
        if not all(seen.covers(holder.area_path, holder.area_id) for holder in holders):
            code = "people.held_elsewhere"
        elif any(one_person(holder, one) for holder in holders):
            code = "people.known_identifier"
        else:
            code = "people.misused_identifier"
        super().__init__(code, read=read)


@contextmanager
def noted(actor: UUID | None) -> Iterator[None]:
    """One transaction; when a number is refused for who holds it, that outlives it as an event."""
    try:
        with transaction.atomic():
            yield
    except Held as error:
        if actor:
            looking.note_number(error.holders, actor=actor)
        raise
