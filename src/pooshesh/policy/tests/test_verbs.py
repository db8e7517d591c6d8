"""`./pooshesh rules …` and `decide` on the shipped pack, on packs by path and on broken ones."""

import datetime as dt
import io
import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from django.utils.translation import override

from pooshesh import rules
from pooshesh.kernel import verbs
from pooshesh.policy import verbs as _registered  # noqa: F401 - registers the verbs
from pooshesh.policy.tests.test_pages import BROKEN
from pooshesh.rules.population import draw
from pooshesh.rules.tests import sample

IRAN = rules.list_packs()["iran"]


def run(words: str) -> int:
    with override("en"):
        return verbs.main(words.split())


def test_a_person_is_decided_with_reason_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    status = run("rules decide iran --on 1404/01/01 decile=۵")

    said = capsys.readouterr().out
    assert status == 0
    assert "Decision on cover: free insurance" in said
    assert "Yearly premium: 28,296,000 rial" in said
    assert "noordaily.ir/News/NewsItem?nid=46108" in said


def test_the_list_counts_cases(capsys: pytest.CaptureFixture[str]) -> None:
    run("rules list")

    assert "iran: cases that come out as written 22/22" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("on", "shown"),
    [
        ("1401/10/01", "5 unknown"),
        ("1404/01/01", "5 0%"),
        ("1390/01/01", "yearly premium per person: no value yet on this day"),
    ],
)
def test_values_in_force_are_shown(capsys: pytest.CaptureFixture[str], on: str, shown: str) -> None:
    run(f"rules show iran --on {on}")

    assert shown in capsys.readouterr().out


def test_cases_that_hold_end_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("rules test iran") == 0
    assert capsys.readouterr().out.count("ok  ") == 22


