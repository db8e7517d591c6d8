"""What renewal puts on the home page: what waits for a clerk, the late first."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.renewal.queries import waiting
from pooshesh.web.registry import HomeLine


def work(user: User) -> Sequence[HomeLine] | None:
    """Items, appeals and people to tell whose day has passed; open items."""
    counts = waiting(user)
    lines = (
        (_("Renewals past their deadline"), "items", "?state=open", counts["items_late"]),
        (_("Renewals to look into"), "items", "?state=open", counts["items"]),
        (_("Decile appeals not answered in time"), "appeals", "?state=late", counts["appeals"]),
        (_("Entitled and not told in time"), "outreach", "?state=overdue", counts["overdue"]),
    )
    found = [
        HomeLine(title, reverse(f"renewal:{page}") + query, count)
        for title, page, query, count in lines
        if count
    ]
    return found or None
