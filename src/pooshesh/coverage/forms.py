"""Forms of cover."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.coverage import terms
from pooshesh.coverage.documents import MEGABYTES, Upload
from pooshesh.coverage.lists import BIRTH_STATES, NOTICE_STATES
from pooshesh.coverage.models import DocumentKind, Insurer, Method, Reason, Scheme
from pooshesh.kernel.calendar import (
    MONTHS_EN,
    MONTHS_FA,
    fiscal_year,
    from_jalali,
    month_days,
    to_jalali,
)
from pooshesh.kernel.money import Rial, format_rial, suspicious_unit
from pooshesh.kernel.text import speaks_persian
from pooshesh.people.models import Sex
from pooshesh.people.registration import CensusPerson
from pooshesh.places.fields import AreaField
from pooshesh.places.queries import Scope
from pooshesh.web.fields import JalaliDateField, NationalIdField, RialField
from pooshesh.web.format import digits, language

ANY = ("", _("All"))
DAY = dt.timedelta(days=1)
FIRST_YEAR = 1400


class UndoForm(forms.Form):
    """Why an enrolment is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least 10 letters; it is kept beside the enrolment."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least 10 letters; it is kept."),
    )  # fmt: skip


class NoticeForm(forms.Form):
    """What somebody is told before cover rests."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            choice
            for choice in Reason.choices
            if choice[0] in (Reason.ARREARS, Reason.DOUBLE_COVER, Reason.DOCUMENTS, Reason.DECISION)
        ],
    )
    deadline = JalaliDateField(
        label=_("Cover may stop from"), initial=lambda: timezone.localdate() + terms.NOTICE,
        help_text=_("At least 15 days from today (an assumption: no source states the time)."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("What is to be done"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class SuspendForm(forms.Form):
    """From when cover rests, after which notice."""

    reason = forms.ChoiceField(label=_("Reason"))
    start = JalaliDateField(label=_("Cover rests from"), initial=timezone.localdate)

    def __init__(self, *args: Any, reasons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]


class ReviveForm(forms.Form):
    """From when cover holds again."""

    since = JalaliDateField(label=_("Cover holds again from"), initial=timezone.localdate)


class ResolveForm(forms.Form):
    """Which of two insurers stays."""

    stays = forms.ChoiceField(
        label=_("Who covers from then on"), widget=forms.RadioSelect,
        choices=[("ours", _("This insurer; the other ended")), ("other", _("The other insurer"))],
        help_text=_(
            "Where ours ends the person is told at once, and has at least 15 days to object."
        ),
    )  # fmt: skip
    since = JalaliDateField(label=_("From"), initial=lambda: timezone.localdate() + terms.NOTICE)
    reason = forms.CharField(
        label=_("What shows it"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
        help_text=_("At least 10 letters; it is kept."),
    )  # fmt: skip


class NewbornForm(forms.Form):
    """A child just born."""

    first_name = forms.CharField(label=_("First name"), max_length=120)
    last_name = forms.CharField(label=_("Last name"), max_length=120)
    father_name = forms.CharField(label=_("Father's name"), required=False, max_length=120)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices)
    birth_date = JalaliDateField(label=_("Birth date"))
    national_id = NationalIdField(label=_("National ID number"), required=False)

    def child(self) -> CensusPerson:
        """The child as typed."""
        data = self.cleaned_data
        number = data.pop("national_id")
        return CensusPerson(row=0, **data, national_id=number.value if number else "")


# --- households ---------------------------------------------------------------------------


class DayForm(forms.Form):
    """From which day members are to be covered."""

    on = JalaliDateField(label=_("Covered from"), initial=timezone.localdate)


class EnrolForm(forms.Form):
    """Which members, in which fund, with which documents."""

    on = JalaliDateField(label=_("Covered from"), widget=forms.HiddenInput)
    scheme = forms.ChoiceField(
        label=_("Fund"), required=False, choices=[("", _("As the rules say")), *Scheme.choices],
        help_text=_("Another fund than the rules say needs a reason."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Reason, where the rules are overruled"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    identity = forms.FileField(label=DocumentKind.IDENTITY.label, required=False)
    residence = forms.FileField(label=DocumentKind.RESIDENCE.label, required=False)
    income = forms.FileField(label=DocumentKind.INCOME.label, required=False)
    other = forms.FileField(label=DocumentKind.OTHER.label, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = gettext("PDF, JPEG or PNG, at most %(most)s megabytes; it is kept sealed.")
        for kind in DocumentKind.values:
            self.fields[kind].widget.attrs["accept"] = ".pdf,.jpg,.jpeg,.png"
            self.fields[kind].help_text = said % {"most": digits(str(MEGABYTES))}

    def uploads(self) -> list[Upload]:
        """The files that were brought."""
        given = [(kind, self.cleaned_data.get(kind)) for kind in DocumentKind.values]
        return [Upload(kind, file.name, file.size, file.file) for kind, file in given if file]


class InvoiceForm(forms.Form):
    """For which days premium is asked: a Jalali year or a month of it."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    month = forms.TypedChoiceField(label=_("Month"), coerce=int, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = to_jalali(timezone.localdate()).year
        years = [(one, digits(str(one))) for one in range(now + 1, FIRST_YEAR - 1, -1)]
        months = MONTHS_FA if speaks_persian(language()) else MONTHS_EN
        whole = ("", gettext("The whole year"))
        self.fields["year"].choices = years  # type: ignore[attr-defined]
        self.fields["year"].initial = now
        self.fields["month"].choices = [whole, *enumerate(months, 1)]  # type: ignore[attr-defined]

    def period(self) -> tuple[dt.date, dt.date]:
        """The first day, and the first day after."""
        year, month = self.cleaned_data["year"], self.cleaned_data["month"]
        if not month:
            first, last = fiscal_year(year)
            return first, last + DAY
        first = from_jalali(year, month, 1)
        return first, first + month_days(year, month) * DAY


