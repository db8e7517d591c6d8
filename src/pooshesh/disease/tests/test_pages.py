"""Pages of the room: what each role sees and does, and what does not exist for others."""

import io
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.conftest import Cast, SignIn
from pooshesh.coverage import codes
from pooshesh.disease import claims, tags
from pooshesh.disease.models import Claim, ClaimState, Disease, Package, Tag
from pooshesh.disease.tests.conftest import WHY, tagged
from pooshesh.documents.models import Document
from pooshesh.documents.tests.files import png, upload
from pooshesh.kernel.models import Event
from pooshesh.people.models import Person
from pooshesh.web.format import jdate

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SHEET = "code,kind,title_fa,shares\nNUS-12,drug,نوسینرسن,1-5:100 6:80 7-10:50\n"


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_list_says_what_a_clinician_must_confirm(
    listed: Disease, cast: Cast, as_user: SignIn, django_assert_max_num_queries: object
) -> None:
    client = as_user(cast.clinic)

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = text(client, "/diseases/")

    assert "نیازمند تأیید پزشک" in page
    assert text(client, "/diseases/?q=G12.0").count('href="/diseases/SMA/"') == 1


def test_a_physician_confirms_names_and_codes(listed: Disease, cast: Cast, as_user: SignIn) -> None:
    as_user(cast.verifier).post("/diseases/SMA/confirm/")

    assert Disease.objects.get(code="SMA").confirmed_by == cast.verifier.pk


def test_a_disease_is_added_by_who_keeps_the_nations_list(
    listed: Disease, cast: Cast, as_user: SignIn
) -> None:
    data = {"code": "crohn", "name_fa": "بیماری کرون", "kind": "rare", "icd10": "K50", "orpha": ""}

    provincial = as_user(cast.fund_clerk).post("/diseases/new/", data)
    national = as_user(cast.fund_manager).post("/diseases/new/", data)

    assert (provincial.status_code, national["Location"]) == (404, "/diseases/CROHN/")


def test_a_disease_asks_for_evidence_of_its_own(
    listed: Disease, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.fund_manager)
    client.post(
        "/diseases/SMA/evidence/",
        {"purpose": "tag", "kind": "diagnosis", "title_fa": "آزمایش ژن SMN1", "required": "on",
         "since": "1400/01/01"},
    )  # fmt: skip

    sma, hema = text(client, "/diseases/SMA/"), text(client, "/diseases/HEMA/")

    assert "آزمایش ژن SMN1" in sma
    assert "گواهی تشخیص پزشک متخصص" not in sma
    assert "آزمایش ژن SMN1" not in hema


def _propose(client: Client, sheet: str = SHEET) -> object:
    file = io.BytesIO(sheet.encode())
    file.name = "package.csv"
    return client.post("/diseases/SMA/package/", {"file": file, "starts": "1404/01/01"})


def test_a_package_is_proposed_by_one_and_put_in_force_by_another(
    listed: Disease, cast: Cast, as_user: SignIn
) -> None:
    _propose(as_user(cast.fund_clerk))
    package = Package.objects.get()

    shown = text(as_user(cast.fund_manager), f"/diseases/packages/{package.pk}/")
    as_user(cast.fund_manager).post(f"/diseases/packages/{package.pk}/approve/")

    assert "نوسینرسن" in shown
    assert Package.objects.get().decided_by == cast.fund_manager.pk


def test_a_sheet_with_faults_shows_each_and_proposes_nothing(
    listed: Disease, cast: Cast, as_user: SignIn
) -> None:
    page = _propose(as_user(cast.fund_clerk), SHEET + "!!,ship,,1-3:5\n")

    assert page.content.decode().count('data-label="ردیف"') == 4  # type: ignore[attr-defined]
    assert not Package.objects.exists()


