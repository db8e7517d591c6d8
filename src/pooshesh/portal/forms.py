"""Forms of the portal: at the door, and at the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pooshesh.documents.forms import UploadField
from pooshesh.kernel.identifiers import Grade, Identifier, Kind, grade
from pooshesh.portal.models import MandateKind, Sits
from pooshesh.web.fields import ForeignCodeField, JalaliDateField, MobileField, NationalIdField

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


class MandateForm(forms.Form):
    """Who may act for a patient, by which proof."""

    kind = forms.ChoiceField(
        label=_("By what right"), choices=MandateKind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Name of the holder"), max_length=120)
    national_id = NationalIdField(label=_("National ID number of the holder"), required=False)
    foreign_code = ForeignCodeField(
        label=_("Or foreign national's code of the holder"), required=False
    )
    mobile = MobileField(label=_("Mobile of the holder"), help_text=_("One-time codes go there."))
    since = JalaliDateField(label=_("First day"))
    last = JalaliDateField(
        label=_("Last day"), required=False,
        help_text=_("A guardian acts until the patient is 18, a delegate a year at most; both end"
                    " with the patient's death."),
    )  # fmt: skip
    proof = UploadField(
        label=_("Proof: birth certificate, court order, probate, power of attorney")
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if bool(said.get("national_id")) == bool(said.get("foreign_code")):
            self.add_error("national_id", _("Write one number of the holder."))
        return said

    def number(self) -> Identifier:
        """The holder's number."""
        found: Identifier = self.cleaned_data["national_id"] or self.cleaned_data["foreign_code"]
        return found


class EndForm(forms.Form):
    """Why a mandate ends, and when."""

    last = JalaliDateField(label=_("Last day"))
    why = forms.CharField(
        label=_("Why it ends"), max_length=200, widget=forms.Textarea({"rows": 2})
    )


class PatientForm(forms.Form):
    """Finds a patient."""

    q = forms.CharField(
        label=_("Patient"), max_length=80, required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Name, national ID number, foreign national's code or mobile number"),
    )  # fmt: skip


class AsOfForm(forms.Form):
    """A day, and as known when."""

    on = JalaliDateField(label=_("What held on"), required=False)
    known = JalaliDateField(label=_("As known at the end of"), required=False)


class TemplateForm(forms.Form):
    """The words of one message."""

    text = forms.CharField(
        label=_("Words of the message"), max_length=600,
        widget=forms.Textarea({"rows": 4, "lang": "fa"}),
    )  # fmt: skip
