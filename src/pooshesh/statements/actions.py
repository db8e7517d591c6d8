"""Registering, retracting and correcting what somebody published."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import (
    LARGEST,
    RIALS_PER_TOMAN,
    Rial,
    parse_amount,
    suspicious_unit,
    total,
)
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.places.models import Area
from pooshesh.statements.models import MONEY, Statement, Unit

#: A sum of money this many times the others of its kind, or a part of it, may be in another unit.
USUAL = 3
_OTHER = {Unit.RIAL: re.compile(r"تومان|تومن|\btomans?\b", re.I),
          Unit.TOMAN: re.compile(r"ریال|ريال|\brials?\b", re.I)}  # fmt: skip
_NUMBER = re.compile(r"(\d+|\d{1,3}(?:[,٬،]\d{3})+)(?:[./٫](\d{1,4}))?", re.ASCII)

explain(
    {
        "statements.unreadable": gettext_noop(
            "“%(read)s” is no number; expected digits such as 12,450."
        ),
        "statements.negative": gettext_noop("“%(read)s” is below zero; a count is not."),
        "statements.too_large": gettext_noop(
            "“%(read)s” is larger than any number that can be kept."
        ),
        "statements.decimal": gettext_noop(
            "“%(read)s” has a decimal point; only a percentage may have one."
        ),
        "statements.percent": gettext_noop("“%(read)s” is more than 100 percent."),
        "statements.day": gettext_noop("Give the day that was promised."),
        "statements.value": gettext_noop("Give the number that was published."),
        "statements.other_unit": gettext_noop(
            "The words name another unit of money than the one chosen. Choose the unit that was"
            " said, or confirm that it is right."
        ),
        "statements.unit": gettext_noop(
            "Other statements about the same say much more or much less than %(read)s; rial and"
            " toman mixed up would make %(meant)s of it. Correct the unit, or confirm that it is"
            " right."
        ),
        "statements.code": gettext_noop("A statement “%(read)s” is registered already."),
        "statements.retracted": gettext_noop("This statement was retracted already."),
        "statements.why": gettext_noop("Say why it is retracted."),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What somebody published, as it was typed; without a `code` it is given one.

    `confirmed`: the unit of money was asked for and is right.
    """

    code: str
    area: Area
    unit: str
    typed: str
    qualifier: str
    as_of: dt.date
    source: str
    words: str
    day: dt.date | None = None
    speaker: str = ""
    state: str = ""
    indicator: str = ""
    confirmed: bool = False


def read_number(typed: str, unit: str) -> Decimal:
    """The number of a statement in its unit, typed in any digit set.

    Money is read by the kernel's guard: a unit written behind it must be the one chosen. Only a
    percentage may have decimals. Errors: Invalid.
    """
    text = to_latin_digits(clean(typed))
    if not text:
        raise Invalid("statements.value")
    if text.lstrip("\u200e").startswith(("-", "−", "–")):
        raise Invalid("statements.negative", read=typed)
    if unit == Unit.RIAL:
        return Decimal(parse_amount(typed, "rial").amount)
    if unit == Unit.TOMAN:
        return Decimal(parse_amount(typed, "toman").amount) / RIALS_PER_TOMAN
    return _count(text, typed, unit)


def _count(text: str, typed: str, unit: str) -> Decimal:
    percent = unit == Unit.PERCENT
    found = _NUMBER.fullmatch(text.removesuffix("%").removesuffix("٪").strip() if percent else text)
    if not found:
        raise Invalid("statements.unreadable", read=typed)
    if found[2] and not percent:
        raise Invalid("statements.decimal", read=typed)
    value = Decimal(f"{re.sub(r'[^0-9]', '', found[1])}.{found[2] or 0}")
    if value > LARGEST:
        raise Invalid("statements.too_large", read=typed)
    if percent and value > 100:
        raise Invalid("statements.percent", read=typed)
    return value


