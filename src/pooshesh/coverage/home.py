"""What coverage puts on the home page: what waits for a clerk."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.coverage.lists import waiting
from pooshesh.web.registry import HomeLine


def work(user: User) -> Sequence[HomeLine] | None:
    """Notices whose deadline has come, newborns without cover, persons covered twice."""
    if not user.reach("coverage.write"):
        return None
    counts = waiting(user, timezone.localdate())
    lines = (
        (_("Notices whose deadline has come"), "notices", "?state=due", counts["due"]),
        (_("Newborns whose grace is over"), "births", "?state=over", counts["births"]),
        (_("Persons covered twice"), "doubles", "", counts["doubles"]),
    )
    found = [
        HomeLine(title, reverse(f"coverage:{page}") + query, count)
        for title, page, query, count in lines
        if count
    ]
    return found or None
