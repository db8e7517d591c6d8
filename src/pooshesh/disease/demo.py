"""The demo of diseases: packages, tags, diagnoses at every state, wishes. All synthetic.

Codes and prices are made up; they are no offer and no tariff.
"""

import datetime as dt
import hashlib
import io
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from pooshesh.disease import claims, packages, registry, tags, wishes
from pooshesh.disease.models import (
    Claim,
    Disease,
    ImportState,
    Package,
    RegistryImport,
    Tag,
    TagSource,
    Wish,
    WishState,
)
from pooshesh.disease.package_sheet import read
from pooshesh.disease.registry_sheet import Item
from pooshesh.disease.tags import NewTag
from pooshesh.kernel.calendar import from_jalali
from pooshesh.kernel.money import Rial
from pooshesh.people import actions as people
from pooshesh.people.models import Household, LegalStatus, Person, Relation, Sex
from pooshesh.people.registration import CensusPerson
from pooshesh.places.models import Area, AreaKind

PROVINCE = "15"
ON = from_jalali(1402, 1, 1)
PHYSICIAN = uuid5(UUID(int=0), "a physician of the demo")
CLERK = uuid5(UUID(int=0), "a clerk of the demo")
WHY = "برگه آزمایش ژن پیوست نیست؛ نمونه است"

#: First name, sex, years of age of each; the family names tell that they are made up.
PERSONS = (
    ("آیدا", Sex.FEMALE, 6), ("رادین", Sex.MALE, 9), ("سهراب", Sex.MALE, 31),
    ("پروین", Sex.FEMALE, 54), ("کیوان", Sex.MALE, 62), ("مهسا", Sex.FEMALE, 27),
    ("الیاس", Sex.MALE, 4), ("نازنین", Sex.FEMALE, 38), ("فرهاد", Sex.MALE, 45),
    ("ثریا", Sex.FEMALE, 70),
)  # fmt: skip

HEAD = "code,kind,title_fa,title_en,unit_price_rial,shares,most_per_year\n"
#: Disease → versions: first day, ceiling in rial, lines.
PACKAGES = {
    "SMA": (
        ((1402, 1, 1), 500_000_000, (
            "NUS-12,drug,نوسینرسن ۱۲ میلی‌گرم (نمونه),Nusinersen 12 mg (sample),,,6",
            "PT-01,service,توان‌بخشی هر جلسه (نمونه),Rehabilitation session (sample),2500000,"
            "1-5:100 6:80 7-10:50,96",
        )),
        ((1404, 1, 1), None, (
            "NUS-12,drug,نوسینرسن ۱۲ میلی‌گرم (نمونه),Nusinersen 12 mg (sample),,,6",
            "RIS-60,drug,ریسدیپلام شربت (نمونه),Risdiplam syrup (sample),,,12",
            "PT-01,service,توان‌بخشی هر جلسه (نمونه),Rehabilitation session (sample),3200000,"
            "1-6:100 7-10:70,120",
            "COUGH-1,equipment,دستگاه کمک سرفه (نمونه),Cough assist device (sample),450000000,"
            "80,1",
        )),
    ),
    "THAL": (
        ((1403, 1, 1), None, (
            "DFO-500,drug,دسفرال ۵۰۰ میلی‌گرم (نمونه),Deferoxamine 500 mg (sample),180000,,720",
            "TRF-01,service,تزریق خون (نمونه),Transfusion (sample),1500000,100,26",
        )),
    ),
}  # fmt: skip


@transaction.atomic
def load() -> None:
    """Packages of two diseases, and patients of Lorestan, unless they are there already."""
    if Package.objects.exists() or not Disease.objects.filter(code="SMA").exists():
        return
    _packages()
    area = _place()
    if area is None:
        return
    persons = _persons(area)
    _tags(persons)
    _claims(persons, area)
    _registry(area)
    _wishes()


def _place() -> Area | None:
    """A city of the province, or the province itself."""
    inside = Area.objects.filter(province=PROVINCE)
    cities = inside.filter(kind=AreaKind.CITY).order_by("code")
    return cities.first() or inside.filter(kind=AreaKind.PROVINCE).first()


def _packages() -> None:
    for code, versions in PACKAGES.items():
        disease = Disease.objects.get(code=code)
        for day, ceiling, lines in versions:
            made = _proposed(disease, day, ceiling, lines)
            packages.approve(made, actor=None)
    day, ceiling, lines = PACKAGES["SMA"][1]
    today = timezone.localdate()
    proposed = _proposed(Disease.objects.get(code="SMA"), day, ceiling, lines[:3])
    Package.objects.filter(pk=proposed.pk).update(starts=today + dt.timedelta(days=30))


