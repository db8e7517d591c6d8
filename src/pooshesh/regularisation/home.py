"""What regularisation puts on the home page."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.regularisation import queries
from pooshesh.regularisation.models import CaseState, SheetState
from pooshesh.web.registry import HomeLine


def waiting(user: User) -> Sequence[HomeLine] | None:
    """Open cases of the user's area by step, in persons."""
    address = reverse("regularisation:cases")
    counts = queries.waiting(user)
    return [
        HomeLine(state.label, f"{address}?state={state.value}", counts[state.value])
        for state in CaseState
        if state.value in counts
    ]


def differing(user: User) -> Sequence[HomeLine] | None:
    """Cover that differs from the decision, in persons; hidden while there is none."""
    count = queries.unsettled(user)
    address = reverse("regularisation:differences")
    return [HomeLine(_("Cover that differs from the decision"), address, count)] if count else None


def census(user: User) -> Sequence[HomeLine]:
    """What a municipality does: bring its census, write what was checked, follow its people."""
    sheets = queries.sheets(user)
    checked = sheets.filter(state=SheetState.CHECKED).count()
    lines = [HomeLine(_("Bring the census of your city"), reverse("regularisation:sheets"))]
    if checked:
        lines.append(
            HomeLine(_("Sheets that were checked and not written"),
                     reverse("regularisation:sheets"), checked)
        )  # fmt: skip
    return [
        *lines,
        HomeLine(_("People of the municipal census"), reverse("regularisation:own_rows"),
                 queries.own_rows(user).count()),
    ]  # fmt: skip
