"""Versions of packages: proposed with a sheet by one person, put in force by another."""

import datetime as dt
import hashlib
from typing import BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from pooshesh.disease import queries
from pooshesh.disease.models import Disease, Package, PackageLine, PackageState, PackageTerm
from pooshesh.disease.package_sheet import Sheet
from pooshesh.disease.tags import reason
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import state

explain(
    {
        "disease.sheet_bad": gettext_noop(
            "%(count)s cells cannot be read; nothing was proposed. Correct the sheet and bring it"
            " again."
        ),
        "disease.package_answered": gettext_noop("This version was answered before."),
        "disease.package_own": gettext_noop(
            "You proposed this version; another person puts it in force or refuses it."
        ),
        "disease.package_not_yours": gettext_noop("Somebody else proposed this version."),
        "disease.ending_past": gettext_noop(
            "A package ends today or later: what was decided by it stays decided."
        ),
        "disease.nothing_ends": gettext_noop("No package is in force on that day."),
        "disease.ceiling": gettext_noop("A ceiling of nothing; leave it empty for the rules' own."),
    }
)


@transaction.atomic
def propose(
    disease: Disease, sheet: Sheet, *, name: str, digest: str, starts: dt.date,
    ceiling: Rial | None, note: str, actor: UUID | None,
) -> Package:  # fmt: skip
    """Keep a sheet as the next version of a package. Raises Invalid when a cell is refused."""
    if sheet.count:
        raise Invalid("disease.sheet_bad", count=sheet.count)
    if ceiling is not None and ceiling.amount <= 0:
        raise Invalid("disease.ceiling")
    made = Package.objects.create(
        disease=disease, number=_next_number(disease), starts=starts,
        ceiling_rial=ceiling.amount if ceiling else None, file=name[-200:], digest=digest,
        note=clean(note), proposed_by=actor,
    )  # fmt: skip
    PackageLine.objects.bulk_create(
        PackageLine(
            package=made, code=line.code, kind=line.kind, title_fa=line.title_fa,
            title_en=line.title_en, unit_price_rial=line.unit_price_rial,
            percents=list(line.percents) if line.percents else None,
            most_per_year=line.most_per_year,
        )
        for line in sheet.lines
    )  # fmt: skip
    audit.record(
        "disease.propose_package", actor=actor, kind="package", object_id=made.pk,
        content={"disease": disease.pk, "digest": digest, "starts": starts,
                 "lines": len(sheet.lines)},
    )  # fmt: skip
    return made


@transaction.atomic
def propose_end(disease: Disease, *, starts: dt.date, why: str, actor: UUID | None) -> Package:
    """Keep as the next version that from a day on the disease has no package.

    Raises Invalid without a reason, for a day gone by, or where no package holds on the day.
    """
    why = reason(why)
    if starts < timezone.localdate():
        raise Invalid("disease.ending_past")
    number = _next_number(disease)
    if queries.package_on(disease.pk, starts) is None:
        raise Invalid("disease.nothing_ends")
    made = Package.objects.create(
        disease=disease, number=number, starts=starts, file="", digest="", note=why,
        ending=True, proposed_by=actor,
    )  # fmt: skip
    audit.record(
        "disease.propose_end", actor=actor, kind="package", object_id=made.pk,
        content={"disease": disease.pk, "starts": starts},
    )  # fmt: skip
    return made


def _next_number(disease: Disease) -> int:
    """The number of the next version; writers follow each other."""
    Disease.objects.select_for_update().get(pk=disease.pk)
    last = Package.objects.filter(disease=disease).aggregate(Max("number"))["number__max"]
    return (last or 0) + 1


def digest_of(source: BinaryIO) -> str:
    """The sha256 of a sheet in hex."""
    source.seek(0)
    return hashlib.sha256(source.read()).hexdigest()


@transaction.atomic
def approve(package: Package, *, answer: str = "", actor: UUID | None) -> Package:
    """Put a version in force from its first day until the next known version's."""
    package = _answered(package, PackageState.APPROVED, answer, actor)
    later = (
        PackageTerm.objects.known()
        .filter(disease=package.disease, valid__startswith__gt=package.starts)
        .order_by("valid")
        .values_list("valid", flat=True)
        .first()
    )
    state(
        PackageTerm, {"disease": package.disease}, {"package": package}, package.starts,
        later.lower if later else None,
    )  # fmt: skip
    _record("disease.approve_package", package, actor)
    return package


@transaction.atomic
def refuse(package: Package, *, answer: str, actor: UUID | None) -> Package:
    """Refuse a version, with the reason."""
    package = _answered(package, PackageState.REFUSED, reason(answer), actor)
    _record("disease.refuse_package", package, actor)
    return package


@transaction.atomic
def withdraw(package: Package, *, actor: UUID | None) -> Package:
    """Take one's own proposal back before it is answered."""
    if package.proposed_by != actor:
        raise Invalid("disease.package_not_yours")
    package = _answered(package, PackageState.WITHDRAWN, "", actor)
    _record("disease.withdraw_package", package, actor)
    return package


def _answered(package: Package, to: PackageState, answer: str, actor: UUID | None) -> Package:
    package = (
        Package.objects.select_for_update(of=("self",)).select_related("disease").get(pk=package.pk)
    )
    if package.state != PackageState.PROPOSED:
        raise Invalid("disease.package_answered")
    package.state, package.answer = to, clean(answer)
    package.decided_by, package.decided_at = actor, timezone.now()
    try:
        with transaction.atomic():
            package.save()
    except IntegrityError as error:
        raise Invalid("disease.package_own") from error
    return package


def _record(action: str, package: Package, actor: UUID | None) -> None:
    audit.record(
        action, actor=actor, kind="package", object_id=package.pk,
        content={"disease": package.disease_id, "number": package.number},
    )  # fmt: skip
