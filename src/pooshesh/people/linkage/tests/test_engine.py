import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pooshesh.people.linkage.engine import Taught, link
from pooshesh.people.linkage.live import compared
from pooshesh.people.linkage.tests.sheets import (
    ID,
    OTHER,
    OTHER_ID,
    PERSON,
    Record,
    linked,
    matches,
    sheet,
)

FOUND = [("insured", "ihio", 2)]
NOT_FOUND = [("uninsured", None, None)]
ASKED = [("review", None, None)]
NAMESAKE = PERSON | {"birth_date": "1369"}  # of one year, as far as is known


def test_it_works() -> None:
    result = linked([PERSON], [OTHER, PERSON])

    assert matches(result) == FOUND
    assert result.rows["score"][0] > 0.99


@pytest.mark.parametrize(
    "changed",
    [
        {"first_name": "Shakila", "last_name": "Baghbanzadeh", "father_name": "Mirvais"},
        {"first_name": PERSON["last_name"], "last_name": PERSON["first_name"]},
        {"birth_date": "1369"},
        {"birth_date": "1369/08/11"},
        {"father_name": None},
        {"last_name": "باغبانزده"},
        {"sex": None},
    ],
    ids=["latin", "swapped", "year only", "day slip", "no father", "typo", "no sex"],
)
def test_a_person_is_found_in_spite_of(changed: dict[str, str | None]) -> None:
    assert matches(linked([PERSON | changed], [OTHER, PERSON])) == FOUND


def test_what_clerks_judged_elsewhere_teaches_the_next_linkage() -> None:
    census, roll = sheet(NAMESAKE), {"ihio": sheet(OTHER, PERSON)}
    pattern = compared(NAMESAKE, [PERSON])[0]

    untaught = link(census, roll)
    apart = link(census, roll, Taught(np.repeat(pattern, 50, axis=0), np.zeros(50, np.bool_)))
    again = link(census, roll, Taught(pattern[:0], np.zeros(0, np.bool_)))

    assert matches(untaught) == matches(again) == FOUND
    assert matches(apart) == ASKED


def test_an_id_that_lost_its_zeros_is_the_same_id() -> None:
    census = {"first_name": "شکیلا", "national_id": ID.lstrip("0"), "birth_date": "1369"}

    assert matches(linked([census], [OTHER, PERSON | {"national_id": ID}])) == FOUND


def test_two_different_valid_ids_are_two_people_whatever_else_agrees() -> None:
    result = linked([PERSON | {"national_id": ID}], [PERSON | {"national_id": OTHER_ID}])

    assert matches(result) == NOT_FOUND


def test_valid_ids_one_slip_apart_go_to_a_clerk() -> None:
    # The check digit is 1 for both remainders 1 and 10, so these two differ in one digit only.
    a, b = "1000000011", "1100000011"

    result = linked([PERSON | {"national_id": a}], [OTHER, PERSON | {"national_id": b}])

    assert matches(result) == [("review", None, None)]
    assert result.rows.select("candidate_roll", "candidate_row").rows() == [("ihio", 2)]


def test_a_parents_id_on_a_child_is_misuse_and_no_link() -> None:
    parent = PERSON | {"national_id": ID}
    child = OTHER | {"birth_date": "1393/04/02", "national_id": ID}

    result = linked([child], [{"first_name": "ناصر"}, parent])

    assert matches(result) == NOT_FOUND
    assert result.misuse.rows() == [(1, "ihio", 2, "national_id")]


def test_a_child_named_after_the_parent_whose_id_it_carries_is_misuse() -> None:
    parent = OTHER | {"first_name": "محمد", "national_id": ID}
    child = OTHER | {"first_name": "محمدمهدی", "birth_date": "1377/05/19", "national_id": ID}

    result = linked([child], [parent])

    assert matches(result) == NOT_FOUND
    assert len(result.misuse) == 1


@pytest.mark.parametrize("pseudo", ["1111111111", "0001234567", "1234567890"])
def test_a_pseudo_id_is_no_identity(pseudo: str) -> None:
    result = linked([PERSON | {"national_id": pseudo}], [OTHER | {"national_id": pseudo}])

    assert matches(result) == NOT_FOUND
    assert result.misuse.is_empty()


def test_doubles_carry_the_roll_row_and_the_row_they_repeat() -> None:
    home = {"household": "1"}
    census = [OTHER | home, PERSON | home, PERSON | home | {"birth_date": "1369"}]

    result = linked(census, [{"first_name": "ناصر"}, PERSON])

    assert matches(result)[1:] == [("insured", "ihio", 2), ("duplicate", "ihio", 2)]
    assert result.rows["duplicate_of"].to_list() == [None, None, 2]


@pytest.mark.parametrize(("first", "second"), [("شکیلا", "نرگس"), ("حسن", "حسین")])
def test_twins_are_two_people(first: str, second: str) -> None:
    home = PERSON | {"household": "1", "mobile": "09121234567"}
    twins = [home | {"first_name": first}, home | {"first_name": second}]

    namesakes = [OTHER | {"first_name": name} for name in (first, second)] * 3

    result = linked(twins, [twins[0], *namesakes])

    assert matches(result) == [("insured", "ihio", 1), ("uninsured", None, None)]


