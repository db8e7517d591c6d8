"""A sheet of deciles: brought, checked with what it would move, and written.

A row says the decile of one person's household from a day on. Numbers of persons never leave the
sheet: what is kept of a problem is its row, its field and what is wrong.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID

import polars as pl
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.sheet_columns import Column, match_columns, validate
from pooshesh.kernel.sheets import read_table
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.people.deciles import Stated, set_deciles
from pooshesh.people.recognition import blinds_of, holders_of
from pooshesh.policy import facts
from pooshesh.policy.queries import PACK, bound_pack
from pooshesh.renewal import deciding, raised, terms
from pooshesh.renewal.models import DecileSheetState, Sheet
from pooshesh.renewal.retention import VAULT
from pooshesh.renewal.states import WORK

CHECK, WRITE = "renewal.check_sheet", "renewal.write_sheet"
BATCH = 5_000
PROBLEMS = 500  # as many are kept; all are counted
LANGUAGES = ("fa", "en")

explain(
    {
        "renewal.nid": gettext_noop(
            "This is no valid national ID number: its digits or its check digit are wrong."
        ),
        "renewal.decile": gettext_noop("“%(read)s” is not a decile; expected 1 to 10."),
        "renewal.future": gettext_noop("The date %(read)s lies in the future."),
        "renewal.nobody": gettext_noop("Nobody of your area is registered with this number."),
        "renewal.no_home": gettext_noop(
            "This person belonged to no household on that day; register one first."
        ),
        "renewal.contradicts": gettext_noop(
            "Row %(row)s says another decile of the same household for that day."
        ),
        "renewal.sheet_gone": gettext_noop("The sheet was deleted; bring it again."),
        "renewal.sheet_state": gettext_noop("The sheet is being checked, or was written before."),
        "renewal.bad_rows": gettext_noop(
            "%(count)s cells are refused; choose to go on without their rows, or correct the sheet."
        ),
    }
)


def _number(text: str) -> str:
    read = grade(Kind.NATIONAL_ID, text)
    if not read.is_trusted:
        raise Invalid("renewal.nid")
    return read.value


def _decile(text: str) -> int:
    typed = to_latin_digits(clean(text)).removesuffix(".0")
    if not typed.isdecimal() or not 1 <= int(typed) <= 10:
        raise Invalid("renewal.decile", read=clean(text)[:20])
    return int(typed)


def _day(text: str) -> dt.date:
    parsed = parse_date(text)
    if parsed.date is None:
        raise Invalid("date.unreadable", read=parsed.as_typed)
    if parsed.date > timezone.localdate():
        raise Invalid("renewal.future", read=parsed.date)
    return parsed.date


COLUMNS = (
    Column(name="national_id", title=_("National ID number"), required=True, filled=True,
           aliases=("کد ملی", "کدملی", "شماره ملی"), parse=_number),
    Column(name="decile", title=_("Income decile"), required=True, filled=True,
           aliases=("دهک", "دهک درآمدی"), parse=_decile, dtype=pl.Int64),
    Column(name="date", title=_("Holds from"), required=True, filled=True,
           aliases=("تاریخ", "از تاریخ", "since"), parse=_day, dtype=pl.Date),
)  # fmt: skip
TITLES = {column.name: column.title for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Line:
    """A good row: whose household, which decile from when, and what was believed on that day."""

    row: int
    person_id: UUID
    household_id: UUID
    decile: int
    since: dt.date
    before: int | None


@dataclass
class Read:
    """A sheet that was read: lines that change something, and what is wrong with the others."""

    total: int
    changes: list[Line]
    unchanged: int
    problems: list[dict[str, Any]]
    problem_count: int
    unread: list[str]


def bring(name: str, source: BinaryIO, said_by: str, *, actor: UUID) -> Sheet:
    """Seal a sheet and begin to check it."""
    sheet_id, today = uuid7(), timezone.localdate()
    VAULT.keep(sheet_id, source)
    try:
        with transaction.atomic():
            sheet = Sheet.objects.create(
                id=sheet_id, name=name[-200:], source=clean(said_by), actor=actor,
                delete_by=today + dt.timedelta(days=terms.SHEET_DAYS),
            )  # fmt: skip
            audit.record(
                "renewal.bring", actor=actor, kind="decile_sheet", object_id=sheet.pk,
                fields=["name", "source"],
            )  # fmt: skip
    except BaseException:
        VAULT.delete([sheet_id])
        raise
    _queue(sheet, CHECK, actor)
    return sheet


@transaction.atomic
def start_write(sheet: Sheet, *, only_good: bool, actor: UUID) -> None:
    """Write a checked sheet. Raises Invalid when rows are refused and nobody chose to leave
    them, or it is not checked; of two clicks the first counts."""
    sheet = Sheet.objects.select_for_update().get(pk=sheet.pk)
    if sheet.state != DecileSheetState.CHECKED or sheet.found.get("writing"):
        raise Invalid("renewal.sheet_state")
    if sheet.found["problem_count"] and not only_good:
        raise Invalid("renewal.bad_rows", count=sheet.found["problem_count"])
    Sheet.objects.filter(pk=sheet.pk).update(found={**sheet.found, "writing": True})
    _queue(sheet, WRITE, actor)


def _queue(sheet: Sheet, kind: str, actor: UUID) -> None:
    started = jobs.start(kind, actor=actor, sheet=str(sheet.pk), by=str(actor))
    Sheet.objects.filter(pk=sheet.pk).update(job_id=started.pk)
    sheet.job_id = started.pk


@job(CHECK)
def check(progress: Progress, sheet: str, by: str) -> dict[str, int]:
    """Check a sheet of deciles and count whose cover it would move."""
    found = Sheet.objects.get(pk=sheet)
    progress(gettext("Reading the sheets"), 0, 2)
    read = _read(found, UUID(by))
    progress(gettext("Deciding with the new deciles"), 1, 2)
    moves = _moves(read.changes)
    rose = sum(1 for line in read.changes if line.before and line.decile > line.before)
    Sheet.objects.filter(pk=found.pk, state=DecileSheetState.BROUGHT).update(
        state=DecileSheetState.CHECKED,
        found={
            "total": read.total, "changes": len(read.changes), "unchanged": read.unchanged,
            "raised": rose, "problem_count": read.problem_count, "problems": read.problems,
            "unread": read.unread, "moves": moves,
        },
    )  # fmt: skip
    return {"persons": read.total}


@job(WRITE)
def write(progress: Progress, sheet: str, by: str) -> dict[str, int]:
    """Write the good rows of a sheet of deciles; a second time there is nothing left to change."""
    found, actor = Sheet.objects.get(pk=sheet), UUID(by)
    if found.state == DecileSheetState.WRITTEN:
        return {"rows_written": 0}
    read = _read(found, actor)
    done = 0
    for lines in _batches(read.changes):
        progress(gettext("Writing the sheet"), done, len(read.changes))
        with transaction.atomic():
            set_deciles(
                [Stated(one.household_id, one.decile, one.since) for one in lines],
                source=found.source, actor=actor,
            )  # fmt: skip
            raised.tell([one.household_id for one in lines if one.before
                         and one.decile > one.before])  # fmt: skip
        done += len(lines)
    Sheet.objects.filter(pk=found.pk).update(
        state=DecileSheetState.WRITTEN, deleted_at=timezone.now(),
        found={**found.found, "written": done},
    )  # fmt: skip
    VAULT.delete([found.pk])
    return {"rows_written": done}


def _batches(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines by day and then in parts: a household has one decile a day in a batch."""
    days: dict[UUID, int] = {}
    rounds: dict[int, list[Line]] = {}
    for line in sorted(lines, key=lambda one: one.since):
        turn = days.get(line.household_id, 0)
        days[line.household_id] = turn + 1
        rounds.setdefault(turn, []).append(line)
    for turn in sorted(rounds):
        for start in range(0, len(rounds[turn]), BATCH):
            yield rounds[turn][start : start + BATCH]


