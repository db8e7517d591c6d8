"""By what somebody who may be registered already is found: keyed hashes of two facts or more.

The facts are those the linkage blocks on (`linkage.live.blocks`): names as heard, birth, mobile.
Identifiers have their own index. Whoever writes one of these facts writes the hashes as well.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from pooshesh.kernel.bulk import copy_in
from pooshesh.kernel.calendar import format_jalali
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Kind
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.text import skeleton
from pooshesh.people.linkage.live import Record, blocks, on_common_day
from pooshesh.people.models import MatchKeys, Person, Precision

HASHED = ("first_name", "last_name", "father_name", "birth_date", "mobile")
FIELD = "people.match"
JOB = "people.match_keys"
BATCH = 5_000
NAMES = ("first_name", "last_name")
DAY_MARKS = 2  # in a whole date


def birth_text(date: dt.date | None, precision: str) -> str:
    """A birth date as the linkage reads it, as far as it is known."""
    if date is None:
        return ""
    if precision in (Precision.YEAR, Precision.MONTH):
        year, month, _day = format_jalali(date, lang="en").split("/")
        return year if precision == Precision.YEAR else f"{year}/{month}"
    return date.isoformat()


def facts_of(person: Person) -> Record:
    """What is hashed of somebody registered."""
    mobile = person.mobile
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "father_name": person.father_name,
        "birth_date": birth_text(person.birth_date, person.birth_precision),
        "mobile": keyring().open(bytes(mobile), Kind.MOBILE) if mobile else "",
    }


def hashed(record: Record) -> list[int]:
    """The hashes under which a record is kept: under the newest data key."""
    return [*_hashes(_secrets()[0], [*_narrow(record), *_wide(record)])]


def sought(record: Record) -> list[int]:
    """The hashes to look a record up by: under every data key at hand."""
    texts = [*_narrow(record), *_wide(record)]
    return [one for secret in _secrets() for one in _hashes(secret, texts)]


def _narrow(record: Record) -> Sequence[str]:
    """By what a batch looks for others: few people share one of these."""
    facts = {name: record.get(name) for name in HASHED}
    if on_common_day(record):
        return blocks(facts)
    return *blocks(facts, dated=False), *_by_day(record)


def _wide(record: Record) -> Sequence[str]:
    """By what somebody at the desk is looked for besides: of them more is asked than of a batch,
    which would meet everybody of one name whose unknown day of birth was written 1 Farvardin."""
    return _by_day(record) if on_common_day(record) else ()


def _by_day(record: Record) -> Sequence[str]:
    """The whole birth date with either name."""
    born = record.get("birth_date") or ""
    if born.count("-") != DAY_MARKS:
        return ()
    return [f"{name}:{heard}|{born}" for name in NAMES if (heard := _heard(record[name]))]


@lru_cache(1 << 14)
def _heard(name: str | None) -> str:
    return skeleton(name or "")


def _secrets() -> list[bytes]:
    """The key of these hashes under each data key, the newest first."""
    return keyring().indexes("", FIELD)


def _hashes(secret: bytes, texts: Iterable[str]) -> Iterator[int]:
    """Keyed BLAKE2: a census asks for a hundred thousand, and HMAC takes twice as long."""
    keyed = blake2b(digest_size=8, key=secret)
    for text in texts:
        one = keyed.copy()
        one.update(text.encode())
        yield int.from_bytes(one.digest(), signed=True)


class Hashes(NamedTuple):
    """The hashes of a newcomer: by which a batch looks for others, and what is kept besides."""

    narrow: list[int]
    wide: list[int]


def made(records: Mapping[UUID, Record]) -> dict[UUID, Hashes]:
    """The hashes of newcomers, under the newest data key."""
    secret = _secrets()[0]
    return {
        person: Hashes([*_hashes(secret, _narrow(one))], [*_hashes(secret, _wide(one))])
        for person, one in records.items()
    }


def write(hashes: Mapping[UUID, Hashes]) -> None:
    """Keep the hashes of persons who have none yet."""
    version = keyring().keys[0].version
    copy_in(
        MatchKeys,
        ("person_id", "keys", "version"),
        ((person, array([*of.narrow, *of.wide]), version) for person, of in hashes.items()),
    )


def array(numbers: Iterable[int]) -> str:
    """Hashes as an array's text."""
    return "{" + ",".join(map(str, numbers)) + "}"


def renew(persons: Iterable[Person]) -> int:
    """Keep the hashes of persons as they stand now, in the caller's transaction; how many."""
    found = {one.pk: hashed(facts_of(one)) for one in persons}
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into people_matchkeys (person_id, keys, version)
               select person, keys::bigint[], %s from unnest(%s::uuid[], %s::text[])
                      as t(person, keys)
               on conflict (person_id) do update
               set keys = excluded.keys, version = excluded.version""",
            [
                keyring().keys[0].version,
                list(found),
                [array(keys) for keys in found.values()],
            ],
        )
    return len(found)


@job(JOB, every=dt.timedelta(hours=6))
def renew_due(progress: Progress) -> dict[str, int]:
    """Hash what was registered before there were hashes, or was hashed under an older data key."""
    done = 0
    while made := _renew_batch():
        done += made
        progress(_("Hashing persons for the duplicate check"), done)
    return {"persons": done}


@transaction.atomic
def _renew_batch() -> int:
    old = MatchKeys.objects.exclude(version=keyring().keys[0].version).values("person_id")
    missing = Person.objects.filter(~Exists(MatchKeys.objects.filter(person=OuterRef("pk"))))
    due = [*old.values_list("person_id", flat=True)[:BATCH]]
    due = due or [*missing.values_list("pk", flat=True)[:BATCH]]
    # Held, so that nobody is renamed meanwhile.
    rows = Person.objects.filter(pk__in=due).order_by("pk")
    return renew(rows.select_for_update(no_key=True))
