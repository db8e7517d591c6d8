"""What codes of this room are called on screen."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pooshesh.partners.terms import Standing

STANDINGS: dict[str, Promise] = {
    Standing.COMING: _("Not in force yet"),
    Standing.VALID: _("Valid"),
    Standing.EXPIRING: _("Ends soon"),
    Standing.EXPIRED: _("Expired"),
    Standing.ENDED: _("Ended early"),
}

LEVELS: dict[int, Promise] = {
    1: _("To the head of the organisation"),
    2: _("To the head of the programme"),
}
