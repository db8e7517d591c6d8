"""Indicators as data: what a figure counts, of what, in which unit. Pure; files only."""

from pooshesh.indicators.book import Book, Indicator, Measure, Part, Term, Words
from pooshesh.indicators.load import BookError, load_book, shipped

__all__ = [
    "Book", "BookError", "Indicator", "Measure", "Part", "Term", "Words", "load_book", "shipped",
]  # fmt: skip
