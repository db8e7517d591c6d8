"""Programmes and the neighbourhoods that take part in them; a place may be in several."""

import datetime as dt
import re
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from pooshesh.access.reach import Reach
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.time import from_day
from pooshesh.places.models import Area, AreaKind
from pooshesh.places.queries import area
from pooshesh.programme.models import Programme, ProgrammePlace

CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")

explain(
    {
        "programme.taken": gettext_noop("There is a programme with the code “%(code)s” already."),
        "programme.unknown": gettext_noop("There is no programme with the code “%(code)s”."),
        "programme.no_neighbourhood": gettext_noop(
            "“%(read)s” is not a neighbourhood in your area; nothing was written."
        ),
        "programme.code": gettext_noop(
            "“%(read)s” is no code; expected Latin letters, digits, “-” and “_” only."
        ),
        "programme.not_in": gettext_noop(
            "These neighbourhoods are not in the programme on %(on)s: %(read)s. Nothing was"
            " written."
        ),
        "programme.order": gettext_noop(
            "The end %(until)s does not lie after the start %(since)s."
        ),
    }
)


@transaction.atomic
def open_programme(
    *, code: str, name_fa: str, name_en: str, declared: int | None, actor: UUID | None
) -> Programme:
    """Register a programme; `declared` is how many neighbourhoods it is said to have."""
    if not CODE.fullmatch(code):
        raise Invalid("programme.code", read=code)
    programme, made = Programme.objects.get_or_create(
        code=code,
        defaults={
            "name_fa": name_fa, "name_en": name_en, "declared_neighbourhoods": declared,
        },
    )  # fmt: skip
    if not made:
        raise Invalid("programme.taken", code=code)
    audit.record(
        "programme.open", actor=actor, kind="programme", object_id=code,
        fields=["name_fa", "name_en", "declared_neighbourhoods"],
    )  # fmt: skip
    return programme


@transaction.atomic
def join(
    *,
    code: str,
    neighbourhoods: Sequence[str],
    since: dt.date,
    until: dt.date | None,
    reach: Reach,
    actor: UUID | None,
) -> int:
    """Neighbourhoods take part in a programme from `since` on; how many are new to it.

    All or none: one code that is no neighbourhood within reach refuses the whole list.
    """
    if until and until <= since:
        raise Invalid("programme.order", since=since, until=until)
    programme = Programme.objects.select_for_update().filter(code=code).first()
    if programme is None:
        raise Invalid("programme.unknown", code=code)
    places = [_neighbourhood(reach, one) for one in dict.fromkeys(neighbourhoods)]
    window = from_day(since, until)
    there = ProgrammePlace.objects.filter(programme=programme, valid__overlap=window)
    taken = set(there.values_list("area_id", flat=True))
    new = [place for place in places if place.id not in taken]
    ProgrammePlace.objects.bulk_create(
        ProgrammePlace(programme=programme, area=place, valid=window) for place in new
    )
    audit.record(
        "programme.join", actor=actor, kind="programme", object_id=code,
        content={"areas": [place.code for place in new], "valid": str(window)},
    )  # fmt: skip
    return len(new)


@transaction.atomic
def leave(
    *, code: str, neighbourhoods: Sequence[str], on: dt.date, reach: Reach, actor: UUID | None
) -> int:
    """Neighbourhoods take part in a programme up to, not including, a day; how many left.

    All or none. Who joined on that day or later was never in it.
    """
    programme = Programme.objects.select_for_update().filter(code=code).first()
    if programme is None:
        raise Invalid("programme.unknown", code=code)
    places = [_neighbourhood(reach, one) for one in dict.fromkeys(neighbourhoods)]
    rows = ProgrammePlace.objects.filter(
        programme=programme, area__in=places, valid__overlap=from_day(on)
    )
    there = {row.area_id: row for row in rows}
    if missing := [place.code for place in places if place.id not in there]:
        raise Invalid("programme.not_in", read=tuple(missing), on=on)
    for row in rows:
        if row.valid.lower is not None and row.valid.lower >= on:
            row.delete()
        else:
            row.valid = from_day(row.valid.lower, on)
            row.save(update_fields=["valid"])
    audit.record(
        "programme.leave", actor=actor, kind="programme", object_id=code,
        content={"areas": [place.code for place in places], "on": on},
    )  # fmt: skip
    return len(places)


def _neighbourhood(reach: Reach, code: str) -> Area:
    try:
        found = area(reach, code.strip())
    except Area.DoesNotExist:
        raise Invalid("programme.no_neighbourhood", read=code) from None
    if found.kind != AreaKind.NEIGHBOURHOOD:
        raise Invalid("programme.no_neighbourhood", read=code)
    return found
