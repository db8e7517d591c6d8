"""Search among a million synthetic persons, beside a primary-key read and a full scan.

    .venv/bin/python bench/search.py [--persons 1000000] [--queries 200] [--fresh]

Builds a database of its own (kept for the next run), then prints p50 and p95 in milliseconds of
exact, mistyped, Latin and identifier searches as a national and as a county viewer. The limits
measured in the same run: one row read by its primary key (what no search beats), and the same
name looked for without an index. Bar: p95 ≤ 50 ms.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import database
import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster
from pooshesh.people.synthetic.mistakes import latin, mistyped, respelt
from pooshesh.people.synthetic.neighbourhood import load_names

if TYPE_CHECKING:
    from pooshesh.access.models import User
    from pooshesh.places.models import Area

DATABASE = "bench_search"
CHUNK = 50_000
NEIGHBOURHOODS, COUNTIES = 2_000, 31


def prepare(persons: int) -> None:
    """Tables with `persons` people in them."""
    from django.db import connection

    from pooshesh.people.models import Person

    if Person.objects.count() == persons:
        return
    with connection.cursor() as cursor:
        cursor.execute("truncate places_area, people_nameword cascade")
        began = time.monotonic()
        fill(persons)
        cursor.execute("vacuum analyze")
    print(f"built {persons:,} persons in {time.monotonic() - began:.0f} s")


def fill(persons: int) -> None:
    from django.db import transaction

    from pooshesh.kernel.bulk import copy_in
    from pooshesh.kernel.ids import uuid7s
    from pooshesh.people.models import Person
    from pooshesh.people.registration import NameKeys, keep_words

    rng = random.Random(1)
    areas = list(make_areas())
    drawn = people(rng)
    for start in range(0, persons, CHUNK):
        count = min(CHUNK, persons - start)
        rows, vocabulary = [], set()
        for pk in uuid7s(count):
            first, last = next(drawn)
            area = rng.choice(areas)
            keys = NameKeys.of(first, last)
            vocabulary.update(keys.words)
            rows.append(
                (pk, first, last, "", *keys, "", None, "", area.pk, area.path, area.province,
                 "", "2026-01-01")
            )  # fmt: skip
        with transaction.atomic():
            keep_words(vocabulary)
            copy_in(
                Person,
                ("id", "first_name", "last_name", "father_name", "search_key", "sort_key",
                 "words", "sex", "birth_date", "birth_precision", "area_id", "area_path",
                 "province", "source", "created_at"),
                rows,
            )  # fmt: skip
            identify([row[0] for row in rows], start)
        print(f"\r{start + count:,}", end="", file=sys.stderr)


def identify(persons: Sequence[UUID], start: int) -> None:
    """A national ID for each person, made from its position."""
    from pooshesh.kernel.bulk import copy_in
    from pooshesh.kernel.crypto import keyring
    from pooshesh.kernel.ids import uuid7s
    from pooshesh.people.models import Identifier

    keys = keyring()
    copy_in(
        Identifier,
        ("id", "person_id", "kind", "grade", "sealed", "blind", "key_version", "recorded_at"),
        (
            (pk, person, "national_id", "checksum", keys.seal(value, "national_id"),
             keys.index(value, "national_id"), keys.keys[0].version, "2026-01-01")
            for pk, person, value in zip(
                uuid7s(len(persons)), persons,
                (national_id(start + n) for n in range(len(persons))), strict=True,
            )
        ),
    )  # fmt: skip


def national_id(position: int) -> str:
    from pooshesh.kernel.identifiers import national_check_digit

    digits = f"{1_000_000 + position:09}"
    return digits + str(national_check_digit(digits))


def make_areas() -> Iterator["Area"]:
    """Neighbourhoods below counties below provinces."""
    from django.db.backends.postgresql.psycopg_any import DateRange

    from pooshesh.places.models import Area

    def make(parent: Area | None, code: str, kind: str, province: str) -> Area:
        return Area.objects.create(
            code=code, kind=kind, parent=parent, path=f"{parent.path}.{code}" if parent else code,
            province=province, name_fa=code, sort_key=code, search_key=code,
            valid=DateRange(None, None),
        )  # fmt: skip

    nation = make(None, "ir", "nation", "")
    counties = []
    for n in range(COUNTIES):
        province = make(nation, f"p{n:02}", "province", f"{n:02}")
        counties.append(make(province, f"c{n:02}01", "county", f"{n:02}"))
    for n in range(NEIGHBOURHOODS):
        county = counties[n % COUNTIES]
        yield make(county, f"n{n:04}", "neighbourhood", county.province)


def people(rng: random.Random) -> Iterator[tuple[str, str]]:
    """First and last names, one in five written otherwise or mistyped."""

    iranian, afghan = load_names()
    while True:
        names = iranian if rng.random() < 0.9 else afghan
        given = names.male if rng.random() < 0.5 else names.female
        first, last = given.draw(rng), names.surname.draw(rng)
        chance = rng.random()
        if chance < 0.15:
            last = respelt(last, rng)
        elif chance < 0.2:
            last = mistyped(last, rng)
        yield first, last


def timed(ask: Callable[[Any], object], texts: Sequence[Any]) -> list[float]:
    """Milliseconds of each query, after a warm-up."""
    for text in texts[:5]:
        ask(text)
    taken = []
    for text in texts:
        began = time.perf_counter()
        ask(text)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def line(name: str, taken: Sequence[float], note: str = "") -> None:
    p95 = statistics.quantiles(taken, n=20)[-1]
    print(f"{name:34} p50 {statistics.median(taken):8.2f} ms   p95 {p95:8.2f} ms   {note}")


def measure(count: int) -> None:
    from django.db import connection

    from pooshesh.kernel.text import key
    from pooshesh.people import queries
    from pooshesh.people.models import Person
    from pooshesh.places.models import Area

    rng = random.Random(2)
    nation = viewer(Area.objects.get(code="ir"))
    county = viewer(Area.objects.get(code="c0501"))
    total = Person.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, first_name, last_name from people_person order by md5(id::text) limit %s",
            [count],
        )
        sample = cursor.fetchall()
    full = [f"{first} {last}" for _, first, last in sample]
    kinds = {
        "exact name": full,
        "one letter mistyped": [f"{first} {mistyped(last, rng)}" for _, first, last in sample],
        "Latin name": [latin(name, rng) for name in full],
        "last name only": [last for *_, last in sample],
        "national ID": [national_id(rng.randrange(total)) for _ in sample],
    }
    line("limit: row by primary key", timed(lambda i: Person.objects.get(pk=i),
                                            [i for i, *_ in sample]))  # fmt: skip
    line("limit: name without an index", timed(scan, full[:10]))
    for who, reach in (("nation", nation), ("county", county)):
        for kind, texts in kinds.items():
            line(f"{kind}, {who}", timed(partial(queries.find, reach), texts))
    for kind in ("one letter mistyped", "Latin name"):
        met = sum(
            any(key(f"{hit.first_name}{hit.last_name}") == key(name) for hit in hits)
            for name, hits in zip(
                full, (queries.find(nation, text).hits for text in kinds[kind]), strict=True
            )
        )
        print(f"{kind}: the name meant is on the first page in {met / len(full):.0%}")


def scan(name: str) -> None:
    """What a search without an index costs."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select id from people_person where first_name || ' ' || last_name = %s", [name]
        )
        cursor.fetchall()


def viewer(area: "Area") -> "User":
    """Somebody who reads records below an area."""
    from django.db.backends.postgresql.psycopg_any import DateRange

    from pooshesh.access.models import Grant, User

    user = User.objects.filter(username=f"bench-{area.code}").first()
    if user is None:
        user = User.objects.create_user(f"bench-{area.code}", "a long password")
        Grant.objects.create(user=user, role="director", area=area, valid=DateRange(None, None))
    return user


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--fresh", action="store_true", help="build the database anew")
    options = parser.parse_args()
    cluster = Cluster(config().home)
    started = cluster.start()
    try:
        database.own(cluster, DATABASE, fresh=options.fresh)
        prepare(options.persons)
        measure(options.queries)
    finally:
        if started:
            cluster.stop()


if __name__ == "__main__":
    main()
