"""The list of diseases the product starts with, and the evidence that every disease asks for."""

import csv
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from pooshesh.disease.catalogue import keys
from pooshesh.disease.models import Disease, DiseaseKind, Evidence, Purpose
from pooshesh.documents.models import DocumentKind
from pooshesh.kernel import audit
from pooshesh.kernel.calendar import from_jalali
from pooshesh.kernel.time import from_day, from_now

DATA = Path(__file__).parent / "data" / "diseases.tsv"
SINCE = from_jalali(1400, 1, 1)
COLUMNS = ("code", "name_fa", "name_en", "icd10", "orpha", "origin")

#: As the reports name them; the others of the list are refractory. Which are which is to be
#: confirmed by a clinician, as the pairing of names and codes is.
SPECIAL = {"THAL", "HEMA", "HEMB", "HD", "PD", "MS", "TXK"}
RARE = {"SMA", "MPS", "EB", "CF", "MD", "MET", "PAH"}
#: Inborn for life: their tags have no end unless the university says so.
LIFELONG = {"SMA", "THAL", "HEMA", "HEMB", "MPS", "EB", "CF", "MD", "MET"}

EVIDENCE = (
    (Purpose.TAG, DocumentKind.IDENTITY, "مدرک شناسایی بیمار", "The patient's identity", True),
    (Purpose.TAG, DocumentKind.DIAGNOSIS, "گواهی تشخیص پزشک متخصص",
     "A specialist's certificate of the diagnosis", True),
    (Purpose.TAG, DocumentKind.LABORATORY, "نتیجه آزمایش یا تصویربرداری",
     "Laboratory or imaging result", False),
    (Purpose.REQUEST, DocumentKind.INVOICE, "صورت‌حساب مهرشده", "A stamped invoice", True),
    (Purpose.REQUEST, DocumentKind.PRESCRIPTION, "نسخه یا دستور پزشک",
     "The prescription or the physician's order", True),
)  # fmt: skip


def rows() -> list[dict[str, str]]:
    """The shipped list."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return [dict(zip(COLUMNS, row, strict=True)) for row in csv.reader(file, delimiter="\t")]


@transaction.atomic
def seed() -> None:
    """Lay the list once; what somebody changed since stays."""
    if Disease.objects.exists():
        return
    Disease.objects.bulk_create(_disease(row) for row in rows())
    known = from_now(timezone.now())
    Evidence.objects.bulk_create(
        Evidence(
            purpose=purpose, kind=kind, title_fa=fa, title_en=en, required=required,
            valid=from_day(SINCE), recorded=known,
        )
        for purpose, kind, fa, en, required in EVIDENCE
    )  # fmt: skip
    audit.record("disease.seed", actor=None, kind="disease", content={"diseases": len(rows())})


def _disease(row: dict[str, str]) -> Disease:
    code = row["code"]
    kind = DiseaseKind.REFRACTORY
    if code in SPECIAL | RARE:
        kind = DiseaseKind.SPECIAL if code in SPECIAL else DiseaseKind.RARE
    orpha = row["orpha"].removeprefix("ORPHA:").strip("-")
    return Disease(
        code=code, name_fa=row["name_fa"], name_en=row["name_en"], kind=kind,
        icd10=row["icd10"], orpha=orpha, origin=row["origin"],
        tag_months=None if code in LIFELONG else 12,
        **keys(code, row["name_fa"], row["name_en"], row["icd10"], orpha),
    )  # fmt: skip
