"""Agreements: terms, renewals, early ends, warnings, and no data without one."""

import datetime as dt
import io
from collections.abc import Callable
from typing import BinaryIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.access.reach import EVERYWHERE
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel import jobs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event, Job
from pooshesh.partners import agreement_queries as queries
from pooshesh.partners import agreements
from pooshesh.partners.agreement_queries import data_exchange_allowed, standing_of
from pooshesh.partners.models import Agreement, AgreementTerm, DataClass, Scope
from pooshesh.partners.terms import WARN_DAYS, Facts, Standing, holds, permits, standing
from pooshesh.partners.tests.conftest import SINCE, Agree, Bodies, days
from pooshesh.programme import actions
from pooshesh.programme.models import FileRole

ROLL, EXCHANGE = DataClass.ROLL, Scope.DATA_EXCHANGE
DAY = dt.date(2022, 1, 1)

spans = st.lists(
    st.tuples(st.integers(0, 400), st.one_of(st.none(), st.integers(1, 200))).map(
        lambda pair: (
            DAY + dt.timedelta(pair[0]),
            None if pair[1] is None else DAY + dt.timedelta(pair[0] + pair[1]),
        )
    ),
    max_size=4,
).map(tuple)
asked = st.integers(-10, 700).map(lambda count: DAY + dt.timedelta(count))


@given(spans, asked)
def test_an_agreement_allows_exactly_while_it_stands_valid_or_ends_soon(
    terms: tuple[tuple[dt.date, dt.date | None], ...], day: dt.date
) -> None:
    facts = Facts(frozenset({EXCHANGE}), frozenset({ROLL}), terms)

    found = standing(facts, day)

    assert permits(facts, EXCHANGE, day, data_class=ROLL) == holds(terms, day)
    assert holds(terms, day) == (found in (Standing.VALID, Standing.EXPIRING))


@given(spans, asked)
def test_who_is_told_in_time_that_it_ends_soon(
    terms: tuple[tuple[dt.date, dt.date | None], ...], day: dt.date
) -> None:
    facts = Facts(frozenset({EXCHANGE}), frozenset({ROLL}), terms)

    ahead = [holds(terms, day + dt.timedelta(count)) for count in range(WARN_DAYS + 1)]

    assert (standing(facts, day) == Standing.EXPIRING) == (ahead[0] and not all(ahead))


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("ir.p23", True), ("ir.p23.c2301", True), ("ir.p15", False), ("", False), ("ir.p231", False)],
)
def test_an_agreement_limited_to_an_area_is_for_that_area(path: str, allowed: bool) -> None:
    facts = Facts(frozenset({EXCHANGE}), frozenset({ROLL}), ((None, None),), ("ir.p23",))

    assert permits(facts, EXCHANGE, DAY, data_class=ROLL, path=path) == allowed


@pytest.fixture
def exchange(bodies: Bodies, agree: Agree) -> Callable[..., Agreement]:
    """An agreement with Social Security on its roll."""

    def make(**given: object) -> Agreement:
        parties = given.pop("parties", [bodies.ihio, bodies.sso])
        return agree(parties=parties, scopes=[EXCHANGE], data_classes=[ROLL], **given)

    return make


def test_data_are_exchanged_under_an_agreement_of_both_for_that_class_on_that_day(
    bodies: Bodies, exchange: Callable[..., Agreement]
) -> None:
    made = exchange(until=days(10))

    assert data_exchange_allowed(bodies.sso, ROLL, days(0)) == made
    assert data_exchange_allowed(bodies.sso, DataClass.DECILE, days(0)) is None
    assert data_exchange_allowed(bodies.sso, ROLL, days(10)) is None
    assert data_exchange_allowed(bodies.sso, ROLL, SINCE - dt.timedelta(1)) is None
    assert data_exchange_allowed(bodies.welfare, ROLL, days(0)) is None
    assert data_exchange_allowed(None, ROLL, days(0)) is None


