"""The ministry's registry: tags attached by themselves, again and again the same."""

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pooshesh.conftest import Cast, Country
from pooshesh.disease import queries, registry, tags
from pooshesh.disease.models import (
    Claim,
    ClaimState,
    Disease,
    ImportState,
    RegistryImport,
    RegistryRow,
    RowReason,
    RowState,
    Tag,
)
from pooshesh.disease.registry_sheet import Item
from pooshesh.disease.signals import claim_moved
from pooshesh.disease.tests.conftest import WHY, tagged
from pooshesh.kernel.calendar import from_jalali
from pooshesh.kernel.errors import Invalid
from pooshesh.people.models import Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import ALI_ID, DAY, OTHER_ID, ZAHRA_ID, zahra
from pooshesh.places.models import Area

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
START, END = from_jalali(1404, 1, 1), from_jalali(1410, 1, 1)
HEAD = ("شماره ثبت", "بیماری", "تاریخ نشان", "اعتبار تا", "کد ملی", "نام", "تاریخ تولد")
ZAHRA = ("R-1", "SMA", "1404/01/01", "1410/01/01", ZAHRA_ID, "زهرا", "")
ALI = ("R-2", "هموفیلی A", "1404/01/01", "", ALI_ID, "", "")


@pytest.fixture(autouse=True)
def _own_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pooshesh.kernel.config import config

    home = config()
    monkeypatch.setattr(
        "pooshesh.disease.retention.config",
        lambda: type(home)(**{**vars(home), "home": tmp_path}),
    )


def brought(area: Area, cast: Cast, *rows: tuple[str, ...]) -> RegistryImport:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    made = registry.bring(
        "registry.csv", io.BytesIO(text.getvalue().encode()), area, actor=cast.fund_clerk.pk
    )
    # The suite's tests never commit, so what is queued for after the commit is run here.
    registry.read_sheet(lambda *_: None, str(made.pk))
    return RegistryImport.objects.get(pk=made.pk)


def test_tags_are_attached_by_themselves_to_who_holds_the_number(
    family: tuple[Person, Person], country: Country, cast: Cast
) -> None:
    done = brought(country.lorestan, cast, ZAHRA, ALI)

    first, second = queries.tags_of([family[0].pk]), queries.tags_of([family[1].pk])

    assert (done.state, done.found["tags_attached"]) == (ImportState.DONE, 2)
    assert [(t.disease_id, t.starts, t.ends, t.source) for t in first] == [
        ("SMA", START, END, "registry")
    ]
    assert [(t.disease_id, t.ends) for t in second] == [("HEMA", None)]


def test_the_same_sheet_again_changes_nothing(
    patient: Person, country: Country, cast: Cast
) -> None:
    brought(country.lorestan, cast, ZAHRA)

    again = brought(country.lorestan, cast, ZAHRA)

    assert (again.found["tags_attached"], again.found["rows_unchanged"]) == (0, 1)
    assert Tag.objects.count() == 1


def test_a_later_end_renews_the_tag_and_history_stays(
    patient: Person, country: Country, cast: Cast
) -> None:
    brought(country.lorestan, cast, ZAHRA)
    known = timezone.now()

    brought(country.lorestan, cast, (*ZAHRA[:3], "1412/01/01", *ZAHRA[4:]))

    assert queries.tag_on(patient.pk, "SMA", END) is not None
    assert queries.tag_on(patient.pk, "SMA", END, as_of=known) is None


def test_the_tag_a_university_issued_gets_its_number_and_is_not_doubled(
    patient: Person, country: Country, cast: Cast
) -> None:
    tag = tagged(patient, START, END)

    brought(country.lorestan, cast, ZAHRA)

    assert Tag.objects.get().registry_number == "R-1"
    assert Tag.objects.get() == tag


def test_a_diagnosis_that_waits_is_decided_by_the_registrys_tag(
    claim: Claim, country: Country, cast: Cast
) -> None:
    told: list[str] = []

    def listen(outcome: str, **_: object) -> None:
        told.append(outcome)

    claim_moved.connect(listen)
    brought(country.lorestan, cast, ZAHRA)
    claim_moved.disconnect(listen)

    settled = Claim.objects.get()
    assert (settled.state, settled.tag, told) == (
        ClaimState.TAGGED, Tag.objects.get(), ["tagged"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("R-3", "SMA", "1404/01/01", "", OTHER_ID, "", ""), RowReason.NOBODY),
        (("R-3", "SMA", "1404/01/01", "", "1234567890", "", ""), RowReason.NO_NUMBER),
        (("R-3", "SMA", "1404/01/01", "", ZAHRA_ID, "بهرام", "1340/01/01"),
         RowReason.OTHER_PERSON),
    ],
)  # fmt: skip
def test_who_is_not_known_for_sure_waits_for_a_clerk(
    patient: Person, country: Country, cast: Cast, row: tuple[str, ...], reason: RowReason
) -> None:
    brought(country.lorestan, cast, row)

    waiting = RegistryRow.objects.get()

    assert (waiting.reason, waiting.state) == (reason, RowState.OPEN)
    assert not Tag.objects.exists()
    assert b"SMA" not in bytes(waiting.sealed or b"")


