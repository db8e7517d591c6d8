import numpy as np

from pooshesh.people.linkage.assign import (
    ScoredPairs,
    doubles,
    links,
    sure_rows,
    weigh_doubles,
)
from pooshesh.people.linkage.names import MISSING

SOURCE = np.array([0, 0, 0, 1, 1])


def scored(*pairs: tuple[int, int, float]) -> ScoredPairs:
    left, right, odds = (np.array(column) for column in zip(*pairs, strict=True))
    return ScoredPairs(left, right, odds.astype(float), np.zeros(len(pairs), np.bool_))


def test_doubles_form_chains() -> None:
    clusters = doubles(scored((1, 2, 5.0), (2, 4, 4.0)), np.full(5, MISSING), least=2.0)

    assert clusters.tolist() == [0, 1, 1, 3, 1]


def test_a_chain_never_joins_two_valid_ids() -> None:
    valid_id = np.array([111, MISSING, 222])

    clusters = doubles(scored((0, 1, 5.0), (1, 2, 6.0)), valid_id, least=2.0)

    assert clusters.tolist() == [0, 1, 1]


def test_two_rows_that_are_surely_one_roll_row_are_doubles() -> None:
    rows = sure_rows(scored((0, 3, 6.0), (1, 3, 5.0), (2, 4, 5.0)), size=3)

    weighed = weigh_doubles(scored((0, 1, -1.0), (0, 2, 8.0)), rows)

    assert rows.tolist() == [3, 3, 4]
    assert weighed.odds[0] > 2
    assert weighed.odds[1] < -2


def test_kin_who_share_a_roll_row_stay_apart() -> None:
    rows = np.array([3, 3])

    assert weigh_doubles(scored((0, 1, -6.0)), rows).odds.tolist() == [-6.0]


def test_a_roll_row_goes_to_its_best_person() -> None:
    best = links(scored((0, 3, 4.0), (1, 3, 7.0)), np.array([0, 1, 2]), SOURCE)

    assert best.filter("chosen").select("person", "record").rows() == [(1, 3)]


def test_equal_rivals_share_the_chance() -> None:
    tied = links(scored((0, 3, 6.0), (0, 4, 6.0)), np.array([0, 1, 2]), SOURCE)

    assert tied["score"].to_list() == [tied["score"][0]] * 2
    assert tied["score"][0] < 0.5
    assert tied["chosen"].to_list() == [True, False]


def test_doubles_of_a_person_are_no_rivals() -> None:
    both = links(scored((0, 3, 6.0), (1, 3, 5.0)), np.array([0, 0, 2]), SOURCE)

    assert both.select("person", "record", "chosen").rows() == [(0, 3, True)]
    assert both["score"][0] > 0.99
