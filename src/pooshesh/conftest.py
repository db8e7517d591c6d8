"""Fixtures every room's tests share: a small country and a cast of users with roles and areas."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from pytest_django import Settings

from pooshesh.access.models import Grant, User
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid
from pooshesh.places.models import Area, AreaKind, AreaSet, AreaSetMember, SetKind


@pytest.fixture(autouse=True)
def fast_and_apart(settings: Settings) -> None:
    """Cheap password hashes, jobs run and messages go at once, plain static files, no shared
    cache."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.POOSHESH_SEND_APART = False
    cache.clear()  # it outlives a test, and counts failed sign-ins


SignIn = Callable[[User], Client]
UseKey = Callable[[str], None]


@pytest.fixture
def data_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[UseKey]:
    """`data_key("2:new,1:old")` is this process's data key from there to the end of the test."""

    def use(text: str) -> None:
        monkeypatch.setenv("POOSHESH_DATA_KEY", text)
        keyring.cache_clear()

    yield use
    keyring.cache_clear()


@dataclass(frozen=True)
class Country:
    """Two provinces with one neighbourhood each that has a sponsor, and one without."""

    nation: Area
    tehran: Area
    tehran_city: Area
    darvazeh_ghar: Area
    unsponsored: Area  # in Tehran
    lorestan: Area
    khorramabad: Area
    falak_ol_din: Area
    welfare: AreaSet  # sponsor of both sponsored neighbourhoods
    iums: AreaSet  # catchment with Darvazeh-Ghar


def _area(parent: Area | None, code: str, kind: AreaKind, name: str, province: str = "") -> Area:
    path = f"{parent.path}.{code}" if parent else code
    return Area(
        code=code, kind=kind, parent=parent, path=path, province=province, name_fa=name,
        name_en=code, sort_key=name, search_key=f"{name} {code}", valid=DateRange(None, None),
    )  # fmt: skip


@pytest.fixture
def country(db: None) -> Country:
    """The small country."""
    nation = _area(None, "ir", AreaKind.NATION, "ایران")
    tehran = _area(nation, "p23", AreaKind.PROVINCE, "تهران", "23")
    tehran_county = _area(tehran, "c2301", AreaKind.COUNTY, "تهران", "23")
    tehran_city = _area(tehran_county, "t230101", AreaKind.CITY, "تهران", "23")
    darvazeh = _area(tehran_city, "n0001", AreaKind.NEIGHBOURHOOD, "دروازه‌غار", "23")
    unsponsored = _area(tehran_city, "n0002", AreaKind.NEIGHBOURHOOD, "محله بی‌حامی", "23")
    lorestan = _area(nation, "p15", AreaKind.PROVINCE, "لرستان", "15")
    lorestan_county = _area(lorestan, "c1501", AreaKind.COUNTY, "خرم‌آباد", "15")
    khorramabad = _area(lorestan_county, "t150101", AreaKind.CITY, "خرم‌آباد", "15")
    falak = _area(khorramabad, "n0003", AreaKind.NEIGHBOURHOOD, "فلک‌الدین", "15")
    Area.objects.bulk_create(
        [
            nation, tehran, tehran_county, tehran_city, darvazeh, unsponsored, lorestan,
            lorestan_county, khorramabad, falak,
        ]
    )  # fmt: skip
    welfare = AreaSet(
        kind=SetKind.SPONSOR, code="welfare", name_fa="سازمان بهزیستی", name_en="Welfare"
    )
    iums = AreaSet(
        kind=SetKind.CATCHMENT, code="iums", name_fa="دانشگاه علوم پزشکی ایران", name_en="IUMS"
    )
    AreaSet.objects.bulk_create([welfare, iums])
    AreaSetMember.objects.bulk_create(
        AreaSetMember(area_set=area_set, kind=area_set.kind, area=area, valid=DateRange(None, None))
        for area_set, area in ((welfare, darvazeh), (welfare, falak), (iums, darvazeh))
    )
    return Country(
        nation, tehran, tehran_city, darvazeh, unsponsored, lorestan, khorramabad, falak,
        welfare, iums,
    )  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """Who acts in the tests. `outsider` is signed in but holds no grant."""

    lorestan_clerk: User
    tehran_clerk: User
    tehran_lead: User
    national_director: User
    welfare_officer: User
    iums_officer: User
    mayor_counts: User  # Tehran city, counts only
    field_worker: User  # Darvazeh-Ghar
    auditor: User
    registrar: User
    policy_officer: User
    administrator: User
    programme_head: User
    tehran_mayor: User  # municipal officer of Tehran city
    secretary: User
    member: User
    provider: User  # care provider in Tehran
    fund_clerk: User  # Lorestan
    tehran_fund_clerk: User
    clinic: User  # Lorestan
    verifier: User  # university officer of Lorestan
    finance: User  # finance clerk of Lorestan
    second_finance: User
    releaser: User  # Lorestan
    fund_manager: User
    lorestan_director: User
    statistician: User
    outsider: User


