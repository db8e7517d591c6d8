"""Who may act for a patient on a day: pure rules, of dates alone."""

import datetime as dt

from pooshesh.kernel.calendar import age, from_jalali, month_days, to_jalali
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.portal.models import MandateKind

OF_AGE = 18
LONGEST_DELEGATE = dt.timedelta(days=366)

explain(
    {
        "portal.guardian_birth": gettext_noop(
            "The birth date of the patient is not known to the day; a guardian needs it."
        ),
        "portal.guardian_age": gettext_noop(
            "The patient is %(years)s years old on %(day)s; a guardian acts until 18 only."
        ),
        "portal.mandate_dead": gettext_noop(
            "The patient died on %(day)s; only heirs can act from then on."
        ),
        "portal.heir_alive": gettext_noop(
            "No death of this patient is recorded; heirs come after."
        ),
        "portal.delegate_end": gettext_noop(
            "A delegate needs a last day, at most a year after the first one."
        ),
        "portal.mandate_order": gettext_noop(
            "The last day %(until)s is before the first one, %(since)s."
        ),
        "portal.mandate_self": gettext_noop("This is the patient's own number."),
    }
)  # fmt: skip


def of_age_on(birth: dt.date) -> dt.date:
    """The day on which somebody turns 18 in the Jalali calendar; 30 Esfand becomes the last day."""
    born = to_jalali(birth)
    year = born.year + OF_AGE
    if born.day <= month_days(year, born.month):
        return from_jalali(year, born.month, born.day)
    return from_jalali(year + 1, 1, 1)


def is_child(birth: dt.date | None, on: dt.date) -> bool:
    """Whether somebody is known to be under 18."""
    return birth is not None and birth <= on and age(birth, on) < OF_AGE


def term(
    kind: str, since: dt.date, last: dt.date | None, *, birth: dt.date | None, death: dt.date | None
) -> tuple[dt.date, dt.date | None]:
    """(first day, day after the last) for which a mandate may be written; None is without end.

    `birth` None where it is not known to the day. Raises Invalid where there can be no such one.
    """
    if last is not None and last < since:
        raise Invalid("portal.mandate_order", since=since, until=last)
    until = last + dt.timedelta(days=1) if last else None
    if kind == MandateKind.HEIR:
        if death is None:
            raise Invalid("portal.heir_alive")
        return max(since, death), until
    if death is not None:
        raise Invalid("portal.mandate_dead", day=death)
    if kind == MandateKind.DELEGATE:
        if until is None or until - since > LONGEST_DELEGATE:
            raise Invalid("portal.delegate_end")
        return since, until
    if birth is None:
        raise Invalid("portal.guardian_birth")
    grown = of_age_on(birth)
    if since >= grown:
        raise Invalid("portal.guardian_age", years=age(birth, since), day=since)
    return since, min(until or grown, grown)


def holds(kind: str, on: dt.date, *, birth: dt.date | None, death: dt.date | None) -> bool:
    """Whether a mandate whose term has the day still says something: facts may have changed."""
    if kind == MandateKind.HEIR:
        return death is not None and death <= on
    if death is not None and death <= on:
        return False
    return kind != MandateKind.GUARDIAN or (birth is not None and on < of_age_on(birth))


def himself(on: dt.date, *, birth: dt.date | None, death: dt.date | None) -> bool:
    """Whether a person may act for themselves: alive and no child."""
    return death is None and not is_child(birth, on)
