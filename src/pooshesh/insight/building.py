"""Counting a month: part by part, so that one that was killed goes on where it stood.

A part is one statement for one province (or for all). Each is its own transaction, under a time
limit; when all are there the month is closed.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from pooshesh.indicators import Book
from pooshesh.indicators.book import DIMENSIONS
from pooshesh.insight import figures, shown
from pooshesh.insight.models import (
    Definitions,
    Snapshot,
    SnapshotPart,
    SnapshotState,
)
from pooshesh.insight.months import code_of
from pooshesh.insight.sources import Source, given, sources
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.places.models import Area, AreaKind

#: Seconds one statement may take of one province.
LIMIT = 600
#: Persons from which on each province is counted apart.
MANY = 500_000
Tell = Callable[[str, int, int], None]

explain(
    {
        "insight.slow": gettext_noop(
            "“%(name)s” took longer than %(seconds)s seconds for %(place)s and was stopped. What"
            " was counted before is kept; build the month again to go on."
        ),
        "insight.no_dimension": gettext_noop(
            "“%(name)s” does not count by “%(read)s”, which its measure promises."
        ),
        "insight.future": gettext_noop("%(month)s has not begun yet."),
    }
)


def definitions() -> Definitions:
    """The book in force, kept for the figures made with it."""
    book = figures.book()
    return Definitions.objects.get_or_create(
        digest=book.digest, defaults={"files": dict(book.files)}
    )[0]


def begin(
    month: dt.date, reason: str, *, actor: UUID | None, job_id: UUID | None = None,
    late: dict[str, int] | None = None,
) -> Snapshot:  # fmt: skip
    """The revision of a month that is being counted: the one begun already, or the next.

    Two who begin at once go on with the same one: the database holds one at a time.
    """
    if month > timezone.localdate():
        raise Invalid("insight.future", month=shown.month_name(month))
    building = Snapshot.objects.filter(month=month, state=SnapshotState.BUILDING)
    if found := building.first():
        return found
    newest = Snapshot.objects.filter(month=month).order_by("-revision").first()
    try:
        with transaction.atomic():
            made = Snapshot.objects.create(
                month=month, revision=newest.revision + 1 if newest else 1, reason=reason,
                definitions=definitions(), actor=actor, job_id=job_id, late=late or {},
                synthetic=settings.POOSHESH_SYNTHETIC,
            )  # fmt: skip
            audit.record(
                "insight.begin", actor=actor, kind="snapshot", object_id=made.pk,
                content={"month": code_of(month), "revision": made.revision, "reason": reason},
            )  # fmt: skip
    except IntegrityError:  # somebody else began it in this moment
        return building.get()
    return made


def fill(snapshot: Snapshot, tell: Tell = lambda *_: None) -> None:
    """Count every part that is missing.

    Errors: Invalid, of a statement that is too slow or counts what its measures do not promise;
    what was counted stays, and the next who builds the month goes on there.
    """
    if snapshot.state != SnapshotState.BUILDING:
        return
    book = figures.book(snapshot.definitions_id)
    done = set(SnapshotPart.objects.filter(snapshot=snapshot).values_list("source", "province"))
    todo = list(_parts(done))
    for number, (source, province) in enumerate(todo):
        if (source.code, province) not in done:
            tell(f"{shown.month_name(snapshot.month)}: {source.code} {province}", number, len(todo))
            count(snapshot, book, source, province)
    tell(_("Closing %(month)s") % {"month": shown.month_name(snapshot.month)}, len(todo), len(todo))


def _parts(done: set[tuple[str, str]]) -> Iterator[tuple[Source, str]]:
    """Each source of the whole nation, or of each province where there are many people; what was
    begun one way goes on so."""
    codes = tuple(
        Area.objects.filter(kind=AreaKind.PROVINCE)
        .order_by("province")
        .values_list("province", flat=True)
    )
    many = _many()
    for source in sources():
        begun = {province for code, province in done if code == source.code}
        apart = source.by_province and (begun - {""} or (many and not begun))
        for province in codes if apart else ("",):
            yield source, province


def _many() -> bool:
    """Whether the register is too large to be counted in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("select reltuples from pg_class where oid = 'people_person'::regclass")
        return bool((cursor.fetchone() or [0])[0] > MANY)


@transaction.atomic
def count(snapshot: Snapshot, book: Book, source: Source, province: str) -> None:
    """One part: facts of one statement, once, whoever else counts the same month."""
    began = time.monotonic()
    Snapshot.objects.select_for_update().get(pk=snapshot.pk)  # two builders queue here
    part = SnapshotPart.objects.filter(snapshot=snapshot, source=source.code, province=province)
    if part.exists():
        return
    values = given(snapshot.month, snapshot.asked_at, province)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"set local statement_timeout = '{int(LIMIT * 1000)}ms'")
            cursor.execute(
                _insert(source, book, _columns(source, values)),
                {**values, "snapshot_id": snapshot.pk, "source": source.code},
            )
            facts = cursor.rowcount
            cursor.execute("set local statement_timeout = 0")
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        place = province or _("the nation")
        raise Invalid("insight.slow", name=source.code, seconds=LIMIT, place=place) from None
    SnapshotPart.objects.create(
        snapshot=snapshot, source=source.code, province=province, facts=facts,
        milliseconds=int((time.monotonic() - began) * 1000),
    )  # fmt: skip


def _columns(source: Source, values: dict[str, Any]) -> frozenset[str]:
    """The dimensions a statement counts by, as the database names them."""
    with connection.cursor() as cursor:
        cursor.execute(f"select * from ({source.counts}) s limit 0", values)  # noqa: S608
        return frozenset(column.name for column in cursor.description or ())


def _insert(source: Source, book: Book, columns: frozenset[str]) -> str:
    """The statement that puts what a source counts among the facts of a month."""
    for measure in book.measures.values():
        if measure.source == source.code and (missing := set(measure.dimensions) - columns):
            raise Invalid("insight.no_dimension", name=source.code, read=sorted(missing)[0])
    keys = ", ".join(f"coalesce(s.{n}, '')" if n in columns else "''" for n in DIMENSIONS)
    return f"""
        insert into insight_fact (snapshot_id, source, measure, area_id, area_path, province,
            {", ".join(DIMENSIONS)}, value)
        select %(snapshot_id)s, %(source)s, s.measure, a.id, a.path, a.province, {keys},
            sum(s.value)::bigint
        from ({source.counts}) s join places_area a on a.id = s.area_id
        group by 3, 4, 5, 6, {", ".join(str(n) for n in range(7, 7 + len(DIMENSIONS)))}
        having sum(s.value) <> 0"""  # noqa: S608 - own files and names only


def late_rows(snapshot: Snapshot) -> dict[str, int]:
    """Source → rows that belong to a closed month and were recorded after it was counted."""
    values = given(snapshot.month, snapshot.asked_at)
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for source in sources():
            if source.late:
                cursor.execute(source.late, values)
                if (number := (cursor.fetchone() or [0])[0]) > 0:
                    found[source.code] = number
    return found
