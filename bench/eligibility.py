"""Check cover at the point of care among a million persons, beside a bare indexed query.

    .venv/bin/python bench/eligibility.py [--persons 1000000] [--checks 6000] [--fresh]

Builds a database of its own (kept for the next run). First over one connection in this process:
one indexed query (the blind index of an identifier, what no check beats), the lookup alone, the
whole check with its trace committed; each as a ratio to the first. Then over HTTP with a pass,
rate limit and audit on: the server with two processes, asked over kept connections. Bars: at most
4 statements (asserted by a test), ≥ 500 checks a second over HTTP on 2 cores.
"""

import argparse
import datetime as dt
import os
import random
import selectors
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import cpu
import database
import search
import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster

search.DATABASE = "bench_eligibility"
CONNECTIONS = 8
PROCESSES = 2

SPELLS = """
    insert into coverage_spell (id, person_id, insurer_id, scheme, premium_percent, area_id,
        area_path, province, source, valid, recorded)
    select gen_random_uuid(), p.id, u.code, case when u.ours then 'universal' else '' end, 0,
        p.area_id, p.area_path, p.province, 'enrolment',
        daterange('2024-03-20', case when n % 10 = 0 then '2025-03-21'::date end),
        tstzrange('2024-03-20', null)
    from (select *, row_number() over (order by id) as n from people_person) p
    join coverage_insurer u on u.code = case when n % 4 = 1 then 'sso' else 'ihio' end
    where n % 4 < 3
"""
DECISIONS = """
    insert into policy_decision (id, person_id, pack_id, "on", outcome, scheme, premium_percent,
        reasons, facts, digest, decided_at)
    select gen_random_uuid(), id, 'bench', '2024-03-20', 'enrol_free', 'universal', 0, 1, '{}', '',
        now()
    from people_person
"""


def fill_cover() -> None:
    """Three in four are covered, one in four of them by another insurer; everybody is decided."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select exists (select 1 from coverage_spell)")
        if cursor.fetchone()[0]:
            return
        cursor.execute(
            "insert into policy_boundpack (id, name, content, first_used_at)"
            " values ('bench', 'bench', '{}', now()) on conflict do nothing"
        )
        cursor.execute(SPELLS)
        cursor.execute(DECISIONS)
        cursor.execute("vacuum analyze")


def rate(name: str, ask: Callable[[str], object], numbers: Sequence[str], bare: float = 0) -> float:
    """Print calls a second in this process; beside `bare` seconds a call also the ratio."""
    for number in numbers[:100]:
        ask(number)
    began = time.perf_counter()
    for number in numbers:
        ask(number)
    each = (time.perf_counter() - began) / len(numbers)
    ratio = f"   {each / bare:5.1f} × the bare query" if bare else ""
    print(f"{name:38} {each * 1000:7.3f} ms   {1 / each:8,.0f}/s{ratio}")
    return each


def in_process(numbers: Sequence[str]) -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    from pooshesh.eligibility import actions, queries
    from pooshesh.people.queries import blinds

    user, today = search.viewer(_nation()), timezone.localdate()
    known = {number: blinds(number) for number in numbers}
    connection.ensure_connection()
    raw = connection.connection.cursor()

    def bare(number: str) -> None:
        raw.execute(
            "select person_id from people_identifier where blind = any(%s)", [known[number]]
        )
        raw.fetchall()

    def committed(number: str) -> None:
        with transaction.atomic():
            bare(number)

    each = rate("bare indexed query", bare, numbers)
    rate("  in a transaction of its own", committed, numbers, each)
    rate("lookup of cover", lambda number: queries.holders(number, today), numbers, each)
    rate(
        "check with its trace committed",
        lambda number: actions.check(number, None, actor=user.pk), numbers, each,
    )  # fmt: skip


def _nation():  # type: ignore[no-untyped-def]
    from pooshesh.places.models import Area

    return Area.objects.get(code="ir")


def give_pass() -> str:
    """A pass that may ask as often as it likes."""
    from django.db.backends.postgresql.psycopg_any import DateRange
    from django.utils import timezone

    from pooshesh.access.models import Grant
    from pooshesh.eligibility import passes
    from pooshesh.eligibility.models import Pass

    user, nation = search.viewer(_nation()), _nation()
    Grant.objects.get_or_create(
        user=user, role="care_provider", area=nation, defaults={"valid": DateRange(None, None)}
    )
    one = Pass.objects.create(
        user=user, name="bench", area=nation, area_path="ir", per_minute=10_000_000,
        given_by=user.pk, expires_on=timezone.localdate() + dt.timedelta(days=1),
    )  # fmt: skip
    return passes.written(one.pk)


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """(port, process) of the product's server, on this database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1] / "src")}
    child = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "pooshesh.wsgi:application", "--interface", "wsgi",
            "--port", str(port), "--workers", str(PROCESSES), "--blocking-threads", "4",
            "--no-access-log", "--log-level", "error",
        ],
        env=env,
    )  # fmt: skip
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=2).close()
                break
            time.sleep(0.1)
        yield port, child.pid
    finally:
        child.terminate()
        child.wait(20)


