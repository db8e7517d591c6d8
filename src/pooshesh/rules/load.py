"""Load a pack: a folder with one YAML file per law (or one such file), checked as a whole.

A folder inside a pack's folder is a pack nested in it: `iran/copayment/` is `iran.copayment`, the
laws of `iran` and its own. Its files are named from the outermost folder on, the parent's
`cover.yaml` beside its own `copayment/shares.yaml`, so a name means one file and files kept by name
make the same pack again.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeVar

from .declare import Declaration, RawLaw, RawPack
from .errors import Defects, Mark
from .expression import FUNCTIONS
from .forms import Forms
from .layout import in_order
from .pack import Law, Pack
from .resolve import Resolver
from .source import MAX_BYTES, Table, plain, read
from .text import Text

PACKS = Path(__file__).parent / "packs"
MAX_FILES, MAX_RULES, MAX_REASONS = 64, 1_000, 62  # reasons are bits of a signed 64-bit mask
MAX_NESTED = 4
ASSUMPTION = "assumption"


class _Marked(Protocol):
    @property
    def mark(self) -> Mark: ...


T = TypeVar("T", bound=_Marked)


def list_packs() -> dict[str, Path]:
    """The packs shipped with the product: name → path for `load_pack`, parents first."""
    return {".".join(path.relative_to(PACKS).parts): path for path in _below(PACKS)}


def _below(folder: Path, depth: int = 0) -> Iterator[Path]:
    """Every folder below, parents first; one too deep is told, those below it are not."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and depth <= MAX_NESTED and not path.name.startswith(("_", ".")):
            yield path
            # A link may lead back up: it is told as a loop once, not followed round.
            yield from () if path.is_symlink() else _below(path, depth + 1)


def load_pack(path: Path) -> Pack:
    """The checked pack of a folder or file. Errors: `PackError` with every defect found."""
    name = ".".join(folder.stem for folder in _nesting(path))
    return load_files(name, read_files(path))


def read_files(path: Path) -> dict[str, bytes]:
    """The pack's files, by name: what `load_files` takes. Errors: `PackError`."""
    # No more than the limit of a file is read: what is longer is refused with its name.
    return {name: _start(file) for name, file in law_files(path).items()}


def law_files(path: Path) -> dict[str, Path]:
    """Where the laws of a pack lie, by name, those of parents first. Errors: `PackError`."""
    defects = Defects()
    folders = _nesting(path)
    here = Mark("/".join(folder.name for folder in folders), 1)
    if len(folders) > MAX_NESTED:
        defects.note(here, "nested_too_deep", limit=MAX_NESTED)
    if len({folder.resolve() for folder in folders}) < len(folders):
        defects.note(here, "nested_loop", path=" → ".join(folder.name for folder in folders))
    defects.check()
    found: dict[str, Path] = {}
    for folder in folders:
        files = sorted(folder.glob("*.yaml")) if folder.is_dir() else [folder]
        if not files or not all(file.is_file() for file in files):
            code = "no_files" if folder == path else "parent_missing"
            defects.note(here, code, name=folder.name)
        inner = folder.relative_to(folders[0]) if folder.is_dir() else Path()
        found |= {(inner / file.name).as_posix(): file for file in files}
    if len(found) > MAX_FILES:
        defects.note(here, "too_many", what="files", limit=MAX_FILES)
    defects.check()
    return found


def _nesting(path: Path) -> list[Path]:
    """The folder of a pack after those it is nested in, the outermost first.

    Among the shipped packs every folder is a pack; elsewhere one that holds laws itself.
    """
    folders = [path]
    while path.is_dir() and len(folders) <= MAX_NESTED:
        above = folders[0].parent
        if PACKS in folders[0].parents:
            is_pack = above != PACKS
        else:
            is_pack = any(above.glob("*.yaml"))
        if not is_pack:
            break
        folders.insert(0, above)
    return folders


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
    levels = _levels(files, here, defects)
    defects.check()
    # Parents come first: their reasons keep their bits, and a clash is the nested law's.
    roots = [
        (level, root)
        for level, folder in enumerate(levels)
        for file in sorted(files)
        if _folder(file) == folder and (root := read(file, files[file], defects)) is not None
    ]
    declaration = Declaration(Forms(defects))
    raws = [(level, declaration.law(root)) for level, root in roots]
    own = [raw for level, raw in raws if level == len(levels) - 1]
    raw = replace(
        _join([raw for _, raw in raws], defects), cases=[case for raw in own for case in raw.cases]
    )
    if not cases:
        raw = replace(raw, cases=[])
    if len(raw.rules) > MAX_RULES:
        first = list(raw.rules.values())[MAX_RULES].mark
        defects.note(first, "too_many", what="rules", limit=MAX_RULES)
    if len(raw.reasons) > MAX_REASONS:
        over = list(raw.reasons.values())[MAX_REASONS].mark
        defects.note(over, "too_many", what="reasons", limit=MAX_REASONS)
    # A section that cannot be read would make the rest look full of unknown words.
    defects.check()
    pack = Resolver(raw, defects).pack(name, _text([root for _, root in roots]))
    if not any(rule.output for one in own for rule in one.rules.values()):
        defects.note(next(one.law.mark for one in own if one.law), "no_output")
    defects.check()
    return pack


def _folder(file: str) -> PurePosixPath:
    return PurePosixPath(file).parent


def _levels(files: Mapping[str, bytes], here: Mark, defects: Defects) -> tuple[PurePosixPath, ...]:
    """The folders of a pack's files, each inside the one before."""
    folders = sorted({_folder(file) for file in files}, key=lambda folder: len(folder.parts))
    for level, folder in enumerate(folders):
        if len(folder.parts) > level:
            outer = "/".join(folder.parts[:level]) or here.file.partition(".")[0]
            defects.note(here, "parent_missing", name=outer)
        elif level and folder.parent != folders[level - 1]:
            defects.note(here, "two_packs", one=str(folders[level - 1]), other=str(folder))
    if len(folders) > MAX_NESTED:
        defects.note(here, "nested_too_deep", limit=MAX_NESTED)
    return tuple(folders)


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


def _sources(raws: list[RawLaw], defects: Defects) -> dict[str, Text]:
    sources: dict[str, Text] = {}
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
    what was decided before, nor does another order of keys.
    """
    laws = []
    for root in map(in_order, roots):
        law = {key: plain(node) for key, node in root.items.items() if key != "cases"}
        parameters = law.get("parameters", {})
        assert isinstance(parameters, dict)
        law["parameters"] = {
            name: {key: item for key, item in fields.items() if key != "values"}
            for name, fields in parameters.items()
        }
        laws.append(law)
    return json.dumps(laws, ensure_ascii=False)
