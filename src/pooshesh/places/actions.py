"""The only writers of places: areas, their catchments, what is stated about them.

Sponsors have their own file, `sponsors.py`, facilities theirs, `facilities.py`; sheets of many
rows `imports.py`; the nation's provinces `seed.py`. `actor` is the id of who acts, None for the
product itself.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import get_language

from pooshesh.kernel import audit
from pooshesh.kernel.calendar import format_jalali
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import from_day, state
from pooshesh.places.models import (
    Area,
    AreaKind,
    AreaSet,
    AreaSetMember,
    Facility,
    Figure,
    PastName,
    SetKind,
    name_keys,
)
from pooshesh.places.seed import seed_country as seed_country

explain(
    {
        "area.code": gettext_noop(
            "“%(read)s” is not a code; expected 1 to 24 of a–z, 0–9 and _ (underscore)."
        ),
        "area.name": gettext_noop("The area “%(code)s” has no Persian name; expected one."),
        "area.taken": gettext_noop("The code “%(read)s” is taken; expected a new one."),
        "area.lowest": gettext_noop("“%(name)s” is a neighbourhood; nothing lies below one."),
        "area.not_on": gettext_noop("“%(name)s” does not exist on %(day)s."),
        "area.end": gettext_noop("“%(name)s” cannot end on %(end)s, before it began on %(start)s."),
        "area.ended": gettext_noop("“%(name)s” has ended on %(end)s already."),
        "area.children": gettext_noop(
            "“%(name)s” still holds %(count)s areas; end or merge them first."
        ),
        "area.few": gettext_noop("%(read)s area was given; expected two or more."),
        "area.apart": gettext_noop(
            "“%(name)s” and “%(other)s” do not lie in the same area; only neighbours of one"
            " %(kind)s are merged."
        ),
        "area.renamed": gettext_noop(
            "“%(name)s” has had this name since %(last)s; expected a day after that, not %(read)s."
        ),
        "places.dates": gettext_noop("The end %(end)s does not lie after the start %(start)s."),
        "catchment.kind": gettext_noop("“%(name)s” is not a university's catchment."),
        "figure.negative": gettext_noop("The figure is %(read)s; expected 0 or more."),
        "figure.source": gettext_noop("The figure has no source; expected who states it."),
    }
)

CODE = re.compile(r"[a-z0-9_]{1,24}")
KINDS = list(AreaKind)


@dataclass(frozen=True)
class NewArea:
    """What is known of an area that is being made; its kind follows from its parent's."""

    code: str
    name_fa: str
    name_en: str = ""
    latitude: float | None = None
    longitude: float | None = None


def say(day: dt.date | None) -> str:
    """A day inside a sentence in the active language."""
    return format_jalali(day, lang=get_language() or "fa") if day else "…"


# --- the tree --------------------------------------------------------------------------


@transaction.atomic
def create_area(*, actor: UUID | None, parent: Area, new: NewArea, since: dt.date) -> Area:
    """Make an area right below `parent`, in its parent's catchment.

    Raises Invalid for a code that is malformed or taken, or a parent that cannot hold it.
    """
    area = make_area(parent, new, since)
    _join_sets(area, [parent], since, [SetKind.CATCHMENT])
    _record("create", actor, area, code=new.code, name_fa=new.name_fa, parent=parent.code)
    return area


@transaction.atomic
def rename_area(
    *, actor: UUID | None, area: Area, name_fa: str, name_en: str, since: dt.date
) -> None:
    """Give an area a new name from a day on; the former name is kept with its days."""
    area = lock(area)
    change_name(area, name_fa, name_en, since)
    _record("rename", actor, area, name_fa=name_fa, name_en=name_en, since=since)


@transaction.atomic
def end_area(*, actor: UUID | None, area: Area, on: dt.date) -> None:
    """The area exists no longer from `on`; its sponsor and catchment end with it.

    Raises Invalid while areas below it live, or when it ended or had not begun.
    """
    _end(area, on)
    _record("end", actor, area, on=on)


