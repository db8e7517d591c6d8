"""Documents of other rooms' rows: kept sealed, opened by who may, deleted on their day."""

import datetime as dt
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.conftest import Cast, SignIn
from pooshesh.documents import actions, queries, registry
from pooshesh.documents.forms import UploadField
from pooshesh.documents.models import Document
from pooshesh.documents.retention import CLASSES, VAULT
from pooshesh.documents.tests.files import pdf, png, upload
from pooshesh.kernel import retention
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of a kind whose documents Lorestan's fund clerk may open."""

    def may_open(user: User, _row: UUID) -> bool:
        return user.username == "fund_clerk"

    monkeypatch.setitem(registry._owners, "test_case", may_open)


def _keep(
    owner: UUID, file: SimpleUploadedFile | None = None, actor: UUID | None = None
) -> Document:
    return actions.keep(
        file or upload("scan.png", png()), owner_kind="test_case", owner_id=owner, person_id=None,
        kind="diagnosis", area_path="ir.p15", province="15", actor=actor,
    )  # fmt: skip


def test_a_document_is_kept_sealed_and_opened_as_it_was(
    cast: Cast, as_user: SignIn, django_assert_max_num_queries: object
) -> None:
    kept = _keep(owner := uuid7(), upload("روگرفت.pdf", pdf(2)))

    answer = as_user(cast.fund_clerk).get(f"/documents/{kept.pk}/")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"%PDF-")
    assert b"%PDF" not in VAULT.path(kept.pk).read_bytes()
    assert queries.attached("test_case", [owner, uuid7()]) == {owner: [kept]}
    opened = Event.objects.get(action="documents.open")
    assert (opened.actor, opened.object_id) == (cast.fund_clerk.pk, str(kept.pk))


def test_who_may_not_see_the_row_finds_no_document(cast: Cast, as_user: SignIn) -> None:
    kept = _keep(uuid7())

    answer = as_user(cast.tehran_fund_clerk).get(f"/documents/{kept.pk}/")

    assert answer.status_code == 404
    assert not Event.objects.filter(action="documents.open").exists()


def test_rows_of_a_kind_nobody_spoke_for_have_no_documents() -> None:
    with pytest.raises(ValueError, match="nobody"):
        actions.keep(
            upload("a.png", png()), owner_kind="nobody", owner_id=uuid7(), person_id=None,
            kind="diagnosis", area_path="ir", province="", actor=None,
        )  # fmt: skip


def test_the_same_file_brought_twice_is_kept_once() -> None:
    owner = uuid7()
    _keep(owner)
    before = set(VAULT.folder().iterdir())

    with pytest.raises(Invalid) as caught:
        _keep(owner)

    assert caught.value.code == "documents.twice"
    assert Document.objects.filter(owner_id=owner).count() == 1
    assert set(VAULT.folder().iterdir()) == before


def test_a_deleted_document_is_gone_but_not_forgotten(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: object
) -> None:
    kept = _keep(uuid7())

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.discard(kept, why="belongs to another patient", actor=cast.fund_clerk.pk)

    kept.refresh_from_db()
    assert kept.why_deleted == "belongs to another patient"
    assert VAULT.version(kept.pk) is None
    assert as_user(cast.fund_clerk).get(f"/documents/{kept.pk}/").status_code == 404


def test_a_document_is_not_deleted_without_a_reason(cast: Cast) -> None:
    kept = _keep(uuid7())

    with pytest.raises(Invalid):
        actions.discard(kept, why="-", actor=cast.fund_clerk.pk)

    assert VAULT.version(kept.pk) == 1


def test_documents_go_on_the_day_set_when_their_matter_ended(
    django_capture_on_commit_callbacks: object,
) -> None:
    gone, stays, today = _keep(uuid7()), _keep(uuid7()), timezone.localdate()
    actions.delete_later("test_case", [gone.owner_id], today)
    held = retention.classes()[CLASSES[0].code]
    assert held.delete
    assert held.due

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        early, done = held.delete(today - dt.timedelta(days=1)), held.delete(today)

    assert (early, done, held.due(today)) == (0, 1, 0)
    assert (VAULT.version(gone.pk), VAULT.version(stays.pk)) == (None, 1)


def test_the_field_says_of_every_file_what_is_wrong() -> None:
    from django.forms import ValidationError

    files = [upload("a.pdf", b"MZ"), upload("b.png", png()), upload("c.pdf", b"text")]

    with pytest.raises(ValidationError) as caught:
        UploadField().clean(files)

    assert [one.code for one in caught.value.error_list] == [
        "documents.executable", "documents.kind",
    ]  # fmt: skip
