"""Text keys, order and numbers."""

import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.kernel import calendar, errors
from pooshesh.kernel.text import (
    ZWNJ,
    clean,
    format_decimal,
    format_int,
    format_percent,
    formula_safe,
    key,
    latin_key,
    search_key,
    skeleton,
    sort_key,
    to_latin_digits,
    to_persian_digits,
)

PERSIAN_ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
PERSIAN_NAMES = st.text(alphabet=PERSIAN_ALPHABET + "يكةأئؤ ۱٤" + ZWNJ, max_size=30)


@pytest.mark.parametrize(
    ("letters", "folded"),
    [
        ("\u064a\u0649\u06d2\u06d0\u06ce\u06cd\u0626", "ی"),
        ("\u0643\u06aa", "ک"),
        ("\u0629\u06c0\u06c1\u06c2\u06c3\u06d5\u06be", "ه"),
        ("\u0622\u0623\u0625\u0671", "ا"),
        ("\u0624", "و"),
    ],
)
def test_letters_of_one_family_share_a_key(letters: str, folded: str) -> None:
    assert key(letters) == folded * len(letters)


@pytest.mark.parametrize(
    "mark",
    [
        *map(chr, range(0x64B, 0x660)),
        *map(chr, range(0x6D6, 0x6EE)),
        *"\u0621\u0670\u0640\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202e\u2066\u2069\ufeff",
    ],
)
def test_marks_and_invisible_characters_leave_no_trace_in_a_key(mark: str) -> None:
    assert key(f"رض{mark}ا") == "رضا"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("عبد الله", "عبداله"),
        ("عبدالله", "عبداله"),
        ("عبدلله", "عبداله"),
        ("عبدلرضا", "عبدالرضا"),
        ("روح‌الله", "روحاله"),
        ("ﷲ", "اله"),
        ("ﻋﻠﯽ", "علی"),
        ("علی رضا", "علیرضا"),
        ("علي‌رضا", "علیرضا"),
        ("سید علی", "علی"),
        ("سید‌علی", "علی"),
        ("حاج سید رضا", "رضا"),
        ("سیده زهرا", "زهرا"),
        ("بی‌بی فاطمه", "فاطمه"),
        ("کربلائی حسن", "حسن"),
        ("۱۲٣4", "1234"),
        ("Seyed Ali", "ali"),
        ("JOSÉ-Maria", "josemaria"),
        ("الف.ب/ج", "الفبج"),
    ],
)
def test_two_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other) == other


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("سید", "سید"),
        ("حاجی زاده", "حاجیزاده"),
        ("سید حاجی‌پور", "حاجیپور"),
        ("میرزایی", "میرزایی"),
        ("", ""),
        (" ـ‌ ", ""),
    ],
)
def test_a_title_that_is_the_name_or_begins_a_surname_stays(name: str, expected: str) -> None:
    assert key(name) == expected


@given(st.text() | PERSIAN_NAMES)
def test_a_key_is_its_own_key(text: str) -> None:
    assert key(key(text)) == key(text)


@given(st.text() | PERSIAN_NAMES)
def test_a_key_holds_letters_and_digits_only(text: str) -> None:
    assert all(unicodedata.category(char)[0] in "LN" for char in key(text))


@given(PERSIAN_NAMES)
def test_losing_every_zwnj_to_a_space_does_not_change_a_key(text: str) -> None:
    assert key(text.replace(ZWNJ, " ")) == key(text)


def test_a_search_key_keeps_words_and_titles_apart() -> None:
    assert search_key("  سيد عبد الله  دروازه‌غار ۱۲") == "سید عبداله دروازه غار 12"


@pytest.mark.parametrize(
    ("persian", "latin"),
    [
        ("محمد", "Mohammad"),
        ("محمد", "Muhamad"),
        ("غلامرضا", "Gholamreza"),
        ("فاطمه", "Fatemeh"),
        ("فاطمه", "Fatima"),
        ("خواجه", "Khajeh"),
        ("فتحی", "Fathi"),
        ("عبدالله", "Abdullah"),
        ("حسین", "Hussain"),
        ("قربان", "Qurban"),
        ("ژاله", "Zhaleh"),
        ("گل‌محمد", "Gul Mohammad"),
        ("سید یوسف", "Seyyed Yousuf"),
        ("آیا", "Aya"),
    ],
)
def test_persian_and_latin_spellings_sound_the_same(persian: str, latin: str) -> None:
    assert skeleton(persian) == skeleton(latin)


