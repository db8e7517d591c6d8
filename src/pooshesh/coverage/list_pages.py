"""Lists of cover: funds, spells, arrears, notices, double cover, newborns."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.coverage import doubles as twice
from pooshesh.coverage import forms, lists, queries, reading, tables
from pooshesh.coverage.models import Scheme
from pooshesh.kernel.money import Rial, total
from pooshesh.people import looking
from pooshesh.people.page_parts import purpose_of
from pooshesh.web.table import Table


def _answer(
    request: SignedIn,
    table: Table[Any],
    template: str,
    context: Mapping[str, Any],
    person: Callable[[Any], UUID] | None = lambda row: row.person_id,
) -> HttpResponseBase:
    """The list; whom it names, on the screen or in a file, is written down."""
    if person and request.GET.get("export"):
        rows = table.rows
        found = rows.values_list("person_id", flat=True) if isinstance(rows, QuerySet) else ()
        reading.note_export(table.name, found, actor=request.user.pk)
    elif person and table.page_rows:
        met = [person(row) for row in table.page_rows]
        looking.note_found(met, purpose_of(request), actor=request.user.pk)
    return table.respond(template, context)


@require_safe
@needs("coverage.read")
def schemes(request: SignedIn) -> HttpResponseBase:
    """How many persons each fund covers on a day, by province."""
    narrow = forms.OnDay(request.GET)
    day = narrow.asked("on") or timezone.localdate()
    counts = lists.fund_counts(request.user, day)
    funds = {code: sum(c.persons for c in counts if c.scheme == code) for code in Scheme.values}
    context = {
        "narrow": narrow, "day": day,
        "funds": [(Scheme(code).label, number) for code, number in funds.items()],
        "suspended": sum(c.suspended for c in counts),
        "elsewhere": sum(c.persons for c in counts if not c.insurer.ours),
    }  # fmt: skip
    return tables.FundTable(request, counts).respond("coverage/schemes.html", context)


@require_safe
@needs("coverage.read")
def spells(request: SignedIn) -> HttpResponseBase:
    """Cover spells of persons of one's area."""
    narrow = forms.SpellNarrow(request.GET, insurers=queries.insurers())
    rows = lists.spells(
        request.user, narrow.asked("on"), insurer=narrow.asked("insurer") or "",
        scheme=narrow.asked("scheme") or "", suspended=bool(narrow.asked("suspended")),
    )  # fmt: skip
    return _answer(
        request, tables.SpellTable(request, rows), "coverage/spells.html", {"narrow": narrow}
    )


@require_safe
@needs("coverage.read")
def arrears(request: SignedIn) -> HttpResponseBase:
    """Households that owe premium, and how late they are."""
    ages = lists.ages(request.user, timezone.localdate())
    owed: Rial = total(age.owed for age in ages)
    context = {"ages": ages, "owed": owed, "households": sum(age.households for age in ages),
               "may_bill": bool(request.user.reach(queries.WRITE))}  # fmt: skip
    table = tables.ArrearsTable(request, lists.arrears(request.user))
    return _answer(request, table, "coverage/arrears.html", context, person=None)


@require_safe
@needs("coverage.read")
def notices(request: SignedIn) -> HttpResponseBase:
    """Notices that cover will stop, and what became of them."""
    narrow = forms.NoticeNarrow(request.GET)
    rows = lists.notices(request.user)
    if state := narrow.asked("state"):
        rows = rows.filter(lists.NOTICE_STATES[state](timezone.localdate()))
    table = tables.NoticeTable(request, rows)
    return _answer(request, table, "coverage/notices.html", {"narrow": narrow})


@require_safe
@needs("coverage.read")
def doubles(request: SignedIn) -> HttpResponseBase:
    """Persons whom two insurers cover at once: a worklist, with counts by pair and province."""
    narrow = forms.OnDay(request.GET)
    day = narrow.asked("on") or timezone.localdate()
    pairs = tables.PairTable(request, twice.pairs(request.user, day))
    if request.GET.get("of") == "pairs":
        return pairs.respond("coverage/pairs.html", {"narrow": narrow, "day": day})
    table = tables.DoubleTable(request, twice.doubles(request.user, day))
    context = {"narrow": narrow, "day": day, "pairs": pairs.given}
    return _answer(request, table, "coverage/doubles.html", context)


@require_safe
@needs("coverage.read")
def births(request: SignedIn) -> HttpResponseBase:
    """Newborns covered with a parent, and whose grace is over."""
    narrow, today = forms.BirthNarrow(request.GET), timezone.localdate()
    rows = lists.births_in(lists.births(request.user, today), narrow.asked("state") or "", today)
    table = tables.BirthTable(request, rows)
    return _answer(request, table, "coverage/births.html", {"narrow": narrow})
