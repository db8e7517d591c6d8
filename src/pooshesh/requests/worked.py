"""Who brought or worked a request: they neither record nor cast votes about it."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.requests.models import Appeal, Request, RequestStep
from pooshesh.requests.states import OF_BODIES

explain(
    {
        "request.worked": gettext_noop(
            "You brought or worked on request %(number)s; others decide about it."
        ),
    }
)


def on(ids: Sequence[UUID], actor: UUID) -> set[UUID]:
    """Those of some requests that somebody brought or worked on; 1 statement."""
    own = RequestStep.objects.filter(request=OuterRef("pk"), actor=actor)
    rows = Request.objects.filter(pk__in=ids).filter(
        Q(made_by=actor) | Exists(own.exclude(verb__in=OF_BODIES))
    )
    return set(rows.values_list("pk", flat=True))


def on_appeals(ids: Sequence[UUID], actor: UUID) -> set[UUID]:
    """Those of some appeals that somebody brought, or on whose request they worked."""
    rows = dict(Appeal.objects.filter(pk__in=ids).values_list("pk", "request_id"))
    brought = Appeal.objects.filter(pk__in=ids, brought_by=actor).values_list("pk", flat=True)
    requests = on(list(rows.values()), actor)
    return set(brought) | {pk for pk, request in rows.items() if request in requests}


def refuse(ids: Sequence[UUID], actor: UUID) -> None:
    """Raises Invalid for who worked on one of them."""
    found = on(ids, actor)
    if found:
        number = Request.objects.values_list("number", flat=True).get(pk=min(found))
        raise Invalid("request.worked", number=number)
