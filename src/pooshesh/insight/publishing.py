"""What was published, and the public log of what had to be corrected.

Whoever publishes figures (the public page, a briefing) says so here. When a month is counted anew
and a published figure comes to something else, a line is added to the log, never removed.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from pooshesh.insight import figures
from pooshesh.insight.figures import Figure, Wanted
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
    standing = _standing(rows)
    made = []
    for row in standing.values():
        now = _now(row)
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


def _now(row: Published) -> Figure | None:
    code, _place, span, *rest = row.key.split("/")
    first, dots, last = span.partition("..")
    group = tuple(tuple(part.split("=", 1)) for part in rest)
    if code not in figures.book().indicators:
        return None
    wanted = Wanted(
        (code,), (place_of(row.area),), (of_code(last or first),),
        of_code(first) if dots else None, by=tuple(name for name, _ in group),
    )  # fmt: skip
    return next((one for one in figures.read(wanted) if one.group == group and one.source), None)


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
