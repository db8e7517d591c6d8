"""Detached signatures: Ed25519 over a file's bytes, 64 bytes in FILE.sig.

OpenSSL reads them too: openssl pkeyutl -verify -pubin -inkey KEY -rawin -in FILE -sigfile FILE.sig
"""

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from django.utils.translation import gettext as _

from pooshesh.kernel.config import config, kept_secret
from pooshesh.kernel.errors import Invalid, explain, gettext_noop

explain(
    {
        "briefing.no_signature": gettext_noop(
            "There is no signature beside it: expected the file “%(file)s”."
        ),
        "briefing.no_key": gettext_noop(
            "This installation has signed nothing; give the public key of the one that did, with"
            " --key FILE."
        ),
        "briefing.key": gettext_noop("“%(file)s” is no public key (Ed25519, PEM)."),
        "briefing.wrong": gettext_noop(
            "The signature does not fit: the file was changed after it was signed, or another key"
            " signed it."
        ),
    }
)


def _file() -> Path:
    return config().secrets / "briefing_signing_key"


def _key() -> Ed25519PrivateKey:
    """Kept outside the database, so that its administrator cannot sign what was changed."""
    return Ed25519PrivateKey.from_private_bytes(
        hashlib.sha256(kept_secret(_file(), 48).encode()).digest()
    )


def public_key() -> str:
    """The public key of this installation, PEM."""
    pem = _key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def sign(content: bytes) -> bytes:
    """The signature of a file's bytes."""
    return _key().sign(content)


def fits(content: bytes, signature: bytes, pem: str) -> bool:
    """Whether a signature is of these bytes by this key. Errors: ValueError of what is no key."""
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(pem)
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def check(file: Path, key: Path | None = None) -> None:
    """Errors: Invalid where the signature beside a file is missing or not of it by the key;
    without a key, by this installation's."""
    beside = file.with_name(f"{file.name}.sig")
    content = file.read_bytes()
    if not beside.exists():
        raise Invalid("briefing.no_signature", file=str(beside))
    if key is None and not _file().exists():
        raise Invalid("briefing.no_key")
    try:
        good = fits(content, beside.read_bytes(), key.read_text() if key else public_key())
    except ValueError as error:
        raise Invalid("briefing.key", file=str(key)) from error
    if not good:
        raise Invalid("briefing.wrong")


def good() -> str:
    """The sentence for a signature that fits."""
    return _("The signature is good: the file is what was signed, to the byte.")
