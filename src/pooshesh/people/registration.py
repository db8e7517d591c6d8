"""Registering people, one or a whole census, through one path: COPY."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.bulk import copy_in, supersede, uncollected
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.kernel.identifiers import Identifier as Read
from pooshesh.kernel.ids import uuid7s
from pooshesh.kernel.text import clean, search_key, skeleton, sort_key
from pooshesh.kernel.time import from_day
from pooshesh.people import links, matchkeys
from pooshesh.people.doubles import found_among, typed
from pooshesh.people.linkage.live import Record
from pooshesh.people.matchkeys import Hashes
from pooshesh.people.models import (
    Household,
    Identifier,
    IdentifierKind,
    LinkOrigin,
    Membership,
    Person,
    Standing,
)
from pooshesh.people.names import LONGEST_WORD, slips, words_of
from pooshesh.people.recognition import (
    Blinds,
    CensusPerson,
    Conflict,
    Resolved,
    blinds_of,
    holders_of,
    queue_for,
    resolve,
)
from pooshesh.places.models import Area

__all__ = [
    "CensusPerson",
    "Conflict",
    "NameKeys",
    "Registration",
    "keep_words",
    "lock_persons",
    "register_census",
    "sealed_mobile",
]


@dataclass(frozen=True, slots=True)
class Registration:
    """What became of the rows: `persons` by row number, how many of them were new or known."""

    persons: dict[int, UUID]
    registered: int
    reused: int
    conflicts: tuple[Conflict, ...]


@uncollected()
@transaction.atomic
def register_census(
    rows: Iterable[CensusPerson],
    *,
    area: Area,
    on: dt.date,
    actor: UUID | None,
    source_prefix: str = "",
    into: UUID | None = None,
    origin: LinkOrigin = LinkOrigin.REGISTRATION,
    read: Mapping[int, Sequence[Read]] | None = None,
) -> Registration:
    """Register the people of a census with households, identifiers, memberships, standings.

    All or nothing, by COPY within the caller's transaction. `source_prefix` names the source
    ("census:<digest>"); a row of it that was registered before keeps its person and is not
    touched, so a second run changes nothing. Facts hold from `on`. Somebody of the province known
    already by identifier moves here with their household; their standing stays as it was decided.
    Somebody of another province is not moved but reported as a conflict. `into` is a household of
    the area that all rows join, instead of their own. Who is new and like somebody in the
    registry, or earlier in the census, is linked to them for a clerk to judge; of a campaign's
    census its own linkage compares the rows with each other. `read` are the identifiers of each
    row where they were graded already.
    """
    census = list(rows)
    if source_prefix:
        _queue(source_prefix)
    if read is None:
        read = {one.row: one.identifiers() for one in census}
    blinds = blinds_of(number for numbers in read.values() for number in numbers)
    queue_for(blinds)
    resolved = resolve(census, read, holders_of(blinds), _registered(source_prefix, census), area)
    lock_persons(resolved.persons[one.row] for one in resolved.reused)
    if resolved.written:
        now = timezone.now()
        with ThreadPoolExecutor(1) as beside:  # hashes, while the database takes the rows
            facts = beside.submit(_facts, resolved)
            _write_persons(resolved, area, source_prefix, now)
            _write_identifiers(resolved.identifiers, blinds, now)
            moved, homes = _write_households(census, resolved, area, into, on, now)
            stood = _write_standings(resolved, on, now)
            _link(*facts.result(), homes, area, origin)
        touched = {resolved.persons[one.row] for one in resolved.new}
        touched |= {person for person, _ in resolved.identifiers} | moved | stood
        if touched:
            audit.record(
                "people.register", actor=actor, kind="area", object_id=area.id,
                fields=["person", "identifier", "household", "membership", "standing"],
                purpose=source_prefix, area_path=area.path,
                persons=sorted(touched, key=attrgetter("int")),
            )  # fmt: skip
    return Registration(
        resolved.persons, len(resolved.new), len(resolved.reused), tuple(resolved.conflicts)
    )


def _queue(source: str) -> None:
    """Let two runs of one source follow each other."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [source])


def lock_persons(persons: Iterable[UUID]) -> None:
    """Let writers about the same persons follow each other; rows that refer to them can go on."""
    wanted = sorted(set(persons))
    if wanted:
        rows = Person.objects.filter(pk__in=wanted).select_for_update(no_key=True)
        list(rows.order_by("pk").values_list("pk"))


