"""What a league or a map is asked for."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pooshesh.insight import figures, shown
from pooshesh.insight.months import code_of, of_code
from pooshesh.insight.places import Place
from pooshesh.kernel.calendar import to_jalali
from pooshesh.league.metric import BASES, Metric, additive, metrics_of
from pooshesh.league.queries import Asked

OF = {
    "province": _("Provinces"),
    "sponsor": _("Sponsors"),
    "neighbourhood": _("Neighbourhoods"),
}
LEVELS = {
    "province": _("Provinces"),
    "county": _("Counties"),
    "neighbourhood": _("Neighbourhoods"),
    "months": _("Provinces, month by month"),
}
SPANS = {
    "month": _("Of the month"),
    "year": _("Since the beginning of the year"),
    "all": _("Since the first month counted"),
}
NATION = "ir"
#: What is shown when nothing was asked for: who pays costs (B1), set over the people, whom every
#: province has before it insures anybody.
FIRST = {"indicator": "paid", "per": "people", "span": "all"}


class Choice(forms.Form):
    """Indicator, what it is set over, of which units, where, when. What is unknown or does not
    go together falls back to what does, so every address shows a page."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    per = forms.ChoiceField(label=_("Set over"), required=False)
    of = forms.ChoiceField(label=_("Compare"))
    within = forms.ChoiceField(label=_("In"), required=False)
    county = forms.ChoiceField(label=_("County"), required=False)
    month = forms.ChoiceField(label=_("Month"))
    span = forms.ChoiceField(label=_("Period"), choices=list(SPANS.items()))

    def __init__(
        self, data: Any, months: Sequence[dt.date], provinces: Sequence[Place],
        of: Any = OF, counties: Callable[[str], Sequence[Place]] = lambda _province: (),
    ) -> None:  # fmt: skip
        book = figures.book().indicators
        known = [*months][::-1]
        codes = [code_of(month) for month in known]
        data = data or FIRST
        asked = data.get("indicator", "")
        code = asked if asked in book else FIRST["indicator"]
        kinds = [kind for kind in of if kind != "sponsor" or "sponsor" in book[code].dimensions]
        kind = data.get("of") if data.get("of") in kinds else kinds[0]
        areas = [NATION, *(place.code for place in provinces)]
        pers = metrics_of(code, kind)
        picked = {
            "indicator": code, "of": kind,
            "per": data.get("per") if data.get("per") in pers else "",
            "within": data.get("within") if data.get("within") in areas else NATION,
            "month": data.get("month") if data.get("month") in codes else (codes or [""])[0],
            "span": data.get("span") if data.get("span") in SPANS else "month",
        }  # fmt: skip
        wide = kind in ("province", "months")
        if wide:
            picked["within"] = NATION
        if book[code].period != "period":
            picked["span"] = "month"
        parts = counties(picked["within"]) if self._has_counties(picked) else ()
        self.counties = {place.code: place.path for place in parts}
        asked_county = data.get("county", "")
        picked["county"] = asked_county if asked_county in self.counties else ""
        self.picked, self.places = picked, {place.code: place for place in provinces}
        super().__init__(picked)
        fields: Any = self.fields
        fields["indicator"].choices = [(one.code, shown.say(one.name)) for one in book.values()]
        fields["per"].choices = [("", _("As it is")), *((p, BASES[p].title) for p in pers if p)]
        fields["of"].choices = [(name, of[name]) for name in kinds]
        fields["within"].choices = [
            (NATION, _("The whole country")), *((place.code, place.name) for place in provinces)
        ]  # fmt: skip
        fields["month"].choices = [
            (name, shown.month_name(month)) for name, month in zip(codes, known, strict=True)
        ]
        if not additive(book[code]):
            fields["per"].widget = forms.HiddenInput()
        if book[code].period != "period":
            fields["span"].widget = forms.HiddenInput()
        fields["county"].choices = [("", _("All")), *((one.code, one.name) for one in parts)]
        if not parts:
            fields["county"].widget = forms.HiddenInput()
        if wide:
            fields["within"].widget = forms.HiddenInput()

    @staticmethod
    def _has_counties(picked: Mapping[str, str]) -> bool:
        return picked["of"] == "neighbourhood" and picked["within"] != NATION

    def asked(self, months: Sequence[dt.date]) -> Asked:
        """The league asked for; `months` are those counted, at least one."""
        picked = self.picked
        month = of_code(str(picked["month"]))
        span, since = picked["span"], None
        if span == "all":
            since = months[0]
        elif span == "year":
            since = max(months[0], of_code(f"{to_jalali(month).year:04}-01"))
        place = self.places.get(str(picked["within"]))
        return Asked(
            Metric(figures.book().indicators[str(picked["indicator"])], str(picked["per"] or "")),
            month, str(picked["of"]), place.path if place else NATION,
            since if since and since < month else None,
            self.counties.get(str(picked["county"]), ""),
        )  # fmt: skip
