"""What the page of a patient's file shows of requests."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from pooshesh.fund.models import PatientFile
from pooshesh.requests import queries
from pooshesh.requests.states import APPLY


def requests(request: HttpRequest, file: PatientFile) -> Mapping[str, Any] | None:
    """The patient's requests with their money, and what is left of each year's ceiling."""
    rows = queries.of_file(file)
    money = queries.money(rows)
    return {
        "rows": [(row, money.get(row.pk)) for row in rows],
        "uses": queries.years_of(file.person_id),
        "letters": list(queries.open_letters(file)),
        "may_bring": request.user.may(APPLY),  # type: ignore[union-attr]
    }
