"""`./pooshesh rules …` on the shipped pack and on a broken one."""

from pathlib import Path

import pytest
from django.utils.translation import override

from pooshesh import rules
from pooshesh.kernel import verbs
from pooshesh.policy import verbs as _registered  # noqa: F401 - registers the verbs
from pooshesh.policy.tests.test_pages import BROKEN


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
        ("rules decide iran --on 1390/01/01 decile=5", "premium_share.yaml:29 share_by_decile"),
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
