"""Organisations to test with: two sponsors with officers, the insurer, a municipality."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country
from pooshesh.kernel import config
from pooshesh.partners import actions, agreements
from pooshesh.partners.models import Agreement, Organisation, OrganisationKind, Scope

SINCE = dt.date(2021, 3, 21)  # 1 Farvardin 1400


def days(count: int) -> dt.date:
    """The day so many days from today."""
    return timezone.localdate() + dt.timedelta(count)


@pytest.fixture(autouse=True)
def _own_uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealed papers of a test lie in its own folder."""
    home = config.config()
    own = type(home)(**{**vars(home), "home": tmp_path / "home"})
    monkeypatch.setattr("pooshesh.partners.agreements.config", lambda: own)
    monkeypatch.setattr("pooshesh.programme.campaign.vault.config", lambda: own)


@dataclass(frozen=True)
class Bodies:
    """Organisations, and officers of the sponsors beside the cast's."""

    welfare: Organisation  # cast.welfare_officer speaks for it by a grant over its set
    setad: Organisation
    setad_officer: User
    setad_second: User
    interior: Organisation  # cast.programme_head is its officer and head
    ihio: Organisation
    sso: Organisation
    tehran_city: Organisation  # a municipality; cast.tehran_mayor is its officer by grant


@pytest.fixture
def bodies(country: Country, cast: Cast) -> Bodies:
    def made(code: str, kind: OrganisationKind, name: str, **scope: object) -> Organisation:
        return actions.create_organisation(
            actor=None, code=code, kind=kind, name_fa=name, name_en=code, **scope,  # type: ignore[arg-type]
        )  # fmt: skip

    welfare = made("welfare", OrganisationKind.SPONSOR, "سازمان بهزیستی کشور")
    setad = made("setad", OrganisationKind.SPONSOR, "ستاد اجرایی فرمان امام")
    interior = made("interior", OrganisationKind.MINISTRY, "ستاد توانمندسازی")
    officers = []
    for name in ("setad_officer", "setad_second"):
        user = User.objects.create_user(name, "a long password", full_name=name)
        Grant.objects.create(
            user=user, role="sponsor_officer", area_set=setad.area_set, valid=DateRange(None, None)
        )
        officers.append(user)
    actions.name_officer(
        actor=None, organisation=interior, user_id=cast.programme_head.id, head=True
    )
    return Bodies(
        welfare, setad, officers[0], officers[1], interior,
        made("ihio", OrganisationKind.INSURER, "سازمان بیمه سلامت ایران"),
        made("sso", OrganisationKind.INSURER, "سازمان تأمین اجتماعی"),
        made("tehran_city", OrganisationKind.MUNICIPALITY, "شهرداری تهران",
             area=country.tehran_city),
    )  # fmt: skip


Agree = Callable[..., Agreement]


@pytest.fixture
def agree(bodies: Bodies) -> Agree:
    """`agree(bodies.setad)` is an agreement on sponsorship with the ministry, since 1400."""

    def make(*parties: Organisation, **given: object) -> Agreement:
        count = Agreement.objects.count()
        facts: dict[str, object] = {
            "actor": None, "number": f"{count + 1}", "title": f"تفاهم‌نامه {count + 1}",
            "parties": [bodies.interior, *parties], "scopes": [Scope.SPONSORSHIP],
            "legal_basis": "مصوبه", "signed_on": SINCE, "since": SINCE,
        }  # fmt: skip
        return agreements.register(**{**facts, **given})  # type: ignore[arg-type]

    return make
