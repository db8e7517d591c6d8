"""What the home page and the page of a person show of the fund."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.fund import desk, queries
from pooshesh.fund.files import file_of
from pooshesh.web.registry import HomeLine


def waiting(user: User) -> list[HomeLine]:
    """What waits at the desk, and what patients did not complete in time."""
    lines = [
        HomeLine(str(one.kind.title), reverse("fund:desk"), one.total)
        for one in desk.waiting(user)
        if one.total
    ]
    late = queries.overdue(queries.workable(user)).count()
    if late:
        address = reverse("fund:applications") + "?late=1"
        lines.append(HomeLine(_("Not completed in time"), address, late))
    return lines


def panel(request: HttpRequest, person: Any) -> dict[str, Any] | None:
    """The patient's file on the page of a person; None when there is none in the area."""
    found = file_of(person)
    file = queries.patient_file(request.user, found.pk) if found else None
    if file is None:
        return None
    return {"file": file, "applications": queries.applications_of(request.user, file)}
