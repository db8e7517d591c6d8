"""Every read of diseases and tags, limited to what the viewer may see.

The list and its packages are no secret; tags and diagnoses are seen by who decides them, who
attaches them and who sees the fund's files, in their area.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from pooshesh.access.models import User
from pooshesh.access.queries import Viewer, visible
from pooshesh.access.reach import Reach, join
from pooshesh.disease import terms
from pooshesh.disease.models import (
    Claim,
    ClaimState,
    ClaimStep,
    Disease,
    Evidence,
    Package,
    PackageLine,
    PackageState,
    PackageTerm,
    Purpose,
    Tag,
    TagStep,
    TagTerm,
)
from pooshesh.disease.states import VERIFY, WRITE
from pooshesh.kernel.text import search_key, to_latin_digits
from pooshesh.people.merged import merged_into, of_human, survivor
from pooshesh.places.models import in_language

FUND = "fund.read"
R = TypeVar("R", bound=Model)
S = TypeVar("S", ClaimStep, TagStep)
WAITING = (ClaimState.WAITING, ClaimState.APPEALED)


def diseases() -> QuerySet[Disease]:
    """The list, by Persian name."""
    return Disease.objects.order_by("sort_key", "code")


def disease(code: str) -> Disease:
    """One of the list. Raises Disease.DoesNotExist."""
    return Disease.objects.get(code=code)


def with_package(rows: QuerySet[Disease], on: dt.date) -> QuerySet[Disease]:
    """Adds `package`, the version in force on a day."""
    terms = PackageTerm.objects.on(on).filter(disease=OuterRef("pk"), package__ending=False)
    return rows.annotate(package=Subquery(terms.values("package__number")[:1]))


def unconfirmed() -> int:
    """Diseases whose names and codes no clinician confirmed."""
    return Disease.objects.filter(confirmed_on=None).count()


def search(rows: QuerySet[Disease], text: str) -> QuerySet[Disease]:
    """Diseases whose names or codes hold every typed word."""
    for word in search_key(text).split():
        rows = rows.filter(search_key__contains=word)
    return rows


def reach_of_persons(viewer: Viewer) -> Reach:
    """Where the viewer may see who has which disease: to read the list alone is not enough."""
    return join([visible(viewer, one) for one in (WRITE, VERIFY, FUND)])


# --- tags ------------------------------------------------------------------------------------


def tag_on(
    person_id: UUID, disease_code: str, on: dt.date, *, as_of: dt.datetime | None = None
) -> Tag | None:
    """The tag that holds on a day, as known at a moment (default: now); 2 statements.

    Tags of records merged into the person's count as theirs.
    """
    term = (
        TagTerm.objects.on(on, as_of)
        .filter(person_id__in=of_human(survivor(person_id)), disease_id=disease_code)
        .select_related("tag")
        .order_by("-valid")
        .first()
    )
    return term.tag if term else None


def tags_of(person_ids: Iterable[UUID]) -> list[Tag]:
    """All tags of these persons' records, newest first; 2 statements."""
    asked = list(person_ids)
    records = [*asked, *merged_into(asked)]
    rows = Tag.objects.filter(person__in=records).select_related("disease")
    return list(rows.order_by("-starts", "-number"))


def tags(viewer: Viewer) -> QuerySet[Tag]:
    """Tags of persons who live in the viewer's area."""
    return reach_of_persons(viewer).limit(Tag.objects.select_related("person", "disease", "area"))


def tag(viewer: Viewer, tag_id: UUID) -> Tag | None:
    """One tag of the viewer's area."""
    return tags(viewer).filter(pk=tag_id).first()


def tags_in(rows: QuerySet[Tag], state: str, on: dt.date) -> QuerySet[Tag]:
    """Tags of a state on a day, as `tag_state` names it."""
    soon = on + dt.timedelta(days=terms.RENEWAL_DAYS)
    holds = Q(starts__lte=on, revoked_at=None)
    match state:
        case "tag_holds":
            return rows.filter(holds).filter(Q(ends=None) | Q(ends__gt=on))
        case "tag_ends_soon":
            return rows.filter(holds, ends__gt=on, ends__lte=soon)
        case "tag_ended":
            return rows.filter(ends__lte=on, revoked_at=None)
        case "tag_revoked":
            return rows.filter(revoked_at__isnull=False)
    return rows


def tag_state(one: Tag, on: dt.date) -> str:
    """What a tag is on a day: tag_holds, tag_ends_soon, tag_ended, tag_revoked."""
    if one.revoked_at is not None and one.ends is not None and one.ends <= on:
        return "tag_revoked"
    if one.ends is not None and one.ends <= on:
        return "tag_ended"
    if one.ends is not None and one.ends <= on + dt.timedelta(days=terms.RENEWAL_DAYS):
        return "tag_ends_soon"
    return "tag_holds"


