"""What a forecast rests on at first."""

from pathlib import Path

import yaml
from django.db import transaction

from pooshesh.kernel.time import from_day, from_now
from pooshesh.network.models import Assumption

FILE = Path(__file__).parent / "data" / "assumptions.yaml"
CITATION = "فرض"


@transaction.atomic
def seed() -> None:
    """The assumptions that ship with the product; nothing where there are any."""
    if Assumption.objects.exists():
        return
    known = from_now()
    Assumption.objects.bulk_create(
        Assumption(valid=from_day(None), recorded=known, citation=CITATION, assumed=True, **row)
        for row in yaml.safe_load(FILE.read_text(encoding="utf-8"))
    )
