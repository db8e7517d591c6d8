"""One vote over many items, beside a bare insert of the rows it keeps.

    .venv/bin/python bench/meeting.py [--items 500] [--rounds 5]

Builds a database of its own. A body of seven members opens a session with so many items; a motion
is put, voted on by all and counted, one decision per item. Printed: seconds of the server's work
(best of the rounds), and its ratio to COPYing the same decisions once without any checking, the
limit measured in the same run. Bar: 500 items in 2 s.
"""

import argparse
import sys
import time
from uuid import uuid4

import database
import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster

DATABASE = "bench_meeting"
BAR = 2.0  # seconds


def measure(count: int) -> tuple[float, float]:
    """(seconds of put, vote and count; seconds of a bare insert) for so many items."""
    from django.db import connection, transaction
    from django.utils import timezone

    from pooshesh.kernel.bulk import copy_in
    from pooshesh.kernel.ids import uuid7s
    from pooshesh.meetings import agenda, demo, minutes, seed, sitting
    from pooshesh.meetings.models import Body, Choice, Decision, Item, Member, Session, Term

    seed.seed()
    body = Body.objects.get(code=seed.CODE)
    if not Term.objects.filter(body=body).exists():
        demo._members(body)
    Body.objects.filter(pk=body.pk).update(capacity=5_000)
    body.refresh_from_db()
    agenda.submit(
        body, "topic", [agenda.Brought(f"{n}", uuid4()) for n in range(count)], actor=None
    )
    session = agenda.plan(body, starts_at=timezone.now(), place="bench", actor=None)
    agenda.invite(session, actor=None)
    agenda.open_session(session, actor=None)
    voters = Member.objects.exclude(pk__in=Term.objects.filter(role="secretary").values("member"))
    for member in voters:
        sitting.come(session, member, actor=None)
    items = list(Item.objects.filter(session=session).values_list("pk", flat=True))
    began = time.perf_counter()
    motion = sitting.put(session, items, text="bench", verdict="approved", actor=None)
    sitting.vote(motion, dict.fromkeys((m.pk for m in voters), Choice.FOR), actor=None)
    sitting.count(motion, actor=None)
    spent = time.perf_counter() - began
    kept = Decision.objects.filter(motion=motion)
    assert kept.filter(outcome="carried").count() == count
    columns = [field.attname for field in Decision._meta.concrete_fields]
    rows = list(kept.values_list(*columns))
    bare = time.perf_counter()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("create temp table bare (like meetings_decision) on commit drop")
        table = Decision._meta.db_table
        Decision._meta.db_table = "bare"
        try:
            copy_in(Decision, columns, (
                (key, *row[1:]) for key, row in zip(uuid7s(len(rows)), rows, strict=True)
            ))  # fmt: skip
        finally:
            Decision._meta.db_table = table
    bare = time.perf_counter() - bare
    minutes.close(Session.objects.select_related("body").get(pk=session.pk), actor=None)
    return spent, bare


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    cluster = Cluster(config().home)
    cluster.start()
    database.own(cluster, DATABASE)
    from pooshesh.places.seed import seed

    seed()
    results = [measure(options.items) for _ in range(options.rounds)]
    spent, bare = (min(column) for column in zip(*results, strict=True))
    verdict = "ok" if spent <= BAR * max(1, options.items / 500) else "TOO SLOW"
    print(f"{options.items} items in one vote: {spent * 1000:.0f} ms (bar {BAR:.0f} s) {verdict}")
    print(f"bare insert of the same rows: {bare * 1000:.0f} ms, ratio {spent / bare:.1f}")
    return 0 if verdict == "ok" else 1


if __name__ == "__main__":
    sys.exit(main())
