"""Shared by the page tests of places: uploads apart, a facility, a registrar of Lorestan."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from pooshesh.access.models import Grant, User
from pooshesh.conftest import Country
from pooshesh.places import facilities as facility_actions
from pooshesh.places.facilities import Facts
from pooshesh.places.models import Facility, FacilityKind

Commit = DjangoCaptureOnCommitCallbacks
ROW = "n9,هرندی,neighbourhood,t230101,welfare\n"


@pytest.fixture(autouse=True)
def _uploads_apart(settings: Settings, tmp_path: Path) -> None:
    backend = "django.core.files.storage.FileSystemStorage"
    uploads = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": uploads}


@pytest.fixture
def facility(country: Country) -> Facility:
    facts = Facts("f1", FacilityKind.CLINIC, 2, "درمانگاه مولوی", daily_visits=90)
    return facility_actions.create_facility(actor=None, area=country.tehran_city, facts=facts)


@pytest.fixture
def lorestan_registrar(country: Country) -> User:
    user = User.objects.create_user("lorestan_registrar", "a long password")
    Grant.objects.create(
        user=user, role="registrar", area=country.lorestan, valid=DateRange(None, None)
    )
    return user


def text(browser: Client, address: str) -> str:
    """What the page at an address shows, its data part alone."""
    answer = browser.get(address)
    assert answer.status_code == 200
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode("utf-8")


def sheet(rows: str, name: str = "areas.csv") -> SimpleUploadedFile:
    header = "code,name_fa,kind,parent,sponsor\n"
    return SimpleUploadedFile(name, (header + rows).encode())


def check(browser: Client, commit: Commit, file: SimpleUploadedFile, what: str = "areas") -> str:
    """Upload a sheet, let its job run, and read what the page then says."""
    with commit(execute=True):
        browser.post(f"/places/import/{what}/", {"file": file, "on": "1400/10/11"})
    return text(browser, f"/places/import/{what}/")
