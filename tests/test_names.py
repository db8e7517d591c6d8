"""Nobody reads a bare code: what the trail and jobs keep has a name in both languages."""

import ast
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from pooshesh.access.tables import job_title
from pooshesh.kernel import jobs, rotation
from pooshesh.kernel.config import PROJECT
from pooshesh.people.looking import Purpose
from pooshesh.programme.models import WorkKind
from pooshesh.programme.retention import CLASSES
from pooshesh.web.registry import codes_named, name_of

RECORDERS = {"record", "_record", "_recorded"}
SOURCE = PROJECT / "src" / "pooshesh"
CODE = [
    path for path in SOURCE.rglob("*.py") if not {"tests", "migrations", "rules"} & set(path.parts)
]


def _recorded() -> Iterator[str]:
    """Codes of actions and of what they are about, as the source writes them.

    An action without a room in its code is completed by the room's own recorder.
    """
    for path in CODE:
        room = path.relative_to(SOURCE).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and _name(node.func) in RECORDERS):
                continue
            for action in _texts(*node.args[:1]):
                yield action if "." in action else f"{room}.{action}"
            yield from _texts(*(k.value for k in node.keywords if k.arg == "kind"))


def _texts(*nodes: ast.expr) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.IfExp):
            yield from _texts(node.body, node.orelse)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


CODES = sorted(
    {
        *_recorded(),
        *(one.name for one in rotation.rotations()),
        *Purpose.values,
        *WorkKind.values,
        *CLASSES,
        *("csv", "xlsx", "people.csv"),  # a download, as its purpose
        *("events", "faults", "first", "file", "findings", "read", "match", "write"),  # results
    }
)


def test_the_source_was_read() -> None:
    assert {"people.merge", "access.unlock", "campaign.run", "coverage.enrol", "person"} <= {*CODES}


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_name(code: str, language: str) -> None:
    with override(language):
        name = name_of(code)

    assert name != code
    assert ("a" <= max(name) <= "z") == (language == "en") or code in ("csv", "xlsx", "people.csv")


@pytest.mark.parametrize("kind", sorted(jobs.kinds()))
def test_every_job_has_a_title(kind: str) -> None:
    with override("fa"):
        title = job_title(kind)

    assert title != kind
    assert not title.isascii()


def test_a_purpose_that_names_a_campaign_says_so_in_words() -> None:
    with override("fa"):
        said = name_of("campaign 0192"), name_of("census:ab12"), name_of("می‌خواستم بدانم: چرا")

        assert said == ("پویش 0192", f"{CLASSES['census'].title} ab12", "می‌خواستم بدانم: چرا")


def test_a_code_is_found_by_its_name() -> None:
    with override("fa"):
        found = codes_named("دو پرونده")

    assert {"people.merge", "people.unmerge"} <= {*found}
    assert "access.unlock" not in found
