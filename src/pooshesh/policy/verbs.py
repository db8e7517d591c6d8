"""`./pooshesh rules …`: the same packs, forms and words as the pages."""

import datetime as dt
import sys
from argparse import Namespace

from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.verbs import arg, verb
from pooshesh.policy import trial
from pooshesh.policy.forms import PersonForm
from pooshesh.policy.shelf import Shelved, shelf, shelved
from pooshesh.policy.words import answered, key_titles, lang, say, written
from pooshesh.rules import Defect, Pack
from pooshesh.rules.pack import DatedValue
from pooshesh.web.format import jdate, number

explain(
    {
        "pack.defects": gettext_noop("The pack “%(read)s” cannot be used:\n%(defects)s"),
        "pack.no_day": gettext_noop("The pack “%(read)s” says nothing of this day:\n%(defects)s"),
        "facts.wrong": gettext_noop("Nothing was decided:\n%(faults)s"),
        "rules.day": gettext_noop("“%(read)s” names no day; expected one such as 1404/01/01."),
    }
)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _pack(name: str) -> tuple[Shelved, Pack]:
    """Raises Invalid for a pack that is not there or is broken."""
    found = shelved(name)
    if found.pack is None:
        raise Invalid("pack.defects", read=name, defects=_lines(found.defects))
    return found, found.pack


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
    database=False,
)  # fmt: skip
def show(options: Namespace) -> None:
    _found, pack = _pack(options.pack)
    on = _day(options.on) if options.on else timezone.localdate()
    for law in pack.laws.values():
        _print(f"{say(law.title)} [{', '.join(law.citations)}]")
        for rule in pack.rules.values():
            if rule.law == law.id:
                _print(f"  {rule.name}: {say(rule.title)} [{', '.join(rule.citations)}]")
        for parameter in pack.parameters.values():
            dated = parameter.on(on)
            if parameter.law == law.id and dated:
                titles = key_titles(pack, parameter.keys)
                _print(f"  {say(parameter.title)}: {_in_words(dated, parameter.unit, titles)}")
            elif parameter.law == law.id:
                _print(f"  {say(parameter.title)}: {_('no value yet on this day')}")


def _in_words(dated: DatedValue, unit: str, titles: list[str]) -> str:
    source = f"({_('from')} {jdate(dated.since)}) [{', '.join(dated.citations)}]"
    if isinstance(dated.value, int) or dated.value is None:
        return f"{written(dated.value, unit)} {source}"
    values = [written(value, unit) for value in dated.value.values()]
    return "; ".join(map(" ".join, zip(titles, values, strict=True))) + f" {source}"


@verb("rules test", "Decide a pack's cases; status 1 when one does not come out as written.",
      arg("pack", metavar="PACK"), database=False)  # fmt: skip
def test(options: Namespace) -> int:
    found, pack = _pack(options.pack)
    for result in found.results:
        mark = result.case.mark
        where = f"{mark.file}:{mark.line}"
        _print(f"{'ok  ' if result.passed else 'FAIL'} {where} {say(result.case.title)}")
        for name, (expected, decided) in result.wrong.items():
            rule = pack.rules[name]
            was = answered(rule, decided)
            _print(f"     {say(rule.title)}: {was} ({_('expected')}: {answered(rule, expected)})")
    return 1 if found.failed else 0


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
