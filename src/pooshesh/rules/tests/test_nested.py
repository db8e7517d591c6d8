"""Packs inside packs: the laws of the parent and their own."""

from pathlib import Path

import pytest

from pooshesh.rules import PackError, bind, load, load_pack, run_cases, trace
from pooshesh.rules.errors import Defect
from pooshesh.rules.load import list_packs, load_files, read_files

from .sample import DAY, FACTS, TEXT, line_of

CHILD = """\
law:
  id: sample.bill
  title: {fa: صورت‌حساب, en: Bill}
  citation: S1
facts:
  person:
    bill:
      title: {fa: مبلغ, en: amount}
      type: int
      range: 0..1000000
      unit: rial
      example: 1000
rules:
  bill_share:
    title: {fa: پرداخت, en: pays}
    citation: S1
    output: true
    value: percent_of(bill, percent) if group == paying and known(percent) else None
cases:
  - title: {fa: پرداخت, en: pays}
    on: 1403/03/12
    facts: {decile: 2, earners: 1, bill: 1000}
    expect: {group: paying, bill_share: 120}
    reasons: [pays]
"""


@pytest.fixture
def nest(tmp_path: Path) -> Path:
    """The folder of `sample`, with `sample.bill` inside."""
    folder = tmp_path / "sample"
    (folder / "bill").mkdir(parents=True)
    (folder / "law.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "bill" / "law.yaml").write_text(CHILD, encoding="utf-8")
    return folder


def refused(folder: Path) -> tuple[Defect, ...]:
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    return caught.value.defects


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_it_works(nest: Path) -> None:
    pack = load_pack(nest / "bill")

    decision = bind(pack, DAY).decide(FACTS | {"bill": 1000})

    assert pack.name == "sample.bill"
    assert decision.outputs == {"group": "paying", "percent": 12, "bill_share": 120}
    assert [result.passed for result in run_cases(pack)] == [True]


def test_the_parent_is_as_it_was_without_the_nested(nest: Path, tmp_path: Path) -> None:
    (tmp_path / "alone" / "sample").mkdir(parents=True)
    (tmp_path / "alone" / "sample" / "law.yaml").write_text(TEXT, encoding="utf-8")

    parent, alone = load_pack(nest), load_pack(tmp_path / "alone" / "sample")

    assert bind(parent, DAY).id == bind(alone, DAY).id
    assert "bill" not in parent.facts


def test_reasons_of_the_parent_keep_their_bits(nest: Path) -> None:
    parent, nested = load_pack(nest), load_pack(nest / "bill")

    assert list(nested.reasons)[: len(parent.reasons)] == list(parent.reasons)


def test_files_of_one_name_are_told_apart(nest: Path) -> None:
    replace(nest / "bill" / "law.yaml", "range: 0..1000000", "range: many")

    (defect,) = refused(nest / "bill")

    assert defect.message().startswith(f"bill/law.yaml:{line_of(CHILD, '0..1000000')} bill: read")


def test_a_fault_of_the_parent_is_the_parents(nest: Path) -> None:
    replace(nest / "law.yaml", "range: 0..120", "range: old")

    found = refused(nest / "bill")

    line = line_of(TEXT, "0..120")
    assert [defect[:3] for defect in found] == [("law.yaml", line, "age")]


def test_a_kept_pack_loads_again_from_its_files(nest: Path) -> None:
    pack = load_pack(nest / "bill")
    kept = {name: text.decode() for name, text in read_files(nest / "bill").items()}

    again = load_files("sample.bill", {name: text.encode() for name, text in kept.items()})

    assert list(kept) == ["law.yaml", "bill/law.yaml"]
    assert bind(again, DAY).id == bind(pack, DAY).id


def test_a_nested_pack_is_traced_as_it_decides(nest: Path) -> None:
    bound = bind(load_pack(nest / "bill"), DAY)
    facts = FACTS | {"bill": 999}

    traced = trace(bound, facts)

    assert traced.decision == bound.decide(facts)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("    bill:\n", "    age:\n", "age"),
        ("  bill_share:\n    title", "  group:\n    title", "group"),
    ],
)
def test_a_name_of_the_parent_is_taken(nest: Path, old: str, new: str, name: str) -> None:
    replace(nest / "bill" / "law.yaml", old, new)

    found = refused(nest / "bill")

    line = line_of(CHILD, old)
    assert ("bill/law.yaml", line, "declared_twice", {"name": name}) in [
        (d.file, d.line, d.code, d.values) for d in found
    ]


def test_a_law_of_the_parent_is_taken(nest: Path) -> None:
    replace(nest / "bill" / "law.yaml", "id: sample.bill", "id: sample")

    found = refused(nest / "bill")

    assert [(d.file, d.line, d.code) for d in found] == [("bill/law.yaml", 1, "declared_twice")]


def test_a_nested_pack_that_decides_nothing_of_its_own_is_refused(nest: Path) -> None:
    law_only = CHILD.partition("facts:")[0]
    (nest / "bill" / "law.yaml").write_text(law_only, encoding="utf-8")

    found = refused(nest / "bill")

    assert [(d.file, d.line, d.code) for d in found] == [("bill/law.yaml", 1, "no_output")]


# --- what is not nested well


def test_a_folder_without_a_parent_is_refused(nest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nest / "law.yaml").unlink()
    monkeypatch.setattr(load, "PACKS", nest.parent)

    (defect,) = refused(nest / "bill")

    assert list_packs() == {"sample": nest, "sample.bill": nest / "bill"}
    assert defect.message() == (
        "sample/bill:1: the pack this lies in is missing: there is no .yaml file in “sample”"
    )


def test_a_pack_inside_itself_is_refused(nest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nest / "bill" / "again").symlink_to(nest, target_is_directory=True)
    monkeypatch.setattr(load, "PACKS", nest.parent)

    (defect,) = refused(nest / "bill" / "again")

    assert list(list_packs()) == ["sample", "sample.bill", "sample.bill.again"]
    assert defect.message() == (
        "sample/bill/again:1: a pack lies inside itself: sample → bill → again"
    )


def test_packs_nested_too_deep_are_refused(nest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = nest / "bill" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    monkeypatch.setattr(load, "PACKS", nest.parent)

    found = refused(deep)

    assert [d.message() for d in found] == ["sample/bill/b/c/d:1: packs nest at most 4 deep"]


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["bill/law.yaml"], "parent_missing"),
        (["law.yaml", "bill/b/law.yaml"], "parent_missing"),
        (["law.yaml", "bill/law.yaml", "tax/law.yaml"], "two_packs"),
        (["law.yaml", "a/l.yaml", "a/b/l.yaml", "a/b/c/l.yaml", "a/b/c/d/l.yaml"],
         "nested_too_deep"),
    ],
)  # fmt: skip
def test_kept_files_that_do_not_nest_are_refused(names: list[str], code: str) -> None:
    with pytest.raises(PackError) as caught:
        load_files("sample.bill", dict.fromkeys(names, TEXT.encode()))

    assert [d.code for d in caught.value.defects] == [code]


def test_every_shipped_pack_is_listed_after_its_parent() -> None:
    assert list(list_packs()) == ["iran", "iran.copayment", "iran.fund", "iran.package"]
