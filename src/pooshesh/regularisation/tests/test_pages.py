"""The pages of regularisation: what each role can do, and what each is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse, reverse_lazy
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.jobs import Progress
from pooshesh.kernel.models import Event
from pooshesh.kernel.time import from_day
from pooshesh.people.models import Identifier, Link
from pooshesh.regularisation import actions, bringing, held
from pooshesh.regularisation.models import (
    Case,
    CaseState,
    Difference,
    DifferenceState,
    Document,
    Ground,
    Inquiry,
    SheetRow,
)
from pooshesh.regularisation.tests.conftest import (
    CODE,
    GOOD,
    HEADERS,
    OTHER_CODE,
    Bring,
    Foreigner,
    days,
    decide_again,
    paper,
    today,
)

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture
def brought(bring: Bring, cast: Cast) -> list[SheetRow]:
    """The rows of a written sheet."""
    sheet = bring(GOOD)
    bringing.write(Progress(uuid7()), str(sheet.pk), str(cast.tehran_mayor.pk))
    return list(SheetRow.objects.order_by("row"))


@pytest.fixture
def revoked(insured: Case, cast: Cast) -> Difference:
    """Cover that the newest decision no longer gives."""
    actions.revoke(insured.pk, "کارت ابطال شده است", on=today(), actor=cast.tehran_clerk.pk)
    decide_again()
    return Difference.objects.get()


# --- a clerk ------------------------------------------------------------------------------


def test_a_clerk_regularises_a_case_in_the_browser(
    premium: None, case: Case, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.tehran_clerk)

    done = client.post(
        f"/nationals/cases/{case.pk}/document/",
        {"kind": "amayesh", "number": "۱۲۳۴۵۶", "issued": "1405/01/15", "expires": "1406/01/15",
         "round": "۱۷", "status": "refugee", "nationality": "AF"},
    )  # fmt: skip
    decide_again()
    page = text(client, f"/nationals/cases/{case.pk}/")

    assert done.status_code == 302
    assert Case.objects.get().state == CaseState.ELIGIBLE
    assert "•••456" in page
    assert "مرحله ۱۷" in page
    assert f"/nationals/cases/{case.pk}/enrol/" in page
    assert Event.objects.filter(action="case.look").count() == 1


def test_the_number_of_a_document_is_shown_on_demand_and_that_is_noted(
    insured: Case, cast: Cast, as_user: SignIn
) -> None:
    document = Document.objects.get()

    page = as_user(cast.tehran_clerk).post(
        f"/nationals/documents/{document.pk}/reveal/", follow=True
    )

    assert "A-173456" in page.content.decode()
    assert Event.objects.filter(action="case.reveal").exists()


def test_a_refusal_shows_its_ground_and_who_may_not_decide_the_appeal(
    case: Case, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.tehran_clerk)
    client.post(
        f"/nationals/cases/{case.pk}/refuse/",
        {"ground": "no_document", "on": "1405/08/20", "text": "هیچ مدرکی نشان نداد"},
    )
    client.post(
        f"/nationals/cases/{case.pk}/appeal/", {"on": "1405/08/25", "text": "مدرک آورده است"}
    )

    again = client.post(
        f"/nationals/cases/{case.pk}/refuse/",
        {"ground": "expired", "on": "1405/08/26", "text": "باز هم مدرکی نبود"},
    )

    assert Case.objects.get().state == CaseState.FOUND
    assert "خودتان" in again.content.decode()


def test_the_list_of_cases_costs_the_same_for_many(
    foreigner: Foreigner, cast: Cast, as_user: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    people = [foreigner(first_name=name) for name in ("یک", "دو", "سه", "چهار")]
    [actions.open_case(one, on=today(), actor=cast.tehran_clerk.pk) for one in people]
    client = as_user(cast.tehran_clerk)

    with django_assert_max_num_queries(16):
        page = text(client, "/nationals/cases/?state=case_found")

    assert page.count("نورزی") == 4


@pytest.mark.parametrize("who", ["lorestan_clerk", "mayor_counts", "tehran_mayor", "member"])
def test_a_case_elsewhere_or_for_others_does_not_exist(
    insured: Case, cast: Cast, as_user: SignIn, who: str
) -> None:
    client = as_user(getattr(cast, who))

    pages = [
        client.get(f"/nationals/cases/{insured.pk}/"),
        client.get(f"/nationals/cases/{insured.pk}/document/"),
        client.get(reverse("people:person", args=[insured.person_id])),
        client.get(f"/nationals/persons/{insured.person_id}/held/"),
    ]

    assert [page.status_code for page in pages] == [404] * 4


def test_who_only_reads_takes_no_step(insured: Case, cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.national_director)

    assert "document/" not in text(client, f"/nationals/cases/{insured.pk}/")
    assert client.get(f"/nationals/cases/{insured.pk}/revoke/").status_code == 404


def test_the_person_page_leads_to_the_case(insured: Case, cast: Cast, as_user: SignIn) -> None:
    page = text(as_user(cast.tehran_clerk), reverse("people:person", args=[insured.person_id]))

    assert f"/nationals/cases/{insured.pk}/" in page


# --- pseudo-IDs ---------------------------------------------------------------------------


def test_pseudo_ids_are_worked_off_and_the_count_falls(
    brought: list[SheetRow], cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.tehran_clerk)
    before = client.get("/nationals/pseudo/")
    identifier = Identifier.objects.get(grade="pseudo")

    client.post(f"/nationals/pseudo/{identifier.pk}/", {"code": OTHER_CODE})

    after = client.get("/nationals/pseudo/")
    assert (before.context["table"].count, after.context["table"].count) == (1, 0)
    assert "شماره همراه" in before.content.decode()
    assert "09121234567" not in before.content.decode()
    assert Case.objects.get(person=identifier.person_id).state == CaseState.IDENTIFIED


def test_a_code_somebody_holds_is_not_written_but_queued(
    brought: list[SheetRow], cast: Cast, as_user: SignIn
) -> None:
    identifier = Identifier.objects.get(grade="pseudo")

    page = as_user(cast.tehran_clerk).post(f"/nationals/pseudo/{identifier.pk}/", {"code": CODE})

    identifier.refresh_from_db()
    assert CODE in page.content.decode()
    assert identifier.replaced_at is None
    assert Link.objects.filter(second=identifier.person_id).exists()


def test_a_pseudo_id_elsewhere_does_not_exist(
    brought: list[SheetRow], cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.lorestan_clerk)
    identifier = Identifier.objects.get(grade="pseudo")

    assert client.get("/nationals/pseudo/").context["table"].count == 0
    assert client.get(f"/nationals/pseudo/{identifier.pk}/").status_code == 404


# --- a municipality -----------------------------------------------------------------------


def test_a_mayor_brings_checks_and_writes_a_sheet(
    agreement: None, country: Country, cast: Cast, as_user: SignIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    client = as_user(cast.tehran_mayor)
    rows = "\n".join([HEADERS, *GOOD, "نادر,نادری,,,مرد,AF,,,فلک‌الدین,,"])
    file = SimpleUploadedFile("اتباع.csv", rows.encode())
    with django_capture_on_commit_callbacks(execute=True):
        brought = client.post("/nationals/sheets/", {"city": country.tehran_city.pk, "file": file})
    findings = client.get(brought["Location"]).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{brought['Location']}write/", {"only_good": "on"})
    page = text(client, "/nationals/brought/")

    assert "در این شهر نیست" in findings
    assert Case.objects.count() == 3
    assert "گل‌محمد نورزی" in page
    assert "/persons/" not in page.partition("<main")[2]


def test_a_municipality_is_never_told_of_cover_or_refusal(
    brought: list[SheetRow], premium: None, cast: Cast, as_user: SignIn
) -> None:
    clerk = cast.tehran_clerk.pk
    free, refused = (Case.objects.get(person=row.person_id) for row in brought[:2])
    actions.show_document(free.pk, paper(), consent_on=today(), actor=clerk)
    decide_again()
    actions.refuse(refused.pk, Ground.NOT_GENUINE, "صادرکننده تایید نکرد", on=today(), actor=clerk)
    client = as_user(cast.tehran_mayor)

    pages = [text(client, "/nationals/brought/"), text(client, "/nationals/")]
    sheet = b"".join(client.get("/nationals/brought/?export=csv"))

    assert Case.objects.get(pk=free.pk).state == CaseState.INSURED
    assert "ساماندهی‌شده" in pages[0]
    assert not any(word in page for page in pages for word in ("بیمه‌شده", "رد شد"))
    assert "بیمه‌شده" not in sheet.decode()
    assert "رد شد" not in sheet.decode()


def test_a_municipality_is_not_told_how_few_they_are(
    brought: list[SheetRow], cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.tehran_mayor)

    figures = client.get("/nationals/?by=province").context["figures"]
    page = text(client, "/nationals/")
    sheet = b"".join(client.get("/nationals/?export=csv")).decode()

    assert [line.title for line in figures.lines] == ["تهران"]
    assert set(figures.total.counts.values()) == {None}
    assert "گفته نمی‌شود" in page
    assert not any(digit in sheet.partition("\n")[2] for digit in "1234")


def test_a_municipality_finds_its_census_on_the_home_page(
    brought: list[SheetRow], cast: Cast, as_user: SignIn
) -> None:
    page = text(as_user(cast.tehran_mayor), "/").partition("<main")[2]

    assert 'href="/nationals/sheets/"' in page
    assert 'href="/nationals/brought/"' in page


@pytest.mark.parametrize(
    "address",
    [
        "/nationals/cases/",
        "/nationals/pseudo/",
        "/nationals/look/",
        "/cover-differences/",
        reverse_lazy("people:search"),
        "/campaigns/retention/",
    ],
)
def test_a_municipality_has_no_way_to_persons(
    brought: list[SheetRow], cast: Cast, as_user: SignIn, address: str
) -> None:
    assert as_user(cast.tehran_mayor).get(address).status_code == 404


def test_another_citys_sheets_and_rows_do_not_exist(
    brought: list[SheetRow], country: Country, cast: Cast, as_user: SignIn
) -> None:
    mayor = User.objects.create_user("khorramabad_mayor", "a long password")
    Grant.objects.create(
        user=mayor, role="municipal_officer", area=country.khorramabad, valid=from_day(None)
    )
    client = as_user(mayor)
    sheet = brought[0].sheet_id

    assert client.get(f"/nationals/sheets/{sheet}/").status_code == 404
    assert client.post(f"/nationals/sheets/{sheet}/write/").status_code == 404
    assert client.get("/nationals/brought/?q=نورزی").context["table"].count == 0
    assert client.get("/nationals/").context["figures"].total.counts == {}
    assert (
        not client.post(
            "/nationals/sheets/",
            {"city": country.tehran_city.pk, "file": SimpleUploadedFile("x.csv", b"x")},
        )
        .context["form"]
        .is_valid()
    )


def test_a_sheet_that_is_too_large_is_refused_before_it_is_kept(
    country: Country, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pooshesh.programme.forms.FILE_BYTES", 10)
    file = SimpleUploadedFile("x.csv", b"x" * 11)

    answer = as_user(cast.tehran_mayor).post(
        "/nationals/sheets/", {"city": country.tehran_city.pk, "file": file}
    )

    assert list(answer.context["form"].errors) == ["file"]


def test_without_an_agreement_the_form_says_so(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    file = SimpleUploadedFile("x.csv", b"x")

    page = as_user(cast.tehran_mayor).post(
        "/nationals/sheets/", {"city": country.tehran_city.pk, "file": file}
    )

    assert "تفاهم‌نامه" in page.content.decode()


# --- counts -------------------------------------------------------------------------------


def test_counts_by_step_are_for_who_has_counts_only(
    insured: Case, foreigner: Foreigner, country: Country, cast: Cast, as_user: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    other = actions.open_case(
        foreigner(area=country.falak_ol_din, first_name="نادر"), on=today(),
        actor=cast.lorestan_clerk.pk,
    )  # fmt: skip
    actions.refuse(
        other.pk, Ground.NO_DOCUMENT, "مدرکی نشان نداد", on=today(), actor=cast.lorestan_clerk.pk
    )
    counts = as_user(cast.mayor_counts)

    with django_assert_max_num_queries(14):
        mine = counts.get("/nationals/").context["figures"]
    nation = as_user(cast.national_director).get("/nationals/?by=province").context["figures"]

    assert mine.total.counts == {CaseState.INSURED: 1}
    assert nation.total.counts == {CaseState.INSURED: 1, CaseState.REFUSED: 1}
    assert [(line.title, line.total) for line in nation.lines] == [("تهران", 1), ("لرستان", 1)]
    assert len(nation.grounds) == 1


# --- differing cover ----------------------------------------------------------------------


def test_a_difference_is_told_by_letter_and_applied(
    revoked: Difference, cast: Cast, as_user: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_user(cast.tehran_clerk)
    address = f"/cover-differences/{revoked.pk}/"
    listed = client.get("/cover-differences/").context["table"].count
    later = days(20)
    client.post(f"{address}tell/", {"from_day": later.isoformat()})
    letter = client.get(f"{address}letter.pdf")
    early = client.post(f"{address}apply/", {})
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: later)

    client.post(f"{address}apply/", {})

    assert listed == 1
    assert letter.content.startswith(b"%PDF")
    assert early.status_code == 200
    assert Difference.objects.get().state == DifferenceState.APPLIED


def test_a_difference_elsewhere_does_not_exist(
    revoked: Difference, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.lorestan_clerk)

    assert client.get("/cover-differences/").context["table"].count == 0
    assert client.get(f"/cover-differences/{revoked.pk}/").status_code == 404
    assert client.post(f"/cover-differences/{revoked.pk}/apply/").status_code == 404


def test_who_only_sees_cover_changes_none(revoked: Difference, cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.national_director)

    assert client.get(f"/cover-differences/{revoked.pk}/").context["verbs"] == []
    assert client.post(f"/cover-differences/{revoked.pk}/tell/").status_code == 404


# --- what is held -------------------------------------------------------------------------


def test_what_is_held_is_printed_once_it_is_known_who_asks(
    insured: Case, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.tehran_clerk)
    asked = client.post(
        f"/nationals/persons/{insured.person_id}/held/", {"proof": "own_paper", "note": "گذرنامه"}
    )

    sheet = client.get(asked["Location"])

    assert sheet.content.startswith(b"%PDF")
    assert Inquiry.objects.get().proof == "own_paper"
    assert Event.objects.filter(action="people.told_what_is_held").exists()
    assert as_user(cast.national_director).get(asked["Location"]).status_code == 404


def test_the_sheet_names_every_class_that_is_held(insured: Case, cast: Cast) -> None:
    with translation.override("en"):
        told = held.sheet(insured.person, [insured.person_id])

    counts = {str(line.what): line.count for _title, lines in told.parts for line in lines}
    assert counts["Documents of the case"] == 1
    assert counts["Cover by this insurer"] == 1
    assert counts["Decisions about cover with what they rest on"] == 2
    assert {look.action for look in told.looks} >= {"people.register", "case.prove"}