@pytest.mark.parametrize(
    ("one", "other"), [("رضا", "حسن"), ("علی", "ولید"), ("زهرا", "سارا"), ("اکبر", "اصغر")]
)
def test_different_names_sound_different(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    ("local", "typed"), [("ښايسته", "شایسته"), ("ګل", "گل"), ("ڕۆژ", "روژ"), ("ډاډ", "داد")]
)
def test_pashto_and_kurdish_letters_sound_like_the_persian_a_clerk_types(
    local: str, typed: str
) -> None:
    assert skeleton(local) == skeleton(typed)


def test_a_latin_key_is_written_in_persian_letters() -> None:
    assert latin_key("Shokri") == "شوکری"


def test_sort_keys_follow_the_persian_alphabet_in_byte_order() -> None:
    words = [f"{letter}ب" for letter in PERSIAN_ALPHABET] + ["۰", "9", "ali", "zahra"]

    by_code_point = sorted(words)

    ordered = sorted(by_code_point, key=lambda word: sort_key(word).encode())

    assert ordered == words


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("علی", "علی اکبر"),
        ("علی رضا", "علیا"),
        ("می‌رود", "میز"),
        ("كاظم", "گلی"),
        ("مُراد", "مرادی"),
        ("Ali", "behnam"),
        ("یونس", "1"),
        ("9", "a"),
    ],
)
def test_words_sort_before_what_they_begin_and_ignore_marks(before: str, after: str) -> None:
    assert sort_key(before) < sort_key(after)


@given(st.text(), st.text())
def test_only_equal_texts_share_a_sort_key(one: str, other: str) -> None:
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)

    assert (sort_key(one) == sort_key(other)) is same


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  علی \t رضا\n", "علی رضا"),
        ("می‌رود", "می‌رود"),
        ("علی‌ ‌رضا‌", "علی رضا"),
        ("a\u202egnp.exe\u200f\x00", "agnp.exe"),
        ("ښايسته ڕۆژ ئازاد كريم", "ښايسته ڕۆژ ئازاد كريم"),
        ("۱۲٣4", "۱۲٣4"),
        ("\ufeffنام", "نام"),
    ],
)
def test_stored_text_is_as_typed_without_invisible_characters(typed: str, stored: str) -> None:
    assert clean(typed) == stored


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_digits_change_set_and_nothing_else_does() -> None:
    assert to_latin_digits("کد ۱۲٣4") == "کد 1234"
    assert to_persian_digits("کد ۱۲٣4") == "کد ۱۲۳۴"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (format_int(1234567, "fa"), "۱٬۲۳۴٬۵۶۷"),
        (format_int(1234567, "en"), "1,234,567"),
        (format_int(-12, "fa"), "\u200e−۱۲"),
        (format_int(0, "fa-ir"), "۰"),
        (format_decimal(1234.56, "fa", 2), "۱٬۲۳۴٫۵۶"),
        (format_decimal(1234.56, "en", 1), "1,234.6"),
        (format_percent(0.2338, "fa"), "۲۳٫۴٪"),
        (format_percent(0.2338, "en", 0), "23%"),
    ],
)
def test_numbers_are_written_as_each_language_does(written: str, expected: str) -> None:
    assert written == expected


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("fa", "در «1400/13/01» ماه ۱۳ خوانده شد؛ ماه باید از ۱ تا ۱۲ باشد."),
        ("en", "In “1400/13/01” the month was read as 13; expected a month from 1 to 12."),
    ],
)
def test_an_error_speaks_the_language_of_the_reader(lang: str, sentence: str) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        calendar.parse_date("1400/13/01")

    with translation.override(lang):
        assert refusal.value.message() == sentence


def test_an_error_code_has_one_sentence() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        errors.explain({"date.month": "Another sentence."})


def test_an_error_without_a_sentence_is_refused() -> None:
    with pytest.raises(KeyError):
        errors.Invalid("nobody.wrote_this")


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+98912", "'+98912"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" \u200f=1", "' \u200f=1"),
        ("＝1", "'＝1"),
        ("رضا=1", "رضا=1"),
        ("", ""),
    ],
)
def test_a_cell_that_would_run_gets_an_apostrophe(cell: str, safe: str) -> None:
    assert formula_safe(cell) == safe
