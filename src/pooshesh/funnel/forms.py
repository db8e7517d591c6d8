"""What narrows the funnel's pages, and the mix of the simulator."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.funnel.queries import READ, Wanted
from pooshesh.funnel.weighing import KEYS
from pooshesh.kernel.calendar import FIRST_YEAR, LAST_YEAR
from pooshesh.places.fields import AreaField
from pooshesh.places.forms import ANY
from pooshesh.places.models import Area
from pooshesh.web.fields import JalaliDateField, RialField


class Narrow(forms.Form):
    """An area within reach and a disease; unknown choices are passed over.

    Who is given figures of `reach` and sees rows of no more than `named` narrows them to whole
    provinces only, and to no disease: how few stand there would say who they are.
    """

    area = AreaField(label=_("Area"), permission=READ, required=False)
    disease = forms.ChoiceField(label=_("Disease"), required=False)

    def __init__(
        self, reach: Reach, named: Reach, diseases: Iterable[tuple[str, str]],
        *args: Any, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.reach, self.named = reach, named
        self.fields["area"].within(reach)  # type: ignore[attr-defined]
        self.fields["disease"].choices = [ANY, *diseases]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        area = found.get("area")
        if self._sees_rows(area):
            return found
        if area and area.path.count(".") > 1:
            self.add_error("area", _("You see figures without names; choose a whole province."))
        if found.get("disease"):
            self.add_error(
                "disease",
                _("You see figures without names; “Spending by disease” tells what can be told."),
            )
        return found

    def _sees_rows(self, area: Area | None) -> bool:
        if area is None:
            return self.named == self.reach
        return self.named.covers(area.path, area.pk)

    def wanted(self, **more: str) -> Wanted:
        """What was asked for; what cannot be read narrows nothing and is said beside its field."""
        self.is_valid()
        area = self.cleaned_data.get("area")
        return Wanted(
            disease=self.cleaned_data.get("disease", ""), path=area.path if area else "", **more
        )


class Standing(Narrow):
    """Rows that stood where they stand when a day was over already."""

    by = JalaliDateField(
        label=_("There by the end of"), required=False, help_text=_("Empty: whenever they came.")
    )


class Year(forms.Form):
    """A budget year."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


class Credit(Year):
    """A budget year, as it stood when a day was over."""

    on = JalaliDateField(
        label=_("As of the end of"), required=False, help_text=_("Empty: as it stands now.")
    )


class Mix(forms.Form):
    """How a total is shared: percents of each key, 100 in all, and what is promised."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    total = RialField(
        label=_("To be shared"), required=False,
        help_text=_("Empty is what is allocated now."),
    )  # fmt: skip
    floor = forms.IntegerField(
        label=_("Promised of what a province has now, percent"), min_value=0, max_value=100,
        initial=0, required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, title in KEYS.items():
            self.fields[code] = forms.IntegerField(
                label=str(title), min_value=0, max_value=100, initial=0, required=False
            )

    @property
    def mix(self) -> dict[str, int]:
        """Key → percent of those above zero."""
        return {code: self.cleaned_data[code] for code in KEYS if self.cleaned_data.get(code)}
