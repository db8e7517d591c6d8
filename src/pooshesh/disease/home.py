"""What the room puts on the home page: what waits for a university, and for who keeps the list."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.disease import queries, worklist_queries
from pooshesh.web.format import number
from pooshesh.web.registry import HomeLine


def to_decide(user: User) -> Sequence[HomeLine] | None:
    """Diagnoses that wait for the user's university."""
    rows = queries.to_decide(user)
    count = rows.count()
    late = rows.filter(due__lt=timezone.localdate()).count() if count else 0
    note = _("%(count)s past their day") % {"count": number(late)} if late else ""
    return [HomeLine(_("Diagnoses to decide"), reverse("disease:claims"), count, note=note)]


def to_keep(user: User) -> Sequence[HomeLine] | None:
    """Rows of the registry without a person, packages to answer, wishes nobody looked at."""
    unread, _asked = worklist_queries.unread_wishes()
    lines = (
        (_("Rows of the ministry's registry"), "rows", worklist_queries.rows(user).count()),
        (_("Packages to answer"), "diseases", queries.proposed(user)),
        (_("Wishes nobody looked at yet"), "wishes", unread),
    )
    found = [
        HomeLine(title, reverse(f"disease:{page}"), count) for title, page, count in lines if count
    ]
    return found or None
