"""Tables of partners: organisations and who speaks for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.places.models import Area, AreaSet, Named


class OrganisationKind(models.TextChoices):
    """What sort of body takes part in the programme."""

    SPONSOR = "sponsor", _("Sponsor")
    INSURER = "insurer", _("Insurer")
    MINISTRY = "ministry", _("Ministry or headquarters")
    UNIVERSITY = "university", _("University of medical sciences")
    MUNICIPALITY = "municipality", _("Municipality")
    OTHER = "other", _("Other organisation")


class Organisation(Named):
    """A body that answers for places, shares data or takes tasks; the list is open.

    A sponsor's neighbourhoods and a university's catchment are its `area_set`; a municipality or
    a provincial directorate has an `area`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=OrganisationKind.choices)
    area_set = models.OneToOneField(AreaSet, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")


class Officer(Bitemporal):
    """A user speaks for an organisation for a time: signs for it and works its inbox."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user_id = models.UUIDField()

    class Meta:
        constraints = [no_overlap("officer_once", "organisation", "user_id")]
        indexes = [models.Index(fields=["user_id"], name="officer_user")]