def test_a_verifier_finds_opens_and_tags_a_diagnosis(
    claim: Claim, cast: Cast, as_user: SignIn, django_assert_max_num_queries: object
) -> None:
    client = as_user(cast.verifier)
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        queue = text(client, "/diagnoses/")

    opened = client.post("/diagnoses/next/")
    page = text(client, opened["Location"])
    client.post(f"/diagnoses/{claim.pk}/tag/", {"tag-starts": jdate(TODAY), "tag-ends": ""})

    assert "زهرا" in queue
    assert "زهرا" in page
    assert Claim.objects.get().state == ClaimState.TAGGED
    assert Event.objects.filter(action="disease.open_claim_page").exists()


def test_a_diagnosis_is_completed_with_its_documents_or_not_at_all(
    claim: Claim, cast: Cast, as_user: SignIn
) -> None:
    client, address = as_user(cast.fund_clerk), f"/diagnoses/{claim.pk}/complete/"
    claims.return_for(claim, "missing", why=WHY, actor=cast.verifier.pk)
    client.post(address, {"complete-uploads": [upload("a.png", png())]})
    claims.return_for(claim, "missing", why=WHY, actor=cast.verifier.pk)

    client.post(address, {"complete-uploads": [upload("a.png", png())]})  # brought before

    assert Claim.objects.get().state == ClaimState.RETURNED
    assert Document.objects.count() == 1


@pytest.mark.parametrize("who", ["iums_officer", "tehran_fund_clerk", "clinic", "member"])
def test_another_catchments_diagnosis_does_not_exist(
    claim: Claim, cast: Cast, as_user: SignIn, who: str
) -> None:
    user: User = getattr(cast, who)
    client = as_user(user)

    seen = client.get(f"/diagnoses/{claim.pk}/").status_code
    done = client.post(f"/diagnoses/{claim.pk}/refuse/", {"refuse-ground": "another"}).status_code

    assert (seen, done) == (404, 404)
    assert Claim.objects.get().state == ClaimState.WAITING


def test_a_clerk_of_the_fund_reads_a_diagnosis_but_cannot_decide_it(
    claim: Claim, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.fund_clerk)

    page = client.get(f"/diagnoses/{claim.pk}/")
    done = client.post(f"/diagnoses/{claim.pk}/tag/", {"tag-starts": jdate(TODAY)})

    assert page.status_code == 200
    assert done.status_code == 404


def test_the_second_of_two_verifiers_is_told_what_happened(
    claim: Claim, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.verifier)
    claims.tag(claim, starts=TODAY, ends=None, actor=uuid4())

    answer = client.post(
        f"/diagnoses/{claim.pk}/refuse/",
        {"refuse-ground": "another", "refuse-why": WHY}, follow=True,
    )  # fmt: skip

    assert "ممکن نیست" in answer.content.decode()
    assert Claim.objects.get().state == ClaimState.TAGGED


def test_a_refusal_is_appealed_by_the_desk_and_kept_from_who_refused(
    claim: Claim, cast: Cast, as_user: SignIn
) -> None:
    as_user(cast.verifier).post(
        f"/diagnoses/{claim.pk}/refuse/", {"refuse-ground": "not_proven", "refuse-why": WHY}
    )
    as_user(cast.fund_clerk).post(
        f"/diagnoses/{claim.pk}/appeal/",
        {"appeal-ground": "new_evidence", "appeal-why": WHY},
    )

    page = text(as_user(cast.verifier), f"/diagnoses/{claim.pk}/")

    assert Claim.objects.get().state == ClaimState.APPEALED
    assert "اعتراض آن با پزشکان دیگر است" in page
    assert "uphold-why" not in page


