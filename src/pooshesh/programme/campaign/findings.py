"""What reading a sheet found: about one row each, and how many of each kind.

The page, the command and `findings.csv` show the same of it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.identifiers import Identifier, mask
from pooshesh.kernel.text import clean
from pooshesh.programme.campaign.columns import COLUMNS

LISTED = 10_000  # findings kept; all are counted
READ_CHARS = 100  # as much of a cell is quoted

_TITLES = {column.name: column.title for columns in COLUMNS.values() for column in columns}


class Effect(StrEnum):
    """What a finding does to its row, the gravest first."""

    STOPS = "stops"  # it stays out, and the run waits for somebody to choose so
    NOT_RESIDENT_THEN = "not_resident_then"  # it stays out, and is counted
    NOTE = "note"  # it goes on


_GRAVEST = {effect: place for place, effect in enumerate(Effect)}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one row of a sheet. `row` is the sheet's row number, headers in row 1."""

    sheet: str  # "census" or the insurer's code
    row: int
    field: str  # column name
    read: str  # identifiers masked
    error: Invalid
    effect: Effect

    def pack(self) -> list[Any]:
        """As JSON; told again in the language of whoever reads it."""
        params = {name: _packed(value) for name, value in self.error.params.items()}
        return [self.sheet, self.row, self.field, self.read, self.error.code, params, self.effect]

    @classmethod
    def unpack(cls, kept: list[Any]) -> "Finding":
        sheet, row, field, read, code, params, effect = kept
        params = {name: _unpacked(value) for name, value in params.items()}
        return cls(sheet, row, field, read, Invalid(code, **params), Effect(effect))

    @property
    def kind(self) -> "Kind":
        return Kind(self.sheet, self.field, self.error.code, self.effect)

    @property
    def stops(self) -> bool:
        return self.effect is Effect.STOPS

    @property
    def title(self) -> str:
        return str(_TITLES[self.field])

    @property
    def expected(self) -> str:
        return self.error.message()


def _packed(value: object) -> object:
    """A day as JSON, so that it is written in the language of whoever reads it."""
    return {"day": value.isoformat()} if isinstance(value, dt.date) else value


def _unpacked(value: Any) -> object:
    return dt.date.fromisoformat(value["day"]) if isinstance(value, dict) else value


class Kind(NamedTuple):
    """Findings that say the same: of one column of a sheet, with one error code."""

    sheet: str
    field: str
    code: str
    effect: Effect

    @property
    def title(self) -> str:
        return str(_TITLES[self.field])


@dataclass(frozen=True)
class Findings:
    """The gravest `LISTED` findings by row, and all of them counted by kind."""

    listed: Sequence[Finding]
    counts: Mapping[Kind, int]

    @classmethod
    def of(cls, found: Iterable["Findings"]) -> "Findings":
        """Those of several sheets together, the gravest first, each sheet's by row."""
        counts: Counter[Kind] = Counter()
        listed: list[Finding] = []
        for one in found:
            counts.update(one.counts)
            listed += one.listed
        listed.sort(key=lambda finding: (_GRAVEST[finding.effect], finding.sheet, finding.row))
        return cls(listed[:LISTED], counts)

    def number(self, effect: Effect) -> int:
        """How many have an effect, also beyond those listed."""
        return sum(count for kind, count in self.counts.items() if kind.effect == effect)

    def kinds(self, rows: int) -> list[tuple[Kind, int, list[Finding]]]:
        """Each kind with its number and the first findings of it, the gravest and most first."""
        first: dict[Kind, list[Finding]] = {kind: [] for kind in self.counts}
        for finding in self.listed:
            if len(first[finding.kind]) < rows:
                first[finding.kind].append(finding)
        ordered = sorted(self.counts, key=lambda k: (_GRAVEST[k.effect], -self.counts[k], k))
        return [(kind, self.counts[kind], first[kind]) for kind in ordered]

    def pack(self) -> dict[str, Any]:
        return {
            "listed": [finding.pack() for finding in self.listed],
            "counts": [[*kind, count] for kind, count in self.counts.items()],
        }

    @classmethod
    def unpack(cls, kept: Mapping[str, Any]) -> "Findings":
        return cls(
            [Finding.unpack(one) for one in kept["listed"]],
            {
                Kind(sheet, field, code, Effect(effect)): count
                for sheet, field, code, effect, count in kept["counts"]
            },
        )


def masked(read: Identifier, raw: str) -> str:
    """An identifier as it was written, but for its last digits."""
    return mask(replace(read, value=clean(raw)[:READ_CHARS]))
