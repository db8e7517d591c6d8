"""The check for programs: POST /api/eligibility/ with a pass, answered in JSON."""

import datetime as dt
import math
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from pooshesh.eligibility import actions
from pooshesh.eligibility.actions import Checked
from pooshesh.eligibility.passes import gate
from pooshesh.eligibility.queries import Caller, insurer_names
from pooshesh.eligibility.sentences import scheme, sentences
from pooshesh.kernel.calendar import format_jalali, parse_date
from pooshesh.kernel.errors import Invalid
from pooshesh.web.format import language

LARGEST = 4_096  # bytes of a question
LANGUAGES = ("fa", "en")


@csrf_exempt  # nothing is asked by cookie
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Whether somebody is covered on a day, and why, for a provider's program."""
    asked = request.GET.get("lang", "")
    with translation.override(asked if asked in LANGUAGES else language()):
        who = gate.caller(_presented(request), timezone.localdate())
        if who is None:
            refused = _told(401, "pass", _("This pass does not work: ask for a new one."))
            refused["WWW-Authenticate"] = "Bearer"
            return refused
        if wait := gate.wait(who.pass_id, who.per_minute):
            busy = _told(429, "too_many", _("Too many checks; ask again in a moment."))
            busy["Retry-After"] = str(math.ceil(wait))
            return busy
        return _answered(request, who)


def _answered(request: HttpRequest, who: Caller) -> HttpResponse:
    try:
        number, day = _question(request)
        made = actions.check(number, day, actor=who.user, by=str(who.pass_id))
    except Invalid as error:
        return _told(400, error.code, error.message())
    return HttpResponse(orjson.dumps(plain(made)), content_type="application/json")


def _presented(request: HttpRequest) -> str:
    kind, _space, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else ""


def _question(request: HttpRequest) -> tuple[str, dt.date | None]:
    """(number, day) of {"number": "…", "on": "1404-09-01" or "2025-11-22"}."""
    body = request.read(LARGEST + 1)
    try:
        asked = orjson.loads(body) if len(body) <= LARGEST else None
    except orjson.JSONDecodeError:
        asked = None
    number = asked.get("number") if isinstance(asked, dict) else None
    day = asked.get("on") if isinstance(asked, dict) else None
    if not isinstance(number, str) or not isinstance(day, str | None):
        raise Invalid("eligibility.question")
    read = parse_date(day).date if day else None
    if day and read is None:
        raise Invalid("eligibility.question")
    return number, read


def plain(made: Checked) -> dict[str, Any]:
    """An answer for programs: codes, Gregorian days with the Jalali beside, words in the active
    language."""
    cover = made.answer.cover
    spoken = language()
    return {
        "covered": made.answer.covered,
        "on": made.on.isoformat(),
        "on_jalali": format_jalali(made.on, lang="en"),
        "person": made.holder
        and {"initials": made.holder.initials, "birth_year_jalali": made.holder.birth_year},
        "cover": cover
        and {
            "insurer": cover.insurer,
            "insurer_name": insurer_names(spoken).get(cover.insurer, cover.insurer),
            "scheme": cover.scheme,
            "scheme_name": scheme(made.answer),
            "since": cover.since and cover.since.isoformat(),
            "until": cover.until and cover.until.isoformat(),
        },
        "reasons": [
            {"code": reason, "sentence": sentence}
            for reason, sentence in zip(
                made.answer.reasons, sentences(made.answer, insurer_names(spoken)), strict=True
            )
        ],
    }


def _told(status: int, code: str, sentence: str) -> HttpResponse:
    content = orjson.dumps({"error": code, "sentence": sentence})
    return HttpResponse(content, content_type="application/json", status=status)
