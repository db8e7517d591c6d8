"""Identifiers as people write them, each with a grade: how far it may be trusted.

A good check digit proves that a number was copied well, not that it is the right person's: one
random number in 11 passes. Only an authority's answer makes an identifier `verified`.
Source: the domain notes, "National ID" and "Foreign nationals".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean, to_latin_digits

explain(
    {
        "national_id.length": gettext_noop(
            "“%(read)s” is not a national ID number; expected 10 digits."
        ),
        "national_id.all_same": gettext_noop(
            "“%(read)s” is not a national ID number: all its digits are the same."
        ),
        "national_id.check_digit": gettext_noop(
            "The check digit of the national ID number “%(read)s” is wrong; one digit may be"
            " mistyped."
        ),
        "national_id.padded": gettext_noop(
            "“%(read)s” had lost its leading zeros; they were put back."
        ),
        "national_id.zero_padded": gettext_noop(
            "“%(read)s” is a shorter number filled up with zeros, such as a passport number;"
            " expected a national ID number, which never starts with 000."
        ),
        "national_id.mobile": gettext_noop(
            "“%(read)s” is a mobile number; expected a national ID number."
        ),
        "national_id.maybe_mobile": gettext_noop(
            "“%(read)s” passes as a national ID number but looks like a mobile number; check it"
            " with the person."
        ),
        "national_id.passport": gettext_noop(
            "“%(read)s” looks like a passport number; expected a national ID number."
        ),
        "national_id.foreign_code": gettext_noop(
            "“%(read)s” looks like the 12-digit code of a foreign national; expected a national"
            " ID number."
        ),
        "foreign_code.length": gettext_noop(
            "“%(read)s” is not a foreign national's code; expected 12 digits."
        ),
        "foreign_code.all_same": gettext_noop(
            "“%(read)s” is not a foreign national's code: all its digits are the same."
        ),
        "foreign_code.zero_padded": gettext_noop(
            "“%(read)s” is a shorter number filled up with zeros; expected the 12-digit code of a"
            " foreign national."
        ),
        "passport.form": gettext_noop(
            "“%(read)s” is not a passport number; expected 6 to 9 letters and digits, with at"
            " least 5 digits."
        ),
        "passport.mobile": gettext_noop(
            "“%(read)s” is a mobile number; expected a passport number."
        ),
        "mobile.form": gettext_noop(
            "“%(read)s” is not a mobile number; expected 11 digits such as 09121234567."
        ),
        "postal_code.form": gettext_noop(
            "“%(read)s” is not a postal code; expected 10 digits, the first not zero."
        ),
        "sheba.form": gettext_noop("“%(read)s” is not a sheba; expected IR and 24 digits."),
        "sheba.check_digits": gettext_noop(
            "The check digits of the sheba “%(read)s” are wrong; a digit may be mistyped."
        ),
    }
)


class Kind(StrEnum):
    NATIONAL_ID = "national_id"
    FOREIGN_CODE = "foreign_code"
    PASSPORT = "passport"
    MOBILE = "mobile"
    POSTAL_CODE = "postal_code"
    SHEBA = "sheba"


class Grade(StrEnum):
    """`checksum` passes every check its kind has; a foreign code, passport, mobile and postal code
    have no check digit, so there it says only that the form is right. `pseudo` is written in the
    box but identifies nobody."""

    VERIFIED = "verified"
    CHECKSUM = "checksum"
    PSEUDO = "pseudo"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Identifier:
    """`value` in Latin digits without separators, "" when missing.

    `reason` is a code of `errors`: why a pseudo value is refused, or what to know about a trusted
    one (national_id.padded, national_id.maybe_mobile); "" when there is nothing to say.
    """

    kind: Kind
    value: str
    grade: Grade
    reason: str = ""

    @property
    def is_trusted(self) -> bool:
        """Whether two equal values may be taken for one holder."""
        return self.grade in (Grade.VERIFIED, Grade.CHECKSUM)

    def remark(self) -> Invalid | None:
        """The reason as an error with a sentence; the caller decides whether it stops the row."""
        return Invalid(self.reason, read=self.value) if self.reason else None


# A sheet turns an identifier into a number ("79577618.0") or guards it with an apostrophe.
_SHEET_MARKS = re.compile(r"\.0+$|^'")
_SEPARATORS = re.compile(r"[\s\u200c\-_/.()+‐‑–]+")
_MOBILE = re.compile(r"(?:0098|98|0)?(9\d{9})", re.ASCII)
_PASSPORT = re.compile(r"(?=.{6,9}$)[A-Z]{0,3}\d{5,9}[A-Z]?", re.ASCII)
_PASSPORT_IN_BOX = re.compile(r"0*[A-Z]{1,3}\d{5,9}", re.ASCII)
_SHEBA = re.compile(r"(?:IR)?(\d{24})", re.ASCII)


def _weighted(weight: int) -> tuple[int, ...]:
    """Weighted digit sums of 000 to 999, the first digit weighing `weight`."""
    return tuple(
        weight * (n // 100) + (weight - 1) * (n // 10 % 10) + (weight - 2) * (n % 10)
        for n in range(1000)
    )


# Σ dᵢ·(10−i) in three steps: a roll of a nation asks this a hundred million times.
_HIGH, _MIDDLE, _LOW = _weighted(10), _weighted(7), _weighted(4)


def grade(kind: Kind, raw: str, *, mobile: str = "", verified: bool = False) -> Identifier:
    """Read one identifier and say how far it may be trusted. Never raises.

    `mobile` is the mobile number written on the same row: field staff copy it into the national-ID
    box, where ten digits from 9 pass the check one time in 11. Equal to it, the value is pseudo;
    otherwise a good check digit wins and the reason says maybe_mobile, because refusing every
    such number would refuse true ones.
    `verified` says that the issuing authority confirmed this value; it lifts only a value that
    passes its own checks.
    """
    value = _compact(raw) if raw else ""  # most boxes of a sheet are empty
    if not value:
        return Identifier(kind, "", Grade.MISSING)
    read = _READERS[kind](value)
    written = _mobile_digits(value) if mobile and kind is Kind.NATIONAL_ID else None
    if written and written == _mobile_digits(_compact(mobile)):
        read = Identifier(kind, value, Grade.PSEUDO, "national_id.mobile")
    if verified and read.grade is Grade.CHECKSUM:
        return Identifier(kind, read.value, Grade.VERIFIED, read.reason)
    return read


def mask(identifier: Identifier) -> str:
    """The last digits only, for lists: three of ten, four of longer ones."""
    value = identifier.value
    shown = 3 if len(value) <= 10 else 4
    return "•" * (len(value) - shown) + value[-shown:] if len(value) > shown else "•" * len(value)


def national_check_digit(first_nine: str) -> int:
    """The tenth digit that belongs to nine Latin digits."""
    high, middle, low = int(first_nine[:3]), int(first_nine[3:6]), int(first_nine[6:])
    rest = (_HIGH[high] + _MIDDLE[middle] + _LOW[low]) % 11
    return rest if rest < 2 else 11 - rest


def _compact(raw: str) -> str:
    if raw.isascii() and raw.isalnum():
        return raw.upper()
    text = _SHEET_MARKS.sub("", to_latin_digits(clean(raw)))
    return _SEPARATORS.sub("", text).upper()


def _mobile_digits(compact: str) -> str | None:
    found = _MOBILE.fullmatch(compact)
    return found[1] if found else None


def _all_same(value: str) -> bool:
    return len(set(value)) == 1


def _national_id(value: str) -> Identifier:
    def pseudo(reason: str) -> Identifier:
        return Identifier(Kind.NATIONAL_ID, value, Grade.PSEUDO, f"national_id.{reason}")

    if not (value.isascii() and value.isdigit()):
        return pseudo("passport" if _PASSPORT_IN_BOX.fullmatch(value) else "length")
    if _all_same(value):
        return pseudo("all_same")
    like_mobile = _MOBILE.fullmatch(value) is not None
    if len(value) == 12 and not like_mobile:
        return pseudo("foreign_code")
    if not 8 <= len(value) <= 10:
        return pseudo("mobile" if like_mobile else "length")
    padded = value.zfill(10)
    # The first three digits are the place of issue, which starts at 001.
    if padded.startswith("000"):
        return pseudo("zero_padded")
    if int(padded[9]) != national_check_digit(padded[:9]):
        return pseudo("mobile" if like_mobile else "check_digit")
    reason = ""
    if padded != value:
        reason = "national_id.padded"
    elif like_mobile:
        reason = "national_id.maybe_mobile"
    return Identifier(Kind.NATIONAL_ID, padded, Grade.CHECKSUM, reason)


def _foreign_code(value: str) -> Identifier:
    problem = ""
    if not re.fullmatch(r"[0-9]{12}", value):
        problem = "length"
    elif _all_same(value):
        problem = "all_same"
    elif value.startswith("000"):
        problem = "zero_padded"
    return _graded(Kind.FOREIGN_CODE, value, problem)


def _passport(value: str) -> Identifier:
    problem = ""
    if _MOBILE.fullmatch(value) and len(value) > 9:
        problem = "mobile"
    elif not _PASSPORT.fullmatch(value) or _all_same(value):
        problem = "form"
    return _graded(Kind.PASSPORT, value, problem)


def _mobile(value: str) -> Identifier:
    digits = _mobile_digits(value)
    if digits is None or _all_same(digits[1:]):
        return _graded(Kind.MOBILE, value, "form")
    return _graded(Kind.MOBILE, f"0{digits}", "")


def _postal_code(value: str) -> Identifier:
    # Stricter patterns circulate (no 0 or 2 in the first half); the post office publishes none.
    fits = re.fullmatch(r"[1-9][0-9]{9}", value) and not _all_same(value)
    return _graded(Kind.POSTAL_CODE, value, "" if fits else "form")


def _sheba(value: str) -> Identifier:
    found = _SHEBA.fullmatch(value)
    if not found:
        return _graded(Kind.SHEBA, value, "form")
    digits = found[1]
    # ISO 13616: country (I = 18, R = 27) and check digits go to the end; the rest by 97 is 1.
    good = int(f"{digits[2:]}1827{digits[:2]}") % 97 == 1
    return _graded(Kind.SHEBA, f"IR{digits}", "" if good else "check_digits")


def _graded(kind: Kind, value: str, problem: str) -> Identifier:
    if problem:
        return Identifier(kind, value, Grade.PSEUDO, f"{kind}.{problem}")
    return Identifier(kind, value, Grade.CHECKSUM)


_READERS: dict[Kind, Callable[[str], Identifier]] = {
    Kind.NATIONAL_ID: _national_id,
    Kind.FOREIGN_CODE: _foreign_code,
    Kind.PASSPORT: _passport,
    Kind.MOBILE: _mobile,
    Kind.POSTAL_CODE: _postal_code,
    Kind.SHEBA: _sheba,
}
