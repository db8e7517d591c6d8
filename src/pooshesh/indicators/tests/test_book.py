"""Books of indicators: what is read, and everything that is refused."""

import pytest

from pooshesh.indicators import BookError, load_book, shipped
from pooshesh.indicators.load import SHIPPED


def test_the_shipped_book_has_every_indicator_in_two_languages() -> None:
    book = shipped()

    assert book.indicators["covered_share"].name.say("en") == "Share of people covered"
    assert book.indicators["covered_share"].dimensions[0] == "sponsor"


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("unit: percent", "unit: per_cent", "unit"),
        ("measure: persons,", "measure: people,", "no measure 'people'"),
        ("scheme: none", "disease: none", "dimension of this measure"),
        ("  denominator: persons\n", "", "percent needs a denominator"),
        ("period: point", "period: cumulative", "must happen"),
        ("better: up", "beter: up", "unknown beter"),
        ('fa: "سهم بیمه‌شدگان", ', "", "both fa and en"),
    ],
)
def test_a_defect_is_refused_and_named(was: str, becomes: str, said: str) -> None:
    files = {path.name: path.read_text("utf-8") for path in SHIPPED.glob("*.yaml")}
    files["coverage.yaml"] = files["coverage.yaml"].replace(was, becomes, 1)

    with pytest.raises(BookError, match=said):
        load_book(files)


def test_all_defects_are_told_at_once() -> None:
    with pytest.raises(BookError) as refused:
        load_book({"measures.yaml": "a: {}\nb: 3\n", "x.yaml": "c: [1"})

    assert len(refused.value.defects) == 3
