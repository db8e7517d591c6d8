"""What a briefing is made of, and the paper it becomes: the same inputs, the same bytes.

`gather` freezes everything that may change but facts: texts, names, which months a red check
concerns, what did not reconcile. `read` reads the figures as they were known then; `words` writes
them in a language, `paper` prints.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from pooshesh.access.reach import Reach
from pooshesh.briefing.models import Version
from pooshesh.briefing.text import Asked, Block, Piece, asked_in, parse
from pooshesh.insight import figures, masking, shown
from pooshesh.insight.figures import BEGINNING, SHARED, Figure, Wanted
from pooshesh.insight.models import Snapshot
from pooshesh.insight.months import code_of, of_code
from pooshesh.insight.places import Place
from pooshesh.insight.tables import Line
from pooshesh.kernel.calendar import from_jalali, to_jalali
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.places.models import Area
from pooshesh.statements import shown as said
from pooshesh.statements.reconcile import Result, reconcile
from pooshesh.web.format import jdate, number
from pooshesh.web.pdf import pdf

LANGUAGES = ("fa", "en")
Words = dict[str, Any]

explain(
    {
        "briefing.nothing": gettext_noop(
            "Nobody has counted %(month)s as it was known then; choose a month that is counted."
        ),
        "briefing.no_area": gettext_noop("There is no area “%(read)s”."),
        "briefing.elsewhere": gettext_noop("“%(read)s” lies outside your area."),
    }
)


@dataclass(frozen=True)
class Inputs:
    """All a briefing is made of beside facts; kept as JSON. Keys "fa" and "en" hold languages.

    `areas`: code → id, kind, path, province and names, the briefing's own under "". `since`:
    placeholder → the first month of those that are summed. `flagged`: months of red checks.
    `address`: of the installation, before its paths.
    """

    title: dict[str, str]
    text: dict[str, str]
    month: str
    as_of: str
    areas: dict[str, dict[str, str]]
    since: dict[str, str]
    flagged: list[str]
    reconciliation: dict[str, list[list[str]]]
    address: str

    def json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def moment(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.as_of)

    def place(self, code: str, language: str) -> Place:
        """An area as it was called then."""
        one = self.areas[code]
        return Place(
            UUID(one["id"]), one["code"], one[language], one["kind"], one["path"], one["province"]
        )

    def blocks(self, language: str) -> tuple[Block, ...]:
        return parse(self.text[language], figures.book().indicators)


def newest() -> dt.datetime | None:
    """When the newest revision of any month closed: as of now, and the same until one more does."""
    found = Snapshot.objects.filter(state="closed").order_by("-closed_at").first()
    return found.closed_at if found else None


def gather(
    version: Version, area: Area, month: dt.date, as_of: dt.datetime, reach: Reach, address: str,
    told: dt.datetime | None = None,
) -> Inputs:  # fmt: skip
    """Freeze what a briefing is made of; `told`: what was published is as known then, else now.

    Errors: Invalid for a month nobody counted, an area that is not there or outside the reach.
    """
    known = figures.closed(None, month, as_of)
    if month not in known:
        raise Invalid("briefing.nothing", month=shown.month_name(month))
    blocks = parse(version.text_fa, figures.book().indicators)
    asked = asked_in(blocks)
    first = min(known)
    template = version.template
    table = any(block.kind == "reconciliation" for block in blocks)
    return Inputs(
        {"fa": template.name_fa, "en": template.name_en},
        {"fa": version.text_fa, "en": version.text_en},
        code_of(month), as_of.astimezone(dt.UTC).isoformat(), _areas(area, asked, reach),
        {str(one): code_of(_since(one, month, first)) for one in asked},
        sorted(code_of(m) for m, one in known.items() if one.flagged),
        _reconciliation(reach, told) if table else {}, address,
    )  # fmt: skip


def _areas(area: Area, asked: Sequence[Asked], reach: Reach) -> dict[str, dict[str, str]]:
    codes = sorted({one.area for one in asked if one.area})
    found = {one.code: one for one in Area.objects.filter(code__in=codes)} | {"": area}
    if missing := [code for code in codes if code not in found]:
        raise Invalid("briefing.no_area", read=missing[0])
    for one in found.values():
        if one.kind not in SHARED and not reach.covers(str(one.path), one.id):
            raise Invalid("briefing.elsewhere", read=str(one))
    return {
        code: {
            "id": str(one.id), "code": one.code, "kind": str(one.kind), "path": str(one.path),
            "province": one.province, **_names(one),
        }
        for code, one in sorted(found.items())
    }  # fmt: skip


def _names(area: Area) -> dict[str, str]:
    names = {}
    for language in LANGUAGES:
        with override(language):
            names[language] = str(area)
    return names


def _since(one: Asked, month: dt.date, first: dt.date) -> dt.date:
    """What stands, and what is cumulative anyway, is of the month."""
    if one.span == "month" or figures.book().indicators[one.indicator].period != "period":
        return month
    if one.span == "start":
        return first
    return max(first, from_jalali(to_jalali(month)[0], 1, 1))


# --- what did not reconcile ----------------------------------------------------------------------


def _reconciliation(reach: Reach, told: dt.datetime | None) -> dict[str, list[list[str]]]:
    """In each language: what, published, counted and computed here, verdict with its reason."""
    results = reconcile(reach, as_of=told)
    made = {}
    for language in LANGUAGES:
        with override(language):
            made[language] = [_reconciled(one) for one in results]
    return made


def _reconciled(one: Result) -> list[str]:
    counted = []
    for beside in one.figures:
        if beside.missing or beside.figure is None:
            told = str(beside.missing.label) if beside.missing else shown.NOTHING
        else:
            told = f"{shown.text(beside.figure, masked=True)} {_ltr(beside.figure.reference)}"
        counted.append(f"{beside.name}: {told}")
    counted += [
        f"{said.say(fact.says)}: {shown.NOTHING if value is None else number(value)}"
        for fact, value in one.facts
    ]
    few = any(beside.figure and beside.figure.small for beside in one.figures)
    if not few:  # what is worked out of few people tells how few
        counted += [f"{said.say(sum_.says)}: {said.bounds(found, sum_.unit)}"
                    for sum_, found in one.computed]  # fmt: skip
    follows = [f"{said.say(sum_.says)}: {said.bounds(found, sum_.unit)}"
               for sum_, found in one.follows]  # fmt: skip
    return [
        f"{one.code}: {said.say(one.of.title)}",
        "\n".join([*(said.amount(s) for s in one.statements), *follows]),
        "\n".join(counted),
        "\n".join([str(one.verdict.label), *(said.say(why) for why in one.why)]),
    ]


def _ltr(text: str) -> str:
    """A reference inside Persian words, kept apart so that its parts stay in their order."""
    return f"\u2066[{text}]\u2069"


# --- figures -------------------------------------------------------------------------------------


def read(inputs: Inputs, language: str = "fa") -> dict[Asked, Figure]:
    """The figures of the texts as they were known then, in the order they are first read."""
    month = of_code(inputs.month)
    asked = asked_in(inputs.blocks("fa"))
    spans: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        spans[inputs.since[str(one)]].append(one)
    found: dict[Asked, Figure] = {}
    for since, some in spans.items():
        first = of_code(since)
        places = {one.area: inputs.place(one.area, language) for one in some}
        wanted = Wanted(
            tuple(dict.fromkeys(one.indicator for one in some)),
            tuple({place.id: place for place in places.values()}.values()), (month,),
            None if first == month else first, as_of=inputs.moment,
        )  # fmt: skip
        rows = {(row.indicator.code, row.place.code): row for row in figures.read(wanted)}
        found |= {one: rows[one.indicator, places[one.area].code] for one in some}
    return {one: found[one] for one in asked}


def masked(inputs: Inputs, found: Mapping[Asked, Figure]) -> dict[Asked, Line]:
    """Each figure and whether it is hidden: the paper leaves the house, so those of few people
    are, and whatever else is hidden on the screens of who reads from elsewhere."""
    beside: dict[tuple[dt.date | None, str], list[Figure]] = defaultdict(list)
    for figure in found.values():
        beside[figure.since, figure.place.kind].append(figure)
    secret: set[masking.Key] = set()
    for (since, _kind), some in beside.items():
        secret |= masking.elsewhere(Wanted(
            tuple({one.indicator.code: 0 for one in some}), tuple({one.place: 0 for one in some}),
            (some[0].month,), since, as_of=inputs.moment,
        ))  # fmt: skip
    return {
        asked: Line(one, one.small or masking.key_of(one) in secret)
        for asked, one in found.items()
    }  # fmt: skip


def kept(found: Mapping[Asked, Figure]) -> list[dict[str, Any]]:
    """What a briefing keeps of its figures."""
    return [
        {
            "asked": str(asked), "reference": one.reference if one.source else "",
            "numerator": one.numerator, "denominator": one.denominator,
        }
        for asked, one in found.items()
    ]  # fmt: skip


def is_flagged(one: Figure, months: Sequence[str]) -> bool:
    """Whether a red check concerns a month that is in the figure."""
    first = BEGINNING if one.indicator.period == "cumulative" else one.since or one.month
    return any(code_of(first) <= month <= code_of(one.month) for month in months)


# --- the paper -----------------------------------------------------------------------------------


def words(inputs: Inputs, language: str) -> Words:
    """Everything that is printed, in a language."""
    with override(language):
        return _words(inputs, masked(inputs, read(inputs, language)), language)


def _words(inputs: Inputs, lines: Mapping[Asked, Line], language: str) -> Words:
    numbers = {asked: n for n, asked in enumerate(lines, 1)}
    here = inputs.place("", language)
    told = {
        "area": here.name, "month": shown.month_name(of_code(inputs.month)),
        "as_of": jdate(inputs.moment, "moment"),
    }  # fmt: skip
    written = {
        asked: {
            "text": line.written, "note": number(numbers[asked]),
            "flagged": is_flagged(line.figure, inputs.flagged),
        }
        for asked, line in lines.items()
    }  # fmt: skip
    notes = [_note(inputs, numbers[asked], line) for asked, line in lines.items()]
    red = sorted({m for m in inputs.flagged if any(one["flagged"] for one in notes)})
    return {
        "facts": [
            [_("Area"), told["area"]], [_("Month"), told["month"]], [_("As of"), told["as_of"]],
        ],
        "warning": _("A check of integrity is red about %(months)s; figures marked † rest on it.")
        % {"months": "، ".join(shown.month_name(of_code(m)) for m in red)} if red else "",
        "blocks": [_block(one, told, written, lines) for one in inputs.blocks(language)],
        "table_head": [_("Indicator"), _("Area"), _("Period"), _("Figure")],
        "reconciliation_head": [
            _("What"), _("Published"), _("Counted and computed here"), _("Verdict")
        ],
        "reconciliation": inputs.reconciliation.get(language, []),
        "notes_title": _("Where each figure comes from"),
        "notes_words": _(
            "Each number leads to its definition and, as far as you may see them, to its rows."
            " Counts of few people are not shown."
        ),
        "notes": notes,
    }  # fmt: skip


def _block(
    block: Block, told: Mapping[str, str], written: Mapping[Asked, Words],
    lines: Mapping[Asked, Line],
) -> Words:  # fmt: skip
    if block.kind == "table":
        asked = [piece.asked for piece in block.pieces if piece.asked]
        return {"kind": "table", "rows": [
            {"cells": [lines[one].name, lines[one].place, shown.span(lines[one].figure)],
             **written[one]}
            for one in asked
        ]}  # fmt: skip
    return {
        "kind": block.kind, "pieces": [_piece(piece, told, written) for piece in block.pieces]
    }  # fmt: skip


def _piece(piece: Piece, told: Mapping[str, str], written: Mapping[Asked, Words]) -> Words:
    if piece.asked:
        return {"bold": True, **written[piece.asked]}
    return {"text": told.get(piece.word, piece.text), "bold": piece.bold, "note": ""}


def _note(inputs: Inputs, which: int, line: Line) -> Words:
    one = line.figure
    as_of = ""
    if one.source:
        as_of = _("As of %(moment)s, revision %(revision)s") % {
            "moment": jdate(one.source.as_of, "moment"), "revision": number(one.source.revision),
        }  # fmt: skip
    path = reverse("insight:figure", args=[one.reference])
    return {
        "number": number(which), "name": line.name, "place": line.place, "span": shown.span(one),
        "text": line.written, "parts": line.parts, "what": shown.say(one.indicator.what),
        "cite": shown.say(one.indicator.cite), "as_of": as_of or _("Nobody has counted it."),
        "reference": one.reference if one.source else "",
        "path": path if one.source else "",
        "address": f"{inputs.address}{path}" if one.source else "",
        "flagged": is_flagged(one, inputs.flagged),
    }  # fmt: skip


def paper(inputs: Inputs, printed: Words, language: str) -> bytes:
    """The PDF of words; the same bytes every time."""
    with override(language):
        day = timezone.localdate(inputs.moment)
        foot = " · ".join(value for _name, value in printed["facts"])
        title = inputs.title[language]
        return pdf("briefing/print/briefing.typ", title, printed, foot=foot, on=day)


def of_json(kept_inputs: Mapping[str, Any]) -> Inputs:
    """Inputs as they were kept."""
    return Inputs(**json.loads(json.dumps(dict(kept_inputs))))
