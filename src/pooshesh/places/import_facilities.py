"""Sheets of facilities: new ones made, what is known of the others brought up to date."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.sheet_columns import Column
from pooshesh.kernel.sheets import Table
from pooshesh.places import cells
from pooshesh.places.facilities import USUAL_LEVEL, Facts, columns
from pooshesh.places.imports import Outcome, Refusals, Row, finish, read_rows
from pooshesh.places.models import Area, Facility, FacilityKind
from pooshesh.places.queries import Scope

FACILITY_COLUMNS = (
    Column(name="code", title=_("Code"), aliases=("کد", "کد مرکز"), required=True, filled=True,
           parse=cells.code),
    Column(name="name_fa", title=_("Persian name"), aliases=("نام", "نام فارسی"), required=True,
           filled=True),
    Column(name="name_en", title=_("English name"), aliases=("نام انگلیسی", "نام لاتین")),
    Column(name="kind", title=_("Kind"), aliases=("نوع",), required=True, filled=True,
           parse=cells.choice(FacilityKind)),
    Column(name="level", title=_("Level"), aliases=("سطح",), parse=cells.whole, dtype=pl.Int64),
    Column(name="area", title=_("Lies in"), aliases=("واقع در", "کد محدوده"), required=True,
           filled=True, parse=cells.code),
    Column(name="beds", title=_("Beds"), aliases=("تخت",), parse=cells.whole, dtype=pl.Int64),
    Column(name="daily_visits", title=_("Visits a day"), aliases=("ویزیت روزانه",),
           parse=cells.whole, dtype=pl.Int64),
    Column(name="services", title=_("Services"), aliases=("خدمات",), parse=cells.words,
           dtype=pl.List(pl.String)),
    Column(name="opened_on", title=_("Opened on"), aliases=("تاریخ افتتاح",), parse=cells.day,
           dtype=pl.Date),
    Column(name="closed_on", title=_("Closed on"), aliases=("تاریخ تعطیلی",), parse=cells.day,
           dtype=pl.Date),
    Column(name="latitude", title=_("Latitude"), aliases=("عرض جغرافیایی",),
           parse=cells.latitude, dtype=pl.Float64),
    Column(name="longitude", title=_("Longitude"), aliases=("طول جغرافیایی",),
           parse=cells.longitude, dtype=pl.Float64),
)  # fmt: skip

#: The column to point at for what `facilities.columns` refuses.
_BLAME = {
    "facility.level": "level",
    "facility.area": "area",
    "facility.name": "name_fa",
    "places.dates": "closed_on",
}


@transaction.atomic
def import_facilities(
    table: Table,
    *,
    actor: UUID | None,
    reach: Scope,
    dry_run: bool = False,
    only_good: bool = False,
) -> Outcome:
    """Make and correct the facilities of a sheet; one audit event.

    `reach` is where the actor may write; a blank cell changes nothing. Raises Invalid when the
    columns do not fit; all other problems are in the outcome.
    """
    rows, outcome, refusals = read_rows(table, FACILITY_COLUMNS)
    steps = _steps(rows, reach, refusals)
    Facility.objects.bulk_create(
        (Facility(**step.values) for step in steps if step.is_new), batch_size=2_000
    )
    for step in steps:
        if step.facility is not None and step.changes:
            Facility.objects.filter(pk=step.facility.pk).update(**step.values)
    audit.record(
        "places.import_facilities", actor=actor, kind="sheet", object_id=table.name[:64],
        content={"rows": outcome.rows},
    )  # fmt: skip
    finish(outcome, steps, refusals, dry_run=dry_run, only_good=only_good)
    return outcome


@dataclass
class _Step:
    """What one row asks for: a new facility (`facility` None), or values for one that is there."""

    row: Row
    facility: Facility | None
    values: dict[str, Any]

    @property
    def is_new(self) -> bool:
        return self.facility is None

    @property
    def changes(self) -> bool:
        return self.facility is None or any(
            getattr(self.facility, name) != value for name, value in self.values.items()
        )


def _steps(rows: list[Row], reach: Scope, refusals: Refusals) -> list[_Step]:
    codes = {row["code"] for row in rows}
    taken = {f.code: f for f in Facility.objects.select_for_update().filter(code__in=codes)}
    mine = set(reach.limit(Facility.objects.filter(code__in=codes)).values_list("code", flat=True))
    wanted = Area.objects.filter(code__in={row["area"] for row in rows})
    areas = {area.code: area for area in reach.limit(wanted, path="path", area="id")}
    steps = []
    for row in rows:
        facility, area = taken.get(row["code"]), areas.get(row["area"])
        if facility is not None and row["code"] not in mine:
            refusals.add(row, "code", Invalid("import.beyond", read=row["code"]))
        if area is None and row["area"]:
            refusals.add(row, "area", Invalid("import.area", read=row["area"]))
        if area is None or row["code"] in refusals.codes:
            continue
        try:
            values = columns(area, _facts(row, facility))
        except Invalid as error:
            refusals.add(row, _BLAME[error.code], error)
        else:
            steps.append(_Step(row, facility, values))
    return steps


def _facts(row: Row, facility: Facility | None) -> Facts:
    """What a row says, with what is recorded where its cells are blank."""
    said = {name: value for name, value in row.items() if value is not None}
    kind = FacilityKind(row["kind"])
    recorded = (
        {name: getattr(facility, name) for name in Facts.__dataclass_fields__} if facility else {}
    )
    facts = {"level": USUAL_LEVEL[kind], **recorded, **said, "kind": kind}
    facts["services"] = tuple(facts.get("services", ()))
    return Facts(**{name: facts[name] for name in Facts.__dataclass_fields__ if name in facts})
