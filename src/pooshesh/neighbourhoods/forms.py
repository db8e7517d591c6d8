"""Forms of neighbourhoods."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.kernel.calendar import from_jalali, to_jalali
from pooshesh.neighbourhoods import queries
from pooshesh.neighbourhoods.models import BenefitKind
from pooshesh.neighbourhoods.needs import WORST, questionnaire
from pooshesh.partners.models import Organisation
from pooshesh.places.fields import AreaField
from pooshesh.places.forms import ANY
from pooshesh.places.models import AreaKind
from pooshesh.programme.models import CampaignState
from pooshesh.web.fields import JalaliDateField, RialField
from pooshesh.web.format import language

SCALE = (
    ("", _("Not answered")), ("0", _("0: no need")), ("1", "1"), ("2", "2"), ("3", "3"),
    ("4", _("4: severe")),
)  # fmt: skip


class ConsoleForm(forms.Form):
    """Narrows the console; unknown choices are passed over."""

    programme = forms.ChoiceField(label=_("Programme"), required=False)
    province = forms.ChoiceField(label=_("Province"), required=False)
    sponsor = forms.ChoiceField(label=_("Sponsor"), required=False)
    state = forms.ChoiceField(
        label=_("Campaign"), choices=[ANY, *CampaignState.choices], required=False
    )
    only = forms.ChoiceField(
        label=_("Only"), required=False,
        choices=[
            ANY, ("sponsored", _("With a sponsor")), ("nobody", _("Nobody answers for it")),
            ("no_campaign", _("No campaign yet")),
            ("gaps", _("With open gaps")), ("late", _("With overdue tasks")),
            ("not_assessed", _("Needs not assessed")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]]) -> None:
        super().__init__(*args)
        for name, offered in choices.items():
            self.fields[name].choices = [ANY, *offered]  # type: ignore[attr-defined]

    def asked(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class PeriodForm(forms.Form):
    """Days of a scorecard: from the first up to and with the last; at first this Jalali year."""

    since = JalaliDateField(label=_("From"), required=False)
    until = JalaliDateField(label=_("Until"), required=False)

    def days(self) -> tuple[dt.date, dt.date]:
        """[since, until); an end before its start is taken for the start's day."""
        today = timezone.localdate()
        asked = self.cleaned_data if self.is_valid() else {}
        since = asked.get("since") or from_jalali(to_jalali(today).year, 1, 1)
        last = asked.get("until") or today
        return since, max(since, last) + dt.timedelta(days=1)


class BeginForm(forms.Form):
    """Of which neighbourhood, on which day."""

    area = AreaField(
        label=_("Neighbourhood"), permission=queries.WRITE, kind=AreaKind.NEIGHBOURHOOD
    )
    on = JalaliDateField(label=_("Day"), initial=timezone.localdate)

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]


class AnswersForm(forms.Form):
    """The questionnaire; empty answers stay unanswered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questionnaire().questions:
            self.fields[question.code] = forms.TypedChoiceField(
                label=question.say(language()), choices=SCALE, required=False,
                coerce=int, empty_value=None,
            )  # fmt: skip

    def sections(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for section in questionnaire().sections:
            yield section.say(language()), [self[q.code] for q in section.questions]

    def answers(self) -> dict[str, int]:
        """What was answered: 0 to WORST by question."""
        given = self.cleaned_data.items()
        return {code: a for code, a in given if a is not None and 0 <= a <= WORST}


class BenefitForm(forms.Form):
    """A benefit given to the household of whoever holds a number."""

    number = forms.CharField(
        label=_("National ID of the head or a member"), max_length=30,
        widget=forms.TextInput({"inputmode": "numeric", "dir": "ltr"}),
    )  # fmt: skip
    kind = forms.ModelChoiceField(label=_("Kind"), queryset=BenefitKind.objects.none())
    organisation = forms.ModelChoiceField(label=_("Given by"), queryset=Organisation.objects.none())
    on = JalaliDateField(label=_("Day"), initial=timezone.localdate)
    quantity = forms.IntegerField(
        label=_("Count"), min_value=1, max_value=10_000, initial=1, localize=True
    )
    amount = RialField(label=_("Amount in rial, where it was money"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = queries.kinds()  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = queries.givers(user)  # type: ignore[attr-defined]


class SheetForm(forms.Form):
    """A sheet of benefits of one organisation."""

    organisation = forms.ModelChoiceField(label=_("Given by"), queryset=Organisation.objects.none())
    sheet = forms.FileField(label=_("File (CSV or XLSX)"))
    skip = forms.BooleanField(label=_("Record the good rows, leave the others"), required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = queries.givers(user)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a benefit was not given after all."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
