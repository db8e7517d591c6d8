import numpy as np
import pytest

from pooshesh.people.linkage import compare
from pooshesh.people.linkage.compare import Birth, Contact, Identity, Name, Sex
from pooshesh.people.linkage.tests.sheets import Record, table_of

LEFT, RIGHT = np.array([0]), np.array([1])


def level(column: str, a: Record, b: Record) -> int:
    table = table_of(a, b)
    return int(compare.features(table, LEFT, RIGHT)[column][0])


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("زهرا", None, Name.MISSING),
        ("زهرا", "زهرا", Name.EXACT_COMMON),
        ("سغری", "صغری", Name.SOUNDS),
        ("Gholamreza", "غلامرضا", Name.SOUNDS),
        ("محمدرضا", "رضا", Name.PART),
        ("Husayn", "حسین", Name.SOUNDS),
        ("سمانه", "سمنه", Name.SOUNDS),
        ("شهربانو", "شهربابو", Name.NEAR),
        ("نرگس", "پرگس", Name.SIMILAR),
        ("زهرا", "کلثوم", Name.DIFFERENT),
    ],
)
def test_name_levels(a: str, b: str | None, expected: Name) -> None:
    assert level("first", {"first_name": a}, {"first_name": b}) == expected


def test_well_known_names_that_differ_in_a_vowel_are_no_misspelling() -> None:
    table = table_of(*[{"first_name": "حسن"}, {"first_name": "حسین"}] * 3)

    assert compare.names(table, table.first, LEFT, RIGHT).tolist() == [Name.VOWELS]


def test_an_equal_name_says_more_where_few_bear_it() -> None:
    column = np.array([0] * 9_000 + [1] * 10 + [2] + [-1] * 5)

    assert compare.rarity(column, 3).tolist() == [
        Name.EXACT_COMMON,
        Name.EXACT_USUAL,
        Name.EXACT_USUAL,
    ]
    assert compare.rarity(np.append(column, [0] * 5_000), 3)[2] == Name.EXACT_RARE


def test_first_and_last_name_in_each_others_column_are_swapped() -> None:
    a = {"first_name": "شهربانو", "last_name": "کاکاوند"}
    b = {"first_name": "کاکاوند", "last_name": "شهربانو"}

    assert level("first", a, b) == Name.SWAPPED
    assert level("last", a, b) == Name.MISSING


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("1369/08/17", None, Birth.MISSING),
        ("1369/08/17", "1369", Birth.YEAR_ONLY),
        ("1369/08/17", "1369/08/18", Birth.ONE_SLIP),
        ("1369/08/17", "1396/08/17", Birth.ONE_SLIP),
        ("1369/08/11", "1369/11/08", Birth.ONE_SLIP),
        ("1369/08/17", "1348/08/17", Birth.SAME_DAY),
        ("1369/08/17", "1369/02/25", Birth.SAME_YEAR),
        ("1369/08/17", "1371/02/25", Birth.NEAR_YEAR),
        ("1369/08/17", "1342/02/25", Birth.DIFFERENT),
    ],
)
def test_birth_levels(a: str, b: str | None, expected: Birth) -> None:
    assert level("birth", {"birth_date": a}, {"birth_date": b}) == expected


def test_an_equal_birth_date_says_less_on_a_day_many_are_registered_on() -> None:
    everyday = [{"birth_date": f"1370/{1 + n % 12:02}/{2 + n // 12:02}"} for n in range(240)]
    first_of_year = [{"birth_date": "1370/01/01"}] * 10
    table = table_of(*first_of_year, *everyday, {"birth_date": "1370/01/02"})

    levels = compare.births(table, np.array([0, 10]), np.array([1, len(table) - 1]))

    assert levels.tolist() == [Birth.EQUAL_COMMON_DAY, Birth.EQUAL]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("M", None, Sex.MISSING), ("M", "M", Sex.EQUAL), ("M", "F", Sex.DIFFERENT)],
)
def test_sex_levels(a: str, b: str | None, expected: Sex) -> None:
    assert level("sex", {"sex": a}, {"sex": b}) == expected


POST, PHONE = "9551067936", "09866840310"


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({"postal_code": POST}, {"mobile": PHONE}, Contact.MISSING),
        (
            {"postal_code": POST, "mobile": PHONE},
            {"postal_code": POST, "mobile": "+98" + PHONE[1:]},
            Contact.BOTH,
        ),
        ({"postal_code": POST}, {"postal_code": POST, "mobile": PHONE}, Contact.ONE),
        ({"postal_code": POST}, {"postal_code": "7156776199"}, Contact.NONE),
        ({"household": "4", "mobile": PHONE}, {"household": "4"}, Contact.SAME_HOUSEHOLD),
    ],
)
def test_contact_levels(a: Record, b: Record, expected: Contact) -> None:
    assert level("contact", a, b) == expected


def test_a_contact_given_by_another_member_of_the_household_counts() -> None:
    table = table_of(
        {"household": "4", "mobile": "09121234567"},
        {"mobile": PHONE},
        {"household": "4", "mobile": PHONE},
    )

    assert compare.contacts(table, LEFT, RIGHT).tolist() == [Contact.HOUSEHOLD]


@pytest.mark.parametrize(
    ("a", "b", "both_valid", "expected"),
    [
        (-1, 1234567890, False, Identity.MISSING),
        (1234567890, 1234567890, True, Identity.EQUAL),
        (1234567890, 1234567890, False, Identity.MISSING),
        (1234567890, 1234567840, True, Identity.ONE_SLIP),
        (1234567890, 1234567809, False, Identity.ONE_SLIP),
        (1234567890, 1243567809, True, Identity.VALID_DIFFERENT),
        (1234567890, 1243567809, False, Identity.DIFFERENT),
    ],
)
def test_identity_levels(a: int, b: int, both_valid: bool, expected: Identity) -> None:
    valid = np.array([both_valid, both_valid])

    assert compare.identities(np.array([a, b]), valid, LEFT, RIGHT, 10).tolist() == [expected]
