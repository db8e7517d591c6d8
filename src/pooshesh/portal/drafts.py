"""What was typed when a visit had ended: kept sealed for a day, and put back into its form."""

import datetime as dt
import re
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from pooshesh.portal.models import Draft, Visit
from pooshesh.portal.sealing import DRAFT, opened, sealed

LASTS = dt.timedelta(days=1)
LONGEST = 20_000  # letters; a form of ours is far shorter
LEFT_OUT = ("csrfmiddlewaretoken", "kind")
#: Forms that stand on the page above their own address.
ON_THE_PAGE_ABOVE = re.compile(r"(?:appeal/)?(?:bring|withdraw|appeal|answer|complete)/$")


@transaction.atomic
def keep(visit_id: UUID, path: str, typed: QueryDict) -> bool:
    """Keep what was typed, in place of what was kept for that form before; False when too long."""
    visit = Visit.objects.get(pk=visit_id)
    content = typed.copy()
    for name in LEFT_OUT:
        content.pop(name, None)
    text = content.urlencode()
    if len(text) > LONGEST or not content:
        return False
    _of(visit).filter(path=path).delete()
    Draft.objects.create(visit=visit, path=path, content=sealed(text, DRAFT))
    return True


def waiting(visit: Visit) -> str:
    """The page on which something typed waits for who sits here now; "" when nothing does."""
    newest = _of(visit).order_by("-made_at").first()
    return ON_THE_PAGE_ABOVE.sub("", newest.path) if newest else ""


@transaction.atomic
def take(visit: Visit, path: str) -> QueryDict | None:
    """What was typed into a form; it is given back once."""
    row = _of(visit).filter(path=path).order_by("-made_at").first()
    if row is None:
        return None
    row.delete()
    return QueryDict(opened(row.content, DRAFT))


def _of(visit: Visit) -> QuerySet[Draft]:
    """Drafts of the same person by the same right: nobody reads what another typed."""
    return Draft.objects.filter(
        visit__person=visit.person_id, visit__mandate=visit.mandate_id,
        made_at__gt=timezone.now() - LASTS,
    )  # fmt: skip
