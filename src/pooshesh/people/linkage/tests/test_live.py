import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pooshesh.people.linkage import compare, live, trained
from pooshesh.people.linkage.compare import Birth, Identity, Name
from pooshesh.people.linkage.tests.sheets import ID, OTHER, OTHER_ID, PERSON, Record, table_of


def test_it_works() -> None:
    found = live.score_one(PERSON, [OTHER, PERSON])

    assert [(at, kind) for at, _, kind in found] == [(1, "match")]
    assert found[0][1] > 0.99


@pytest.mark.parametrize(
    "changed",
    [
        {"first_name": "Shakila", "last_name": "Baghbanzadeh", "father_name": "Mirvais"},
        {"first_name": PERSON["last_name"], "last_name": PERSON["first_name"]},
        {"birth_date": "۱۳۶۹/۸/۱۷"},
        {"birth_date": "1369/08/11"},
        {"father_name": None},
        {"last_name": "باغبانزده"},
    ],
    ids=["latin", "swapped", "Persian digits", "day slip", "no father", "typo"],
)
def test_a_person_is_found_in_spite_of(changed: Record) -> None:
    found = live.score_one({**PERSON, **changed}, [OTHER, PERSON])

    assert [at for at, _, _ in found] == [1]


def test_nobody_to_compare_with_finds_nobody() -> None:
    assert live.score_one(PERSON, []) == []


def test_two_valid_ids_are_two_people() -> None:
    assert live.score_one(PERSON | {"national_id": ID}, [PERSON | {"national_id": OTHER_ID}]) == []


def test_a_strangers_id_is_no_match() -> None:
    assert live.score_one(PERSON | {"national_id": ID}, [OTHER | {"national_id": ID}]) == []


def test_valid_ids_one_slip_apart_go_to_a_clerk() -> None:
    typed, other = PERSON | {"national_id": "1000000011"}, PERSON | {"national_id": "1100000011"}

    found = live.score_one(typed, [other])

    assert [(at, kind) for at, _, kind in found] == [(0, "review")]


def test_a_sibling_is_not_shown() -> None:
    home = {"mobile": "09121234567", "postal_code": "1234567890"}
    sibling = {**PERSON, **home, "first_name": "نرگس", "birth_date": "1372/01/09"}

    assert live.score_one(PERSON | home, [sibling]) == []


def test_the_best_comes_first() -> None:
    near = PERSON | {"father_name": None, "birth_date": "1369/08/11"}

    found = live.score_one(PERSON, [near, PERSON])

    assert [at for at, _, _ in found] == [1, 0]


@pytest.mark.parametrize(
    "changed",
    [{"first_name": "شکیل"}, {"birth_date": "1369"}, {"last_name": "دیگری"}, {"mobile": None}],
    ids=["first name", "birth", "last name", "mobile"],
)
def test_records_of_one_person_share_a_block_in_spite_of(changed: Record) -> None:
    person = PERSON | {"mobile": "09121234567"}

    shared = set(live.blocks(person)) & set(live.blocks({**person, **changed}))

    assert shared


def test_strangers_share_no_block() -> None:
    assert not set(live.blocks(PERSON)) & set(live.blocks(OTHER))


def test_the_shipped_model_says_how_it_was_trained_and_comes_back_as_written() -> None:
    read = json.loads(trained.FILE.read_text(encoding="utf-8"))
    frequent = {
        column: {int(Name[level]): names.split() for level, names in levels.items()}
        for column, levels in read["frequent"].items()
    }

    kept = trained.from_json(read)
    again = trained.to_json(kept.model, frequent, read["common_days"], read["how"])

    assert "made-up" in read["how"]
    assert again == read


NAMES = st.sampled_from(
    ["زهرا", "علی", "Mohammad", "محمد", "محمدعلی", "گل‌آغا", "نوری", "حسن", "حسین", "سید نوری", None]
)
RECORDS = st.fixed_dictionaries(
    {
        "first_name": NAMES,
        "last_name": NAMES,
        "father_name": NAMES,
        "birth_date": st.sampled_from(
            ["1370/01/01", "1370", "1371/05/09", "1370/05/09", "1371/09/05", "1350/2/3", "x", None]
        ),
        "national_id": st.sampled_from([ID, ID[1:], OTHER_ID, "1111111111", "9121234567", None]),
        "foreign_id": st.sampled_from(["123456789012", "123456789021", "999999999999", None]),
        "sex": st.sampled_from(["M", "F", "x", None]),
        "postal_code": st.sampled_from(["1234567890", "1234567891", "12", None]),
        "mobile": st.sampled_from(["09121234567", "+989121234567", "0912", None]),
    }
)
#: What a batch counts among its own records and the live check looks up.
COUNTED = {Name.EXACT_USUAL: Name.EXACT_RARE, Name.EXACT_COMMON: Name.EXACT_RARE,
           Name.VOWELS: Name.SOUNDS}  # fmt: skip


def uncounted(levels: np.ndarray) -> list[list[int]]:
    """The features as lists, names and days as if nobody had counted how common they are."""
    names = [[COUNTED.get(Name(x), x) for x in column] for column in levels.T[:3].tolist()]
    births = [Birth.EQUAL if x == Birth.EQUAL_COMMON_DAY else x for x in levels.T[3].tolist()]
    return [*names, births, *levels.T[4:].tolist()]


@settings(max_examples=30, deadline=None)
@given(RECORDS, st.lists(RECORDS, min_size=1, max_size=4))
def test_it_compares_as_a_batch_does(typed: Record, others: list[Record]) -> None:
    table = table_of(typed, *others)
    right = np.arange(1, len(others) + 1)
    left = np.zeros_like(right)
    valid = table.national_valid

    levels, national, foreign, both = live.compared(typed, others)

    batch = np.stack(list(compare.features(table, left, right).values()), axis=1)
    assert uncounted(levels) == uncounted(batch)
    assert national.tolist() == compare.identities(table.national, valid, left, right, 10).tolist()
    codes = table.foreign >= 0
    assert foreign.tolist() == compare.identities(table.foreign, codes, left, right, 12).tolist()
    assert both.tolist() == (valid[left] & valid[right]).tolist()


@settings(max_examples=100, deadline=None)
@given(RECORDS, RECORDS)
def test_it_does_not_matter_which_of_two_is_typed(one: Record, other: Record) -> None:
    there = live.score_one(one, [other])
    back = live.score_one(other, [one])

    assert [(at, kind) for at, _, kind in there] == [(at, kind) for at, _, kind in back]
    assert [score for _, score, _ in there] == pytest.approx([score for _, score, _ in back])


@settings(max_examples=100, deadline=None)
@given(RECORDS, RECORDS)
def test_two_valid_ids_never_match(one: Record, other: Record) -> None:
    typed, held = {**one, "national_id": ID}, {**other, "national_id": OTHER_ID}

    assert live.compared(typed, [held])[1].tolist() == [Identity.VALID_DIFFERENT]
    assert live.score_one(typed, [held]) == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(RECORDS, RECORDS), max_size=5))
def test_a_batch_of_pairs_is_scored_as_each_alone(pairs: list[tuple[Record, Record]]) -> None:
    together = live.score_pairs(pairs)

    alone = [live.score_one(one, [other]) for one, other in pairs]
    assert [[(0, *each)] if each else [] for each in together] == alone
