"""What the page of a patient's file shows of requests."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from pooshesh.fund.models import PatientFile
from pooshesh.kernel.money import Rial
from pooshesh.people.merged import one_human, survivor
from pooshesh.requests import queries
from pooshesh.requests.states import APPLY


def requests(request: HttpRequest, file: PatientFile) -> Mapping[str, Any] | None:
    """The patient's requests with their money, and what is left of each year's ceiling."""
    rows = queries.of_file(file)
    money = queries.money(rows)
    uses = [
        (use, None if use.ceiling is None else Rial(use.ceiling + use.extended - use.used))
        for use in queries.uses(one_human(survivor(file.person_id)))
    ]
    return {
        "rows": [(row, money.get(row.pk)) for row in rows],
        "uses": uses,
        "letters": list(queries.open_letters(file)),
        "may_bring": request.user.may(APPLY),  # type: ignore[union-attr]
    }
