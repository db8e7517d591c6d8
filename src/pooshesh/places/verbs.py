"""The commands of places: `places list`, `places import`, `places seed`."""

import csv
import datetime as dt
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.kernel.sheets import read_table
from pooshesh.kernel.text import formula_safe
from pooshesh.kernel.verbs import arg, verb
from pooshesh.places import cells, queries
from pooshesh.places.import_areas import import_areas
from pooshesh.places.import_facilities import import_facilities
from pooshesh.places.imports import Outcome
from pooshesh.places.models import AreaKind
from pooshesh.places.queries import EVERYWHERE
from pooshesh.places.seed import seed_country
from pooshesh.web.format import number

#: Header of the list → where a row has it. `places import` reads the same columns back.
COLUMNS = {
    "code": "code",
    "name_fa": "name_fa",
    "name_en": "name_en",
    "kind": "kind",
    "province": "province",
    "parent": "parent__code",
    "sponsor": "sponsor_code",
    "catchment": "catchment_code",
    "population": "population",
    "latitude": "latitude",
    "longitude": "longitude",
}


@verb(
    "places list",
    "List areas.",
    arg("--kind", choices=AreaKind.values),
    arg("--search", metavar="TEXT", help="name or code; a wrong letter is forgiven"),
    arg("--province", metavar="CODE", help="statistical code, e.g. 23"),
    arg("--on", metavar="DATE", help="as of a day, Jalali or ISO (default: today)"),
    arg("--format", choices=["csv", "table"], default="table"),
)
def list_areas(options: Namespace) -> None:
    """Print the areas that exist on a day."""
    day = _day(options.on)
    rows = queries.with_facts(queries.areas(EVERYWHERE, day), day)
    if options.kind:
        rows = rows.filter(kind=options.kind)
    if options.province:
        rows = queries.of_province(rows, options.province)
    if options.search:
        rows = queries.search(rows, options.search)
    found = rows.values_list(*COLUMNS.values())
    printed = [["" if value is None else str(value) for value in row] for row in found]
    if options.format == "csv":
        _print_csv([list(COLUMNS), *printed])
    else:
        _print_table([list(COLUMNS), *printed])


@verb(
    "places import",
    "Read areas, or facilities, from a CSV or XLSX file.",
    arg("file", type=Path),
    arg("--facilities", action="store_true", help="the file lists facilities"),
    arg("--on", metavar="DATE", help="what the file says holds from this day (default: today)"),
    arg("--dry-run", action="store_true", help="report what would change, write nothing"),
    arg("--only-good", action="store_true", help="write the good rows though others are refused"),
)
def import_file(options: Namespace) -> int:
    """Import a sheet; status 1 when a row was refused."""
    table = read_table(options.file)
    dry_run, only_good = options.dry_run, options.only_good
    if options.facilities:
        outcome = import_facilities(
            table, actor=None, reach=EVERYWHERE, dry_run=dry_run, only_good=only_good
        )
    else:
        outcome = import_areas(
            table, actor=None, reach=EVERYWHERE, on=_day(options.on) or timezone.localdate(),
            dry_run=dry_run, only_good=only_good,
        )  # fmt: skip
    _report(outcome)
    return 1 if outcome.problem_count else 0


@verb("places seed", "Lay the nation, its 31 provinces and the programme's sponsors.")
def seed(_options: Namespace) -> None:
    """Idempotent."""
    made = seed_country()
    _say([_("The country was laid.") if made else _("The country is there already.")])


def _day(typed: str | None) -> dt.date | None:
    return cells.day(typed) if typed else None


def _report(outcome: Outcome) -> None:
    _say(problem.sentence() for problem in outcome.problems)
    counts = {
        "new": number(outcome.new),
        "changed": number(outcome.changed),
        "unchanged": number(outcome.unchanged),
        "problems": number(outcome.problem_count),
    }
    summary = _("Rows: %(new)s new, %(changed)s changed, %(unchanged)s unchanged; "
                "refused cells: %(problems)s.") % counts  # fmt: skip
    if outcome.unread:
        _say(
            [_("Columns that are not read: %(headers)s.") % {"headers": " / ".join(outcome.unread)}]
        )
    _say([summary, _("Written.") if outcome.written else _("Nothing was written.")])


def _say(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _print_csv(rows: Iterable[Sequence[str]]) -> None:
    safe = ([formula_safe(cell) for cell in row] for row in rows)
    csv.writer(sys.stdout, lineterminator="\n").writerows(safe)


def _print_table(rows: list[list[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    _say("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
