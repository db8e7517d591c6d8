"""Made-up data for the style page."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.models import Job, JobState
from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import key
from pooshesh.web import charts, fields
from pooshesh.web.format import number
from pooshesh.web.progress import JobView
from pooshesh.web.province_map import province_map, rings
from pooshesh.web.table import Column, Table
from pooshesh.web.timeline import Event


@dataclass(frozen=True)
class Sample:
    """A row of the sample table."""

    code: str
    name: str
    residents: int
    premium: Rial
    day: dt.date
    state: JobState


_NAMES = ("دروازه‌غار", "فلک‌الدین", "شیرآباد", "آخوندقلعه", "کوی سیزدان", "نعمت‌آباد", "قلعه‌ساختمان")
SAMPLE_ROWS = [
    Sample(
        code=f"{i:06}",
        name=f"{_NAMES[i % len(_NAMES)]} {number(i)}",
        residents=1_000 + 731 * i,
        premium=Rial(1_250_000 * i),
        day=dt.date(2022, 1, 1) + dt.timedelta(days=11 * i),
        state=list(JobState)[i % len(JobState)],
    )
    for i in range(1, 131)
]


class StyleTable(Table[Sample]):
    """The sample table."""

    name = "sample"
    caption = gettext_lazy("Sample neighbourhoods")
    columns = (
        Column("code", gettext_lazy("Code"), "code", kind="id", sort="code"),
        Column("name", gettext_lazy("Name"), "name", sort="name"),
        Column(
            "residents", gettext_lazy("Residents"), "residents", kind="number", sort="residents"
        ),
        Column("premium", gettext_lazy("Premium"), "premium", kind="money", sort="premium"),
        Column("day", gettext_lazy("Date"), "day", kind="date", sort="day"),
        Column("state", gettext_lazy("State"), "state", kind="state"),
    )
    order = "code"
    page_size = 8

    def search(self, rows: list[Sample], text: str) -> list[Sample]:
        return [row for row in rows if key(text) in key(row.name) or text in row.code]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Name"))
    born = fields.JalaliDateField(
        label=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("For example 1370/05/12 or 12 Mordad 1370."),
    )
    national_id = fields.NationalIdField(label=gettext_lazy("National ID number"))
    mobile = fields.MobileField(label=gettext_lazy("Mobile number"), required=False)
    amount = fields.RialField(label=gettext_lazy("Amount"))
    place = forms.ChoiceField(
        label=gettext_lazy("Neighbourhood"), choices=[(name, name) for name in _NAMES]
    )
    agreed = forms.BooleanField(label=gettext_lazy("The person agrees"), required=False)


def style_context() -> Mapping[str, Any]:
    """What the style page shows beside its table."""
    now = timezone.now()
    job = Job(
        id=UUID(int=1),
        state=JobState.RUNNING,
        step=_("Matching"),
        done=31_200,
        total=125_377,
        started_at=now - dt.timedelta(minutes=2),
    )
    insured = {code: 55.0 + (int(code) * 37) % 41 for code in sorted(rings()) if code != "16"}
    names = {code: _("Province %(code)s") % {"code": code} for code in sorted(rings())}
    steps = [
        charts.Datum(_("Registered"), 12_450),
        charts.Datum(_("Verified"), 9_120),
        charts.Datum(_("Approved"), 481),
    ]
    deciles = [
        charts.Change(_("Decile %(n)s") % {"n": number(n)}, 120 * n, 480 + 70 * n)
        for n in range(1, 5)
    ]
    days = [charts.Datum(f"{number(day)}", 200 + (day * 97) % 310) for day in range(1, 25)]
    return {
        "form": SampleForm(initial={"amount": Rial(12_000_005), "born": dt.date(1991, 8, 3)}),
        "wrong": SampleForm(
            {
                "wrong-name": "",
                "wrong-born": "۱۳۷۰/۱۲/۳۱",
                "wrong-national_id": "1234567890",
                "wrong-amount": "12.5",
                "wrong-place": _NAMES[0],
            },
            prefix="wrong",
        ),
        "events": [
            Event(_("Approved"), now, _("Committee of Lorestan"), "—", "good"),
            Event(_("Documents incomplete"), now - dt.timedelta(days=9), tone="warn"),
            Event(_("Registered"), now - dt.timedelta(days=12)),
        ],
        "view": JobView(job, _("Campaign"), address="?job", cancel_address="?job"),
        "states": list(JobState),
        "amount": Rial(24_000_000_000),
        "now": now,
        "bar": charts.figure(
            charts.bar(_("Files by state"), steps),
            _("Files by state"),
            [_("State"), _("Files")],
            [(d.label, number(d.value)) for d in steps],
        ),
        "funnel": charts.figure(
            charts.funnel(_("From registration to approval"), steps),
            _("From registration to approval"),
            [_("State"), _("Files")],
            [(d.label, number(d.value)) for d in steps],
        ),
        "change": charts.figure(
            charts.before_after(_("Insured before and after"), deciles),
            _("Insured before and after"),
            [_("Decile"), _("Before"), _("After")],
            [(d.label, number(d.before), number(d.after)) for d in deciles],
        ),
        "line": charts.figure(
            charts.line(_("People insured per day"), days),
            _("People insured per day"),
            [_("Day"), _("People")],
            [(d.label, number(d.value)) for d in days],
        ),
        "histogram": charts.figure(
            charts.histogram(_("Age"), [0, 10, 20, 30, 40, 50, 60, 70], [9, 14, 19, 16, 11, 6, 3]),
            _("Age"),
            [_("From age"), _("People")],
            [(number(10 * i), number(n)) for i, n in enumerate([9, 14, 19, 16, 11, 6, 3])],
        ),
        "map": province_map(
            _("Share insured"),
            insured,
            names,
            unit=_("percent"),
            link=lambda code: f"/style/?province={code}",
        ),
    }
