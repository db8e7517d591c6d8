"""Forms of verification calls."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pooshesh.programme.calls.actions import WIDTHS
from pooshesh.programme.calls.models import Outcome


class SampleForm(forms.Form):
    """How well the share is to be known."""

    half_width = forms.TypedChoiceField(
        label=_("How exact the result should be"), coerce=int, initial=5,
        choices=[(width, _("± %(width)s percentage points") % {"width": width})
                 for width in WIDTHS],
    )  # fmt: skip


class CallForm(forms.Form):
    """What a call told."""

    outcome = forms.ChoiceField(
        label=_("What the call told"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
