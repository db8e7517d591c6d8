"""Requests of five lines inside the package, beside a bare insert of the same rows.

    .venv/bin/python bench/requests.py [--requests 400] [--files 500] [--rounds 3]

Builds a database of its own. Patients of one province with a tag and a file bring a request of
five lines each: what is asked is checked, read, decided, kept, and its money is bound, each in a
transaction of its own, in one process. Printed: requests a second and statements each (best of
the rounds), and the ratio to inserting the very same rows without deciding anything: into the same
tables with their indexes, checks and foreign keys, a statement for each table in a transaction for
each request; without what triggers do (the balances of the ledger, the counts of the funnel), and
beside it with them. Bars: 200 a second, 10 statements, 4 times the first.

Time is CPU seconds of this process and of the one that answers it: they take turns, so on a
machine of its own the two together are what passes; the wall clock is printed beside it.

Then so many requests outside the rules wait for the committee, which decides them in one meeting
by groups: approve in full, approve in part, reject, defer. Bar: 500 in 2 s of the server's work.
"""

import argparse
import datetime as dt
import os
import sys
import time
from typing import Any

import database
import source  # noqa: F401
from cpu import spent
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster

DATABASE = "bench_requests"
RATE, STATEMENTS, RATIO, MEETING = 200, 10, 4.0, 2.0
SERVICE = dt.date(2025, 9, 1)
COPIES = 10**7  # from here on numbers of requests are of copies
CODES = [f"code{n}" for n in range(5)]
FILLED = (
    "people_person", "people_household", "people_membership", "people_decile", "disease_tag",
    "disease_tagterm", "fund_patientfile",
)  # fmt: skip


def prepare(count: int) -> list[Any]:
    """Files of so many patients with a tag each, a package of five codes, and credit."""
    from django.db import connection
    from django.db.backends.postgresql.psycopg_any import DateRange
    from django.utils import timezone

    from pooshesh.disease import seed as diseases
    from pooshesh.disease.models import Package, PackageLine, PackageTerm, TagSource
    from pooshesh.disease.tags import NewTag, write
    from pooshesh.fund.models import PatientFile
    from pooshesh.kernel.calendar import to_jalali
    from pooshesh.kernel.money import Rial
    from pooshesh.kernel.time import from_now
    from pooshesh.ledger import budgets
    from pooshesh.people.models import Decile, Household, Membership, Person, Relation
    from pooshesh.places.models import Area
    from pooshesh.places.seed import seed

    seed()
    diseases.seed()
    area = Area.objects.get(kind="province", province="15")
    year = to_jalali(timezone.localdate()).year
    budgets.enact(year, Rial(10**16), "bench", actor=None)
    budgets.allocate(area, year, Rial(10**15), actor=None)
    PackageTerm.objects.filter(disease="SMA").delete()
    package = Package.objects.create(
        disease_id="SMA", number=900, starts=SERVICE, file="b", digest="b", state="approved"
    )
    always, known = DateRange(dt.date(2021, 3, 21), None), from_now()
    PackageLine.objects.bulk_create(
        PackageLine(package=package, code=code, kind="drug", title_fa=code) for code in CODES
    )
    PackageTerm.objects.create(disease_id="SMA", package=package, valid=always, recorded=known)
    place = {"area": area, "area_path": area.path, "province": "15"}
    homes = Household.objects.bulk_create(Household(**place) for _ in range(count))
    persons = Person.objects.bulk_create(
        Person(**place, search_key=f"b{n}", sort_key=f"b{n}", last_name=f"b{n}")
        for n in range(count)
    )
    dated = {"valid": always, "recorded": known}
    Membership.objects.bulk_create(
        Membership(person=person, household=home, relation=Relation.HEAD, **dated)
        for person, home in zip(persons, homes, strict=True)
    )
    Decile.objects.bulk_create(
        Decile(household=home, decile=3, source="b", **dated) for home in homes
    )
    write([NewTag(person, "SMA", dt.date(2024, 3, 20), None) for person in persons],
          TagSource.REGISTRY, actor=None)  # fmt: skip
    files = PatientFile.objects.bulk_create(
        PatientFile(person=person, **place) for person in persons
    )
    with connection.cursor() as cursor:  # as autovacuum does soon after so many rows came
        cursor.execute(f"analyze {', '.join(FILLED)}")
    return list(files)


def asked(file: Any, number: int, *, outside: bool = False) -> Any:
    """Five lines of one invoice each."""
    from pooshesh.requests.bringing import Asked
    from pooshesh.requests.checking import LineAsked

    lines = [
        LineAsked(
            code=f"out{n}" if outside else code, title=code, on=SERVICE, asked=1_000_000 + number,
            provider=f"provider {number % 50}", invoice=f"{number:07}{n}{n * 37 % 89}",
        )
        for n, code in enumerate(CODES)
    ]  # fmt: skip
    return Asked(file, "SMA", lines)


