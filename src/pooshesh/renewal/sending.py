"""The mobile numbers messages go to; `kernel.sending` carries them."""

from collections.abc import Iterable
from uuid import UUID

from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Kind
from pooshesh.people.models import Person


def numbers(persons: Iterable[UUID]) -> dict[UUID, str]:
    """The mobile numbers of those who have one."""
    rows = Person.objects.filter(pk__in=list(persons), mobile__isnull=False)
    return {pk: opened(sealed) for pk, sealed in rows.values_list("pk", "mobile")}


def opened(sealed: bytes | memoryview | None) -> str:
    """A sealed mobile number, "" for none."""
    return keyring().open(bytes(sealed), Kind.MOBILE) if sealed else ""
