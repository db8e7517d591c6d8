"""What households said, at rest: JSON sealed with the data key."""

import base64
import json

from pooshesh.census.answers import Content
from pooshesh.kernel.crypto import keyring

ENTRY = "census.entry"
PHOTO = "census.photo"


def shut(content: Content) -> bytes:
    """Content in canonical JSON, sealed."""
    return keyring().seal(json.dumps(content, sort_keys=True, ensure_ascii=False), ENTRY)


def open_(sealed: bytes | memoryview | None) -> Content | None:
    """The content; None where its day of deletion has come."""
    if sealed is None:
        return None
    content: Content = json.loads(keyring().open(bytes(sealed), ENTRY))
    return content


def shut_photo(image: bytes) -> bytes:
    return keyring().seal(base64.b64encode(image).decode(), PHOTO)


def open_photo(sealed: bytes | memoryview) -> bytes:
    return base64.b64decode(keyring().open(bytes(sealed), PHOTO))
