"""Encryption at rest, and the keyed index by which identifiers are still found.

A value is sealed with AES-256-GCM as `version byte ‖ 12-byte nonce ‖ ciphertext`; the field's
name is bound in, so a value copied into another column does not open. The blind index is
HMAC-SHA256 of `field ‖ value` under its own derived key: equal values meet, nothing else shows.
`POOSHESH_DATA_KEY` is `N:key[,N:key…]`, newest first: old versions still open, new values are
sealed with the first, and `pooshesh keys rotate` rewrites everything (`kernel.rotation`).
"""

import hmac
import os
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pooshesh.kernel.config import config

INDEX_BYTES = 16  # 128 bits: no chance collision in a nation, half the index size


class CannotOpen(ValueError):
    """A sealed value was changed, moved to another field, or its key is not at hand."""


@dataclass(frozen=True)
class Key:
    """One version of the data key, split by use."""

    version: int
    cipher: AESGCM
    index: bytes

    @classmethod
    def derive(cls, version: int, secret: str) -> "Key":
        def part(use: bytes) -> bytes:
            return HKDF(SHA256(), 32, None, b"pooshesh " + use).derive(secret.encode())

        return cls(version, AESGCM(part(b"seal")), part(b"index"))


@dataclass(frozen=True)
class Keyring:
    """All versions at hand, newest first."""

    keys: tuple[Key, ...]

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Read `N:secret[,N:secret…]`; a bare secret is version 1."""
        keys = []
        for part in text.split(","):
            version, _, secret = part.strip().rpartition(":")
            number = int(version or 1) if version.isdecimal() or not version else 0
            keys.append(Key.derive(number, secret))
        if len({k.version for k in keys}) != len(keys) or not all(
            0 < k.version < 256 for k in keys
        ):
            raise SystemExit("pooshesh: POOSHESH_DATA_KEY needs different versions from 1 to 255")
        return cls(tuple(keys))

    def seal(self, value: str, field: str) -> bytes:
        key, nonce = self.keys[0], os.urandom(12)
        return (
            bytes([key.version]) + nonce + key.cipher.encrypt(nonce, value.encode(), field.encode())
        )

    def open(self, sealed: bytes, field: str) -> str:
        """The value; CannotOpen when one byte, the field or the key differs."""
        sealed = bytes(sealed)
        key = next((k for k in self.keys if k.version == sealed[0]), None)
        if key is None:
            raise CannotOpen(f"no data key of version {sealed[0]}")
        try:
            return key.cipher.decrypt(sealed[1:13], sealed[13:], field.encode()).decode()
        except InvalidTag as error:
            raise CannotOpen(f"a sealed {field} was changed") from error

    def index(self, value: str, field: str) -> bytes:
        """The blind index (16 bytes) of a value, under the newest key."""
        return self._index(self.keys[0], value, field)

    def indexes(self, value: str, field: str) -> list[bytes]:
        """The blind index under every key: finds rows a rotation has not reached yet."""
        return [self._index(key, value, field) for key in self.keys]

    @staticmethod
    def _index(key: Key, value: str, field: str) -> bytes:
        message = f"{field}\x1f{value}".encode()
        return hmac.digest(key.index, message, "sha256")[:INDEX_BYTES]


@cache
def keyring() -> Keyring:
    """The keys of this process."""
    return Keyring.parse(config().secret("data_key"))
