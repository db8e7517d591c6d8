"""Forms of the fund."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.documents.forms import UploadField
from pooshesh.documents.models import DocumentKind
from pooshesh.fund.models import Insured, ReturnTemplate
from pooshesh.fund.reasons import LONGEST, PLACES, Reason, worded
from pooshesh.fund.wording import checked
from pooshesh.kernel.errors import Invalid
from pooshesh.people.forms import PersonForm
from pooshesh.places.fields import AreaField
from pooshesh.places.models import AreaKind, Facility
from pooshesh.web.fields import MobileField, asked_for

Choices = Sequence[tuple[str, str]]


class ApplicationForm(forms.Form):
    """What is applied for, and how the applicant is reached."""

    disease = forms.ChoiceField(label=_("Disease"))
    insured = forms.ChoiceField(
        label=_("Insurance as stated"), choices=Insured.choices, required=False,
        help_text=_("Who is insured elsewhere or not at all may apply."),
    )  # fmt: skip
    mobile = MobileField(
        label=_("Mobile number for messages"), required=False,
        help_text=_("Of the patient, the guardian or whoever acts for them."),
    )  # fmt: skip
    facility = forms.ModelChoiceField(
        label=_("Hospital or clinic that brings it"), queryset=Facility.objects.none(),
        required=False,
    )  # fmt: skip
    urgent = forms.BooleanField(
        label=_("Urgent: treatment cannot wait for the usual turn"), required=False
    )
    note = forms.CharField(
        label=_("Note for the desk"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, diseases: Choices, facilities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disease"].choices = [("", "—"), *diseases]  # type: ignore[attr-defined]
        self.fields["facility"].queryset = facilities  # type: ignore[attr-defined]
        if not facilities.exists():
            del self.fields["facility"]

    def given(self) -> dict[str, Any]:
        """What `applications.apply` takes, but for the disease."""
        data = self.cleaned_data
        return {
            "insured": Insured(data["insured"]),
            "mobile": data["mobile"].value if data["mobile"] else "",
            "facility": data.get("facility"),
            "urgent": data["urgent"],
            "note": data["note"],
        }


class NewPatientForm(PersonForm):
    """The patient as their paper says; a number is asked for, since it finds the record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["relation"]

    def newcomer(self, postal_code: str = "") -> Any:
        self.cleaned_data["relation"] = "head"
        return super().newcomer(postal_code)


class LivesForm(forms.Form):
    """Where the patient lives."""

    area = AreaField(
        label=_("Lives in"), permission="fund.apply", kind=AreaKind.NEIGHBOURHOOD,
        help_text=_("Type a part of its name, or its code."),
    )  # fmt: skip

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]


class DocumentForm(forms.Form):
    """Documents of one kind."""

    kind = forms.ChoiceField(label=_("What it shows"), choices=DocumentKind.choices)
    uploads = UploadField(label=_("Pictures or PDF files"))

    def __init__(self, *args: Any, kinds: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {code for code, _title in kinds}
        rest = [one for one in DocumentKind.choices if one[0] not in known]
        self.fields["kind"].choices = [*kinds, *rest]  # type: ignore[attr-defined]


class ReturnForm(forms.Form):
    """Why an application goes back, in the words the patient reads."""

    template = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    missing = forms.MultipleChoiceField(
        label=_("What is missing"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("In your own words"), required=False, max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands after the reason; needed where no reason of the list is chosen."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Days to complete it"), min_value=1, max_value=180, required=False,
        help_text=_("Empty: as the reason says."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, templates: Sequence[ReturnTemplate], kinds: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.templates = {one.code: one for one in templates}
        own = [("", str(_("Another reason, written below")))]
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            *((one.code, one.title) for one in templates), *own,
        ]  # fmt: skip
        self.fields["template"].required = False
        asked_for(self, "template", "text")
        self.fields["missing"].choices = kinds  # type: ignore[attr-defined]
        if not kinds:
            del self.fields["missing"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("template") and not data.get("text"):
            raise forms.ValidationError(_("Choose a reason, or write one."))
        return data

    def given(self, needed: Mapping[str, str]) -> dict[str, Any]:
        """What `applications.return_for` takes; `needed`: kinds of documents and their names."""
        data = self.cleaned_data
        chosen = self.templates.get(data["template"])
        days = data["days"] or (chosen.days if chosen else 30)
        last, missing = timezone.localdate() + dt.timedelta(days=days), data.get("missing", [])
        said = [worded(chosen, missing, needed, last) if chosen else "", data["text"]]
        return {
            "text": "\n".join(part for part in said if part), "days": days, "missing": missing,
        }  # fmt: skip


class WordsForm(forms.Form):
    """A reason for returning applications, in both languages."""

    title_fa = forms.CharField(label=_("Title for the clerks, in Persian"), max_length=120)
    text_fa = forms.CharField(
        label=_("What patients read, in Persian"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "fa", "dir": "rtl"}),
    )  # fmt: skip
    title_en = forms.CharField(label=_("Title for the clerks, in English"), max_length=120)
    text_en = forms.CharField(
        label=_("The same in English"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en", "dir": "ltr"}),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Days to complete it"), min_value=1, max_value=180, initial=30
    )
    order = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=999, required=False,
        help_text=_("Small numbers first. Empty: the last one."),
    )  # fmt: skip

    def clean_text_fa(self) -> str:
        return self._checked("text_fa")

    def clean_text_en(self) -> str:
        return self._checked("text_en")

    def _checked(self, name: str) -> str:
        try:
            return checked(self.cleaned_data[name], PLACES, most=LONGEST)
        except Invalid as error:
            raise forms.ValidationError(error.message(), code=error.code) from error

    def said(self) -> Reason:
        """What `reasons.add` and `reasons.change` take."""
        return Reason(**self.cleaned_data)


class ReasonForm(forms.Form):
    """A reason in words."""

    text = forms.CharField(
        label=_("Reason"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )


class SheetForm(forms.Form):
    """A sheet of applications and the area it is about."""

    area = AreaField(
        label=_("Area"), permission="fund.work",
        help_text=_("Who lives nowhere the sheet says lives here; places outside are refused."),
    )  # fmt: skip
    sheet = forms.FileField(label=_("Sheet (CSV or XLSX)"))

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]
