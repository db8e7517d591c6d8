from collections.abc import Mapping

import numpy as np
import pytest

from pooshesh.people.linkage import model
from pooshesh.people.linkage.compare import Birth, Contact, Identity, Mask, Name, Sex

NOTHING = np.zeros(len(Identity))

STRONG = {
    "first": Name.EXACT_USUAL, "last": Name.EXACT_USUAL, "father": Name.MISSING,
    "birth": Birth.EQUAL, "sex": Sex.EQUAL, "contact": Contact.MISSING,
}  # fmt: skip
SIBLING = STRONG | {
    "first": Name.DIFFERENT, "father": Name.EXACT_USUAL, "birth": Birth.NEAR_YEAR,
    "contact": Contact.BOTH,
}  # fmt: skip


def patterns_of(*pairs: Mapping[str, int]) -> model.Patterns:
    features = {name: np.array([pair[name] for pair in pairs], np.int8) for name in STRONG}
    return model.Patterns.of(features)


def learnt(patterns: model.Patterns, same: Mask, other: Mask, population: int) -> model.Floats:
    """Log odds of every pair after learning from those marked."""
    counts = patterns.count(same), patterns.count(other)
    weights = model.weights_of(patterns.levels, *counts, population)
    return model.Model(weights, NOTHING, NOTHING).odds(patterns.levels)[patterns.of_pair]


def test_patterns_keep_the_levels_of_every_pair() -> None:
    patterns = patterns_of(STRONG, SIBLING, STRONG)

    assert len(patterns.levels) == 2
    assert patterns.levels[patterns.of_pair].tolist() == [
        list(STRONG.values()),
        list(SIBLING.values()),
        list(STRONG.values()),
    ]


def test_without_labels_the_weight_table_decides() -> None:
    patterns, none = patterns_of(STRONG, SIBLING), np.zeros(2, np.bool_)

    odds = learnt(patterns, none, none, 10**6)

    expected = sum(model.WEIGHTS[name].get(level, 0) for name, level in STRONG.items())
    assert odds[0] == pytest.approx(expected - np.log(10**6))
    assert odds[0] > 3
    assert odds[1] < -3


def test_labels_move_the_weights() -> None:
    patterns = patterns_of(*[SIBLING] * 50)
    all_, none = np.ones(50, np.bool_), np.zeros(50, np.bool_)

    as_same = learnt(patterns, all_, none, 1000)
    as_other = learnt(patterns, none, all_, 1000)

    assert as_same[0] > 3
    assert as_other[0] < -3


def test_a_larger_population_asks_for_more_evidence() -> None:
    patterns, none = patterns_of(STRONG), np.zeros(1, np.bool_)

    village = learnt(patterns, none, none, 10_000)
    nation = learnt(patterns, none, none, 10**8)

    assert village[0] > nation[0]


def test_an_equal_identifier_speaks_for_a_link_and_a_different_one_against() -> None:
    levels = np.array([Identity.EQUAL] * 30 + [Identity.VALID_DIFFERENT] * 300, np.int8)
    chance = np.array([0.99] * 30 + [0.01] * 300)

    weights = model.identity_weights(levels, chance)

    assert weights[Identity.EQUAL] > 3
    assert weights[Identity.VALID_DIFFERENT] < -2
    assert weights[Identity.MISSING] == 0
