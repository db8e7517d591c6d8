"""`pooshesh messages ROOM`: keep a room's Persian catalogue complete and compiled."""

import ast
import re
from collections.abc import Iterable, Iterator
from gettext import GNUTranslations
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
# A catalogue without code: our Persian for what Django and allauth say on the account pages.
FRAMEWORKS = "frameworks"
# No ngettext: Persian nouns do not change after a number, and "Rows: 1" reads well in English.
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
CALL = re.compile(r"""\b(?:gettext|_)\(\s*u?((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))""", re.S)


def catalogue(room: str) -> Path:
    return ROOT / room / "locale" / "fa" / "LC_MESSAGES" / "django.po"


def rooms() -> list[str]:
    """Folders that hold code or templates, "." for the package's own, and the frameworks'."""
    held = sorted(p.name for p in ROOT.iterdir() if (p / "__init__.py").exists())
    return [".", *held, FRAMEWORKS]


def message_ids(room: str) -> set[str]:
    """Every English string that a room shows through gettext (of a plural, the singular)."""
    if room == FRAMEWORKS:
        return {key[0] if isinstance(key, tuple) else key for key in _keys(room)} - {""}
    paths = ROOT.glob("*.py") if room == "." else (ROOT / room).rglob("*")
    return {message for path in paths for message in _ids_of(path)}


def _keys(room: str) -> Iterable[str | tuple[str, int]]:
    """What a compiled catalogue answers; a plural form is (singular, index)."""
    with catalogue(room).with_suffix(".mo").open("rb") as opened:
        return list(GNUTranslations(opened)._catalog)  # type: ignore[attr-defined]


def _ids_of(path: Path) -> Iterator[str]:
    if path.suffix == ".py" and "tests" not in path.parts and "migrations" not in path.parts:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            yield from _marked(node)
            yield from _purpose(node, of_page=path.name.endswith("pages.py"))
    elif path.suffix in (".html", ".txt") and "templates" in path.parts:
        for literal in CALL.findall(templatize(path.read_text(encoding="utf-8"))):
            yield ast.literal_eval(literal)


def _marked(node: ast.AST) -> Iterator[str]:
    """The text of `_("…")`."""
    if isinstance(node, ast.Call) and _name(node.func) in MARKS:
        yield from _texts(node.args[:1])


def _purpose(node: ast.AST, *, of_page: bool) -> Iterator[str]:
    """What the reference pages say: of verbs, settings, jobs and pages."""
    if isinstance(node, ast.Call) and _name(node.func) == "verb":
        yield from _texts(node.args[1:2])
    elif isinstance(node, ast.AnnAssign) and _name(node.target) == "SETTINGS":
        assert isinstance(node.value, ast.Dict)
        yield from _texts(node.value.values)
    elif isinstance(node, ast.FunctionDef):
        is_job = any(
            isinstance(d, ast.Call) and _name(d.func) == "job" for d in node.decorator_list
        )
        is_page = of_page and node.returns is not None and "Response" in ast.unparse(node.returns)
        if (is_job or is_page) and not node.name.startswith("_") and ast.get_docstring(node):
            yield first_line(ast.get_docstring(node))


def first_line(docstring: str | None) -> str:
    """The first paragraph of a docstring, as one line."""
    return re.sub(r"\s+", " ", (docstring or "").strip().split("\n\n")[0])


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _name(function: ast.AST) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def update(room: str) -> tuple[int, int]:
    """Add missing ids, mark gone ones obsolete, compile. (messages, still untranslated)."""
    import polib  # a development tool: production only reads the compiled file

    path = catalogue(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    book = polib.pofile(str(path), wrapwidth=98) if path.exists() else polib.POFile(wrapwidth=98)
    book.metadata = {
        "Language": "fa",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    have = {e.msgid for e in book}
    wanted = have if room == FRAMEWORKS else message_ids(room)
    for message in sorted(wanted - have):
        book.append(polib.POEntry(msgid=message, msgstr=""))
    for entry in [e for e in book if e.msgid not in wanted]:
        book.remove(entry)
    book.sort(key=lambda e: e.msgid)
    book.save(str(path))
    book.save_as_mofile(str(path.with_suffix(".mo")))
    said = [[*e.msgstr_plural.values()] or [e.msgstr] for e in book]
    return len(book), sum(not all(forms) for forms in said)


def compiled(room: str) -> dict[str, str]:
    """English → Persian, as the room's compiled catalogue has it."""
    file = catalogue(room).with_suffix(".mo")
    if not file.exists():
        return {}
    with file.open("rb") as opened:
        book = GNUTranslations(opened)
    return {message: book.gettext(message) for message in sorted(message_ids(room))}


def untranslated(room: str) -> list[str]:
    """Ids a room shows that the compiled Persian catalogue does not answer."""
    book = compiled(room)
    return sorted(m for m in message_ids(room) if book.get(m, m) == m and re.search("[a-z]", m))
