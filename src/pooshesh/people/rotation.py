"""Rewriting sealed identifiers and mobile numbers under the newest data key, a batch at a time."""

from django.db import connection, transaction

from pooshesh.kernel import audit
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Kind
from pooshesh.people.models import Identifier, Person


def rotate_identifiers(batch: int = 2_000) -> int:
    """Re-seal and re-index up to `batch` rows of each kind that an older key wrote; how many.

    What is done stays done, so a run that was stopped goes on where it was; 0 means all is new.
    Searches find rows of either key meanwhile.
    """
    with transaction.atomic():
        done = _identifiers(batch) + _mobiles(batch)
        if done:
            audit.record(
                "people.rotate_keys", actor=None, kind="identifier", fields=["sealed", "blind"]
            )
    return done


def _identifiers(batch: int) -> int:
    keys = keyring()
    newest = keys.keys[0].version
    rows = list(
        Identifier.objects.exclude(key_version=newest)
        .order_by("id")
        .select_for_update(skip_locked=True)[:batch]
    )
    for row in rows:
        value = keys.open(bytes(row.sealed), row.kind)
        row.sealed, row.blind = keys.seal(value, row.kind), keys.index(value, row.kind)
        row.key_version = newest
    Identifier.objects.bulk_update(rows, ["sealed", "blind", "key_version"], batch_size=500)
    return len(rows)


def _mobiles(batch: int) -> int:
    keys = keyring()
    with connection.cursor() as cursor:
        # The first byte of a sealed value is the version of its key.
        cursor.execute(
            "select id from people_person where mobile is not null and get_byte(mobile, 0) <> %s "
            "limit %s",
            [keys.keys[0].version, batch],
        )
        due = [pk for (pk,) in cursor.fetchall()]
    rows = list(Person.objects.filter(pk__in=due).select_for_update())
    for row in rows:
        assert row.mobile is not None
        value = keys.open(bytes(row.mobile), Kind.MOBILE)
        row.mobile = keys.seal(value, Kind.MOBILE)
        row.mobile_blind = keys.index(value, Kind.MOBILE)
    Person.objects.bulk_update(rows, ["mobile", "mobile_blind"], batch_size=500)
    return len(rows)
