"""The fund's two bodies of a province: the committee decides requests, the working group policy,
values the law does not tell, and appeals. Founded with their seats where they are not there yet;
people are the province's own to appoint.

Who sits is a default: the patients' association, the medical university, the province's insurers
and, in the working group, the ministry; the insurer is secretary. Each province may change it on
the body's page.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from pooshesh.meetings import founding
from pooshesh.meetings.founding import NewBody
from pooshesh.meetings.models import Body, BodyKind
from pooshesh.partners.models import Organisation, OrganisationKind
from pooshesh.places.models import Area, AreaKind
from pooshesh.requests.models import Decider, Practice

SINCE = dt.date(2021, 3, 21)  # 1 Farvardin 1400, the first day of the fund's rules
CAPACITY = {Decider.COMMITTEE: 100, Decider.GROUP: 30}
#: code → kind and names, as other rooms call them, for where they are not there yet.
SEATS = {
    "ihio": (OrganisationKind.INSURER, "سازمان بیمه سلامت ایران",
             "Iran Health Insurance Organization"),
    "sso": (OrganisationKind.INSURER, "سازمان تأمین اجتماعی", "Social Security Organization"),
    "armed_forces": (OrganisationKind.INSURER, "سازمان بیمه خدمات درمانی نیروهای مسلح",
                     "Armed Forces Medical Insurance Organization"),
    "patients": (OrganisationKind.OTHER, "انجمن‌های حمایت از بیماران", "Patients' associations"),
    "medical_university": (OrganisationKind.UNIVERSITY, "دانشگاه علوم پزشکی استان",
                           "Medical university of the province"),
}  # fmt: skip
NAMES = {
    Decider.COMMITTEE: (
        BodyKind.COMMITTEE,
        "کمیته استانی صندوق",
        "Provincial committee of the fund",
        "درباره هزینه‌های خارج از ضوابط و موارد فوری تصمیم می‌گیرد.",
        "Decides about costs outside the rules and confirms urgent ones.",
    ),
    Decider.GROUP: (
        BodyKind.WORKING_GROUP,
        "کارگروه استانی صندوق",
        "Provincial working group of the fund",
        "درباره سیاست، سقف‌ها، مقدارهایی که قانون نمی‌گوید و اعتراض‌ها تصمیم می‌گیرد.",
        "Decides about policy, ceilings, values the law does not tell, and appeals.",
    ),
}


def body_of(province: str, of: Decider) -> Body:
    """The committee or the working group of a province, founded at need; 1 statement later."""
    found = Practice.objects.filter(province=province, of=of).select_related("body").first()
    if found:
        return found.body
    (made,) = found_bodies([(Area.objects.get(kind=AreaKind.PROVINCE, province=province), of)])
    return made


@transaction.atomic
def found_bodies(wanted: Sequence[tuple[Area, Decider]]) -> list[Body]:
    """Set bodies of provinces up with seats and rules; as many statements for one as for all."""
    seats = _seats()
    made = founding.found_bodies([_new(province, of, seats) for province, of in wanted], actor=None)
    Practice.objects.bulk_create(
        Practice(body=body, province=province.province, of=of, blind=of == Decider.COMMITTEE)
        for body, (province, of) in zip(made, wanted, strict=True)
    )
    return made


def _seats() -> list[Organisation]:
    """The organisations with a seat, entered where they are not there yet."""
    return [
        Organisation.objects.get_or_create(
            code=code, defaults={"kind": kind, "name_fa": fa, "name_en": en}
        )[0]
        for code, (kind, fa, en) in SEATS.items()
    ]


def _new(province: Area, of: Decider, seats: list[Organisation]) -> NewBody:
    kind, name_fa, name_en, remit_fa, remit_en = NAMES[of]
    return NewBody(
        code=f"fund_{of}_{province.province}", kind=kind, name_fa=f"{name_fa} {province.name_fa}",
        name_en=f"{name_en}, {province.name_en}", remit_fa=remit_fa, remit_en=remit_en,
        area=province, capacity=CAPACITY[of], start=SINCE, seats=seats, quorum_percent=50,
        must_attend=[seats[0].pk],
    )  # fmt: skip
