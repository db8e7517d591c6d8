"""The tables of the room's pages."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.disease import queries
from pooshesh.disease.forms import TAG_STATES
from pooshesh.disease.models import (
    Claim,
    ClaimState,
    Disease,
    DiseaseKind,
    ImportState,
    LineKind,
    Package,
    PackageState,
    RegistryImport,
    RegistryRow,
    RowReason,
    Tag,
    TagSource,
    Wish,
    WishState,
)
from pooshesh.disease.package_sheet import write_shares
from pooshesh.disease.queries import Line
from pooshesh.kernel.money import Rial
from pooshesh.people.tables import full_name
from pooshesh.web.cells import badge, identifier
from pooshesh.web.format import digits
from pooshesh.web.table import Column, Table

WORDS = dict(TAG_STATES)


def _link(page: str, key: object, text: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(f"disease:{page}", args=[key]), text)


def disease_link(one: Disease) -> SafeString:
    """The name of a disease, leading to its page."""
    return _link("disease", one.code, one)


def _confirmed(one: Disease) -> str:
    return gettext("Confirmed") if one.confirmed_on else gettext("To be confirmed by a clinician")


def confirmed_badge(one: Disease) -> SafeString:
    """Whether a clinician confirmed that names and codes belong together."""
    return badge("confirmed" if one.confirmed_on else "to_be_confirmed", _confirmed(one))


class DiseaseTable(Table[Disease]):
    """The list of diseases."""

    name = "diseases"
    caption = _("Diseases")
    search_label = _("Name or code")
    page_size = 50
    columns = (
        Column("name", _("Name"), str, sort="sort_key", render=disease_link),
        Column("code", _("Code"), "code", kind="id", sort="code"),
        Column("kind", _("Kind"), lambda d: DiseaseKind(d.kind).label, sort="kind"),
        Column("icd10", "ICD-10", "icd10", kind="id"),
        Column("orpha", "ORPHA", "orpha", kind="id"),
        Column("package", _("Package version"), "package", kind="number"),
        Column("confirmed", _("Names and codes"), _confirmed, render=confirmed_badge),
        Column("origin", _("Origin"), "origin", hidden=True),
    )
    order = "name"

    def search(self, rows: Any, text: str) -> Any:
        return queries.search(rows, text)


class PackageTable(Table[Package]):
    """Versions of a package."""

    name = "packages"
    caption = _("Versions of the package")
    empty = _("No package was proposed yet.")
    columns = (
        Column("number", _("Version"), "number", kind="number", sort="number",
               render=lambda p: _link("package", p.pk, gettext("Version %(number)s")
                                      % {"number": digits(str(p.number))})),
        Column("starts", _("In force from"), "starts", kind="date", sort="starts"),
        Column("what", _("What it does"),
               lambda p: _("Ends the package") if p.ending else _("Lines of the package")),
        Column("state", _("State"), lambda p: PackageState(p.state), kind="state", sort="state"),
        Column("proposer", _("Proposed by"), "proposer"),
        Column("at", _("Proposed at"), "proposed_at", kind="moment", sort="proposed_at"),
        Column("file", _("File"), "file", kind="id", hidden=True),
    )  # fmt: skip
    order = "-number"
    page_size = 10


class LineTable(Table[Line]):
    """Lines of a package, to read and to take as a sheet that can be brought again."""

    name = "package"
    caption = _("Services, drugs and equipment of the package")
    search_label = _("Code or title")
    page_size = 50
    columns = (
        Column("code", _("Code"), "code", kind="id", sort="code"),
        Column("kind", _("Kind"), lambda one: LineKind(one.kind).label, sort="kind"),
        Column("title", _("Title"), "title", sort="title"),
        Column("price", _("Unit price (rial)"), "unit_price_rial", kind="number", sort="price"),
        Column("shares", _("Fund's shares by decile"), lambda one: write_shares(one.percents),
               render=lambda one: identifier(digits(write_shares(one.percents)))
               if one.percents else format_html("{}", gettext("by the fund's rules"))),
        Column("most", _("Most a year"), "most_per_year", kind="number", sort="most"),
    )  # fmt: skip

    def search(self, rows: Any, text: str) -> Any:
        asked = text.casefold()
        return [
            one for one in rows if asked in f"{one.code} {one.title_fa} {one.title_en}".casefold()
        ]


# --- diagnoses and tags ------------------------------------------------------------------------


def number_of(one: Claim | Tag) -> str:
    """The number of a diagnosis or tag as people read it."""
    return digits(str(one.number))


class ClaimTable(Table[Claim]):
    """Diagnoses that universities decide."""

    name = "claims"
    caption = _("Diagnoses to decide")
    empty = _("No diagnosis waits here.")
    search_label = _("Name or number")
    columns = (
        Column("number", _("Number of the diagnosis"), "number", kind="id", sort="number",
               render=lambda c: _link("claim", c.pk, number_of(c))),
        Column("person", _("Patient"), lambda c: full_name(c.person), sort="person__sort_key",
               render=lambda c: _link("claim", c.pk, full_name(c.person))),
        Column("disease", _("Disease"), "disease", sort="disease__sort_key"),
        Column("area", _("Area"), "area", sort="area__sort_key"),
        Column("state", _("State"), lambda c: ClaimState(c.state), kind="state", sort="state"),
        Column("opened", _("Came at"), "opened_at", kind="moment", sort="opened_at"),
        Column("due", _("Due"), "due", kind="date", sort="due"),
    )  # fmt: skip
    order = "due"

    def search(self, rows: Any, text: str) -> Any:
        return queries.search_persons(rows, text)


def tag_words(one: Tag) -> str:
    """What a tag is today, in words."""
    return str(WORDS[queries.tag_state(one, timezone.localdate())])


def tag_badge(one: Tag) -> SafeString:
    """What a tag is today."""
    return badge(queries.tag_state(one, timezone.localdate()), tag_words(one))


class TagTable(Table[Tag]):
    """Tags of patients."""

    name = "tags"
    caption = _("Disease tags")
    empty = _("No tag is here.")
    search_label = _("Name or number")
    columns = (
        Column("number", _("Number of the tag"), "number", kind="id", sort="number",
               render=lambda t: _link("tag", t.pk, number_of(t))),
        Column("person", _("Patient"), lambda t: full_name(t.person), sort="person__sort_key",
               render=lambda t: _link("tag", t.pk, full_name(t.person))),
        Column("disease", _("Disease"), "disease", sort="disease__sort_key"),
        Column("area", _("Area"), "area", sort="area__sort_key"),
        Column("state", _("State"), tag_words, render=tag_badge),
        Column("starts", _("Tagged from"), "starts", kind="date", sort="starts"),
        Column("ends", _("Holds until before"), "ends", kind="date", sort="ends"),
        Column("source", _("Source"), lambda t: TagSource(t.source).label, sort="source"),
        Column("registry", _("Registry number"), "registry_number", kind="id", hidden=True),
    )  # fmt: skip
    order = "-number"

    def search(self, rows: Any, text: str) -> Any:
        return queries.search_persons(rows, text)


# --- the registry and wishes -------------------------------------------------------------------


class ImportTable(Table[RegistryImport]):
    """Sheets of the ministry's registry."""

    name = "imports"
    caption = _("Sheets of the ministry's registry")
    empty = _("No sheet was brought yet.")
    columns = (
        Column("name", _("File"), "name", render=lambda i: _link("import", i.pk, i.name)),
        Column("area", _("Matched to residents of"), "area", sort="area__sort_key"),
        Column("at", _("Brought at"), "at", kind="moment", sort="at"),
        Column("state", _("State"), lambda i: ImportState(i.state), kind="state", sort="state"),
        Column("tags", _("Tags attached"), lambda i: i.found.get("tags_attached"), kind="number"),
        Column("waiting", _("Rows that wait for a clerk"), lambda i: i.found.get("rows_waiting"),
               kind="number"),
    )  # fmt: skip
    order = "-at"


