"""What asking puts on the home page."""

from collections.abc import Sequence

from django.urls import reverse

from pooshesh.access.models import User
from pooshesh.asking import home
from pooshesh.insight import queries, shown
from pooshesh.web.registry import HomeLine


def moved_most(user: User) -> Sequence[HomeLine] | None:
    """The figures of one's area that moved most in the last month; None before any is counted."""
    month = home.last_whole_month()
    if month is None:
        return None
    here = queries.home(user)
    return [
        HomeLine(
            shown.say(one.now.indicator.name), reverse("insight:figure", args=[one.now.reference]),
            note=one.written,
        )
        for one in home.most_moved(user, here, month, home.MONTH)
    ]  # fmt: skip