def _read(sheet: Sheet, by: UUID) -> Read:
    user = User.objects.filter(pk=by, is_active=True).first()
    reach = user.reach(WORK) if user else None
    if not reach:
        raise Invalid("renewal.not_yours")
    try:
        with VAULT.opened(sheet.pk) as path:
            table = read_table(path, name=sheet.name)
    except FileNotFoundError as error:
        raise Invalid("renewal.sheet_gone") from error
    matching = match_columns(table.headers, COLUMNS)
    checked = validate(table, COLUMNS, matching.certain())
    problems = [(one.row, one.field, one.error) for one in checked.problems]
    rows = list(checked.good().iter_rows(named=True))
    lines, refused, unchanged = _lines(rows, reach)
    problems += refused
    problems.sort(key=lambda one: one[0])
    return Read(
        len(table.rows), lines, unchanged, [_told(*one) for one in problems[:PROBLEMS]],
        checked.count + len(refused), matching.unread,
    )  # fmt: skip


Refused = tuple[int, str, Invalid]


def _lines(rows: list[dict[str, Any]], reach: Reach) -> tuple[list[Line], list[Refused], int]:
    """The lines that change something, rows refused, and how many change nothing."""
    refused: list[Refused] = []
    holders: dict[str, Any] = {}
    for start in range(0, len(rows), BATCH):
        part = [grade(Kind.NATIONAL_ID, row["national_id"]) for row in rows[start : start + BATCH]]
        for (_kind, value), found in holders_of(blinds_of(part)).items():
            holders[value] = found[0]
    asked = []
    for row in rows:
        holder = holders.get(row["national_id"])
        # The same words for nobody and for somebody elsewhere: who is where is not told.
        if holder is None or not reach.covers(holder.area_path, holder.area_id):
            refused.append((row["row"], "national_id", Invalid("renewal.nobody")))
        else:
            asked.append((row, holder.person))
    homes = _homes([(person, row["date"]) for row, person in asked])
    said: dict[tuple[UUID, dt.date], list[Line]] = {}
    for row, person in asked:
        home, before = homes.get((person, row["date"]), (None, None))
        if home is None:
            refused.append((row["row"], "date", Invalid("renewal.no_home")))
            continue
        line = Line(row["row"], person, home, row["decile"], row["date"], before)
        said.setdefault((home, row["date"]), []).append(line)
    changes, unchanged = [], 0
    for together in said.values():
        if len({one.decile for one in together}) > 1:  # neither is believed
            refused += [
                (one.row, "decile", Invalid("renewal.contradicts", row=_other(one, together)))
                for one in together
            ]
            continue
        news = together[0].before != together[0].decile
        changes += together[:1] if news else []
        unchanged += len(together) - news
    return changes, refused, unchanged


