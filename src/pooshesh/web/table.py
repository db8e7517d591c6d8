"""The server-side table: sort, search, pages, column choice and export of rows already scoped.

    class Neighbourhoods(Table[Area]):
        name = "neighbourhoods"
        caption = _("Neighbourhoods")
        columns = (
            Column("code", _("Code"), "code", kind="id", sort="code"),
            Column("name", _("Name"), "name_fa", sort="sort_key"),
            Column("people", _("Residents"), "population", kind="number", sort="population"),
        )
        order = "name"

        def search(self, rows, text): return rows.filter(key__contains=key(text))

    def page(request):
        table = Neighbourhoods(request, queries.visible(request.user))
        return table.respond("places/list.html", {"title": ...})

The template says `{% table table %}`. A table only narrows the rows it is given, never widens.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeVar, cast

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.text import to_latin_digits
from pooshesh.web import export
from pooshesh.web.cells import Kind, show
from pooshesh.web.format import number

Row = TypeVar("Row")
Text = str | Promise

COUNT_CAP = 10_000  # counting further costs more than anybody reads
EXPORT_CHUNK = 2_000


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column.

    `value` is an attribute path ("area.name_fa") or a function of the row; `kind` says how it is
    shown and exported; `sort` is what `order_by` takes (for a sequence, any text); `render` turns
    the row into safe HTML where the kind does not do; a `hidden` column shows when chosen.
    """

    key: str
    title: Text
    value: str | Callable[[Row], object]
    kind: Kind = "text"
    sort: str = ""
    render: Callable[[Row], SafeString] | None = None
    hidden: bool = False

    def read(self, row: Row) -> object:
        if callable(self.value):
            return self.value(row)
        found: object = row
        for name in self.value.split("."):
            if found is None:
                return None
            found = found.get(name) if isinstance(found, Mapping) else getattr(found, name)
        return found

    def plain(self, row: Row) -> object:
        """What an export writes: the value, or the words of a state."""
        value = self.read(row)
        return getattr(value, "label", value) if self.kind == "state" else value

    def cell(self, row: Row) -> str:
        return self.render(row) if self.render else show(self.kind, self.read(row))


def _by(rows: "QuerySet[Any]", sort: str, downwards: bool) -> Any:
    """What sorts by a column; a figure that is not known stands last both ways.

    Only of what was worked out: an index on a column of the table knows one order of its nulls.
    """
    if downwards and sort in rows.query.annotations:
        return F(sort).desc(nulls_last=True)
    return f"-{sort}" if downwards else sort


@dataclass(frozen=True)
class Heading:
    """A column head as the template needs it."""

    column: Column[Any]
    query: str
    direction: Literal["ascending", "descending", ""]