def test_an_agreement_between_two_others_lets_nothing_in(
    bodies: Bodies, exchange: Callable[..., Agreement]
) -> None:
    exchange(parties=[bodies.welfare, bodies.sso])

    assert data_exchange_allowed(bodies.sso, ROLL, days(0)) is None


def test_an_early_end_closes_the_exchange_and_what_was_stays_known(
    bodies: Bodies, exchange: Callable[..., Agreement]
) -> None:
    made = exchange()

    agreements.end_early(actor=None, agreement=made, on=days(0), reason="نقض تعهد")

    made.refresh_from_db()
    assert data_exchange_allowed(bodies.sso, ROLL, days(0)) is None
    assert data_exchange_allowed(bodies.sso, ROLL, days(-1)) == made
    assert standing_of(made) == Standing.ENDED


def test_a_renewal_is_another_term_and_never_overlaps(
    bodies: Bodies, exchange: Callable[..., Agreement]
) -> None:
    made = exchange(until=days(5))

    agreements.renew(actor=None, agreement=made, signed_on=days(0), since=days(5), until=days(100))
    with pytest.raises(Invalid) as refused:
        agreements.renew(actor=None, agreement=made, signed_on=days(0), since=days(50), until=None)

    assert refused.value.code == "agreement.overlap"
    assert data_exchange_allowed(bodies.sso, ROLL, days(50)) == made
    assert standing_of(made) == Standing.VALID  # one hundred days are left


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"data_classes": []}, "agreement.classes"),
        ({"scopes": [Scope.SERVICE], "data_classes": [ROLL]}, "agreement.no_classes"),
        ({"until": SINCE}, "agreement.order"),
        ({"number": "1"}, "agreement.number"),
    ],
)
def test_a_bad_agreement_is_refused(
    bodies: Bodies, agree: Agree, changed: dict[str, object], code: str
) -> None:
    agree(bodies.sso)

    with pytest.raises(Invalid) as refused:
        agree(bodies.sso, **{"scopes": [EXCHANGE], "data_classes": [ROLL], **changed})

    assert refused.value.code == code
    assert Agreement.objects.count() == 1


def test_one_party_is_no_agreement(bodies: Bodies, agree: Agree) -> None:
    with pytest.raises(Invalid) as refused:
        agree(parties=[bodies.sso, bodies.sso])

    assert refused.value.code == "agreement.parties"


def test_the_database_wants_a_reason_for_an_early_end(bodies: Bodies, agree: Agree) -> None:
    agree(bodies.sso)

    with pytest.raises(IntegrityError, match="ends_with_a_reason"), transaction.atomic():
        Agreement.objects.update(ended_on=days(0))


def test_the_daily_job_warns_once_of_what_ends_soon(
    bodies: Bodies, exchange: Callable[..., Agreement]
) -> None:
    exchange(until=days(30))
    exchange(until=days(90))
    renewed = exchange(until=days(20))
    agreements.renew(actor=None, agreement=renewed, signed_on=days(0), since=days(20), until=None)
    progress = jobs.Progress(Job.objects.create(kind="partners.expiring").id)

    counts = [agreements.warn(progress), agreements.warn(progress)]

    assert counts == [{"agreements": 1}, {"agreements": 0}]
    assert AgreementTerm.objects.filter(warned_at__isnull=False).count() == 1
    assert Event.objects.filter(action="partners.warn").count() == 1


def test_the_register_is_filtered_by_what_ends_soon_and_warns_at_home(
    cast: Cast, exchange: Callable[..., Agreement], as_user: SignIn
) -> None:
    soon, later = exchange(until=days(30)), exchange(until=days(90))
    browser = as_user(cast.programme_head)

    shown = browser.get("/agreements/?standing=expiring").content.decode()
    home = browser.get("/").content.decode()

    assert soon.title in shown
    assert later.title not in shown
    assert f"/agreements/{soon.id}/" in home
    assert f"/agreements/{later.id}/" not in home


