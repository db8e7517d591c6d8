"""`./pooshesh rules …` and `decide`: the same packs, forms and words as the pages."""

import datetime as dt
import errno
import os
import shutil
import sys
from argparse import Namespace
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh import rules
from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.verbs import arg, verb
from pooshesh.policy import spark, trial
from pooshesh.policy.differences import INDENT, Differences, sentence
from pooshesh.policy.forms import PersonForm
from pooshesh.policy.populations import ENGINES, decide_files
from pooshesh.policy.reads import reads
from pooshesh.policy.shelf import Shelved, shelf, shelved
from pooshesh.policy.words import RuleWords, answered, key_titles, lang, say, written
from pooshesh.rules import CaseResult, Defect, Pack, PackError, load_pack, run_cases
from pooshesh.rules.diff import compare, compare_days
from pooshesh.rules.format import format_law
from pooshesh.rules.load import law_files
from pooshesh.rules.pack import DatedParameter, DatedValue
from pooshesh.rules.source import MAX_BYTES
from pooshesh.web.format import jdate, number

explain(
    {
        "pack.defects": gettext_noop("The pack “%(read)s” cannot be used:\n%(defects)s"),
        "pack.no_day": gettext_noop("The pack “%(read)s” says nothing of this day:\n%(defects)s"),
        "facts.wrong": gettext_noop("Nothing was decided:\n%(faults)s"),
        "rules.day": gettext_noop("“%(read)s” names no day; expected one such as 1404/01/01."),
        "rules.no_rule": gettext_noop(
            "The pack has no rule “%(read)s”; expected one of: %(expected)s."
        ),
        "rules.broken": gettext_noop("Nothing was formatted:\n%(defects)s"),
        "decide.master": gettext_noop("--master is for --engine spark alone."),
        "rules.two_packs": gettext_noop(
            "Expected two packs, or one pack with two days: --on DAY --on DAY."
        ),
    }
)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _pack(typed: str) -> tuple[Shelved, Pack]:
    """A pack by name or path. Raises Invalid for one that is not there or is broken."""
    found = _found(typed)
    if found.pack is None:
        raise Invalid("pack.defects", read=typed, defects=_lines(found.defects))
    return found, found.pack


def _found(typed: str) -> Shelved:
    path = _path(typed)
    if typed in rules.list_packs():
        return shelved(typed)
    try:
        pack = load_pack(path)
    except PackError as error:
        return Shelved(path.stem, None, defects=error.defects)
    return Shelved(pack.name, pack, tuple(run_cases(pack)))


def _path(typed: str) -> Path:
    """The folder or file of a pack; a shipped pack's name comes first."""
    packs = rules.list_packs()
    path = Path(typed).resolve()
    if typed in packs or path.exists():
        return packs.get(typed, path)
    if os.sep in typed or path.suffix == ".yaml":
        raise FileNotFoundError(errno.ENOENT, "", typed)
    raise Invalid("shelf.unknown", read=typed, expected=tuple(packs))


def _lines(defects: tuple[Defect, ...]) -> str:
    return "\n".join(defect.message(lang()) for defect in defects)


def _day(typed: str) -> dt.date:
    day = parse_date(typed).date
    if day is None:
        raise Invalid("rules.day", read=typed)
    return day


@verb("rules list", "List the rule packs and whether their cases hold.", database=False)
def list_rules(options: Namespace) -> None:
    for one in shelf():
        if one.pack is None:
            _print(f"{one.name}: {_('broken, see')} ./pooshesh rules test {one.name}")
            continue
        held = f"{number(len(one.results) - one.failed)}/{number(len(one.results))}"
        _print(f"{one.name}: {_('cases that come out as written')} {held}")
        for law in one.pack.laws.values():
            _print(f"  {say(law.title)}")


@verb(
    "rules show", "Show a pack's laws, rules and the values in force on a day.",
    arg("pack", metavar="PACK"), arg("--on", metavar="DATE", help="Jalali or ISO (default: today)"),
    arg("--rule", metavar="NAME", help="this rule alone, row by row"),
    database=False,
)  # fmt: skip
def show(options: Namespace) -> None:
    _found, pack = _pack(options.pack)
    on = _day(options.on) if options.on else timezone.localdate()
    if options.rule:
        _show_rule(pack, options.rule, on)
        return
    for law in pack.laws.values():
        _print(f"{say(law.title)} [{', '.join(law.citations)}]")
        for rule in pack.rules.values():
            if rule.law == law.id:
                _print(f"  {rule.name}: {say(rule.title)} [{', '.join(rule.citations)}]")
        for parameter in pack.parameters.values():
            if parameter.law == law.id:
                _print(f"  {_parameter(pack, parameter, on)}")


