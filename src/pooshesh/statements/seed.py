"""The statements of the two reports, so that every installation shows what does not reconcile."""

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from pooshesh.places.models import Area
from pooshesh.statements.actions import Said, register
from pooshesh.statements.models import Qualifier, Statement

DATA = Path(__file__).parent / "data" / "statements.yaml"


def published() -> dict[str, dict[str, Any]]:
    """Every shipped statement by its code, with the words of its source."""
    found = yaml.safe_load(DATA.read_text("utf-8"))
    return {
        code: {**found["sources"][one["of"]], **one} for code, one in found["statements"].items()
    }


@transaction.atomic
def seed() -> None:
    """Registers what is not there; what somebody retracted stays retracted."""
    known = set(Statement.objects.values_list("code", flat=True))
    missing = {code: one for code, one in published().items() if code not in known}
    areas = {area.code: area for area in Area.objects.filter(
        code__in={one["area"] for one in missing.values()})}  # fmt: skip
    for code, one in missing.items():
        if one["area"] in areas:
            register(_said(code, one, areas[one["area"]]), actor=None)


def _said(code: str, one: dict[str, Any], area: Area) -> Said:
    return Said(
        code, area, one["unit"], str(one.get("value", "")),
        one.get("qualifier", Qualifier.EXACT), one["as_of"], one["source"], one["words"],
        one.get("day"), one["speaker"], one.get("state", ""), one.get("indicator", ""),
        one.get("asked", False),
    )  # fmt: skip
