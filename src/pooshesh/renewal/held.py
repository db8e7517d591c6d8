"""What renewal tells a person who asks what is held about them."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.people.models import Membership
from pooshesh.renewal.models import Appeal, Attempt, Concerned, Item, Outreach, Row
from pooshesh.web.registry import Held, HeldPart


def _held(records: Sequence[UUID]) -> list[Held]:
    """What renewal holds about a person, as classes."""
    homes = Membership.objects.known().filter(person__in=records).values("household_id")
    about = {"person__in": records}
    silently = _("So that nobody loses cover silently")
    told = _("So that who is entitled gets to know")
    items = Item.objects.filter(Q(household__in=homes) | Q(persons__person__in=records))
    lines = [
        Held(_("Results of a run of renewal"), Row.objects.filter(**about).count(),
             _("This insurer"), silently),
        Held(_("Places on the renewal worklist"), items.distinct().count(), _("Clerks"), silently),
        Held(_("Cover at stake on that worklist"), Concerned.objects.filter(**about).count(),
             _("This insurer"), silently),
        Held(_("Decile appeals"), Appeal.objects.filter(household__in=homes).count(),
             _("The household"), _("To have a decile corrected, and to answer for it")),
        Held(_("A note that the person is entitled"), Outreach.objects.filter(**about).count(),
             _("Rules of this insurer"), told),
        Held(_("Attempts to tell the person"),
             Attempt.objects.filter(outreach__person__in=records).count(), _("Clerks"), told),
    ]  # fmt: skip
    return [line for line in lines if line.count]


HELD = HeldPart(gettext_lazy("Renewal and decile"), 27, _held)
