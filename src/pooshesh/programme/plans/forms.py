"""Forms of plans and costs."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.kernel.money import Rial
from pooshesh.places.fields import AreaField
from pooshesh.places.models import Area
from pooshesh.programme.plans import queries
from pooshesh.programme.plans.actions import Aim
from pooshesh.programme.plans.models import CostKind, Plan
from pooshesh.web.fields import JalaliDateField, RialField


class PlaceForm(forms.Form):
    """The area of a new plan."""

    area = AreaField(
        label=_("Area of the plan"), permission="campaign.run",
        help_text=_("All its neighbourhoods lie within: a city, a county, a province."),
    )  # fmt: skip

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]


class PlanForm(forms.Form):
    """What a plan is to reach, who leads it, who works on it."""

    name = forms.CharField(label=_("Name of the plan"), max_length=160)
    leader = forms.ModelChoiceField(User.objects.none(), label=_("Leader"), required=False)
    workers = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Workers"), required=False,
        help_text=_("Those who take the census, run campaigns or work through worklists there."),
    )  # fmt: skip
    starts_on = JalaliDateField(label=_("First day"))
    ends_on = JalaliDateField(label=_("Last day"))
    persons = forms.IntegerField(
        label=_("Persons to be insured"), min_value=1, max_value=100_000_000, localize=True
    )
    budget = RialField(label=_("Budget in rial"), required=False)
    sure = forms.BooleanField(
        label=_("The amount is right as typed"), required=False,
        help_text=_("Tick it only where the amount was questioned."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, area: Area, plan: Plan | None = None) -> None:
        super().__init__(data, initial=_initial(plan) if plan else None)
        leaders = queries.candidates(area, {"campaign.run"})
        workers = queries.candidates(area, queries.WORK)
        self.fields["leader"].queryset = leaders  # type: ignore[attr-defined]
        self.fields["workers"].queryset = workers  # type: ignore[attr-defined]

    def aim(self) -> Aim:
        """What was asked for."""
        given = self.cleaned_data
        workers: list[UUID] = [user.id for user in given["workers"]]
        leader: User | None = given["leader"]
        return Aim(
            given["name"], leader.id if leader else None, given["starts_on"], given["ends_on"],
            given["persons"], given["budget"], workers, given["sure"],
        )  # fmt: skip


def _initial(plan: Plan) -> dict[str, object]:
    return {
        "name": plan.name, "leader": plan.leader, "workers": queries.worker_ids(plan),
        "starts_on": plan.starts_on, "ends_on": plan.ends_on, "persons": plan.target_persons,
        "budget": Rial(plan.budget) if plan.budget else None,
    }  # fmt: skip


class CostForm(forms.Form):
    """Money that was spent."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CostKind.choices)
    amount = RialField(label=_("Amount in rial"))
    on = JalaliDateField(label=_("Day"), initial=timezone.localdate)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class ReasonForm(forms.Form):
    """Why a cost is withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
