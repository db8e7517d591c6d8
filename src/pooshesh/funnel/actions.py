"""Writers of the funnel: folding changes of counts, and proving that nothing was lost."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from pooshesh.kernel.jobs import Progress, job

#: Held while changes are folded, so that two do not fold the same ones.
FOLDING = 5_011

_FOLD = """
    with gone as (
        delete from funnel_change where id <= (select max(id) from funnel_change)
        returning unit, state, province, month, number, amount
    ), summed as (
        select unit, state, province, month, sum(number) as number,
            sum(amount) as amount
        from gone group by 1, 2, 3, 4
    )
    insert into funnel_tally as t (unit, state, province, month, number, amount)
    select * from summed
    on conflict (unit, state, province, month) do update set
        number = t.number + excluded.number, amount = t.amount + excluded.amount
"""

#: What positions should be beside what they are; one row for each that differs.
_WRONG = """
    select coalesce(a.unit, p.unit), coalesce(a.object_id, p.object_id),
        coalesce(a.state, 'none'), coalesce(p.state, 'none')
    from {rows} a
    full join (select * from funnel_position where unit = any(%(units)s)) p
        on p.unit = a.unit and p.object_id = a.object_id
    where (a.state, a.file_id, a.disease, a.since, a.amount, a.province, a.area_path)
        is distinct from (p.state, p.file_id, p.disease, p.since, p.amount, p.province, p.area_path)
    order by 1, 2 limit 100
"""
_SOURCES = {
    ("application",): "funnel_rows('application', array(select id from fund_application))",
    ("request", "approval"): "funnel_rows('request', array(select id from requests_request))",
    ("payment",): "funnel_rows('payment', array(select id from ledger_voucher))",
    ("person",): "funnel_persons(array(select id from fund_patientfile))",
}

_MISCOUNTED = """
    select coalesce(a.unit, k.unit), coalesce(a.state, k.state), coalesce(a.n, 0), coalesce(k.n, 0)
    from (
        select unit, state, province, count(*) as n, sum(amount) as rial
        from funnel_position group by 1, 2, 3
    ) a
    full join (
        select unit, state, province, sum(number) as n, sum(amount) as rial
        from (select unit, state, province, number, amount from funnel_tally
              union all
              select unit, state, province, number, amount from funnel_change) both_of
        group by 1, 2, 3 having sum(number) <> 0 or sum(amount) <> 0
    ) k on (k.unit, k.state, k.province) = (a.unit, a.state, a.province)
    where (a.n, a.rial) is distinct from (k.n, k.rial)
    order by 1, 2 limit 100
"""


@job("funnel.fold", every=dt.timedelta(minutes=10))
def fold_job(progress: Progress) -> dict[str, int]:
    """Folds what moved since into the kept counts of the patients' fund."""
    return {"changes": fold()}


@transaction.atomic
def fold() -> int:
    """Fold the changes of counts into the tally; how many count rows were touched."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [FOLDING])
        cursor.execute(_FOLD)
        touched = int(cursor.rowcount)
        cursor.execute("delete from funnel_tally where number = 0 and amount = 0")
    return touched


@dataclass(frozen=True)
class Fault:
    """A position or count that is not what follows from the rows: which, and both sides."""

    unit: str
    what: str
    expected: str
    found: str


def prove() -> Iterator[Fault]:
    """Re-add everything: positions from the rooms' rows, counts from positions. Up to 100 each."""
    with connection.cursor() as cursor:
        for units, rows in _SOURCES.items():
            cursor.execute(_WRONG.format(rows=rows), {"units": list(units)})
            for unit, object_id, expected, found in cursor.fetchall():
                yield Fault(unit, str(object_id), expected, found)
        cursor.execute(_MISCOUNTED)
        for unit, state, expected, found in cursor.fetchall():
            yield Fault(unit, state, str(expected), str(found))
