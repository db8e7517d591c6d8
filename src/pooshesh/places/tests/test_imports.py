"""Sheets of areas and facilities: all problems told, nothing half-written, twice is once."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils.translation import override

from pooshesh.conftest import Cast, Country
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.kernel.sheets import read_table
from pooshesh.places import queries
from pooshesh.places.import_areas import import_areas
from pooshesh.places.import_facilities import import_facilities
from pooshesh.places.imports import Outcome
from pooshesh.places.models import Area, AreaSet, Facility, FacilityKind, SetKind
from pooshesh.places.queries import EVERYWHERE, Scope

BEFORE, DAY = dt.date(2021, 1, 1), dt.date(2022, 1, 1)
HEADER = "code,name_fa,kind,parent,province,sponsor,catchment,population\n"
NEW = "n9,هرندی,neighbourhood,t230101,23,welfare,iums,9800\n"


@pytest.fixture
def areas_of(tmp_path: Path) -> "AreasOf":
    return AreasOf(tmp_path / "areas.csv")


class AreasOf:
    """`areas_of(rows)` imports a sheet of these rows."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __call__(
        self, rows: str, *, header: str = HEADER, reach: Scope = EVERYWHERE, **how: bool
    ) -> Outcome:
        self.file.write_text(header + rows, encoding="utf-8")
        return import_areas(read_table(self.file), actor=None, reach=reach, on=DAY, **how)


def counted(outcome: Outcome) -> tuple[int, int, int, int, bool]:
    return (
        outcome.new, outcome.changed, outcome.unchanged, outcome.problem_count, outcome.written,
    )  # fmt: skip


def test_a_sheet_makes_areas_with_their_facts(country: Country, areas_of: AreasOf) -> None:
    outcome = areas_of("c9,ری,county,p23,,,,\nt9,ری,city,c9,,,,\nn8,نفرآباد,محله,t9,,,,\n" + NEW)

    assert counted(outcome) == (4, 0, 0, 0, True)
    made = Area.objects.get(code="n9")
    population = queries.figure(made, "population", DAY)
    assert queries.accountable_sponsor(made, DAY) == country.welfare
    assert queries.accountable_sponsor(made, BEFORE) is None
    assert list(queries.catchments(made, DAY)) == [country.iums]
    assert population is not None
    assert population.value == 9800
    assert population.source == "areas.csv"
    assert Area.objects.get(code="n8").path == "ir.p23.c9.t9.n8"


def test_rows_may_stand_in_any_order(country: Country, areas_of: AreasOf) -> None:
    outcome = areas_of("n8,نفرآباد,neighbourhood,t9,,,,\nt9,ری,city,c9,,,,\nc9,ری,county,p23,,,,\n")

    assert counted(outcome) == (3, 0, 0, 0, True)


def test_the_same_sheet_twice_changes_nothing(country: Country, areas_of: AreasOf) -> None:
    areas_of(NEW)

    again = areas_of(NEW)

    assert counted(again) == (0, 0, 1, 0, True)
    assert Area.objects.filter(code="n9").count() == 1
    assert queries.membership(Area.objects.get(code="n9"), SetKind.SPONSOR).count() == 1


def test_a_dry_run_reports_and_writes_nothing(country: Country, areas_of: AreasOf) -> None:
    outcome = areas_of(NEW + "n0001,هرندی,neighbourhood,t230101,,,,\n", dry_run=True)

    assert counted(outcome) == (1, 1, 0, 0, False)
    assert not Area.objects.filter(code="n9").exists()
    assert Area.objects.get(code="n0001").name_fa == "دروازه‌غار"
    assert not Event.objects.filter(action="places.import_areas").exists()


def test_an_import_is_one_audit_event(country: Country, areas_of: AreasOf) -> None:
    areas_of(NEW + "n8,شوش,neighbourhood,t230101,,,,\n")

    assert Event.objects.count() == 1


def test_changes_hold_from_the_day_and_keep_what_was(country: Country, areas_of: AreasOf) -> None:
    outcome = areas_of("n0002,هرندی,neighbourhood,t230101,,welfare,,100\n")

    area = Area.objects.get(code="n0002")
    assert counted(outcome) == (0, 1, 0, 0, True)
    assert queries.name_on(area, BEFORE) == "محله بی‌حامی"
    assert queries.accountable_sponsor(area, BEFORE) is None
    assert queries.accountable_sponsor(area, DAY) == country.welfare


def test_a_new_area_without_a_catchment_takes_its_parents(
    country: Country, areas_of: AreasOf
) -> None:
    areas_of("c9,ری,county,p23,,,iums,\nt9,ری,city,c9,,,,\nn9,نفرآباد,neighbourhood,t9,,,,\n")

    assert list(queries.catchments(Area.objects.get(code="n9"), DAY)) == [country.iums]


