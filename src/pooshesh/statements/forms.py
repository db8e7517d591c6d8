"""What is typed about a published figure; refusals of the actions are put on the form."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.insight import figures
from pooshesh.places.fields import AreaField
from pooshesh.statements.actions import Said
from pooshesh.statements.models import MONEY, Qualifier, Statement, Unit
from pooshesh.statements.queries import READ, WRITE
from pooshesh.statements.shown import say
from pooshesh.web.fields import NUMERIC, JalaliDateField
from pooshesh.web.format import number

ANY = ("", _("All"))
LIVE, RETRACTED = "live", "retracted"
#: Which field an error of the actions is about; others are about the whole form.
FIELDS = {
    "statements.day": "day", "statements.other_unit": "unit", "statements.unit": "unit",
    "statements.why": "why",
}  # fmt: skip


def _indicators() -> list[tuple[str, Any]]:
    found = figures.book().indicators.values()
    return [("", _("None")), *sorted((one.code, say(one.name)) for one in found)]


class AsOfForm(forms.Form):
    """The reconciliations as they were known at the end of a day."""

    known = JalaliDateField(label=_("As known at the end of"), required=False)

    def moment(self) -> dt.datetime | None:
        """The end of that day; None without one, which is now."""
        day: dt.date | None = self.cleaned_data.get("known") if self.is_valid() else None
        return end_of(day) if day else None


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day here."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


class Narrow(forms.Form):
    """Narrows the list of statements."""

    area = AreaField(label=_("Area"), permission=READ, required=False)
    unit = forms.ChoiceField(label=_("Unit"), choices=[ANY, *Unit.choices], required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[ANY, (LIVE, _("Standing")), (RETRACTED, _("Retracted"))],
    )  # fmt: skip

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]


class StatementForm(forms.Form):
    """A published figure as it was said."""

    words = forms.CharField(
        label=_("Words as they were published"), widget=forms.Textarea({"rows": 3})
    )
    qualifier = forms.ChoiceField(label=_("Said"), choices=Qualifier.choices)
    value = forms.CharField(
        label=_("Number"), required=False, max_length=40, widget=forms.TextInput(NUMERIC),
        help_text=_("As it was said, in the unit chosen beside it."),
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices)
    confirmed = forms.BooleanField(
        label=_("The unit of money was checked and is right"), required=False
    )
    day = JalaliDateField(
        label=_("Day promised"), required=False,
        help_text=_("Only where a day was promised; “this year” is read as the year it was said."),
    )  # fmt: skip
    state = forms.CharField(
        label=_("State it names"), max_length=80, required=False,
        help_text=_("Such as registered, approved or paid; empty where none was named."),
    )  # fmt: skip
    area = AreaField(label=_("Area"), permission=WRITE)
    as_of = JalaliDateField(label=_("As of"))
    speaker = forms.CharField(
        label=_("Who said it"), max_length=160, required=False,
        help_text=_("Empty where the source names nobody."),
    )  # fmt: skip
    source = forms.CharField(label=_("Where it was published"), max_length=300)
    indicator = forms.ChoiceField(label=_("Indicator it speaks of"), required=False)

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]
        self.fields["indicator"].choices = _indicators()  # type: ignore[attr-defined]

    def said(self) -> Said:
        """What was typed; the actions read its number."""
        clean = self.cleaned_data
        return Said(
            "", clean["area"], clean["unit"], clean["value"], clean["qualifier"], clean["as_of"],
            clean["source"], clean["words"], clean["day"], clean["speaker"], clean["state"],
            clean["indicator"], clean["confirmed"] and clean["unit"] in MONEY,
        )  # fmt: skip


class CorrectForm(StatementForm):
    """A statement corrected: what was really said, and why it was not registered so."""

    why = forms.CharField(label=_("Why it is corrected"), max_length=300)


class RetractForm(forms.Form):
    """A statement taken back."""

    why = forms.CharField(label=_("Why it is retracted"), max_length=300)


def initial_of(one: Statement) -> dict[str, Any]:
    """What the form of a correction begins with."""
    typed = number(one.value.normalize(), 4) if one.value is not None else ""
    return {
        "words": one.words, "qualifier": one.qualifier, "value": typed, "unit": one.unit,
        "confirmed": one.asked, "day": one.day, "state": one.state, "area": one.area,
        "as_of": one.as_of, "speaker": one.speaker, "source": one.source,
        "indicator": one.indicator,
    }  # fmt: skip