def test_tags_are_listed_opened_printed_renewed_and_revoked(
    patient: Person, cast: Cast, as_user: SignIn
) -> None:
    tag = tagged(patient, TODAY, tags.usual_end(Disease.objects.get(code="HD"), TODAY), "HD")
    client = as_user(cast.verifier)

    listed = text(client, "/tags/?state=tag_holds")
    opened = text(client, f"/tags/{tag.pk}/")
    paper = client.get(f"/tags/{tag.pk}/certificate/")
    client.post(f"/tags/{tag.pk}/renew/", {"ends": "", "why": ""})
    renewed = Tag.objects.get().ends
    client.post(f"/tags/{tag.pk}/revoke/", {"since": jdate(TODAY), "why": WHY})

    assert "زهرا" in listed
    assert "دیالیز خونی" in opened
    assert paper.content.startswith(b"%PDF-")
    assert renewed is None
    assert Tag.objects.get().revoked_at is not None


@pytest.mark.parametrize("page", ["", "certificate/", "renew/", "revoke/"])
def test_a_tag_of_another_province_does_not_exist(
    patient: Person, cast: Cast, as_user: SignIn, page: str
) -> None:
    tag = tagged(patient, TODAY)

    assert as_user(cast.iums_officer).get(f"/tags/{tag.pk}/{page}").status_code == 404


def test_a_clinic_sees_the_list_of_diseases_but_not_who_has_them(
    patient: Person, cast: Cast, as_user: SignIn
) -> None:
    tag = tagged(patient, TODAY)
    client = as_user(cast.clinic)

    found = [client.get(one).status_code for one in ("/diseases/", "/tags/", f"/tags/{tag.pk}/")]

    assert found == [200, 404, 404]


def test_a_code_says_in_public_what_holds_and_names_nobody(patient: Person, client: Client) -> None:
    tag = tagged(patient, TODAY)
    code = tags.code_of(tag)

    valid = text(client, f"/tag/{code}/")
    tags.revoke(tag, TODAY, why=WHY, actor=None)
    revoked = text(client, f"/tag/{code}/")
    unknown = text(client, f"/tag/{codes.new()}/")

    assert "آتروفی عضلانی نخاعی" in valid
    assert "کریمی" not in valid
    assert "زهرا" not in valid
    assert ["آتروفی" in one for one in (revoked, unknown)] == [False, False]
    assert Event.objects.filter(action="disease.check_tag").count() == 3


def test_codes_cannot_be_tried_out(client: Client, listed: Disease) -> None:
    answers = {client.get(f"/tag/{codes.new()}/").status_code for _ in range(31)}

    assert answers == {200, 429}


def test_the_page_of_a_person_shows_the_tags_to_the_fund(
    patient: Person, cast: Cast, as_user: SignIn
) -> None:
    tagged(patient, TODAY)

    fund = text(as_user(cast.fund_clerk), f"/persons/{patient.pk}/")
    clerk = text(as_user(cast.lorestan_clerk), f"/persons/{patient.pk}/")

    assert "آتروفی" in fund
    assert "آتروفی" not in clerk


def test_the_registry_and_its_rows_are_the_provinces_own(
    listed: Disease, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.fund_clerk)
    file = io.BytesIO(b"registry_number,disease,starts,national_id\nR-1,SMA,1404/01/01,\n")
    file.name = "registry.csv"
    beyond = client.post("/tags/registry/", {"file": file, "area": "p23"})

    assert re.search("p23", beyond.content.decode())
    assert beyond.status_code == 200
    assert as_user(cast.clinic).get("/tags/registry/").status_code == 404


def test_a_wish_is_answered_by_who_keeps_the_list(
    listed: Disease, cast: Cast, as_user: SignIn
) -> None:
    from pooshesh.disease import wishes

    made = wishes.wish("بیماری کرون", province="15")
    data = {"name": "بیماری کرون", "state": "open", "words": WHY, "disease": ""}

    provincial = as_user(cast.fund_clerk).post(f"/diseases/wishes/{made.pk}/", data)
    national = as_user(cast.fund_manager).post(f"/diseases/wishes/{made.pk}/", data)

    assert (provincial.status_code, national.status_code) == (404, 302)
