"""Forms of cover."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UndoForm(forms.Form):
    """Why an enrolment is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least 10 letters; it is kept beside the enrolment."),
    )  # fmt: skip
