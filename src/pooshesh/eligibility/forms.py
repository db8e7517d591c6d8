"""Forms of eligibility."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.eligibility.models import PER_MINUTE
from pooshesh.places.fields import AreaField
from pooshesh.web.fields import JalaliDateField


class CheckForm(forms.Form):
    """Whose cover, and on which day."""

    number = forms.CharField(
        label=_("Identity number or code of the card"), max_length=40,
        help_text=_("National ID number, foreign national's code or passport, in any digits."),
        widget=forms.TextInput({"autofocus": True, "autocomplete": "off", "dir": "ltr"}),
    )  # fmt: skip
    on = JalaliDateField(label=_("On the day"), required=False, help_text=_("Empty: today."))

    def cleaned(self) -> tuple[str, dt.date | None]:
        return self.cleaned_data["number"], self.cleaned_data["on"]


class PassForm(forms.Form):
    """A pass for a provider's program."""

    name = forms.CharField(
        label=_("Provider or system"), max_length=120,
        help_text=_("As people call it, such as the pharmacy's name and its software."),
    )  # fmt: skip
    user = forms.ChoiceField(label=_("Account"), help_text=_("Checks are made in its name."))
    area = AreaField(label=_("Area"), permission="eligibility.manage")
    until = JalaliDateField(label=_("Last day it works"))
    per_minute = forms.IntegerField(
        label=_("Checks a minute"), min_value=1, max_value=100_000, initial=PER_MINUTE
    )

    def __init__(
        self, *args: Any, reach: Reach, accounts: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]
        self.fields["user"].choices = accounts  # type: ignore[attr-defined]
