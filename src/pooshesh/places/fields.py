"""A form field in which an area is chosen."""

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.places import queries
from pooshesh.places.models import Area, AreaKind
from pooshesh.places.queries import Scope
from pooshesh.web.fields import ChoiceSearchInput

CODE = re.compile(r"\(([\w.-]+)\)$")  # at the end of what was chosen


def label(area: Area) -> str:
    """How an area stands in the box: its name, and the code that finds it again."""
    return f"{area} ({area.code})"


class AreaField(forms.Field):
    """An area, found by its name or code; cleans to `Area`, None when left empty.

    `permission` says whose reach the list shows, `kind` of which areas, `sponsored` whether only
    those that somebody answers for; a form gives the `reach` itself with `within`.
    """

    default_error_messages: ClassVar = {
        "unknown": _("There is no area “%(read)s”; choose one from the list, or type its code."),
        "several": _("More than one area is called “%(read)s”; choose one from the list."),
    }
    reach: Scope

    def __init__(
        self, *, permission: str, kind: AreaKind | None = None, sponsored: bool = False,
        **options: Any,
    ) -> None:  # fmt: skip
        asked = {"for": permission, "kind": kind or "", "sponsored": "1" if sponsored else ""}
        source = reverse_lazy("places:choices", query=asked)
        super().__init__(widget=ChoiceSearchInput(source), **options)

    def within(self, reach: Scope) -> None:
        """What lies beyond does not exist for this form."""
        self.reach = reach

    def prepare_value(self, value: Any) -> Any:
        """A code or a name that can be read is shown as what it was read as."""
        try:
            area = self.to_python(value)
        except ValidationError:
            return value  # as typed, beside the error
        return label(area) if area else value

    def to_python(self, value: Any) -> Area | None:
        if value in self.empty_values or isinstance(value, Area):
            return value or None
        read = clean(str(value))
        coded = CODE.search(read)
        code = to_latin_digits(coded[1] if coded else read).lower()
        try:
            return queries.area(self.reach, code)
        except Area.DoesNotExist:
            named = queries.called(queries.areas(self.reach), read)[:2]
        if len(named) != 1:
            error = "several" if named else "unknown"
            raise ValidationError(self.error_messages[error], error, {"read": read})
        return named[0]