def _show_rule(pack: Pack, name: str, on: dt.date) -> None:
    if name not in pack.rules:
        raise Invalid("rules.no_rule", read=name, expected=tuple(pack.rules))
    rule = pack.rules[name]
    lines = RuleWords(pack).lines(rule)
    _print(f"{say(rule.title)} ({name})")
    _print(f"{say(pack.laws[rule.law].title)} [{', '.join(rule.citations)}]")
    for place, line in enumerate(lines, 1):
        _print(f"{INDENT}{number(place)}. {sentence(line, alone=len(lines) == 1)}")
    for parameter in reads(pack, rule).parameters:
        _print(_parameter(pack, parameter, on))


def _parameter(pack: Pack, parameter: DatedParameter, on: dt.date) -> str:
    dated = parameter.on(on)
    if dated is None:
        return f"{say(parameter.title)}: {_('no value yet on this day')}"
    titles = key_titles(pack, parameter.keys)
    return f"{say(parameter.title)}: {_in_words(dated, parameter.unit, titles)}"


def _in_words(dated: DatedValue, unit: str, titles: list[str]) -> str:
    source = f"({_('from')} {jdate(dated.since)}) [{', '.join(dated.citations)}]"
    if isinstance(dated.value, int) or dated.value is None:
        return f"{written(dated.value, unit)} {source}"
    values = [written(value, unit) for value in dated.value.values()]
    return "; ".join(map(" ".join, zip(titles, values, strict=True))) + f" {source}"


@verb("rules test", "Decide a pack's cases; status 1 when one does not come out as written.",
      arg("pack", metavar="PACK", help="a name or a path"), database=False)  # fmt: skip
def test(options: Namespace) -> int:
    found, _loaded = _pack(options.pack)
    for result in found.results:
        _print_case(found, result)
    return 1 if found.failed else 0


def _print_case(found: Shelved, result: CaseResult) -> None:
    assert found.pack
    mark = result.case.mark
    where = f"{mark.file}:{mark.line}"
    _print(f"{'ok  ' if result.passed else 'FAIL'} {where} {say(result.case.title)}")
    for name, (expected, decided) in result.wrong.items():
        rule = found.pack.rules[name]
        was = answered(rule, decided)
        _print(f"     {say(rule.title)}: {was} ({_('expected')}: {answered(rule, expected)})")
    if set(result.reasons) != set(result.case.reasons):
        given, expected = (
            ", ".join(codes) or "—" for codes in (result.reasons, result.case.reasons)
        )
        _print(f"     {_('Reasons')}: {given} ({_('expected')}: {expected})")
    if result.error:
        _print(_lines(result.error.defects))


@verb("rules check", "Tell every defect of a pack, its cases and its layout; status 1 when any.",
      arg("pack", metavar="PATH", help="a folder, a law file or a shipped pack's name"),
      database=False)  # fmt: skip
def check(options: Namespace) -> int:
    path, found = _path(options.pack), _found(options.pack)
    if found.pack is None:
        _print(_lines(found.defects))
        return 1
    for result in found.results:
        if not result.passed:
            _print_case(found, result)
    files = law_files(path)
    unformatted = [name for name, file in files.items() if _formatted(name, file) != _read(file)]
    for name in unformatted:
        _print(f"{name}:1: {_('not in the layout of ./pooshesh rules format')}")
    held = f"{number(len(found.results) - found.failed)}/{number(len(found.results))}"
    _print(f"{found.pack.name}: {_('cases that come out as written')} {held}")
    return 1 if found.failed or unformatted else 0


@verb("rules format", "Write law files in the one layout; comments and meaning stay.",
      arg("pack", metavar="PATH", help="a folder, a law file or a shipped pack's name"),
      arg("--check", action="store_true", help="only name what would change; status 1 when any"),
      database=False)  # fmt: skip
def format_files(options: Namespace) -> int:
    path = _path(options.pack)
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    done: dict[Path, bytes] = {}
    broken: list[Defect] = []
    for file in files:
        name = os.path.relpath(file)
        try:
            text = _formatted(name, file)
        except PackError as error:
            broken += error.defects
        else:
            done |= {file: text} if text != _read(file) else {}
    if broken:
        raise Invalid("rules.broken", defects=_lines(tuple(broken)))
    for file, text in done.items():
        if not options.check:
            _replace(file.resolve(), text)
        _print(os.path.relpath(file))
    return 1 if options.check and done else 0