def _other(line: Line, together: list[Line]) -> int:
    return next(one.row for one in together if one.decile != line.decile)


def _homes(
    asked: Iterable[tuple[UUID, dt.date]],
) -> dict[tuple[UUID, dt.date], tuple[UUID, int | None]]:
    """(person, day) → household and its decile that day; who belonged to none is left out.

    A household of today counts where none is known of the day: deciles are older than records.
    """
    pairs = list(dict.fromkeys(asked))
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """select a.person, a.day, h.household_id, d.decile
               from unnest(%s::uuid[], %s::date[]) as a (person, day)
               left join lateral (
                 select m.household_id from people_membership m
                 where m.person_id = a.person and upper_inf(m.recorded)
                   and (m.valid @> a.day or m.valid @> current_date)
                 order by m.valid @> a.day desc limit 1
               ) h on true
               left join people_decile d on d.household_id = h.household_id
                 and d.valid @> a.day and upper_inf(d.recorded)""",
            [[person for person, _ in pairs], [day for _, day in pairs]],
        )
        for person, day, home, decile in cursor.fetchall():
            if home is not None:
                found[person, day] = (home, decile)
    return found


def _moves(lines: list[Line]) -> list[dict[str, Any]]:
    """How many persons a sheet moves from one decision to another, as of today; largest first."""
    today = timezone.localdate()
    latest = {one.household_id: one for one in sorted(lines, key=lambda one: one.since)}
    pack = bound_pack(PACK, today)
    counted: Counter[tuple[str, str, int | None, int | None]] = Counter()
    homes = list(latest)
    for start in range(0, len(homes), BATCH):
        members = _members(homes[start : start + BATCH], today)
        frame = facts.of_persons(pack, list(members))
        if frame.is_empty():
            continue
        new = pl.DataFrame(
            {
                "person_id": [str(one) for one in members],
                "new_decile": [latest[home].decile for home in members.values()],
                "new_date": [latest[home].since for home in members.values()],
            }
        )
        columns = [pl.col("new_decile").cast(frame["decile"].dtype).alias("decile")]
        if "decile_date" in frame.columns:
            columns.append(pl.col("new_date").alias("decile_date"))
        changed = frame.join(new, on="person_id", how="left").with_columns(columns)
        then = deciding.decide(pack, changed.select(frame.columns))
        for person, before in deciding.decide(pack, frame).items():
            after = then[person]
            if (before.outcome, before.percent) != (after.outcome, after.percent):
                counted[before.outcome, after.outcome, before.percent, after.percent] += 1
    return [
        {"from": a, "to": b, "from_percent": p, "to_percent": q, "persons": count}
        for (a, b, p, q), count in counted.most_common()
    ]


def _members(homes: list[UUID], day: dt.date) -> dict[UUID, UUID]:
    """Who belongs to households on a day → which."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select person_id, household_id from people_membership
               where household_id = any(%s) and valid @> %s::date and upper_inf(recorded)""",
            [homes, day],
        )
        return dict(cursor.fetchall())


def _told(row: int, field: str, error: Invalid) -> dict[str, Any]:
    """A problem in both languages: who reads it is not known yet."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = error.message()
    return {"row": row, "field": field, **said}
