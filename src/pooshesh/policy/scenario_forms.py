"""The forms of a scenario: its days and population, and rows of what changes."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import to_latin_digits
from pooshesh.policy import words
from pooshesh.policy.models import Population
from pooshesh.policy.queries import PACK
from pooshesh.policy.version_forms import AmountField
from pooshesh.rules import Pack
from pooshesh.rules.pack import DatedParameter
from pooshesh.rules.reform import Change
from pooshesh.rules.tree import Key
from pooshesh.web.fields import NUMERIC, JalaliDateField

ROWS = 5
EVERY = "*"  # every key of a table
LARGEST = 1_000  # percent

explain(
    {
        "change.one": gettext_noop("Write either a new value or a percentage."),
        "change.what": gettext_noop("Choose which value this is for."),
        "change.percent": gettext_noop(
            "“%(read)s” was read; expected a whole percentage from −100 to %(high)s."
        ),
    }
)


class ScenarioForm(forms.Form):
    """What is tried on whom."""

    title = forms.CharField(label=gettext_lazy("Name of the scenario"), max_length=120)
    pack = forms.ChoiceField(label=gettext_lazy("Pack"), choices=[(PACK, PACK)])
    on = JalaliDateField(label=gettext_lazy("On the day"))
    population = forms.ChoiceField(
        label=gettext_lazy("Tried on"), choices=Population.choices, initial=Population.SAMPLE
    )
    other_on = JalaliDateField(
        label=gettext_lazy("Or compared with the rules of another day"), required=False,
        help_text=gettext_lazy("Then leave the values below empty."),
    )  # fmt: skip


class PercentField(forms.Field):
    """A whole percentage in any digits, below zero to lower; None when left empty."""

    def to_python(self, value: Any) -> int | None:
        text = to_latin_digits(str(value or "")).strip().replace("−", "-").removesuffix("٪")
        if not text:
            return None
        digits = text.lstrip("+-").removesuffix("%")
        if not digits.isdecimal() or not -100 <= int(text.removesuffix("%")) <= LARGEST:
            refused = Invalid("change.percent", read=str(value)[:40], high=LARGEST)
            raise forms.ValidationError(refused.message())
        return int(text.removesuffix("%"))


class ChangeForm(forms.Form):
    """One row: a value of the pack, and what it becomes."""

    what = forms.ChoiceField(label=gettext_lazy("Value"), required=False)
    to = forms.CharField(
        label=gettext_lazy("New value"), required=False, max_length=20,
        widget=forms.TextInput(attrs=dict(NUMERIC)),
    )  # fmt: skip
    percent = PercentField(
        label=gettext_lazy("Or changed by percent"), required=False,
        widget=forms.TextInput(attrs={**NUMERIC, "inputmode": "text"}),
    )  # fmt: skip

    def __init__(self, *args: Any, pack: Pack, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pack = pack
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = [("", _("nothing")), *_values(pack)]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        typed, percent = given.get("to", "").strip(), given.get("percent")
        if not self.errors and (typed or percent is not None):
            if not given.get("what"):
                self.add_error("what", Invalid("change.what").message())
            elif bool(typed) == (percent is not None):
                self.add_error("to", Invalid("change.one").message())
            elif typed:
                self._read(given, typed)
        elif not self.errors and given.get("what"):
            self.add_error("to", Invalid("change.one").message())
        return given

    def _read(self, given: dict[str, Any], typed: str) -> None:
        parameter = self.pack.parameters[given["what"].partition(":")[0]]
        if parameter.unit == "flag":
            typed = {"1": "yes", "0": "no"}.get(to_latin_digits(typed), typed)
        try:
            given["to"] = AmountField(parameter.unit).clean(typed)
        except forms.ValidationError as error:
            self.add_error("to", error)

    def changes(self) -> Iterator[Change]:
        """What a valid row changes; a row left empty nothing."""
        given = self.cleaned_data
        if not given.get("what"):
            return
        name, _colon, key = given["what"].partition(":")
        parameter = self.pack.parameters[name]
        keys = [one for one in parameter.keys if key in (EVERY, str(one))]
        places: list[Key | None] = [*keys] or [None]
        for one in places:
            if given["percent"] is not None:
                yield Change(name, one, percent=given["percent"])
            else:
                yield Change(name, one, to=given["to"])


def _values(pack: Pack) -> Iterator[tuple[str, Any]]:
    """The choices: a single value, or a group with each key of a table and all of them."""
    for name, parameter in pack.parameters.items():
        if parameter.keys:
            yield words.say(parameter.title), list(_keys(pack, parameter))
        else:
            yield f"{name}:", words.say(parameter.title)


def _keys(pack: Pack, parameter: DatedParameter) -> Iterator[tuple[str, str]]:
    title = words.say(parameter.title)
    yield f"{parameter.name}:{EVERY}", f"{title}: {_('every one')}"
    for key, said in zip(parameter.keys, words.key_titles(pack, parameter.keys), strict=True):
        yield f"{parameter.name}:{key}", f"{title}: {said}"


class RemarkForm(forms.Form):
    """What somebody says about a scenario."""

    text = forms.CharField(
        label=gettext_lazy("Your remark"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
