"""What the fund granted each patient in a year: locked, checked, written; exact to the rial.

Whoever grants or takes back locks the rows first, always in one order, so that two who decide
about one patient follow each other. The database refuses a row above its ceiling whoever writes.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import orjson
from django.db import connection

from pooshesh.kernel.bulk import prepared
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
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
    """A patient's year under the lock; `beside`: what records merged into this one had before."""

    used: int
    ceiling: int | None
    extended: int
    of_disease: dict[str, int]
    counts: dict[str, dict[str, int]]
    beside: int = 0

    def left(self, ceiling: int | None = None) -> int | None:
        """What may still be granted by the law's ceiling; None where that is not known."""
        law = self.ceiling if ceiling is None else ceiling
        return None if law is None else max(law + self.extended - self.used - self.beside, 0)

    def known(self, disease: str) -> Used:
        """As the rules ask for it."""
        return Used(
            self.used + self.beside, self.extended, self.of_disease.get(disease, 0),
            self.counts.get(disease, {}),
        )  # fmt: skip

    def take(self, disease: str, amount: int, counts: Mapping[str, int], *, sign: int = 1) -> None:
        """Count an amount and numbers of codes as granted, or with sign −1 as taken back."""
        self.used += sign * amount
        self.of_disease[disease] = self.of_disease.get(disease, 0) + sign * amount
        codes = Counter(self.counts.get(disease, {}))
        for code, count in counts.items():
            codes[code] += sign * count
        self.counts[disease] = {code: count for code, count in codes.items() if count > 0}


_LOCK = """
insert into requests_ceilinguse (person_id, year, province, used, extended, of_disease, counts)
select person, year, province, 0, 0, '{}', '{}'
from unnest(%s::uuid[], %s::int[], %s::text[]) as asked(person, year, province)
order by person, year
on conflict (person_id, year) do update set province = excluded.province
returning person_id, year, used, ceiling, extended, of_disease::text, counts::text,
  coalesce((
    select sum(o.used)::bigint from people_merge m
    join requests_ceilinguse o on o.person_id = m.person_id
    where m.survivor_id = requests_ceilinguse.person_id and m.undone_at is null
      and o.year = requests_ceilinguse.year
  ), 0)
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

    1 statement. The persons are the records they stand under now.
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
        return {Key(row[0], row[1]): _use(row) for row in cursor.fetchall()}


def lock_beside(
    key: Key, province: str, other: str, params: dict[str, object], read: Callable[[Any], T]
) -> tuple[Use, list[T]]:
    """One row as `lock`, and what another query finds beside it (`read` from mappings).

    1 statement: what a request costs is mostly round trips.
    """
    params |= {"lock_person": [key.person], "lock_year": [key.year], "lock_province": [province]}
    ((*row, beside),) = prepared(_LOCK_BESIDE.format(other=other), params)
    return _use(row), [read(one) for one in json.loads(beside)]


def _use(row: Sequence[Any]) -> Use:
    return Use(row[2], row[3], row[4], json.loads(row[5]), json.loads(row[6]), row[7])


def write(uses: Mapping[Key, Use]) -> None:
    """Write locked rows back. 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [orjson.dumps(values(uses)).decode()])


def values(uses: Mapping[Key, Use]) -> list[dict[str, Any]]:
    """Rows as `WRITE` takes them."""
    return [
        {
            "person_id": key.person, "year": key.year, "used": use.used, "ceiling": use.ceiling,
            "extended": use.extended, "of_disease": use.of_disease, "counts": use.counts,
        }
        for key, use in uses.items()
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