def ask_all(port: int, questions: Sequence[bytes]) -> tuple[float, list[float], int]:
    """(seconds, milliseconds of each, how many were answered 200).

    One thread and bare sockets: what asks shares the cores with what answers.
    """
    waiting, taken, good = iter(questions), [], 0
    with selectors.DefaultSelector() as ready, ExitStack() as open_ones:

        def ask(link: socket.socket) -> None:
            question = next(waiting, None)
            if question is None:
                ready.unregister(link)
                return
            asked_at[link] = time.perf_counter()
            link.sendall(question)

        began, asked_at = time.perf_counter(), {}
        for _ in range(CONNECTIONS):
            link = open_ones.enter_context(socket.create_connection(("127.0.0.1", port)))
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(link, selectors.EVENT_READ)
            ask(link)
        while ready.get_map():
            for key, _ in ready.select():
                answer = read_answer(key.fileobj)
                taken.append((time.perf_counter() - asked_at[key.fileobj]) * 1000)
                good += answer.startswith(b"HTTP/1.1 200")
                ask(key.fileobj)
        return time.perf_counter() - began, taken, good


def read_answer(link: socket.socket) -> bytes:
    """One whole answer, head and body."""
    answer = link.recv(65_536)
    while b"\r\n\r\n" not in answer:
        answer += link.recv(65_536)
    head, _, body = answer.partition(b"\r\n\r\n")
    left = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) - len(body)
    while left:
        more = link.recv(left)
        answer, left = answer + more, left - len(more)
    return answer


def question(number: str, pass_text: str) -> bytes:
    body = f'{{"number":"{number}"}}'
    return (
        f"POST /api/eligibility/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {pass_text}"
        f"\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def over_http(cluster: Cluster, numbers: Sequence[str]) -> None:
    pass_text = give_pass()
    questions = [question(number, pass_text) for number in numbers]
    with server() as (port, pid), cluster.connect() as database:
        ask_all(port, questions[:400])
        parties = {
            "server": cpu.below(pid),
            "database": cpu.backends(database, search.DATABASE),
            "client": [os.getpid()],
        }
        before = {name: cpu.spent(pids) for name, pids in parties.items()}
        seconds, taken, good = ask_all(port, questions)
        used = {name: cpu.spent(pids) - before[name] for name, pids in parties.items()}
    p50, p99 = statistics.median(taken), statistics.quantiles(taken, n=100)[-1]
    each = {name: f"{used[name] / len(taken) * 1000:.2f} ms {name}" for name in used}
    print(
        f"{'over HTTP, pass, limit and audit on':38} {p50:7.2f} ms p50, {p99:.2f} ms p99"
        f"   {len(taken) / seconds:8,.0f}/s   {good} of {len(taken)} answered\n"
        f"{'  CPU of each check':38} {', '.join(each.values())}; two whole cores would answer"
        f" {2 * len(taken) / sum(used.values()):,.0f}/s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--checks", type=int, default=6_000)
    parser.add_argument("--fresh", action="store_true")
    asked = parser.parse_args()
    cluster = Cluster(config().home)
    cluster.start()
    database.own(cluster, search.DATABASE, fresh=asked.fresh)
    search.prepare(asked.persons)
    fill_cover()
    rng = random.Random(3)
    numbers = [search.national_id(rng.randrange(asked.persons)) for _ in range(asked.checks)]
    print(f"{asked.persons:,} persons")
    in_process(numbers)
    over_http(cluster, numbers)


if __name__ == "__main__":
    main()
