"""What coverage holds goes when its time is over, and a person is told what is held."""

import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from pooshesh.conftest import Cast, SignIn
from pooshesh.coverage import households, payments, retention
from pooshesh.coverage.documents import VAULT, Upload
from pooshesh.coverage.models import Application, Document
from pooshesh.coverage.tests.conftest import NEW_YEAR, NEXT_YEAR, Family
from pooshesh.coverage.tests.test_households import members
from pooshesh.kernel.retention import classes

TODAY = timezone.localdate()
LAST = TODAY + dt.timedelta(days=retention.DOCUMENT_DAYS)


@pytest.fixture
def paper(family: Family) -> Document:
    """A document that came with an enrolment today."""
    content = b"%PDF-1.7 paper"
    households.enrol_household(
        family.household, members(family), {family.zahra.pk}, on=NEW_YEAR,
        uploads=[Upload("identity", "زهرا.pdf", len(content), io.BytesIO(content))], actor=None,
    )  # fmt: skip
    return Document.objects.get()


def test_a_document_is_deleted_when_its_time_is_over(
    paper: Document, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    kind = classes()[retention.DOCUMENTS]
    assert kind.delete is not None
    assert kind.due is not None
    early = (kind.due(LAST - dt.timedelta(days=1)), kind.due(LAST))

    with django_capture_on_commit_callbacks(execute=True):
        deleted = kind.delete(LAST)

    kept = Document.objects.get()
    assert (early, deleted, kind.due(LAST)) == ((0, 1), 1, 0)
    assert (kept.name, kept.deleted_at is None) == ("", False)
    assert not VAULT.path(paper.pk).exists()


def test_a_deleted_document_is_said_to_be_gone(
    paper: Document, family: Family, cast: Cast, as_user: SignIn
) -> None:
    clerk: Client = as_user(cast.tehran_clerk)
    retention.delete_documents(LAST)

    shown = clerk.get(reverse("coverage:household", args=[family.household.pk])).content.decode()
    opened = clerk.get(reverse("coverage:document", args=[paper.pk]))

    assert "حذف شد" in shown
    assert opened.status_code == 404


def test_a_file_without_a_row_is_deleted_after_a_day(
    paper: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    VAULT.keep(Application.objects.get().pk, io.BytesIO(b"left over"))
    fresh = retention.delete_strays(TODAY)
    monkeypatch.setattr(retention, "STRAY", -dt.timedelta(seconds=5))

    gone = retention.delete_strays(TODAY)

    assert (fresh, gone) == (0, 1)
    assert VAULT.path(paper.pk).exists()


def test_a_person_is_told_what_cover_holds(paper: Document, family: Family) -> None:
    payments.issue_invoice(family.household, NEW_YEAR, NEXT_YEAR, actor=None)

    told = {str(one.what): one for one in retention.HELD.lines([family.zahra.pk])}

    assert told["مدارکی که با ثبت‌نام آورده شده است"].until == LAST
    assert told["صورت‌حساب‌های خانوار"].count == 1
    assert not retention.HELD.lines([paper.pk])
