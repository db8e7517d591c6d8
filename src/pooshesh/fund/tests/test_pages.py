"""The fund's pages: the desk, applications, files, and bringing an application."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.disease.models import Disease
from pooshesh.documents.models import Document
from pooshesh.documents.tests.files import png, upload
from pooshesh.fund import applications, queries
from pooshesh.fund.models import Application, Channel, PatientFile, State
from pooshesh.fund.tests.conftest import Apply, MakePatient
from pooshesh.kernel.models import Subject
from pooshesh.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(cast: Cast, as_user: SignIn) -> Client:
    """Lorestan's fund clerk at a browser."""
    return as_user(cast.fund_clerk)


def _at(row: Application, step: str = "") -> str:
    return f"/fund/applications/{row.pk}/{step}"


@pytest.mark.parametrize(
    "path",
    ["/fund/desk/", "/fund/apply/", "/fund/applications/", "/fund/applications/mine/",
     "/fund/files/", "/fund/sheets/", "/fund/sheets/template.xlsx"],
)  # fmt: skip
def test_the_fund_has_no_page_for_who_has_nothing_to_do_with_it(
    path: str, cast: Cast, as_user: SignIn
) -> None:
    assert as_user(cast.member).get(path).status_code == 404


def test_lists_show_the_area_and_ask_a_fixed_number_of_statements(
    application: Apply,
    patient: MakePatient,
    clerk: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    application()
    application(patient("سارا", "کوهدشتی"))

    with django_assert_max_num_queries(14):
        shown = clerk.get("/fund/applications/").content.decode()
    with django_assert_max_num_queries(12):
        files = clerk.get("/fund/files/").content.decode()

    assert "سارا کوهدشتی" in shown
    assert "مینا لرستانی" in files


def test_another_provinces_clerk_sees_neither_list_row_nor_page(
    application: Apply, cast: Cast, as_user: SignIn
) -> None:
    row, client = application(), as_user(cast.tehran_fund_clerk)

    assert "مینا" not in client.get("/fund/applications/").content.decode()
    assert client.get(_at(row)).status_code == 404
    assert client.get(_at(row, "letter.pdf")).status_code == 404
    assert client.get(f"/fund/files/{row.file_id}/").status_code == 404
    assert client.post(_at(row, "send/")).status_code == 404
    assert client.post(f"/fund/desk/fund.application/{row.pk}/skip/").status_code == 404


def test_applications_are_found_by_number_name_and_identifier_and_exported(
    application: Apply, patient: MakePatient, clerk: Client
) -> None:
    row = application(patient(national_id="0012345679"))

    by_number = clerk.get(f"/fund/applications/?q={row.code}").content.decode()
    by_name = clerk.get("/fund/applications/?q=لرستاني").content.decode()
    by_identifier = clerk.get("/fund/applications/?q=۰۰۱۲۳۴۵۶۷۹").content.decode()
    wrong = clerk.get("/fund/applications/?q=1000").content.decode()
    sheet = b"".join(clerk.get("/fund/applications/?export=csv").streaming_content).decode()  # type: ignore[attr-defined]

    assert "مینا" in by_number
    assert "مینا" in by_name
    assert "مینا" in by_identifier
    assert "مینا" not in wrong
    assert row.code in sheet


def test_the_page_of_an_application_says_what_is_missing_and_notes_the_look(
    application: Apply,
    clerk: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    row = application()

    with django_assert_max_num_queries(30):
        shown = clerk.get(_at(row)).content.decode()

    assert "گواهی تشخیص پزشک متخصص" in shown
    assert "fund:" not in shown
    assert Subject.objects.filter(person_id=row.file.person_id, event__action="fund.look").exists()


def test_documents_are_brought_and_a_disguised_executable_is_refused_in_a_sentence(
    application: Apply, clerk: Client
) -> None:
    row = application()

    bad = clerk.post(
        _at(row, "documents/"),
        {"kind": "diagnosis", "uploads": [upload("scan.jpg", b"MZ\x90 a program")]},
    )
    good = clerk.post(
        _at(row, "documents/"), {"kind": "diagnosis", "uploads": [upload("scan.png", png())]}
    )

    assert "برنامه یا بایگانی فشرده" in bad.content.decode()
    assert good.status_code == 302
    assert [one.kind for one in Document.objects.all()] == ["diagnosis"]
    assert queries.checklist(row).missing == ["identity"]


def test_the_university_opens_what_it_decides_about(
    application: Apply, cast: Cast, as_user: SignIn
) -> None:
    row = application()
    client = as_user(cast.fund_clerk)
    client.post(
        _at(row, "documents/"), {"kind": "diagnosis", "uploads": [upload("scan.png", png())]}
    )
    address = f"/documents/{Document.objects.get().pk}/"

    before = as_user(cast.verifier).get(address).status_code
    applications.send_to_university(row.pk, actor=cast.fund_clerk.pk)

    assert before == 404
    assert as_user(cast.verifier).get(address).status_code == 200
    assert as_user(cast.tehran_fund_clerk).get(address).status_code == 404


def test_a_refused_return_stands_above_the_form(application: Apply, clerk: Client) -> None:
    row = application()

    answer = clerk.post(_at(row, "return/"), {"template": "", "text": ""})

    assert "یک علت انتخاب کنید" in answer.content.decode()
    assert Application.objects.get().state == State.RECEIVED


def test_the_receipt_prints_the_tracking_number(application: Apply, clerk: Client) -> None:
    answer = clerk.get(_at(application(), "letter.pdf"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def _typed(country: Country, **more: str) -> dict[str, str]:
    return {
        "first_name": "نرگس", "last_name": "بروجردی", "birth_date": "1398/01/15",
        "national_id": "0012345679", "area": country.falak_ol_din.code, "disease": "SMA",
        "insured": "none", **more,
    }  # fmt: skip


def test_a_clinic_applies_for_a_patient_and_follows_its_own_applications(
    cast: Cast, country: Country, sma: Disease, as_user: SignIn
) -> None:
    client = as_user(cast.clinic)

    answer = client.post("/fund/apply/", _typed(country))

    row = Application.objects.get()
    assert answer["Location"] == _at(row)
    assert (row.channel, row.insured) == (Channel.CLINIC, "none")
    assert client.get(_at(row)).status_code == 200
    assert "نرگس" in client.get("/fund/applications/mine/").content.decode()
    assert client.get("/fund/applications/").status_code == 404
    assert client.post(_at(row, "send/")).status_code == 404


def test_a_double_click_opens_one_application(
    country: Country, sma: Disease, clerk: Client
) -> None:
    first = clerk.post("/fund/apply/", _typed(country))
    second = clerk.post("/fund/apply/", _typed(country))

    assert first["Location"] == second["Location"]
    assert Application.objects.count() == PatientFile.objects.count() == 1


def test_who_holds_the_number_is_the_patient_and_is_not_registered_again(
    country: Country, sma: Disease, patient: MakePatient, clerk: Client
) -> None:
    known = patient("نرگس", "بروجردی", national_id="0012345679")

    clerk.post("/fund/apply/", _typed(country))

    assert Application.objects.get().file.person == known
    assert Person.objects.count() == 1


def test_a_number_of_somebody_else_opens_nothing(
    country: Country, sma: Disease, patient: MakePatient, clerk: Client
) -> None:
    patient("داریوش", "کیانی", national_id="0012345679")

    answer = clerk.post("/fund/apply/", _typed(country, birth_date="1360/02/02"))

    assert answer.status_code == 200
    assert not Application.objects.exists()


def test_who_is_alike_is_shown_before_anybody_is_registered_twice(
    country: Country, sma: Disease, patient: MakePatient, clerk: Client
) -> None:
    known = patient("نرگس", "بروجردی")
    typed = _typed(country, national_id="", birth_date="1398/01/15")

    live = clerk.post("/fund/apply/doubles/", typed).content.decode()
    held = clerk.post("/fund/apply/", typed)
    despite = clerk.post("/fund/apply/", typed | {"despite_doubles": "on"})

    assert f"/fund/apply/{known.pk}/" in live
    assert held.status_code == 200
    assert despite.status_code == 302
    assert Application.objects.count() == 1


def test_an_application_for_a_person_found_by_search(
    country: Country, sma: Disease, patient: MakePatient, clerk: Client, cast: Cast,
    as_user: SignIn,
) -> None:  # fmt: skip
    mina = patient()

    found = clerk.get("/fund/apply/?q=مینا لرستانی").content.decode()
    answer = clerk.post(f"/fund/apply/{mina.pk}/", {"disease": "SMA", "insured": "other"})

    assert f"/fund/apply/{mina.pk}/" in found
    assert answer["Location"] == _at(Application.objects.get())
    assert as_user(cast.tehran_fund_clerk).get(f"/fund/apply/{mina.pk}/").status_code == 404


def test_the_file_page_gathers_applications_and_the_person_page_leads_to_it(
    application: Apply, clerk: Client
) -> None:
    row = application()

    shown = clerk.get(f"/fund/files/{row.file_id}/").content.decode()
    person = clerk.get(reverse("people:person", args=[row.file.person_id])).content.decode()

    assert row.code in shown
    assert f"/fund/files/{row.file_id}/" in person
