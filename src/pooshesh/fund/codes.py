"""Numbers that people read out and type: a last digit checks the others (Damm, 2004).

It finds every single wrong digit and every two neighbours that changed places.

A tracking number is short, 100029-6 without its hyphen; a patient file's has eleven digits in three
groups, 100-0000-0014. No number of one is a number of the other, and neither looks like a national
ID number, mobile or foreign national's code. Files opened before kept their short numbers.
"""

from pooshesh.kernel.text import to_latin_digits

_TABLE = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def check(digits: str) -> str:
    """The digit that checks others."""
    interim = "0"
    for digit in digits:
        interim = _TABLE[int(interim)][int(digit)]
    return interim


def written(number: int) -> str:
    """A number as shown, with its last digit that checks it."""
    return f"{number}{check(str(number))}"


FILES = 1_000_000_000  # files that have the long shape have a greater number


def written_file(number: int) -> str:
    """The number of a patient file as shown."""
    code = written(number)
    return f"{code[:3]}-{code[3:7]}-{code[7:]}" if number > FILES else code


def read(typed: str) -> int | None:
    """A number as typed, in any digits; None when it was mistyped or is none."""
    digits = to_latin_digits(typed[:40]).replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdecimal() and 2 <= len(digits) <= 18):
        return None
    return int(digits[:-1]) if check(digits) == "0" else None
