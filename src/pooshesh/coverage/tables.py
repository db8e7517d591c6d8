"""The tables of cover."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.coverage import lists
from pooshesh.coverage.doubles import PairCount
from pooshesh.coverage.forms import BIRTH_WORDS, NOTICE_WORDS
from pooshesh.coverage.lists import FundCount
from pooshesh.coverage.models import Account, Birth, Notice, Spell
from pooshesh.kernel.money import Rial
from pooshesh.people.models import Person
from pooshesh.people.tables import full_name
from pooshesh.web.cells import badge
from pooshesh.web.table import Column, Table

NAME_OR_NUMBER = gettext_lazy("Name or number of a person")


def _cover_link(person: Person) -> SafeString:
    address = reverse("coverage:person", args=[person.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, full_name(person))


class FundTable(Table[FundCount]):
    """Persons by province and fund on a day."""

    name = "funds"
    caption = gettext_lazy("Persons covered, by province and fund")
    empty = gettext_lazy("Nobody is covered in your area on this day.")
    columns = (
        Column("province", gettext_lazy("Province"), "province_name", sort="province_name"),
        Column("insurer", gettext_lazy("Insurer"), lambda row: str(row.insurer), sort="insurer"),
        Column("fund", gettext_lazy("Fund"), "fund", sort="fund"),
        Column("persons", gettext_lazy("Persons covered"), "persons", kind="number",
               sort="persons"),
        Column("suspended", gettext_lazy("Of these suspended"), "suspended", kind="number",
               sort="suspended"),
    )  # fmt: skip
    order = "-persons"
    page_size = 50


class SpellTable(Table[Spell]):
    """Spells of persons of one's area."""

    name = "spells"
    caption = gettext_lazy("Cover spells")
    empty = gettext_lazy("No spell of cover fits.")
    search_label = NAME_OR_NUMBER
    columns = (
        Column("person", gettext_lazy("Person"), lambda s: full_name(s.person),
               sort="person__sort_key", render=lambda s: _cover_link(s.person)),
        Column("insurer", gettext_lazy("Insurer"), lambda s: str(s.insurer), sort="insurer_id"),
        Column("scheme", gettext_lazy("Fund"), lambda s: s.get_scheme_display(), sort="scheme"),
        Column("percent", gettext_lazy("Household's share in percent"), "premium_percent",
               kind="number", sort="premium_percent"),
        Column("from", gettext_lazy("From"), "valid.lower", kind="date", sort="valid"),
        Column("until", gettext_lazy("Until before"), "valid.upper", kind="date"),
        Column("source", gettext_lazy("How it is known"), lambda s: s.get_source_display(),
               hidden=True),
        Column("area", gettext_lazy("Area"), lambda s: str(s.person.area)),
        Column("state", gettext_lazy("State"),
               lambda s: _("Suspended") if s.paused else _("Covers"),
               render=lambda s: badge("suspended" if s.paused else "covers",
                                      _("Suspended") if s.paused else _("Covers"))),
    )  # fmt: skip
    order = "-from"

    def search(self, rows: Any, text: str) -> Any:
        return lists.by_name(rows, text, "person")


def _household(account: Any) -> str:
    return f"{account.first_name or ''} {account.last_name or ''}".strip() or _("Without a name")


