"""Codes on cards, pure: fifteen random characters of thirty-two, and one that checks them.

No I, L, O or U: what is read as one of the first three is taken as 1, 1 and 0. The check is a sum
over the field of 32 elements with a different weight at each place, so that one wrong character
and two that changed places are always found.
"""

import hashlib
import secrets
from functools import cache

from pooshesh.kernel.text import to_latin_digits

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 15  # random characters: 75 bits
GROUP = 4
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})
_POLYNOMIAL = 0b100101  # x⁵ + x² + 1


def new() -> str:
    """A code nobody can guess."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return body + check(body)


def check(body: str) -> str:
    """The character that checks the others."""
    total = 0
    for place, char in enumerate(body):
        total ^= _times(_power(place + 1), ALPHABET.index(char))
    return ALPHABET[total]


def read(typed: str) -> str | None:
    """A code as typed, in any digits, with or without dashes; None when it was mistyped."""
    code = to_latin_digits(typed[:60]).strip().upper().translate(_READ_AS)
    if len(code) != LENGTH + 1 or not set(code) <= set(ALPHABET):
        return None
    return code if check(code[:-1]) == code[-1] else None


def written(code: str) -> str:
    """For people: 7F3K-…"""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def digest(code: str) -> str:
    """What is kept to find it by."""
    return hashlib.sha256(code.encode()).hexdigest()


@cache  # 32 by 32 products
def _times(a: int, b: int) -> int:
    made = 0
    while b:
        if b & 1:
            made ^= a
        a, b = a << 1, b >> 1
        if a & 0b100000:
            a ^= _POLYNOMIAL
    return made


@cache
def _power(exponent: int) -> int:
    made = 1
    for _ in range(exponent):
        made = _times(made, 2)
    return made
