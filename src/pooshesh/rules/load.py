"""Load a pack: a folder with one YAML file per law (or one such file), checked as a whole."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

from .declare import Declaration, RawLaw, RawPack
from .errors import Defects, Mark, PackError
from .expression import FUNCTIONS
from .forms import Forms
from .pack import Law, Pack
from .resolve import Resolver
from .source import MAX_BYTES, Table, plain, read

PACKS = Path(__file__).parent / "packs"
MAX_FILES, MAX_RULES, MAX_REASONS = 64, 1_000, 62  # reasons are bits of a signed 64-bit mask
ASSUMPTION = "assumption"


class _Marked(Protocol):
    @property
    def mark(self) -> Mark: ...


T = TypeVar("T", bound=_Marked)


def list_packs() -> dict[str, Path]:
    """The packs shipped with the product: name → path for `load_pack`."""
    return {path.name: path for path in sorted(PACKS.iterdir()) if path.is_dir()}


def load_pack(path: Path) -> Pack:
    """The checked pack of a folder or file. Errors: `PackError` with every defect found."""
    return load_files(path.stem, read_files(path))


def read_files(path: Path) -> dict[str, bytes]:
    """The pack's files, by name: what `load_files` takes. Errors: `PackError`."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    defects = Defects()
    if not all(file.is_file() for file in files):
        defects.note(Mark(path.name, 1), "no_files")
    # No more than the limit of a file is read: what is longer is refused with its name.
    elif len(files) <= MAX_FILES:
        return {file.name: _start(file) for file in files}
    else:
        defects.note(Mark(path.name, 1), "too_many", what="files", limit=MAX_FILES)
    raise PackError(defects.found)


def _start(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def load_files(name: str, files: Mapping[str, bytes], *, cases: bool = True) -> Pack:
    """As `load_pack`, of files in memory; without `cases` their expectations are left aside.

    Errors: `PackError` with every defect found.
    """
    defects = Defects()
    here = Mark(name, 1)
    if not files:
        defects.note(here, "no_files")
    if len(files) > MAX_FILES:
        defects.note(here, "too_many", what="files", limit=MAX_FILES)
    defects.check()
    roots = [
        root for file in sorted(files) if (root := read(file, files[file], defects)) is not None
    ]
    declaration = Declaration(Forms(defects))
    raw = _join([declaration.law(root) for root in roots], defects)
    if not cases:
        raw = replace(raw, cases=[])
    if len(raw.rules) > MAX_RULES:
        defects.note(here, "too_many", what="rules", limit=MAX_RULES)
    if len(raw.reasons) > MAX_REASONS:
        defects.note(here, "too_many", what="reasons", limit=MAX_REASONS)
    # A section that cannot be read would make the rest look full of unknown words.
    defects.check()
    pack = Resolver(raw, defects).pack(name, _text(roots))
    defects.check()
    return pack


def _join(raws: list[RawLaw], defects: Defects) -> RawPack:
    """All laws as one, each word meaning one thing."""
    facts = _unique(((fact.name, fact) for raw in raws for fact in raw.facts), defects)
    parameters = _unique((pair for raw in raws for pair in raw.parameters.items()), defects)
    rules = _unique((pair for raw in raws for pair in raw.rules.items()), defects)
    reasons = _unique((pair for raw in raws for pair in raw.reasons.items()), defects)
    raw = RawPack(
        _laws(raws, defects), _sources(raws, defects), facts, parameters, rules, reasons,
        [case for raw in raws for case in raw.cases],
    )  # fmt: skip
    _check_words(raw, defects)
    _check_citations(raw, defects)
    return raw


def _unique(items: Iterable[tuple[str, T]], defects: Defects) -> dict[str, T]:
    found: dict[str, T] = {}
    for name, item in items:
        if name in found:
            defects.note(item.mark, "declared_twice", name=name)
        found[name] = item
    return found


def _laws(raws: list[RawLaw], defects: Defects) -> dict[str, Law]:
    laws: dict[str, Law] = {}
    for law in (raw.law for raw in raws if raw.law):
        if law.id in laws:
            defects.note(law.mark, "declared_twice", name=law.id)
        laws[law.id] = law
    return laws


def _sources(raws: list[RawLaw], defects: Defects) -> dict[str, str]:
    sources: dict[str, str] = {}
    for raw in raws:
        for key, address in raw.sources.items():
            if raw.law and sources.get(key, address) != address:
                defects.note(raw.law.mark, "source_differs", key=key)
            sources[key] = address
    return sources


def _check_words(raw: RawPack, defects: Defects) -> None:
    groups: tuple[Mapping[str, _Marked], ...] = (raw.facts, raw.parameters, raw.rules)
    taken = raw.codes | FUNCTIONS.keys() | {"on"}
    for group in groups:
        for name, item in group.items():
            if name in taken:
                defects.note(item.mark, "name_taken", name=name)
        taken |= group.keys()


def _check_citations(raw: RawPack, defects: Defects) -> None:
    known = raw.sources.keys() | {ASSUMPTION}
    cited: list[tuple[str, Mark, tuple[str, ...]]] = [
        ("", law.mark, law.citations) for law in raw.laws.values()
    ]
    for name, parameter in raw.parameters.items():
        cited += [(name, value.mark, value.citations) for value in parameter.values]
    for name, rule in raw.rules.items():
        cited.append((name, rule.mark, rule.citations))
        cited += [(name, row.mark, row.citations) for row in rule.rows]
    for name, mark, keys in cited:
        for key in keys:
            if key not in known:
                with defects.item(mark, name):
                    defects.fail(mark, "unknown_source", key=key)


def _text(roots: list[Table]) -> str:
    """What a decision rests on apart from parameter values, in one spelling.

    Values in force join at binding. So neither a new case nor a value for a later year renames
    what was decided before.
    """
    laws = []
    for root in roots:
        law = {key: plain(node) for key, node in root.items.items() if key != "cases"}
        parameters = law.get("parameters", {})
        assert isinstance(parameters, dict)
        law["parameters"] = {
            name: {key: item for key, item in fields.items() if key != "values"}
            for name, fields in parameters.items()
        }
        laws.append(law)
    return json.dumps(laws, ensure_ascii=False)
