"""What a pack says, in the active language, for readers who do not program.

Values come with their unit, a condition is a clause that follows “if”, a rule is a table of
(conditions, value) of which the first that holds wins.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from pooshesh.kernel.money import Rial, format_rial
from pooshesh.kernel.text import format_percent, speaks_persian
from pooshesh.rules import Fact, Pack
from pooshesh.rules import text as rules_text
from pooshesh.rules.explain import Cited
from pooshesh.rules.pack import Reason, Row, Rule
from pooshesh.rules.text import Lang, Text
from pooshesh.rules.tree import (
    BOOL,
    Active,
    Ago,
    Arithmetic,
    Choose,
    Clamp,
    Compare,
    Expr,
    Key,
    Known,
    Literal,
    Logic,
    Lookup,
    Name,
    Not,
    Parameter,
    PercentOf,
    Value,
)
from pooshesh.web.format import jdate, language, number

Codes = Mapping[str, Text]


def lang() -> Lang:
    """The active language as rules name it."""
    return "fa" if speaks_persian(language()) else "en"


def say(text: Text) -> str:
    """A bilingual text in the active language."""
    return text.say(lang())


def written(value: Value, unit: str = "", codes: Codes | None = None) -> str:
    """A value with its unit: «۲۰٪», «۱۴٬۳۵۲٬۰۰۰ ریال»; None is not known."""
    if isinstance(value, dt.date):
        return jdate(value)
    if isinstance(value, int) and not isinstance(value, bool):
        match unit:
            case "percent":
                return format_percent(Decimal(value) / 100, language(), 0)
            case "rial":
                return format_rial(Rial(value), language())
            case "days":
                return _("%(count)s days") % {"count": number(value)}
            case "years":
                return _("%(count)s years") % {"count": number(value)}
            case "persons":
                return _("%(count)s persons") % {"count": number(value)}
    return rules_text.show(value, lang(), codes)


def answered(rule: Rule, value: Value) -> str:
    """What a rule gave; a rule may give nothing, because it does not apply or is not known."""
    return _("no value") if value is None else written(value, rule.type.unit, rule.codes)


def _named(pack: Pack) -> dict[str, Fact | Rule]:
    """What an expression may name besides parameters."""
    return {**pack.facts, **pack.rules}


def key_titles(pack: Pack, keys: Sequence[Key]) -> list[str]:
    """The keys of a table: numbers, or titles of the codes they are."""
    groups = [item.codes for item in _named(pack).values()]
    codes = next((group for group in groups if set(keys) <= group.keys()), None)
    return [written(key, codes=codes) for key in keys]


def cited(pack: Pack, keys: Sequence[str]) -> list[Cited]:
    """Citations with their addresses; an assumption has none and says so."""
    return [Cited(key, say(pack.sources[key]) if key in pack.sources else "") for key in keys]


@dataclass(frozen=True)
class Line:
    """A row of a decision table. No `conditions`: in every other case."""

    conditions: list[str]
    value: str
    reason: str
    sources: list[Cited]
    note: str


class RuleWords:
    """Says the rules of one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.named = _named(pack)

    def lines(self, rule: Rule) -> list[Line]:
        """A rule as a table, whichever way it was written."""
        return [
            Line(
                [self.clause(part) for test in tests for part in _parts(test)],
                self.term(value, rule.codes, rule.type.unit),
                self._reason(row),
                cited(self.pack, row.citations),
                say(row.note) if row.note else "",
            )
            for row in rule.rows
            for tests, value in _cases(row.then, (row.when,) if row.when else ())
        ]

    def _reason(self, row: Row) -> str:
        return self.reason(self.pack.reasons[row.reason]) if row.reason else ""

    def reason(self, reason: Reason) -> str:
        """The sentence of a reason with what will be filled in as titles in brackets."""
        titles = {name: f"[{say(item.title)}]" for name, item in self.named.items()}
        return say(reason.sentence).format(on="[" + _("day decided on") + "]", **titles)

    def clause(self, e: Expr) -> str:
        """A condition as a clause after “if”."""
        clause = self.clause
        match e:
            case Literal():
                return self.term(e)
            case Known(of):
                return _("%(title)s is known") % {"title": self._title(of)}
            case Not(Known(of)):
                return _("%(title)s is not known") % {"title": self._title(of)}
            case Not(Name() | Parameter() as of):
                return _("%(title)s does not hold") % {"title": self._title(of)}
            case Not(of):
                return _("it is not so that %(clause)s") % {"clause": clause(of)}
            case Logic("and", parts):
                return _(" and ").join(f"({clause(p)})" if _is_or(p) else clause(p) for p in parts)
            case Logic("or", parts):
                return self._either(parts)
            case Compare(op, left, right):
                if isinstance(left, Literal):
                    return self._compared(_MIRRORED[op], right, [left])
                return self._compared(op, left, [right])
            case Active(since, until):
                return _("the day lies from %(since)s until before %(until)s") % {
                    "since": self._title(since),
                    "until": self._title(until),
                }
            case Choose(test, then, other):
                return _("(%(then)s) where %(test)s, else (%(other)s)") % {
                    "then": clause(then), "test": clause(test), "other": clause(other),
                }  # fmt: skip
        return _("%(title)s holds") % {"title": self.term(e)}

    def _either(self, parts: Sequence[Expr]) -> str:
        """Alternatives; “relation is spouse or child” where they are values of one thing."""
        equal = [part for part in parts if isinstance(part, Compare) and part.op == "=="]
        if len(equal) == len(parts) and all(part.left == equal[0].left for part in equal):
            return self._compared("==", equal[0].left, [part.right for part in equal])
        said = [self.clause(part) for part in parts]
        return _(" or ").join(
            f"({clause})" if isinstance(part, Logic) else clause
            for part, clause in zip(parts, said, strict=True)
        )

    def _compared(self, op: str, left: Expr, values: Sequence[Expr]) -> str:
        forms = {
            "==": _("%(left)s is %(right)s"),
            "!=": _("%(left)s is not %(right)s"),
            "<": _("%(left)s is less than %(right)s"),
            "<=": _("%(left)s is at most %(right)s"),
            ">": _("%(left)s is more than %(right)s"),
            ">=": _("%(left)s is at least %(right)s"),
        }
        codes = self._codes(left)
        right = _(" or ").join(self.term(value, codes, left.type.unit) for value in values)
        return forms[op] % {"left": self.term(left), "right": right}

    def term(self, e: Expr, codes: Codes | None = None, unit: str = "") -> str:
        """A value, or what it is computed from; `codes` title a bare code, `unit` a bare number."""
        term = self.term
        match e:
            case Literal(None):
                return _("no value")
            case Literal(value, of):
                return written(value, of.unit or unit, codes)
            case Name() | Parameter():
                return self._title(e)
            case Lookup(table, key):
                return _("%(table)s for %(key)s") % {
                    "table": say(self.pack.parameters[table].title), "key": term(key),
                }  # fmt: skip
            case Arithmetic(op, left, right):
                return f"({term(left)} {op.translate(_SIGNS)} {term(right)})"
            case PercentOf(of, percent):
                return _("%(percent)s of %(value)s") % {"percent": term(percent), "value": term(of)}
            case Choose(test, then, other):
                return _("(%(then)s) where %(test)s, else (%(other)s)") % {
                    "then": term(then, codes, unit),
                    "test": self.clause(test),
                    "other": term(other, codes, unit),
                }
            case Clamp(of, low, high):
                return _("%(value)s, at least %(low)s and at most %(high)s") % {
                    "value": term(of), "low": term(low), "high": term(high),
                }  # fmt: skip
            case Ago(unit, count):
                before = {
                    "days": _("the day %(count)s days before"),
                    "years": _("the day %(count)s years before"),
                }
                return before[unit] % {"count": term(count)}
        return self.clause(e)

    def _title(self, e: Name | Parameter) -> str:
        named = self.pack.parameters if isinstance(e, Parameter) else self.named
        return _("“%(title)s”") % {"title": say(named[e.name].title)}

    def _codes(self, e: Expr) -> Codes:
        return self.named[e.name].codes if isinstance(e, Name) else {}


_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SIGNS = str.maketrans("-*", "−×")


def _is_or(e: Expr) -> bool:
    return isinstance(e, Logic) and e.op == "or"


def _parts(test: Expr) -> tuple[Expr, ...]:
    return test.parts if isinstance(test, Logic) and test.op == "and" else (test,)


def _cases(value: Expr, given: tuple[Expr, ...]) -> Iterator[tuple[tuple[Expr, ...], Expr]]:
    """(tests, value) of a nested choice, first match wins; a bare test becomes yes or no."""
    match value:
        case Choose(test, then, other):
            yield from _cases(then, (*given, test))
            yield from _cases(other, given)
        case Logic() | Not() | Compare() | Known() | Active():
            yield (*given, value), Literal(True, BOOL)
            yield given, Literal(False, BOOL)
        case _:
            yield given, value
