"""What narrows the board."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pooshesh.places.forms import ANY
from pooshesh.programme.models import CampaignState
from pooshesh.programme.plans.models import Plan


class BoardNarrow(forms.Form):
    """Province, sponsor, state and plan; unknown choices are passed over."""

    province = forms.ChoiceField(label=_("Province"), required=False)
    sponsor = forms.ChoiceField(label=_("Sponsor"), required=False)
    state = forms.ChoiceField(
        label=_("State"), choices=[ANY, *CampaignState.choices], required=False
    )
    plan = forms.ChoiceField(label=_("Plan"), required=False)

    def __init__(
        self,
        *args: Any,
        provinces: Iterable[tuple[str, str]],
        sponsors: Iterable[tuple[str, str]],
        plans: Iterable[Plan],
    ) -> None:
        super().__init__(*args)
        for field, choices in (
            ("province", provinces),
            ("sponsor", sponsors),
            ("plan", [(str(plan.id), str(plan)) for plan in plans]),
        ):
            self.fields[field].choices = [ANY, *choices]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """Filters of campaigns that were asked for."""
        names = {
            "province": "province", "sponsor": "sponsor__code", "state": "state", "plan": "plan_id",
        }  # fmt: skip
        self.is_valid()
        given = {names[field]: self.cleaned_data.get(field) for field in names}
        return {field: value for field, value in given.items() if value}
