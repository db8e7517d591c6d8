"""The working group of the programme, with seven organisations; people are its own to appoint.

Which seven organisations sit in it is an assumption: the reports name the number and the four
sponsors. Change it on the body's page.
"""

import datetime as dt

from django.db import transaction

from pooshesh.meetings import actions
from pooshesh.meetings.models import Body, BodyKind
from pooshesh.partners.models import Organisation, OrganisationKind
from pooshesh.places.models import Area, AreaKind

CODE = "technical"
SINCE = dt.date(2021, 9, 23)  # 1 Mehr 1400
#: code → kind and names, as other rooms call them, for where they are not there yet.
ORGANISATIONS = {
    "interior": (OrganisationKind.MINISTRY, "ستاد توانمندسازی و تحول محلات (وزارت کشور)",
                 "HQ for neighbourhood empowerment and transformation (Ministry of Interior)"),
    "ihio": (OrganisationKind.INSURER, "سازمان بیمه سلامت ایران",
             "Iran Health Insurance Organization"),
    "health_ministry": (OrganisationKind.MINISTRY, "وزارت بهداشت، درمان و آموزش پزشکی",
                        "Ministry of Health and Medical Education"),
    "setad": (OrganisationKind.SPONSOR, "ستاد اجرایی فرمان امام", "Executive HQ"),
    "relief": (OrganisationKind.SPONSOR, "کمیته امداد امام خمینی",
               "Imam Khomeini Relief Committee"),
    "red_crescent": (OrganisationKind.SPONSOR, "جمعیت هلال احمر", "Red Crescent Society"),
    "welfare": (OrganisationKind.SPONSOR, "سازمان بهزیستی کشور", "State Welfare Organisation"),
}  # fmt: skip


@transaction.atomic
def seed() -> None:
    """The technical, supervision and evaluation working group; nothing where it is."""
    if Body.objects.filter(code=CODE).exists():
        return
    body = actions.found_body(
        code=CODE, kind=BodyKind.WORKING_GROUP,
        name_fa="کارگروه فنی، نظارت و ارزیابی",
        name_en="Technical, supervision and evaluation working group",
        remit_fa="پیگیری پوشش بیمه سلامت در محلات برنامه، نظارت بر نهادهای حامی و ارزیابی آنان.",
        remit_en="Follows health cover in the programme's neighbourhoods, supervises and evaluates "
        "their sponsors.",
        area=Area.objects.get(kind=AreaKind.NATION), capacity=20, actor=None,
    )  # fmt: skip
    seats = {
        code: Organisation.objects.get_or_create(
            code=code, defaults={"kind": kind, "name_fa": name_fa, "name_en": name_en}
        )[0]
        for code, (kind, name_fa, name_en) in ORGANISATIONS.items()
    }
    for organisation in seats.values():
        actions.give_seat(body, organisation, start=SINCE, actor=None)
    actions.set_rule(
        body, start=SINCE, quorum_percent=50, must_attend=[seats["interior"].pk], actor=None
    )
