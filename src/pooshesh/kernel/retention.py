"""Classes of data: why each is held and when it goes. Every room registers its own.

A class that is deleted brings two functions of a day: `delete` removes what is due by then and
answers how much, `due` counts what is still there and should not be. The daily job calls the
first; the page of retention and `./pooshesh retention verify` call the second, so that a deletion
that did not run shows.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise
Count = Callable[[dt.date], int]


@dataclass(frozen=True)
class DataClass:
    """A class of data. `days` None is kept as a record; `event` says in words what ends it sooner.

    `basis` is what allows holding it. `delete` and `due` come together, and with `days` or with
    dates that the rows carry themselves. `tables` are the models that hold it ("people.Person");
    every table belongs to a class, as `tests/test_every_table_has_a_purpose.py` proves.
    """

    code: str
    title: Text
    purpose: Text
    basis: Text
    days: int | None = None
    event: Text = ""
    delete: Count | None = None
    due: Count | None = None
    tables: tuple[str, ...] = ()

    def delete_by(self, start: dt.date) -> dt.date:
        """The day on which what began on `start` goes. Raises ValueError for what is kept."""
        if self.days is None:
            raise ValueError(f"{self.code} is kept")
        return start + dt.timedelta(days=self.days)


_classes: dict[str, DataClass] = {}


def register(*classes: DataClass) -> None:
    """Add classes of data. Raises ValueError for a code that is taken, or half a deletion."""
    for one in classes:
        if one.code in _classes:
            raise ValueError(f"class of data registered twice: {one.code}")
        if (one.delete is None) != (one.due is None):
            raise ValueError(f"{one.code}: what deletes and what proves it come together")
        _classes[one.code] = one


def classes() -> dict[str, DataClass]:
    """Every class by code, in the order of registration."""
    return dict(_classes)