class Table(Generic[Row]):
    """See the module. `order` is the key of the column sorted by at first, "-key" downwards."""

    name: ClassVar[str]
    caption: ClassVar[Text]
    columns: ClassVar[Sequence[Column[Any]]]
    order: ClassVar[str] = ""
    page_size: ClassVar[int] = 25
    empty: ClassVar[Text] = gettext_lazy("There is nothing here yet.")
    search_label: ClassVar[Text] = gettext_lazy("Search")
    template: ClassVar[str] = "web/table.html"

    def __init__(self, request: HttpRequest, rows: "QuerySet[Any] | Sequence[Row]") -> None:
        self.request = request
        self.given = rows
        self.params = request.GET

    def search(self, rows: Any, text: str) -> Any:
        """Rows that match what was typed; a table that has a search box says how."""
        raise NotImplementedError

    @property
    def searchable(self) -> bool:
        return type(self).search is not Table.search

    # --- what was asked for -------------------------------------------------------

    @property
    def element_id(self) -> str:
        return f"table-{self.name}"

    @cached_property
    def text(self) -> str:
        return self.params.get("q", "").strip()[:200]

    @cached_property
    def shown(self) -> list[Column[Row]]:
        chosen = set(self.params.getlist("col"))
        known = [c for c in self.columns if c.key in chosen]
        return known or [c for c in self.columns if not c.hidden]

    @cached_property
    def sorting(self) -> tuple[Column[Row] | None, bool]:
        """(column, downwards)."""
        for asked in (self.params.get("sort", ""), self.order):
            for column in self.columns:
                if column.sort and column.key == asked.removeprefix("-"):
                    return column, asked.startswith("-")
        return None, False

    # --- rows -----------------------------------------------------------------------

    @cached_property
    def rows(self) -> "QuerySet[Any] | Sequence[Row]":
        """All matching rows in order."""
        rows = self.given
        if self.searchable and self.text:
            rows = self.search(rows, self.text)
        column, downwards = self.sorting
        if isinstance(rows, QuerySet):
            # The key makes the order total: a page break never shows a row twice.
            by = [_by(rows, column.sort, downwards)] if column else list(rows.query.order_by)
            return rows.order_by(*by, "pk")
        if column is None:
            return rows

        known = [row for row in rows if column.read(row) is not None]
        unknown = [row for row in rows if column.read(row) is None]
        return sorted(known, key=cast(Any, column.read), reverse=downwards) + unknown

    @cached_property
    def counted(self) -> int:
        """How many rows match, at most `COUNT_CAP` + 1."""
        if isinstance(self.rows, QuerySet):
            return self.rows.order_by()[: COUNT_CAP + 1].count()
        return len(self.rows)

    @property
    def count_is_capped(self) -> bool:
        return self.counted > COUNT_CAP

    @property
    def count(self) -> int:
        return min(self.counted, COUNT_CAP) if isinstance(self.rows, QuerySet) else self.counted

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.page_size))

    @cached_property
    def page(self) -> int:
        asked = to_latin_digits(self.params.get("page", "1"))
        return min(max(int(asked), 1), self.pages) if asked.isdecimal() else 1

    @cached_property
    def page_rows(self) -> list[Row]:
        start = (self.page - 1) * self.page_size
        return list(self.rows[start : start + self.page_size])

    def body(self) -> Iterator[list[tuple[Column[Row], str]]]:
        for row in self.page_rows:
            yield [(column, column.cell(row)) for column in self.shown]

    # --- links ----------------------------------------------------------------------

    def query(self, **changes: str | None) -> str:
        """The query string of this view with `changes` made (None drops); page 1 unless given."""
        params = self.params.copy()
        params.pop("page", None)
        for key, value in changes.items():
            params.pop(key, None)
            if value is not None:
                params[key] = value
        return "?" + params.urlencode()

    def headings(self) -> Iterator[Heading]:
        sorted_by, downwards = self.sorting
        for column in self.shown:
            active = column is sorted_by
            target = f"-{column.key}" if active and not downwards else column.key
            yield Heading(
                column,
                self.query(sort=target) if column.sort else "",
                ("descending" if downwards else "ascending") if active else "",
            )

    def page_links(self) -> list[tuple[int | None, str]]:
        """(page, query): first, last and two around the current one; (None, "") is a gap."""
        near = range(self.page - 2, self.page + 3)
        wanted = [p for p in range(1, self.pages + 1) if p in (1, self.pages) or p in near]
        links: list[tuple[int | None, str]] = []
        for i, page in enumerate(wanted):
            if i and page - wanted[i - 1] > 1:
                links.append((None, ""))
            links.append((page, self.query(page=str(page))))
        return links

    def exports(self) -> list[tuple[str, str]]:
        return [(fmt.upper(), self.query(export=fmt)) for fmt in ("xlsx", "csv")]

    def kept(self) -> list[tuple[str, str]]:
        """Parameters the search form carries along as hidden inputs."""
        own = {"q", "page", "col", "export"}
        return [(k, v) for k, values in self.params.lists() if k not in own for v in values]

    # --- answers ----------------------------------------------------------------------

    def respond(self, template: str, context: Mapping[str, Any] | None = None) -> HttpResponseBase:
        """The export asked for, the table alone for its own htmx request, else the whole page."""
        fmt = self.params.get("export")
        if fmt in ("csv", "xlsx"):
            return self.export(cast(export.Format, fmt))
        partial = self.request.headers.get("HX-Target") == self.element_id
        response = render(
            self.request,
            self.template if partial else template,
            {**(context or {}), "table": self},
        )
        patch_vary_headers(response, ["HX-Target"])
        return response

    def export(self, fmt: export.Format) -> HttpResponseBase:
        """Every matching row, the shown columns."""
        rows = (
            self.rows.iterator(EXPORT_CHUNK) if isinstance(self.rows, QuerySet) else iter(self.rows)
        )
        return export.respond(
            fmt,
            self.name,
            [str(column.title) for column in self.shown],
            ([column.plain(row) for column in self.shown] for row in rows),
        )

    def summary(self) -> str:
        """How many rows, in words for the foot and for screen readers."""
        if self.count_is_capped:
            return _("More than %(count)s rows") % {"count": number(COUNT_CAP)}
        return _("%(count)s rows") % {"count": number(self.counted)}