def may_change_tag(viewer: Viewer, one: Tag) -> bool:
    """Whether the viewer's university may renew and revoke a tag."""
    return visible(viewer, VERIFY).covers(one.area_path, one.area_id)


def tag_steps(one: Tag) -> list[TagStep]:
    """What happened to a tag, newest first, each with its `who`."""
    return list(_named(TagStep.objects.filter(tag=one)))


def search_persons(rows: QuerySet[R], text: str) -> QuerySet[R]:
    """Rows with a person, by the words of the name or by a number."""
    number = to_latin_digits(text).strip()
    if number.isdecimal() and hasattr(rows.model, "number"):
        return rows.filter(number=int(number[:18]))
    for word in search_key(text).split():
        rows = rows.filter(person__search_key__contains=word)
    return rows


# --- diagnoses -------------------------------------------------------------------------------


def claims(viewer: Viewer) -> QuerySet[Claim]:
    """Diagnoses of the viewer's area: a university sees its catchment's."""
    rows = Claim.objects.select_related("person", "disease", "area")
    return reach_of_persons(viewer).limit(rows)


def to_decide(viewer: Viewer) -> QuerySet[Claim]:
    """What waits for the viewer's university, by the day it is due."""
    rows = visible(viewer, VERIFY).limit(Claim.objects.select_related("person", "disease", "area"))
    return rows.filter(state__in=WAITING).order_by("due", "id")


def claim(viewer: Viewer, claim_id: UUID) -> Claim | None:
    """One diagnosis of the viewer's area."""
    return claims(viewer).filter(pk=claim_id).first()


def may_judge(viewer: Viewer, found: Claim) -> bool:
    """Whether the viewer may decide it now: of the catchment, and on appeal somebody else."""
    if not visible(viewer, VERIFY).covers(found.area_path, found.area_id):
        return False
    if found.state != ClaimState.APPEALED:
        return True
    judged = ClaimStep.objects.filter(claim=found, actor=viewer.pk)
    return not judged.exclude(verb="appeal").exists()


def may_follow(viewer: Viewer, found: Claim) -> bool:
    """Whether the viewer may complete or appeal it for the patient."""
    return visible(viewer, WRITE).covers(found.area_path, found.area_id)


def claim_steps(found: Claim) -> list[ClaimStep]:
    """What happened to a claim, newest first, each with its `who`."""
    return list(_named(ClaimStep.objects.filter(claim=found)))


def sees_origin(viewer: Viewer, origin_id: UUID) -> bool:
    """Whether the viewer sees the diagnosis an application asked for, and so its documents."""
    return claims(viewer).filter(origin_id=origin_id).exists()


def sees_claim(viewer: Viewer, claim_id: UUID) -> bool:
    """Whether the viewer sees a diagnosis, and so the documents brought with its appeal."""
    return claim(viewer, claim_id) is not None


def _named(rows: QuerySet[S]) -> QuerySet[S]:
    who = User.objects.filter(id=OuterRef("actor")).values("full_name")[:1]
    return rows.annotate(who=Subquery(who)).order_by("-at", "-id")


# --- packages --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a package; prices in rial, shares in percent by decile 1-10; None: the rules'."""

    code: str
    kind: str
    title_fa: str
    title_en: str
    unit_price_rial: int | None
    percents: tuple[int, ...] | None
    most_per_year: int | None

    @property
    def title(self) -> str:
        """In the active language, in Persian where no English one is known."""
        return str(getattr(self, in_language("title"))) or self.title_fa

    def percent(self, decile: int | None) -> int | None:
        """The fund's share for a decile; None is the share of the fund's rules."""
        return self.percents[decile - 1] if self.percents and decile else None


@dataclass(frozen=True, slots=True)
class PackageOn:
    """The package of a disease on a day; `ceiling_rial` None is that of the fund's rules."""

    id: UUID
    disease: str
    number: int
    lines: Mapping[str, Line]
    ceiling_rial: int | None


def package_on(
    disease_code: str, on: dt.date, *, as_of: dt.datetime | None = None
) -> PackageOn | None:
    """The package in force on a day, as known at a moment; 1 statement when it was read before."""
    term = (
        PackageTerm.objects.on(on, as_of)
        .filter(disease_id=disease_code, package__ending=False)
        .values_list("package_id", "package__number", "package__ceiling_rial")
        .first()
    )
    if term is None:
        return None
    package_id, number, ceiling = term
    return PackageOn(package_id, disease_code, number, lines_of(package_id), ceiling)


