"""Which lines of a request may be invoices that stand in another line: the pairs for a clerk."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import Q

from pooshesh.requests import ceilings, near
from pooshesh.requests.ceilings import Key, Use
from pooshesh.requests.models import Doubt, DoubtState, Request, RequestLine
from pooshesh.requests.near import NEAR_DAYS, Invoice, Likeness

# Each look-up by an index of its own, whatever the plan that is kept was made for.
_NEAR = """
select l.id, l.person_id, l.provider_key, l.invoice_key, l."on", l.asked
from requests_requestline l
where l.live and l.invoice_key <> '' and l.request_id <> all(%(own)s::uuid[])
  and l.person_id = %(person)s and l."on" between %(first)s and %(last)s
union
select l.* from unnest(%(providers)s::text[], %(invoices)s::text[]) as a(provider, invoice)
cross join lateral (
  select l.id, l.person_id, l.provider_key, l.invoice_key, l."on", l.asked
  from requests_requestline l
  where l.provider_key = a.provider and l.invoice_key = a.invoice and l.live
    and l.request_id <> all(%(own)s::uuid[])
  offset 0
) l
union
select l.* from unnest(%(providers)s::text[], %(amounts)s::bigint[]) as a(provider, amount)
cross join lateral (
  select l.id, l.person_id, l.provider_key, l.invoice_key, l."on", l.asked
  from requests_requestline l
  where l.provider_key = a.provider and l.asked = a.amount and l.live and l.invoice_key <> ''
    and l.request_id <> all(%(own)s::uuid[]) and l."on" between %(first)s and %(last)s
  offset 0
) l
"""


def locked(
    key: Key, request: Request, rows: Sequence[RequestLine], beside: Sequence[RequestLine]
) -> tuple[Use, list[Invoice]]:
    """The patient's year under the lock, and lines of other requests that may be the same
    invoices; `beside` are lines of the request's other parts. 1 statement."""
    invoices = [row for row in rows if row.invoice_key]
    if not invoices:
        return ceilings.lock([(key, request.province)])[key], []
    days = [row.on for row in invoices]
    span = dt.timedelta(days=NEAR_DAYS)
    return ceilings.lock_beside(
        key, request.province, _NEAR,
        {
            "own": list({request.pk, *(row.request_id for row in beside)}),
            "person": key.person, "first": min(days) - span,
            "last": max(days) + span, "providers": [row.provider_key for row in invoices],
            "invoices": [row.invoice_key for row in invoices],
            "amounts": [row.asked for row in invoices],
        },
        lambda found: Invoice(
            UUID(found["id"]), UUID(found["person_id"]), found["provider_key"],
            found["invoice_key"], dt.date.fromisoformat(found["on"]), found["asked"],
        ),
    )  # fmt: skip


def of_other_parts(request: Request) -> list[RequestLine]:
    """Lines of the parts that a request was once one with."""
    root = request.parted_from_id or request.pk
    parts = RequestLine.objects.filter(Q(request=root) | Q(request__parted_from=root), live=True)
    return list(parts.exclude(request=request.pk))


def doubts(
    request: Request,
    rows: Sequence[RequestLine],
    beside: Sequence[RequestLine],
    candidates: Sequence[Invoice],
    *,
    fresh: bool,
) -> tuple[list[Doubt], bool]:
    """(pairs that nobody was asked about yet, whether a pair of these lines waits for a clerk)."""
    looked: set[frozenset[UUID]] = set()
    waits = False
    if not fresh:
        ids = [row.pk for row in rows]
        for doubt in Doubt.objects.filter(Q(line__in=ids) | Q(other__in=ids)):
            looked.add(frozenset({doubt.line_id, doubt.other_id}))
            waits |= doubt.state == DoubtState.OPEN and doubt.line_id in ids
    found = [
        _doubt(request, line, other, likeness)
        for line, other, likeness in _pairs(rows, beside, candidates)
        if frozenset({line, other}) not in looked
    ]
    return found, waits or bool(found)


def _pairs(
    rows: Sequence[RequestLine], beside: Sequence[RequestLine], candidates: Sequence[Invoice]
) -> Iterable[tuple[UUID, UUID, tuple[Likeness, ...]]]:
    """(line, the earlier line it looks like, in what)."""
    own = [(_invoice(row), row.code) for row in rows if row.invoice_key]
    for one, _code in own:
        for other in candidates:
            if likeness := near.alike(one, other):
                yield one.line, other.line, likeness
    parts = [(_invoice(row), row.code) for row in beside if row.invoice_key]
    together = [*combinations(own, 2), *((there, here) for here in own for there in parts)]
    for (earlier, first), (later, second) in together:
        if likeness := near.alike_together(earlier, later, same_code=first == second):
            yield later.line, earlier.line, likeness


def _invoice(row: RequestLine) -> Invoice:
    return Invoice(row.pk, row.person_id, row.provider_key, row.invoice_key, row.on, row.asked)


def _doubt(request: Request, line: UUID, other: UUID, likeness: Iterable[Any]) -> Doubt:
    return Doubt(
        line_id=line, other_id=other, likeness=[str(one) for one in likeness],
        area_id=request.area_id, area_path=request.area_path, province=request.province,
    )  # fmt: skip
