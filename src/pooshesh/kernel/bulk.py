"""Statements beside the ORM: COPY, plans kept, setting aside what was believed about many keys."""

import datetime as dt
import gc
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.db.models import Model

from pooshesh.kernel.time import Bitemporal, from_day, from_now

FEW = 100  # rows for which a table of their own is not worth it


def copy_in(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table, in the caller's transaction; `fields` are their columns."""
    columns = ", ".join(f'"{name}"' for name in fields)
    statement = f'copy "{model._meta.db_table}" ({columns}) from stdin'
    with (
        connection.wrap_database_errors,  # so that a refusal is Django's IntegrityError here too
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(row)


def add_missing(items: Sequence[Model]) -> None:
    """Insert objects of one model; those that a unique constraint refuses are there already.

    Many go by COPY over a table of their own, at a tenth of the time of INSERT with parameters.
    """
    if len(items) < FEW:
        if items:
            type(items[0])._default_manager.bulk_create(items, ignore_conflicts=True)
        return
    model = type(items[0])
    table, fields = model._meta.db_table, model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f'create temp table incoming (like "{table}") on commit drop')
        with cursor.copy(f"copy incoming ({columns}) from stdin") as copy:
            for item in items:
                copy.write_row(
                    [field.get_db_prep_save(getattr(item, field.attname), connection)
                     for field in fields]
                )  # fmt: skip
        cursor.execute(
            f'insert into "{table}" ({columns}) select {columns} from incoming'  # noqa: S608
            " on conflict do nothing"
        )
        cursor.execute("drop table incoming")


def prepared(sql: str, params: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement whose plan the connection keeps; in the caller's transaction.

    For large statements that are asked again and again: planning one takes longer than running
    it. Values are bound by the server, so their types must be plain from the statement.
    """
    connection.ensure_connection()
    began, send = time.perf_counter(), _send
    for wrapper in reversed(connection.execute_wrappers):  # as any statement is
        send = partial(wrapper, send)
    rows: list[tuple[Any, ...]] = send(sql, params, False, {"connection": connection})
    if connection.queries_logged:
        spent = f"{time.perf_counter() - began:.3f}"
        connection.queries_log.append({"sql": sql, "time": spent})
    return rows


def _send(sql: str, params: Any, _many: bool, _context: Mapping[str, Any]) -> Any:
    link = connection.connection
    with connection.wrap_database_errors, psycopg.Cursor(link) as cursor:
        link.prepare_threshold = 0  # with None, as Django sets it, `prepare` says nothing
        try:
            cursor.execute(sql.encode(), params, prepare=True)
        finally:
            link.prepare_threshold = None
        return cursor.fetchall()


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave out the search for cycles of garbage while a batch is made; also a decorator.

    A batch is thousands of small objects, all in use and none in a cycle; walking through them
    again and again took a third of the time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def supersede(
    model: type[Bitemporal], key: str, ids: Sequence[UUID], start: dt.date, at: dt.datetime
) -> None:
    """Believe nothing about these keys from `start` on; earlier days stay believed.

    The set-based twin of `kernel.time.state`, for tables whose primary key the database gives.
    """
    fields = [
        f'"{f.column}"'
        for f in model._meta.concrete_fields
        if not f.primary_key and f.name not in ("valid", "recorded")
    ]
    table, kept = model._meta.db_table, ", ".join(fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""with old as (
                update "{table}" set recorded = tstzrange(lower(recorded), %(at)s)
                where "{key}" = any(%(ids)s) and upper_inf(recorded) and valid && %(from)s
                returning {kept}, valid)
            insert into "{table}" ({kept}, valid, recorded)
            select {kept}, daterange(lower(valid), %(start)s), %(known)s from old
            where lower_inf(valid) or lower(valid) < %(start)s""",  # noqa: S608 - own names only
            {
                "at": at, "ids": list(ids), "start": start,
                "from": from_day(start), "known": from_now(at),
            },
        )  # fmt: skip
