"""What the portal keeps sealed."""

import json
from collections.abc import Mapping
from typing import Any

from pooshesh.kernel import rotation
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Identifier, Kind, mask
from pooshesh.portal.models import Code, Draft, Mandate, Message, Newcomer

NAME, NUMBER, MOBILE = "portal.name", "portal.number", "portal.mobile"
TYPED, DRAFT, ASKED = "portal.typed", "portal.draft", "portal.asked"

rotation.register(
    rotation.column("names of who may act", Mandate, "holder_name", bound=NAME),
    rotation.column(
        "numbers of who may act", Mandate, "holder_number", bound=NUMBER, index="holder_blind"
    ),
    rotation.column("mobiles of who may act", Mandate, "holder_mobile", bound=MOBILE),
    rotation.column("mobiles of messages", Message, "mobile", bound=MOBILE),
    rotation.column("what newcomers typed", Code, "typed", bound=TYPED),
    rotation.column("what newcomers wrote", Newcomer, "typed", bound=TYPED),
    rotation.column("drafts of patients", Draft, "content", bound=DRAFT),
)


def sealed(value: str, field: str) -> bytes:
    """A value as it is kept."""
    return keyring().seal(value, field)


def opened(value: bytes | memoryview, field: str) -> str:
    """A kept value."""
    return keyring().open(bytes(value), field)


def sealed_facts(facts: Mapping[str, Any], field: str) -> bytes:
    """Several texts, kept as one."""
    return sealed(json.dumps(facts, ensure_ascii=False, default=str), field)


def opened_facts(value: bytes | memoryview, field: str) -> dict[str, Any]:
    """Those texts."""
    found: dict[str, Any] = json.loads(opened(value, field))
    return found


def blind(number: str, field: str = NUMBER) -> bytes:
    """The index by which a number is found again."""
    return keyring().index(number, field)


def blinds(number: str, field: str = NUMBER) -> list[bytes]:
    """That index under every key."""
    return keyring().indexes(number, field)


def masked(mobile: str) -> str:
    """The last digits of a mobile number."""
    return mask(Identifier(Kind.MOBILE, mobile, Grade.CHECKSUM))
