"""Forms of the network."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.network.models import Finder, GapKind, GapState, Quantity, Severity
from pooshesh.network.queries import owners
from pooshesh.partners.models import Organisation
from pooshesh.people.models import Sex
from pooshesh.places.fields import AreaField
from pooshesh.web.fields import JalaliDateField

ANY = ("", _("All"))
OPEN, OVERDUE = "open", "overdue"


class GapForm(forms.Form):
    """Something missing at a place."""

    area = AreaField(label=_("Place"), permission="gaps.work")
    kind = forms.ChoiceField(label=_("What is missing"), choices=GapKind.choices)
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=Severity.choices, coerce=int, initial=Severity.MEDIUM
    )
    found_by = forms.ChoiceField(label=_("Found by"), choices=Finder.choices)
    text = forms.CharField(
        label=_("In words"), widget=forms.Textarea({"rows": 4}), max_length=4_000,
        help_text=_("What is missing, for whom, since when. No names of persons."),
    )  # fmt: skip

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """A step of a gap, in words."""

    verb = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("In words"), widget=forms.Textarea({"rows": 2}), max_length=4_000, required=False
    )


class AssignForm(StepForm):
    """Who fixes it, and by when."""

    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=Organisation.objects.none(), required=False
    )
    deadline = JalaliDateField(label=_("Fixed by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = owners()


class GapNarrow(forms.Form):
    """Narrows the register."""

    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[ANY, (OPEN, _("Still open")), (OVERDUE, _("Overdue")), *GapState.choices],
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What is missing"), choices=[ANY, *GapKind.choices], required=False
    )
    severity = forms.ChoiceField(
        label=_("Severity"), choices=[ANY, *Severity.choices], required=False
    )


class ForecastForm(forms.Form):
    """Of which area, from which month on."""

    area = AreaField(label=_("Area"), permission="network.read", required=False)
    start = JalaliDateField(label=_("From the month of"), initial=timezone.localdate)

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]


class AssumptionForm(forms.Form):
    """A number a forecast rests on, from a day on."""

    quantity = forms.ChoiceField(label=_("Number"), choices=Quantity.choices)
    age_from = forms.IntegerField(
        label=_("From the age of"), min_value=0, max_value=120, initial=0,
        help_text=_("For rates: 0, 5, 15, 50 or 65; elsewhere 0."),
    )  # fmt: skip
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", _("Both")), *Sex.choices], required=False)
    value = forms.IntegerField(label=_("Value"), min_value=0, max_value=10**15)
    citation = forms.CharField(label=_("Where it is from"), max_length=200)
    assumed = forms.BooleanField(label=_("An assumption: nobody published it"), required=False)
    since = JalaliDateField(label=_("Holds from"), initial=timezone.localdate)
