"""A counted effect as people read it: titles for codes, tables, charts, a map, rows to export."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from pooshesh.kernel.money import Rial, words
from pooshesh.people.models import Sex
from pooshesh.places.seed import read_data
from pooshesh.policy.words import lang, say
from pooshesh.rules import Pack
from pooshesh.web import charts
from pooshesh.web.format import language, number
from pooshesh.web.province_map import province_map

OUTCOME = "decision"
MILLION = 1_000_000  # rial, the unit of charts

#: Sums of a side, in the order of columns: persons, then rial a year.
COUNTS, AMOUNTS = ("insured", "free"), ("household", "state")


@dataclass(frozen=True)
class Group:
    """Persons of one value, under its title; the sums of each side by name."""

    title: str
    persons: int
    moved: int
    before: Mapping[str, int]
    after: Mapping[str, int]

    def pairs(self, names: Sequence[str]) -> list[tuple[int, int]]:
        return [(self.before[name], self.after[name]) for name in names]

    @property
    def counts(self) -> list[tuple[int, int]]:
        """(before, after) of `COUNTS`."""
        return self.pairs(COUNTS)

    @property
    def amounts(self) -> list[tuple[Rial, Rial]]:
        """(before, after) of `AMOUNTS`."""
        return [(Rial(was), Rial(now)) for was, now in self.pairs(AMOUNTS)]


@dataclass(frozen=True)
class Amount:
    """A sum of money before and after, and how it changes in words."""

    title: str
    before: Rial
    after: Rial

    @property
    def sentence(self) -> str:
        """How much more or less a year, rounded, with rial and toman in words."""
        more = self.after.amount - self.before.amount
        if not more:
            return _("no change")
        said = {"amount": words(_rounded(abs(more)), language())}
        text = _("about %(amount)s a year more") if more > 0 else _("about %(amount)s a year less")
        return text % said


@dataclass(frozen=True)
class EffectView:
    """What `effect` (the dictionary kept with a version or a scenario) says, decided by `pack`."""

    effect: Mapping[str, Any]
    pack: Pack
    groups: tuple[str, ...] = field(default=("decile", "sex", "nationality", "province"))

    @cached_property
    def total(self) -> Group:
        return _group(self.effect["total"], _("Everybody"))

    @property
    def unpriced(self) -> int:
        """Insured persons whose premium is not known; no sum of money counts them."""
        after = self.effect["total"]["after"]
        return int(after["insured"] - after["priced"])

    @property
    def priced(self) -> bool:
        """Whether the premium of anybody is known; without it there is no cost to show."""
        return any(self.effect["total"][side]["priced"] for side in ("before", "after"))

    def amounts(self) -> list[Amount]:
        titles = (_("What households pay a year"), _("What the state pays a year"))
        both = zip(titles, self.total.amounts, strict=True)
        return [Amount(title, was, now) for title, (was, now) in both]

    @cached_property
    def matrix(self) -> tuple[list[str], list[tuple[str, list[int]]]]:
        """(outcomes after, (outcome before, persons who went to each of them))."""
        moves = {(was, now): count for was, now, count in self.effect["moves"]}
        # An outcome that the new pack knows no more is named all the same.
        codes = [*dict.fromkeys([*self.pack.rules[OUTCOME].codes, *(c for m in moves for c in m)])]
        before = [code for code in codes if any(was == code for was, _now in moves)]
        after = [code for code in codes if any(now == code for _was, now in moves)]
        rows = [(self.outcome(was), [moves.get((was, now), 0) for now in after]) for was in before]
        return [self.outcome(code) for code in after], rows

    def outcome(self, code: str) -> str:
        title = self.pack.rules[OUTCOME].codes.get(code)
        return say(title) if title else code

    def tables(self) -> list[tuple[str, list[Group]]]:
        """(what by, groups) for each grouping that was counted."""
        return [
            (group_title(name), self.by(name)) for name in self.groups if name in self.effect["by"]
        ]

    def by(self, name: str) -> list[Group]:
        return [_group(row, self._title(name, row["value"])) for row in self.effect["by"][name]]

    def _title(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return _("not known")
        if name == "province":
            return provinces().get(value, value)
        if name == "sex":
            return str(Sex(value).label) if value in Sex.values else str(value)
        fact = self.pack.facts.get(name)
        if fact and value in fact.codes:
            return say(fact.codes[value])
        return number(value) if isinstance(value, int) else str(value)

    # --- drawings ----------------------------------------------------------------------

    def charts(self) -> list[SafeString]:
        """What households pay and who is free, before and after, by decile."""
        deciles = self.by("decile")
        free = [(one.title, one.before["free"], one.after["free"]) for one in deciles]
        paid = [
            (one.title, one.before["household"] // MILLION, one.after["household"] // MILLION)
            for one in deciles
        ]
        drawn = [_chart(_("Persons insured free by decile"), free)]
        if self.priced:
            title = _("What households pay a year by decile, in million rial")
            drawn.append(_chart(title, paid))
        return drawn

    def map(self) -> SafeString:
        """Where those who move live."""
        moved = {row["value"]: row["moved"] for row in self.effect["by"]["province"]}
        known = {code: count for code, count in moved.items() if code in provinces()}
        return province_map(_("Persons moved by province"), known, provinces(), unit=_("persons"))

    def concentration(self) -> str:
        """The concentration index before and after, explained in a sentence."""
        was, now = self.effect["concentration"]
        if was is None or now is None:
            return _("Nobody pays a share on one of the two sides, so it has no index.")
        said = {"before": number(was, 3), "after": number(now, 3)}
        if round(was, 3) == round(now, 3):
            return _("It stays at %(after)s: who bears the payments does not change.") % said
        if now > was:
            return (
                _(
                    "It rises from %(before)s to %(after)s: a larger part of the payments falls on"
                    " the richer deciles."
                )
                % said
            )
        return (
            _(
                "It falls from %(before)s to %(after)s: a larger part of the payments falls on the"
                " poorer deciles."
            )
            % said
        )

    # --- to take along -------------------------------------------------------------------

    def header(self) -> list[str]:
        sides = (_("before"), _("after"))
        titles = (
            _("insured persons"), _("persons insured free"), _("rial paid by households"),
            _("rial paid by the state"),
        )  # fmt: skip
        sums = [f"{title} ({side})" for title in titles for side in sides]
        return [_("Grouped by"), _("Value"), _("Persons"), _("Persons moved"), *sums]

    def rows(self) -> Iterator[list[object]]:
        """Everybody, each group, then each move; amounts as whole rial."""
        yield [self.total.title, "", *_cells(self.total)]
        for title, groups in self.tables():
            for one in groups:
                yield [title, one.title, *_cells(one)]
        arrow = "←" if get_language_bidi() else "→"
        for was, now, count in self.effect["moves"]:
            yield [_("Moves"), f"{self.outcome(was)} {arrow} {self.outcome(now)}", "", count]


def _group(row: Mapping[str, Any], title: str) -> Group:
    return Group(title, row["persons"], row["moved"], row["before"], row["after"])


def _rounded(amount: int) -> Rial:
    """Three digits and zeros: words for more of them are not read."""
    unit = 10 ** max(len(str(amount)) - 3, 0)
    return Rial((amount + unit // 2) // unit * unit)


def _cells(one: Group) -> list[object]:
    pairs = one.pairs((*COUNTS, *AMOUNTS))
    return [one.persons, one.moved, *(value for pair in pairs for value in pair)]


def _chart(title: str, rows: Sequence[tuple[str, int, int]]) -> SafeString:
    drawn = charts.before_after(title, [charts.Change(*row) for row in rows])
    numbers = [[label, number(was), number(now)] for label, was, now in rows]
    return charts.figure(drawn, title, [_("Decile"), _("Before"), _("After")], numbers)


def group_title(name: str) -> str:
    return {
        "province": _("By province"),
        "decile": _("By decile"),
        "sex": _("By sex"),
        "nationality": _("By nationality"),
    }[name]


def provinces() -> Mapping[str, str]:
    """Names of the provinces by code, in the active language."""
    return _provinces(lang())


@cache
def _provinces(spoken: str) -> Mapping[str, str]:
    return {row["code"]: row[f"name_{spoken}"] for row in read_data("provinces.csv")}
