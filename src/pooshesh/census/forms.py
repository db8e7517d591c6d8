"""Forms of the lead."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.census.models import Alley, Outcome
from pooshesh.coverage.models import Insurer
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.places.fields import AreaField
from pooshesh.places.models import AreaKind
from pooshesh.programme import titles
from pooshesh.programme.forms import SheetField
from pooshesh.programme.models import Programme
from pooshesh.web.fields import JalaliDateField

NOBODY = "nobody"
MOST_HOUSEHOLDS = 500  # in one alley; more is a slip of the keyboard


class RoundForm(forms.Form):
    """Plan a round."""

    neighbourhood = AreaField(
        label=_("Neighbourhood"), permission="census.plan", kind=AreaKind.NEIGHBOURHOOD,
        help_text=_("Type a part of its name, or its code."),
    )  # fmt: skip
    name = forms.CharField(label=_("Name of the round"), max_length=120)
    start = JalaliDateField(label=_("First day"))
    end = JalaliDateField(
        label=_("Last day"), help_text=_("What phones send later is kept aside for you.")
    )
    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=_("Programme"), required=False
    )

    def __init__(
        self, *args: Any, reach: Reach, programmes: QuerySet[Programme], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].within(reach)  # type: ignore[attr-defined]
        field = self.fields["programme"]
        field.queryset = programmes  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: one.name_fa  # type: ignore[attr-defined]
        self.fields["start"].initial = timezone.localdate()


class EndForm(forms.Form):
    """Let a round end on another day."""

    end = JalaliDateField(label=_("Last day"))


class ZoneForm(forms.Form):
    """A zone with its alleys, one on each line."""

    name = forms.CharField(label=_("Name of the zone"), max_length=80)
    alleys = forms.CharField(
        label=_("Alleys"), widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One on each line: name, comma, expected households. At most 12."),
    )  # fmt: skip

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"])

    def clean_alleys(self) -> list[tuple[str, int]]:
        lines = [line for line in self.cleaned_data["alleys"].splitlines() if line.strip()]
        return [self._alley(line) for line in lines]

    def _alley(self, line: str) -> tuple[str, int]:
        name, _comma, count = to_latin_digits(clean(line)).replace("،", ",").rpartition(",")
        count = count.strip()
        if not (name.strip() and count.isdecimal() and 0 < int(count) <= MOST_HOUSEHOLDS):
            raise forms.ValidationError(
                gettext("“%(read)s” was read; expected a name, a comma and a number such as 38."),
                params={"read": line.strip()[:60]},
            )
        return name.strip()[:120], int(count)


class GiveForm(forms.Form):
    """Give alleys to a worker."""

    alleys = forms.MultipleChoiceField(
        label=_("Alleys"), widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    worker = forms.ChoiceField(label=_("Worker"))
    start = JalaliDateField(label=_("From"))
    end = JalaliDateField(
        label=_("Until"), required=False, help_text=_("Empty: until they are given to another.")
    )

    def __init__(
        self, *args: Any, alleys: Sequence[Alley], workers: Sequence[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(alley.id): alley for alley in alleys}
        names = [(key, alley.name) for key, alley in self.known.items()]
        self.fields["alleys"].choices = names  # type: ignore[attr-defined]
        self.fields["alleys"].initial = list(self.known)
        self.fields["worker"].choices = [  # type: ignore[attr-defined]
            *((str(user.id), str(user)) for user in workers),
            (NOBODY, gettext("Nobody: take them back")),
        ]
        self.fields["start"].initial = timezone.localdate()

    def chosen(self) -> list[Alley]:
        return [self.known[key] for key in self.cleaned_data["alleys"]]


class ReasonForm(forms.Form):
    """A sentence for leaving out or refusing."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class NarrowForm(forms.Form):
    """Narrows the list of households."""

    state = forms.ChoiceField(label=_("State"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", _("All")), *Outcome.choices], required=False
    )
    zone = forms.ChoiceField(label=_("Zone"), required=False)

    def __init__(
        self, *args: Any, states: Sequence[tuple[str, Any]], zones: Sequence[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            ("", _("All")), *((str(zone.id), zone.name) for zone in zones),
        ]  # fmt: skip

    def asked(self, field: str) -> str:
        """What was chosen, "" for all."""
        self.is_valid()
        value: str = self.cleaned_data.get(field) or ""
        return value


class FeedForm(forms.Form):
    """The day, the pack and the insurers' rolls of the campaign to be fed."""

    on = JalaliDateField(
        label=_("Day of the campaign"), help_text=_("Rules and sponsor are those of this day.")
    )
    pack = forms.ChoiceField(label=_("Rule pack"))

    def __init__(self, *args: Any, insurers: Sequence[Insurer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.insurers = insurers
        names = titles.insurers()
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