def test_a_case_that_does_not_hold_fails(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in rules.list_packs()["iran"].glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(
            text.replace("premium_percent: 60}", "premium_percent: 61}"), encoding="utf-8"
        )
    monkeypatch.setattr(rules, "list_packs", lambda: {"bent": tmp_path})

    status = run("rules test bent")

    said = capsys.readouterr().out
    assert status == 1
    assert said.count("FAIL") == 1
    assert "Household's share of the premium: 60% (expected: 61%)" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("rules show nowhere", "expected one of: iran, iran.copayment, iran.fund, iran.package."),
        ("rules decide iran --on 1404/01/01 decile=11", "decile: “11” was read"),
        ("rules decide iran --on 1404/01/01 height=2", "The pack asks for no “height”"),
        ("rules decide iran --on 1404/01/01 decile", "expected FACT=VALUE"),
        ("rules decide iran --on 1404 decile=5", "“1404” names no day"),
        ("rules decide iran --on 1390/01/01 decile=5", "premium_share.yaml:31 share_by_decile"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    capsys: pytest.CaptureFixture[str], words: str, told: str
) -> None:
    assert run(words) == 2
    assert told in capsys.readouterr().err


def test_a_broken_pack_names_file_and_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "law.yaml").write_text(BROKEN, encoding="utf-8")
    monkeypatch.setattr(rules, "list_packs", lambda: {"broken": tmp_path})

    listed, tested = run("rules list"), run("rules test broken")

    said = capsys.readouterr()
    assert (listed, tested) == (0, 2)
    assert "broken: broken, see" in said.out
    assert "law.yaml:10 outcome: “nowhere” names no fact" in said.err


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The laws of the shipped pack in a folder outside the product."""
    (tmp_path / "iran").mkdir()
    for file in IRAN.glob("*.yaml"):
        shutil.copy(file, tmp_path / "iran")
    return tmp_path / "iran"


def bend(folder: Path, name: str, old: str, new: str) -> None:
    """Replace one passage of a law."""
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def test_one_rule_is_shown_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    status = run("rules show iran --rule decile_share --on 1404/01/01")

    assert status == 0
    assert capsys.readouterr().out.splitlines() == [
        "Share of the decile (decile_share)",
        "Household's share of the premium by decile [S2, S5]",
        "  1. always: premium share of each decile for “the household's decile”",
        "premium share of each decile: 1 0%; 2 0%; 3 0%; 4 0%; 5 0%; 6 20%; 7 30%; 8 40%; 9 50%;"
        " 10 100% (from 1402/05/01) [S2, S3, S5]",
    ]


def test_a_folder_anywhere_is_tested_and_checked(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(f"rules test {copied}") == run(f"rules check {copied}") == 0
    assert "iran: cases that come out as written" in capsys.readouterr().out


def test_check_tells_a_defect_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "law.yaml").write_text(BROKEN, encoding="utf-8")

    assert run(f"rules check {tmp_path / 'law.yaml'}") == 1
    assert "law.yaml:10 outcome: “nowhere” names no fact" in capsys.readouterr().out


def test_check_tells_cases_that_fail(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bend(copied, "premium_share.yaml", "8: 40, 9: 50", "8: 45, 9: 50")

    status = run(f"rules check {copied}")

    assert status == 1
    assert capsys.readouterr().out.count("FAIL premium_share.yaml:") == 1


def test_check_and_format_find_another_layout(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    law = copied / "premium.yaml"
    before = law.read_bytes()
    bend(
        copied,
        "premium.yaml",
        "  citation: [S2, S3, S5]\n\nsources",
        "  citation: [S2,S3,S5]\nsources",
    )
    law.chmod(0o640)

    checked = run(f"rules check {copied}")
    named = run(f"rules format {copied} --check")
    untouched = law.read_bytes()
    formatted = run(f"rules format {copied}")

    said = capsys.readouterr().out
    assert (checked, named, formatted) == (1, 1, 0)
    assert "premium.yaml:1: not in the layout" in said
    assert untouched != before
    assert law.read_bytes() == before
    assert law.stat().st_mode & 0o777 == 0o640
    assert sorted(copied.iterdir()) == sorted(copied / file.name for file in IRAN.glob("*.yaml"))
    assert run(f"rules format {copied} --check") == 0


def test_format_touches_nothing_when_a_file_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text(sample.TEXT, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("law: [\n", encoding="utf-8")

    assert run(f"rules format {tmp_path}") == 2
    assert "b.yaml:2: this is not YAML" in capsys.readouterr().err
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == sample.TEXT


def test_two_packs_are_compared_in_words(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bend(copied, "premium_share.yaml", "8: 40, 9: 50", "8: 45, 9: 50")
    bend(
        copied,
        "cover.yaml",
        "when: known(other_insurer_code)",
        "when: known(other_insurer_code) and relation != child",
    )

    status = run(f"rules diff iran {copied}")

    said = capsys.readouterr().out
    assert status == 1
    assert "from 1402/05/01: 8: 40% [S2, S3, S5] → 45% [S2, S3, S5]" in said
    assert "row 1\n      was: if “other basic insurer” is known: insured by another" in said
    assert "is known and “relation to the head” is not child: insured by another" in said


def test_two_days_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    status = run("rules diff iran --on 1402/04/31 --on 1402/05/01")

    said = capsys.readouterr().out
    assert status == 1
    assert said.startswith("1402/04/31 → 1402/05/01\n")
    assert "    8: 60% [S5, S6, S10] → 40% [S2, S3, S5]\n" in said


def test_packs_that_say_the_same_do_not_differ(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(f"rules diff iran {copied}") == 0
    assert capsys.readouterr().out == "No difference.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("rules show iran --rule nothing", "The pack has no rule “nothing”"),
        ("rules check ./nowhere.yaml", "There is no file “nowhere.yaml”"),
        ("rules diff iran", "Expected two packs, or one pack with two days"),
        ("rules diff iran iran --on 1402/01/01 --on 1403/01/01", "Expected two packs"),
    ],
)
def test_wrong_words_are_refused(capsys: pytest.CaptureFixture[str], words: str, told: str) -> None:
    assert run(words) == 2
    assert told in capsys.readouterr().err


TABLES = "--people {0}/people.parquet --households {0}/households.parquet --places {0}/places.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A population of 50 in Parquet and CSV."""
    pack = rules.load_pack(IRAN)
    people, households, places = draw(pack, 50, on=dt.date(2025, 3, 21))
    people.write_parquet(tmp_path / "people.parquet")
    households.write_parquet(tmp_path / "households.parquet")
    places.cast({"place_id": pl.Int64}).write_csv(tmp_path / "places.csv")
    places.write_parquet(tmp_path / "places.parquet")
    return tmp_path