@lru_cache(maxsize=256)
def lines_of(package_id: UUID) -> Mapping[str, Line]:
    """The lines of a package by code, in its order; they never change, so each is read once."""
    rows = PackageLine.objects.filter(package=package_id).order_by("pk")
    return MappingProxyType(
        {
            row.code: Line(
                row.code, row.kind, row.title_fa, row.title_en, row.unit_price_rial,
                tuple(row.percents) if row.percents else None, row.most_per_year,
            )
            for row in rows
        }
    )  # fmt: skip


def packages(disease_code: str) -> QuerySet[Package]:
    """The versions of a disease's package, newest first, each with its `proposer`."""
    who = User.objects.filter(id=OuterRef("proposed_by")).values("full_name")[:1]
    rows = Package.objects.filter(disease=disease_code).annotate(proposer=Subquery(who))
    return rows.order_by("-number")


def package(package_id: UUID) -> Package | None:
    """A version of a package, with its `proposer` and who `decided` it."""

    def who(field: str) -> Subquery:
        return Subquery(User.objects.filter(id=OuterRef(field)).values("full_name")[:1])

    rows = Package.objects.filter(pk=package_id).select_related("disease")
    return rows.annotate(proposer=who("proposed_by"), decided=who("decided_by")).first()


def ended_by(disease_code: str, on: dt.date) -> Package | None:
    """The version that says why a disease has no package on a day."""
    terms = PackageTerm.objects.on(on).filter(disease=disease_code, package__ending=True)
    term = terms.select_related("package").first()
    return term.package if term else None


@dataclass(frozen=True, slots=True)
class Ending:
    """What ending a package from a day on touches: tags that hold then, until which day (the
    first of the next version), and the package that holds now."""

    tags: int
    until: dt.date | None
    package: PackageOn | None


def ending(disease_code: str, on: dt.date) -> Ending:
    """What a disease without a package from a day on would mean. 3 statements."""
    open_tags = Tag.objects.filter(disease=disease_code, starts__lte=on)
    later = (
        PackageTerm.objects.known()
        .filter(disease=disease_code, valid__startswith__gt=on, package__ending=False)
        .order_by("valid").values_list("valid", flat=True).first()
    )  # fmt: skip
    return Ending(
        open_tags.filter(Q(ends=None) | Q(ends__gt=on)).count(),
        later.lower if later else None, package_on(disease_code, on),
    )  # fmt: skip


def package_before(one: Package) -> Package | None:
    """The version that holds, or held, on a version's first day without it."""
    answered = one.decided_at if one.state == PackageState.APPROVED else None
    term = (
        PackageTerm.objects.on(one.starts, answered and answered - dt.timedelta(microseconds=1))
        .filter(disease=one.disease_id)
        .exclude(package=one)
        .select_related("package")
        .first()
    )
    return term.package if term else None


def proposed(viewer: Viewer) -> int:
    """Versions of others that wait for this viewer's answer."""
    if not visible(viewer, WRITE).everywhere:
        return 0
    waiting = Package.objects.filter(state=PackageState.PROPOSED)
    return waiting.exclude(proposed_by=viewer.pk).count()


# --- evidence --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EvidenceNeeded:
    """A document that is asked for."""

    kind: str
    title: str
    required: bool


def checklist(disease_code: str, purpose: str, on: dt.date) -> list[EvidenceNeeded]:
    """What evidence a disease needs on a day, required first; 1 statement.

    What the disease asks for itself takes the place of the same kind asked for of all.
    """
    rows = evidence(disease_code, on).filter(purpose=purpose)
    by_kind: dict[str, Evidence] = {}
    for row in rows.order_by("disease_id"):  # nulls come last
        by_kind.setdefault(row.kind, row)
    needed = [EvidenceNeeded(row.kind, row.title, row.required) for row in by_kind.values()]
    return sorted(needed, key=lambda one: (not one.required, one.kind))


def needed(disease_code: str, on: dt.date) -> list[tuple[str, list[EvidenceNeeded]]]:
    """The checklists of a disease by what they are for, each with its title."""
    return [(str(one.label), checklist(disease_code, one, on)) for one in Purpose]


def evidence(disease_code: str, on: dt.date) -> QuerySet[Evidence]:
    """Evidence asked for on a day, of a disease and of all."""
    return Evidence.objects.on(on).filter(Q(disease=disease_code) | Q(disease=None))


def own_evidence(disease_code: str, on: dt.date) -> QuerySet[Evidence]:
    """What a disease asks for itself from a day on."""
    later = Evidence.objects.known().filter(disease=disease_code)
    return later.filter(Q(valid__endswith__gt=on) | Q(valid__upper_inf=True)).order_by(
        "purpose", "kind", "valid"
    )