@pytest.mark.parametrize(
    ("row", "column", "error"),
    [
        ("n 9,هرندی,neighbourhood,t230101,,,,", "code", "cell.code"),
        (",هرندی,neighbourhood,t230101,,,,", "code", "sheet.blank"),
        ("n9,,neighbourhood,t230101,,,,", "name_fa", "sheet.blank"),
        ("n9,هرندی,village,t230101,,,,", "kind", "cell.choice"),
        ("p99,استان نو,province,ir,,,,", "kind", "import.top"),
        ("n0001,دروازه‌غار,city,t230101,,,,", "kind", "import.kind_changed"),
        ("n9,هرندی,neighbourhood,,,,,", "parent", "import.no_parent"),
        ("n9,هرندی,neighbourhood,t999999,,,,", "parent", "import.area"),
        ("n9,هرندی,neighbourhood,c2301,,,,", "parent", "import.parent"),
        ("n0001,دروازه‌غار,neighbourhood,t150101,,,,", "parent", "import.moved"),
        ("n9,هرندی,neighbourhood,t230101,15,,,", "province", "import.province"),
        ("n0001,دروازه‌غار,neighbourhood,t230101,15,,,", "province", "import.province"),
        ("n9,هرندی,neighbourhood,t230101,تهران,,,", "province", "cell.province"),
        ("n9,هرندی,neighbourhood,t230101,,شهرداری,,", "sponsor", "import.set"),
        ("n9,هرندی,neighbourhood,t230101,,iums,,", "sponsor", "import.set"),
        ("t9,ری,city,c2301,,welfare,,", "sponsor", "import.sponsor_of"),
        ("n0001,دروازه‌غار,neighbourhood,t230101,,setad,,", "sponsor", "sponsor.overlap"),
        ("n9,هرندی,neighbourhood,t230101,,,tums,", "catchment", "import.set"),
        ("n9,هرندی,neighbourhood,t230101,,,,حدود ۹۰۰۰", "population", "cell.whole"),
        ("n9,هرندی,neighbourhood,t230101,,,,-5", "population", "cell.whole"),
    ],
)
def test_a_row_is_refused_by_its_field(
    country: Country, areas_of: AreasOf, row: str, column: str, error: str
) -> None:
    AreaSet.objects.create(kind=SetKind.SPONSOR, code="setad", name_fa="ستاد اجرایی")

    outcome = areas_of(f"n8,شوش,neighbourhood,t230101,,,,\n{row}\n")

    (problem,) = outcome.problems
    assert (problem.row, problem.field, problem.code) == (3, column, error)
    assert not outcome.written
    assert not Area.objects.filter(code="n8").exists()


def test_all_problems_are_reported_by_row(country: Country, areas_of: AreasOf) -> None:
    outcome = areas_of(
        "n7,شوش,neighbourhood,t230101,15,nobody,,x\n"
        "n8,شوش,neighbourhood,t999999,,nobody,,\n"
        "n8,شوش,neighbourhood,t230101,,,,\n"
    )

    assert [(p.row, p.field) for p in outcome.problems] == [
        (2, "population"), (2, "province"), (2, "sponsor"),
        (3, "parent"), (3, "sponsor"), (4, "code"),
    ]  # fmt: skip
    assert outcome.problem_count == 6
    assert outcome.new == 0


def test_good_rows_proceed_only_when_asked(country: Country, areas_of: AreasOf) -> None:
    outcome = areas_of(NEW + "n8,شوش,neighbourhood,t999999,,,,\n", only_good=True)

    assert counted(outcome) == (1, 0, 0, 1, True)
    assert Area.objects.filter(code__in=["n8", "n9"]).get().code == "n9"


def test_what_lies_in_a_refused_area_is_refused_too(country: Country, areas_of: AreasOf) -> None:
    outcome = areas_of("t9,ری,city,c9,,,,\nn9,نفرآباد,neighbourhood,t9,,,,\n", only_good=True)

    assert [(p.row, p.code) for p in outcome.problems] == [(2, "import.area"), (3, "import.above")]


def test_an_ended_area_cannot_be_changed(country: Country, areas_of: AreasOf) -> None:
    Area.objects.filter(code="n0002").update(valid=(None, BEFORE))

    outcome = areas_of("n0002,هرندی,neighbourhood,t230101,,,,\n")

    assert [p.code for p in outcome.problems] == ["area.not_on"]


def test_a_province_may_change_only_its_own_areas(
    country: Country, cast: Cast, areas_of: AreasOf
) -> None:
    lorestan = cast.lorestan_clerk.reach("places.read")

    outcome = areas_of(
        "n0001,هرندی,neighbourhood,t230101,,,,\nn9,شوش,neighbourhood,t230101,,,,\n"
        "n8,ماسور,neighbourhood,t150101,,,,\n",
        reach=lorestan,
    )

    assert [(p.row, p.code) for p in outcome.problems] == [(2, "import.beyond"), (3, "import.area")]


