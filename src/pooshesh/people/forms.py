"""Forms of people."""

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.forms import formset_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.kernel import calendar
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.identifiers import Identifier, Kind
from pooshesh.people import actions, looking
from pooshesh.people.fields import NationField
from pooshesh.people.models import IdentifierKind, LegalStatus, Precision, Relation, Sex
from pooshesh.people.registration import CensusPerson
from pooshesh.places.fields import AreaField
from pooshesh.places.models import AreaKind
from pooshesh.web.fields import (
    ForeignCodeField,
    IdentifierField,
    JalaliDateField,
    JalaliDateInput,
    MobileField,
    NationalIdField,
    PostalCodeField,
)

MOST_MEMBERS = 60


class PassportField(IdentifierField):
    """Six to nine letters and digits."""

    kind = Kind.PASSPORT


class Birth(NamedTuple):
    """A birth date as far as it is known: the first day of the month or year if less."""

    date: dt.date
    precision: str


class BirthField(forms.Field):
    """A birth date, or only its month or year; cleans to `Birth`."""

    widget = JalaliDateInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"class": "code", "autocomplete": "off"}

    def to_python(self, value: Any) -> Birth | None:
        if value in self.empty_values:
            return None
        try:
            parsed = calendar.parse_date(str(value))
            date = parsed.date or calendar.from_jalali(parsed.year, parsed.month or 1, 1)
        except Invalid as error:
            raise forms.ValidationError(error.message(), code=error.code) from error
        return Birth(date, Precision(parsed.precision))


class NameForm(forms.Form):
    """Names as they shall be shown."""

    first_name = forms.CharField(label=_("First name"), required=False)
    last_name = forms.CharField(label=_("Last name"), required=False)
    father_name = forms.CharField(label=_("Father's name"), required=False)


