"""Sheets of areas: new ones made; names, sponsors, catchments, populations brought up to date."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import polars as pl
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.sheet_columns import Column
from pooshesh.kernel.sheets import Table
from pooshesh.kernel.text import key
from pooshesh.kernel.time import from_day, from_now, state
from pooshesh.places import cells
from pooshesh.places.actions import KINDS, NewArea, build_area, change_name, holds, say
from pooshesh.places.imports import Outcome, Refusals, Row, finish, read_rows
from pooshesh.places.models import Area, AreaKind, AreaSet, AreaSetMember, Figure, SetKind
from pooshesh.places.queries import Scope
from pooshesh.places.sponsors import taken

explain(
    {
        "import.area": gettext_noop("There is no area with the code “%(read)s”."),
        "import.beyond": gettext_noop("The code “%(read)s” is not one you may change."),
        "import.parent": gettext_noop(
            "“%(read)s” is a %(found)s; a %(kind)s lies right below a %(expected)s."
        ),
        "import.no_parent": gettext_noop("A new %(kind)s needs the code of the area it lies in."),
        "import.moved": gettext_noop(
            "“%(name)s” lies in “%(found)s”, not in “%(read)s”; a sheet does not move areas."
        ),
        "import.kind_changed": gettext_noop(
            "“%(name)s” is a %(found)s, not a %(read)s; a sheet does not change kinds."
        ),
        "import.province": gettext_noop("“%(parent)s” lies in province %(found)s, not %(read)s."),
        "import.set": gettext_noop(
            "“%(read)s” is not known; expected the code or name of one of: %(expected)s."
        ),
        "import.sponsor_of": gettext_noop("A %(kind)s has no sponsor; only neighbourhoods have."),
        "import.above": gettext_noop("The row of “%(read)s” in this sheet has a problem."),
        "import.top": gettext_noop("The nation and its provinces are laid by the product itself."),
    }
)

AREA_COLUMNS = (
    Column(name="code", title=_("Code"), aliases=("کد", "کد محدوده"), required=True, filled=True,
           parse=cells.code),
    Column(name="name_fa", title=_("Persian name"), aliases=("نام", "نام فارسی"), required=True,
           filled=True),
    Column(name="name_en", title=_("English name"), aliases=("نام انگلیسی", "نام لاتین")),
    Column(name="kind", title=_("Kind"), aliases=("نوع",), required=True, filled=True,
           parse=cells.choice(AreaKind)),
    Column(name="province", title=_("Province code"), aliases=("کد استان", "استان"),
           parse=cells.province),
    Column(name="parent", title=_("Lies in"), aliases=("واقع در", "کد بالادست"), required=True,
           parse=cells.code),
    Column(name="sponsor", title=_("Sponsor"), aliases=("نهاد حامی", "دستگاه مسئول")),
    Column(name="catchment", title=_("University catchment"), aliases=("دانشگاه", "حوزه دانشگاه")),
    Column(name="population", title=_("Population"), aliases=("جمعیت",), parse=cells.whole,
           dtype=pl.Int64),
    Column(name="latitude", title=_("Latitude"), aliases=("عرض جغرافیایی",),
           parse=cells.latitude, dtype=pl.Float64),
    Column(name="longitude", title=_("Longitude"), aliases=("طول جغرافیایی",),
           parse=cells.longitude, dtype=pl.Float64),
)  # fmt: skip

SETS = {"sponsor": SetKind.SPONSOR, "catchment": SetKind.CATCHMENT}
PLACE = ("latitude", "longitude")


@transaction.atomic
def import_areas(
    table: Table,
    *,
    actor: UUID | None,
    reach: Scope,
    on: dt.date,
    dry_run: bool = False,
    only_good: bool = False,
) -> Outcome:
    """Make and change the areas of a sheet as from a day; one audit event.

    `reach` is where the actor may write. A new name, sponsor, catchment or population holds from
    `on` and the former is kept; a blank cell changes nothing. Raises Invalid when the columns do
    not fit; all other problems are in the outcome.
    """
    rows, outcome, refusals = read_rows(table, AREA_COLUMNS)
    rows = [row for row in rows if row["kind"]]
    rows.sort(key=lambda row: KINDS.index(row["kind"]))  # whatever lies above comes first
    plan = _Plan(rows, reach, on, refusals)
    for row in rows:
        plan.add(row)
    _write(plan, table.name)
    audit.record(
        "places.import_areas", actor=actor, kind="sheet", object_id=table.name[:64],
        content={"rows": outcome.rows, "on": on},
    )  # fmt: skip
    steps = plan.steps.values()
    finish(outcome, steps, refusals, dry_run=dry_run, only_good=only_good)
    return outcome


@dataclass
class _Step:
    """What one row asks for: a new area (`area` None), or changes of one that is there."""

    row: Row
    area: Area | None
    parent: Area | None  # None too when the parent is made by the same sheet
    name: bool = False
    place: bool = False
    population: bool = False
    sets: list[AreaSet] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.area is None

    @property
    def changes(self) -> bool:
        return self.name or self.place or self.population or bool(self.sets)


class _Plan:
    """Compares rows with what is recorded; every read is made once for the whole sheet."""

    def __init__(self, rows: list[Row], reach: Scope, on: dt.date, refusals: Refusals) -> None:
        self.on = on
        self.refusals = refusals
        self.steps: dict[str, _Step] = {}
        self.rows = {row["code"]: row for row in rows}
        codes = {row[name] for row in rows for name in ("code", "parent") if row[name]}
        known = Area.objects.filter(code__in=codes).select_related("parent")
        self.taken = {area.code: area for area in known.select_for_update(of=("self",))}
        mine = reach.limit(known, path="path", area="id").values_list("code", flat=True)
        self.mine = {code: self.taken[code] for code in mine}
        members = AreaSetMember.objects.on(on).filter(area__code__in=codes)
        self.held = {(m.area_id, m.kind): m.area_set for m in members.select_related("area_set")}
        figures = Figure.objects.on(on).filter(area__code__in=codes, name="population")
        self.people = {figure.area_id: figure.value for figure in figures}
        self.sets = {
            (area_set.kind, word): area_set
            for area_set in AreaSet.objects.all()
            for word in (area_set.code, key(area_set.name_fa), key(area_set.name_en))
        }

    def add(self, row: Row) -> None:
        """Note what a row asks for, or report what is wrong with it."""
        checks: dict[str, Callable[[Row], object]] = {
            "name_fa": self._check_name,
            "kind": self._check_kind,
            "parent": self._check_parent,
            "province": self._check_province,
            **{column: partial(self._find_set, column) for column in SETS},
        }
        if self._passes(row, "code", self._check_code):
            for column, check in checks.items():
                self._passes(row, column, check)
        if row["code"] not in self.refusals.codes:
            self.steps[row["code"]] = self._compare(row)

    def _passes(self, row: Row, column: str, check: Callable[[Row], object]) -> bool:
        if (row["row"], column) in self.refusals.cells:
            return False
        try:
            check(row)
        except Invalid as error:
            self.refusals.add(row, column, error)
            return False
        return True

    def _check_code(self, row: Row) -> None:
        area = self.taken.get(row["code"])
        if area is None:
            return
        if row["code"] not in self.mine:
            raise Invalid("import.beyond", read=row["code"])
        if not holds(area, self.on):
            raise Invalid("area.not_on", name=str(area), day=say(self.on))

    def _check_name(self, row: Row) -> None:
        if not row["name_fa"]:
            raise Invalid("area.name", code=row["code"])

    def _check_kind(self, row: Row) -> None:
        area = self.mine.get(row["code"])
        if area is None and row["kind"] in KINDS[:2]:
            raise Invalid("import.top")
        if area is not None and area.kind != row["kind"]:
            raise Invalid(
                "import.kind_changed", name=str(area), found=AreaKind(area.kind).label,
                read=AreaKind(row["kind"]).label,
            )  # fmt: skip

    def _check_parent(self, row: Row) -> None:
        area, code = self.mine.get(row["code"]), row["parent"]
        if area is not None:
            if code and area.parent and area.parent.code != code:
                raise Invalid("import.moved", name=str(area), found=area.parent.code, read=code)
            return
        kind = AreaKind(row["kind"])
        if not code:
            raise Invalid("import.no_parent", kind=kind.label)
        if code in self.refusals.codes:
            raise Invalid("import.above", read=code)
        parent = self.mine.get(code)
        if parent is None and code not in self.rows:
            raise Invalid("import.area", read=code)
        found = AreaKind(parent.kind if parent else self.rows[code]["kind"])
        if kind not in KINDS[:2] and found != KINDS[KINDS.index(kind) - 1]:
            expected = KINDS[KINDS.index(kind) - 1].label
            raise Invalid(
                "import.parent", read=code, found=found.label, kind=kind.label, expected=expected
            )
        if parent and not holds(parent, self.on):
            raise Invalid("area.not_on", name=str(parent), day=say(self.on))

    def _check_province(self, row: Row) -> None:
        code: str = row["parent"] if row["code"] not in self.mine else row["code"]
        area = self.mine.get(code or "")
        if area and area.province and row["province"] not in (None, area.province):
            raise Invalid(
                "import.province", parent=str(area), found=area.province, read=row["province"]
            )

    def _find_set(self, column: str, row: Row) -> AreaSet | None:
        if row[column] is None:
            return None
        if column == "sponsor" and row["kind"] != AreaKind.NEIGHBOURHOOD:
            raise Invalid("import.sponsor_of", kind=AreaKind(row["kind"]).label)
        kind = SETS[column]
        found = self.sets.get((kind, row[column])) or self.sets.get((kind, key(row[column])))
        if found is None:
            known = tuple(sorted({s.code for (k, _word), s in self.sets.items() if k == kind}))
            raise Invalid("import.set", read=row[column], expected=known)
        area = self.mine.get(row["code"])
        held = self.held.get((area.pk, kind)) if area else None
        if area and held and kind == SetKind.SPONSOR and held != found:
            # From one sponsor to another both of them sign: no sheet does that.
            raise taken(area, held)
        return found

    def _compare(self, row: Row) -> _Step:
        area = self.mine.get(row["code"])
        asked = [found for column in SETS if (found := self._find_set(column, row))]
        if area is None:
            if not row["catchment"] and (inherited := self._catchment(row["parent"])):
                asked.append(inherited)
            return _Step(
                row, None, self.mine.get(row["parent"]), sets=asked,
                population=row["population"] is not None,
            )  # fmt: skip
        names = (row["name_fa"], row["name_en"] or area.name_en)
        return _Step(
            row, area, area.parent,
            name=names != (area.name_fa, area.name_en),
            place=any(row[name] not in (None, getattr(area, name)) for name in PLACE),
            population=row["population"] not in (None, self.people.get(area.pk)),
            sets=[one for one in asked if self.held.get((area.pk, one.kind)) != one],
        )  # fmt: skip

    def _catchment(self, code: str) -> AreaSet | None:
        """The catchment of an area that is there or that the sheet makes."""
        if code in self.mine:
            return self.held.get((self.mine[code].pk, SetKind.CATCHMENT))
        return next((s for s in self.steps[code].sets if s.kind == SetKind.CATCHMENT), None)


def _write(plan: _Plan, source: str) -> None:
    """New areas in bulk, changes one by one. A name that cannot change is reported."""
    on, known = plan.on, from_now()
    made: dict[str, Area] = {}
    members: list[AreaSetMember] = []
    figures: list[Figure] = []
    for code, step in plan.steps.items():
        if step.area is not None:
            _change(step, step.area, plan, source)
            continue
        row = step.row
        new = NewArea(code, row["name_fa"], row["name_en"] or "", row["latitude"], row["longitude"])
        area = made[code] = build_area(step.parent or made[row["parent"]], new, on)
        members += [
            AreaSetMember(area_set=s, kind=s.kind, area=area, valid=from_day(on), recorded=known)
            for s in step.sets
        ]
        if step.population:
            stated = Figure(area=area, name="population", value=row["population"], source=source)
            stated.valid, stated.recorded = from_day(on), known
            figures.append(stated)
    Area.objects.bulk_create(made.values(), batch_size=2_000)
    AreaSetMember.objects.bulk_create(members, batch_size=2_000)
    Figure.objects.bulk_create(figures, batch_size=2_000)


def _change(step: _Step, area: Area, plan: _Plan, source: str) -> None:
    row, on = step.row, plan.on
    if step.name:
        try:
            change_name(area, row["name_fa"], row["name_en"] or area.name_en, on)
        except Invalid as error:
            plan.refusals.add(row, "name_fa", error)
            return
    if step.place:
        Area.objects.filter(pk=area.pk).update(latitude=row["latitude"], longitude=row["longitude"])
    for one in step.sets:
        state(AreaSetMember, {"area": area, "kind": one.kind}, {"area_set": one}, on)
    if step.population:
        values = {"value": row["population"], "about": False, "source": source}
        state(Figure, {"area": area, "name": "population"}, values, on)