@pytest.fixture
def cast(country: Country) -> Cast:
    """One user per role, each with the area their name says."""
    hashed = make_password("a long password")
    users: list[User] = []
    grants: list[Grant] = []

    def user(name: str, role: str = "", counts_only: bool = False, **scope: object) -> User:
        made = User(username=name, password=hashed, full_name=name)
        users.append(made)
        if role:
            grants.append(
                Grant(
                    user=made, role=role, counts_only=counts_only, valid=DateRange(None, None),
                    **scope,
                )
            )  # fmt: skip
        return made

    everybody = Cast(
        lorestan_clerk=user("lorestan_clerk", "clerk", area=country.lorestan),
        tehran_clerk=user("tehran_clerk", "clerk", area=country.tehran),
        tehran_lead=user("tehran_lead", "campaign_lead", area=country.tehran),
        national_director=user("national_director", "director", area=country.nation),
        welfare_officer=user("welfare_officer", "sponsor_officer", area_set=country.welfare),
        iums_officer=user("iums_officer", "university_officer", area_set=country.iums),
        mayor_counts=user("mayor_counts", "director", True, area=country.tehran_city),
        field_worker=user("field_worker", "field_worker", area=country.darvazeh_ghar),
        auditor=user("auditor", "auditor", area=country.nation),
        registrar=user("registrar", "registrar", area=country.nation),
        policy_officer=user("policy_officer", "policy_officer", area=country.nation),
        administrator=user("administrator", "administrator", area=country.nation),
        programme_head=user("programme_head", "programme_head", area=country.nation),
        tehran_mayor=user("tehran_mayor", "municipal_officer", area=country.tehran_city),
        secretary=user("secretary", "secretary", area=country.nation),
        member=user("member", "member", area=country.nation),
        provider=user("provider", "care_provider", area=country.tehran),
        fund_clerk=user("fund_clerk", "fund_clerk", area=country.lorestan),
        tehran_fund_clerk=user("tehran_fund_clerk", "fund_clerk", area=country.tehran),
        clinic=user("clinic", "clinic", area=country.lorestan),
        verifier=user("verifier", "university_officer", area=country.lorestan),
        finance=user("finance", "finance_clerk", area=country.lorestan),
        second_finance=user("second_finance", "finance_clerk", area=country.lorestan),
        releaser=user("releaser", "releaser", area=country.lorestan),
        fund_manager=user("fund_manager", "fund_manager", area=country.nation),
        lorestan_director=user("lorestan_director", "director", area=country.lorestan),
        statistician=user("statistician", "statistician", area=country.nation),
        outsider=user("outsider"),
    )
    User.objects.bulk_create(users)  # one by one they took longer than most tests
    Grant.objects.bulk_create(grants)
    return everybody


@pytest.fixture
def as_user(client: Client) -> SignIn:
    """`as_user(cast.auditor)` is a browser signed in as that user."""

    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all in the same moment; the code of what each was refused for, "" where it was not."""
    ready = Barrier(len(acts))

    def go(act: Callable[[], object]) -> str:
        ready.wait()
        try:
            act()
        except Invalid as error:
            return error.code
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(go, acts))