class RowTable(Table[RegistryRow]):
    """Rows of the registry that wait for a person."""

    name = "rows"
    caption = _("Rows that wait for a clerk")
    empty = _("No row of the registry waits.")
    search_label = _("Registry number")
    columns = (
        Column("number", _("Registry number"), "registry_number", kind="id",
               sort="registry_number", render=lambda r: _link("row", r.pk, r.registry_number)),
        Column("disease", _("Disease"), "disease", sort="disease__sort_key"),
        Column("reason", _("Why it waits"), lambda r: RowReason(r.reason).label, sort="reason"),
        Column("starts", _("Tagged from"), "starts", kind="date", sort="starts"),
        Column("ends", _("Holds until before"), "ends", kind="date", sort="ends"),
        Column("area", _("Area"), "area", sort="area__sort_key"),
        Column("at", _("Brought at"), "at", kind="moment", sort="at"),
    )  # fmt: skip
    order = "at"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(registry_number__icontains=text.strip())


class WishTable(Table[Wish]):
    """Wishes to add a disease."""

    name = "wishes"
    caption = _("Wishes to add a disease")
    empty = _("Nobody wished for a disease yet.")
    search_label = _("Name of the disease")
    columns = (
        Column("name", _("Name of the disease"), "name", sort="name",
               render=lambda w: _link("wish", w.pk, w.name)),
        Column("count", _("Times asked for"), "count", kind="number", sort="count"),
        Column("state", _("State"), lambda w: WishState(w.state), kind="state", sort="state"),
        Column("disease", _("Disease"), "disease"),
        Column("first", _("First asked at"), "first_at", kind="moment", sort="first_at",
               hidden=True),
        Column("last", _("Last asked at"), "last_at", kind="moment", sort="last_at"),
    )  # fmt: skip
    order = "-count"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(name__icontains=text.strip())


class PublicWishTable(Table[Wish]):
    """What the public reads of wishes."""

    name = "public-wishes"
    caption = _("What was wished for")
    empty = _("No wish has been answered yet.")
    columns = (
        Column("name", _("Name of the disease"), "name", sort="name"),
        Column("count", _("Times asked for"), "count", kind="number", sort="count"),
        Column("state", _("State"), lambda w: WishState(w.state), kind="state", sort="state"),
        Column("answer", _("Answer"), "answer"),
    )
    order = "-count"
    page_size = 50


def ceiling_of(package: Package | queries.PackageOn) -> Rial | None:
    """The ceiling of a package as money; None for the rules' own."""
    return None if package.ceiling_rial is None else Rial(package.ceiling_rial)
