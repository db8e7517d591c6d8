"""Every read of diseases and tags, limited to what the viewer may see.

The list and its packages are no secret; tags and diagnoses are seen by who decides them, who
attaches them and who sees the fund's files, in their area.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from pooshesh.access.queries import Viewer, visible
from pooshesh.access.reach import Reach, join
from pooshesh.disease.models import (
    Claim,
    ClaimState,
    Disease,
    Evidence,
    PackageLine,
    PackageTerm,
    Purpose,
    Tag,
    TagTerm,
)
from pooshesh.disease.states import VERIFY, WRITE
from pooshesh.kernel.text import search_key
from pooshesh.people.merged import merged_into, of_human, survivor
from pooshesh.places.models import in_language

FUND = "fund.read"
WAITING = (ClaimState.WAITING, ClaimState.APPEALED)


def diseases() -> QuerySet[Disease]:
    """The list, by Persian name."""
    return Disease.objects.order_by("sort_key", "code")


def disease(code: str) -> Disease:
    """One of the list. Raises Disease.DoesNotExist."""
    return Disease.objects.get(code=code)


def with_package(rows: QuerySet[Disease], on: dt.date) -> QuerySet[Disease]:
    """Adds `package`, the version in force on a day."""
    terms = PackageTerm.objects.on(on).filter(disease=OuterRef("pk"))
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


# --- diagnoses -------------------------------------------------------------------------------


def claims(viewer: Viewer) -> QuerySet[Claim]:
    """Diagnoses of the viewer's area: a university sees its catchment's."""
    rows = Claim.objects.select_related("person", "disease", "area")
    return reach_of_persons(viewer).limit(rows)


def to_decide(viewer: Viewer) -> QuerySet[Claim]:
    """What waits for the viewer's university, by the day it is due."""
    rows = visible(viewer, VERIFY).limit(Claim.objects.select_related("person", "disease", "area"))
    return rows.filter(state__in=WAITING).order_by("due", "id")


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
        .filter(disease_id=disease_code)
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
