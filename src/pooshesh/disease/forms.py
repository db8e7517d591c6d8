"""Forms of the room."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.disease.models import (
    ClaimState,
    Disease,
    DiseaseKind,
    Purpose,
    RowReason,
    WishState,
)
from pooshesh.disease.states import GROUNDS, WRITE
from pooshesh.documents.forms import UploadField
from pooshesh.documents.models import DocumentKind
from pooshesh.places.fields import AreaField
from pooshesh.places.forms import ANY
from pooshesh.web.fields import (
    ForeignCodeField,
    JalaliDateField,
    NationalIdField,
    RialField,
)

_WHY = _("At least 10 letters; it is kept.")


class Narrow(forms.Form):
    """Narrows a list; unknown choices are passed over."""

    def asked(self, field: str) -> Any:
        """What was chosen, "" for all or for what cannot be read."""
        self.is_valid()
        return self.cleaned_data.get(field) or ""


def _diseases(field: forms.Field, diseases: list[Disease]) -> None:
    field.choices = [ANY, *((one.code, str(one)) for one in diseases)]  # type: ignore[attr-defined]


class ClaimNarrow(Narrow):
    """Diagnoses of a state and a disease."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *ClaimState.choices])
    disease = forms.ChoiceField(label=_("Disease"), required=False)

    def __init__(self, *args: Any, diseases: list[Disease]) -> None:
        super().__init__(*args)
        _diseases(self.fields["disease"], diseases)


TAG_STATES = (
    ("tag_holds", _("Holds")), ("tag_ends_soon", _("Ends soon")), ("tag_ended", _("Ended")),
    ("tag_revoked", _("Revoked")),
)  # fmt: skip


class TagNarrow(Narrow):
    """Tags of a state and a disease."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *TAG_STATES])
    disease = forms.ChoiceField(label=_("Disease"), required=False)

    def __init__(self, *args: Any, diseases: list[Disease]) -> None:
        super().__init__(*args)
        _diseases(self.fields["disease"], diseases)


class RowNarrow(Narrow):
    """Rows of the registry by why they wait."""

    reason = forms.ChoiceField(
        label=_("Why it waits"), required=False, choices=[ANY, *RowReason.choices]
    )


class OnDay(Narrow):
    """What held on a day."""

    on = JalaliDateField(label=_("What held on"), required=False)


# --- the list ----------------------------------------------------------------------------------


class ChangeDiseaseForm(forms.Form):
    """Names and codes of a disease."""

    name_fa = forms.CharField(label=_("Name in Persian"), max_length=160)
    name_en = forms.CharField(
        label=_("Name in English"), max_length=160, required=False,
        widget=forms.TextInput({"dir": "ltr"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=DiseaseKind.choices)
    icd10 = forms.CharField(
        label="ICD-10", max_length=120, required=False,
        widget=forms.TextInput({"class": "code", "dir": "ltr"}),
        help_text=_("Such as G12.0;G12.1 or C00-C97."),
    )  # fmt: skip
    orpha = forms.CharField(
        label="ORPHA", max_length=120, required=False,
        widget=forms.TextInput({"class": "code", "dir": "ltr"}),
        help_text=_("Numbers with commas between them."),
    )  # fmt: skip
    tag_months = forms.IntegerField(
        label=_("Months a tag holds"), required=False, min_value=1, max_value=120,
        help_text=_("Empty: without end."),
    )  # fmt: skip


class NewDiseaseForm(ChangeDiseaseForm):
    """A disease for the list."""

    code = forms.CharField(
        label=_("Code"), max_length=12, widget=forms.TextInput({"class": "code", "dir": "ltr"}),
        help_text=_("2 to 12 Latin capitals, digits or dashes; it stays."),
    )  # fmt: skip
    field_order = ("code",)


class EvidenceForm(forms.Form):
    """A document that a disease asks for."""

    purpose = forms.ChoiceField(label=_("For"), choices=Purpose.choices)
    kind = forms.ChoiceField(label=_("Kind of document"), choices=DocumentKind.choices)
    title_fa = forms.CharField(label=_("Title"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    required = forms.BooleanField(label=_("Required"), required=False, initial=True)
    since = JalaliDateField(label=_("In force from"), initial=timezone.localdate)


class PackageForm(forms.Form):
    """A new version of a package."""

    file = forms.FileField(label=_("Sheet (CSV or XLSX)"))
    starts = JalaliDateField(label=_("In force from"))
    ceiling = RialField(
        label=_("Ceiling per patient and year"), required=False,
        help_text=_("In rial. Empty: the ceiling of the fund's rules."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("What is new"), required=False, max_length=1_000,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip


class EndPackageForm(forms.Form):
    """From which day a disease has no package, and why."""

    starts = JalaliDateField(label=_("Without a package from"), initial=timezone.localdate)
    why = forms.CharField(
        label=_("Reason"), max_length=1_000, widget=forms.Textarea({"rows": 3}), help_text=_WHY
    )


class AnswerForm(forms.Form):
    """Why a version is refused."""

    answer = forms.CharField(
        label=_("Reason"), max_length=1_000, widget=forms.Textarea({"rows": 3}), help_text=_WHY
    )


# --- diagnoses and tags ------------------------------------------------------------------------


class TagForm(forms.Form):
    """On which days a tag holds."""

    starts = JalaliDateField(label=_("Tagged from"), initial=timezone.localdate)
    ends = JalaliDateField(
        label=_("Holds until before"), required=False, help_text=_("Empty: without end.")
    )
    why = forms.CharField(
        label=_("Remark"), required=False, max_length=1_000, widget=forms.Textarea({"rows": 2})
    )


class OverturnForm(TagForm):
    """Why a refusal is taken back."""

    why = forms.CharField(
        label=_("Reason"), max_length=1_000, widget=forms.Textarea({"rows": 2}), help_text=_WHY
    )


class GroundForm(forms.Form):
    """A ground and the words that go with it."""

    ground = forms.ChoiceField(label=_("Ground"))
    why = forms.CharField(
        label=_("In words the patient understands"), max_length=1_000,
        widget=forms.Textarea({"rows": 3}), help_text=_WHY,
    )  # fmt: skip

    def __init__(self, verb: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = GROUNDS[verb].choices  # type: ignore[attr-defined]


class AppealForm(GroundForm):
    """An appeal with what it is proven by."""

    uploads = UploadField(label=_("Documents"), required=False)


class CompleteForm(forms.Form):
    """What was missing."""

    uploads = UploadField(label=_("Documents"), required=False)


class RenewForm(forms.Form):
    """How much longer a tag holds."""

    ends = JalaliDateField(
        label=_("Holds until before"), required=False, help_text=_("Empty: without end.")
    )
    why = forms.CharField(
        label=_("Remark"), required=False, max_length=1_000, widget=forms.Textarea({"rows": 2})
    )


class RevokeForm(forms.Form):
    """From when a tag holds no longer, and why."""

    since = JalaliDateField(label=_("First day it does not hold"), initial=timezone.localdate)
    why = forms.CharField(
        label=_("Reason"), max_length=1_000, widget=forms.Textarea({"rows": 3}), help_text=_WHY
    )


class CodeForm(forms.Form):
    """The code of a tag."""

    code = forms.CharField(
        label=_("Code on the card"), max_length=60,
        widget=forms.TextInput({"class": "code", "autocomplete": "off", "dir": "ltr"}),
    )  # fmt: skip


# --- the ministry's registry -------------------------------------------------------------------


class RegistryForm(forms.Form):
    """A sheet of the ministry's registry and to whose residents it is matched."""

    file = forms.FileField(label=_("Sheet (CSV or XLSX)"))
    area = AreaField(label=_("Matched to residents of"), permission=WRITE)

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]