def test_persian_headers_and_digits_are_read(country: Country, areas_of: AreasOf) -> None:
    outcome = areas_of("محله,n9,هرندي,t230101,۹٬۸۰۰\n", header="نوع,کد,نام,واقع در,جمعیت\n")

    assert counted(outcome) == (1, 0, 0, 0, True)


@pytest.mark.parametrize("header", ["code,name_fa,kind\n", "code,code2,name_fa,parent\n"])
def test_missing_columns_are_named(country: Country, areas_of: AreasOf, header: str) -> None:
    with pytest.raises(Invalid) as refused:
        areas_of("1,2,3,4\n" if "2" in header else "1,2,3\n", header=header)

    assert refused.value.code == "sheet.columns_wrong"


# --- facilities ------------------------------------------------------------------------

FACILITY = "code,name_fa,kind,level,area,beds,daily_visits,services,opened_on,closed_on\n"
HOSPITAL = "f1,بیمارستان نمونه,بیمارستان,3,t230101,120,,اورژانس، بستری,1390/01/01,\n"


@pytest.fixture
def facilities_of(tmp_path: Path) -> "FacilitiesOf":
    return FacilitiesOf(tmp_path / "facilities.csv")


class FacilitiesOf:
    """`facilities_of(rows)` imports a sheet of these rows."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __call__(self, rows: str, *, reach: Scope = EVERYWHERE, **how: bool) -> Outcome:
        self.file.write_text(FACILITY + rows, encoding="utf-8")
        return import_facilities(read_table(self.file), actor=None, reach=reach, **how)


def test_a_sheet_makes_facilities(country: Country, facilities_of: FacilitiesOf) -> None:
    outcome = facilities_of(HOSPITAL + "f2,پایگاه,health_post,,n0001,,40,,,\n")

    hospital, post = Facility.objects.order_by("code")
    assert counted(outcome) == (2, 0, 0, 0, True)
    assert (hospital.kind, hospital.level, hospital.beds) == (FacilityKind.HOSPITAL, 3, 120)
    assert hospital.services == ["اورژانس", "بستری"]
    assert hospital.opened_on == dt.date(2011, 3, 21)
    assert (post.level, post.area_path, post.province) == (1, country.darvazeh_ghar.path, "23")


def test_the_same_facilities_twice_change_nothing(
    country: Country, facilities_of: FacilitiesOf
) -> None:
    facilities_of(HOSPITAL)

    again = facilities_of(HOSPITAL)

    assert counted(again) == (0, 0, 1, 0, True)


def test_a_blank_cell_keeps_what_is_known(country: Country, facilities_of: FacilitiesOf) -> None:
    facilities_of(HOSPITAL)

    outcome = facilities_of("f1,بیمارستان نو,hospital,,t230101,,,,,\n")

    facility = Facility.objects.get()
    assert counted(outcome) == (0, 1, 0, 0, True)
    assert (facility.name_fa, facility.beds, facility.level) == ("بیمارستان نو", 120, 3)


@pytest.mark.parametrize(
    ("row", "column", "error"),
    [
        ("f2,پایگاه,مطب,1,n0001,,,,,", "kind", "cell.choice"),
        ("f2,پایگاه,health_post,4,n0001,,,,,", "level", "facility.level"),
        ("f2,پایگاه,health_post,1,n9999,,,,,", "area", "import.area"),
        ("f2,پایگاه,health_post,1,p23,,,,,", "area", "facility.area"),
        ("f2,پایگاه,health_post,1,n0001,,,,1402/12/31,", "opened_on", "date.day"),
        ("f2,پایگاه,health_post,1,n0001,,,,1402,", "opened_on", "cell.day"),
        ("f2,پایگاه,health_post,1,n0001,,,,1402/01/01,1401/01/01", "closed_on", "places.dates"),
    ],
)
def test_a_facility_is_refused_by_its_field(
    country: Country, facilities_of: FacilitiesOf, row: str, column: str, error: str
) -> None:
    outcome = facilities_of(HOSPITAL + row + "\n")

    (problem,) = outcome.problems
    assert (problem.row, problem.field, problem.code) == (3, column, error)
    assert not Facility.objects.exists()


def test_a_province_may_change_only_its_own_facilities(
    country: Country, cast: Cast, facilities_of: FacilitiesOf
) -> None:
    facilities_of(HOSPITAL)

    outcome = facilities_of(HOSPITAL, reach=cast.lorestan_clerk.reach("places.read"))

    assert {p.code for p in outcome.problems} == {"import.beyond", "import.area"}


def test_in_a_persian_sentence_the_sign_stays_left_of_its_number() -> None:
    with override("fa"):
        sentence = Invalid("cell.whole", read="-5").message()

    assert "«\u200e-5»" in sentence  # after a left-to-right mark