@transaction.atomic
def register(said: Said, *, actor: UUID | None) -> Statement:
    """Keep what somebody published. Errors: Invalid for what cannot be read or be meant."""
    made = _keep(said, actor, None)
    audit.record(
        "statements.register", actor=actor, kind="statement", object_id=made.id,
        area_path=made.area_path, content=_content(made),
    )  # fmt: skip
    return made


@transaction.atomic
def retract(one: Statement, *, why: str, actor: UUID | None) -> None:
    """Take a statement back; it stays to be seen. Errors: Invalid without a reason, or twice."""
    _retract(one, clean(why), actor)
    audit.record(
        "statements.retract", actor=actor, kind="statement", object_id=one.id,
        area_path=one.area_path, fields=["retracted_at", "retracted_why"],
    )  # fmt: skip


@transaction.atomic
def correct(one: Statement, said: Said, *, why: str, actor: UUID | None) -> Statement:
    """Retract a statement and register what was really said under the same code."""
    _retract(one, clean(why), actor)
    made = _keep(said, actor, one)
    audit.record(
        "statements.correct", actor=actor, kind="statement", object_id=made.id,
        area_path=made.area_path, content=_content(made),
    )  # fmt: skip
    return made


def _retract(one: Statement, why: str, actor: UUID | None) -> None:
    if not why:
        raise Invalid("statements.why")
    done = Statement.objects.filter(pk=one.pk, retracted_at=None).update(
        retracted_at=timezone.now(), retracted_by=actor, retracted_why=why[:300]
    )
    if not done:
        raise Invalid("statements.retracted")


def _keep(said: Said, actor: UUID | None, corrects: Statement | None) -> Statement:
    unit = Unit(said.unit)
    made = Statement(
        area=said.area, area_path=said.area.path, province=said.area.province, unit=unit,
        qualifier=said.qualifier, as_of=said.as_of, speaker=clean(said.speaker),
        source=clean(said.source), words=clean(said.words), state=clean(said.state),
        indicator=said.indicator, corrects=corrects, made_by=actor,
    )  # fmt: skip
    made.code = corrects.code if corrects else said.code or f"s-{made.id.hex[-10:]}"
    if unit == Unit.DAY:
        if said.day is None:
            raise Invalid("statements.day")
        made.day = said.day
    else:
        made.value = read_number(said.typed, unit)
    if unit in MONEY:
        made.rial = _in_rial(made, confirmed=said.confirmed)
        made.asked = said.confirmed
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if "statement_said_once" not in str(error):
            raise
        raise Invalid("statements.code", read=made.code) from error
    return made


def _in_rial(made: Statement, *, confirmed: bool) -> int:
    """The rial of a sum, its unit questioned unless somebody confirmed it."""
    assert made.value is not None, "money has a value"
    found = Rial(int(made.value) * (RIALS_PER_TOMAN if made.unit == Unit.TOMAN else 1))
    if confirmed:
        return found.amount
    if _OTHER[Unit(made.unit)].search(made.words):
        raise Invalid("statements.other_unit")
    others = [Rial(amount) for amount in _others(made)]
    if others:
        low, high = min(others), max(others)
        meant = suspicious_unit(found, Rial(low.amount // USUAL), total([high] * USUAL))
        if meant:
            raise Invalid("statements.unit", read=found, meant=meant)
    return found.amount


def _others(made: Statement) -> list[int]:
    """What others say in rial of the same indicator and area; nothing of no indicator."""
    rows = Statement.objects.filter(
        indicator=made.indicator, area=made.area, retracted_at=None, rial__isnull=False
    ).exclude(indicator="")
    return [amount for amount in rows.values_list("rial", flat=True) if amount]


def _content(made: Statement) -> dict[str, object]:
    return {
        "code": made.code, "unit": made.unit, "value": str(made.value), "day": str(made.day),
        "qualifier": made.qualifier, "as_of": str(made.as_of), "words": made.words,
        "source": made.source,
    }  # fmt: skip
