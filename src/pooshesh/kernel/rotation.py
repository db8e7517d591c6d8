"""Sealing everything anew with the newest data key, while the product runs.

Each room registers what it keeps sealed. What is done stays done: a rotation that was stopped
goes on where it was. A value that somebody holds locked, or that does not open, stays as it is
and is counted, so that its key is not thrown away.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection, models, transaction

from pooshesh.kernel import audit
from pooshesh.kernel.crypto import CannotOpen, keyring


@dataclass(frozen=True)
class Rotation:
    """Something kept sealed.

    `reseal(batch)` seals anew what an older key sealed, up to `batch` values in a transaction, and
    yields how many each time. `left()` counts values by the version of their key. `columns` are
    the model fields this is about, as "people.Person.mobile".
    """

    name: str
    reseal: Callable[[int], Iterator[int]]
    left: Callable[[], Mapping[int, int]]
    columns: tuple[str, ...] = ()


_rotations: dict[str, Rotation] = {}


def register(*rotations: Rotation) -> None:
    """Let `pooshesh keys rotate` see to what a room keeps sealed. Names are unique."""
    for one in rotations:
        if one.name in _rotations:
            raise ValueError(f"two rotations are called {one.name!r}")
        _rotations[one.name] = one


def rotations() -> list[Rotation]:
    """Everything that is kept sealed, by name."""
    return [_rotations[name] for name in sorted(_rotations)]


def rotate(batch: int) -> Generator[tuple[str, int], None, None]:
    """Seal everything anew; yields (name, values) after each transaction.

    Goes over a thing again while that still helps: the product may have held rows.
    """
    for one in rotations():
        helped = True
        while helped:
            helped = False
            for count in one.reseal(batch):
                helped = helped or bool(count)
                yield one.name, count


def used() -> dict[int, Counter[str]]:
    """Version of the key → name → values sealed with it."""
    found: dict[int, Counter[str]] = {}
    for one in rotations():
        for version, count in one.left().items():
            found.setdefault(version, Counter())[one.name] += count
    return found


def newest() -> int:
    """The version of the key that seals."""
    return keyring().keys[0].version


def record(name: str, count: int) -> None:
    """Write in the audit trail that values were sealed anew; call it in their transaction."""
    audit.record("keys.rotate", actor=None, kind=name[:40], content={"values": count})


def column(
    name: str,
    model: type[models.Model],
    field: str,
    *,
    bound: str = "",
    bound_by: str = "",
    index: str = "",
    version: str = "",
) -> Rotation:
    """The rotation of a sealed column.

    Its values are bound to the text `bound`, or to that in the column `bound_by`. `index` is the
    column with the blind index and `version` the one with the key's version, if there are such.
    """
    table = model._meta.db_table
    key = model._meta.pk
    assert key is not None
    one = _Column(name, table, field, str(key.column), str(key.db_type(connection)), bound,
                  bound_by, index, version)  # fmt: skip
    return Rotation(
        name, partial(_reseal, one), partial(_left, one), (f"{model._meta.label}.{field}",)
    )


@dataclass(frozen=True)
class _Column:
    name: str
    table: str
    field: str
    key: str
    key_type: str
    bound: str
    bound_by: str
    index: str
    version: str


def _reseal(one: _Column, batch: int) -> Iterator[int]:
    after: Any = None
    while True:
        with transaction.atomic():
            rows, count = _due(one, after, batch), 0
            if rows:
                after = rows[-1][0]
                count = _write(one, rows)
            if count:
                record(one.name, count)
        if not rows:
            return
        yield count


def _due(one: _Column, after: Any, batch: int) -> list[tuple[Any, str, bytes]]:
    """(key, what the value is bound to, sealed) of the next rows that an older key sealed."""
    bound = one.bound_by or "%(bound)s::text"
    with connection.cursor() as cursor:
        # The first byte of a sealed value is the version of its key.
        cursor.execute(
            f"""select {one.key}, {bound}, {one.field} from {one.table}
                where get_byte({one.field}, 0) <> %(newest)s
                  and (%(after)s::{one.key_type} is null or {one.key} > %(after)s)
                order by {one.key} limit %(batch)s for update skip locked""",  # noqa: S608
            {"bound": one.bound, "newest": newest(), "after": after, "batch": batch},
        )
        return list(cursor.fetchall())


def _write(one: _Column, rows: list[tuple[Any, str, bytes]]) -> int:
    keys = keyring()
    done: list[tuple[Any, bytes, bytes]] = []
    for key, bound, sealed in rows:
        try:
            value = keys.open(sealed, bound)
        except CannotOpen:
            continue
        done.append((key, keys.seal(value, bound), keys.index(value, bound)))
    also = [f"{one.index} = v.blind"] if one.index else []
    also += [f"{one.version} = {newest()}"] if one.version else []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""update {one.table} t set {", ".join([f"{one.field} = v.sealed", *also])}
                from unnest(%s::{one.key_type}[], %s::bytea[], %s::bytea[])
                     as v(key, sealed, blind)
                where t.{one.key} = v.key""",  # noqa: S608
            [list(part) for part in zip(*done, strict=True)] or [[], [], []],
        )
    return len(done)


def _left(one: _Column) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select get_byte({one.field}, 0), count(*) from {one.table}
                where {one.field} is not null group by 1"""  # noqa: S608
        )
        return dict(cursor.fetchall())
