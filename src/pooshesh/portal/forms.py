"""Forms of the portal: at the door, and at the desk."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.disease.states import AppealGround
from pooshesh.documents.forms import UploadField
from pooshesh.documents.models import DocumentKind
from pooshesh.fund.codes import read as read_code
from pooshesh.fund.models import Insured
from pooshesh.fund.queries import Checklist
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.identifiers import Grade, Identifier, Kind, grade
from pooshesh.portal.models import MandateKind, Sits
from pooshesh.web.fields import (
    ForeignCodeField,
    JalaliDateField,
    MobileField,
    NationalIdField,
    asked_for,
)
from pooshesh.web.format import jdate

NUMBER = {"class": "code", "inputmode": "numeric", "autocomplete": "off"}


def checked_number(text: str) -> str:
    """A number as typed; refused where ten digits cannot be a national ID number, nor the number of
    a file or application."""
    read = grade(Kind.NATIONAL_ID, text)
    if (
        read_code(text) is None
        and read.grade is Grade.PSEUDO
        and read.reason == "national_id.check_digit"
    ):
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked_for(self, "patient")

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


class WantedForm(forms.Form):
    """What somebody in a visit applies for."""

    disease = forms.ChoiceField(label=_("Disease"))
    insured = forms.ChoiceField(
        label=_("Who insures you?"), choices=Insured.choices, required=False,
        help_text=_("Who is insured elsewhere or not at all may apply."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Anything the desk should know"), max_length=500, required=False,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, diseases: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disease"].choices = [("", "—"), *diseases]  # type: ignore[attr-defined]


class BringForm(forms.Form):
    """Documents for an application, of one kind of what is asked for."""

    kind = forms.ChoiceField(label=_("What does the picture show?"))
    uploads = UploadField(label=_("Pictures or PDF files"))

    def __init__(self, checklist: Checklist, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [(one.kind, one.title) for one in checklist.items]
        known = {kind for kind, _title in asked}
        rest = [one for one in DocumentKind.choices if one[0] not in known]
        self.fields["kind"].choices = [*asked, *rest]  # type: ignore[attr-defined]
        if checklist.missing:
            self.fields["kind"].initial = checklist.missing[0]


class WhyForm(forms.Form):
    """Why something is taken back."""

    why = forms.CharField(
        label=_("Why do you take it back?"), max_length=500, widget=forms.Textarea({"rows": 2})
    )


class AppealForm(forms.Form):
    """On what ground a decision is appealed, and in one's own words."""

    ground = forms.ChoiceField(
        label=_("Why do you think it is wrong?"),
        choices=AppealGround.choices,
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("In your own words"), max_length=2_000, widget=forms.Textarea({"rows": 4})
    )


class AnswerForm(forms.Form):
    """The answer to a committee's question."""

    text = forms.CharField(
        label=_("Your answer"), max_length=2_000, widget=forms.Textarea({"rows": 4})
    )


class FirstForm(WantedForm):
    """Who applies for the first time, and for what."""

    first_name = forms.CharField(label=_("First name"), max_length=120)
    last_name = forms.CharField(label=_("Last name"), max_length=120)
    national_id = NationalIdField(label=_("National ID number"), required=False)
    foreign_code = ForeignCodeField(
        label=_("Foreign national's code"), required=False,
        help_text=_("Only for who has no national ID number: 12 digits."),
    )  # fmt: skip
    birth_date = JalaliDateField(label=_("Birth date"), help_text=_("For example 1359/02/14"))
    mobile = MobileField(
        label=_("Mobile number"),
        help_text=_("The code goes there. For a child, the mobile of the parent who applies."),
    )
    area = forms.ChoiceField(label=_("Where the patient lives"))
    sits = forms.ChoiceField(
        label=_("Who sits at the screen?"), choices=Sits.choices, initial=Sits.PATIENT,
        widget=forms.RadioSelect,
    )  # fmt: skip

    field_order = (
        "first_name", "last_name", "national_id", "foreign_code", "birth_date", "mobile", "area",
        "disease", "insured", "note", "sits",
    )  # fmt: skip

    def __init__(self, *args: Any, areas: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "—"), *areas]  # type: ignore[attr-defined]
        asked_for(self, "national_id", "foreign_code")

    def clean_birth_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["birth_date"]
        if day > timezone.localdate():
            raise forms.ValidationError(Invalid("people.birth_future", read=jdate(day)).message())
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if bool(said.get("national_id")) == bool(said.get("foreign_code")):
            self.add_error("national_id", _("Write the national ID number, or the code."))
        return said

    def facts(self) -> dict[str, Any]:
        """What is kept until the code is typed: texts alone."""
        said = self.cleaned_data
        return {
            **{name: said[name] for name in ("first_name", "last_name", "area", "disease")},
            **{name: said[name] for name in ("insured", "note")},
            "birth_date": said["birth_date"].isoformat(),
            "national_id": said["national_id"].value if said["national_id"] else "",
            "foreign_code": said["foreign_code"].value if said["foreign_code"] else "",
            "mobile": said["mobile"].value,
        }


class RefuseForm(forms.Form):
    """Why a newcomer is not let in."""

    why = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea({"rows": 2}))


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked_for(self, "national_id", "foreign_code")

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked_for(self, "q")


class AsOfForm(forms.Form):
    """A day, and as known when."""

    on = JalaliDateField(label=_("What held on"), required=False)
    known = JalaliDateField(label=_("As known at the end of"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked_for(self, "on", "known")


class TemplateForm(forms.Form):
    """The words of one message."""

    text = forms.CharField(
        label=_("Words of the message"), max_length=600,
        widget=forms.Textarea({"rows": 4, "lang": "fa"}),
    )  # fmt: skip