class Clock:
    """CPU and wall seconds of this process and its connection's."""

    def __init__(self) -> None:
        import psycopg
        from django.db import connection

        connection.ensure_connection()
        assert isinstance(connection.connection, psycopg.Connection)
        self.pids = [os.getpid(), connection.connection.info.backend_pid]
        self.cpu, self.wall = spent(self.pids), time.perf_counter()

    def read(self, count: int) -> tuple[float, float]:
        """(CPU, wall) seconds of each of so many."""
        return (spent(self.pids) - self.cpu) / count, (time.perf_counter() - self.wall) / count


def measure(files: list[Any], first: int) -> tuple[tuple[float, float], int]:
    """((CPU, wall) seconds a request; statements of one) when all bring one."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from pooshesh.requests.bringing import bring

    bring(asked(files[0], first), actor=None)  # reads what is read once
    with CaptureQueriesContext(connection) as found:
        assert bring(asked(files[1], first + 1), actor=None).state == "approved"
    ends = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    statements = sum(not one["sql"].startswith(ends) for one in found)
    clock = Clock()
    for number, file in enumerate(files[2:], first + 2):
        bring(asked(file, number), actor=None)
    return clock.read(len(files) - 2), statements


def bare(count: int, turn: int, *, triggers: bool) -> tuple[float, float]:
    """(CPU, wall) seconds a request to insert what `measure` kept anew, table by table.

    Into the very same tables, so with every index, check, exclusion and foreign key; `triggers`:
    with those that balance the ledger and count the funnel too.
    """
    from django.db import connection, transaction

    tables = {table: found for table, found in written(count, turn).items() if found[1]}
    heads = {
        table: f'insert into "{table}" (' + ", ".join(f'"{name}"' for name in names) + ") values "
        for table, (names, _rows) in tables.items()
    }
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f'alter table "{table}" {"enable" if triggers else "disable"} trigger user'
            )
    clock = Clock()
    for number in range(count):
        with transaction.atomic(), connection.cursor() as cursor:
            for table, (names, rows) in tables.items():
                values = rows[number]
                marks = ", ".join([f"({', '.join(['%s'] * len(names))})"] * len(values))
                cursor.execute(
                    heads[table] + marks,
                    [value for row in values for value in row],
                )
    took = clock.read(count)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'alter table "{table}" enable trigger user')
    return took


GIVEN = {
    "ledger_posting": "id",
    "requests_ceilinguse": "id",
    "ledger_entry": "xid",
    "kernel_subject": "id",
}


def written(count: int, turn: int) -> dict[str, tuple[list[str], list[list[Any]]]]:
    """Table → its columns and, by request, the rows that the last requests left in it, under
    identifiers and numbers of their own; `turn` tells one time from another."""
    from uuid import UUID

    from django.db import connection

    from pooshesh.kernel.ids import uuid7
    from pooshesh.requests.models import Request

    real = Request.objects.filter(number__lt=COPIES)
    ids = list(real.order_by("-number").values_list("pk", flat=True)[:count])
    parts = {
        "requests_request": "select * from requests_request where id = %s",
        "requests_requestline": "select * from requests_requestline where request_id = %s",
        "requests_requeststep": "select * from requests_requeststep where request_id = %s",
        "requests_ceilinguse": "select c.* from requests_ceilinguse c join requests_request r"
        " on r.person_id = c.person_id and r.year = c.year where r.id = %s",
        "ledger_commitment": "select * from ledger_commitment where object_id = %s",
        "ledger_entry": "select e.* from ledger_entry e where e.id in (select p.entry_id from"
        " ledger_posting p join ledger_commitment c on c.id = p.commitment_id"
        " where c.object_id = %s)",
        "ledger_posting": "select p.* from ledger_posting p join ledger_commitment c"
        " on c.id = p.commitment_id where c.object_id = %s",
        "kernel_event": "select * from kernel_event where object_id = %s::text or object_id ="
        " (select id::text from ledger_commitment where object_id = %s)",
        "kernel_subject": "select s.* from kernel_subject s join kernel_event e"
        " on e.id = s.event_id where e.object_id = %s::text or e.object_id ="
        " (select id::text from ledger_commitment where object_id = %s)",
    }
    found: dict[str, tuple[list[str], list[list[Any]]]] = {}
    known: dict[str, UUID] = {}
    with connection.cursor() as cursor:
        for table, query in parts.items():
            rows, names = [], []
            for pk in ids:
                cursor.execute(query, [pk] * query.count("%s"))
                names = [column.name for column in cursor.description]
                some = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
                for row in some:
                    if isinstance(row.get("id"), UUID):
                        known[str(row["id"])] = uuid7()
                    if row.get("digest") and table == "requests_requestline":
                        row["digest"] = uuid7()
                    if table == "requests_request":
                        row["number"] += COPIES * turn
                    if table == "requests_ceilinguse":
                        row["year"] += 100 * turn
                    if table == "ledger_entry":
                        row["key"] += f" {turn}"
                    row.pop(GIVEN.get(table, ""), None)
                rows.append([[known.get(str(value), value) for value in row.values()]
                             for row in some])  # fmt: skip
            found[table] = ([name for name in names if name != GIVEN.get(table)], rows)
    return found


def meeting(files: list[Any], first: int) -> tuple[float, int]:
    """(seconds of put, vote and count of all groups; requests decided) of one meeting."""
    from django.utils import timezone

    from pooshesh.meetings import actions, agenda, minutes, sitting
    from pooshesh.meetings.models import Body, Choice, Item, Role, Session
    from pooshesh.partners.models import Organisation
    from pooshesh.requests import bodies, bringing
    from pooshesh.requests.models import Decider, Request

    body = bodies.body_of("15", Decider.COMMITTEE)
    Body.objects.filter(pk=body.pk).update(capacity=5_000)
    body.refresh_from_db()
    for code in bodies.SEATS:
        seat = Organisation.objects.get(code=code)
        if not sitting.Term.objects.filter(body=body, organisation=seat).exists():
            actions.appoint(body, seat, name=code, role=Role.MEMBER, start=bodies.SINCE,
                            actor=None)  # fmt: skip
    for number, file in enumerate(files, first):
        bringing.bring(asked(file, number, outside=True), actor=None)
    Request.objects.filter(state="in_committee").update(proposed=2_000_000)
    session = agenda.plan(body, starts_at=timezone.now() + dt.timedelta(minutes=1), place="b",
                          actor=None)  # fmt: skip
    agenda.invite(session, actor=None)
    agenda.open_session(session, actor=None)
    for member in sitting.Member.objects.filter(body=body):
        sitting.come(session, member, actor=None)
    items = list(Item.objects.filter(session=session).order_by("position")
                 .values_list("pk", flat=True))  # fmt: skip
    quarter = -(-len(items) // 4)
    clock = Clock()
    for place, verdict in enumerate(("approved", "part", "rejected", "deferred")):
        group = items[place * quarter : (place + 1) * quarter]
        motion = sitting.put(session, group, text="bench", verdict=verdict, actor=None)
        choices = dict.fromkeys(sitting.in_the_room(session), Choice.FOR)
        sitting.vote(motion, choices, actor=None)
        sitting.count(motion, actor=None)
    took, _wall = clock.read(1)
    minutes.close(Session.objects.select_related("body").get(pk=session.pk), actor=None)
    return took, len(items)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    cluster = Cluster(config().home)
    cluster.start()
    database.own(cluster, DATABASE)
    files = prepare(max(options.requests, options.files))
    some = files[: options.requests]
    rounds, bares, triggered = [], [], []
    for place in range(options.rounds):
        rounds.append(measure(some, place * 100_000))
        count = min(len(some) - 1, 200)
        bares.append(bare(count, 2 * place + 1, triggers=False))
        triggered.append(bare(count, 2 * place + 2, triggers=True))
    (each, wall), statements = min(rounds)
    plain, plain_wall = min(bares)
    whole, whole_wall = min(triggered)
    ok = [1 / each >= RATE, statements <= STATEMENTS, each / plain <= RATIO]
    print(f"{1 / each:.0f} requests of five lines a second (bar {RATE}) {_said(ok[0])};"
          f" by the wall clock {1 / wall:.0f}")  # fmt: skip
    print(f"{statements} statements each (bar {STATEMENTS}) {_said(ok[1])}")
    print(f"bare insert of the same rows: {plain * 1000:.1f} ms, ratio {each / plain:.1f}"
          f" (bar {RATIO:.0f}) {_said(ok[2])}; by the wall {wall / plain_wall:.1f}")  # fmt: skip
    print(f"with what triggers do beside them: {whole * 1000:.1f} ms, ratio {each / whole:.1f};"
          f" by the wall {wall / whole_wall:.1f}")  # fmt: skip
    took, decided = meeting(files[: options.files], 900_000)
    ok.append(took <= MEETING * max(1, decided / 500))
    print(f"{decided} requests decided in one meeting by groups: {took * 1000:.0f} ms"
          f" (bar {MEETING:.0f} s) {_said(ok[3])}")  # fmt: skip
    return 0 if all(ok) else 1


def _said(ok: bool) -> str:
    return "ok" if ok else "TOO SLOW"


if __name__ == "__main__":
    sys.exit(main())
