"""Tables of diseases: the list, packages by date, diagnoses to decide, tags of patients, wishes."""

from pooshesh.disease.models.claims import LIVE, Claim, ClaimState, ClaimStep
from pooshesh.disease.models.listed import Disease, DiseaseKind, Evidence, Purpose, Titled
from pooshesh.disease.models.packages import (
    DECILES,
    LineKind,
    Package,
    PackageLine,
    PackageState,
    PackageTerm,
)
from pooshesh.disease.models.registry import (
    ImportState,
    RegistryImport,
    RegistryRow,
    RowReason,
    RowState,
)
from pooshesh.disease.models.tags import Tag, TagSource, TagStep, TagTerm, TagVerb
from pooshesh.disease.models.wishes import Wish, WishState, WishVoice

__all__ = [
    "DECILES",
    "LIVE",
    "Claim",
    "ClaimState",
    "ClaimStep",
    "Disease",
    "DiseaseKind",
    "Evidence",
    "ImportState",
    "LineKind",
    "Package",
    "PackageLine",
    "PackageState",
    "PackageTerm",
    "Purpose",
    "RegistryImport",
    "RegistryRow",
    "RowReason",
    "RowState",
    "Tag",
    "TagSource",
    "TagStep",
    "TagTerm",
    "TagVerb",
    "Titled",
    "Wish",
    "WishState",
    "WishVoice",
]
