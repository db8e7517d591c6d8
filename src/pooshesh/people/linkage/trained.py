"""The model that was trained beforehand, for where there is too little to learn from.

`default_model.json` is written by `train`; it says there how. It holds weights and how common
names are, nothing about anybody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pooshesh.people.linkage.compare import LEVELS, Identity, Name
from pooshesh.people.linkage.keys import NAME_COLUMNS
from pooshesh.people.linkage.model import INTERACTIONS, Model

FILE = Path(__file__).with_name("default_model.json")


@dataclass(frozen=True)
class Trained:
    """A model with what a batch would count itself: frequent names of each of `NAME_COLUMNS` with
    their EXACT level (others are rare), and the days of the year that many are registered on."""

    model: Model
    frequent: tuple[Mapping[str, int], ...]
    common_days: frozenset[int]
    known: frozenset[str]

    def exact(self, name: str) -> tuple[int, int, int]:
        """The EXACT level of a name key as first, last and father's name."""
        first, last, father = (names.get(name, int(Name.EXACT_RARE)) for names in self.frequent)
        return first, last, father


@cache
def default() -> Trained:
    """What `default_model.json` holds."""
    return from_json(json.loads(FILE.read_text(encoding="utf-8")))


def to_json(
    model: Model, frequent: Mapping[str, Mapping[int, list[str]]], common_days: list[int], how: str
) -> dict[str, Any]:
    """`frequent` maps each of `NAME_COLUMNS` to the names of its levels; weights have 3 places."""
    weights = iter(np.round(model.weights, 3).tolist())
    out: dict[str, Any] = {"how": how, "constant": next(weights)}
    out["levels"] = {
        name: {level.name: next(weights) for level in kinds} for name, kinds in LEVELS.items()
    }
    out["together"] = {
        f"{a} {b}": {
            x.name: {y.name: w for y in LEVELS[b] if (w := next(weights))} for x in LEVELS[a]
        }
        for a, b in INTERACTIONS
    }
    for kind, values in (("national", model.national), ("foreign", model.foreign)):
        each = zip(Identity, np.round(values, 3).tolist(), strict=True)
        out[kind] = {level.name: weight for level, weight in each}
    out["common_days"] = common_days
    out["frequent"] = {
        column: {Name(level).name: " ".join(found) for level, found in levels.items()}
        for column, levels in frequent.items()
    }
    return out


def from_json(read: Mapping[str, Any]) -> Trained:
    """The inverse of `to_json`; a weight that is not written is 0."""
    weights = [read["constant"]]
    weights += [read["levels"][name][level.name] for name in LEVELS for level in LEVELS[name]]
    weights += [
        read["together"][f"{a} {b}"].get(x.name, {}).get(y.name, 0.0)
        for a, b in INTERACTIONS
        for x in LEVELS[a]
        for y in LEVELS[b]
    ]
    frequent = tuple(
        {
            name: int(Name[level])
            for level, found in read["frequent"][column].items()
            for name in found.split()
        }
        for column in NAME_COLUMNS
    )
    return Trained(
        Model(
            np.array(weights),
            np.array([read["national"][level.name] for level in Identity]),
            np.array([read["foreign"][level.name] for level in Identity]),
        ),
        frequent,
        frozenset(read["common_days"]),
        frozenset().union(*frequent),
    )
