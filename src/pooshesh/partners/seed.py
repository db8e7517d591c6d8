"""The organisations every installation begins with; agreements and people are its own to enter."""

from django.db import transaction

from pooshesh.coverage.models import Insurer
from pooshesh.partners.actions import bind_set
from pooshesh.partners.models import Organisation, OrganisationKind
from pooshesh.places.models import AreaSet, SetKind
from pooshesh.places.seed import SPONSORS

MINISTRIES = (
    ("interior", "ستاد توانمندسازی و تحول محلات (وزارت کشور)",
     "HQ for neighbourhood empowerment and transformation (Ministry of Interior)"),
    ("health_ministry", "وزارت بهداشت، درمان و آموزش پزشکی",
     "Ministry of Health and Medical Education"),
)  # fmt: skip


@transaction.atomic
def seed() -> None:
    """Ministries, insurers, the programme's sponsors, and a university for each catchment."""
    for code, name_fa, name_en in MINISTRIES:
        _there(code, OrganisationKind.MINISTRY, name_fa, name_en)
    for insurer in Insurer.objects.all():
        _there(insurer.code, OrganisationKind.INSURER, insurer.name_fa, insurer.name_en)
    for code, name_fa, name_en, _count, _about in SPONSORS:
        _there(code, OrganisationKind.SPONSOR, name_fa, name_en)
    for catchment in AreaSet.objects.filter(kind=SetKind.CATCHMENT):
        _there(catchment.code, OrganisationKind.UNIVERSITY, catchment.name_fa, catchment.name_en)


def _there(code: str, kind: OrganisationKind, name_fa: str, name_en: str) -> None:
    one, _made = Organisation.objects.get_or_create(
        code=code, defaults={"kind": kind, "name_fa": name_fa, "name_en": name_en}
    )
    bind_set(one)
