"""What a password must be, beyond Django's own rules."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _

from pooshesh.web.format import number


class LongEnough(MinimumLengthValidator):
    """Django's rule; its sentence writes the number in Latin digits whatever the language."""

    def get_error_message(self) -> str:
        return _("This password is too short; it needs at least %(count)s characters.") % {
            "count": number(self.min_length)
        }

    def get_help_text(self) -> str:
        return _("At least %(count)s characters.") % {"count": number(self.min_length)}