class BillForm(InvoiceForm):
    """Which area is billed, and for which days."""

    area = AreaField(
        label=_("Area"), permission="coverage.write",
        help_text=_("All households that live there, also in what lies below it."),
    )  # fmt: skip
    field_order = ("area", "year", "month")

    def __init__(self, *args: Any, reach: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, AreaField)
        area.within(reach)


class _MoneyForm(forms.Form):
    """An amount that is questioned where rial and toman may have been mixed up."""

    amount = RialField(label=_("Amount in rial"))
    reference = forms.CharField(
        label=_("Reference number of the bank"), max_length=40,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off"}),
    )  # fmt: skip
    sure = forms.BooleanField(
        label=_("The amount is right as written, in rial"), required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, expected: Rial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        amount: Rial | None = data.get("amount")
        if amount and self.expected and not data.get("sure"):
            near = (Rial(self.expected.amount * 9 // 10), Rial(self.expected.amount * 11 // 10))
            meant = suspicious_unit(amount, *near)
            if meant:
                said = gettext(
                    "%(read)s was written and about %(expected)s is expected: was toman meant? "
                    "Then write %(meant)s; if not, tick the box below."
                )
                shown = {"read": amount, "expected": self.expected, "meant": meant}
                self.add_error(
                    "amount", said % {k: format_rial(v, language()) for k, v in shown.items()}
                )
        return data


class PaymentForm(_MoneyForm):
    """Money received."""

    paid_on = JalaliDateField(label=_("Day of payment"), initial=timezone.localdate)
    method = forms.ChoiceField(label=_("How it was paid"), choices=Method.choices)
    field_order = ("amount", "sure", "reference", "paid_on", "method")


class RefundForm(_MoneyForm):
    """Credit given back."""

    refunded_on = JalaliDateField(label=_("Day of the refund"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("At least 10 letters; it is kept."),
    )  # fmt: skip
    field_order = ("amount", "sure", "reference", "refunded_on", "reason")


# --- what narrows a list ---------------------------------------------------------------------


class _Narrow(forms.Form):
    def asked(self, field: str) -> Any:
        """What was chosen, None for all or for what cannot be read."""
        self.is_valid()
        return self.cleaned_data.get(field) or None


class OnDay(_Narrow):
    """Figures of a day."""

    on = JalaliDateField(label=_("What held on"), required=False)


class SpellNarrow(OnDay):
    """Spells of a day, an insurer, a fund."""

    insurer = forms.ChoiceField(label=_("Insurer"), required=False)
    scheme = forms.ChoiceField(label=_("Fund"), required=False, choices=[ANY, *Scheme.choices])
    suspended = forms.BooleanField(label=_("Suspended only"), required=False)

    def __init__(self, *args: Any, insurers: list[Insurer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [ANY, *((one.pk, str(one)) for one in insurers)]
        self.fields["insurer"].choices = chosen  # type: ignore[attr-defined]


#: What a notice and a newborn may be; also the words of their badges.
NOTICE_WORDS = {
    "open": _("Time is running"), "due": _("Deadline has come"), "acted": _("Cover rests"),
    "withdrawn": _("Withdrawn"),
}  # fmt: skip
BIRTH_WORDS = {
    "grace": _("In the grace time"), "over": _("Grace over, not enrolled"),
    "enrolled": _("Enrolled"),
}  # fmt: skip


class NoticeNarrow(_Narrow):
    """Notices of a state."""

    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[ANY, *((code, NOTICE_WORDS[code]) for code in NOTICE_STATES)],
    )  # fmt: skip


class BirthNarrow(_Narrow):
    """Newborns of a state."""

    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[ANY, *((code, BIRTH_WORDS[code]) for code in BIRTH_STATES)],
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code of a card."""

    code = forms.CharField(
        label=_("Code on the card"), max_length=60,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off", "dir": "ltr"}),
    )  # fmt: skip
