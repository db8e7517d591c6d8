"""The demo's patient can be tried by who reads the guide."""

from django.test import Client

from pooshesh.conftest import Country
from pooshesh.disease.seed import seed
from pooshesh.fund.models import Application
from pooshesh.portal import codes, demo
from pooshesh.portal.models import Mandate
from pooshesh.portal.tests.conftest import newest


def test_the_demo_is_loaded_once_and_its_patient_comes_in(country: Country) -> None:
    seed()
    demo.load()
    demo.load()
    browser = Client()

    browser.post("/my/", {"number": demo.PATIENT, "sits": "patient"})
    answer = browser.post("/my/code/", {"code": codes.of(newest().pk)})
    page = browser.get(answer["Location"]).content.decode()

    assert "بهار" in page
    assert (Application.objects.count(), Mandate.objects.count()) == (2, 1)


def test_the_demos_guardian_comes_in_for_the_child(country: Country) -> None:
    seed()
    demo.load()
    browser = Client()

    browser.post("/my/", {"number": demo.PATIENT, "patient": demo.CHILD, "sits": "helper"})
    answer = browser.post("/my/code/", {"code": codes.of(newest().pk)})

    assert "سپهر" in browser.get(answer["Location"]).content.decode()
