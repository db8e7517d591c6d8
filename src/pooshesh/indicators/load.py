"""Reading a book: a folder of YAML files, a closed schema, all defects told at once.

    measures.yaml     code → name, counts, stands | happens, dimensions, source
    SUBJECT.yaml      code → name, what, numerator, denominator, unit, period, better, cite, owner

A part is a measure's code, or a mapping `{measure, where, except, minus}`, or a list of such.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import yaml

from pooshesh.indicators.book import (
    DIMENSIONS,
    Better,
    Book,
    Counted,
    Dimension,
    Indicator,
    Measure,
    Method,
    Part,
    Period,
    Shown,
    Term,
    Words,
)

SHIPPED = Path(__file__).parent / "definitions"
LEAST = 5
MEASURES = "measures.yaml"
_MEASURE = {"name", "counts", "stands", "personal", "dimensions", "source"}
_INDICATOR = {
    "name", "what", "numerator", "denominator", "unit", "period", "method", "better", "cite",
    "owner", "least",
}  # fmt: skip


class BookError(Exception):
    """What is wrong with a book: every defect, one sentence each."""

    def __init__(self, defects: list[str]) -> None:
        super().__init__("\n".join(defects))
        self.defects = defects


def shipped() -> Book:
    """The book that comes with the product."""
    return load_book({path.name: path.read_text("utf-8") for path in SHIPPED.glob("*.yaml")})


def load_book(files: Mapping[str, str]) -> Book:
    """The checked book of some files by name. Errors: `BookError` with every defect found."""
    return _Reader(files).book()


class _Reader:
    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = dict(sorted(files.items()))
        self.defects: list[str] = []
        self.measures: dict[str, Measure] = {}

    def book(self) -> Book:
        read = {name: self._parsed(name, text) for name, text in self.files.items()}
        for code, raw in read.pop(MEASURES, {}).items():
            self._into(self.measures, code, f"{MEASURES}: {code}", raw, self._measure)
        indicators: dict[str, Indicator] = {}
        for name, found in read.items():
            for code, raw in found.items():
                if code in indicators:
                    self.defects.append(f"{name}: {code}: defined twice")
                subject = name.removesuffix(".yaml")
                self._into(
                    indicators, code, f"{name}: {code}", raw,
                    lambda at, code, raw, subject=subject: self._indicator(at, code, subject, raw),
                )  # fmt: skip
        if self.defects:
            raise BookError(self.defects)
        whole = "\0".join(f"{name}\0{text}" for name, text in self.files.items())
        digest = hashlib.sha256(whole.encode()).hexdigest()
        return Book(self.measures, indicators, digest, self.files)

    def _parsed(self, name: str, text: str) -> dict[str, Any]:
        try:
            found = yaml.safe_load(text) or {}
        except yaml.YAMLError as error:
            self.defects.append(f"{name}: not YAML: {error}")
            return {}
        if not isinstance(found, dict):
            self.defects.append(f"{name}: expected codes with their definitions")
            return {}
        return {str(code): raw for code, raw in found.items()}

    def _into(self, kept: dict[str, Any], code: str, at: str, raw: object, make: Any) -> None:
        if not isinstance(raw, dict):
            self.defects.append(f"{at}: expected a definition")
            return
        try:
            kept[code] = make(at, code, raw)
        except _Defect as defect:
            self.defects.append(f"{at}: {defect}")

    def _measure(self, at: str, code: str, raw: dict[str, Any]) -> Measure:
        _closed(raw, _MEASURE, {"name", "counts", "stands", "dimensions", "source"})
        dimensions = raw["dimensions"] or []
        for one in dimensions:
            _one_of(one, DIMENSIONS, "dimension")
        if not isinstance(raw["stands"], bool):
            raise _Defect("stands: expected true or false")
        return Measure(
            code, _words(raw, "name"), _one_of(raw["counts"], get_args(Counted), "counts"),
            raw["stands"], bool(raw.get("personal", False)), _ordered(dimensions),
            str(raw["source"]),
        )  # fmt: skip

    def _indicator(self, at: str, code: str, subject: str, raw: dict[str, Any]) -> Indicator:
        _closed(raw, _INDICATOR, _INDICATOR - {"denominator", "method", "least"})
        numerator = self._part(raw["numerator"])
        denominator = self._part(raw["denominator"]) if raw.get("denominator") else None
        terms = [*numerator.terms, *(denominator.terms if denominator else ())]
        used = [self.measures[term.measure] for term in terms]
        unit = _one_of(raw["unit"], get_args(Shown), "unit")
        method = _one_of(raw.get("method", "ratio"), get_args(Method), "method")
        shared = tuple(d for d in DIMENSIONS if all(d in one.dimensions for one in used))
        if denominator is None and unit not in ("number", "rial", "days"):
            raise _Defect(f"{unit} needs a denominator")
        if method == "concentration" and (denominator is None or "decile" not in shared):
            raise _Defect("concentration needs a denominator, and deciles in both parts")
        period = _one_of(raw["period"], get_args(Period), "period")
        if period == "point" and not numerator.stands:
            raise _Defect("a point in time needs a numerator that stands")
        if period == "cumulative" and numerator.stands:
            raise _Defect("what is cumulative must happen, not stand")
        return Indicator(
            code, subject, _words(raw, "name"), _words(raw, "what"), numerator, denominator, unit,
            period, method, _one_of(raw["better"], get_args(Better), "better"), shared,
            _words(raw, "cite"), str(raw["owner"]), int(raw.get("least", LEAST)),
            any(one.personal for one in used),
        )  # fmt: skip

    def _part(self, raw: object) -> Part:
        terms = tuple(self._term(one) for one in (raw if isinstance(raw, list) else [raw]))
        stands = {self.measures[term.measure].stands for term in terms}
        if len(stands) != 1:
            raise _Defect("a part adds what stands to what happens")
        return Part(terms, stands.pop())

    def _term(self, raw: object) -> Term:
        if isinstance(raw, str):
            raw = {"measure": raw}
        if not isinstance(raw, dict) or ("measure" not in raw and "minus" not in raw):
            raise _Defect(f"expected a measure, read {raw!r}")
        _closed(raw, {"measure", "minus", "where", "except"}, set())
        code = str(raw.get("measure") or raw.get("minus"))
        if code not in self.measures:
            raise _Defect(f"no measure {code!r}")
        carried = self.measures[code].dimensions
        return Term(
            code, _filters(raw.get("where"), carried), _filters(raw.get("except"), carried),
            -1 if "minus" in raw else 1,
        )  # fmt: skip


class _Defect(Exception):
    pass


def _closed(raw: Mapping[str, Any], known: set[str], needed: set[str]) -> None:
    if wrong := sorted(set(raw) - known):
        raise _Defect(f"unknown {', '.join(wrong)}")
    if missing := sorted(needed - set(raw)):
        raise _Defect(f"missing {', '.join(missing)}")


def _words(raw: Mapping[str, Any], key: str) -> Words:
    found = raw[key]
    if not isinstance(found, dict) or set(found) != {"fa", "en"} or not all(found.values()):
        raise _Defect(f"{key}: expected both fa and en")
    return Words(str(found["fa"]), str(found["en"]))


def _one_of(read: object, known: tuple[str, ...], what: str) -> Any:
    if read not in known:
        raise _Defect(f"{what}: expected one of {', '.join(known)}, read {read!r}")
    return read


def _ordered(names: list[str]) -> tuple[Dimension, ...]:
    return tuple(name for name in DIMENSIONS if name in names)


def _filters(
    raw: object, carried: tuple[Dimension, ...]
) -> tuple[tuple[Dimension, tuple[str, ...]], ...]:
    if raw is None:
        return ()
    if not isinstance(raw, dict):
        raise _Defect(f"expected dimensions with values, read {raw!r}")
    for name in raw:
        _one_of(name, carried, "dimension of this measure")
    return tuple(
        (
            name,
            tuple(str(one) for one in (raw[name] if isinstance(raw[name], list) else [raw[name]])),
        )
        for name in carried
        if name in raw
    )
