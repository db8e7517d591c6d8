"""A version made in the browser: values from a day on, written into the files in force."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence

from pooshesh import rules
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.policy.models import Scenario
from pooshesh.policy.queries import files_in_force, pack_in_force
from pooshesh.policy.words import lang
from pooshesh.rules import FactError, Pack
from pooshesh.rules.load import ASSUMPTION
from pooshesh.rules.pack import DatedParameter
from pooshesh.rules.reform import Amount, Change, Reform, reformed, scenario
from pooshesh.rules.text import Text
from pooshesh.rules.tree import Key

Place = tuple[str, Key | None]  # (parameter, key)

explain(
    {
        "draft.nothing": gettext_noop("No value differs from what is in force on that day."),
        "draft.value": gettext_noop("The values cannot be written: %(fault)s"),
    }
)


def values_on(pack: Pack, day: dt.date) -> list[tuple[DatedParameter, dict[Place, Amount]]]:
    """The parameters that have a value on a day, with each of their values."""
    found = []
    for name, parameter in pack.parameters.items():
        dated = parameter.on(day)
        if dated is None:
            continue
        held: dict[Place, Amount] = (
            {(name, key): value for key, value in dated.value.items()}
            if isinstance(dated.value, Mapping)
            else {(name, None): dated.value}
        )
        found.append((parameter, held))
    return found


def tried_in(row: Scenario) -> dict[Place, Amount]:
    """The values of a scenario, to begin a proposal with. Raises Invalid as `draft`."""
    files, pack = files_in_force(row.pack, row.on), pack_in_force(row.pack, row.on)
    changes = tuple(Change(**one) for one in row.changes)
    try:
        made = scenario(files, pack, Reform(row.on, changes))
    except FactError as error:
        raise Invalid("draft.value", fault=error.message(lang())) from error
    except rules.PackError as error:
        raise Invalid("draft.value", fault="; ".join(error.messages(lang()))) from error
    places = {change.parameter for change in changes}
    return {
        place: value
        for parameter, values in values_on(made, row.on)
        if parameter.name in places
        for place, value in values.items()
    }


def draft(
    name: str, since: dt.date, wanted: Mapping[Place, Amount], *,
    cited: Sequence[str], source: str, note: Text | None,
) -> dict[str, bytes]:  # fmt: skip
    """The files in force on `since` with the values that differ written in from that day on.

    `cited` are keys of sources the pack has, `source` the words of a new one. Errors: Invalid when
    nothing differs or a value does not fit.
    """
    files, pack = files_in_force(name, since), pack_in_force(name, since)
    held = {place: value for _, values in values_on(pack, since) for place, value in values.items()}
    changes = tuple(
        Change(parameter, key, to=value)
        for (parameter, key), value in wanted.items()
        if (parameter, key) in held and held[parameter, key] != value
    )
    if not changes:
        raise Invalid("draft.nothing")
    keys = list(cited)
    new = _new_key(pack.sources) if source else ""
    reform = Reform(since, changes, tuple(keys + [new] * bool(new)) or (ASSUMPTION,), note)
    try:
        made = reformed(files, pack, reform)
    except FactError as error:
        raise Invalid("draft.value", fault=error.message(lang())) from error
    if new:
        file = pack.parameters[changes[0].parameter].mark.file
        made[file] = _with_source(made[file], new, source)
    return made


def _new_key(taken: Iterable[str]) -> str:
    known = set(taken)
    return next(key for number in range(1, len(known) + 2) if (key := f"N{number}") not in known)


def _with_source(content: bytes, key: str, address: str) -> bytes:
    """The law's text with one more source, first of its list."""
    lines = content.decode("utf-8-sig").splitlines()
    entry = f"  {key}: {json.dumps(address, ensure_ascii=False)}"
    if "sources:" in lines:
        lines.insert(lines.index("sources:") + 1, entry)
    else:
        place = next(n for n, line in enumerate(lines) if line.startswith("parameters:"))
        lines[place:place] = ["sources:", entry, ""]
    return ("\n".join(lines) + "\n").encode()
