"""Identifiers, their grades, and numbers that only look like identifiers."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pooshesh.kernel.identifiers import Grade, Identifier, Kind, grade, mask, national_check_digit
from pooshesh.kernel.text import to_persian_digits

NATIONAL_IDS = (
    st.from_regex(r"(?!000)[0-8][0-9]{8}", fullmatch=True)
    .map(lambda nine: f"{nine}{national_check_digit(nine)}")
    .filter(lambda number: len(set(number)) > 1)
)
SHEBAS = st.from_regex(r"[0-9]{22}", fullmatch=True).map(
    lambda account: f"IR{98 - int(f'{account}182700') % 97:02}{account}"
)


@pytest.mark.parametrize("number", ["0499370899", "0790419904", "0084575948", "0067749828"])
def test_a_well_formed_national_id_is_graded_checksum(number: str) -> None:
    assert grade(Kind.NATIONAL_ID, number) == Identifier(Kind.NATIONAL_ID, number, Grade.CHECKSUM)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("499370899", "0499370899"),
        ("84575948", "0084575948"),
        ("84575948.0", "0084575948"),
    ],
)
def test_lost_leading_zeros_are_put_back_and_noted(written: str, value: str) -> None:
    read = grade(Kind.NATIONAL_ID, written)

    assert (read.value, read.grade, read.reason) == (value, Grade.CHECKSUM, "national_id.padded")


@pytest.mark.parametrize(
    "written", ["049-937089-9", " ۰۴۹۹۳۷۰۸۹۹ ", "'0499370899", "٠٤٩٩٣٧٠٨٩٩", "0499370899\u200f"]
)
def test_separators_digit_sets_and_sheet_marks_do_not_matter(written: str) -> None:
    assert grade(Kind.NATIONAL_ID, written) == grade(Kind.NATIONAL_ID, "0499370899")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("0499370898", "check_digit"),
        ("1111111111", "all_same"),
        ("0000000000", "all_same"),
        ("11111111", "all_same"),
        ("1234567", "length"),
        ("12345678901", "length"),
        ("ندارد", "length"),
        ("09126894763", "mobile"),
        ("9126894763", "mobile"),
        ("+989126894763", "mobile"),
        ("P01234567", "passport"),
        ("00P1234567", "passport"),
        ("0001234567", "zero_padded"),
        ("0004912595", "zero_padded"),
        ("734834315500", "foreign_code"),
    ],
)
def test_what_is_no_national_id_is_pseudo_and_says_why(written: str, reason: str) -> None:
    read = grade(Kind.NATIONAL_ID, written)
    remark = read.remark()

    assert (read.grade, read.reason) == (Grade.PSEUDO, f"national_id.{reason}")
    assert not read.is_trusted
    assert remark is not None
    assert read.value in remark.message()


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("blank", ["", "  ", "\u200c", "-"])
def test_an_empty_box_is_missing(kind: Kind, blank: str) -> None:
    assert grade(kind, blank) == Identifier(kind, "", Grade.MISSING)


def test_a_number_from_9_that_passes_the_check_is_kept_with_a_warning() -> None:
    number = f"912345678{national_check_digit('912345678')}"

    read = grade(Kind.NATIONAL_ID, number, mobile="09350000001")

    assert (read.grade, read.reason) == (Grade.CHECKSUM, "national_id.maybe_mobile")


@pytest.mark.parametrize("prefix", ["0", "+98", ""])
def test_a_number_equal_to_the_mobile_of_the_row_is_pseudo(prefix: str) -> None:
    number = f"912345678{national_check_digit('912345678')}"

    read = grade(Kind.NATIONAL_ID, number, mobile=f"{prefix}{number}")

    assert (read.grade, read.reason) == (Grade.PSEUDO, "national_id.mobile")


def test_verified_comes_only_from_an_authority_and_only_for_a_sound_number() -> None:
    sound = grade(Kind.NATIONAL_ID, "0499370899", verified=True)
    unsound = grade(Kind.NATIONAL_ID, "0001234567", verified=True)

    assert (sound.grade, unsound.grade) == (Grade.VERIFIED, Grade.PSEUDO)


@given(NATIONAL_IDS)
def test_a_valid_national_id_stays_valid_in_every_digit_set_and_without_zeros(number: str) -> None:
    persian = grade(Kind.NATIONAL_ID, to_persian_digits(number))
    shortened = grade(Kind.NATIONAL_ID, number.lstrip("0"))

    assert persian.value == shortened.value == number
    assert persian.grade is shortened.grade is Grade.CHECKSUM


@given(NATIONAL_IDS, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_caught_unless_the_check_digit_is_shared(
    number: str, place: int, step: int
) -> None:
    """The remainders 1 and 10 share the check digit 1; no other single error passes."""
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assume(national_check_digit(number[:9]) != 1)

    assert grade(Kind.NATIONAL_ID, wrong).grade is Grade.PSEUDO


@given(NATIONAL_IDS, st.integers(1, 9))
def test_a_wrong_check_digit_is_always_caught(number: str, step: int) -> None:
    wrong = number[:9] + str((int(number[9]) + step) % 10)

    assert grade(Kind.NATIONAL_ID, wrong).grade is Grade.PSEUDO


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (Kind.FOREIGN_CODE, "۷۳۴۸-۳۴۳۱-۵۵۰۰", "734834315500"),
        (Kind.PASSPORT, "p1234567", "P1234567"),
        (Kind.PASSPORT, "OA 123456", "OA123456"),
        (Kind.MOBILE, "+98 912 345 6789", "09123456789"),
        (Kind.MOBILE, "00989123456789", "09123456789"),
        (Kind.MOBILE, "9123456789", "09123456789"),
        (Kind.MOBILE, "۰۹۱۲۳۴۵۶۷۸۹", "09123456789"),
        (Kind.POSTAL_CODE, "95510-67936", "9551067936"),
        (Kind.SHEBA, "IR82 0540 1026 8002 0817 9090 02", "IR820540102680020817909002"),
        (Kind.SHEBA, "820540102680020817909002", "IR820540102680020817909002"),
    ],
)
def test_other_identifiers_are_read_into_one_form(kind: Kind, written: str, value: str) -> None:
    assert grade(kind, written) == Identifier(kind, value, Grade.CHECKSUM)


@pytest.mark.parametrize(
    ("kind", "written", "reason"),
    [
        (Kind.FOREIGN_CODE, "0499370899", "foreign_code.length"),
        (Kind.FOREIGN_CODE, "111111111111", "foreign_code.all_same"),
        (Kind.FOREIGN_CODE, "000001234567", "foreign_code.zero_padded"),
        (Kind.PASSPORT, "09123456789", "passport.mobile"),
        (Kind.PASSPORT, "PASSPORT", "passport.form"),
        (Kind.PASSPORT, "0000000", "passport.form"),
        (Kind.MOBILE, "02188776655", "mobile.form"),
        (Kind.MOBILE, "09999999999", "mobile.form"),
        (Kind.POSTAL_CODE, "0123456789", "postal_code.form"),
        (Kind.POSTAL_CODE, "1111111111", "postal_code.form"),
        (Kind.POSTAL_CODE, "12345", "postal_code.form"),
        (Kind.SHEBA, "IR82054010268002081790900", "sheba.form"),
        (Kind.SHEBA, "DE820540102680020817909002", "sheba.form"),
        (Kind.SHEBA, "IR830540102680020817909002", "sheba.check_digits"),
    ],
)
def test_other_bad_identifiers_say_why(kind: Kind, written: str, reason: str) -> None:
    read = grade(kind, written)

    assert (read.grade, read.reason) == (Grade.PSEUDO, reason)
    assert read.remark() is not None


@given(SHEBAS)
def test_a_computed_sheba_passes(sheba: str) -> None:
    assert grade(Kind.SHEBA, sheba).grade is Grade.CHECKSUM


@given(SHEBAS, st.integers(2, 25), st.integers(1, 9))
def test_one_wrong_digit_of_a_sheba_is_caught(sheba: str, place: int, step: int) -> None:
    wrong = sheba[:place] + str((int(sheba[place]) + step) % 10) + sheba[place + 1 :]

    assert grade(Kind.SHEBA, wrong).reason == "sheba.check_digits"


@given(st.sampled_from(Kind), st.text(), st.text())
def test_any_text_gets_a_grade(kind: Kind, raw: str, mobile: str) -> None:
    assert grade(kind, raw, mobile=mobile).grade is not Grade.VERIFIED


@pytest.mark.parametrize(
    ("kind", "written", "shown"),
    [
        (Kind.NATIONAL_ID, "0499370899", "•••••••899"),
        (Kind.FOREIGN_CODE, "734834315500", "••••••••5500"),
        (Kind.NATIONAL_ID, "12", "••"),
        (Kind.NATIONAL_ID, "", ""),
    ],
)
def test_a_mask_shows_the_last_digits_only(kind: Kind, written: str, shown: str) -> None:
    assert mask(grade(kind, written)) == shown
