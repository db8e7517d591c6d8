"""How likely a pair is one person, learnt from the pairs whose identifiers already tell.

Pairs with the same levels form a pattern; the model is a logistic regression over patterns, its
labels the pairs that carry two valid identifiers. `WEIGHTS` is the mean of its prior: with few or
no labels (a tiny census, no identifiers) the table itself decides, with many the data do.
All weights are natural-log odds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pooshesh.people.linkage.compare import (
    LEVELS,
    Birth,
    Contact,
    Identity,
    Levels,
    Mask,
    Name,
    Sex,
)
from pooshesh.people.linkage.names import Codes

Floats = NDArray[np.float64]

# Log of (chance of the level in a true pair / in a random pair), from how often names, dates and
# contacts are mistyped in the field (a few per cent) and how common they are. Kin share surname,
# father, contact and home, twins even the birth date, so only the first name can tell them apart:
# two other first names outweigh all the rest, and one household says little.
_NAME: dict[int, float] = {
    Name.EXACT_RARE: 7.0, Name.EXACT_USUAL: 5.5, Name.EXACT_COMMON: 4.0, Name.SOUNDS: 4.5,
    Name.VOWELS: 3.0, Name.PART: 2.5, Name.NEAR: 3.0, Name.SIMILAR: 0.0, Name.DIFFERENT: -3.5,
    Name.SWAPPED: 7.0,
}  # fmt: skip
WEIGHTS: dict[str, dict[int, float]] = {
    "first": _NAME
    | {Name.VOWELS: -1.0, Name.PART: 1.0, Name.SIMILAR: -3.0, Name.DIFFERENT: -15.0},
    "last": _NAME,
    "father": {level: 0.7 * weight for level, weight in _NAME.items()},
    "birth": {
        Birth.EQUAL: 8.5, Birth.EQUAL_COMMON_DAY: 5.0, Birth.YEAR_ONLY: 3.0, Birth.ONE_SLIP: 3.5,
        Birth.SAME_DAY: 0.5, Birth.SAME_YEAR: 0.0, Birth.NEAR_YEAR: -2.5, Birth.DIFFERENT: -5.5,
    },
    "sex": {Sex.EQUAL: 0.7, Sex.DIFFERENT: -4.5},
    "contact": {
        Contact.BOTH: 6.0, Contact.ONE: 5.0, Contact.HOUSEHOLD: 4.5, Contact.NONE: -0.5,
        Contact.SAME_HOUSEHOLD: 2.0,
    },
}  # fmt: skip
# A handful of records says little about how common a name or a day is.
SMALLEST_POPULATION = 1000
# Beyond a pair's attributes: chance of each identity level in true pairs and in others.
IDENTITY_CHANCES = {
    Identity.EQUAL: (0.95, 1e-4), Identity.ONE_SLIP: (0.03, 1e-4),
    Identity.DIFFERENT: (0.019, 0.25), Identity.VALID_DIFFERENT: (0.001, 0.7498),
}  # fmt: skip
IDENTITY_PRIOR_PAIRS = 20.0
IDENTITY_BOUND = 9.0

# Levels whose joint value is more than the sum: kin share surname, father and contact.
INTERACTIONS = (
    ("first", "birth"), ("first", "contact"), ("birth", "contact"), ("last", "father"),
    ("first", "sex"), ("first", "last"), ("first", "father"), ("father", "contact"),
    ("last", "contact"), ("father", "birth"), ("last", "birth"),
)  # fmt: skip
RIDGE = 1.0
NEWTON_STEPS = 30
NEWTON_GAIN = 1e-3  # log likelihood
SMALLEST_STEP = 1e-4
MAX_LOG_ODDS = 12.0


@dataclass(frozen=True)
class Patterns:
    """Distinct combinations of levels and which one each pair has.

    `levels` is (patterns, features) in the order of `LEVELS`; `of_pair` indexes its rows.
    """

    levels: NDArray[np.int64]
    of_pair: Codes

    @classmethod
    def of(cls, features: Mapping[str, Levels]) -> Patterns:
        code = np.zeros(len(next(iter(features.values()))), np.int64)
        for name, levels in LEVELS.items():
            code = code * len(levels) + features[name]
        met = np.bincount(code) > 0  # a table of all combinations is far quicker than sorting
        distinct, of_pair = np.flatnonzero(met), (np.cumsum(met) - 1)[code]
        columns = []
        for levels in reversed(LEVELS.values()):
            columns.append(distinct % len(levels))
            distinct = distinct // len(levels)
        return cls(np.stack(columns[::-1], axis=1), of_pair)

    def count(self, pairs: Mask) -> Floats:
        """How many of the marked pairs each pattern has."""
        return np.bincount(self.of_pair[pairs], minlength=len(self.levels)).astype(np.float64)


@dataclass(frozen=True)
class Model:
    """What a fit has learnt: `weights` of every term (see `terms_of`), and what each `Identity`
    level adds for national and for foreign IDs."""

    weights: Floats
    national: Floats
    foreign: Floats

    def odds(self, levels: NDArray[np.int64]) -> Floats:
        """Log odds of being one person for `levels` (n, features), identifiers left aside."""
        odds: Floats = np.clip(
            self.weights[terms_of(levels)].sum(axis=1), -MAX_LOG_ODDS, MAX_LOG_ODDS
        )
        return odds


def weights_of(
    levels: NDArray[np.int64], positive: Floats, negative: Floats, population: int
) -> Floats:
    """The weight of every term, learnt from how many pairs of each pattern (a row of `levels`) are
    known to be one person (`positive`) or two; `population` is the number of records a left record
    could match, whose inverse is the prior odds of the weight table.
    """
    return _fit(terms_of(levels), prior(population), positive, negative)


def terms_of(levels: NDArray[np.int64]) -> Codes:
    """Which terms each row of `levels` adds up, (n, terms of one).

    Term 0 is the constant; then one term per level and one per joint level of `INTERACTIONS`.
    """
    column = dict(zip(LEVELS, levels.T, strict=True))
    terms = [np.zeros(len(levels), np.int64)]
    start = 1
    for name, kinds in LEVELS.items():
        terms.append(start + column[name])
        start += len(kinds)
    for a, b in INTERACTIONS:
        terms.append(start + column[a] * len(LEVELS[b]) + column[b])
        start += len(LEVELS[a]) * len(LEVELS[b])
    return np.stack(terms, axis=1)


def prior(population: int) -> Floats:
    """Prior mean of every term, in the order of `terms_of`: interactions start at nothing."""
    means = [-float(np.log(max(population, SMALLEST_POPULATION)))]
    for name, kinds in LEVELS.items():
        means += [WEIGHTS[name].get(level, 0.0) for level in kinds]
    joint = sum(len(LEVELS[a]) * len(LEVELS[b]) for a, b in INTERACTIONS)
    return np.array(means + [0.0] * joint)


def _fit(terms: Codes, prior: Floats, positive: Floats, negative: Floats) -> Floats:
    """Ridge logistic regression around `prior` by Newton steps; counts are per pattern."""
    labelled = (positive + negative) > 0
    total = (positive + negative)[labelled]
    used, at = np.unique(terms[labelled], return_inverse=True)
    at = at.reshape(len(total), terms.shape[1])
    pairs = (at[:, :, None] * len(used) + at[:, None, :]).ravel()
    mean = prior[used]

    def objective(weights: Floats) -> float:
        odds = weights[at].sum(axis=1)
        fit = positive[labelled] @ odds - total @ np.logaddexp(0, odds)
        return float(fit - RIDGE / 2 * np.sum((weights - mean) ** 2))

    weights, reached = mean, objective(mean)
    for _ in range(NEWTON_STEPS):
        chance = logistic(weights[at].sum(axis=1))
        misfit = np.repeat(positive[labelled] - total * chance, at.shape[1])
        gradient = np.bincount(at.ravel(), misfit, len(used)) - RIDGE * (weights - mean)
        spread = np.repeat(total * chance * (1 - chance), at.shape[1] ** 2)
        curvature = np.bincount(pairs, spread, len(used) ** 2).reshape(len(used), len(used))
        step = np.linalg.solve(curvature + RIDGE * np.eye(len(used)), gradient)
        size = 1.0
        while objective(weights + size * step) < reached and size > SMALLEST_STEP:
            size /= 2
        weights = weights + size * step
        gain, reached = objective(weights) - reached, objective(weights)
        if gain < NEWTON_GAIN:
            break
    fitted = prior.copy()
    fitted[used] = weights
    return fitted


def identity_weights(levels: Levels, chance: Floats) -> Floats:
    """Log odds each `Identity` level adds, (5,), from the model's own chances of the pairs."""
    weights = np.zeros(len(Identity))
    known = levels != Identity.MISSING
    true, false = chance[known].sum(), (1 - chance[known]).sum()
    for level, (prior_true, prior_false) in IDENTITY_CHANCES.items():
        at = levels == level
        in_true = chance[at].sum() + IDENTITY_PRIOR_PAIRS * prior_true
        in_false = (1 - chance[at]).sum() + IDENTITY_PRIOR_PAIRS * prior_false
        in_true /= true + IDENTITY_PRIOR_PAIRS
        in_false /= false + IDENTITY_PRIOR_PAIRS
        weights[level] = np.log(in_true / in_false)
    return np.clip(weights, -IDENTITY_BOUND, IDENTITY_BOUND)


def logistic(log_odds: Floats) -> Floats:
    """Chance of given log odds."""
    return 1 / (1 + np.exp(-log_odds))


def odds_of(chance: float) -> float:
    """Log odds of a chance."""
    return float(np.log(chance / (1 - chance)))