def decide(folder: Path, more: str, tables: str = TABLES.replace(".csv", ".parquet")) -> int:
    return run(f"decide {tables} --pack iran {more}".format(folder))


def test_a_population_is_decided_from_files_to_a_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = decide(folder, "--on 1404/01/01 --out {0}/out.csv --reasons")

    decided = pl.read_csv(folder / "out.csv")
    said = capsys.readouterr().out
    assert status == 0
    assert said.startswith("50 persons decided in ")
    assert decided["pack_id"].unique().to_list() == [said.split()[-1]]
    assert decided.height == 50
    assert decided.columns[0] == "person_id"
    assert decided.columns[-1] == "reason_codes"


@pytest.mark.django_db
def test_engines_write_the_same(folder: Path) -> None:
    assert decide(folder, "--on 1404/01/01 --out {0}/a.parquet") == 0
    assert decide(folder, "--on 1404/01/01 --out {0}/b.parquet --engine postgres") == 0

    one, other = (pl.read_parquet(folder / f"{name}.parquet") for name in "ab")
    assert one.sort("person_id").equals(other.sort("person_id"))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("--on 1390/01/01 --out {0}/out.csv", "share_by_decile: there is no value for"),
        ("--on soon --out {0}/out.csv", "“soon” is not a date"),
        ("--on 1404/01/01 --out {0}/out.xlsx", "must end in .parquet or .csv"),
        ("--on 1404/01/01 --out {0}/people.parquet", "is one of the tables to read"),
        ("--on 1404/01/01 --out {0}/./nowhere/../people.parquet", "There is no folder"),
        ("--on 1404/01/01 --out {0}/nowhere/out.csv", "There is no folder"),
        ("--on 1404/01/01 --out {0}/out.csv --places {0}/none.csv", "There is no file"),
        ("--on 1404/01/01 --out {0}/out.csv --places {0}/people.parquet", "no column “place_id”"),
        ("--on 1404/01/01 --out {0}/out.csv --places {0}/bad.parquet", "cannot be read"),
        (
            "--on 1404/01/01 --out {0}/out.csv --places {0}/empty.parquet",
            "have a household",
        ),
        ("--on 1404/01/01 --out {0}/out.csv --places {0}/places.csv", "read type"),
        ("--on 1404/01/01 --out {0}/out.csv --pack nowhere", "There is no rule pack"),
        ("--on 1404/01/01 --out {0}/out.csv --master local", "--master is for --engine spark"),
    ],
)
def test_a_refused_run_is_one_sentence_and_leaves_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], more: str, told: str
) -> None:
    (folder / "bad.parquet").write_bytes(b"PAR1")
    pl.read_parquet(folder / "places.parquet").head(0).write_parquet(folder / "empty.parquet")
    before = {file: file.read_bytes() for file in folder.iterdir()}

    status = decide(folder, more)

    assert status == 2
    assert told in capsys.readouterr().err
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_example_of_the_guide_is_decided_as_written(tmp_path: Path, language: str) -> None:
    guide = Path(__file__).parents[4] / "docs" / language / "rules.md"
    blocks = re.findall(r"```csv\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    people, households, places, answer = blocks
    (tmp_path / "people.csv").write_text(people, encoding="utf-8")
    (tmp_path / "households.csv").write_text(households, encoding="utf-8")
    (tmp_path / "places.csv").write_text(places, encoding="utf-8")

    tables = TABLES.replace(".parquet", ".csv")
    status = decide(tmp_path, "--on 1404/01/01 --out {0}/out.csv --reasons", tables)

    shown = pl.read_csv(io.StringIO(answer)).drop("pack_id")
    decided = pl.read_csv(tmp_path / "out.csv").sort("person_id")
    assert status == 0
    assert decided.drop("pack_id").equals(shown)