def _household_link(account: Any) -> SafeString:
    address = reverse("coverage:household", args=[account.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, _household(account))


class ArrearsTable(Table[Account]):
    """Households that owe premium."""

    name = "arrears"
    caption = gettext_lazy("Households that owe premium")
    empty = gettext_lazy("No household of your area owes premium.")
    search_label = NAME_OR_NUMBER
    columns = (
        Column("head", gettext_lazy("Head of the household"), _household, sort="last_name",
               render=_household_link),
        Column("area", gettext_lazy("Area"), lambda a: str(a.area), sort="area__sort_key"),
        Column("owed", gettext_lazy("Owed"), lambda a: Rial(a.owed), kind="money", sort="owed"),
        Column("billed", gettext_lazy("Billed"), lambda a: Rial(a.billed), kind="money",
               sort="billed", hidden=True),
        Column("paid", gettext_lazy("Paid"), lambda a: Rial(a.paid), kind="money", sort="paid",
               hidden=True),
        Column("oldest", gettext_lazy("Due since"), "oldest", kind="date", sort="oldest"),
        Column("days", gettext_lazy("Days late"),
               lambda a: max(0, (timezone.localdate() - a.oldest).days), kind="number"),
    )  # fmt: skip
    order = "-owed"

    def search(self, rows: Any, text: str) -> Any:
        return lists.of_member(rows, text)


def _notice_state(one: Any) -> str:
    return str(NOTICE_WORDS[lists.notice_state(one, timezone.localdate())])


class NoticeTable(Table[Notice]):
    """Notices that cover will stop."""

    name = "notices"
    caption = gettext_lazy("Notices that cover will stop")
    empty = gettext_lazy("No notice fits.")
    search_label = NAME_OR_NUMBER
    columns = (
        Column("person", gettext_lazy("Person"), lambda n: full_name(n.person),
               sort="person__sort_key", render=lambda n: _cover_link(n.person)),
        Column("reason", gettext_lazy("Reason"), lambda n: n.get_reason_display(), sort="reason"),
        Column("given", gettext_lazy("Given on"), "given_on", kind="date", sort="given_on"),
        Column("deadline", gettext_lazy("Cover may stop from"), "deadline", kind="date",
               sort="deadline"),
        Column("area", gettext_lazy("Area"), lambda n: str(n.area)),
        Column("state", gettext_lazy("State"), _notice_state,
               render=lambda n: badge(f"notice_{lists.notice_state(n, timezone.localdate())}",
                                      _notice_state(n))),
    )  # fmt: skip
    order = "deadline"

    def search(self, rows: Any, text: str) -> Any:
        return lists.by_name(rows, text, "person")


def _resolve_link(spell: Any) -> SafeString:
    address = reverse("coverage:resolve", args=[spell.human, spell.insurer_id])
    return format_html('<a class="button small" href="{}">{}</a>', address, _("Decide"))


class DoubleTable(Table[Spell]):
    """Persons whom two insurers cover at once."""

    name = "doubles"
    caption = gettext_lazy("Persons covered by two insurers at once")
    empty = gettext_lazy("Nobody of your area is covered twice on this day.")
    search_label = NAME_OR_NUMBER
    columns = (
        Column("person", gettext_lazy("Person"), lambda s: full_name(s.person),
               sort="person__sort_key", render=lambda s: _cover_link(s.person)),
        Column("insurer", gettext_lazy("Insurer"), lambda s: str(s.insurer), sort="insurer_id"),
        Column("also", gettext_lazy("And also"), "also_name", sort="also"),
        Column("from", gettext_lazy("From"), "valid.lower", kind="date", sort="valid"),
        Column("area", gettext_lazy("Area"), lambda s: str(s.person.area)),
        Column("decide", gettext_lazy("Decide"), lambda s: "", render=_resolve_link),
    )  # fmt: skip
    order = "person"

    def search(self, rows: Any, text: str) -> Any:
        return lists.by_name(rows, text, "person")


class PairTable(Table[PairCount]):
    """Persons covered twice, by pair of insurers and province."""

    name = "pairs"
    caption = gettext_lazy("Persons covered twice, by province and pair of insurers")
    empty = gettext_lazy("Nobody of your area is covered twice on this day.")
    columns = (
        Column("province", gettext_lazy("Province"), "province", sort="province"),
        Column("insurer", gettext_lazy("Insurer"), "insurer", sort="insurer"),
        Column("also", gettext_lazy("And also"), "also", sort="also"),
        Column("persons", gettext_lazy("Persons"), "persons", kind="number", sort="persons"),
    )
    order = "-persons"


def _birth_state(one: Any) -> str:
    return str(BIRTH_WORDS[lists.birth_state(one, timezone.localdate())])


class BirthTable(Table[Birth]):
    """Newborns covered with their parents."""

    name = "births"
    caption = gettext_lazy("Newborns")
    empty = gettext_lazy("No newborn fits.")
    search_label = NAME_OR_NUMBER
    columns = (
        Column("person", gettext_lazy("Child"), lambda b: full_name(b.person),
               sort="person__sort_key", render=lambda b: _cover_link(b.person)),
        Column("parent", gettext_lazy("Insured parent"), lambda b: full_name(b.parent),
               render=lambda b: _cover_link(b.parent)),
        Column("on", gettext_lazy("Birth date"), "on", kind="date", sort="on"),
        Column("grace", gettext_lazy("Grace ends on"), "grace_until", kind="date",
               sort="grace_until"),
        Column("area", gettext_lazy("Area"), lambda b: str(b.person.area)),
        Column("state", gettext_lazy("State"), _birth_state,
               render=lambda b: badge(f"birth_{lists.birth_state(b, timezone.localdate())}",
                                      _birth_state(b))),
    )  # fmt: skip
    order = "grace"

    def search(self, rows: Any, text: str) -> Any:
        return lists.by_name(rows, text, "person")
