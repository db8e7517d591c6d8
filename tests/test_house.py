"""The rules of the house that a machine can hold."""

import re
from pathlib import Path

import pytest

from pooshesh import checks, reference
from pooshesh.kernel import messages
from pooshesh.kernel.config import PROJECT

SOURCE = PROJECT / "src" / "pooshesh"
THIN = [p for name in ("pages.py", "forms.py", "tables.py") for p in SOURCE.rglob(name)]


@pytest.mark.parametrize("page", THIN, ids=lambda p: str(p.relative_to(SOURCE)))
def test_pages_call_queries_and_actions_never_objects(page: Path) -> None:
    found = re.findall(r"^.*\.objects\b(?!\.none\(\)).*$", page.read_text(), re.MULTILINE)

    assert found == []


@pytest.mark.parametrize("room", messages.rooms())
def test_everything_a_room_says_is_said_in_persian(room: str) -> None:
    assert messages.untranslated(room) == []


def test_no_word_goes_by_a_mark_that_the_catalogues_do_not_know() -> None:
    """Such as `gettext as __`, or the plural forms: these would stay English."""
    unknown = re.compile(r"translation import .*(?:\bas (?!_$)\w+|\bn?p?ngettext|\bpgettext)", re.M)
    found = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and unknown.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("path", "text"),
    reference.written().items(),
    ids=[str(p.relative_to(PROJECT)) for p in reference.written()],
)
def test_reference_pages_say_what_the_code_says(path: Path, text: str) -> None:
    assert path.exists(), "run ./pooshesh docs"
    assert path.read_text(encoding="utf-8") == text, "run ./pooshesh docs"


def test_every_page_says_what_it_is_for() -> None:
    assert [a.path for a in reference.addresses() if not a.purpose] == []


@pytest.mark.parametrize(
    "guide", sorted((PROJECT / "docs" / "en").glob("*.md")), ids=lambda p: p.name
)
def test_every_guide_has_its_persian_twin(guide: Path) -> None:
    assert (PROJECT / "docs" / "fa" / guide.name).exists()


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    broken = [
        f"{document.relative_to(PROJECT)}: {target}"
        for document in documents
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", document.read_text())
        if not (document.parent / target).exists()
    ]

    assert broken == []


def test_dependencies_are_free() -> None:
    assert checks.unfree() == []


def test_every_locked_package_has_a_hash() -> None:
    locks = [
        (PROJECT / "requirements" / f"{name}.txt").read_text()
        for name in ("app", "build", "cluster", "dev")
    ]
    bare = [
        line
        for lock in locks
        for line, following in zip(lock.splitlines(), lock.splitlines()[1:], strict=False)
        if "==" in line and "--hash" not in following
    ]

    assert bare == []


def test_one_english_sentence_has_one_persian() -> None:
    # Django merges the rooms' catalogues: two translations of one id would fight.
    said: dict[str, set[str]] = {}
    for room in messages.rooms():
        for message, persian in messages.compiled(room).items():
            said.setdefault(message, set()).add(persian)

    assert {m: p for m, p in said.items() if len(p) > 1} == {}


ACCEPTANCE = [
    line.split("\t")[2]
    for line in (PROJECT / "docs" / "acceptance.tsv").read_text(encoding="utf-8").splitlines()[1:]
]


@pytest.mark.parametrize("evidence", ACCEPTANCE)
def test_every_accepted_line_has_its_evidence(evidence: str) -> None:
    path, _, test = evidence.partition("::")

    assert (PROJECT / path).exists()
    assert f"def {test.rpartition('::')[2]}" in (PROJECT / path).read_text() if test else True