class PersonForm(NameForm):
    """Somebody to register."""

    relation = forms.ChoiceField(
        label=_("Relation to the head"), choices=Relation.choices, initial=Relation.HEAD
    )
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("", _("Not known")), *Sex.choices], required=False
    )
    birth_date = BirthField(
        label=_("Birth date"), required=False,
        help_text=_("For example 1359/02/14, or only 1359 where no more is known."),
    )  # fmt: skip
    national_id = NationalIdField(label=_("National ID number"), required=False)
    foreign_code = ForeignCodeField(label=_("Foreign national's code"), required=False)
    passport = PassportField(label=_("Passport number"), required=False)
    mobile = MobileField(label=_("Mobile number"), required=False)
    status = forms.ChoiceField(
        label=_("Legal status"),
        choices=[("", _("Not known")), *LegalStatus.choices],
        required=False,
    )
    nationality = NationField()

    def has_changed(self) -> bool:
        """Whether somebody was typed: the relation alone, chosen beforehand, is nobody."""
        return bool(set(self.changed_data) - {"relation"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            for field, error in actions.problems(self.newcomer()):
                self.add_error(field, error.message())
        return data

    def newcomer(self, postal_code: str = "") -> CensusPerson:
        """The person as typed."""
        data = self.cleaned_data
        birth: Birth | None = data.get("birth_date")
        return CensusPerson(
            row=0,
            relation=data["relation"],
            first_name=data["first_name"],
            last_name=data["last_name"],
            father_name=data["father_name"],
            sex=data["sex"],
            birth_date=birth.date if birth else None,
            birth_precision=birth.precision if birth else "",
            postal_code=postal_code,
            status=LegalStatus(data["status"]) if data["status"] else None,
            nationality=data["nationality"],
            **{
                name: _value(data.get(name))
                for name in ("national_id", "foreign_code", "passport", "mobile")
            },
        )


def _value(read: Identifier | None) -> str:
    return read.value if read else ""


MemberForms = formset_factory(PersonForm, extra=0, max_num=MOST_MEMBERS, validate_max=True)


class PlaceForm(forms.Form):
    """Where a household lives and since when."""

    area = AreaField(
        label=_("Neighbourhood"), permission="people.write", kind=AreaKind.NEIGHBOURHOOD,
        help_text=_("Type a part of its name, or its code."),
    )  # fmt: skip
    since = JalaliDateField(label=_("Since"), initial=timezone.localdate)
    postal_code = PostalCodeField(label=_("Postal code"), required=False)
    address = forms.CharField(
        label=_("Address"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]


class IdentifierForm(forms.Form):
    """An identifier in place of the one of its kind."""

    kind = forms.ChoiceField(label=_("Kind"), choices=IdentifierKind.choices)
    value = forms.CharField(
        label=_("Number of the identifier"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "code"}),
    )


class MobileForm(forms.Form):
    """Where to reach the person."""

    mobile = MobileField(label=_("Mobile number"), required=False)


class MoveForm(forms.Form):
    """Another household from a day on."""

    household = forms.UUIDField(
        label=_("Household"), help_text=_("The code at the top of the household's page.")
    )
    relation = forms.ChoiceField(label=_("Relation to the head"), choices=Relation.choices)
    since = JalaliDateField(label=_("Since"), initial=timezone.localdate)


class DecileForm(forms.Form):
    """The household's income decile."""

    decile = forms.TypedChoiceField(
        label=_("Decile"), choices=[(n, n) for n in range(1, 11)], coerce=int
    )
    source = forms.CharField(label=_("Who said so"), max_length=120)
    since = JalaliDateField(label=_("From"), initial=timezone.localdate)
    until = JalaliDateField(label=_("Until"), required=False)


class StandingForm(forms.Form):
    """Nationality and legal status."""

    status = forms.ChoiceField(label=_("Legal status"), choices=LegalStatus.choices)
    nationality = NationField()
    source = forms.CharField(label=_("Who said so"), max_length=120, required=False)
    since = JalaliDateField(label=_("From"), initial=timezone.localdate)
    until = JalaliDateField(label=_("Until"), required=False)


class DeathForm(forms.Form):
    """A death."""

    on = JalaliDateField(label=_("Day of death"))
    source = forms.CharField(label=_("Who said so"), max_length=120)


class GlassForm(forms.Form):
    """An emergency look at one record outside one's area."""

    identifier = forms.CharField(
        label=_("National ID number or foreign national's code"), max_length=40,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least 10 letters. It is kept, and the person can read it."),
    )  # fmt: skip


class AsOfForm(forms.Form):
    """A record as it held on a day, as known at the end of another."""

    on = JalaliDateField(label=_("What held on"), required=False)
    known = JalaliDateField(label=_("As known at the end of"), required=False)

    def moment(self) -> dt.datetime | None:
        """The end of the day of knowledge."""
        day: dt.date | None = self.cleaned_data.get("known")
        if day is None:
            return None
        return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


class PurposeForm(forms.Form):
    """What records are opened for from now on."""

    purpose = forms.ChoiceField(label=_("Records are opened for"), choices=looking.Purpose.choices)


class MergeForm(forms.Form):
    """Which other record is the same human being, and what shows it."""

    other = forms.ChoiceField(
        label=_("The same person as"), required=False, widget=forms.RadioSelect,
        help_text=_("Records of your area with a like name."),
    )  # fmt: skip
    code = forms.UUIDField(
        label=_("Or the code of the record"), required=False,
        help_text=_("It stands at the top of the person's page."),
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("What shows it"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least 10 letters; it is kept with the merge."),
    )  # fmt: skip

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = others  # type: ignore[attr-defined]
        if not others:
            del self.fields["other"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = [data[name] for name in ("other", "code") if data.get(name)]
        if not self.errors and len(chosen) != 1:
            raise forms.ValidationError(_("Choose one record, or write its code."))
        return data

    def chosen(self) -> UUID:
        """The other record."""
        return UUID(str(self.cleaned_data.get("other") or self.cleaned_data["code"]))


class UnmergeForm(forms.Form):
    """Why two records are two people after all."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least 10 letters; it is kept with the merge."),
    )  # fmt: skip
