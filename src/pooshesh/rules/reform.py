"""A pack with other values: a scenario to look at, or the next version to approve.

A change is written into the law's text and the pack is read anew, so that every check that held
for the old values (bounds that cannot overflow, values that may be unknown) holds for the new.
Comments and everything else in the file stay as they are.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pooshesh.kernel.calendar import to_jalali

from .errors import FactError
from .load import ASSUMPTION, load_files
from .pack import DatedParameter, DatedValue, Pack
from .text import Text
from .tree import INT64, Key

Amount = int | bool | None
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Change:
    """One value from a day on: `to` sets it, `percent` raises what is in force by that.

    `key` is None for a parameter with a single value; `to` None means not known. Citations and note
    are those of the new value; without any it is marked as an assumption.
    """

    parameter: str
    key: Key | None = None
    to: Amount = None
    percent: int | None = None


@dataclass(frozen=True)
class Reform:
    """Changes from a day on; later values of the same parameters are left out."""

    since: dt.date
    changes: tuple[Change, ...]
    citations: tuple[str, ...] = (ASSUMPTION,)
    note: Text | None = None


def scenario(files: Files, pack: Pack, reform: Reform) -> Pack:
    """The pack as the reform would have it, `pack` being that of `files`; without its cases.

    Errors: as `reformed`, and `PackError` when the changed pack has defects, such as a sum that
    could leave 64 bits.
    """
    return load_files(pack.name, reformed(files, pack, reform), cases=False)


def reformed(files: Files, pack: Pack, reform: Reform) -> dict[str, bytes]:
    """The files with the reform written in.

    Errors: `FactError` for a parameter, key or value that does not fit.
    """
    texts = {name: content.decode("utf-8-sig").splitlines() for name, content in files.items()}
    wanted: dict[str, list[Change]] = {}
    for change in reform.changes:
        wanted.setdefault(change.parameter, []).append(change)
    for name in wanted:
        if name not in pack.parameters:
            raise FactError("no_parameter", name=name)
    # From the end of each file, so that the lines still to change keep their numbers.
    for name in sorted(wanted, key=lambda name: pack.parameters[name].mark, reverse=True):
        parameter = pack.parameters[name]
        _write(texts[parameter.mark.file], parameter, _value(parameter, wanted[name], reform))
    return {name: ("\n".join(lines) + "\n").encode() for name, lines in texts.items()}


def _value(parameter: DatedParameter, changes: Sequence[Change], reform: Reform) -> DatedValue:
    dated = parameter.on(reform.since)
    if dated is None:
        raise FactError("no_value_yet", name=parameter.name, on=reform.since)
    value = dated.value
    for change in changes:
        if isinstance(value, Mapping):
            if change.key not in parameter.keys:
                raise FactError("no_key", name=parameter.name, key=change.key)
            value = {**value, change.key: _amount(parameter, change, value[change.key])}
        elif change.key is not None:
            raise FactError("no_key", name=parameter.name, key=change.key)
        else:
            value = _amount(parameter, change, value)
    return replace(
        dated, since=reform.since, value=value, citations=reform.citations, note=reform.note
    )


def _amount(parameter: DatedParameter, change: Change, was: Amount) -> Amount:
    if change.percent is None:
        fits = change.to is None or isinstance(change.to, bool) == (parameter.unit == "flag")
        if not fits or abs(change.to or 0) > INT64:
            raise FactError(
                "fact_wrong", name=parameter.name, found=change.to, expected=parameter.unit
            )
        return change.to
    if was is None or parameter.unit == "flag":
        raise FactError("no_percentage", name=parameter.name)
    raised = was * (100 + change.percent)
    # Away from zero at the half, as money is rounded.
    return (abs(raised) + 50) // 100 * (1 if raised >= 0 else -1)


def _write(lines: list[str], parameter: DatedParameter, dated: DatedValue) -> None:
    """Put the dated value after the ones before its day, in place of those after."""
    at = [one.mark.line - 1 for one in parameter.values]  # the first line of each value
    indent = len(lines[at[0]]) - len(lines[at[0]].lstrip())
    if not all(lines[place][indent : indent + 1].isdigit() for place in at):
        raise FactError("not_in_lines", name=parameter.name, file=parameter.mark.file)
    later = [place for place, one in zip(at, parameter.values, strict=True)
             if one.since >= dated.since]  # fmt: skip
    end = _end(lines, at[-1], indent)
    start = min(later, default=end)
    lines[start:end] = _entry(dated, " " * indent)
    kept = max((place for place in at if place < start), default=None)
    if kept is not None:  # it now lasts until the new one begins
        lines[kept] = lines[kept].replace(lines[kept].strip(), _open(lines[kept].strip()))


def _open(line: str) -> str:
    """The line of a dated value without its last day, which the next value now gives."""
    dates, colon, rest = line.partition(":")
    return dates.partition(" to ")[0] + colon + rest


def _end(lines: list[str], start: int, indent: int) -> int:
    """The line after the block that begins at `start`."""
    place = start + 1
    last = place
    while place < len(lines):
        text = lines[place]
        if text.strip() and len(text) - len(text.lstrip()) <= indent:
            break
        place += 1
        if text.strip():
            last = place
    return last


def _entry(dated: DatedValue, indent: str) -> list[str]:
    year, month, day = to_jalali(dated.since)
    fields = {"value": _written(dated.value), "citation": f"[{', '.join(dated.citations)}]"}
    lines = [f"{indent}{year}/{month:02}/{day:02}:"]
    lines += [f"{indent}  {name}: {text}" for name, text in fields.items()]
    if dated.note:
        lines.append(f"{indent}  note:")
        for lang, text in zip(("fa", "en"), dated.note, strict=True):
            lines.append(f"{indent}    {lang}: {json.dumps(text, ensure_ascii=False)}")
    return lines


def _written(value: Mapping[Key, Amount] | Amount) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "unknown" if value is None else str(value)