def test_a_roll_row_serves_one_person() -> None:
    twice = PERSON | {"national_id": ID}
    other_person = PERSON | {"national_id": OTHER_ID}

    result = linked([other_person, twice], [twice])

    assert matches(result) == [("uninsured", None, None), ("insured", "ihio", 1)]


def test_a_person_on_two_rolls_is_shown_on_both() -> None:
    result = link(sheet(PERSON), {"ihio": sheet(OTHER, PERSON), "sso": sheet(PERSON)})

    chosen = result.pairs.filter("chosen").select("row", "roll", "roll_row").rows()
    assert sorted(chosen) == [(1, "ihio", 2), (1, "sso", 1)]


def test_a_likely_but_unproven_double_is_left_to_a_clerk() -> None:
    home = {"household": "1", "last_name": "نوری", "father_name": "حسن", "sex": "M"}
    census = [
        home | {"first_name": "علی", "birth_date": "1370/03/05"},
        home | {"first_name": "محمدعلی", "birth_date": "1372/04/15"},
    ]

    result = linked(census, [OTHER])

    assert result.rows["match"].to_list() == ["uninsured", "uninsured"]
    assert result.possible_doubles.select("row", "other_row").rows() == [(1, 2)]


@pytest.mark.parametrize(
    ("census", "roll"), [([], []), ([], [PERSON]), ([PERSON], [])], ids=["both", "census", "roll"]
)
def test_empty_files_link_nothing(census: list[Record], roll: list[Record]) -> None:
    empty = pl.DataFrame(schema={"row": pl.Int64})

    result = link(sheet(*census) if census else empty, {"ihio": sheet(*roll) if roll else empty})

    assert result.rows["match"].to_list() == ["uninsured"] * len(census)


def test_without_any_roll_everybody_is_uninsured() -> None:
    assert matches(link(sheet(PERSON), {})) == NOT_FOUND


NAMES = st.sampled_from(["زهرا", "علی", "Mohammad", "محمد", "گل‌آغا", "نوری", "احمدی", None])


def records(*identifiers: str | None) -> st.SearchStrategy[list[dict[str, str | None]]]:
    """Small households of few names, each record with one of these national IDs."""
    fields = {
        "household": st.sampled_from(["1", "2", None]),
        "first_name": NAMES,
        "last_name": NAMES,
        "father_name": NAMES,
        "birth_date": st.sampled_from(["1370/01/01", "1370", "1371/05/09", "x", None]),
        "national_id": st.sampled_from(identifiers),
        "mobile": st.sampled_from(["09121234567", None]),
    }
    return st.lists(st.fixed_dictionaries(fields), min_size=1, max_size=8)


RECORDS = records(ID, OTHER_ID, "1111111111", None)


@settings(max_examples=25, deadline=None)
@given(RECORDS, RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(census, roll, random) -> None:  # type: ignore[no-untyped-def]
    left, right = sheet(*census), sheet(*roll)
    order = random.sample(range(len(left)), len(left))

    straight = link(left, {"ihio": right})
    shuffled = link(left[order], {"ihio": right.reverse()})

    assert straight.rows.equals(shuffled.rows)
    assert straight.pairs.equals(shuffled.pairs)
    assert straight.possible_doubles.equals(shuffled.possible_doubles)


@settings(max_examples=25, deadline=None)
@given(RECORDS)
def test_nobody_gets_two_rows_of_a_roll_and_no_row_two_people(records) -> None:  # type: ignore[no-untyped-def]
    result = link(sheet(*records), {"ihio": sheet(*records)})

    chosen = result.pairs.filter("chosen")
    assert chosen["row"].is_unique().all()
    assert chosen["roll_row"].is_unique().all()


@settings(max_examples=25, deadline=None)
@given(records(ID, "1111111111", None))
def test_a_record_links_to_its_exact_copy(others) -> None:  # type: ignore[no-untyped-def]
    result = linked([*others, PERSON], [PERSON, *others])

    assert matches(result)[-1] == ("insured", "ihio", 1)


@settings(max_examples=25, deadline=None)
@given(RECORDS)
def test_a_record_is_linked_or_shown_to_a_clerk_with_its_exact_copy(others) -> None:  # type: ignore[no-untyped-def]
    result = linked([*others, PERSON], [PERSON, *others])

    found = result.rows.select(
        pl.coalesce("roll", "candidate_roll"), pl.coalesce("roll_row", "candidate_row")
    )
    assert found.rows()[-1] == ("ihio", 1)


def test_where_valid_ids_tell_perfect_namesakes_apart_who_has_none_goes_to_a_clerk() -> None:
    # What the numbers teach here: to agree in everything is no proof of being one person.
    namesakes = [OTHER | {"national_id": ID}, OTHER | {"national_id": OTHER_ID}]

    result = linked([*namesakes, PERSON], [PERSON, *namesakes])

    assert matches(result) == [
        ("insured", "ihio", 2),
        ("insured", "ihio", 3),
        ("review", None, None),
    ]
    assert result.rows.select("candidate_roll", "candidate_row").rows()[-1] == ("ihio", 1)
