"""What the fund granted each patient in a year: locked, checked, written; exact to the rial.

Whoever grants or takes back locks the rows first, always in one order, so that two who decide
about one patient follow each other. The database refuses a row above its ceiling whoever writes.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

import orjson
from django.db import connection

from pooshesh.kernel.bulk import prepared
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.people.merged import survivors
from pooshesh.requests.decide import Used

explain(
    {
        "request.ceiling": gettext_noop(
            "Request %(number)s would exceed the yearly ceiling of the patient: %(left)s rial are"
            " left, and %(asked)s rial are to be granted. Take it out, or grant a part."
        ),
    }
)


T = TypeVar("T")


class Key(NamedTuple):
    """A patient's record and the Jalali year of the services."""

    person: UUID
    year: int


@dataclass(slots=True)
class Use:
    """A patient's year under the lock; `beside`: rows of records merged into this one since."""

    used: int
    ceiling: int | None
    extended: int
    of_disease: dict[str, int]
    counts: dict[str, dict[str, int]]
    beside: "dict[UUID, Use]" = field(default_factory=dict)

    def left(self, ceiling: int | None = None) -> int | None:
        """What may still be granted by the law's ceiling; None where that is not known."""
        known = [one.ceiling for one in self._rows if one.ceiling is not None]
        law = ceiling if ceiling is not None else known[0] if known else None
        if law is None:
            return None
        return max(law + sum(one.extended - one.used for one in self._rows), 0)

    def known(self, disease: str) -> Used:
        """As the rules ask for it: all that one human being had."""
        counts: Counter[str] = Counter()
        for one in self._rows:
            counts.update(one.counts.get(disease, {}))
        return Used(
            sum(one.used for one in self._rows), sum(one.extended for one in self._rows),
            sum(one.of_disease.get(disease, 0) for one in self._rows), counts,
        )  # fmt: skip

    def take(self, disease: str, amount: int, counts: Mapping[str, int]) -> None:
        """Count an amount and numbers of codes as granted."""
        self._add(disease, amount, Counter(counts))

    def take_back(self, disease: str, amount: int, counts: Mapping[str, int]) -> None:
        """Count them as taken back, from whichever row they were counted on; never below zero."""
        rest = Counter(counts)
        for one in self._rows:
            part = min(one.of_disease.get(disease, 0), amount)
            codes = Counter(one.counts.get(disease, {})) & rest
            one._add(disease, -part, Counter({code: -count for code, count in codes.items()}))
            amount, rest = amount - part, rest - codes

    @property
    def _rows(self) -> "list[Use]":
        return [self, *self.beside.values()]

    def _add(self, disease: str, amount: int, counts: Counter[str]) -> None:
        self.used += amount
        self.of_disease[disease] = self.of_disease.get(disease, 0) + amount
        codes = Counter(self.counts.get(disease, {}))
        codes.update(counts)
        self.counts[disease] = {code: count for code, count in codes.items() if count > 0}


class Counted(Protocol):
    """A request, as far as it is counted on a row."""

    pk: UUID
    person_id: UUID
    year: int


def keys_of(requests: "Iterable[Counted]") -> dict[UUID, Key]:
    """On which row each request is counted: that of the record its patient stands under now.

    1 statement.
    """
    rows = list(requests)
    stands = survivors({one.person_id for one in rows})
    return {one.pk: Key(stands.get(one.person_id, one.person_id), one.year) for one in rows}


def key_of(request: "Counted") -> Key:
    """The same of one request."""
    return keys_of([request])[request.pk]


