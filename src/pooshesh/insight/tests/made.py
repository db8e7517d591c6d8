"""Months made of facts that a test gives."""

import datetime as dt
from collections.abc import Sequence

from pooshesh.indicators import shipped
from pooshesh.insight import closing
from pooshesh.insight.models import Definitions, Fact, Reason, Snapshot
from pooshesh.insight.months import of_code
from pooshesh.places.models import Area

#: measure, area, value, dimensions
Given = tuple[str, Area, int, dict[str, str]]


def month(code: str, facts: Sequence[Given], *, at: dt.datetime | None = None) -> Snapshot:
    """A closed month of these facts; again for the same month, its next revision."""
    book = shipped()
    definitions, _made = Definitions.objects.get_or_create(
        digest=book.digest, defaults={"files": dict(book.files)}
    )
    first = of_code(code)
    snapshot = Snapshot.objects.create(
        month=first, revision=Snapshot.objects.filter(month=first).count() + 1,
        reason=Reason.FIRST, definitions=definitions,
    )  # fmt: skip
    Fact.objects.bulk_create(
        Fact(
            snapshot=snapshot, source=book.measures[measure].source, measure=measure, area=area,
            area_path=area.path, province=area.province, value=value, **dimensions,
        )
        for measure, area, value, dimensions in facts
    )  # fmt: skip
    assert closing.close(snapshot, book), "closed"
    if at:
        Snapshot.objects.filter(pk=snapshot.pk).update(closed_at=at)
    snapshot.refresh_from_db()
    return snapshot
