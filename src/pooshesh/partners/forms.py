"""Forms of partners. Refusals of the actions are put on the form by the page."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.partners import hand_over_queries
from pooshesh.partners.models import (
    DataClass,
    Organisation,
    OrganisationKind,
    Scope,
    TaskState,
)
from pooshesh.partners.queries import user_called
from pooshesh.partners.titles import STANDINGS
from pooshesh.places import queries as places
from pooshesh.places.fields import AreaField
from pooshesh.places.models import Area, AreaKind
from pooshesh.web.fields import JalaliDateField

ALL = ("", _("All"))
PARTED = re.compile(r"[\s,،;]+")


def _area(label: Any, permission: str, **options: Any) -> AreaField:
    return AreaField(
        label=label, permission=permission, required=False,
        help_text=options.pop("help_text", _("Type a part of its name, or its code.")), **options,
    )  # fmt: skip


# --- organisations ---------------------------------------------------------------------


class OrganisationNarrow(forms.Form):
    """Narrows the list of organisations."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[ALL, *OrganisationKind.choices], required=False
    )


class ChangeOrganisationForm(forms.Form):
    """Names and area of an organisation."""

    name_fa = forms.CharField(label=_("Persian name"), max_length=160)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    area = _area(
        _("Governs or serves"), "partners.write",
        help_text=_("Of a municipality or a provincial body; empty for the whole country."),
    )  # fmt: skip

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]
        self.fields["area"].required = not reach.everywhere


class OrganisationForm(ChangeOrganisationForm):
    """A new organisation."""

    field_order = ("kind", "code", "name_fa", "name_en", "area")
    kind = forms.TypedChoiceField(
        label=_("Kind"), choices=OrganisationKind.choices, coerce=OrganisationKind
    )
    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Small Latin letters, digits and _.")
    )


class OfficeForm(forms.Form):
    """Where an organisation is found."""

    name = forms.CharField(label=_("Office"), max_length=120)
    area = _area(_("Lies in"), "partners.write")
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    """Somebody who is reached there."""

    name = forms.CharField(label=_("Name"), max_length=120)
    post = forms.CharField(label=_("Post"), max_length=120)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    since = JalaliDateField(label=_("From"), initial=timezone.localdate)


class OfficerForm(forms.Form):
    """A user who speaks for the organisation."""

    user = forms.CharField(label=_("Username"), max_length=60)
    head = forms.BooleanField(
        label=_("Heads the organisation: overdue tasks escalate to them"), required=False
    )
    since = JalaliDateField(label=_("From"), initial=timezone.localdate)

    def clean_user(self) -> Any:
        typed = self.cleaned_data["user"]
        found = user_called(typed)
        if found is None:
            raise forms.ValidationError(
                gettext("There is no account “%(read)s”; expected a user name.") % {"read": typed}
            )
        return found


# --- agreements ------------------------------------------------------------------------


class AgreementNarrow(forms.Form):
    """Narrows the register of agreements."""

    standing = forms.ChoiceField(
        label=_("State"), choices=[ALL, *STANDINGS.items()], required=False
    )
    scope = forms.ChoiceField(label=_("For"), choices=[ALL, *Scope.choices], required=False)


class TermForm(forms.Form):
    """A renewal."""

    signed_on = JalaliDateField(label=_("Signed on"), initial=timezone.localdate)
    since = JalaliDateField(label=_("In force from"), initial=timezone.localdate)
    until = JalaliDateField(
        label=_("Until"), required=False,
        help_text=_("The first day it no longer holds; empty where it has no end."),
    )  # fmt: skip