def _registered(source_prefix: str, census: Iterable[CensusPerson]) -> dict[int, UUID]:
    """Person by row of those rows that this source brought before."""
    if not source_prefix:
        return {}
    # These rows alone: a sheet that comes in batches would be read anew by each of them.
    asked = [f"{source_prefix}:{one.row}" for one in census]
    found = Person.objects.exclude(source="").extra(where=["source = any(%s)"], params=[asked])
    return {
        int(source.rpartition(":")[2]): person
        for source, person in found.values_list("source", "id")
    }


class NameKeys(NamedTuple):
    """The columns of a person that follow from the name."""

    search_key: str
    sort_key: str
    words: list[str]

    @classmethod
    def of(cls, first: str, last: str) -> "NameKeys":
        return cls(
            search_key(f"{first} {last}")[:250],
            sort_key(f"{last} {first}")[:250],
            words_of(first, last),
        )


def keep_words(words: Iterable[str]) -> None:
    """Add what is new among words to the vocabulary of names."""
    wanted = set(words)
    with connection.cursor() as cursor:
        cursor.execute("select word from people_nameword where word = any(%s)", [list(wanted)])
        # One order for all writers: no deadlock.
        fresh = sorted(wanted.difference(word for (word,) in cursor.fetchall()))
        heard = [skeleton(word)[:LONGEST_WORD] for word in fresh]
        cursor.execute(
            """insert into people_nameword (word, skeleton, slips)
               select word, skeleton, string_to_array(slips, ' ')
               from unnest(%s::text[], %s::text[], %s::text[]) as t(word, skeleton, slips)
               on conflict do nothing""",
            [fresh, heard, [" ".join(slips(*pair)) for pair in zip(fresh, heard, strict=True)]],
        )


def _facts(resolved: Resolved) -> tuple[dict[UUID, Record], dict[UUID, Hashes]]:
    """The new persons as the linkage reads them, but for the household; and their hashes."""
    records = {resolved.persons[one.row]: typed(one) for one in resolved.new}
    return records, matchkeys.made(records)


def _link(
    facts: Mapping[UUID, Record],
    hashes: Mapping[UUID, Hashes],
    homes: Mapping[UUID, UUID],
    area: Area,
    origin: LinkOrigin,
) -> None:
    """Keep by what the new persons are found, and who they may be."""
    newcomers = {
        person: {**record, "household": str(homes.get(person, ""))}
        for person, record in facts.items()
    }
    found = found_among(newcomers, hashes, within=origin != LinkOrigin.CAMPAIGN)
    matchkeys.write(hashes)  # only now: nobody is to be found by their own
    links.keep_found(found, area, origin)


def sealed_mobile(raw: str) -> tuple[bytes | None, bytes | None]:
    """(sealed, blind index) of a mobile number as typed; (None, None) when it is not one."""
    read = grade(Kind.MOBILE, raw)
    if read.grade is not Grade.CHECKSUM:
        return None, None
    keys = keyring()
    return keys.seal(read.value, Kind.MOBILE), keys.index(read.value, Kind.MOBILE)


def _write_persons(resolved: Resolved, area: Area, source_prefix: str, now: dt.datetime) -> None:
    vocabulary: set[str] = set()

    def rows() -> Iterator[tuple[object, ...]]:
        for one in resolved.new:
            first, last = clean(one.first_name), clean(one.last_name)
            keys = NameKeys.of(first, last)
            vocabulary.update(keys.words)
            yield (
                resolved.persons[one.row], first, last, clean(one.father_name),
                keys.search_key, keys.sort_key, _array(keys.words), one.sex,
                one.birth_date, one.birth_precision, area.id, area.path, area.province,
                *sealed_mobile(one.mobile),
                f"{source_prefix}:{one.row}" if source_prefix else "", now,
            )  # fmt: skip

    copy_in(
        Person,
        ("id", "first_name", "last_name", "father_name", "search_key", "sort_key", "words", "sex",
         "birth_date", "birth_precision", "area_id", "area_path", "province", "mobile",
         "mobile_blind", "source", "created_at"),
        rows(),
    )  # fmt: skip
    keep_words(vocabulary)


def _array(words: Iterable[str]) -> str:
    """Folded words as an array's text; they hold letters and digits only."""
    return "{" + ",".join(f'"{word}"' for word in words) + "}"


