"""Forms of programmes."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.sheets import FILE_BYTES
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.web.fields import JalaliDateField


class CodesField(forms.CharField):
    """Codes of neighbourhoods, one a line or parted by commas or spaces; cleans to a list."""

    widget = forms.Textarea(attrs={"rows": 6, "class": "code", "dir": "ltr"})

    def clean(self, value: Any) -> Any:
        text = to_latin_digits(super().clean(value) or "")
        for mark in ",،;؛\n\r\t":
            text = text.replace(mark, " ")
        return list(dict.fromkeys(clean(code).lower() for code in text.split(" ") if code.strip()))


class ProgrammeForm(forms.Form):
    """A new programme."""

    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Latin letters and digits."),
        widget=forms.TextInput(attrs={"class": "code", "dir": "ltr"}),
    )  # fmt: skip
    name_fa = forms.CharField(label=_("Persian name"), max_length=200)
    name_en = forms.CharField(label=_("English name"), max_length=200)
    declared = forms.IntegerField(
        label=_("Declared neighbourhoods"), required=False, min_value=1, max_value=100_000,
        localize=True, help_text=_("How many it is said to have, where that was published."),
    )  # fmt: skip


class SheetOrCodes(forms.Form):
    """Neighbourhoods by their codes, typed or in a sheet with a column of codes."""

    codes = CodesField(label=_("Codes of neighbourhoods"), required=False)
    sheet = forms.FileField(
        label=_("Or a sheet with a column “code”"), required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        sheet = found.get("sheet")
        if sheet and sheet.size > FILE_BYTES:
            self.add_error("sheet", _("The file is too large."))
        if not found.get("codes") and not sheet and not self.errors:
            raise forms.ValidationError(_("Write at least one code, or choose a sheet."))
        return found


class MembersForm(SheetOrCodes):
    """Let neighbourhoods join or leave."""

    verb = forms.ChoiceField(
        label=_("What to do"),
        choices=[("join", _("Join from this day on")), ("leave", _("Leave on this day"))],
    )
    on = JalaliDateField(label=_("Day"), initial=timezone.localdate)
    field_order = ("verb", "on", "codes", "sheet")
