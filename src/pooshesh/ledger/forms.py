"""Forms of the ledger. Refusals of the actions are put on the form by the page."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.money import Rial, format_rial, suspicious_unit
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.ledger import terms
from pooshesh.ledger.models import LimitVerb, OrderState, PayeeKind, VoucherState
from pooshesh.ledger.orders import limit_of
from pooshesh.ledger.payees import Payee
from pooshesh.places import queries as places
from pooshesh.places.fields import CODE, AreaField
from pooshesh.places.models import AreaKind, Facility
from pooshesh.web.fields import (
    ChoiceSearchInput,
    JalaliDateField,
    OnceField,
    RialField,
    ShebaField,
)
from pooshesh.web.format import digits, language

ALL = ("", _("All"))
REASON = _("Reason")


def this_year() -> int:
    """The Jalali year of today."""
    return to_jalali(timezone.localdate())[0]


class GuardedForm(forms.Form):
    """An amount that is questioned where rial and toman may have been mixed up.

    `usual` is what is usual, in rial; `None` asks nothing.
    """

    amount = RialField(label=_("Amount in rial"))
    sure = forms.BooleanField(label=_("The amount is right as written, in rial"), required=False)
    usual: tuple[Rial, Rial] | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        amount: Rial | None = data.get("amount")
        if amount is not None and amount.amount <= 0:
            self.add_error("amount", gettext("The amount is zero or less; expected more."))
        elif amount and self.usual and not data.get("sure"):
            meant = suspicious_unit(amount, *self.usual)
            if meant:
                said = gettext(
                    "%(read)s is unusual here: was toman meant? Then write %(meant)s; if not, tick"
                    " the box below."
                )
                shown = {"read": amount, "meant": meant}
                self.add_error(
                    "amount", said % {k: format_rial(v, language()) for k, v in shown.items()}
                )
        return data


def _year(**options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Budget year"), min_value=1390, max_value=1500, initial=this_year,
        widget=forms.TextInput(attrs={"class": "code", "inputmode": "numeric"}), **options,
    )  # fmt: skip


def _why(label: Any = REASON) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("At least 10 letters; it is kept."),
    )  # fmt: skip


def _code(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=40,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off"}), **options,
    )  # fmt: skip


class LawForm(GuardedForm):
    """What the budget law gives."""

    once = OnceField()
    usual = terms.USUAL_BUDGET
    year = _year()
    citation = forms.CharField(label=_("Law and article"), max_length=200)
    field_order = ("year", "amount", "sure", "citation")


class AllocationForm(GuardedForm):
    """Credit for a province, or taken back from it."""

    once = OnceField()
    usual = terms.USUAL_ALLOCATION
    year = _year()
    area = AreaField(label=_("Province"), permission="ledger.budget", kind=AreaKind.PROVINCE)
    way = forms.ChoiceField(
        label=_("What is to be done"),
        choices=[("allocate", _("Allocate")), ("take_back", _("Take back what is free"))],
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    field_order = ("year", "area", "way", "amount", "sure", "note")

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """The end of a year, typed twice: it is not taken back."""

    again = forms.CharField(
        label=_("Type the year to confirm"), max_length=4,
        widget=forms.TextInput(attrs={"class": "code", "inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_again(self) -> str:
        if to_latin_digits(clean(self.cleaned_data["again"])) != str(self.year):
            raise forms.ValidationError(gettext("This is not the year that is to be closed."))
        return str(self.year)


class LimitForm(forms.Form):
    """The most somebody may order or release, in one order or in one day."""

    verb = forms.ChoiceField(label=_("What is to be done"), choices=LimitVerb.choices)
    holder = forms.ChoiceField(label=_("Who"), required=False)
    most = RialField(label=_("At most, in rial"))
    sure = forms.BooleanField(label=_("A lower limit is meant, as written"), required=False)

    def __init__(self, *args: Any, users: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = ("", _("Everybody without a limit of their own"))
        holder = self.fields["holder"]
        assert isinstance(holder, forms.ChoiceField)
        holder.choices = [everybody, *((str(one.pk), str(one)) for one in users)]

    def clean(self) -> dict[str, Any]:
        """A limit below today's stops payments at once, and may be toman: it is asked about."""
        data = super().clean() or self.cleaned_data
        most: Rial | None = data.get("most")
        if most is None or "verb" not in data or "holder" not in data or data.get("sure"):
            return data
        now = limit_of(data["verb"], data["holder"])
        if most.amount < now.amount:
            said = gettext(
                "%(read)s is less than the %(now)s of today: larger payments stop at once. Was"
                " toman meant? If the lower limit is meant, tick the box below."
            )
            shown = {"read": format_rial(most, language()), "now": format_rial(now, language())}
            self.add_error("most", said % shown)
        return data


