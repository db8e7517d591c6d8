"""What was published, and the public log of what had to be corrected.

Whoever publishes figures (the public page, a briefing) says so here. When a month is counted anew
and a published figure comes to something else, a line is added to the log, never removed.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from pooshesh.indicators.book import Dimension
from pooshesh.insight import figures
from pooshesh.insight.figures import Figure, Group, Wanted
from pooshesh.insight.models import Correction, Publication, Published, Reason, Snapshot
from pooshesh.insight.months import of_code
from pooshesh.insight.places import place_of
from pooshesh.kernel import audit

#: Held while figures are published or corrected, so that no revision falls between the two.
LOCK = 6_011


@transaction.atomic
def publish(
    channel: str, title: str, found: Iterable[Figure], *, actor: UUID | None
) -> Publication:
    """Keep that figures were published by a channel ("public", "briefing"), each once.

    Figures nobody counted are left out. Two who publish the same at once leave one line for each
    figure. What was counted anew since it was read is corrected at once.
    """
    _lock()
    made = Publication.objects.create(channel=channel, title=title, actor=actor)
    rows = [_published(made, one) for one in found if one.source]
    Published.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record(
        "insight.publish", actor=actor, kind="publication", object_id=made.pk,
        content={"channel": channel, "figures": sorted(row.reference for row in rows)},
    )  # fmt: skip
    _correct(Published.objects.filter(channel=channel, reference__in=[r.reference for r in rows]))
    return made


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def _published(publication: Publication, one: Figure) -> Published:
    first = figures.BEGINNING if one.indicator.period == "cumulative" else one.since or one.month
    return Published(
        publication=publication, channel=publication.channel, key=one.key,
        reference=one.reference, indicator=one.indicator.code, area_id=one.place.id,
        month=one.month, first=first, numerator=one.numerator, denominator=one.denominator,
        flagged=bool(one.source and one.source.flagged),
    )  # fmt: skip


@transaction.atomic
def correct(snapshot: Snapshot) -> int:
    """Log every published figure that this revision of its month changed; how many."""
    _lock()
    return _correct(
        Published.objects.filter(first__lte=snapshot.month, month__gte=snapshot.month),
        snapshot.reason,
    )


def _correct(rows: QuerySet[Published], reason: str = Reason.LATE) -> int:
    standing = list(_standing(rows).values())
    made = []
    for row, now in zip(standing, _now(standing), strict=True):
        if now is None or now.reference == row.reference:
            continue
        if (now.numerator, now.denominator) != (row.numerator, row.denominator):
            made.append(_correction(row, now, reason))
    return len(Correction.objects.bulk_create(made, ignore_conflicts=True))


def _standing(rows: QuerySet[Published]) -> dict[str, Published]:
    """Key → what the public was told last: as published, or as corrected since."""
    found = {row.key: row for row in rows.select_related("area").order_by("publication__at")}
    for one in Correction.objects.filter(key__in=list(found)).order_by("at"):
        row = found[one.key]
        row.reference, row.numerator, row.denominator = one.now, one.numerator, one.denominator
    return found


#: First month counted, first month asked for, dimensions: figures alike in these are read at once.
_Kind = tuple[dt.date, dt.date | None, tuple[Dimension, ...]]


def _now(rows: Sequence[Published]) -> list[Figure | None]:
    """Each figure as it is known now, if it still is; a few statements for all of them."""
    kinds: dict[_Kind, list[tuple[int, Group]]] = defaultdict(list)
    for number, row in enumerate(rows):
        _code, _place, span, *rest = row.key.split("/")
        first, dots, _last = span.partition("..")
        group = tuple(_pair(part) for part in rest)
        since = of_code(first) if dots else None
        kind = row.first, since, tuple(name for name, _key in group)
        if row.indicator in figures.book().indicators:
            kinds[kind].append((number, group))
    found: list[Figure | None] = [None] * len(rows)
    for (_first, since, by), wanted in kinds.items():
        some = [rows[number] for number, _group in wanted]
        read = _read(some, since, by)
        for number, group in wanted:
            row = rows[number]
            found[number] = read.get((row.indicator, row.area_id, row.month, group))
    return found


def _read(
    rows: Sequence[Published], since: dt.date | None, by: tuple[Dimension, ...]
) -> dict[tuple[str, UUID, dt.date, Group], Figure]:
    """Figures by indicator, area, month and group, of all these rows' indicators and months."""
    places = {row.area_id: place_of(row.area) for row in rows}
    wanted = Wanted(
        tuple(dict.fromkeys(row.indicator for row in rows)), tuple(places.values()),
        tuple(sorted({row.month for row in rows})), since, by=by,
    )  # fmt: skip
    return {
        (one.indicator.code, one.place.id, one.month, one.group): one
        for one in figures.read(wanted)
        if one.source
    }


def _pair(text: str) -> tuple[str, str]:
    name, _equals, key = text.partition("=")
    return name, key


def _correction(row: Published, now: Figure, reason: str) -> Correction:
    return Correction(
        key=row.key, indicator=row.indicator, area_id=row.area_id, month=row.month,
        was=row.reference, now=now.reference, numerator_was=row.numerator,
        denominator_was=row.denominator, numerator=now.numerator, denominator=now.denominator,
        reason=reason,
    )  # fmt: skip


def corrections(codes: Sequence[str] = ()) -> QuerySet[Correction]:
    """The public correction log, newest first; of some indicators only."""
    rows = Correction.objects.select_related("area").order_by("-at", "-pk")
    return rows.filter(indicator__in=codes) if codes else rows
