"""Tracking codes, pure: nineteen digits nobody can guess (63 bits), and one that checks them.

Digits alone, in five groups of four: they are read out on the telephone in any language and typed
on a number pad. The check is Damm's: one wrong digit and two neighbours that changed places are
always found. Source: H. M. Damm, Total anti-symmetrische Quasigruppen, Marburg 2004.
"""

import hashlib

from pooshesh.kernel.text import to_latin_digits

LENGTH = 19
GROUP = 4
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def of(secret: bytes) -> str:
    """The code of at least 16 bytes that nobody can guess; the same for the same bytes."""
    body = f"{int.from_bytes(secret) % 10**LENGTH:0{LENGTH}}"
    return body + check(body)


def check(body: str) -> str:
    """The digit that checks the others."""
    row = 0
    for digit in body:
        row = int(_DAMM[row][int(digit)])
    return str(row)


def read(typed: str) -> str | None:
    """A code as typed, in any digits whatever stands between them; None when it was mistyped."""
    code = "".join(sign for sign in to_latin_digits(typed[:80]) if sign in "0123456789")
    return code if len(code) == LENGTH + 1 and check(code) == "0" else None


def groups(code: str) -> list[str]:
    """For people: five groups of four digits."""
    return [code[start : start + GROUP] for start in range(0, len(code), GROUP)]


def digest(code: str) -> str:
    """What is kept to find it by."""
    return hashlib.sha256(code.encode()).hexdigest()
