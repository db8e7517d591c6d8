import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pooshesh.people.linkage.accuracy import pairs_by_group
from pooshesh.people.linkage.files import link_files
from pooshesh.people.linkage.tests.sheets import ID, OTHER, OTHER_ID, PERSON, Record, sheet
from pooshesh.people.linkage.tests.test_engine import RECORDS
from pooshesh.people.synthetic.population import OTHER_ERRORS, draw

HOME = {"mobile": "09121234567", "postal_code": "1234567890"}


def pairs(links: pl.DataFrame) -> list[tuple[int, int, str]]:
    return links.select("left_row", "right_row", "class").rows()


def judged(*words: tuple[int, int, bool]) -> pl.DataFrame:
    return pl.DataFrame(words, schema=["left", "right", "same"], orient="row")


def test_it_works() -> None:
    links = link_files(sheet(PERSON, OTHER), sheet(OTHER, PERSON))

    assert pairs(links) == [(1, 2, "match"), (2, 1, "match")]
    assert links["score"].min() > 0.99  # type: ignore[operator]


def test_the_doubles_of_one_file_are_found_once() -> None:
    typo = PERSON | {"last_name": "باغبانزده"}

    assert pairs(link_files(sheet(PERSON, OTHER, typo))) == [(1, 3, "match")]


def test_a_file_may_hold_a_person_several_times() -> None:
    links = link_files(sheet(PERSON), sheet(PERSON, OTHER, PERSON))

    assert pairs(links) == [(1, 1, "match"), (1, 3, "match")]


def test_names_and_birth_dates_are_enough() -> None:
    few = ("row", "first_name", "last_name", "birth_date")

    links = link_files(sheet(PERSON, OTHER).select(few), sheet(OTHER, PERSON).select(few))

    assert pairs(links) == [(1, 2, "match"), (2, 1, "match")]


@pytest.mark.parametrize("written", ["۰۰۷۹۵۷۷۶۱۱", "79577611", "٠٠٧٩٥٧٧٦١١"])
def test_an_id_is_the_same_in_every_writing(written: str) -> None:
    left = sheet({"first_name": "شکیلا", "national_id": ID, "birth_date": "1369"})
    right = sheet({"first_name": "شكيلا", "national_id": written, "birth_date": "1369"}, OTHER)

    assert pairs(link_files(left, right)) == [(1, 1, "match")]


def test_a_strangers_id_links_nobody() -> None:
    child = OTHER | {"birth_date": "1393/04/02", "national_id": ID}

    assert link_files(sheet(PERSON | {"national_id": ID}), sheet(child)).is_empty()


def test_a_clerks_word_joins_a_pair() -> None:
    sibling = PERSON | {"first_name": "نرگس", "birth_date": "1372/01/09"}

    links = link_files(sheet(PERSON), sheet(OTHER, sibling), judged((1, 2, True)))

    assert pairs(links) == [(1, 2, "match")]


def test_a_clerks_word_keeps_a_pair_apart_even_through_a_third_row() -> None:
    links = link_files(sheet(PERSON, PERSON, PERSON), None, judged((1, 2, False)))

    assert (1, 2) not in links.select("left_row", "right_row").rows()


def test_a_clerks_word_does_not_make_two_valid_ids_one_person() -> None:
    left, right = sheet(PERSON | {"national_id": ID}), sheet(PERSON | {"national_id": OTHER_ID})

    assert link_files(left, right, judged((1, 1, True))).is_empty()


def test_a_word_on_rows_that_are_not_there_is_passed_over() -> None:
    links = link_files(sheet(PERSON), sheet(PERSON), judged((7, 1, False), (1, 9, True)))

    assert pairs(links) == [(1, 1, "match")]


@settings(max_examples=15, deadline=None)
@given(RECORDS, RECORDS)
def test_it_does_not_matter_which_file_comes_first(one: list[Record], other: list[Record]) -> None:
    there = link_files(sheet(*one), sheet(*other))

    back = link_files(sheet(*other), sheet(*one))

    turned = back.rename({"left_row": "right_row", "right_row": "left_row"})
    likely = turned.select(there.columns).sort("left_row", "right_row")
    assert there.filter(pl.col("score") > 0.99)["score"].to_list() == pytest.approx(
        likely.filter(pl.col("score") > 0.99)["score"].to_list(), abs=1e-4
    )


@settings(max_examples=15, deadline=None)
@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(records: list[Record], random) -> None:  # type: ignore[no-untyped-def]
    frame = sheet(*records)
    order = random.sample(range(len(frame)), len(frame))

    assert link_files(frame).equals(link_files(frame[order]))


@settings(max_examples=50, deadline=None)
@given(RECORDS)
def test_no_match_joins_two_valid_ids(records: list[Record]) -> None:
    frame = sheet(*records)
    ids = frame.select("row", "national_id").filter(pl.col("national_id").is_in([ID, OTHER_ID]))

    links = link_files(frame).filter(pl.col("class") == "match")

    both = links.join(ids, left_on="left_row", right_on="row").join(
        ids, left_on="right_row", right_on="row", suffix="_right"
    )
    assert both.filter(pl.col("national_id") != pl.col("national_id_right")).is_empty()


def test_a_population_linked_with_itself_finds_every_row() -> None:
    records = draw(5, OTHER_ERRORS["scanned"], 1_500).records

    links = link_files(records, records)

    own = links.filter(pl.col("left_row") == pl.col("right_row"))
    assert len(own) >= len(records) * 0.995  # a row of two bare facts may be anybody's


@pytest.mark.parametrize("profile", OTHER_ERRORS)
def test_other_ways_of_going_wrong_lose_no_group(profile: str) -> None:
    drawn = draw(9, OTHER_ERRORS[profile], 8_000, foreign=0.33)
    has_id = drawn.records.select("row", has_id=pl.col("national_id").str.len_chars().ge(8))
    truth = drawn.truth.join(has_id.fill_null(value=False), on="row")

    links = link_files(drawn.records).filter(pl.col("class") == "match")

    counts = {row["group"]: row for row in pairs_by_group(links, truth).iter_rows(named=True)}
    foreign = counts["foreign_without_id"]
    assert counts["all"]["precision"] >= 0.98
    assert counts["all"]["recall"] >= 0.96
    assert foreign["precision"] >= 0.96
    assert foreign["recall"] >= 0.94
    assert foreign["recall_low"] < foreign["recall"] < foreign["recall_high"]
