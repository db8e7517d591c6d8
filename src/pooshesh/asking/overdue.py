"""What is late in the rooms where work is done, as lines with a count and a way there.

Each room says itself what late is; a line is shown to who may open the page it leads to. At most
nine statements.
"""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.fund import queries as fund
from pooshesh.meetings import queries as meetings
from pooshesh.meetings import states as meetings_states
from pooshesh.network import queries as network
from pooshesh.network.voice import queries as voice
from pooshesh.partners import task_queries as tasks
from pooshesh.partners.queries import TASKS
from pooshesh.requests import queries as requests
from pooshesh.requests import states as requests_states
from pooshesh.web.registry import HomeLine

BODIES = 3  # shown one by one; the others together


def lines(user: User) -> list[HomeLine]:
    """What is overdue within the user's reach; nothing that is none."""
    return [line for line in _all(user) if line.count]


def _all(user: User) -> Iterator[HomeLine]:
    if user.may(TASKS):
        late = tasks.overdue(tasks.tasks(user)).count()
        yield HomeLine(
            _("Tasks past their day"), reverse("partners:tasks") + "?state=overdue", late
        )
    if user.may(meetings_states.READ):
        yield from _commitments(user)
    if user.may(network.READ):
        late = network.overdue(network.gaps(user)).count()
        yield HomeLine(
            _("Gaps past their owner's day"), reverse("network:gaps") + "?state=overdue", late
        )
    if user.may(network.WORK):
        late = voice.overdue(voice.reports(user)).count()
        yield HomeLine(
            _("Residents' reports not answered in time"),
            reverse("network:reports") + "?state=overdue", late,
        )  # fmt: skip
    if user.may(requests_states.READ):
        late = requests.late(requests.requests(user)).count()
        yield HomeLine(
            _("Expense requests waiting over the limit"), reverse("requests:requests") + "?late=1",
            late,
        )  # fmt: skip
        late = requests.late_appeals(requests.appeals(user)).count()
        yield HomeLine(
            _("Appeals waiting over the limit"), reverse("requests:appeals") + "?late=1", late
        )
        late = fund.overdue(fund.applications(user)).count()
        yield HomeLine(
            _("Applications not completed in time"), reverse("fund:applications") + "?late=1", late
        )


def _commitments(user: User) -> Iterator[HomeLine]:
    found = meetings.overdue_actions(user)
    for body, count in found[:BODIES]:
        yield HomeLine(
            _("Commitments past their day: %(body)s") % {"body": body},
            reverse("meetings:actions", args=[body.pk]), count,
        )  # fmt: skip
    rest = sum(count for _body, count in found[BODIES:])
    yield HomeLine(_("Commitments past their day, other bodies"), reverse("meetings:bodies"), rest)