def _since(moment: dt.date | dt.datetime) -> str:
    """From a day or moment on, as a range's text: for COPY a tenth of the work of a range."""
    return f"[{moment.isoformat()},)"


_KINDS = {
    kind: IdentifierKind(kind).value
    for kind in (Kind.NATIONAL_ID, Kind.FOREIGN_CODE, Kind.PASSPORT)
}


def _write_identifiers(
    identifiers: Sequence[tuple[UUID, Read]], blinds: Blinds, now: dt.datetime
) -> None:
    keys = keyring()
    version = keys.keys[0].version
    copy_in(
        Identifier,
        ("id", "person_id", "kind", "grade", "sealed", "blind", "key_version", "recorded_at"),
        (
            (
                pk, person, _KINDS[one.kind], one.grade.value,
                keys.seal(one.value, one.kind), blinds[one][0], version, now,
            )
            for pk, (person, one) in zip(uuid7s(len(identifiers)), identifiers, strict=True)
        ),
    )  # fmt: skip


def _write_households(
    census: Sequence[CensusPerson],
    resolved: Resolved,
    area: Area,
    into: UUID | None,
    on: dt.date,
    now: dt.datetime,
) -> tuple[set[UUID], dict[UUID, UUID]]:
    """Households and memberships; the persons whose membership changed, and where they live now.

    A household some member of which lives in one of this area already stays that household. Where
    a membership from a later day is known, an older census does not undo it.
    """
    lives = {
        m.person_id: m
        for m in Membership.objects.known()
        .filter(person_id__in=resolved.old(), valid__overlap=from_day(on))
        .select_related("household")
        .order_by("valid")
    }
    persons, written = resolved.persons, resolved.written
    home = {_household(one): into for one in written} if into else {}
    for one in census:
        now_at = lives.get(persons[one.row])
        if now_at and now_at.household.area_id == area.id:
            home.setdefault(_household(one), now_at.household_id)
    unplaced = {_household(one): "" for one in written if _household(one) not in home}
    home |= dict(zip(unplaced, uuid7s(len(unplaced)), strict=True))
    for one in written:
        code = grade(Kind.POSTAL_CODE, one.postal_code)
        if _household(one) in unplaced and code.grade is Grade.CHECKSUM:
            unplaced[_household(one)] = unplaced[_household(one)] or code.value
    copy_in(
        Household,
        ("id", "area_id", "area_path", "province", "postal_code", "address", "created_at"),
        (
            (home[name], area.id, area.path, area.province, code, "", now)
            for name, code in unplaced.items()
        ),
    )
    joins: dict[UUID, tuple[UUID, str]] = {}
    born = {persons[one.row]: one.birth_date for one in written}
    for one in written:
        person, where = persons[one.row], (home[_household(one)], str(one.relation))
        was = lives.get(person)
        if was is None or (on in was.valid and (was.household_id, was.relation) != where):
            joins.setdefault(person, where)
    movers = [person for person in joins if person in lives]
    if movers:
        supersede(Membership, "person_id", movers, on, now)
        Person.objects.filter(id__in=movers).update(
            area=area, area_path=area.path, province=area.province
        )
        links.follow(movers, area)
    recorded = _since(now)
    copy_in(
        Membership,
        ("person_id", "household_id", "relation", "valid", "recorded"),
        (  # nobody lives anywhere before they are born
            (person, *where, _since(max(on, born[person] or on)), recorded)
            for person, where in joins.items()
        ),
    )
    return set(joins), {person: where for person, (where, _) in joins.items()}


def _household(one: CensusPerson) -> str:
    """The name of a household within its source; who gives none lives alone."""
    return one.household or f"\0{one.row}"


def _write_standings(resolved: Resolved, on: dt.date, now: dt.datetime) -> set[UUID]:
    """Standings of those who have none yet; the persons who got one."""
    stated = {resolved.persons[one.row]: one for one in reversed(resolved.written) if one.status}
    decided = set(
        Standing.objects.known()
        .filter(person_id__in=resolved.old(), valid__overlap=from_day(on))
        .values_list("person_id", flat=True)
    )
    valid, recorded = _since(on), _since(now)
    fresh = {person: one for person, one in stated.items() if person not in decided}
    copy_in(
        Standing,
        ("person_id", "status", "nationality", "source", "valid", "recorded"),
        (
            (person, str(one.status), one.nationality, "", valid, recorded)
            for person, one in fresh.items()
        ),
    )
    return set(fresh)