def _proposed(
    disease: Disease, day: tuple[int, int, int], ceiling: int | None, lines: tuple[str, ...]
) -> Package:
    text = (HEAD + "\n".join(lines) + "\n").encode()
    name = f"{disease.code.lower()}-{day[0]}.csv"
    return packages.propose(
        disease, read(name, io.BytesIO(text)), name=name, digest=hashlib.sha256(text).hexdigest(),
        starts=from_jalali(*day), ceiling=Rial(ceiling) if ceiling else None,
        note="نمونه ساختگی", actor=CLERK,
    )  # fmt: skip


def _persons(area: Area) -> list[Person]:
    made = []
    for first, sex, age in PERSONS:
        member = CensusPerson(
            row=0, relation=Relation.HEAD, first_name=first, last_name="نمونه‌بیمار", sex=sex,
            father_name="نمونه", birth_date=ON - dt.timedelta(days=365 * age),
            birth_precision="day", status=LegalStatus.CITIZEN, nationality="IR",
        )  # fmt: skip
        home, ids = people.register_household([member], area=area, on=ON, actor=None)
        people.set_decile(
            Household.objects.get(pk=home), 2 + age % 7, source="نمونه", since=ON, actor=CLERK
        )
        made += ids
    rows = Person.objects.select_related("area").in_bulk(made)
    return [rows[pk] for pk in made]


def _tags(persons: list[Person]) -> None:
    today = timezone.localdate()
    days = dt.timedelta
    made = tags.write(
        [
            NewTag(persons[0], "SMA", today - days(400), None, "SIM-70001"),
            NewTag(persons[1], "SMA", today - days(250), None, "SIM-70002"),
            NewTag(persons[2], "THAL", today - days(700), None, "SIM-70003"),
            NewTag(persons[2], "DM", today - days(320), today + days(45)),
            NewTag(persons[3], "HD", today - days(500), today - days(135)),
            NewTag(persons[5], "MS", today - days(200), today + days(165)),
        ],
        TagSource.CLAIM, actor=PHYSICIAN,
    )  # fmt: skip
    Tag.objects.exclude(registry_number="").update(source=TagSource.REGISTRY)
    tags.revoke(made[5], today - days(20), why=WHY, actor=PHYSICIAN)


def _claims(persons: list[Person], area: Area) -> None:
    def opened(at: int, code: str) -> Claim:
        person, disease = persons[at], Disease.objects.get(code=code)
        origin = uuid5(person.pk, code)
        return claims.open_claim(person, disease, origin_id=origin, area=area, actor=CLERK)

    late = opened(4, "HD")
    Claim.objects.filter(pk=late.pk).update(due=timezone.localdate() - dt.timedelta(days=3))
    opened(3, "HD")  # a tag that ended is asked for anew
    opened(7, "MS")
    returned, refused, appealed = opened(6, "SMA"), opened(8, "EPI"), opened(9, "CA")
    claims.return_for(returned, "missing", why=WHY, actor=PHYSICIAN)
    claims.refuse(refused, "criteria", why=WHY, actor=PHYSICIAN)
    claims.refuse(appealed, "not_proven", why=WHY, actor=PHYSICIAN)
    claims.appeal(appealed, "new_evidence", why="پاسخ تازه آسیب‌شناسی رسید؛ نمونه است", actor=CLERK)


def _registry(area: Area) -> None:
    """A sheet of the registry of which two rows wait for a clerk."""
    made = RegistryImport.objects.create(
        name="registry-sample.xlsx", digest="0" * 64, state=ImportState.READING, area=area,
        area_path=area.path, province=area.province, actor=CLERK, deleted_at=timezone.now(),
    )  # fmt: skip
    items = [
        Item(row, f"SIM-{70009 + row}", code, from_jalali(1403, 5, row), None,
             first_name=first, last_name="نمونه‌بیمار")
        for row, (code, first) in enumerate((("HEMA", "بردیا"), ("CF", "ترانه")), 2)
    ]  # fmt: skip
    counts = registry.attach(items, made, actor=None)
    RegistryImport.objects.filter(pk=made.pk).update(
        state=ImportState.DONE,
        found={"rows": len(items), **counts, "problem_count": 0, "problems": []},
    )


def _wishes() -> None:
    for name, province, words in (
        ("بیماری کرون", "15", "داروی آن گران است؛ نمونه"), ("بيماري كرون", "23", ""),
        ("لوپوس", "15", ""), ("سندرم رت", "10", "برای دخترمان؛ نمونه"),
    ):  # fmt: skip
        wishes.wish(name, words=words, province=province)
    known = Wish.objects.filter(name="بیماری کرون")
    known.update(state=WishState.OPEN, answer="در کارگروه سیاست‌گذاری بررسی می‌شود (نمونه).")
