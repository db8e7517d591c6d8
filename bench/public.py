"""The open pages beside the same bytes as static files, in one process and one run.

    .venv/bin/python bench/public.py [--requests 2000]

Publishes one month of a country of 31 provinces in a database of its own (kept for the next run),
asks for each page over the whole stack by WSGI, and for a static file that holds the same bytes, in
turns. Prints microseconds of an answer (median) and their ratio. Bar: at most 2.
"""

import argparse
import io
import statistics
import sys
import time
from collections.abc import Iterable
from typing import Any

import asking  # the country, and values of every indicator
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster

PAGES = ("/open/", "/open/en/table/cover/", "/open/data/all.csv", "/open/data/all.parquet")
BAR = 2.0


def prepared() -> dict[str, tuple[bytes, str]]:
    """Each page's bytes, written beside the static files."""
    from pathlib import Path

    from django.conf import settings
    from django.test import Client

    from pooshesh.insight import figures
    from pooshesh.public import actions
    from pooshesh.public.models import Release

    month = figures.latest_month()
    assert month, "a month was counted"
    if not Release.objects.exists():
        began = time.perf_counter()
        actions.release(month)
        print(f"one month released in {time.perf_counter() - began:.1f} s")
    found = {}
    for place, page in enumerate(PAGES):
        body = Client(headers={"host": "localhost"}).get(page).content
        name = f"bench/{place}.txt"
        path = Path(settings.STATIC_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        found[page] = body, f"{settings.STATIC_URL}{name}"
    return found


def asked(application: Any, path: str) -> bytes:
    """One answer of the application, all of it."""
    told: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "HTTP_HOST": "localhost", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
    }  # fmt: skip
    answer: Iterable[bytes] = application(environ, lambda status, _headers: told.append(status))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    assert told == ["200 OK"], (path, told)
    return body


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=2_000)
    times = parser.parse_args().requests
    cluster = Cluster(config().home)
    cluster.start()
    asking.DATABASE = "bench_public"
    asking.prepare(cluster)
    asking.fill(300, 1)
    found = prepared()
    from pooshesh.wsgi import application

    for page, (body, static) in found.items():
        assert asked(application, page) == body == asked(application, static)
        taken: dict[str, list[float]] = {page: [], static: []}
        for _ in range(times):
            for path, mine in taken.items():
                began = time.perf_counter()
                asked(application, path)
                mine.append((time.perf_counter() - began) * 1e6)
        ours, file = statistics.median(taken[page]), statistics.median(taken[static])
        print(f"{page:28} {len(body):9,} B {ours:8.0f} µs   static {file:8.0f} µs"
              f"   ratio {ours / file:.2f}   bar {BAR}")  # fmt: skip


if __name__ == "__main__":
    main()
