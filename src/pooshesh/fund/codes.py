"""Numbers that people read out and type: a last digit checks the others (Damm, 2004).

It finds every single wrong digit and every two neighbours that changed places.
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


def read(typed: str) -> int | None:
    """A number as typed, in any digits; None when it was mistyped or is none."""
    digits = to_latin_digits(typed[:40]).replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdecimal() and 2 <= len(digits) <= 18):
        return None
    return int(digits[:-1]) if check(digits) == "0" else None