def _formatted(name: str, file: Path) -> bytes:
    return format_law(name, _read(file))


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def _replace(file: Path, text: bytes) -> None:
    """A law is never left half-written."""
    partial = file.with_name(f".{file.name}.new")
    try:
        partial.write_bytes(text)
        shutil.copymode(file, partial)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


@verb(
    "rules diff", "Tell what differs between two packs or two days of one; status 1 when any.",
    arg("packs", nargs="+", metavar="PACK", help="two names or paths, or one with two days"),
    arg("--on", action="append", default=[], metavar="DATE", help="Jalali or ISO; give it twice"),
    database=False,
)  # fmt: skip
def diff(options: Namespace) -> int:
    if (len(options.packs), len(options.on)) not in ((2, 0), (1, 2)):
        raise Invalid("rules.two_packs")
    packs = [_pack(typed)[1] for typed in options.packs]
    days = [_day(typed) for typed in options.on]
    found = compare_days(packs[0], *days) if days else compare(*packs)
    if days:
        _print(" → ".join(map(jdate, days)))
    if not found:
        _print(_("No difference."))
    for line in Differences(packs[0], packs[-1]).lines(found):
        _print(line)
    return 1 if found else 0


@verb(
    "rules decide", "Decide a made-up person; nothing is stored.",
    arg("pack", metavar="PACK"), arg("--on", required=True, metavar="DATE", help="Jalali or ISO"),
    arg("facts", nargs="+", metavar="FACT=VALUE", help="such as decile=5 programme_resident=no"),
    database=False,
)  # fmt: skip
def decide(options: Namespace) -> None:
    _found, pack = _pack(options.pack)
    person = PersonForm(pack, dict(_fact(pack, typed) for typed in options.facts))
    if not person.is_valid():
        faults = [f"{name}: {fault}" for name, faults in person.errors.items() for fault in faults]
        raise Invalid("facts.wrong", faults="\n".join(faults))
    decided = trial.decide(pack, person, _day(options.on))
    if decided.traced is None:
        raise Invalid("pack.no_day", read=pack.name, defects=_lines(decided.defects))
    for rule, value in decided.outputs():
        _print(f"{say(rule.title)}: {answered(rule, value)}")
    for reason in decided.reasons:
        _print(reason.sentence)
        for line in (
            reason.law,
            *(f"{s.key} {s.address}" for s in reason.sources),
            *reason.changes,
        ):
            _print(f"  {line}")


def _fact(pack: Pack, typed: str) -> tuple[str, str]:
    name, sign, value = typed.partition("=")
    if not sign:
        raise Invalid("fact.form", read=typed)
    if name not in pack.facts:
        raise Invalid("fact.unknown", read=name, expected=tuple(pack.facts))
    return name, value


@verb(
    "decide", "Decide a population from tables to a table; all of it or nothing.",
    arg("--people", type=Path, required=True, metavar="FILE", help="Parquet or CSV"),
    arg("--households", type=Path, required=True, metavar="FILE", help="Parquet or CSV"),
    arg("--places", type=Path, required=True, metavar="FILE", help="Parquet or CSV"),
    arg("--pack", required=True, metavar="PACK", help="a name or a path"),
    arg("--on", required=True, metavar="DATE", help="Jalali or ISO"),
    arg("--out", type=Path, required=True, metavar="FILE", help=".parquet or .csv"),
    arg("--engine", choices=sorted(ENGINES), default="polars"),
    arg("--master", metavar="ADDRESS", help="of Spark: spark://HOST:PORT (default: this machine)"),
    arg("--reasons", action="store_true", help="add the codes of the reasons"),
    database=False,
)  # fmt: skip
def decide_population(options: Namespace) -> None:
    _found, pack = _pack(options.pack)
    tables = (options.people, options.households, options.places)
    runs = ENGINES[options.engine]
    if options.master is not None:
        if options.engine != "spark":
            raise Invalid("decide.master")
        runs = replace(runs, within=partial(spark.session, options.master))
    try:
        decided = decide_files(
            pack, _day(options.on), tables, options.out, runs, codes=options.reasons
        )
    except PackError as error:
        raise Invalid("pack.no_day", read=options.pack, defects=_lines(error.defects)) from error
    _print(
        _("%(persons)s persons decided in %(seconds)s seconds.")
        % {"persons": number(decided.persons), "seconds": number(decided.seconds)}
    )
    _print(f"{_('Id of the bound pack')}: {decided.pack_id}")
