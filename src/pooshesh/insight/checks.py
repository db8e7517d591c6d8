"""Checks of integrity as data: what must hold of the rows figures are made of.

`checks.yaml`: each has words, a severity, what to do, a query that counts what is wrong (`summary`:
number and the Jalali months it concerns, as days) and one that shows it (`details`). `stop` flags
the months it concerns: they are published only with a mark.
"""

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.utils import timezone

from pooshesh.indicators import Words
from pooshesh.insight.models import CheckResult, CheckState, Snapshot
from pooshesh.insight.months import code_of, month_of, of_code

FILE = Path(__file__).parent / "checks.yaml"
SEVERITIES = ("stop", "warn", "note")
LIMIT = 60  # seconds of one query
MOST = 200  # rows shown of what is wrong
_FIELDS = {"name", "advice", "severity", "summary", "details", "open"}


@dataclass(frozen=True)
class Check:
    """A check; `open` names the page of a row (url name, taking the first column), or ""."""

    code: str
    name: Words
    advice: Words
    severity: str
    summary: str
    details: str
    open: str


@lru_cache(1)
def checks() -> dict[str, Check]:
    """Every check by its code. Raises ValueError for a file that is not in order."""
    read = yaml.safe_load(FILE.read_text("utf-8"))
    return {code: _check(code, raw) for code, raw in read.items()}


def _check(code: str, raw: dict[str, Any]) -> Check:
    if set(raw) - _FIELDS or {*_FIELDS} - {"open"} - set(raw):
        raise ValueError(f"{code}: expected {', '.join(sorted(_FIELDS))}")
    if raw["severity"] not in SEVERITIES:
        raise ValueError(f"{code}: severity is one of {', '.join(SEVERITIES)}")
    return Check(
        code, Words(**raw["name"]), Words(**raw["advice"]), raw["severity"], raw["summary"],
        raw["details"], raw.get("open", ""),
    )  # fmt: skip


def run(some: Iterable[Check] | None = None) -> list[CheckResult]:
    """Ask every check, keep what was found, and flag the months that red ones concern."""
    found = [_asked(one) for one in (some or checks().values())]
    flag()
    return found


def _asked(one: Check) -> CheckResult:
    began, now = time.monotonic(), timezone.now()
    state, number, months = CheckState.STOPPED, 0, list[str]()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"set local statement_timeout = '{LIMIT * 1000}ms'")
            cursor.execute(one.summary)
            number, days = cursor.fetchone() or (0, None)
        state = CheckState.RED if number else CheckState.GREEN
        months = sorted({code_of(month_of(_day(day))) for day in days or () if day})
    except (OperationalError, ProgrammingError):
        pass  # too slow, or it asks for what is no longer there: said as such, never as green
    before = CheckResult.objects.filter(code=one.code).first()
    same = before is not None and before.state == state
    result, _made = CheckResult.objects.update_or_create(
        code=one.code,
        defaults={
            "state": state, "number": number, "months": months, "at": now,
            "since": before.since if before and same else now,
            "milliseconds": int((time.monotonic() - began) * 1000),
        },
    )  # fmt: skip
    return result


def _day(read: dt.date | dt.datetime) -> dt.date:
    return timezone.localdate(read) if isinstance(read, dt.datetime) else read


def flag() -> None:
    """Flag the newest revision of the months a red check that stops concerns, and no other."""
    stopping = [one.code for one in checks().values() if one.severity == "stop"]
    red = CheckResult.objects.filter(code__in=stopping, state=CheckState.RED)
    months = {of_code(code) for months in red.values_list("months", flat=True) for code in months}
    closed = Snapshot.objects.filter(state="closed")
    closed.filter(month__in=months, flagged=False).update(flagged=True)
    closed.exclude(month__in=months).filter(flagged=True).update(flagged=False)


def details(one: Check) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows of what is wrong, the first `MOST`; empty when it cannot be asked."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"set local statement_timeout = '{LIMIT * 1000}ms'")
            cursor.execute(one.details)
            names = [column.name for column in cursor.description or ()]
            return names, cursor.fetchmany(MOST)
    except (OperationalError, ProgrammingError):
        return [], []
