"""Tables of people."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.text import search_key
from pooshesh.people.models import Link, LinkOrigin, Person, Sex
from pooshesh.people.queries import find
from pooshesh.web.format import percent
from pooshesh.web.table import Column, Table


def full_name(person: Person) -> str:
    """First and last name; a word where neither is known."""
    return f"{person.first_name} {person.last_name}".strip() or str(_("Without a name"))


def _link(person: Person) -> SafeString:
    address = reverse("people:person", args=[person.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, full_name(person))


class PersonTable(Table[Person]):
    """Persons that answer a search; empty until something is typed."""

    name = "persons"
    caption = _("Person records")
    columns = (
        Column("name", _("Name"), full_name, render=_link),
        Column("father", _("Father's name"), "father_name"),
        Column("birth", _("Birth date"), "birth_date", kind="date"),
        Column("sex", _("Sex"), lambda row: Sex(row.sex).label if row.sex else ""),
        Column("area", _("Area"), lambda row: str(row.area)),
    )
    search_label = _("Name, national ID number, foreign national's code or mobile number")
    empty = _("Type a name or a number to find a person of your area.")
    page_size = 50

    def search(self, rows: Sequence[Person], text: str) -> Sequence[Person]:
        return find(self.request.user, text, self.page_size).hits


def _pair_link(link: Link) -> SafeString:
    address = reverse("people:pair", args=[link.pk])
    return format_html(
        '<a href="{}"><bdi>{}</bdi> · <bdi>{}</bdi></a>',
        address, full_name(link.first), full_name(link.second),
    )  # fmt: skip


class PairTable(Table[Link]):
    """Pairs of records that may be one person."""

    name = "pairs"
    caption = _("Possible doubles")
    columns = (
        Column(
            "pair",
            _("Records"),
            lambda row: f"{full_name(row.first)} · {full_name(row.second)}",
            render=_pair_link,
        ),
        Column("first_birth", _("Birth date of the first"), "first.birth_date", kind="date"),
        Column("second_birth", _("Birth date of the second"), "second.birth_date", kind="date"),
        Column("score", _("Likeness"), lambda row: "" if row.score is None else percent(row.score)),
        Column("origin", _("Found by"), lambda row: LinkOrigin(row.origin).label),
        Column("area", _("Area"), lambda row: str(row.second.area)),
        Column("found", _("Found on"), "found_at", kind="moment"),
    )
    search_label = _("Name")
    empty = _("There is no such pair in your area.")

    def search(self, rows: QuerySet[Link], text: str) -> QuerySet[Link]:
        for word in search_key(text).split():
            rows = rows.filter(
                Q(first__search_key__contains=word) | Q(second__search_key__contains=word)
            )
        return rows