_LOCK = """
insert into requests_ceilinguse (person_id, year, province, used, extended, of_disease, counts)
select person, year, province, 0, 0, '{}', '{}'
from unnest(%s::uuid[], %s::int[], %s::text[]) as asked(person, year, province)
order by person, year
on conflict (person_id, year) do update set province = excluded.province
returning person_id, year, used, ceiling, extended, of_disease::text, counts::text,
  exists(
    select from people_merge m join requests_ceilinguse o on o.person_id = m.person_id
    where m.survivor_id = requests_ceilinguse.person_id and m.undone_at is null
      and o.year = requests_ceilinguse.year
  )
"""
# A statement of its own: it reads what whoever held the lock before has written.
_MERGED = """
select m.survivor_id, o.year, o.used, o.ceiling, o.extended, o.of_disease::text, o.counts::text,
  o.person_id
from unnest(%s::uuid[], %s::int[]) as asked(person, year)
join people_merge m on m.survivor_id = asked.person and m.undone_at is null
join requests_ceilinguse o on o.person_id = m.person_id and o.year = asked.year
order by o.person_id, o.year
for update of o
"""
WRITE = """
update requests_ceilinguse c
set used = n.used, ceiling = n.ceiling, extended = n.extended, of_disease = n.of_disease,
  counts = n.counts
from json_populate_recordset(null::requests_ceilinguse, %s::json) n
where c.person_id = n.person_id and c.year = n.year
"""
_ONE = _LOCK.replace("%s", "%(lock_person)s", 1).replace("%s", "%(lock_year)s", 1)
_ONE = _ONE.replace("%s", "%(lock_province)s", 1).replace("{", "{{").replace("}", "}}")
_LOCK_BESIDE = (
    f"with locked as ({_ONE}) select locked.*,"  # noqa: S608 - our own
    " (select coalesce(jsonb_agg(beside), '[]')::text from ({other}) beside) from locked"
)


def lock(keys: Iterable[tuple[Key, str]]) -> dict[Key, Use]:
    """The rows of these patients and years (with their province), made where missing.

    1 statement, and another for patients of several records. The persons are the records they
    stand under now (`keys_of`).
    """
    wanted = sorted(dict(keys).items())
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _LOCK,
            [
                [key.person for key, _province in wanted], [key.year for key, _ in wanted],
                [province for _key, province in wanted],
            ],
        )  # fmt: skip
        rows = cursor.fetchall()
    uses = {Key(row[0], row[1]): _use(row) for row in rows}
    _gather({key: uses[key] for key in (Key(row[0], row[1]) for row in rows if row[7])})
    return uses


def _gather(uses: Mapping[Key, Use]) -> None:
    """Put beside rows those of records merged into theirs."""
    if not uses:
        return
    with connection.cursor() as cursor:
        cursor.execute(_MERGED, [[key.person for key in uses], [key.year for key in uses]])
        for row in cursor.fetchall():
            uses[Key(row[0], row[1])].beside[row[7]] = _use(row)


def lock_beside(
    key: Key, province: str, other: str, params: dict[str, object], read: Callable[[Any], T]
) -> tuple[Use, list[T]]:
    """One row as `lock`, and what another query finds beside it (`read` from mappings).

    1 statement for most: what a request costs is mostly round trips.
    """
    params |= {"lock_person": [key.person], "lock_year": [key.year], "lock_province": [province]}
    ((*row, beside),) = prepared(_LOCK_BESIDE.format(other=other), params)
    use = _use(row)
    _gather({key: use} if row[7] else {})
    return use, [read(one) for one in json.loads(beside)]


def _use(row: Sequence[Any]) -> Use:
    return Use(row[2], row[3], row[4], json.loads(row[5]), json.loads(row[6]))


def write(uses: Mapping[Key, Use]) -> None:
    """Write locked rows back. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [orjson.dumps(values(uses)).decode()])


def values(uses: Mapping[Key, Use]) -> list[dict[str, Any]]:
    """Rows as `WRITE` takes them."""
    return [
        {
            "person_id": person, "year": key.year, "used": one.used, "ceiling": one.ceiling,
            "extended": one.extended, "of_disease": one.of_disease, "counts": one.counts,
        }
        for key, use in uses.items()
        for person, one in ((key.person, use), *use.beside.items())
    ]  # fmt: skip


def grant(
    use: Use, number: int, disease: str, amount: int, counts: Mapping[str, int], *, beyond: bool
) -> None:
    """Count what a body granted. `beyond`: a working group may go above the ceiling of the law,
    and what it grants above is kept as granted so.

    Raises Invalid("request.ceiling") for others.
    """
    left = use.left()
    if left is not None and amount > left:
        if not beyond:
            raise Invalid("request.ceiling", number=number, left=left, asked=amount)
        use.extended += amount - left
    use.take(disease, amount, counts)
