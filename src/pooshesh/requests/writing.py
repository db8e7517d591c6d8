"""Rows of several tables written in one statement: what a request costs is mostly round trips."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Field, JSONField, Model

from pooshesh.kernel.fields import PathField
from pooshesh.requests import ceilings
from pooshesh.requests.ceilings import Key, Use
from pooshesh.requests.models import Doubt, Letter, Request, RequestLine, RequestStep

#: Given by the database.
_LEFT = {Request: ("number",)}
_AS_TEXT = (ArrayField, JSONField, PathField)

_USES = """
  used as (
    update requests_ceilinguse c
    set used = n.used, ceiling = n.ceiling, extended = n.extended,
      of_disease = n.of_disease::jsonb, counts = n.counts::jsonb
    from unnest(%s::uuid[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[],
           %s::text[])
      as n(person, year, used, ceiling, extended, of_disease, counts)
    where c.person_id = n.person and c.year = n.year
  )"""


@dataclass
class Rows:
    """What is written together; a request gets its number here."""

    requests: Sequence[Request] = ()
    lines: Sequence[RequestLine] = ()
    steps: Sequence[RequestStep] = ()
    doubts: Sequence[Doubt] = ()
    letters: Sequence[Letter] = ()


def insert(rows: Rows, uses: dict[Key, Use]) -> None:
    """Insert all rows and write the locked ceilings, in one statement.

    Raises IntegrityError where the database refuses, as for an invoice that was brought before.
    """
    parts, params = [], []
    for model, some in (
        (Request, rows.requests), (RequestLine, rows.lines), (RequestStep, rows.steps),
        (Doubt, rows.doubts), (Letter, rows.letters),
    ):  # fmt: skip
        if some:
            parts.append(_insert(model))
            params += _columns(model, some)
    if uses:
        parts.append(_USES)
        params += ceilings.columns(uses)
    numbered = "id, number from requests_request_rows" if rows.requests else "null, null where false"
    with connection.cursor() as cursor:
        cursor.execute(f"with {', '.join(parts)} select {numbered}", params)
        numbers = dict(cursor.fetchall())
    for request in rows.requests:
        request.number = numbers[request.pk]


def _fields(model: type[Model]) -> list["Field[Any, Any]"]:
    left = _LEFT.get(model, ())
    return [field for field in model._meta.concrete_fields if field.name not in left]


@lru_cache(maxsize=8)
def _insert(model: type[Model]) -> str:
    """`requests_request_rows as (insert …)`; columns that hold structure travel as text."""
    fields, table = _fields(model), model._meta.db_table
    names = ", ".join(f'"{field.column}"' for field in fields)
    arrays = ", ".join(f"%s::{_travels(field)}[]" for field in fields)
    values = ", ".join(f'v."{field.column}"::{field.db_type(connection)}' for field in fields)
    returning = " returning id, number" if model is Request else ""
    return (
        f"{table}_rows as (insert into {table} ({names}) select {values}"  # noqa: S608 - our own names
        f" from unnest({arrays}) as v({names}){returning})"
    )


def _travels(field: "Field[Any, Any]") -> str:
    return "text" if isinstance(field, _AS_TEXT) else str(field.db_type(connection))


def _columns(model: type[Model], rows: Sequence[Model]) -> list[list[object]]:
    columns: list[list[object]] = []
    for field in _fields(model):
        values = [getattr(row, field.attname) for row in rows]
        if isinstance(field, JSONField):
            values = [json.dumps(value) for value in values]
        elif isinstance(field, ArrayField):
            values = ["{" + ",".join(map(str, value)) + "}" for value in values]
        columns.append(values)
    return columns


