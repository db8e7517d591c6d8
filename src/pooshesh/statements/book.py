"""Reconciliations as data: a closed schema, read and checked whole. Pure.

    R4:
      title: {fa, en}
      month: 1401-12                  the month whose figures stand beside; where nobody counted
                                      it, or without one, the latest there is
      statements: {NAME: CODE}        what somebody published, by the code of its register
      follows:                        what that alone says
        - {NAME, value: SUM, unit, says: {fa, en}}
      figures:                        what is counted here
        NAME: {indicator: CODE, area: CODE, since: MONTH, where: {DIMENSION: VALUE}, own: true,
               page: ADDRESS NAME, query: {KEY: VALUE}}
      facts:                          what a row of another register says
        NAME: {of: KIND, area: CODE, day: DAY, says: {fa, en}, unit}
      computed:
        - {NAME, value: SUM, unit, says: {fa, en}}
      explained: {fa, en}             why the numbers differ
      red: [{when: TEST, says: {fa, en}}]
      amber: [{when: TEST, says: {fa, en}}]
      green: {fa, en}

A sum names statements, figures, facts and the sums before it (`pooshesh.statements.sums`).
"""

import ast
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

import yaml

from pooshesh.indicators import Words
from pooshesh.insight.months import of_code
from pooshesh.statements import sums

SHIPPED = Path(__file__).parent / "data" / "reconciliations.yaml"
#: How a number that follows is written.
UNITS = ("number", "rial", "percent", "times", "deciles")
FACTS = ("population", "residents", "free_deciles", "promised", "kept")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KEYS = {
    "title", "month", "statements", "follows", "figures", "facts", "computed", "explained",
    "red", "amber", "green",
}  # fmt: skip

T = TypeVar("T")


@dataclass(frozen=True)
class Sum:
    """A number worked out of names before it."""

    name: str
    tree: ast.expr
    unit: str
    says: Words


@dataclass(frozen=True)
class Asked:
    """A figure that stands beside; `page` and `query` lead to the rows it counts today.

    `own`: of so few people that only those are told who reach the area.
    """

    name: str
    indicator: str
    area: str
    since: dt.date | None
    where: tuple[tuple[str, str], ...]
    own: bool = False
    page: str = ""
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Fact:
    """A number of another register: one of FACTS of an area on a day."""

    name: str
    of: str
    area: str
    day: dt.date | None
    unit: str
    says: Words


@dataclass(frozen=True)
class Finding:
    """A test, and what is said where it holds."""

    test: ast.expr
    says: Words


@dataclass(frozen=True)
class Reconciliation:
    """Figures that do not reconcile, and what is set beside them."""

    code: str
    title: Words
    month: dt.date | None
    statements: Mapping[str, str]
    follows: tuple[Sum, ...]
    figures: tuple[Asked, ...]
    facts: tuple[Fact, ...]
    computed: tuple[Sum, ...]
    explained: Words
    red: tuple[Finding, ...]
    amber: tuple[Finding, ...]
    green: Words | None


class BookError(Exception):
    """What is wrong with reconciliations: every defect, one sentence each."""

    def __init__(self, defects: list[str]) -> None:
        super().__init__("\n".join(defects))
        self.defects = defects


@lru_cache(1)
def shipped() -> tuple[Reconciliation, ...]:
    """The reconciliations that come with the product, in their order."""
    return load(SHIPPED.read_text("utf-8"))


