"""The form of a made-up person, made from the facts a pack asks for, and of the days to compare."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.calendar import format_jalali, from_jalali
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import to_latin_digits
from pooshesh.policy.words import say, written
from pooshesh.rules import BoundPack, Fact, Pack
from pooshesh.rules.pack import LEVELS
from pooshesh.rules.tree import Type, Value
from pooshesh.web.fields import JalaliDateField, RialField

explain(
    {
        "fact.choice": gettext_noop("“%(read)s” was read; expected one of: %(expected)s."),
        "fact.amount": gettext_noop(
            "%(read)s was read; expected an amount from %(low)s to %(high)s."
        ),
        "fact.unknown": gettext_noop(
            "The pack asks for no “%(read)s”; expected one of: %(expected)s."
        ),
        "fact.form": gettext_noop("“%(read)s” was read; expected FACT=VALUE such as decile=5."),
    }
)

MAX_CHOICES = 40  # beyond this a number is typed, not chosen
YES_NO = {"yes": True, "no": False}
LEVEL_TITLES = {
    "person": gettext_lazy("The person"),
    "household": gettext_lazy("The household"),
    "place": gettext_lazy("The place of residence"),
}


class FactField(forms.TypedChoiceField):
    """A fact with few values: numbers in any digits, `yes` or `no`, or a code; empty is None."""

    def __init__(self, *, choices: list[tuple[str, str]], **options: Any) -> None:
        self.expected = tuple(value for value, _title in choices if value)
        super().__init__(choices=choices, **options)

    def to_python(self, value: Any) -> str:
        return to_latin_digits(super().to_python(value)).strip()

    def validate(self, value: Any) -> None:
        if value and not self.valid_value(value):
            refused = Invalid("fact.choice", read=value, expected=self.expected)
            raise forms.ValidationError(refused.message())
        super().validate(value)


class AmountField(RialField):
    """A fact in rial, echoed in words beside its box; cleans to a whole number."""

    def __init__(self, of: Type, **options: Any) -> None:
        self.of = of
        super().__init__(**options)

    def clean(self, value: Any) -> int | None:
        found: Rial | None = super().clean(value)
        if found is None:
            return None
        if not self.of.low <= found.amount <= self.of.high:
            read, low, high = (
                written(amount, "rial") for amount in (found.amount, self.of.low, self.of.high)
            )
            raise forms.ValidationError(
                Invalid("fact.amount", read=read, low=low, high=high).message()
            )
        return found.amount


def raw(value: Value) -> str:
    """A fact's value as the form reads it and an address carries it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | str):
        return str(value)
    return format_jalali(value, lang="en")


def default(fact: Fact) -> Value:
    """What a fact is where nothing is said of it: its example, an empty household, not known."""
    return False if fact.aggregate and fact.type.kind == "bool" else fact.example


def _field(fact: Fact) -> forms.Field:
    of = fact.type
    choices = _choices(fact)
    required = not of.nullable and not (fact.aggregate and of.kind == "int")
    common: dict[str, Any] = {"label": say(fact.title), "required": required}
    if fact.aggregate:
        common["help_text"] = _("Counting every member; the person above counts anyway.")
    if of.kind == "date":
        return JalaliDateField(**common)
    if of.unit == "rial":
        return AmountField(of, **common)
    if not choices:
        return forms.IntegerField(min_value=of.low, max_value=of.high, **common)
    if not required:
        empty = _("none, or not known") if of.kind == "code" else _("not known")
        choices = [("", empty), *choices]
    return FactField(choices=choices, coerce=_coercion(of), empty_value=None, **common)


def _choices(fact: Fact) -> list[tuple[str, str]]:
    of = fact.type
    values: list[Value] = []
    if of.kind == "bool":
        values = [True, False]
    elif of.kind == "code":
        values = [*fact.codes]
    elif of.kind == "int" and of.high - of.low < MAX_CHOICES:
        values = [*range(of.low, of.high + 1)]
    return [(raw(value), written(value, of.unit, fact.codes)) for value in values]


def _coercion(of: Type) -> Any:
    if of.kind == "bool":
        return YES_NO.__getitem__
    return int if of.kind == "int" else str


class PersonForm(forms.Form):
    """A made-up person. What is not `given` is as in the pack's examples, and shown so."""

    def __init__(self, pack: Pack, given: Mapping[str, str]) -> None:
        self.pack = pack
        super().__init__(
            {name: given.get(name, raw(default(fact))) for name, fact in pack.facts.items()}
        )
        self.fields = {name: _field(fact) for name, fact in pack.facts.items()}

    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """(title, fields) of the person, the household and the place, in the pack's order."""
        return [
            (str(LEVEL_TITLES[level]), fields)
            for level in LEVELS
            if (fields := [self[n] for n, f in self.pack.facts.items() if f.level == level])
        ]

    def facts(self, bound: BoundPack) -> dict[str, Value]:
        """The facts as a decision takes them, once the form is valid.

        A household fact is at least what the person alone makes it, so that the two never
        contradict each other.
        """
        given: dict[str, Value] = dict(self.cleaned_data)
        alone: dict[str, Any] = bound.aggregates([given])
        return given | {name: max(least, given[name] or least) for name, least in alone.items()}


class DaysForm(forms.Form):
    """One day, or two to compare."""

    first = JalaliDateField(label=gettext_lazy("Decided on"))
    second = JalaliDateField(label=gettext_lazy("Compared with"), required=False)

    defaults = {"first": from_jalali(1401, 10, 1), "second": from_jalali(1404, 1, 1)}

    def __init__(self, given: Mapping[str, str]) -> None:
        # No fact's name has a dash in it, so the two forms share one address.
        names = {name: f"on-{name}" for name in self.defaults}
        super().__init__(
            {key: given.get(key, self.defaults[name]) for name, key in names.items()},
            prefix="on",
        )
        self.order_fields(list(self.defaults))


class DayForm(forms.Form):
    """The day on which a pack is read."""

    on = JalaliDateField(label=gettext_lazy("In force on"))
