"""Forms of bodies and sessions."""

import datetime as dt
import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.meetings import queries
from pooshesh.meetings.models import Body, BodyKind, Member, Role
from pooshesh.meetings.states import RUN
from pooshesh.partners.models import Organisation
from pooshesh.places.fields import AreaField
from pooshesh.web.fields import NUMERIC, JalaliDateField
from pooshesh.web.format import digits

HOUR = re.compile(r"^([01]?\d|2[0-3])[:.٫]([0-5]\d)$")

explain(
    {
        "form.account": gettext_noop("There is no account “%(read)s” in use."),
    }
)


def area(**options: Any) -> Any:
    """Where a body works; nobody sets one up beyond their own reach."""
    return AreaField(
        label=_("Area"), permission=RUN, help_text=_("Type a part of its name, or its code."),
        **options,
    )  # fmt: skip


class TimeField(forms.Field):
    """An hour and minute such as 14:30 in any digits; cleans to `datetime.time`."""

    default_error_messages: ClassVar = {
        "not_a_time": _("“%(read)s” was read; expected an hour and minute such as 14:30."),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"class": "code", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return digits(f"{value:%H:%M}") if isinstance(value, dt.time) else value

    def to_python(self, value: Any) -> dt.time | None:
        if value in self.empty_values or isinstance(value, dt.time):
            return value or None
        found = HOUR.match(to_latin_digits(clean(str(value))))
        if not found:
            raise ValidationError(self.error_messages["not_a_time"], "not_a_time", {"read": value})
        return dt.time(int(found[1]), int(found[2]))


class CountField(forms.IntegerField):
    """A whole number in any digits."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs=dict(NUMERIC)), **options)

    def to_python(self, value: Any) -> int | None:
        return super().to_python(to_latin_digits(str(value)) if value else value)

    def prepare_value(self, value: Any) -> Any:
        return digits(str(value)) if isinstance(value, int) else value


class BodyForm(forms.Form):
    """What a body is for."""

    name_fa = forms.CharField(label=_("Name in Persian"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    remit_fa = forms.CharField(
        label=_("Remit in Persian"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    remit_en = forms.CharField(
        label=_("Remit in English"), widget=forms.Textarea(attrs={"rows": 3}), required=False,
        max_length=2000,
    )  # fmt: skip
    capacity = CountField(
        label=_("Matters a session"), min_value=1, max_value=5000,
        help_text=_("What does not fit waits for the session after."),
    )  # fmt: skip


class NewBodyForm(BodyForm):
    """A new body; its rule can be changed later, from a day on."""

    code = forms.RegexField(
        r"^[a-z0-9_]{3,40}$", label=_("Code"),
        error_messages={"invalid": _("3 to 40 small Latin letters, digits or lines")},
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=BodyKind.choices)
    area = area()
    field_order = ("code", "kind", "name_fa", "name_en", "area")

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]


class RuleForm(forms.Form):
    """Quorum and majority from a day on."""

    start = JalaliDateField(label=_("From"))
    quorum_members = CountField(
        label=_("Quorum: at least so many members"), required=False, min_value=2, max_value=99
    )
    quorum_percent = CountField(
        label=_("or more than this percent of the members"), required=False, min_value=1,
        max_value=99, help_text=_("50 is half of the members and one more."),
    )  # fmt: skip
    must_attend = forms.ModelMultipleChoiceField(
        label=_("Organisations that must attend"), queryset=Organisation.objects.none(),
        required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    majority_percent = CountField(
        label=_("Carried by more than this percent of those voting"), min_value=50, max_value=99,
        initial=50,
    )  # fmt: skip
    abstentions_count = forms.BooleanField(
        label=_("Who abstains is counted among those voting"), required=False
    )

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["must_attend"]
        choice.queryset = queries.seated(body)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["must_attend"] = [one.pk for one in given.get("must_attend", ())]
        return given


class SeatForm(forms.Form):
    """A seat for an organisation."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none()
    )
    start = JalaliDateField(label=_("From"))

    def __init__(
        self, *args: Any, body: Body, organisations: QuerySet[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["organisation"]
        choice.queryset = organisations


class MemberForm(forms.Form):
    """Who sits for an organisation."""

    organisation = forms.ModelChoiceField(label=_("Seat of"), queryset=Organisation.objects.none())
    name = forms.CharField(label=_("Full name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)
    start = JalaliDateField(label=_("From"))
    account = forms.CharField(
        label=_("Username"), max_length=60, required=False,
        help_text=_("With an account the member votes and signs by their own hand."),
    )  # fmt: skip

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["organisation"]
        choice.queryset = queries.seated(body)

    def clean_account(self) -> User | None:
        return account_of(self.cleaned_data["account"])


class AccountForm(forms.Form):
    """Which account a member signs in with."""

    member = forms.ModelChoiceField(label=_("Member"), queryset=Member.objects.none())
    account = forms.CharField(label=_("Username"), max_length=60)

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["member"]
        choice.queryset = queries.members_of(body)

    def clean_account(self) -> User | None:
        return account_of(self.cleaned_data["account"])


class EndForm(forms.Form):
    """A member sits no longer."""

    member = forms.ModelChoiceField(label=_("Member"), queryset=Member.objects.none())
    day = JalaliDateField(label=_("From this day on no member"))

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["member"]
        choice.queryset = queries.members_of(body)


class EndSeatForm(forms.Form):
    """An organisation has a seat no longer."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none()
    )
    day = JalaliDateField(label=_("From this day on no seat"))

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["organisation"]
        choice.queryset = queries.seated(body)


def account_of(username: str) -> User | None:
    """The account typed in, None for nothing. Raises ValidationError for one nobody has."""
    typed = clean(username)
    if not typed:
        return None
    found = queries.account(typed)
    if found is None:
        raise ValidationError(Invalid("form.account", read=typed).message())
    return found


class MatterForm(forms.Form):
    """A topic for the next session."""

    title = forms.CharField(label=_("Topic"), max_length=300)
    urgent = forms.BooleanField(label=_("Urgent: comes up before the others"), required=False)


class PlanForm(forms.Form):
    """When and where a session is."""

    day = JalaliDateField(label=_("Date"))
    hour = TimeField(label=_("Time"))
    place = forms.CharField(label=_("Place"), max_length=200)

    def starts_at(self) -> dt.datetime:
        """The moment, in local time."""
        return timezone.make_aware(
            dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"])
        )


class MotionForm(forms.Form):
    """What is voted on; the items are ticked on the agenda."""

    text = forms.CharField(
        label=_("Text of the motion"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    verdict = forms.ChoiceField(label=_("Carried, its items are"))

    def __init__(self, *args: Any, verdicts: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["verdict"]
        choice.choices = list(verdicts.items())


class ActionForm(forms.Form):
    """Who does what by when."""

    text = forms.CharField(label=_("What is to be done"), max_length=500)
    owner = forms.ChoiceField(label=_("Owner"))
    deadline = JalaliDateField(label=_("Deadline"))

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = queries.seats_on(body)
        members = {str(t.member_id): t.member for seat in seats for t in seat.terms}
        organisations = {str(seat.organisation.pk): seat.organisation for seat in seats}
        self.owners: dict[str, Member | Organisation] = {**members, **organisations}
        choice: Any = self.fields["owner"]
        choice.choices = [
            (_("Members"), [(key, str(one)) for key, one in members.items()]),
            (_("Organisations"), [(key, str(one)) for key, one in organisations.items()]),
        ]

    def owned_by(self) -> dict[str, Any]:
        """The owner as `followup.assign` takes it."""
        found = self.owners[self.cleaned_data["owner"]]
        return {"member" if isinstance(found, Member) else "organisation": found}


class ConflictForm(forms.Form):
    """Whose interest a matter touches."""

    member = forms.ModelChoiceField(label=_("Member"), queryset=Member.objects.none())
    reason = forms.CharField(label=_("Which interest"), max_length=300)

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["member"]
        choice.queryset = queries.members_of(body)


class NoteForm(forms.Form):
    """What was said about an item."""

    note = forms.CharField(
        label=_("What was said"), widget=forms.Textarea(attrs={"rows": 3}), required=False,
        max_length=5000,
    )  # fmt: skip


class ReportForm(forms.Form):
    """How an action item ended."""

    report = forms.CharField(
        label=_("What was done, or why it is dropped"), widget=forms.Textarea(attrs={"rows": 2}),
        required=False, max_length=2000,
    )  # fmt: skip
