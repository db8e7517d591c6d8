"""One-time codes: six digits worked out of a row's id with the data key, so kept nowhere."""

import hmac
from uuid import UUID

from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.text import to_latin_digits

FIELD = "portal.code"
DIGITS = 6


def of(code_id: UUID) -> str:
    """The code of a row."""
    return _written(keyring().index(code_id.hex, FIELD))


def matches(code_id: UUID, typed: str) -> bool:
    """Whether what was typed, in any digits, is the code; also with a key before the newest."""
    read = "".join(c for c in to_latin_digits(typed) if c.isascii() and c.isdecimal())
    right = [_written(index) for index in keyring().indexes(code_id.hex, FIELD)]
    return any(hmac.compare_digest(read, one) for one in right)


def _written(index: bytes) -> str:
    return f"{int.from_bytes(index[:8]) % 10**DIGITS:0{DIGITS}}"
