"""Rows of several tables written in one statement: what a request costs is mostly round trips."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from django.db.models import Model

from pooshesh.kernel.bulk import prepared
from pooshesh.requests import ceilings
from pooshesh.requests.ceilings import Key, Use
from pooshesh.requests.models import Doubt, Letter, Request, RequestLine, RequestStep

#: Given by the database.
_LEFT: dict[type[Model], tuple[str, ...]] = {Request: ("number",)}


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
    parts: list[str] = []
    params: list[Any] = []
    for model, some in (
        (Request, rows.requests), (RequestLine, rows.lines), (RequestStep, rows.steps),
        (Doubt, rows.doubts), (Letter, rows.letters),
    ):  # fmt: skip
        if some:
            parts.append(_insert(model))
            params.append(_json(model, some))
    if uses:
        parts.append(f"used as ({ceilings.WRITE})")
        params.append(_plainly(ceilings.values(uses)))
    numbered = (
        "id, number from requests_request_rows" if rows.requests else "null, null where false"
    )
    numbers = dict(prepared(f"with {', '.join(parts)} select {numbered}", params))
    for request in rows.requests:
        request.number = numbers[request.pk]


@lru_cache(maxsize=8)
def _columns(model: type[Model]) -> tuple[tuple[str, str], ...]:
    """(attribute, column) of what is written of a model."""
    left = _LEFT.get(model, ())
    return tuple(
        (field.attname, str(field.column))
        for field in model._meta.concrete_fields
        if field.name not in left
    )


@lru_cache(maxsize=8)
def _insert(model: type[Model]) -> str:
    """`requests_request_rows as (insert …)`; rows travel as one JSON text, cheap to bind."""
    table = model._meta.db_table
    names = ", ".join(f'"{column}"' for _attribute, column in _columns(model))
    returning = " returning id, number" if model is Request else ""
    return (
        f"{table}_rows as (insert into {table} ({names}) select {names}"  # noqa: S608 - our own names
        f" from json_populate_recordset(null::{table}, %s::json){returning})"
    )


def _json(model: type[Model], rows: Sequence[Model]) -> str:
    columns = _columns(model)
    return _plainly(
        [{column: getattr(row, attribute) for attribute, column in columns} for row in rows]
    )


def _plainly(rows: Sequence[Mapping[str, Any]]) -> str:
    return orjson.dumps(rows, default=_plain).decode()


def _plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return f"\\x{bytes(value).hex()}"  # as PostgreSQL writes bytes
    return str(value)