@transaction.atomic
def merge_areas(*, actor: UUID | None, areas: Sequence[Area], into: NewArea, on: dt.date) -> Area:
    """Two or more areas of one parent become one new area on a day.

    It takes the sponsor and the catchment its predecessors agree on, and their facilities.
    """
    merged = list({area.pk: area for area in areas}.values())
    if len(merged) < 2:
        raise Invalid("area.few", read=len(merged))
    first, *others = merged
    for other in others:
        if other.parent_id != first.parent_id or first.parent is None:
            kind = KINDS[max(KINDS.index(AreaKind(first.kind)) - 1, 0)].label
            raise Invalid("area.apart", name=str(first), other=str(other), kind=kind)
    assert first.parent is not None
    successor = make_area(first.parent, into, on)
    _replace(merged, [successor], on)
    Facility.objects.filter(area__in=merged).update(area=successor, area_path=successor.path)
    _record("merge", actor, successor, areas=sorted(a.code for a in merged), on=on)
    return successor


@transaction.atomic
def split_area(
    *, actor: UUID | None, area: Area, parts: Sequence[NewArea], on: dt.date
) -> list[Area]:
    """An area becomes two or more new ones on a day, with its sponsor and catchment.

    Its facilities stay where they were recorded until each is moved to a part.
    """
    if len(parts) < 2:
        raise Invalid("area.few", read=len(parts))
    if area.parent is None:
        raise Invalid("area.children", name=str(area), count=_living(area, on))
    made = [make_area(area.parent, part, on) for part in parts]
    _replace([area], made, on)
    _record("split", actor, area, parts=[part.code for part in parts], on=on)
    return made


def make_area(parent: Area, new: NewArea, since: dt.date | None) -> Area:
    """What `create_area` writes, without its catchment and its audit event."""
    area = build_area(parent, new, since)
    if Area.objects.filter(code=new.code).exists():
        raise Invalid("area.taken", read=new.code)
    area.save(force_insert=True)
    return area


def build_area(parent: Area, new: NewArea, since: dt.date | None) -> Area:
    """An area's row, checked but not written; whether its code is free is the caller's to know."""
    if not CODE.fullmatch(new.code):
        raise Invalid("area.code", read=new.code)
    _require_name(new.code, new.name_fa)
    if parent.kind == KINDS[-1]:
        raise Invalid("area.lowest", name=str(parent))
    if since is not None and not holds(parent, since):
        raise Invalid("area.not_on", name=str(parent), day=say(since))
    name_fa, name_en = clean(new.name_fa), clean(new.name_en)
    return Area(
        code=new.code,
        kind=KINDS[KINDS.index(AreaKind(parent.kind)) + 1],
        parent=parent,
        path=f"{parent.path}.{new.code}",
        province=parent.province,
        name_fa=name_fa,
        name_en=name_en,
        latitude=new.latitude,
        longitude=new.longitude,
        valid=from_day(since),
        **name_keys(new.code, name_fa, name_en),
    )


def change_name(area: Area, name_fa: str, name_en: str, since: dt.date) -> None:
    """What `rename_area` writes, without its audit event."""
    _require_name(area.code, name_fa)
    last = PastName.objects.known().filter(area=area).order_by("-valid").first()
    start = last.valid.upper if last else area.valid.lower
    if start and since <= start:
        raise Invalid("area.renamed", name=str(area), last=say(start), read=say(since))
    former = {"name_fa": area.name_fa, "name_en": area.name_en}
    state(PastName, {"area": area}, former, start, since)
    area.name_fa, area.name_en = clean(name_fa), clean(name_en)
    keys = name_keys(area.code, area.name_fa, area.name_en)
    Area.objects.filter(pk=area.pk).update(name_fa=area.name_fa, name_en=area.name_en, **keys)


