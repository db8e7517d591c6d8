"""Forms of the portal's door."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.portal.models import Sits

NUMBER = {"class": "code", "inputmode": "numeric", "autocomplete": "off"}


def checked_number(text: str) -> str:
    """A number as typed; refused where ten digits cannot be a national ID number."""
    read = grade(Kind.NATIONAL_ID, text)
    if read.grade is Grade.PSEUDO and read.reason == "national_id.check_digit":
        remark = read.remark()
        assert remark
        raise forms.ValidationError(remark.message(), code=remark.code)
    return text


class AskForm(forms.Form):
    """Who asks for a code, and for whom."""

    number = forms.CharField(
        label=_("Your number"), max_length=40, widget=forms.TextInput(NUMBER),
        help_text=_("National ID number, foreign national's code, number of your patient file, or"
                    " tracking number of an application."),
    )  # fmt: skip
    patient = forms.CharField(
        label=_("Number of the patient, if you act for somebody else"), max_length=40,
        required=False, widget=forms.TextInput(NUMBER),
        help_text=_("For guardians, heirs and delegates whom the desk has registered."),
    )  # fmt: skip
    sits = forms.ChoiceField(
        label=_("Who sits at the screen?"), choices=Sits.choices, initial=Sits.PATIENT,
        widget=forms.RadioSelect,
    )  # fmt: skip

    def clean_number(self) -> str:
        return checked_number(self.cleaned_data["number"])

    def clean_patient(self) -> str:
        return checked_number(self.cleaned_data["patient"])


class CodeForm(forms.Form):
    """The six digits."""

    code = forms.CharField(
        label=_("The code in the message"), max_length=20,
        widget=forms.TextInput(
            {"class": "code", "inputmode": "numeric", "autocomplete": "one-time-code",
             "autofocus": True}
        ),
        help_text=_("Six digits. They hold for five minutes."),
    )  # fmt: skip
