"""All that a request is decided by, read in two statements."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from pooshesh.disease.queries import lines_of
from pooshesh.kernel.bulk import prepared
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.policy.one import of_person
from pooshesh.requests.decide import Known, Offer, Package, Span, Used
from pooshesh.requests.packs import PACK, Versions, bound
from pooshesh.rules.tree import Value

explain(
    {
        "request.dead": gettext_noop(
            "The patient died; an heir may ask for costs that were before, with the proof of it."
        ),
    }
)

#: The facts of a line, which no source is asked for.
_GIVEN: dict[str, Value] = {
    "tag_from": None, "tag_until": None, "in_package": False, "asked_rial": 0, "used_rial": 0,
}  # fmt: skip

_READ = """
with me as (
  select coalesce((select survivor_id from people_merge
    where person_id = %(person)s and undone_at is null), %(person)s::uuid) as id
)
select 'tag', lower(t.valid), upper(t.valid), null
from disease_tagterm t
where t.person_id in (
    select id from me
    union all
    select person_id from people_merge where survivor_id = (select id from me) and undone_at is null
  )
  and t.disease_id = %(disease)s and upper_inf(t.recorded)
union all
select 'package', lower(p.valid), upper(p.valid), p.package_id::text
from disease_packageterm p join disease_package v on v.id = p.package_id and not v.ending
where p.disease_id = %(disease)s and upper_inf(p.recorded) and p.valid && %(days)s::daterange
union all
select v.name, v.valid_from, null, v.id::text from policy_version v
where v.state = 'approved' and v.name = any(%(packs)s)
union all
select 'kept', null, null, b.id from policy_boundpack b where b.name = %(pack)s
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of the patient before the lock: the record they stand under, and the rest."""

    person: UUID
    known: Known
    kept: frozenset[str]  # packs that are kept already


def ground(person_id: UUID, disease: str, days: Collection[dt.date], on: dt.date) -> Ground:
    """What the lines of these days are decided by, for the household's decile of the day `on`.

    2 statements. Raises Invalid("request.dead").
    """
    tags, packages, versions, kept = _read(person_id, disease, days)
    packs = bound([*days, on], versions)
    found = of_person(packs[on], person_id, about={"disease": disease}, given=_GIVEN)
    if found is None:
        raise Invalid("request.dead")
    facts = {name: value for name, value in found[1].items() if name not in _GIVEN}
    return Ground(found[0], Known(facts, tags, packs, packages), kept)


def _read(
    person_id: UUID, disease: str, days: Collection[dt.date]
) -> tuple[list[Span], dict[dt.date, Package | None], Versions, frozenset[str]]:
    asked = {
        "person": person_id, "disease": disease, "pack": PACK,
        "packs": [PACK.rpartition(".")[0], PACK],
        "days": f"[{min(days)},{max(days)}]",
    }  # fmt: skip
    rows = prepared(_READ, asked)
    tags = [(row[1], row[2]) for row in rows if row[0] == "tag"]
    terms = [(row[1], row[2], row[3]) for row in rows if row[0] == "package"]
    versions = tuple(sorted((row[0], row[1], row[3]) for row in rows
                            if row[0] not in ("tag", "package", "kept")))  # fmt: skip
    packages = {day: _package_on(terms, day) for day in days}
    kept = frozenset(row[3] for row in rows if row[0] == "kept")
    return tags, packages, versions, kept


def _package_on(
    terms: Sequence[tuple[dt.date | None, dt.date | None, str]], day: dt.date
) -> Package | None:
    for start, end, package in terms:
        if (start is None or start <= day) and (end is None or day < end):
            return package_of(UUID(package))
    return None


@lru_cache(maxsize=256)
def package_of(package_id: UUID) -> Package:
    """A version of a package as the rules ask for it; versions never change."""
    from pooshesh.disease.models import Package as Version

    offers = {
        code: Offer(line.unit_price_rial, line.percents, line.most_per_year)
        for code, line in lines_of(package_id).items()
    }
    return Package(
        offers, Version.objects.values_list("ceiling_rial", flat=True).get(pk=package_id)
    )


def with_used(known: Known, used: Used, promised: Mapping[str, int]) -> Known:
    """The same, with what the patient had by now and what a prior approval promised."""
    return Known(known.facts, known.tags, known.packs, known.packages, used, promised)
