"""The server-side table on lists and on rows of the database."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override

from pooshesh.kernel.models import Schedule
from pooshesh.web import table as table_module
from pooshesh.web.table import Column, Table


@dataclass(frozen=True)
class Person:
    name: str
    residents: int | None
    code: str = "007"


class People(Table[Person]):
    name = "people"
    caption = "People"
    columns = (
        Column("name", "Name", "name", sort="name"),
        Column("residents", "Residents", "residents", kind="number", sort="residents"),
        Column("code", "Code", "code", kind="id", hidden=True),
    )
    order = "name"
    page_size = 2

    def search(self, rows: Any, text: str) -> Any:
        return [row for row in rows if text in row.name]


ROWS = [
    Person("c", 30),
    Person("a", 1200),
    Person("b", None),
    Person("<script>", 5),
    Person("d", 2),
]


def people(query: str = "", rows: list[Person] = ROWS) -> People:
    return People(RequestFactory().get(f"/people/?{query}"), rows)


def names(table: People) -> list[str]:
    return [row.name for row in table.page_rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["<script>", "a"]),
        ("page=2", ["b", "c"]),
        ("page=۲", ["b", "c"]),
        ("page=99", ["d"]),
        ("page=-1", ["<script>", "a"]),
        ("page=x", ["<script>", "a"]),
        ("sort=-name", ["d", "c"]),
        ("sort=residents", ["d", "<script>"]),
        ("sort=residents&page=3", ["b"]),
        ("sort=-residents&page=3", ["b"]),
        ("sort=code", ["<script>", "a"]),
        ("sort=password", ["<script>", "a"]),
        ("q=script", ["<script>"]),
        ("q=nobody", []),
    ],
)
def test_what_is_asked_for_is_what_is_shown(query: str, expected: list[str]) -> None:
    assert names(people(query)) == expected


def test_cells_are_written_for_the_language_and_escaped() -> None:
    with override("fa"):
        cells = [cell for row in people().body() for _, cell in row]

    assert cells == ["&lt;script&gt;", "۵", "a", "۱٬۲۰۰"]


def test_columns_are_chosen() -> None:
    assert [c.key for c in people("col=code&col=nonsense").shown] == ["code"]
    assert [c.key for c in people().shown] == ["name", "residents"]


def test_sorting_again_turns_the_order() -> None:
    name, residents = people("q=a&page=2").headings()

    assert (name.direction, name.query) == ("ascending", "?q=a&sort=-name")
    assert (residents.direction, residents.query) == ("", "?q=a&sort=residents")


def test_page_links_leave_gaps() -> None:
    table = people("page=10", [Person(str(i), i) for i in range(40)])

    assert [page for page, _ in table.page_links()] == [1, None, 8, 9, 10, 11, 12, None, 20]


def test_an_export_holds_every_matching_row_and_only_shown_columns() -> None:
    response: Any = people("export=csv&col=name&sort=-name").respond("unused.html")

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert text.split() == ["Name", "d", "c", "b", "a", "<script>"]


def test_htmx_gets_the_table_alone() -> None:
    request = RequestFactory().get("/people/", headers={"HX-Target": "table-people"})

    response = People(request, ROWS).respond("web/styleguide.html")

    text = response.content.decode()  # type: ignore[attr-defined]
    assert text.lstrip().startswith("<section")
    assert response["Vary"] == "HX-Target"


def test_the_table_is_readable_to_a_screen_reader() -> None:
    request = RequestFactory().get("/people/?sort=-name", headers={"HX-Target": "table-people"})

    text = People(request, ROWS).respond("unused.html").content.decode()  # type: ignore[attr-defined]

    assert "<caption>People</caption>" in text
    assert 'aria-sort="descending"' in text
    assert text.count('scope="col"') == 2
    assert "<script>" not in text


def test_an_empty_table_says_so() -> None:
    request = RequestFactory().get("/people/?q=nobody", headers={"HX-Target": "table-people"})

    with override("en"):
        text = People(request, ROWS).respond("unused.html").content.decode()  # type: ignore[attr-defined]

    assert "Nothing matches “nobody”." in text


class Schedules(Table[Schedule]):
    name = "schedules"
    caption = "Schedules"
    columns = (
        Column("kind", "Kind", "kind", sort="kind"),
        Column("next", "Next", "next_at", kind="moment", sort="next_at"),
    )
    page_size = 2

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(kind__contains=text)


@pytest.fixture
def schedules(db: None) -> None:
    now = timezone.now()
    Schedule.objects.bulk_create(
        Schedule(
            kind=f"{'own' if i % 2 else 'other'}.{i}", next_at=now + dt.timedelta(hours=i // 2)
        )
        for i in range(10)
    )


def test_a_table_never_widens_the_rows_it_is_given(schedules: None) -> None:
    own = Schedule.objects.filter(kind__startswith="own")
    request = RequestFactory().get("/?q=other&sort=-kind")

    assert Schedules(request, own).page_rows == []
    assert Schedules(RequestFactory().get("/"), own).counted == 5


def test_pages_of_equal_rows_do_not_repeat_one(schedules: None) -> None:
    pages = [
        Schedules(RequestFactory().get(f"/?sort=next&page={page}"), Schedule.objects.all())
        for page in range(1, 6)
    ]

    assert len({row.kind for page in pages for row in page.page_rows}) == 10


def test_one_query_counts_and_one_reads(schedules: None, django_assert_num_queries: Any) -> None:
    table = Schedules(RequestFactory().get("/"), Schedule.objects.all())

    with django_assert_num_queries(2):
        list(table.body())
        table.summary()
        table.page_links()


def test_counting_stops_at_the_cap(schedules: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module, "COUNT_CAP", 4)

    table = Schedules(RequestFactory().get("/"), Schedule.objects.all())

    with override("en"):
        assert table.summary() == "More than 4 rows"
    assert table.pages == 2