def test_who_lives_in_another_province_is_nobody_here(
    patient: Person, country: Country, cast: Cast
) -> None:
    brought(country.tehran, cast, ZAHRA)

    assert RegistryRow.objects.get().reason == RowReason.NOBODY


def test_a_revoked_tag_does_not_come_back_by_itself(
    patient: Person, country: Country, cast: Cast
) -> None:
    brought(country.lorestan, cast, ZAHRA)
    tags.revoke(Tag.objects.get(), TODAY, why=WHY, actor=None)

    brought(country.lorestan, cast, ZAHRA)

    assert RegistryRow.objects.get().reason == RowReason.REVOKED
    assert queries.tag_on(patient.pk, "SMA", TODAY) is None


def test_every_fault_is_told_and_the_good_rows_are_attached(
    patient: Person, country: Country, cast: Cast
) -> None:
    done = brought(
        country.lorestan, cast, ZAHRA, ("R-4", "چیزی", "1499/01/01", "", "", "", ""),
        ("R-5", "SMA", "1404/01/01", "1403/01/01", "", "", ""), ("R-1", *ALI[1:]),
    )  # fmt: skip

    told = [(one["row"], one["field"]) for one in done.found["problems"]]

    assert told == [(3, "disease"), (3, "starts"), (4, "ends"), (5, "registry_number")]
    assert done.found["tags_attached"] == 1


def test_a_clerk_attaches_a_row_or_sets_it_aside_for_good(
    family: tuple[Person, Person], country: Country, cast: Cast
) -> None:
    rows = [(f"R-{n}", "SMA", "1404/01/01", "", OTHER_ID, "", "") for n in (6, 7)]
    brought(country.lorestan, cast, *rows)
    first, second = RegistryRow.objects.order_by("row")

    registry.attach_row(first, family[0], actor=cast.fund_clerk.pk)
    registry.set_aside(second, why=WHY, actor=cast.fund_clerk.pk)
    again = brought(country.lorestan, cast, *rows)

    assert Tag.objects.get().registry_number == "R-6"
    assert (again.found["rows_unchanged"], again.found["rows_aside"]) == (1, 1)
    assert not RegistryRow.objects.filter(sealed__isnull=False).exists()
    with pytest.raises(Invalid, match="settled"):
        registry.attach_row(first, family[0], actor=cast.fund_clerk.pk)


def test_who_is_registered_later_is_matched_later(
    listed: Disease, country: Country, cast: Cast
) -> None:
    brought(country.lorestan, cast, ZAHRA)
    register_census([zahra()], area=country.falak_ol_din, on=DAY, actor=cast.lorestan_clerk.pk)

    found = registry.match_again(lambda *_: None)

    assert found["tags_attached"] == 1
    assert RegistryRow.objects.get().state == RowState.ATTACHED


def test_a_batch_takes_as_many_statements_as_a_row(
    family: tuple[Person, Person], country: Country, cast: Cast
) -> None:
    one = brought(country.lorestan, cast, ("R-9", "SMA", "1404/01/01", "", OTHER_ID, "", ""))
    rows = [ZAHRA, ALI, ("R-8", "HD", "1404/01/01", "", ZAHRA_ID, "", "")]
    items = [Item(n, r[0], d, START, None, r[4]) for n, (r, d) in enumerate(
        zip(rows, ("SMA", "HEMA", "HD"), strict=True))]  # fmt: skip

    with CaptureQueriesContext(connection) as small:
        registry.attach(items[:1], one, actor=None)
    with CaptureQueriesContext(connection) as large:
        registry.attach(items[1:], one, actor=None)

    assert len(large) <= len(small) <= 22


def test_a_sheet_older_than_its_day_is_deleted(
    patient: Person, country: Country, cast: Cast
) -> None:
    from pooshesh.disease import retention

    brought(country.lorestan, cast, ("R-3", "SMA", "1404/01/01", "", OTHER_ID, "", ""))
    later = TODAY + dt.timedelta(days=366)

    gone = retention.delete_rows(later)

    assert gone == 1
    assert RegistryRow.objects.get().sealed is None
