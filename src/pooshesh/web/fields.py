"""Form fields that read what people type here: Jalali dates, amounts, identifiers.

They answer kernel types and say what is wrong in the kernel's sentences, in the active language.
"""

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel import calendar, money
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.identifiers import Grade, Identifier, Kind, grade
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.text import format_int, speaks_persian
from pooshesh.web.format import digits, jdate, language

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NUMERIC = {"class": "code", "inputmode": "numeric", "autocomplete": "off"}


def asked_for(form: forms.BaseForm, *names: str) -> None:
    """Say "(optional)" beside none of these fields of a form, although some may stay empty: one of
    two is needed, or they are where something else is typed."""
    for name in names:
        if name in form.fields:
            form.fields[name].asked_for = True  # type: ignore[attr-defined]


class OnceField(forms.UUIDField):
    """The id of what a form makes, drawn as the form is shown: sent twice, it makes one thing."""

    widget = forms.HiddenInput
    default_error_messages: ClassVar = {
        "required": gettext_lazy("The form is not whole; open it anew."),
        "invalid": gettext_lazy("The form is not whole; open it anew."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(label=gettext_lazy("Number of the form"), initial=uuid7, **options)


class JalaliDateInput(forms.TextInput):
    """A text box; `jalali-date.js` puts a calendar beside it."""

    template_name = "web/jalali_date.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        written = digits(value) if isinstance(value, str) else value
        context = super().get_context(name, written, attrs)
        context["words"] = json.dumps(_calendar_words(), ensure_ascii=False)
        return context


def _calendar_words() -> dict[str, object]:
    """Everything the calendar says, in the active language."""
    persian = speaks_persian(language())
    weekdays = calendar.WEEKDAYS_FA if persian else calendar.WEEKDAYS_EN
    return {
        "persian": persian,
        "today": calendar.to_jalali(timezone.localdate()),
        "months": calendar.MONTHS_FA if persian else calendar.MONTHS_EN,
        "weekdays": weekdays,
        "weekdaysShort": [name[: 1 if persian else 2] for name in weekdays],
        "choose": _("Choose a date"),
        "previousYear": _("Previous year"),
        "previousMonth": _("Previous month"),
        "nextMonth": _("Next month"),
        "nextYear": _("Next year"),
        "todayLabel": _("Today"),
        "close": _("Close"),
    }


class JalaliDateField(forms.Field):
    """A day, typed in any form `kernel.calendar.parse_date` reads; cleans to `datetime.date`."""

    widget = JalaliDateInput
    default_error_messages: ClassVar = {
        "not_a_day": gettext_lazy("“%(read)s” names no day; expected a day such as 1400/11/22."),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"class": "code", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return jdate(value) if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values or isinstance(value, dt.date):
            return value or None
        try:
            parsed = calendar.parse_date(str(value))
        except Invalid as error:
            raise ValidationError(error.message(), code=error.code) from error
        if parsed.date is None:
            raise ValidationError(
                self.error_messages["not_a_day"], "not_a_day", {"read": parsed.as_typed}
            )
        return parsed.date


class AmountInput(forms.TextInput):
    """A text box with the amount in words under it, in rial and in toman."""

    template_name = "web/amount.html"

    def __init__(self, unit: money.Unit, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.unit = unit

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        words_id = f"{context['widget']['attrs'].get('id', name)}_words"
        context["widget"]["attrs"] |= {
            "data-amount-words": words_id,
            "data-amount-unit": self.unit,
        }
        context |= {"words_id": words_id, "words": self._words(value), "unit": self.unit}
        return context

    def _words(self, value: Any) -> str:
        try:
            return money.words(money.parse_amount(str(value or ""), self.unit), language())
        except Invalid:  # the field's own error says so
            return ""


class RialField(forms.Field):
    """An amount typed in `unit` (toman where people speak toman); cleans to `Rial`."""

    widget = AmountInput

    def __init__(self, *, unit: money.Unit = "rial", **options: Any) -> None:
        self.unit = unit
        super().__init__(**{"widget": AmountInput(unit), **options})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | NUMERIC

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, money.Rial):
            return value
        per_unit = money.RIALS_PER_TOMAN if self.unit == "toman" else 1
        return format_int(value.amount // per_unit, language())

    def to_python(self, value: Any) -> money.Rial | None:
        if value in self.empty_values or isinstance(value, money.Rial):
            return value or None
        try:
            return money.parse_amount(str(value), self.unit)
        except Invalid as error:
            raise ValidationError(error.message(), code=error.code) from error


class ChoiceSearchInput(forms.TextInput):
    """A text box; `choice-search.js` puts under it what `source` finds for the typed text.

    `source` is an address, to whose query `q` is added; it answers `web/choices.html` with
    `choices`: (the text to put in the box, what tells it from others of the name).
    """

    template_name = "web/choice_search.html"

    def __init__(self, source: "StrOrPromise", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.source = source

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}_choices"
        context["widget"]["attrs"] |= {
            "role": "combobox", "autocomplete": "off", "aria-autocomplete": "list",
            "aria-expanded": "false", "aria-controls": list_id,
        }  # fmt: skip
        return context | {"source": self.source, "list_id": list_id}


class IdentifierField(forms.Field):
    """An identifier of one `kind`; cleans to a trusted `Identifier`, None when left empty."""

    kind: Kind

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | NUMERIC

    def prepare_value(self, value: Any) -> Any:
        return value.value if isinstance(value, Identifier) else value

    def to_python(self, value: Any) -> Identifier | None:
        if value in self.empty_values or isinstance(value, Identifier):
            return value or None
        read = grade(self.kind, str(value))
        remark = read.remark()
        if read.grade is Grade.PSEUDO and remark:
            raise ValidationError(remark.message(), code=remark.code)
        return None if read.grade is Grade.MISSING else read


class NationalIdField(IdentifierField):
    """Ten digits with a check digit; lost leading zeros are put back."""

    kind = Kind.NATIONAL_ID


class ForeignCodeField(IdentifierField):
    """The 12-digit code of a foreign national."""

    kind = Kind.FOREIGN_CODE


class MobileField(IdentifierField):
    """An Iranian mobile number; cleans to 11 digits."""

    kind = Kind.MOBILE


class PostalCodeField(IdentifierField):
    """Ten digits."""

    kind = Kind.POSTAL_CODE


class ShebaField(IdentifierField):
    """A bank account as IR and 24 digits."""

    kind = Kind.SHEBA

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "text"}
