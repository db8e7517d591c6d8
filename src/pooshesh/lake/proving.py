"""Whether the lake says what the product says."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pooshesh.insight import closing
from pooshesh.insight.models import Snapshot
from pooshesh.insight.months import of_code
from pooshesh.lake import reading


@dataclass(frozen=True)
class Fault:
    """A month of the lake that is not the product's; `values` that differ, -1 for all."""

    month: str
    values: int


def prove(folder: Path) -> Iterator[Fault]:
    """Every month whose values, worked out of the lake, are not those the product keeps.

    Errors: Invalid for a lake that is not there or whose files are not what was written.
    """
    for code, month in reading.manifest_of(folder).months.items():
        found = Snapshot.objects.filter(month=of_code(code), revision=month.revision).first()
        if found is None or found.digest != month.digest:
            yield Fault(code, -1)
            continue
        ours, theirs = closing.kept_of(found), reading.values(folder, month)
        if not ours.equals(theirs):
            yield Fault(code, abs(ours.height - theirs.height) or 1)
