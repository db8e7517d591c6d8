"""Forms of requests."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.documents.forms import UploadField
from pooshesh.documents.models import DocumentKind
from pooshesh.kernel.money import RIALS_PER_TOMAN, Rial, format_rial, suspicious_unit
from pooshesh.meetings.forms import CountField
from pooshesh.requests.checking import MOST_COUNT, LineAsked, Payee
from pooshesh.requests.models import Ground, Kind, PayeeKind
from pooshesh.web.fields import JalaliDateField, OnceField, RialField, ShebaField, asked_for
from pooshesh.web.format import language

Choices = Sequence[tuple[str, str]]
WIDE = 3  # a price so many times the usual one is asked about only when ten times fits better
MOST = 20
LEAST = 100_000  # rial; what costs less is asked about where no usual price is known


class FindForm(forms.Form):
    """Whose request it is: an identifier or the number of the file, never a name."""

    patient = forms.CharField(
        label=gettext_lazy("National ID, foreign national's code or number of the file"),
        max_length=40, widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off"}),
    )  # fmt: skip


class WhatForm(forms.Form):
    """For which disease something is asked, and of which kind."""

    disease = forms.ChoiceField(label=gettext_lazy("Disease"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What is asked"), choices=Kind.choices, widget=forms.RadioSelect,
        initial=Kind.EXPENSE,
    )  # fmt: skip

    def __init__(self, *args: Any, diseases: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disease"].choices = diseases  # type: ignore[attr-defined]


class HeadForm(forms.Form):
    """What holds for all lines."""

    once = OnceField()
    payee = forms.ChoiceField(
        label=gettext_lazy("The money goes to"), choices=PayeeKind.choices,
        initial=PayeeKind.PATIENT,
    )  # fmt: skip
    payee_name = forms.CharField(
        label=gettext_lazy("Name of the account's owner"), max_length=160, required=False
    )
    sheba = ShebaField(
        label=gettext_lazy("Sheba"), required=False,
        help_text=gettext_lazy("IR and 24 digits; it may be given later."),
    )  # fmt: skip
    urgent = forms.BooleanField(
        label=gettext_lazy("Urgent: treatment cannot wait for the usual turn"), required=False
    )
    letter = forms.ChoiceField(label=gettext_lazy("Prior approval it goes by"), required=False)
    uploads = UploadField(label=gettext_lazy("Invoices"), required=False)

    def __init__(self, *args: Any, letters: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if letters:
            none = ("", _("None"))
            self.fields["letter"].choices = [none, *letters]  # type: ignore[attr-defined]
        else:
            del self.fields["letter"]
        asked_for(self, "payee_name", "uploads")

    def given(self) -> Payee:
        data = self.cleaned_data
        sheba = data["sheba"].value if data["sheba"] else ""
        return Payee(PayeeKind(data["payee"]), data["payee_name"], sheba)


class LineForm(forms.Form):
    """A line; one with nothing in it is passed over."""

    code = forms.ChoiceField(label=gettext_lazy("Service, drug or equipment"), required=False)
    title = forms.CharField(
        label=gettext_lazy("If it is not in the list: what it is"), max_length=200, required=False
    )
    on = JalaliDateField(label=gettext_lazy("Date"), required=False)
    provider = forms.CharField(label=gettext_lazy("Provider"), max_length=160, required=False)
    invoice = forms.CharField(
        label=gettext_lazy("Invoice number"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off"}),
    )  # fmt: skip
    count = CountField(label=gettext_lazy("Count"), min_value=1, max_value=MOST_COUNT,
                       required=False)  # fmt: skip
    asked = RialField(label=gettext_lazy("Amount in rial"), required=False)

    def __init__(
        self, *args: Any, offers: Choices, kind: str, usual: Mapping[str, tuple[int, int]],
        sure: bool, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.usual, self.sure, self.kind, self.doubted = usual, sure, kind, False
        other = ("", _("Not in the package"))
        self.fields["code"].choices = [*offers, other]  # type: ignore[attr-defined]
        if kind == Kind.APPROVAL:
            del self.fields["invoice"]
        asked_for(self, "code", "title", "on", "provider", "invoice", "asked")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.has_changed() or self.errors:
            return data
        needed = ["on", "provider", "asked"] + (["invoice"] if "invoice" in self.fields else [])
        for name in needed:
            if not data.get(name):
                self.add_error(name, _("This field is required."))
        if not data.get("code") and not data.get("title"):
            self.add_error("title", _("Choose it from the list, or write what it is."))
        today = timezone.localdate()
        if self.kind == Kind.EXPENSE and data.get("on") and data["on"] > today:
            self.add_error("on", _("An invoice cannot be of a day to come."))
        if data.get("asked"):
            self._ask_for_the_unit(data["asked"], data.get("count") or 1, data.get("code", ""))
        return data

    def _ask_for_the_unit(self, asked: Rial, count: int, code: str) -> None:
        """Ask about an amount that does not fit the usual price, or any price; and about a count
        that lifts what the package pays far above what is asked for."""
        if self.sure:
            return
        low, high, meant = LEAST, 0, None
        if code in self.usual:
            low, high = self.usual[code]
            low, high = low * count // WIDE, high * count * WIDE
            meant = suspicious_unit(asked, Rial(low), Rial(high))
        if meant:
            said = _(
                "Was toman typed as rial? The usual price would make it %(meant)s. Correct it, or"
                " tick below that it is right."
            ) % {"meant": format_rial(meant, language())}
        elif 0 < asked.amount < low:
            said = _(
                "%(read)s is far below what this costs. Correct the amount or the count, or tick"
                " below that it is right."
            ) % {"read": format_rial(asked, language())}
        else:
            return
        self.doubted = True
        self.add_error("asked", said)

    def line(self, titles: Mapping[str, str], facilities: Mapping[str, UUID]) -> LineAsked:
        """As `bringing` takes it; what is in no list goes by its name."""
        data = self.cleaned_data
        code = data["code"] or f"other:{data['title']}"[:40]
        return LineAsked(
            code=code, title=titles.get(data["code"], data["title"]), on=data["on"],
            asked=data["asked"].amount, count=data["count"] or 1, provider=data["provider"],
            facility_id=facilities.get(data["provider"]), invoice=data.get("invoice", ""),
        )  # fmt: skip


class DocumentForm(forms.Form):
    """Documents of one kind."""

    kind = forms.ChoiceField(label=gettext_lazy("What it shows"), choices=DocumentKind.choices)
    uploads = UploadField(label=gettext_lazy("Pictures or PDF files"))


class WhyForm(forms.Form):
    """A reason that the patient reads."""

    why = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AmountForm(forms.Form):
    """What is to be granted, of `most` rial that were asked; asked about where ten times it would
    still be no more than that."""

    amount = RialField(label=gettext_lazy("Amount in rial"))
    sure = forms.BooleanField(
        label=gettext_lazy("The amounts are right as they are, in rial"), required=False
    )

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        amount = data.get("amount")
        if amount and not data.get("sure") and 0 < amount.amount * RIALS_PER_TOMAN <= self.most:
            self.add_error("amount", _(
                "Was toman typed as rial? %(most)s were asked, and %(read)s is a tenth of it or"
                " less. Correct it, or tick that it is right."
            ) % {"most": format_rial(Rial(self.most), language()),
                 "read": format_rial(amount, language())})  # fmt: skip
        return data


class PaperForm(AmountForm):
    """A member without an account agreed on a paper."""

    member = forms.ChoiceField(label=gettext_lazy("Member"))
    uploads = UploadField(label=gettext_lazy("The paper they signed"))
    field_order = ("member", "amount", "sure", "uploads")

    def __init__(self, *args: Any, members: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = members  # type: ignore[attr-defined]


class AppealForm(forms.Form):
    """On which ground, and what is wrong."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"), choices=Ground.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("What is wrong with the decision"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """Whether two invoices are one."""

    same = forms.TypedChoiceField(
        label=gettext_lazy("Are they one invoice?"), widget=forms.RadioSelect,
        choices=[("different", gettext_lazy("No, they are two")),
                 ("same", gettext_lazy("Yes, it was brought before"))],
        coerce=lambda value: value == "same",
    )  # fmt: skip
    why = forms.CharField(
        label=gettext_lazy("What shows it"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class GroupForm(forms.Form):
    """What is put to the vote about a group of requests."""

    text = forms.CharField(
        label=gettext_lazy("Text of the motion"),
        help_text=gettext_lazy("Of a rejection it is the ground, of a deferral the question."),
        max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
