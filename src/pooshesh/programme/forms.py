"""Forms around a campaign. What a clerk answers stands in `worklists.forms`."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.coverage.models import Insurer
from pooshesh.kernel.sheet_columns import Matching
from pooshesh.kernel.sheets import FILE_BYTES
from pooshesh.places.fields import AreaField
from pooshesh.places.models import AreaKind
from pooshesh.programme import titles
from pooshesh.programme.campaign.columns import COLUMNS
from pooshesh.programme.models import CampaignFile, SavedMapping
from pooshesh.web.fields import JalaliDateField


class SheetField(forms.FileField):
    """A CSV or XLSX to upload; what is in it is judged when it is read."""

    widget = forms.FileInput(attrs={"accept": ".csv,.xlsx"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > FILE_BYTES:
            raise forms.ValidationError(
                _("The file has %(read)s megabytes; expected at most %(limit)s."),
                params={"read": -(-file.size // 10**6), "limit": FILE_BYTES // 10**6},
            )
        return file


class CampaignForm(forms.Form):
    """Neighbourhood, day, census and the roll of each insurer."""

    neighbourhood = AreaField(
        label=_("Neighbourhood"), permission="campaign.run", kind=AreaKind.NEIGHBOURHOOD,
        sponsored=True, help_text=_("Type a part of its name, or its code."),
    )  # fmt: skip
    on = JalaliDateField(
        label=_("Day of the campaign"),
        help_text=_("Rules and sponsor are those of this day."),
    )
    pack = forms.ChoiceField(label=_("Rule pack"))
    census = SheetField(label=_("Census"), help_text=_("CSV or XLSX, one row per person."))

    def __init__(
        self, *args: Any, reach: Reach, insurers: Sequence[Insurer], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.insurers = insurers
        names = titles.insurers()
        self.fields["neighbourhood"].within(reach)  # type: ignore[attr-defined]
        self.fields["pack"].choices = titles.packs()  # type: ignore[attr-defined]
        self.fields["on"].initial = timezone.localdate()
        for insurer in insurers:
            self.fields[f"roll_{insurer.code}"] = SheetField(
                label=gettext("Roll of %(insurer)s") % {"insurer": names[insurer.code]},
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not any(found.get(f"roll_{insurer.code}") for insurer in self.insurers):
            raise forms.ValidationError(
                _("There is no roll; expected at least one: who stands on none is uninsured.")
            )
        return found


class MappingForm(forms.Form):
    """Which header of one sheet stands for which column."""

    saved = forms.ModelChoiceField(
        SavedMapping.objects.none(), label=_("Use a saved mapping"), required=False
    )
    save_as = forms.CharField(
        label=_("Save this mapping as"), required=False, max_length=80,
        help_text=_("For the next sheet of this kind."),
    )  # fmt: skip

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        file: CampaignFile,
        matching: Matching,
        saved: QuerySet[SavedMapping],
        title: str,
    ) -> None:
        super().__init__(data, prefix=file.id.hex)
        self.file, self.title = file, title
        self.columns = COLUMNS[file.role]
        self.fields["saved"].queryset = saved  # type: ignore[attr-defined]
        choices = [("", _("(not in the sheet)")), *((h, h) for h in matching.headers)]
        for column in self.columns:
            self.fields[column.name] = forms.ChoiceField(
                label=column.title,
                choices=choices,
                required=False,
                initial=matching.mapping.get(column.name, ""),
                help_text=_("required") if column.required else "",
            )

    def chosen(self) -> dict[str, str]:
        """Column → header: the saved mapping if one was chosen, else what the form says."""
        saved: SavedMapping | None = self.cleaned_data["saved"]
        if saved:
            return dict(saved.mapping)
        return {
            column.name: self.cleaned_data[column.name]
            for column in self.columns
            if self.cleaned_data[column.name]
        }


class RunForm(forms.Form):
    """Start a checked campaign."""

    skip_bad_rows = forms.BooleanField(
        label=_("Go on without the rows that cannot be read"), required=False
    )


def chosen_mappings(forms_: Sequence[MappingForm]) -> dict[UUID, dict[str, str]]:
    """File id → column → header, of valid forms."""
    return {form.file.id: form.chosen() for form in forms_}