class AgreementForm(TermForm):
    """A new agreement."""

    field_order = (
        "number", "title", "parties", "scopes", "data_classes", "area", "legal_basis",
        "signed_on", "since", "until", "paper",
    )  # fmt: skip
    number = forms.CharField(label=_("Agreement number"), max_length=40)
    title = forms.CharField(label=_("Title"), max_length=200)
    parties = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=_("Parties"),
        widget=forms.SelectMultiple({"size": 8}),
        help_text=_("Two or more; hold Ctrl to choose several."),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=_("For"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    data_classes = forms.MultipleChoiceField(
        label=_("Classes of data"), choices=DataClass.choices,
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    area = _area(
        _("Limited to the area"), "partners.write", help_text=_("Empty for the whole country.")
    )
    legal_basis = forms.CharField(label=_("Legal basis"), widget=forms.Textarea({"rows": 2}))
    paper = forms.FileField(label=_("Signed paper (PDF, JPEG, PNG)"), required=False)

    def __init__(
        self, *args: Any, reach: Reach, parties: QuerySet[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]
        self.fields["area"].required = not reach.everywhere
        self.fields["parties"].queryset = parties  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """An agreement ended early."""

    on = JalaliDateField(label=_("Ends on"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea({"rows": 2}))


class PaperForm(forms.Form):
    """A signed paper."""

    paper = forms.FileField(label=_("Signed paper (PDF, JPEG, PNG)"))


# --- hand-overs ------------------------------------------------------------------------


class HandOverForm(forms.Form):
    """Which neighbourhoods go from whom to whom, from which day."""

    giver = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("From"), required=False,
        empty_label=_("Nobody: first assignment"),
    )  # fmt: skip
    receiver = forms.ModelChoiceField(Organisation.objects.none(), label=_("To"))
    on = JalaliDateField(label=_("In force from"), initial=timezone.localdate)
    until = JalaliDateField(
        label=_("Until"), required=False,
        help_text=_("The first day it no longer holds; empty where it has no end."),
    )  # fmt: skip
    within = _area(
        _("All of their neighbourhoods in"), "partners.read",
        help_text=_("A province, county or city; or list single neighbourhoods below."),
    )  # fmt: skip
    codes = forms.CharField(
        label=_("Codes of neighbourhoods"), widget=forms.Textarea({"rows": 3}), required=False,
        help_text=_("Parted by commas, spaces or lines."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=1000, required=False)

    def __init__(
        self, *args: Any, reach: Reach, givers: QuerySet[Organisation],
        receivers: QuerySet[Organisation], must_give: bool, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.reach = reach
        self.fields["within"].within(reach)  # type: ignore[attr-defined]
        self.fields["giver"].queryset = givers  # type: ignore[attr-defined]
        self.fields["giver"].required = must_give
        self.fields["receiver"].queryset = receivers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Adds `areas`, every neighbourhood that was named."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        found: dict[Any, Area] = {}
        if (within := data.get("within")) and data.get("on"):
            held = hand_over_queries.held_within(self.reach, data.get("giver"), within, data["on"])
            found |= {area.pk: area for area in held}
        for code in PARTED.split(to_latin_digits(clean(data.get("codes", ""))).lower()):
            if code:
                area = self._neighbourhood(code)
                found[area.pk] = area
        data["areas"] = list(found.values())
        return data

    def _neighbourhood(self, code: str) -> Area:
        try:
            area = places.area(self.reach, code)
        except Area.DoesNotExist:
            area = None
        if area is None or area.kind != AreaKind.NEIGHBOURHOOD:
            raise forms.ValidationError(
                gettext("“%(read)s” is not the code of a neighbourhood in your area.")
                % {"read": code}
            )
        return area


class RefuseForm(forms.Form):
    """Why something is not signed."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea({"rows": 2}))


# --- tasks -----------------------------------------------------------------------------

OPEN, OVERDUE, ESCALATED = "open", "overdue", "escalated"


class TaskNarrow(forms.Form):
    """Narrows the list of tasks."""

    box = forms.ChoiceField(
        label=_("Box"), required=False,
        choices=[("", _("All")), ("in", _("Inbox")), ("out", _("Outbox"))],
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[
            ALL, (OPEN, _("Open")), (OVERDUE, _("Overdue")), (ESCALATED, _("Escalated")),
            *TaskState.choices,
        ],
    )  # fmt: skip


class TaskForm(forms.Form):
    """A new task for another organisation."""

    sender = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("In the name of"), empty_label=None
    )
    receiver = forms.ModelChoiceField(Organisation.objects.none(), label=_("To"))
    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(
        label=_("What is to be done"), widget=forms.Textarea({"rows": 4}), required=False
    )
    area = _area(_("About the place"), "places.read")
    due = JalaliDateField(label=_("Due"))

    def __init__(
        self, *args: Any, reach: Reach, senders: QuerySet[Organisation],
        receivers: QuerySet[Organisation], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]
        self.fields["sender"].queryset = senders  # type: ignore[attr-defined]
        self.fields["receiver"].queryset = receivers  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Words to a step of a task."""

    text = forms.CharField(
        label=_("Your words"), widget=forms.Textarea({"rows": 3}), required=False,
        help_text=_("A return needs a reason; an answer needs words."),
    )  # fmt: skip


class ResendForm(AnswerForm):
    """Words and a new day."""

    due = JalaliDateField(label=_("Due"))
