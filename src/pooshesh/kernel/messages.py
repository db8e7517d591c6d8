"""`pooshesh messages ROOM`: keep a room's Persian catalogue complete and compiled."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
# No ngettext: Persian nouns do not change after a number, and "Rows: 1" reads well in English.
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
CALL = re.compile(r"""\b(?:gettext|_)\(\s*u?((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))""", re.S)


def catalogue(room: str) -> Path:
    return ROOT / room / "locale" / "fa" / "LC_MESSAGES" / "django.po"


def rooms() -> list[str]:
    """Folders below the package that hold code or templates."""
    return sorted(p.name for p in ROOT.iterdir() if (p / "__init__.py").exists())


def message_ids(room: str) -> set[str]:
    """Every English string that a room shows through gettext."""
    return {m for path in (ROOT / room).rglob("*") for m in _ids_of(path)}


def _ids_of(path: Path) -> Iterator[str]:
    if path.suffix == ".py" and "tests" not in path.parts and "migrations" not in path.parts:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in MARKS:
                for argument in node.args[:1]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value
    elif path.suffix in (".html", ".txt") and "templates" in path.parts:
        for literal in CALL.findall(templatize(path.read_text(encoding="utf-8"))):
            yield ast.literal_eval(literal)


def _name(function: ast.expr) -> str:
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
    wanted = message_ids(room)
    have = {e.msgid for e in book}
    for message in sorted(wanted - have):
        book.append(polib.POEntry(msgid=message, msgstr=""))
    for entry in [e for e in book if e.msgid not in wanted]:
        book.remove(entry)
    book.sort(key=lambda e: e.msgid)
    book.save(str(path))
    book.save_as_mofile(str(path.with_suffix(".mo")))
    return len(book), sum(not e.msgstr for e in book)


def untranslated(room: str) -> list[str]:
    """Ids a room shows that the compiled Persian catalogue does not answer."""
    import gettext

    compiled = catalogue(room).with_suffix(".mo")
    if not compiled.exists():
        return sorted(message_ids(room))
    with compiled.open("rb") as file:
        book = gettext.GNUTranslations(file)
    return sorted(m for m in message_ids(room) if book.gettext(m) == m and re.search("[a-z]", m))