class FindForm(forms.Form):
    """By which number the person of a row is found."""

    national_id = NationalIdField(label=_("National ID number"), required=False)
    foreign_code = ForeignCodeField(label=_("Foreign national's code"), required=False)

    def number(self) -> str:
        """What was typed, "" for nothing or for what is no number."""
        if not self.is_valid():
            return ""
        found = self.cleaned_data["national_id"] or self.cleaned_data["foreign_code"]
        return found.value if found else ""


class AsideForm(forms.Form):
    """Why a row stands for nobody here."""

    why = forms.CharField(
        label=_("Reason"), max_length=1_000, widget=forms.Textarea({"rows": 2}), help_text=_WHY
    )


# --- wishes ------------------------------------------------------------------------------------


class WishForm(forms.Form):
    """A disease somebody wishes to have on the list."""

    name = forms.CharField(label=_("Name of the disease"), max_length=160)
    words = forms.CharField(
        label=_("Why it should be on the list"), required=False, max_length=1_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Write no names and no numbers; this is not your file."),
    )  # fmt: skip
    province = forms.ChoiceField(label=_("Your province"), required=False)
    #: Nobody sees it; machines fill in everything.
    website = forms.CharField(
        label=_("Leave this empty"), required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, provinces: list[tuple[str, str]]) -> None:
        super().__init__(*args)
        self.fields["province"].choices = [("", "—"), *provinces]  # type: ignore[attr-defined]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(gettext("Leave this empty"))
        return ""

    def seen(self) -> list[forms.BoundField]:
        """What a person sees."""
        return [field for field in self.visible_fields() if field.name != "website"]


class WishAnswerForm(forms.Form):
    """What became of a wish."""

    name = forms.CharField(label=_("Name as the public reads it"), max_length=160)
    state = forms.ChoiceField(
        label=_("State"), choices=[one for one in WishState.choices if one[0] != WishState.NEW]
    )
    disease = forms.ChoiceField(label=_("Disease that was added"), required=False)
    words = forms.CharField(
        label=_("Answer to the public"), required=False, max_length=1_000,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, diseases: list[Disease], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disease"].choices = [  # type: ignore[attr-defined]
            ("", "—"), *((one.code, str(one)) for one in diseases),
        ]  # fmt: skip
