"""Who brought or worked a matter does not keep the meeting about it.

Whoever notes who is there, puts a question, enters votes, counts them or notes signatures can make
a decision; with the matter's own clerk doing so, one person would decide alone.
"""

from collections import defaultdict
from uuid import UUID

from django.db.models import QuerySet

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.meetings import registry
from pooshesh.meetings.models import Decision, Item, Matter, Motion, Session

explain(
    {
        "session.worked": gettext_noop(
            "You brought or worked on “%(title)s”; another person keeps the meeting about it."
        ),
    }
)


def of_session(session: Session, actor: UUID | None) -> None:
    """Raises Invalid for who worked on a matter of the agenda."""
    check(
        Matter.objects.filter(pk__in=Item.objects.filter(session=session).values("matter")), actor
    )


def of_motion(motion: Motion, actor: UUID | None) -> None:
    """Raises Invalid for who worked on a matter that is voted on."""
    own = Decision.objects.filter(motion=motion).values("matter")
    check(Matter.objects.filter(pk__in=own), actor)


def check(matters: QuerySet[Matter], actor: UUID | None) -> None:
    """Raises Invalid for who worked on one of some matters; a statement, and one per kind."""
    if actor is None:
        return
    by_kind: dict[str, dict[UUID, str]] = defaultdict(dict)
    for kind, pk, title in matters.values_list("kind", "object_id", "title"):
        if pk:
            by_kind[kind][pk] = title
    for kind, titles in by_kind.items():
        found = registry.kind_of(kind).worked(list(titles), actor)
        if found:
            raise Invalid("session.worked", title=titles[min(found)])
