"""A small neighbourhood on paper: one household for each thing that can become of a person."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from pooshesh.kernel.identifiers import national_check_digit

CENSUS = ("census_row", "household", "relation", "first_name", "last_name", "father_name",
          "birth_date", "national_id", "foreign_id", "sex", "postal_code", "mobile")  # fmt: skip
ROLL = ("roll_row", *CENSUS[3:])

Row = Mapping[str, str]


def national_id(number: int) -> str:
    """A national ID with a right check digit."""
    nine = f"{270_000_000 + number:09}"
    return f"{nine}{national_check_digit(nine)}"


def foreign_code(number: int) -> str:
    return f"7000{number:08}"


def person(**cells: str) -> dict[str, str]:
    """One row: column → cell."""
    return cells


#: Household 1: the head is on Social Security's roll, so spouse and child may be dependants.
#: Household 2: citizens on no roll. Household 3: the head is on our roll, the mother nowhere.
#: Household 4: foreign nationals. Household 5: no usable identity. 6: one row written twice.
PEOPLE: tuple[Row, ...] = (
    person(household="1", relation="head", first_name="بهرام", last_name="کاظمی", father_name="رضا",
         birth_date="1350/02/03", national_id=national_id(11), sex="M"),
    person(household="1", relation="spouse", first_name="مهین", last_name="صادقی",
         father_name="قاسم", birth_date="1354/07/09", national_id=national_id(12), sex="F"),
    person(household="1", relation="child", first_name="سهراب", last_name="کاظمی",
         father_name="بهرام", birth_date="1385/11/20", national_id=national_id(13), sex="M"),
    person(household="2", relation="head", first_name="نرگس", last_name="موسوی", father_name="علی",
         birth_date="1361/04/14", national_id=national_id(21), sex="F"),
    person(household="2", relation="child", first_name="پریسا", last_name="رحیمی",
         father_name="جواد", birth_date="1390/01/30", national_id=national_id(22), sex="F"),
    person(household="3", relation="head", first_name="یعقوب", last_name="بهشتی",
         father_name="حسن", birth_date="1340/09/01", national_id=national_id(31), sex="M"),
    person(household="3", relation="parent", first_name="زلیخا", last_name="نوری",
         father_name="خداداد", birth_date="1318/06/06", national_id=national_id(32), sex="F"),
    person(household="4", relation="head", first_name="غلام", last_name="هزاره", father_name="نبی",
         birth_date="1358/03/17", foreign_id=foreign_code(41), sex="M"),
    person(household="4", relation="spouse", first_name="شکریه", last_name="احمدزی",
         father_name="نور", birth_date="1363/08/22", sex="F"),
    person(household="5", relation="head", first_name="تیمور", last_name="ملکی",
         father_name="اکبر", birth_date="1349/12/02", national_id="1111111111", sex="M"),
    person(household="6", relation="head", first_name="فرخنده", last_name="جلالی",
         father_name="محمود", birth_date="1367/05/25", national_id=national_id(61), sex="F"),
    person(household="6", relation="head", first_name="فرخنده", last_name="جلالي",
         father_name="محمود", birth_date="1367/05/25", national_id=national_id(61), sex="F"),
)  # fmt: skip

SSO: tuple[Row, ...] = (
    {**PEOPLE[0], "household": "", "relation": ""},
    person(first_name="داریوش", last_name="فرهادی", father_name="منصور", birth_date="1345/01/01",
         national_id=national_id(901), sex="M"),
)  # fmt: skip
IHIO: tuple[Row, ...] = (
    person(first_name="لیلا", last_name="شریفی", father_name="ایرج", birth_date="1370/10/10",
         national_id=national_id(902), sex="F"),
    {**PEOPLE[5], "household": "", "relation": ""},
)  # fmt: skip


def write_sheet(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> Path:
    """A CSV whose rows are numbered from 1."""
    number, *rest = columns
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([number, *rest])
        for place, row in enumerate(rows, 1):
            writer.writerow([place, *(row.get(name, "") for name in rest)])
    return path


def write_all(
    folder: Path,
    people: Iterable[Row] = PEOPLE,
    ihio: Iterable[Row] = IHIO,
    sso: Iterable[Row] = SSO,
) -> Path:
    """census.csv, roll_ihio.csv and roll_sso.csv in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_sheet(folder / "census.csv", CENSUS, people)
    write_sheet(folder / "roll_ihio.csv", ROLL, ihio)
    write_sheet(folder / "roll_sso.csv", ROLL, sso)
    return folder
