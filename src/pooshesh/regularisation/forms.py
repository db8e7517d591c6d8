"""Forms of regularisation."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.people.fields import NationField
from pooshesh.people.models import LAWFUL, LegalStatus
from pooshesh.places.models import Area
from pooshesh.programme.forms import SheetField
from pooshesh.regularisation.actions import SHORTEST_REASON, Paper
from pooshesh.regularisation.models import DocumentKind, Ground, Proof
from pooshesh.web.fields import ForeignCodeField, JalaliDateField

NOTHING = ("", _("Nothing yet; it only says who this is"))


class PaperForm(forms.Form):
    """A document that was shown, and what it proves."""

    kind = forms.ChoiceField(label=_("Kind of document"), choices=DocumentKind.choices)
    number = forms.CharField(
        label=_("Document number"), max_length=40, widget=forms.TextInput({"class": "code"})
    )
    round = forms.IntegerField(
        label=_("Round of the Amayesh registration"), required=False, min_value=1, max_value=99
    )
    issued = JalaliDateField(label=_("Issued on"))
    expires = JalaliDateField(
        label=_("Last day of validity"), required=False,
        help_text=_("Empty where the document has no end."),
    )  # fmt: skip
    status = forms.ChoiceField(
        label=_("Lawful status it proves"), required=False,
        choices=[NOTHING, *((one.value, one.label) for one in LAWFUL)],
        help_text=_("With a lawful status the case is regularised, or its term is renewed."),
    )  # fmt: skip
    nationality = NationField()
    consent_on = JalaliDateField(
        label=_("The household agreed to be insured on"), required=False,
        help_text=_("Who pays nothing is then insured by itself; others are asked first."),
    )  # fmt: skip

    def paper(self) -> Paper:
        """What was typed, as the action takes it."""
        given = self.cleaned_data
        return Paper(
            kind=DocumentKind(given["kind"]), number=given["number"], issued=given["issued"],
            expires=given["expires"], round=given["round"],
            status=LegalStatus(given["status"]) if given["status"] else None,
            nationality=given["nationality"],
        )  # fmt: skip


class ReasonForm(forms.Form):
    """A step with its day and the reason."""

    on = JalaliDateField(label=_("Day"), initial=timezone.localdate)
    text = forms.CharField(
        label=_("Reason"), max_length=1000, min_length=SHORTEST_REASON,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip


class RefuseForm(ReasonForm):
    """A refusal with its ground."""

    ground = forms.ChoiceField(label=_("Ground"), choices=Ground.choices)
    field_order = ("ground", "on", "text")


class EnrolForm(forms.Form):
    """Enrolment of who is eligible."""

    agreed_on = JalaliDateField(
        label=_("The household agreed to be insured on"), initial=timezone.localdate
    )


class OpenForm(forms.Form):
    """A case for somebody a clerk met."""

    on = JalaliDateField(label=_("Met on"), initial=timezone.localdate)


class CodeForm(forms.Form):
    """The true code in place of a pseudo-ID."""

    code = ForeignCodeField(label=_("12-digit code of the foreign national"))


class SheetForm(forms.Form):
    """A municipality's sheet."""

    city = forms.ModelChoiceField(Area.objects.none(), label=_("City"), empty_label=None)
    file = SheetField(label=_("File (CSV or XLSX)"))

    def __init__(self, *args: Any, cities: QuerySet[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["city"].queryset = cities  # type: ignore[attr-defined]


class TellForm(forms.Form):
    """From which day cover is otherwise, as the person is told."""

    from_day = JalaliDateField(
        label=_("First day it is otherwise"), initial=timezone.localdate,
        help_text=_("Today at the earliest; the person needs time to answer."),
    )  # fmt: skip


class KeepForm(forms.Form):
    """Why cover stays as it is."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, min_length=SHORTEST_REASON,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip


class InquiryForm(forms.Form):
    """How it was made sure who asks."""

    proof = forms.ChoiceField(label=_("How it was made sure who asks"), choices=Proof.choices)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
