"""A form field for documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pooshesh.documents.reading import Cleaned, cleaned
from pooshesh.kernel.errors import Invalid

MOST_FILES = 10


class FilesInput(forms.FileInput):
    """A box that takes several files."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": ".pdf,.jpg,.jpeg,.png", "multiple": True, **(attrs or {})})


class UploadField(forms.Field):
    """Several documents; cleans to a list of `Cleaned`, made anew already, for `actions.keep`.

    Every file that is refused says so, not only the first. One chosen twice is one document.
    """

    widget = FilesInput

    def __init__(self, **options: Any) -> None:
        said = _("PDF, JPEG or PNG; each at most 10 megabytes, ten files at once.")
        super().__init__(**{"help_text": said, **options})

    def clean(self, value: Any) -> list[Cleaned]:
        given = [value] if value and not isinstance(value, list | tuple) else list(value or [])
        if not given and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(given) > MOST_FILES:
            raise forms.ValidationError(
                _("%(read)s files were chosen; expected at most %(limit)s at once."),
                "too_many", {"read": len(given), "limit": MOST_FILES},
            )  # fmt: skip
        made, errors = [], []
        for one in given:
            try:
                made.append(cleaned(one))
            except Invalid as error:
                errors.append(forms.ValidationError(error.message(), code=error.code))
        if errors:
            raise forms.ValidationError(errors)
        return list({one.brought: one for one in made}.values())
