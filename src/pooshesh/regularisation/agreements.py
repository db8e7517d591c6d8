"""Whether a municipality may hand over persons' data: only under an agreement in force."""

import datetime as dt
from uuid import UUID

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.partners.agreement_queries import data_exchange_allowed
from pooshesh.partners.models import DataClass, Organisation, OrganisationKind
from pooshesh.places.models import Area

explain(
    {
        "nationals.no_agreement": gettext_noop(
            "The municipality of “%(city)s” has no agreement in force on %(on)s that covers the "
            "census of foreign nationals; without one no data is taken."
        ),
    }
)


def allowed(city: Area, on: dt.date) -> UUID:
    """The agreement under which a city's census may be brought on a day. Raises Invalid."""
    municipality = Organisation.objects.filter(
        kind=OrganisationKind.MUNICIPALITY, area=city
    ).first()
    agreement = data_exchange_allowed(municipality, DataClass.NATIONALS_CENSUS, on, city)
    if agreement is None:
        raise Invalid("nationals.no_agreement", city=str(city), on=on)
    return agreement.pk