def _require_name(code: str, name_fa: str) -> None:
    if not clean(name_fa):
        raise Invalid("area.name", code=code)


def lock(area: Area) -> Area:
    """The row as it stands now; a second writer waits."""
    return Area.objects.select_for_update(of=("self",)).select_related("parent").get(pk=area.pk)


def holds(area: Area, day: dt.date) -> bool:
    """Whether the area exists on a day."""
    valid = area.valid
    return (valid.lower is None or valid.lower <= day) and (
        valid.upper is None or day < valid.upper
    )


def _living(area: Area, on: dt.date) -> int:
    """How many areas right below still exist on a day or later."""
    return Area.objects.filter(parent=area, valid__overlap=from_day(on)).count()


def _end(area: Area, on: dt.date) -> None:
    area = lock(area)
    if area.valid.upper is not None:
        raise Invalid("area.ended", name=str(area), end=say(area.valid.upper))
    start = area.valid.lower
    if start is not None and on <= start:
        raise Invalid("area.end", name=str(area), end=say(on), start=say(start))
    if count := _living(area, on):
        raise Invalid("area.children", name=str(area), count=count)
    Area.objects.filter(pk=area.pk).update(valid=DateRange(start, on, "[)"))
    for kind in SetKind:
        state(AreaSetMember, {"area": area, "kind": kind}, None, on)


def _replace(predecessors: Sequence[Area], successors: Sequence[Area], on: dt.date) -> None:
    for successor in successors:
        _join_sets(successor, predecessors, on, SetKind)
    for area in predecessors:
        _end(area, on)
        area.successors.add(*successors)


def _join_sets(area: Area, others: Sequence[Area], on: dt.date, kinds: Iterable[SetKind]) -> None:
    """Put an area into the set of each kind that all the others agree on."""
    for kind in kinds:
        members = AreaSetMember.objects.on(on).filter(kind=kind, area__in=others)
        found = list(members.values_list("area_set_id", flat=True))
        if len(found) == len(others) and len(set(found)) == 1:
            state(AreaSetMember, {"area": area, "kind": kind}, {"area_set_id": found[0]}, on)


# --- catchments -----------------------------------------------------------


@transaction.atomic
def add_to_catchment(*, actor: UUID | None, area: Area, catchment: AreaSet, since: dt.date) -> int:
    """An area and all below it belong to a university's catchment from a day on; how many."""
    if catchment.kind != SetKind.CATCHMENT:
        raise Invalid("catchment.kind", name=str(catchment))
    lock(area)
    below = list(Area.objects.filter(path__within=area.path, valid__contains=since))
    for one in below:
        key = {"area": one, "kind": SetKind.CATCHMENT}
        state(AreaSetMember, key, {"area_set": catchment}, since)
    _record("add_to_catchment", actor, area, catchment=catchment.code, since=since)
    return len(below)


# --- figures ---------------------------------------------------------------------------


@transaction.atomic
def record_figure(
    *,
    actor: UUID | None,
    area: Area,
    name: str,
    value: int,
    source: str,
    since: dt.date,
    until: dt.date | None = None,
    about: bool = False,
) -> Figure:
    """State a number about an area for some days, e.g. its population; earlier ones are kept."""
    if value < 0:
        raise Invalid("figure.negative", read=value)
    if not clean(source):
        raise Invalid("figure.source")
    if until is not None and until <= since:
        raise Invalid("places.dates", end=say(until), start=say(since))
    lock(area)
    values = {"value": value, "about": about, "source": clean(source)}
    figure = state(Figure, {"area": area, "name": name}, values, since, until)
    assert figure is not None
    _record("record_figure", actor, area, name=name, since=since, until=until, **values)
    return figure


def _record(verb: str, actor: UUID | None, area: Area, **content: object) -> None:
    audit.record(
        f"places.{verb}", actor=actor, kind="area", object_id=area.id, content=content,
        area_path=area.path,
    )  # fmt: skip