class PayeeForm(forms.Form):
    """Who is paid, and into which account."""

    kind = forms.ChoiceField(label=_("Who is paid"), choices=PayeeKind.choices)
    name = forms.CharField(label=_("Name of the account's holder"), max_length=160)
    sheba = ShebaField(label=_("Sheba"))

    def payee(self) -> Payee:
        """What was written."""
        data = self.cleaned_data
        return Payee(data["kind"], data["name"], data["sheba"].value)


class DrawForm(PayeeForm, GuardedForm):
    """A voucher over a commitment or a share of it."""

    once = OnceField()
    why = forms.CharField(
        label=_("Why another payee"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where the decision, or its last voucher, names another payee or account;"
                    " a second person then confirms it."),
    )  # fmt: skip
    field_order = ("amount", "sure", "kind", "name", "sheba", "why")


class ChangeForm(PayeeForm):
    """Another payee, with a reason."""

    why = _why(_("Why it changes"))


class ReasonForm(forms.Form):
    """Why."""

    why = _why()


class RefundForm(GuardedForm):
    """Money a payee gave back."""

    reference = _code(_("Reference number of the bank"))
    on = JalaliDateField(label=_("Day of the refund"), initial=timezone.localdate)
    why = _why()
    field_order = ("amount", "sure", "reference", "on", "why")


class VoucherNarrow(forms.Form):
    """Narrows the list of vouchers."""

    state = forms.ChoiceField(
        label=_("State"), choices=[ALL, *VoucherState.choices], required=False
    )
    year = forms.ChoiceField(label=_("Budget year"), required=False)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = self.fields["year"]
        assert isinstance(year, forms.ChoiceField)
        year.choices = [ALL, *((str(one), digits(str(one))) for one in years)]


class OrderNarrow(forms.Form):
    """Narrows the list of orders."""

    state = forms.ChoiceField(label=_("State"), choices=[ALL, *OrderState.choices], required=False)


class StatementForm(forms.Form):
    """A statement of the bank."""

    area = AreaField(
        label=_("Of which province"), permission="ledger.order", kind=AreaKind.PROVINCE
    )
    file = forms.FileField(label=_("Statement (CSV or XLSX)"))

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, AreaField)
        area.within(reach)
        own = list(places.areas(reach).filter(kind=AreaKind.PROVINCE)[:2])
        if len(own) == 1:
            area.initial = own[0]


class AssignForm(forms.Form):
    """Which payment a line is about."""

    reference = _code(_("Reference of the payment"))
    why = _why()


class FacilityField(forms.Field):
    """A facility, found by its name or code; cleans to `Facility`."""

    reach: Reach

    def __init__(self, **options: Any) -> None:
        source = reverse_lazy("ledger:facility_choices")
        super().__init__(widget=ChoiceSearchInput(source), **options)

    def to_python(self, value: Any) -> Facility | None:
        if value in self.empty_values or isinstance(value, Facility):
            return value or None
        read = clean(str(value))
        coded = CODE.search(read)
        try:
            return places.facility(self.reach, coded[1] if coded else read)
        except Facility.DoesNotExist as error:
            raise forms.ValidationError(
                gettext("There is no facility “%(read)s”; choose one from the list."),
                "unknown", {"read": read},
            ) from error  # fmt: skip


class AdvanceForm(GuardedForm):
    """Money for a provider before care is given."""

    once = OnceField()
    usual = terms.USUAL_ADVANCE
    facility = FacilityField(
        label=_("Provider"), help_text=_("Type a part of its name, or its code.")
    )
    year = _year()
    purpose = forms.CharField(label=_("What it is for"), max_length=300)
    name = forms.CharField(label=_("Name of the account's holder"), max_length=160)
    sheba = ShebaField(label=_("Sheba"))
    field_order = ("facility", "year", "amount", "sure", "purpose", "name", "sheba")

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facility"].reach = reach  # type: ignore[attr-defined]


class CertificateForm(GuardedForm):
    """What part of an advance was used for."""

    number = _code(_("Number of the certificate"))
    on = JalaliDateField(label=_("Date of the certificate"), initial=timezone.localdate)
    disease = forms.ChoiceField(label=_("Disease"), required=False)
    patients = forms.IntegerField(
        label=_("Number of patients"), min_value=1,
        widget=forms.TextInput(attrs={"class": "code", "inputmode": "numeric"}),
    )  # fmt: skip
    field_order = ("number", "on", "amount", "sure", "disease", "patients")

    def __init__(self, *args: Any, diseases: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        disease = self.fields["disease"]
        assert isinstance(disease, forms.ChoiceField)
        disease.choices = [("", _("Several diseases")), *diseases]
