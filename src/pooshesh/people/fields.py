"""A form field in which a nationality is chosen."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.text import clean
from pooshesh.people.nations import Nation, called
from pooshesh.web.fields import ChoiceSearchInput


def label(nation: Nation) -> str:
    """How a nation stands in the box: its name, and the code that finds it again."""
    return f"{nation} ({nation.code})"


class NationField(forms.Field):
    """A nationality, found by its name; cleans to its ISO 3166-1 code, "" where not known."""

    default_error_messages: ClassVar = {
        "unknown": _("There is no country “%(read)s”; choose one from the list."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=ChoiceSearchInput(reverse_lazy("people:nations")), label=_("Nationality"),
            required=False, **options,
            help_text=_("Type a part of the country's name; empty where it is not known."),
        )  # fmt: skip

    def prepare_value(self, value: Any) -> Any:
        """A code or a name that can be read is shown as what it was read as."""
        found = called(str(value)) if value else None
        return label(found) if found else value

    def to_python(self, value: Any) -> str:
        read = clean(str(value or ""))
        if not read:
            return ""
        found = called(read)
        if found is None:
            raise ValidationError(self.error_messages["unknown"], "unknown", {"read": read})
        return found.code
