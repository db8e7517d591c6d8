"""Forms of versions: values edited in the browser, files brought, an answer given."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import format_int, to_latin_digits
from pooshesh.policy import words
from pooshesh.policy.drafts import Place, values_on
from pooshesh.policy.versions import SHORTEST_NOTE
from pooshesh.policy.words import say
from pooshesh.rules import Pack
from pooshesh.rules.pack import DatedParameter
from pooshesh.rules.reform import Amount
from pooshesh.rules.text import Text
from pooshesh.rules.tree import INT64
from pooshesh.web.fields import NUMERIC, AmountInput, JalaliDateField
from pooshesh.web.format import language

HUNDRED = 100
SEPARATORS = str.maketrans("", "", ",٬، _")

explain(
    {
        "value.number": gettext_noop(
            "“%(read)s” was read; expected a whole number from %(low)s to %(high)s, or nothing"
            " where it is not known."
        ),
    }
)


class AmountField(forms.Field):
    """A value of a parameter; cleans to a whole number, to a flag, or to None: not known."""

    def __init__(self, unit: str, **options: Any) -> None:
        self.unit = unit
        super().__init__(widget=_widget(unit), **options)

    def validate(self, value: Any) -> None:
        """Empty is an answer: not known."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, bool):
            return "yes" if value else "no"
        return format_int(value, language()) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Amount:
        text = to_latin_digits(str(value or "")).translate(SEPARATORS).strip()
        if not text:
            return None
        if self.unit == "flag" and text in ("yes", "no"):
            return text == "yes"
        high = HUNDRED if self.unit == "percent" else INT64
        if self.unit == "flag" or not text.isdecimal() or not 0 <= int(text) <= high:
            refused = Invalid("value.number", read=str(value)[:40], low=0, high=high)
            raise forms.ValidationError(refused.message())
        return int(text)


def _widget(unit: str) -> forms.Widget:
    if unit == "flag":
        return forms.Select(choices=[("", _("not known")), ("yes", _("yes")), ("no", _("no"))])
    if unit == "rial":
        return AmountInput("rial", attrs=dict(NUMERIC))
    return forms.TextInput(attrs=dict(NUMERIC))


class DayForm(forms.Form):
    """The first day of a version; tomorrow unless said."""

    since = JalaliDateField(label=gettext_lazy("In force from"))

    def __init__(self, given: Mapping[str, str]) -> None:
        tomorrow = timezone.localdate() + dt.timedelta(1)
        super().__init__({"since": given.get("since") or tomorrow})

    def clean_since(self) -> dt.date:
        since: dt.date = self.cleaned_data["since"]
        if since < timezone.localdate():
            raise forms.ValidationError(Invalid("version.past", read=since).message())
        return since


class WhyForm(forms.Form):
    """What the second person reads."""

    why = forms.CharField(
        label=gettext_lazy("What changes and why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The second person decides by it; it stays in the trail."),
        min_length=SHORTEST_NOTE,
        max_length=2000,
    )


class ValuesForm(WhyForm):
    """Every value that is in force on a day, to change some; and where the new ones are written."""

    use_required_attribute = False  # a value may be left empty

    def __init__(
        self, data: Any, *, pack: Pack, since: dt.date, begin: Mapping[Place, Amount] | None = None
    ) -> None:
        super().__init__(data)
        self.pack = pack
        self.held = values_on(pack, since)
        known = sorted(pack.sources.items())
        self.fields["source"] = forms.CharField(
            label=_("New source: the decree, its number and date, or its address"),
            required=False, max_length=200,
        )  # fmt: skip
        self.fields["cited"] = forms.MultipleChoiceField(
            label=_("Sources the pack knows"),
            required=False,
            choices=[(key, f"{key}: {say(source)}"[:90]) for key, source in known],
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Without any source the new values are marked as an assumption."),
        )
        self.fields["note_fa"] = forms.CharField(
            label=_("Note beside the new values, in Persian"), required=False, max_length=500,
            help_text=_("Citizens read it in the explanation of their decision."),
        )  # fmt: skip
        self.fields["note_en"] = forms.CharField(
            label=_("The same note in English"), required=False, max_length=500
        )
        for parameter, values in self.held:
            for place, value in values.items():
                self.fields[_name(place)] = AmountField(
                    parameter.unit,
                    label=self._label(parameter, place),
                    initial=(begin or {}).get(place, value),
                )

    def _label(self, parameter: DatedParameter, place: Place) -> str:
        if place[1] is None:
            return _("Value")
        return words.key_titles(self.pack, parameter.keys)[parameter.keys.index(place[1])]

    def groups(self) -> list[tuple[DatedParameter, list[BoundField]]]:
        """The parameters with the fields of their values."""
        return [
            (parameter, [self[_name(place)] for place in values]) for parameter, values in self.held
        ]

    def about(self) -> list[BoundField]:
        """The fields that are no values."""
        return [self[name] for name in ("why", "source", "cited", "note_fa", "note_en")]

    def wanted(self) -> dict[Place, Amount]:
        """Every value as it stands in the form."""
        return {
            place: self.cleaned_data[_name(place)]
            for _parameter, values in self.held
            for place in values
        }

    def note(self) -> Text | None:
        said = [self.cleaned_data[name] for name in ("note_fa", "note_en")]
        return Text(said[0] or said[1], said[1] or said[0]) if any(said) else None


def _name(place: Place) -> str:
    parameter, key = place
    return f"value-{parameter}" if key is None else f"value-{parameter}-{key}"


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Cleans to the list of the files brought."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=FilesInput(attrs={"accept": ".yaml,.zip"}), **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = data if isinstance(data, list) else [data]
        clean = super().clean
        return [clean(one, initial) for one in found or [None]]


class UploadForm(WhyForm):
    """A version as files."""

    since = JalaliDateField(label=gettext_lazy("In force from"))
    laws = FilesField(
        label=gettext_lazy("Law files (.yaml), or one archive (.zip) of the whole pack"),
        help_text=gettext_lazy(
            "Law files take the place of those of their name, the others stay as they are in"
            " force; an archive is the whole pack."
        ),
    )
    field_order = ("laws", "since", "why")


class AnswerForm(forms.Form):
    """Yes, no, or taken back, with the reason."""

    answer = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
