"""Reads of eligibility: what is recorded about who holds a number, and the passes of providers."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from pooshesh.access.models import Grant, User
from pooshesh.access.queries import users, visible
from pooshesh.access.roles import ROLES
from pooshesh.coverage import codes
from pooshesh.coverage.models import Insurer
from pooshesh.eligibility.decide import Card, Cover, Known
from pooshesh.eligibility.models import Pass
from pooshesh.kernel.calendar import to_jalali
from pooshesh.people.queries import blinds

CHECK, MANAGE = "eligibility.check", "eligibility.manage"

_OF_NUMBER = """
    select person_id, first_name, last_name, born, card, outcome, covered, reasons, insurer_id,
        scheme, since, until, spoken_of
    from eligibility_of(%s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """One human being who holds a number: who they are, as little as tells two people apart."""

    person: UUID
    initials: str
    birth_year: int | None  # Jalali
    known: Known


@dataclass(frozen=True, slots=True)
class Holders:
    """Everybody who holds a number, at most two; `by_card`: it was the code of a card."""

    people: tuple[Holder, ...]
    by_card: bool


def holders(text: str, on: dt.date) -> Holders:
    """Who holds an identity number in any digits, or a card; 1 statement.

    Anybody in the nation: care is given where people fall ill. Only `actions.check` asks, which
    asks for the right and leaves a trace.
    """
    code = codes.read(text)
    numbers = [] if code else blinds(text)
    if not (code or numbers):
        return Holders((), by_card=False)
    with connection.cursor() as cursor:
        cursor.execute(_OF_NUMBER, [numbers, codes.digest(code) if code else None, on])
        return Holders(tuple(_holder(*row) for row in cursor.fetchall()), by_card=code is not None)


def _holder(
    person: UUID, first: str, last: str, born: dt.date | None, card: Card, outcome: str | None,
    covered: bool, reasons: list[str], insurer: str | None, scheme: str | None,
    since: dt.date | None, until: dt.date | None, spoken_of: dt.date | None,
) -> Holder:  # fmt: skip
    return Holder(
        person,
        " ".join(f"{name[0]}." for name in (first, last) if name),
        to_jalali(born).year if born else None,
        Known(
            covered,
            tuple(reasons),
            Cover(insurer, scheme or "", since, until) if insurer else None,
            spoken_of,
            outcome or "",
            card,
        ),
    )


@lru_cache(maxsize=4)
def insurer_names(language: str) -> dict[str, str]:
    """Names of insurers by code; read once a process and language."""
    rows = Insurer.objects.values_list("code", f"name_{language}", "name_fa")
    return {code: name or name_fa for code, name, name_fa in rows}


def passes(viewer: User) -> QuerySet[Pass]:
    """Passes of the viewer's area, each with its account's `username`."""
    account = User.objects.filter(pk=OuterRef("user_id")).values("username")
    rows = Pass.objects.select_related("area").annotate(username=Subquery(account[:1]))
    return visible(viewer, MANAGE).limit(rows)


def accounts_to_give(viewer: User) -> list[tuple[str, str]]:
    """(id, name) of the accounts the viewer manages that hold a role that may check cover."""
    able = [role.code for role in ROLES.values() if CHECK in role.permissions]
    held = Grant.objects.filter(role__in=able, valid__contains=timezone.localdate())
    rows = users(viewer).filter(is_active=True, pk__in=held.values("user_id"))
    return [(str(user.pk), str(user)) for user in rows]


def account(viewer: User, user_id: UUID) -> User:
    """An account the viewer manages. Raises User.DoesNotExist for any other."""
    return users(viewer).get(pk=user_id)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks by a pass: the account, and how often it may."""

    pass_id: UUID
    user: UUID
    per_minute: int
    until: dt.date


def caller(pass_id: UUID, today: dt.date) -> Caller | None:
    """The live pass whose account may check cover today; None for any other."""
    one = Pass.objects.select_related("user").filter(pk=pass_id, revoked_at=None).first()
    if one is None or one.expires_on < today or not one.user.may(CHECK):
        return None
    return Caller(one.pk, one.user_id, one.per_minute, one.expires_on)
