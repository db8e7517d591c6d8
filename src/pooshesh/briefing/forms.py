"""What a briefing is made of, and a template's text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.briefing import queries
from pooshesh.briefing.models import Template
from pooshesh.insight import figures, shown
from pooshesh.insight.months import code_of, of_code
from pooshesh.places.fields import AreaField


class MakeForm(forms.Form):
    """Area, month and template of a briefing."""

    template = forms.ModelChoiceField(
        label=_("Template"), queryset=Template.objects.none(), empty_label=None
    )
    area = AreaField(label=_("Area"), permission=queries.READ)
    month = forms.TypedChoiceField(label=_("Month"), coerce=of_code)

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = figures.latest_month()
        months = sorted(figures.closed(None, last), reverse=True) if last else []
        self.fields["template"].queryset = queries.templates()  # type: ignore[attr-defined]
        self.fields["area"].within(reach)  # type: ignore[attr-defined]
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (code_of(month), shown.month_name(month)) for month in months
        ]


class TextForm(forms.Form):
    """The text of a template in both languages; `after`: the version that was read."""

    text_fa = forms.CharField(
        label=_("Persian text"), widget=forms.Textarea({"rows": 18, "dir": "rtl", "lang": "fa"})
    )
    text_en = forms.CharField(
        label=_("English text"), widget=forms.Textarea({"rows": 18, "dir": "ltr", "lang": "en"})
    )
    why = forms.CharField(label=_("Why it is changed"), max_length=300)
    after = forms.IntegerField(widget=forms.HiddenInput)


class NewForm(TextForm):
    """A new template: what it is called, and its first text."""

    field_order = ("code", "name_fa", "name_en")
    code = forms.CharField(
        label=_("Code"), max_length=40, widget=forms.TextInput({"class": "code", "dir": "ltr"}),
        help_text=_("Short, of Latin letters and digits; it stays in addresses and commands."),
    )  # fmt: skip
    name_fa = forms.CharField(label=_("Persian name"), max_length=120)
    name_en = forms.CharField(
        label=_("English name"), max_length=120, widget=forms.TextInput({"dir": "ltr"})
    )
    why = forms.CharField(label=_("What it is for"), max_length=300)
    after = None  # type: ignore[assignment]
