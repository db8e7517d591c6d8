"""Forms of renewal."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.coverage import terms as cover_terms
from pooshesh.places.fields import AreaField
from pooshesh.renewal.days import next_farvardin
from pooshesh.renewal.models import (
    AppealState,
    Channel,
    ItemState,
    Outcome,
    OutreachState,
    Result,
    Why,
)
from pooshesh.renewal.states import WORK
from pooshesh.web.fields import JalaliDateField

ALL = ("", _("All"))


class Narrow(forms.Form):
    """Choices that narrow a list; one that is not offered counts as none."""

    def asked(self, name: str) -> str:
        """What was chosen, "" for nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class RunForm(forms.Form):
    """Where and as of when cover is looked at again."""

    area = AreaField(label=_("Area"), permission=WORK)
    on = JalaliDateField(
        label=_("Renewed from"), initial=lambda: next_farvardin(timezone.localdate()),
        help_text=_("Normally 1 Farvardin. Everybody insured here is decided as of this day."),
    )  # fmt: skip

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]


class RowNarrow(Narrow):
    """Which rows of a run."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=[ALL, *Outcome.choices], required=False)
    reason = forms.ChoiceField(label=_("Reason"), choices=[ALL, *Why.choices], required=False)
    area = forms.CharField(required=False, widget=forms.HiddenInput)


class ItemNarrow(Narrow):
    """Which items of the worklist."""

    state = forms.ChoiceField(label=_("State"), choices=[ALL, *ItemState.choices], required=False)
    reason = forms.ChoiceField(label=_("Reason"), choices=[ALL, *Why.choices], required=False)


class AppealNarrow(Narrow):
    """Which appeals."""

    state = forms.ChoiceField(
        label=_("State"), choices=[ALL, ("late", _("Not answered in time")), *AppealState.choices],
        required=False,
    )  # fmt: skip


class OutreachNarrow(Narrow):
    """Whom of the entitled."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[ALL, ("overdue", _("Not told in time")), *OutreachState.choices], required=False,
    )  # fmt: skip


class NoteForm(forms.Form):
    """What a clerk found out."""

    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000
    )


class DecileForm(forms.Form):
    """The decile a household turned out to have."""

    decile = forms.TypedChoiceField(
        label=_("Income decile"), choices=[(n, n) for n in range(1, 11)], coerce=int
    )
    since = JalaliDateField(label=_("Holds from"), initial=timezone.localdate)
    source = forms.CharField(label=_("Who says so"), max_length=120)

    def clean_since(self) -> dt.date:
        since: dt.date = self.cleaned_data["since"]
        if since > timezone.localdate():
            raise forms.ValidationError(_("The day lies in the future."))
        return since


class NoticeForm(forms.Form):
    """By when cover may end."""

    deadline = JalaliDateField(
        label=_("Cover may stop from"), initial=lambda: timezone.localdate() + cover_terms.NOTICE,
        help_text=_("At least 15 days from today (an assumption: no source states the time)."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("What is to be done"), required=False, max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class SheetForm(forms.Form):
    """A sheet of deciles and who says so."""

    file = forms.FileField(label=_("Sheet (CSV or XLSX)"))
    source = forms.CharField(
        label=_("Who says so"), max_length=120, initial=_("Iranians' Welfare Database")
    )


class AppealForm(forms.Form):
    """Why a household contests its decile."""

    text = forms.CharField(
        label=_("What the household says"), max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5}), help_text=_("At least 10 letters; it is kept."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What became of an appeal."""

    answer = forms.CharField(
        label=_("Answer or reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least 10 letters; it is kept."),
    )  # fmt: skip


class CorrectForm(AnswerForm):
    """The decile that holds instead."""

    decile = forms.TypedChoiceField(
        label=_("Corrected decile"), choices=[(n, n) for n in range(1, 11)], coerce=int
    )
    field_order = ("decile", "answer")


class AttemptForm(forms.Form):
    """An attempt to tell somebody."""

    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices, initial=Channel.PHONE)
    result = forms.ChoiceField(label=_("What came of it"), choices=Result.choices)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
