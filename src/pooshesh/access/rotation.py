"""Sealing the seeds of second factors anew: they lie in JSON, not in a column of their own."""

from collections import Counter
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.db import transaction

from pooshesh.access.adapter import SecondFactorAdapter
from pooshesh.kernel import rotation
from pooshesh.kernel.crypto import CannotOpen

NAME = "second factors"


def _seeds(one: Authenticator) -> dict[str, str]:
    """Name → sealed value in hex."""
    return {name: one.data[name] for name in ("secret", "seed") if name in one.data}


def _version(sealed: str) -> int:
    return bytes.fromhex(sealed)[0]


def reseal(batch: int) -> Iterator[int]:
    """Seal what an older key sealed; how many seeds, after each transaction."""
    adapter, after = SecondFactorAdapter(), 0
    while True:
        with transaction.atomic():
            due = Authenticator.objects.filter(id__gt=after).order_by("id")
            rows = list(due.select_for_update(skip_locked=True)[:batch])
            count = sum(_reseal_one(adapter, one) for one in rows)
            if count:
                rotation.record(NAME, count)
        if not rows:
            return
        after = rows[-1].id
        yield count


def _reseal_one(adapter: SecondFactorAdapter, one: Authenticator) -> int:
    old = {n: v for n, v in _seeds(one).items() if _version(v) != rotation.newest()}
    try:
        one.data |= {name: adapter.encrypt(adapter.decrypt(value)) for name, value in old.items()}
    except CannotOpen:
        return 0
    if old:
        one.save(update_fields=["data"])
    return len(old)


def left() -> Counter[int]:
    """Version of the key → seeds."""
    found = Authenticator.objects.order_by("id").iterator()
    return Counter(_version(sealed) for one in found for sealed in _seeds(one).values())


rotation.register(rotation.Rotation(NAME, reseal, left))
