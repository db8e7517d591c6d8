"""Forms of residents' voice: what a resident fills in, and what a clerk answers."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.network.models import Gap, GapKind, ReportKind, ReportState, Severity
from pooshesh.network.voice import actions, codes, prepared, queries
from pooshesh.places.models import Area

ANY = ("", _("All"))
OPEN, OVERDUE = "open", "overdue"
NUMBER = {"inputmode": "numeric", "autocomplete": "off", "class": "code"}
SCORES = (
    (5, _("5: very good")), (4, _("4: good")), (3, _("3: fair")), (2, _("2: bad")),
    (1, _("1: very bad")),
)  # fmt: skip


class ResidentForm(forms.Form):
    """What a resident says about their neighbourhood."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    about = forms.ChoiceField(label=_("What is missing"), choices=GapKind.choices)
    score = forms.TypedChoiceField(
        label=_("How satisfied are you with health cover here?"), choices=SCORES, coerce=int,
        widget=forms.RadioSelect,
    )  # fmt: skip
    text = forms.CharField(
        label=_("In your own words"), max_length=actions.LONGEST,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Where, since when, whom it hurts. No names are needed."),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Your telephone, if we may call"), max_length=30, required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel", "class": "code"}),
        help_text=_("Without it you read the answer here, with your code."),
    )  # fmt: skip
    #: Nobody sees it; machines fill in everything.
    website = forms.CharField(
        label=_("Leave this empty"), required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, kind: ReportKind, data: Any = None) -> None:
        super().__init__(data, initial={"token": uuid4()})
        if kind == ReportKind.RATING:
            self.fields["text"].required = False
        else:
            del self.fields["score"]
        if kind != ReportKind.GAP:
            del self.fields["about"]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(gettext("Leave this empty"))
        return ""

    def seen(self) -> list[forms.BoundField]:
        """What a resident sees."""
        return [field for field in self.visible_fields() if field.name != "website"]


class CodeForm(forms.Form):
    """A tracking code."""

    code = forms.CharField(
        label=_("Tracking code"), max_length=80, widget=forms.TextInput(NUMBER),
        help_text=_("20 digits, as they stand on your slip."),
    )  # fmt: skip


class SearchForm(forms.Form):
    """Finds a neighbourhood."""

    q = forms.CharField(
        label=_("Your neighbourhood"), max_length=80, required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Its name, its city's, or its code."),
    )  # fmt: skip


class Narrow(forms.Form):
    """Narrows the inbox."""

    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[(OPEN, _("Still open")), (OVERDUE, _("Overdue")), ("all", _("All")),
                 *ReportState.choices],
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ANY, *ReportKind.choices])


class AnswerForm(forms.Form):
    """What the resident is told."""

    prepared = forms.ChoiceField(label=_("Prepared answer"), required=False)
    text = forms.CharField(
        label=_("In words"), required=False, max_length=4_000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Follows the prepared answer. No names: who has the code reads it."),
    )  # fmt: skip

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prepared"].choices = prepared.choices(kind)  # type: ignore[attr-defined]

    def said(self) -> str:
        """The whole answer."""
        parts = prepared.text_of(self.cleaned_data["prepared"]), self.cleaned_data["text"].strip()
        return "\n".join(part for part in parts if part)


class AsGapForm(forms.Form):
    """A gap made of a report."""

    kind = forms.ChoiceField(label=_("What is missing"), choices=GapKind.choices)
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=Severity.choices, coerce=int, initial=Severity.MEDIUM
    )
    text = forms.CharField(
        label=_("In words"), widget=forms.Textarea({"rows": 3}), max_length=4_000,
        help_text=_("What is missing, for whom, since when. No names of persons."),
    )  # fmt: skip


class JoinForm(forms.Form):
    """A gap that is registered already."""

    gap = forms.ModelChoiceField(label=_("Gap"), queryset=Gap.objects.none())

    def __init__(self, user: Any, area: Area, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["gap"]
        field.queryset = queries.gaps_there(user, area)
        field.label_from_instance = lambda one: (
            f"{one.number} · {GapKind(one.kind).label} · {one.text[:60]}"
        )


def code_of(form: CodeForm) -> str | None:
    """The code that was typed; None when it was mistyped."""
    return codes.read(form.cleaned_data["code"])
