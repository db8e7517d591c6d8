"""What a patient sees and does in their own file, and that it is no other's."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from pooshesh.conftest import Cast, Country
from pooshesh.disease import claims
from pooshesh.disease.models import Claim, Disease
from pooshesh.documents.models import Document
from pooshesh.fund import applications
from pooshesh.fund.models import Application, Channel, State
from pooshesh.kernel.models import Event, Subject
from pooshesh.people.models import Person
from pooshesh.portal import codes, visits
from pooshesh.portal.models import Draft, Visit
from pooshesh.portal.tests.conftest import NUMBER, ComeIn, newest, number, page, person, visit_of

WHY = "گواهی پزشک خوانا نیست"
OTHERS = number(408100077)


def upload(browser: Client, row: Application, kind: str, file: Any = None) -> Any:
    return browser.post(
        f"/my/applications/{row.pk}/bring/", {"kind": kind, "uploads": file or page()}
    )


def test_the_file_says_where_it_is_what_is_missing_and_what_comes_next(
    applied: Application, come_in: ComeIn
) -> None:
    browser = come_in(NUMBER)

    said = browser.get("/my/file/").content.decode()
    one = browser.get(f"/my/applications/{applied.pk}/").content.decode()

    assert applied.file.code in said
    assert "مدارکی کم است" in said
    assert one.count("badge warn") >= 2


def test_what_is_missing_is_brought_and_the_file_goes_on(
    applied: Application, come_in: ComeIn, cast: Cast
) -> None:
    browser = come_in(NUMBER)
    applications.return_for(
        applied.pk, text=WHY, days=20, missing=["diagnosis"], actor=cast.fund_clerk.pk
    )

    told = browser.get(f"/my/applications/{applied.pk}/").content.decode()
    early = browser.post(f"/my/applications/{applied.pk}/complete/", follow=True)
    upload(browser, applied, "identity", page(10))
    upload(browser, applied, "diagnosis", page(20))
    browser.post(f"/my/applications/{applied.pk}/complete/")

    applied.refresh_from_db()
    assert WHY in told
    assert "هنوز چیزی کم است" in early.content.decode()
    assert applied.state == State.RECEIVED
    kept = Document.objects.order_by("id")
    assert [(d.kind, d.uploaded_by) for d in kept] == [
        ("identity", visit_of(browser)), ("diagnosis", visit_of(browser)),
    ]  # fmt: skip
    assert browser.get(f"/my/documents/{kept[0].pk}/").status_code == 200


def test_a_disguised_program_is_refused_with_a_sentence(
    applied: Application, come_in: ComeIn
) -> None:
    browser = come_in(NUMBER)
    program = SimpleUploadedFile("proof.pdf", b"MZ\x90\x00" + bytes(300), "application/pdf")

    answer = upload(browser, applied, "identity", program)

    assert (answer.status_code, Document.objects.count()) == (422, 0)
    assert "proof.pdf" in answer.content.decode()


def _ways(row: Application, document: Document) -> list[Callable[[Client], Any]]:
    address = f"/my/applications/{row.pk}/"
    return [
        lambda b: b.get(address),
        lambda b: b.get(f"/my/documents/{document.pk}/"),
        lambda b: b.post(f"{address}bring/", {"kind": "identity", "uploads": page(33)}),
        lambda b: b.post(f"{address}complete/"),
        lambda b: b.post(f"{address}withdraw/", {"why": "نمی‌خواهم دیگر"}),
        lambda b: b.post(f"{address}appeal/", {"ground": "unreasonable", "why": "درست نیست"}),
    ]


def test_anothers_ids_in_addresses_find_nothing(
    applied: Application, come_in: ComeIn, country: Country, patient: Person
) -> None:
    own = come_in(NUMBER)
    upload(own, applied, "identity")
    person(country.falak_ol_din, OTHERS, "دیگری", patient.birth_date, "09121119999")  # type: ignore[arg-type]
    stranger, nobody = come_in(OTHERS), Client()
    ways = _ways(applied, Document.objects.get())

    statuses = [way(stranger).status_code for way in ways]
    outside = {way(nobody).status_code for way in ways}

    assert statuses == [404] * len(ways)
    assert outside == {302}
    assert Application.objects.get().state == State.RECEIVED


def test_a_refusal_is_told_with_its_ground_and_appealed(
    applied: Application, come_in: ComeIn, cast: Cast
) -> None:
    applications.send_to_university(applied.pk, actor=cast.fund_clerk.pk)
    claims.refuse(
        Claim.objects.get(), "not_proven", why="آزمایش ژنتیک نشان نمی‌دهد", actor=cast.verifier.pk
    )
    browser = come_in(NUMBER)

    told = browser.get(f"/my/applications/{applied.pk}/").content.decode()
    browser.post(
        f"/my/applications/{applied.pk}/appeal/",
        {"ground": "new_evidence", "why": "آزمایش تازه‌ای دارم که آن را نشان می‌دهد"},
    )

    assert "آزمایش ژنتیک" in told
    assert Claim.objects.get().state == "appealed"
    after = browser.get(f"/my/applications/{applied.pk}/").content.decode()
    assert "پزشکان دیگر" in after


def test_the_patient_takes_an_application_back(applied: Application, come_in: ComeIn) -> None:
    browser = come_in(NUMBER)

    short = browser.post(f"/my/applications/{applied.pk}/withdraw/", {"why": "x"})
    browser.post(f"/my/applications/{applied.pk}/withdraw/", {"why": "دیگر لازم نیست"})

    applied.refresh_from_db()
    assert (short.status_code, applied.state) == (422, State.WITHDRAWN)
    assert Event.objects.get(action="fund.withdraw").actor == visit_of(browser)


def test_a_second_application_joins_the_file(
    applied: Application, come_in: ComeIn, sma: Disease
) -> None:
    browser = come_in(NUMBER)

    again = browser.post("/my/apply/", {"disease": "SMA", "insured": "", "note": ""})
    other = browser.post("/my/apply/", {"disease": "MS", "insured": "", "note": ""})

    assert again["Location"] == f"/my/applications/{applied.pk}/"
    rows = Application.objects.order_by("id")
    assert [row.file_id for row in rows] == [applied.file_id] * 2
    assert other["Location"] == f"/my/applications/{rows[1].pk}/"
    assert (rows[1].channel, applications.mobile_of(rows[1])) == (Channel.PORTAL, "09121110001")


@pytest.mark.parametrize("path", ["/my/apply/"])
def test_nothing_typed_is_lost_when_a_visit_has_ended(
    applied: Application, come_in: ComeIn, path: str
) -> None:
    browser = come_in(NUMBER)
    Visit.objects.update(seen_at=timezone.now() - visits.IDLE)

    ended = browser.post(path, {"disease": "MS", "note": "چیزی که نوشته بودم"})
    kept = bytes(Draft.objects.get().content)
    browser.post("/my/", {"number": NUMBER, "sits": "patient"})
    back = browser.post("/my/code/", {"code": codes.of(newest().pk)})
    again = browser.get(back["Location"]).content.decode()

    assert (ended.status_code, back["Location"]) == (302, path)
    assert "چیزی که".encode() not in kept
    assert "چیزی که نوشته بودم" in again
    assert Draft.objects.count() == 0


def test_a_draft_is_not_shown_to_another(
    applied: Application, come_in: ComeIn, country: Country, patient: Person
) -> None:
    browser = come_in(NUMBER)
    Visit.objects.update(seen_at=timezone.now() - visits.IDLE)
    browser.post("/my/apply/", {"disease": "MS", "note": "راز من"})
    person(country.falak_ol_din, OTHERS, "دیگری", patient.birth_date, "09121119999")  # type: ignore[arg-type]

    stranger = come_in(OTHERS)

    assert "راز من" not in stranger.get("/my/apply/").content.decode()
    assert Draft.objects.count() == 1


def test_the_receipt_of_an_application_is_printed_and_that_is_noted(
    applied: Application, come_in: ComeIn
) -> None:
    mine = come_in(NUMBER)

    said = mine.get(f"/my/applications/{applied.pk}/").content.decode()
    paper = mine.get(f"/my/applications/{applied.pk}/letter.pdf")

    noted = Event.objects.get(action="fund.receipt")
    assert "چاپ رسید" in said
    assert "آنچه تاکنون گذشت" in said
    assert paper.content.startswith(b"%PDF")
    assert noted.actor == Visit.objects.get().pk
    assert Subject.objects.filter(event=noted.pk).exists()


def test_pages_ask_a_fixed_number_of_statements(
    applied: Application, come_in: ComeIn, django_assert_max_num_queries: Any, cast: Cast
) -> None:
    applications.apply(applied.file.person, Disease.objects.get(code="MS"), channel=Channel.DESK,
                       actor=cast.fund_clerk.pk)  # fmt: skip
    browser = come_in(NUMBER)

    with django_assert_max_num_queries(26):
        browser.get("/my/file/")
    assert browser.get(f"/my/applications/{uuid4()}/").status_code == 404


def test_documents_do_not_come_without_end(
    applied: Application, come_in: ComeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pooshesh.portal.door.BRINGS", 2)
    browser = come_in(NUMBER)

    statuses = [upload(browser, applied, "identity", page(n)).status_code for n in (1, 9, 17)]

    assert statuses == [302] * 3
    assert Document.objects.count() == 2
