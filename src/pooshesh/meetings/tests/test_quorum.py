"""Quorum and tally as pure functions: a table of cases, and what holds for every body."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.meetings.quorum import Rules, Sitting, needed, quorum, tally

IDS = [UUID(int=n) for n in range(1, 13)]
CHAIR, *REST = IDS[:7]
SEVEN = [Sitting(one, UUID(int=100 + n)) for n, one in enumerate(IDS[:7])]
HALF = Rules(percent=50)


@pytest.mark.parametrize(
    ("rules", "members", "expected"),
    [
        (Rules(percent=50), 7, 4),
        (Rules(percent=50), 6, 4),  # more than half
        (Rules(percent=66), 7, 5),
        (Rules(percent=99), 7, 7),
        (Rules(percent=50), 1, 2),  # nobody is a quorum alone
        (Rules(members=5), 7, 5),
    ],
)
def test_a_quorum_is_a_number_or_more_than_a_share(
    rules: Rules, members: int, expected: int
) -> None:
    assert needed(rules, members) == expected


def test_a_rule_without_a_quorum_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="number of members or a share"):
        needed(Rules(), 7)


def test_an_organisation_that_must_attend_and_does_not_takes_the_quorum_away() -> None:
    rules = Rules(percent=50, must_attend=frozenset({SEVEN[6].organisation}))

    without = quorum(rules, SEVEN, IDS[:6])
    conflicted = quorum(rules, SEVEN, IDS[:7], {IDS[6]})

    assert (without.held, without.missing) == (False, rules.must_attend)
    assert not conflicted.held
    assert quorum(rules, SEVEN, IDS[:7]).held


def test_an_alternate_counts_only_while_the_member_is_out() -> None:
    alternate = Sitting(IDS[11], SEVEN[0].organisation, alternate=True)

    both = quorum(HALF, [alternate, *SEVEN], [*IDS[:4], IDS[11]])
    instead = quorum(HALF, [alternate, *SEVEN], [*IDS[1:4], IDS[11]])

    assert IDS[11] not in both.counted
    assert instead.counted == {*IDS[1:4], IDS[11]}
    assert instead.members == 7


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ("ffaa", "lost"),  # even
        ("fff", "carried"),
        ("ffnn", "carried"),  # who abstains does not vote
        ("fnnn", "lost"),  # one alone decides nothing
        ("nnnn", "lost"),
        ("aaf", "lost"),
    ],
)
def test_a_majority_of_those_voting_carries(votes: str, outcome: str) -> None:
    words = {"f": "for", "a": "against", "n": "abstain"}
    choices = {IDS[n]: words[letter] for n, letter in enumerate(votes)}

    assert tally(HALF, quorum(HALF, SEVEN, IDS[:4]), choices).outcome == outcome


def test_abstentions_count_where_the_rule_says_so() -> None:
    rules = Rules(percent=50, abstentions_count=True)
    choices = dict(zip(IDS, ("for", "for", "abstain", "abstain"), strict=False))

    assert tally(rules, quorum(rules, SEVEN, IDS[:4]), choices).outcome == "lost"


# --- what holds for every body ------------------------------------------------------------

seats = st.lists(
    st.tuples(st.sampled_from(range(6)), st.booleans()), min_size=1, max_size=12
).map(
    lambda rows: [
        Sitting(IDS[n], UUID(int=100 + seat), alternate) for n, (seat, alternate) in enumerate(rows)
    ]
)  # fmt: skip
somebody = st.sets(st.sampled_from(IDS))
rule = st.builds(
    Rules,
    percent=st.integers(1, 99),
    must_attend=st.frozensets(st.integers(100, 105).map(lambda n: UUID(int=n)), max_size=2),
    majority_percent=st.integers(50, 99),
    abstentions_count=st.booleans(),
)
ballots = st.dictionaries(st.sampled_from(IDS), st.sampled_from(["for", "against", "abstain"]))


@given(rule, seats, somebody, somebody)
def test_who_counts_is_a_member_in_the_room_without_an_interest_one_per_seat(
    rules: Rules, sittings: list[Sitting], present: set[UUID], conflicted: set[UUID]
) -> None:
    found = quorum(rules, sittings, present, conflicted)

    assert found.counted <= present - conflicted
    assert found.counted <= {one.member for one in sittings}
    assert len(found.counted) <= found.members


@given(rule, seats, somebody, somebody)
def test_an_interest_never_helps_a_quorum(
    rules: Rules, sittings: list[Sitting], present: set[UUID], conflicted: set[UUID]
) -> None:
    free, touched = quorum(rules, sittings, present), quorum(rules, sittings, present, conflicted)

    assert touched.needed == free.needed
    assert touched.counted <= free.counted
    assert free.held or not touched.held


@given(rule, seats, somebody, somebody, ballots)
def test_who_does_not_count_changes_nothing_by_voting(
    rules: Rules, sittings: list[Sitting], present: set[UUID], conflicted: set[UUID],
    choices: dict[UUID, str],
) -> None:  # fmt: skip
    found = quorum(rules, sittings, present, conflicted)

    counted = {one: choice for one, choice in choices.items() if one in found.counted}
    assert tally(rules, found, choices) == tally(rules, found, counted)


@given(rule, seats, somebody, ballots)
def test_nothing_carries_without_a_quorum_a_majority_and_two_in_favour(
    rules: Rules, sittings: list[Sitting], present: set[UUID], choices: dict[UUID, str]
) -> None:
    found = quorum(rules, sittings, present)

    result = tally(rules, found, choices)

    enough = found.held and result.in_favour >= 2 and result.in_favour > result.against
    assert enough or result.outcome != "carried"
    assert (result.outcome == "no_quorum") == (not found.held)


@given(rule, seats, somebody, ballots)
def test_the_order_of_members_does_not_matter_among_seats_of_one(
    rules: Rules,
    sittings: list[Sitting],
    present: set[UUID],
    choices: dict[UUID, str],
) -> None:
    single = list({one.organisation: one for one in sittings}.values())

    there, back = quorum(rules, single, present), quorum(rules, single[::-1], present)

    assert tally(rules, there, choices) == tally(rules, back, choices)
