"""Changing the list of diseases: added, corrected, confirmed, and the evidence they ask for."""

import datetime as dt
import re
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.disease.models import Disease, Evidence
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean, search_key, sort_key, to_latin_digits
from pooshesh.kernel.time import state

CODE = re.compile(r"[A-Z][A-Z0-9-]{1,11}")
ICD10 = re.compile(r"[A-Z]\d{2}(\.\d{1,2})?(-[A-Z]\d{2}(\.\d{1,2})?)?")
ORPHA = re.compile(r"\d{1,7}")

explain(
    {
        "disease.code_form": gettext_noop(
            "“%(read)s” is no code of a disease; expected 2 to 12 Latin capitals, digits or dashes."
        ),
        "disease.code_taken": gettext_noop("There is a disease with the code “%(read)s”."),
        "disease.icd10": gettext_noop(
            "“%(read)s” is no ICD-10 code; expected codes such as G12.0, or a range C00-C97, with"
            " a semicolon between them."
        ),
        "disease.orpha": gettext_noop(
            "“%(read)s” is no ORPHA number; expected numbers with a comma between them."
        ),
        "disease.name_empty": gettext_noop("A disease needs a Persian name."),
        "disease.confirmed_before": gettext_noop("Names and codes were confirmed before."),
    }
)


def keys(code: str, name_fa: str, name_en: str, icd10: str, orpha: str) -> dict[str, str]:
    """What a disease is sorted and searched by."""
    found = f"{search_key(name_fa)} {search_key(name_en)} {search_key(code)} {search_key(icd10)}"
    return {"sort_key": sort_key(name_fa), "search_key": f"{found} {orpha}"[:500]}


def read_icd10(text: str) -> str:
    """ICD-10 codes as kept, «G12.0;G12.1». Raises Invalid naming the one that is none."""
    return ";".join(_parts(text, ICD10, "disease.icd10"))


def read_orpha(text: str) -> str:
    """ORPHA numbers as kept, «579,580». Raises Invalid naming the one that is none."""
    return ",".join(_parts(text.upper().replace("ORPHA:", ""), ORPHA, "disease.orpha"))


def _parts(text: str, form: re.Pattern[str], error: str) -> list[str]:
    typed = re.split(r"[;,،؛\s]+", to_latin_digits(clean(text)).upper())
    found = [part for part in typed if part]
    for part in found:
        if not form.fullmatch(part):
            raise Invalid(error, read=part[:20])
    return list(dict.fromkeys(found))


@transaction.atomic
def add(
    *, code: str, name_fa: str, name_en: str, kind: str, icd10: str, orpha: str,
    tag_months: int | None, actor: UUID | None,
) -> Disease:  # fmt: skip
    """Add a disease to the list, its codes still to be confirmed by a clinician."""
    code = to_latin_digits(clean(code)).upper()
    if not CODE.fullmatch(code):
        raise Invalid("disease.code_form", read=code[:20])
    if Disease.objects.filter(code=code).exists():
        raise Invalid("disease.code_taken", read=code)
    row = Disease(code=code, kind=kind, origin="list", tag_months=tag_months)
    _name(row, name_fa, name_en, icd10, orpha)
    row.save(force_insert=True)
    audit.record("disease.add", actor=actor, kind="disease", object_id=code, fields=["code"])
    return row


@transaction.atomic
def change(
    row: Disease, *, name_fa: str, name_en: str, kind: str, icd10: str, orpha: str,
    tag_months: int | None, actor: UUID | None,
) -> Disease:  # fmt: skip
    """Correct a disease; where names or codes change, a clinician is asked again."""
    row = Disease.objects.select_for_update().get(pk=row.pk)
    before = (row.name_fa, row.name_en, row.icd10, row.orpha)
    _name(row, name_fa, name_en, icd10, orpha)
    row.kind, row.tag_months = kind, tag_months
    if before != (row.name_fa, row.name_en, row.icd10, row.orpha):
        row.confirmed_on = row.confirmed_by = None
    row.save()
    audit.record(
        "disease.change", actor=actor, kind="disease", object_id=row.code,
        content={"icd10": row.icd10, "orpha": row.orpha, "name": row.name_fa},
    )  # fmt: skip
    return row


def _name(row: Disease, name_fa: str, name_en: str, icd10: str, orpha: str) -> None:
    row.name_fa, row.name_en = clean(name_fa), clean(name_en)
    if not row.name_fa:
        raise Invalid("disease.name_empty")
    row.icd10, row.orpha = read_icd10(icd10), read_orpha(orpha)
    for field, value in keys(row.code, row.name_fa, row.name_en, row.icd10, row.orpha).items():
        setattr(row, field, value)


@transaction.atomic
def confirm(row: Disease, *, actor: UUID) -> None:
    """A clinician says that names and codes belong together; once, until they change."""
    open_rows = Disease.objects.filter(pk=row.pk, confirmed_on=None)
    if not open_rows.update(confirmed_on=timezone.localdate(), confirmed_by=actor):
        raise Invalid("disease.confirmed_before")
    audit.record("disease.confirm", actor=actor, kind="disease", object_id=row.pk)


@transaction.atomic
def ask_for(
    row: Disease, *, purpose: str, kind: str, title_fa: str, title_en: str, required: bool,
    since: dt.date, actor: UUID | None,
) -> Evidence:  # fmt: skip
    """Ask for evidence of a kind from a day on, in place of what was asked for of that kind."""
    made = state(
        Evidence, {"disease": row, "purpose": purpose, "kind": kind},
        {"title_fa": clean(title_fa), "title_en": clean(title_en), "required": required}, since,
    )  # fmt: skip
    assert made is not None
    audit.record(
        "disease.ask_for", actor=actor, kind="disease", object_id=row.pk,
        content={"purpose": purpose, "kind": kind, "required": required, "since": since},
    )  # fmt: skip
    return made


@transaction.atomic
def ask_no_more(row: Evidence, since: dt.date, *, actor: UUID | None) -> None:
    """Ask for evidence of a disease no longer from a day on."""
    key = {"disease": row.disease, "purpose": row.purpose, "kind": row.kind}
    state(Evidence, key, None, since)
    audit.record(
        "disease.ask_no_more", actor=actor, kind="disease", object_id=row.disease_id or "",
        content={"purpose": row.purpose, "kind": row.kind, "since": since},
    )  # fmt: skip