def form(bodies: Bodies, **changed: object) -> dict[str, object]:
    return {
        "number": "۱۲/۱۴۰۰", "title": "تبادل فهرست بیمه‌شدگان", "scopes": ["data_exchange"],
        "data_classes": ["roll"], "parties": [str(bodies.ihio.pk), str(bodies.sso.pk)],
        "legal_basis": "ماده واحده", "signed_on": "1400/01/01", "since": "1400/01/01", **changed,
    }  # fmt: skip


PDF = b"%PDF-1.7 a paper"


def register(browser: Client, bodies: Bodies, content: bytes = PDF) -> Agreement | None:
    paper = SimpleUploadedFile("سند.pdf", content)
    browser.post("/agreements/new/", form(bodies, paper=paper))
    return Agreement.objects.first()


def test_the_signed_paper_is_sealed_and_opens_for_the_parties_alone(
    cast: Cast, bodies: Bodies, as_user: SignIn
) -> None:
    made = register(as_user(cast.programme_head), bodies)
    assert made is not None
    paper = made.documents.get()
    address = f"/agreements/{made.id}/papers/{paper.id}/"
    sealed = agreements.PAPERS.path(paper.id).read_bytes()

    opened = b"".join(as_user(cast.programme_head).get(address))
    refused = as_user(cast.welfare_officer).get(address).status_code

    assert PDF not in sealed
    assert opened == PDF
    assert refused == 404
    assert Event.objects.filter(action="partners.read_paper").count() == 1


def test_a_paper_of_another_kind_is_refused_with_the_agreement(
    cast: Cast, bodies: Bodies, as_user: SignIn
) -> None:
    made = register(as_user(cast.programme_head), bodies, b"MZ a program")

    assert made is None


def test_an_agreement_about_another_province_does_not_exist(
    cast: Cast, country: Country, bodies: Bodies, agree: Agree, as_user: SignIn
) -> None:
    made = agree(bodies.sso, areas=[country.tehran])
    national = agree(bodies.sso)
    browser = as_user(cast.lorestan_clerk)

    assert browser.get(f"/agreements/{made.id}/").status_code == 404
    assert browser.get(f"/agreements/{national.id}/").status_code == 200
    assert browser.post(f"/agreements/{national.id}/", {"verb": "end"}).status_code == 404
    assert made.title not in browser.get("/agreements/").content.decode()
    assert set(queries.agreements(cast.tehran_clerk)) == {made, national}


# --- a roll comes in only under an agreement --------------------------------------------

SHEET = "نام,نام خانوادگی,کد ملی\nرویا,نیک‌سرشت,7731689956\n"


def sheet() -> BinaryIO:
    return io.BytesIO(SHEET.encode())


@pytest.fixture
def bring(country: Country) -> Callable[..., object]:
    """Bring a roll of an insurer into a campaign of Darvazeh-Ghar."""

    def act(insurer: str, *, synthetic: bool = False) -> object:
        draft = actions.open_campaign(
            reach=EVERYWHERE, code="n0001", pack="iran", on=dt.date(2022, 2, 11), actor=None,
            synthetic=synthetic,
        )  # fmt: skip
        return actions.bring_file(draft, FileRole.ROLL, "roll.csv", sheet(), insurer=insurer)

    return act


def test_another_insurers_roll_is_refused_without_an_agreement(
    bodies: Bodies, bring: Callable[..., object]
) -> None:
    with pytest.raises(Invalid) as refused:
        bring("sso")

    assert refused.value.code == "exchange.none"
    assert bodies.sso.name_fa in refused.value.message()
    assert "فهرست بیمه‌شدگان" in refused.value.message()


def test_a_roll_comes_in_under_an_agreement(
    exchange: Callable[..., Agreement], bring: Callable[..., object]
) -> None:
    exchange()

    assert bring("sso")


@pytest.mark.parametrize(("insurer", "synthetic"), [("ihio", False), ("sso", True)])
def test_our_own_roll_and_made_up_people_need_none(
    bodies: Bodies, bring: Callable[..., object], insurer: str, synthetic: bool
) -> None:
    assert bring(insurer, synthetic=synthetic)