def load(text: str) -> tuple[Reconciliation, ...]:
    """Checked reconciliations. Errors: `BookError` with every defect found."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BookError([f"not YAML: {error}"]) from error
    if not isinstance(found, dict):
        raise BookError(["expected codes with reconciliations"])
    defects: list[str] = []
    made: list[Reconciliation] = []
    for code, raw in found.items():
        reader = _Reader(raw if isinstance(raw, dict) else {})
        made += reader.read(str(code))
        defects += [f"{code}: {defect}" for defect in reader.defects]
    if defects:
        raise BookError(defects)
    return tuple(made)


class _Defect(Exception):
    pass


class _Reader:
    """One reconciliation; `names` are those that sums may use so far."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.defects: list[str] = []
        self.names: set[str] = set()

    def read(self, code: str) -> list[Reconciliation]:
        self._try(lambda: _closed(self.raw, _KEYS, {"title", "statements", "explained"}))
        if self.defects:
            return []
        title = self._words("title")
        month = self._try(lambda: of_code(str(self.raw["month"]))) if "month" in self.raw else None
        statements = {self._new(k): str(v) for k, v in (self.raw["statements"] or {}).items()}
        follows = self._each("follows", self._sum)
        figures = self._named("figures", self._figure)
        facts = self._named("facts", self._fact)
        computed = self._each("computed", self._sum)
        red, amber = self._each("red", self._finding), self._each("amber", self._finding)
        explained = self._words("explained")
        green = self._words("green") if "green" in self.raw else None
        if not green and not any(isinstance(one.test, ast.Constant) for one in (*red, *amber)):
            self.defects.append("green: needed where nothing else always holds")
        if self.defects or title is None or explained is None:
            return []
        return [
            Reconciliation(code, title, month, statements, follows, figures, facts, computed,
                           explained, red, amber, green)
        ]  # fmt: skip

    def _try(self, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except (_Defect, sums.SumError) as defect:
            self.defects.append(str(defect))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            self.defects.append(f"cannot be read: {error}")
        return None

    def _words(self, key: str) -> Words | None:
        return self._try(lambda: _words(self.raw[key], key))

    def _each(self, key: str, make: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
        made = [self._try(partial(make, one)) for one in self.raw.get(key) or []]
        return tuple(one for one in made if one is not None)

    def _named(self, key: str, make: Callable[[str, dict[str, Any]], T]) -> tuple[T, ...]:
        given = (self.raw.get(key) or {}).items()
        made = [self._try(partial(make, self._new(n), one)) for n, one in given]
        return tuple(one for one in made if one is not None)

    def _new(self, name: object) -> str:
        one = str(name)
        if not _NAME.fullmatch(one) or one in self.names:
            self.defects.append(f"{one}: no name, or given twice")
        self.names.add(one)
        return one

    def _known(self, tree: ast.expr) -> ast.expr:
        if unknown := sorted(sums.words(tree) - self.names):
            raise _Defect(f"unknown {', '.join(unknown)} in {ast.unparse(tree)}")
        return tree

    def _sum(self, raw: dict[str, Any]) -> Sum:
        _closed(raw, {"name", "value", "unit", "says"}, {"name", "value", "unit", "says"})
        tree = self._known(sums.parse(raw["value"]))
        sums.check_sum(tree)
        return Sum(self._new(raw["name"]), tree, _unit(raw), _words(raw["says"], "says"))

    def _figure(self, name: str, raw: dict[str, Any]) -> Asked:
        _closed(raw, {"indicator", "area", "since", "where", "own", "page", "query"},
                {"indicator", "area"})  # fmt: skip
        since = of_code(str(raw["since"])) if "since" in raw else None
        return Asked(
            name, str(raw["indicator"]), str(raw["area"]), since, _pairs(raw.get("where")),
            raw.get("own") is True,             str(raw.get("page", "")), _pairs(raw.get("query")),
        )  # fmt: skip

    def _fact(self, name: str, raw: dict[str, Any]) -> Fact:
        _closed(raw, {"of", "area", "day", "unit", "says"}, {"of", "area", "unit", "says"})
        if raw["of"] not in FACTS:
            raise _Defect(f"{name}: expected one of {', '.join(FACTS)}, read {raw['of']!r}")
        day = raw.get("day")
        if day is not None and type(day) is not dt.date:
            raise _Defect(f"{name}: day: expected a day, read {day!r}")
        return Fact(name, raw["of"], str(raw["area"]), day, _unit(raw), _words(raw["says"], "says"))

    def _finding(self, raw: dict[str, Any]) -> Finding:
        _closed(raw, {"when", "says"}, {"when", "says"})
        tree = self._known(sums.parse(raw["when"]))
        sums.check_test(tree)
        return Finding(tree, _words(raw["says"], "says"))


def _closed(raw: Mapping[str, Any], known: set[str], needed: set[str]) -> None:
    if wrong := sorted(set(raw) - known):
        raise _Defect(f"unknown {', '.join(map(str, wrong))}")
    if missing := sorted(needed - set(raw)):
        raise _Defect(f"missing {', '.join(missing)}")


def _words(raw: object, key: str) -> Words:
    if not isinstance(raw, dict) or set(raw) != {"fa", "en"} or not all(raw.values()):
        raise _Defect(f"{key}: expected both fa and en")
    return Words(" ".join(str(raw["fa"]).split()), " ".join(str(raw["en"]).split()))


def _unit(raw: Mapping[str, Any]) -> str:
    if raw["unit"] not in UNITS:
        raise _Defect(f"unit: expected one of {', '.join(UNITS)}, read {raw['unit']!r}")
    return str(raw["unit"])


def _pairs(raw: object) -> tuple[tuple[str, str], ...]:
    if raw is None:
        return ()
    if not isinstance(raw, dict):
        raise _Defect(f"expected names with values, read {raw!r}")
    return tuple((str(name), str(value)) for name, value in raw.items())
