"""What a clerk answers, one form for each kind of work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pooshesh.people.fields import NationField
from pooshesh.people.models import LAWFUL, LegalStatus
from pooshesh.programme.models import WorkItem, WorkKind
from pooshesh.web.fields import ForeignCodeField, JalaliDateField, NationalIdField

SAME, DIFFERENT = "same", "different"
THIS, OTHER, NEITHER = "this", "other", "neither"
GIVEN, NONE = "given", "none"
CONFIRMED, DENIED = "confirmed", "denied"
AGAIN, LEFT = "again", "left"


class Answer(forms.Form):
    """Every answer may carry a note; most are one choice."""

    note = forms.CharField(
        label=_("Note"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, item: WorkItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item

    def outcome(self) -> str:
        """The code kept as the decision."""
        return str(self.cleaned_data["choice"])


def _choice(*choices: tuple[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Decision"), choices=choices, widget=forms.RadioSelect)


class DecileAnswer(Answer):
    """The household's decile, with who says so and since when."""

    decile = forms.TypedChoiceField(
        label=_("Decile"), coerce=int, choices=[(n, n) for n in range(1, 11)]
    )
    source = forms.CharField(label=_("Source"), max_length=120)
    since = JalaliDateField(label=_("Since"))
    field_order = ("decile", "source", "since", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = self.item.campaign.on

    def clean_since(self) -> Any:
        since, on = self.cleaned_data["since"], self.item.campaign.on
        if since > on:
            raise forms.ValidationError(
                _("It decides nothing on the day of the campaign; expected a day up to then.")
            )
        return since

    def outcome(self) -> str:
        return f"decile {self.cleaned_data['decile']}"


class IdentityAnswer(Answer):
    """A national ID or a foreign national's code, or that there is none."""

    national_id = NationalIdField(label=_("National ID number"), required=False)
    foreign_code = ForeignCodeField(label=_("Foreign national's code"), required=False)
    none = forms.BooleanField(label=_("This person has neither"), required=False)
    field_order = ("national_id", "foreign_code", "none", "note")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        given = [bool(found.get(name)) for name in ("national_id", "foreign_code", "none")]
        if sum(given) != 1 and not self.errors:
            raise forms.ValidationError(_("Write one number, or say that this person has neither."))
        return found

    def outcome(self) -> str:
        return NONE if self.cleaned_data["none"] else GIVEN


class DependantAnswer(Answer):
    """Whether another insurer covers this person as somebody's dependant."""

    choice = _choice(
        (CONFIRMED, _("Belongs on the other insurer as a dependant")),
        (DENIED, _("Does not: decide here")),
    )
    field_order = ("choice", "note")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("choice") == DENIED and not found.get("note"):
            self.add_error("note", _("Write who found that and how."))
        return found


class StandingAnswer(Answer):
    """What the foreigners' office decided, with its days."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=[
            (s.value, s.label) for s in (*LAWFUL, LegalStatus.IDENTIFIED, LegalStatus.REFUSED)
        ],
    )
    nationality = NationField()
    source = forms.CharField(label=_("Document"), max_length=120)
    since = JalaliDateField(label=_("From"))
    until = JalaliDateField(label=_("Until"), required=False)
    field_order = ("status", "nationality", "source", "since", "until", "note")

    def outcome(self) -> str:
        return str(self.cleaned_data["status"])


class MisuseAnswer(Answer):
    """Whose the identifier is."""

    choice = _choice(
        (THIS, _("The first person's")),
        (OTHER, _("The second person's")),
        (NEITHER, _("Neither's")),
    )
    note = forms.CharField(
        label=_("What shows it"), max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    field_order = ("choice", "note")


class SameAnswer(Answer):
    """Whether two records are one person."""

    choice = _choice((SAME, _("The same person")), (DIFFERENT, _("Two different people")))
    field_order = ("choice", "note")


class AgainAnswer(Answer):
    """Decide again once the rule knows its value, or leave it with a note."""

    choice = _choice((AGAIN, _("Decide again")), (LEFT, _("Leave it undecided")))
    field_order = ("choice", "note")


FORMS: dict[str, type[Answer]] = {
    WorkKind.NEEDS_DECILE: DecileAnswer,
    WorkKind.NEEDS_IDENTITY: IdentityAnswer,
    WorkKind.DEPENDANT: DependantAnswer,
    WorkKind.REGULARISE: StandingAnswer,
    WorkKind.ID_MISUSE: MisuseAnswer,
    WorkKind.POSSIBLE_DOUBLE: SameAnswer,
    WorkKind.POSSIBLE_MATCH: SameAnswer,
    WorkKind.VALUE_UNKNOWN: AgainAnswer,
}
