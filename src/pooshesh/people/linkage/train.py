"""Train the shipped model anew, on made-up neighbourhoods.

    python -m pooshesh.people.linkage.train

Draws a census and two rolls of each profile, takes the candidate pairs of the engine, and learns
from those that carry two valid identifiers, as the engine itself does. The same code writes the
same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from pooshesh.people.linkage import compare, engine, keys
from pooshesh.people.linkage.blocking import attribute_keys
from pooshesh.people.linkage.compare import Name
from pooshesh.people.linkage.engine import Compared
from pooshesh.people.linkage.keys import NAME_COLUMNS, KeyTable
from pooshesh.people.linkage.model import Patterns
from pooshesh.people.linkage.trained import FILE, to_json
from pooshesh.people.linkage.veto import Vetoes
from pooshesh.people.synthetic.neighbourhood import PROFILES, draw

SEED, RESIDENTS, INSURED_ELSEWHERE = 1000, 12_000, 110_000
HOW = (
    "Ridge logistic regression on the candidate pairs of made-up neighbourhoods (profiles "
    f"{', '.join(PROFILES)} of people.synthetic, {RESIDENTS:,} residents and {INSURED_ELSEWHERE:,}"
    " insured elsewhere in each), labelled by valid identifiers. Names are those of the generator."
    " Written by python -m pooshesh.people.linkage.train."
)


def tables() -> Iterator[KeyTable]:
    for number, profile in enumerate(PROFILES.values()):
        place = draw(SEED + number, profile, RESIDENTS, INSURED_ELSEWHERE)
        yield keys.build(
            place.census.rename({"census_row": "row"}),
            {name: roll.rename({"roll_row": "row"}) for name, roll in place.rolls.items()},
        )


def frequent(table: KeyTable) -> dict[str, dict[int, list[str]]]:
    """Usual and common names of every name column; rare ones are too many to list."""
    found: dict[str, dict[int, list[str]]] = {}
    for column, codes in zip(NAME_COLUMNS, (table.first, table.last, table.father), strict=True):
        level = compare.rarity(codes, len(table.names))
        found[column] = {
            int(kind): [table.names.keys[code] for code in np.flatnonzero(level == kind)]
            for kind in (Name.EXACT_USUAL, Name.EXACT_COMMON)
        }
    return found


def together(parts: list[Compared]) -> Compared:
    """The pairs of several tables as one lot; positions then mean nothing."""
    levels = np.concatenate([part.patterns.levels[part.patterns.of_pair] for part in parts])
    distinct, of_pair = np.unique(levels, axis=0, return_inverse=True)

    def joined(name: str) -> np.ndarray[tuple[int], np.dtype[Any]]:
        return np.concatenate([getattr(part, name) for part in parts])

    return Compared(
        left=joined("left"),
        right=joined("right"),
        patterns=Patterns(distinct, of_pair.ravel()),
        national=joined("national"),
        foreign=joined("foreign"),
        vetoes=Vetoes(
            *(
                np.concatenate([getattr(part.vetoes, name) for part in parts])
                for name in ("never", "misuse", "clerk")
            )
        ),
        same=joined("same"),
        other=joined("other"),
    )


def main() -> None:
    drawn = list(tables())
    learnt = engine.learn(
        together([engine.compared(table, attribute_keys(table)) for table in drawn]),
        INSURED_ELSEWHERE,
    )
    days = np.flatnonzero(compare.common_days(drawn[0])).tolist()
    written = to_json(learnt, frequent(drawn[0]), days, HOW)
    text = json.dumps(written, ensure_ascii=False, indent=1)
    FILE.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
