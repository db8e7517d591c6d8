"""The facts of one person on a day, read in one statement; see `facts` for many.

A single decision is made while somebody waits: it takes no temporary table and no data frame.
"""

import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from pooshesh.kernel.bulk import prepared
from pooshesh.policy import facts
from pooshesh.rules import BoundPack
from pooshesh.rules.pack import Fact, required_facts
from pooshesh.rules.tree import Value


def of_person(
    pack: BoundPack, person_id: UUID, *, about: Mapping[str, str], given: Mapping[str, Value]
) -> tuple[UUID, dict[str, Value]] | None:
    """(the record the person stands under, every fact of the pack on its day); None for the dead.

    `given` are facts no source is asked for; `about` is as `facts.of_persons` takes it.
    """
    asked = {"asked": person_id, "day": pack.on, "about": json.dumps(dict(about))}
    # Django reads jsonb as text.
    rows = [
        (row[0], row[1], json.loads(row[2]))
        for row in prepared(_statement(len(facts.sources())), asked)
    ]
    needed = [fact for fact in required_facts(pack.pack) if fact.name not in given]
    members = [{**_facts(needed, known), **given} for _person, _asked, known in rows]
    own = next((place for place, row in enumerate(rows) if row[1]), None)
    if own is None:
        return None
    computed = pack.aggregates(members)
    said = {name: bool(rows[own][2][name]) for name in computed if name in rows[own][2]}
    return rows[own][0], members[own] | computed | said


@lru_cache(maxsize=1)
def _statement(_sources: int) -> str:
    """Household members of the person, each with what all sources know, as one mapping."""
    asked = """select coalesce((select survivor_id from people_merge
                 where person_id = %(asked)s and undone_at is null), %(asked)s) as person_id"""
    ctes = [f"picked as materialized ({facts.picked(asked)})"]
    known = ["to_jsonb(picked)"]
    for number, source in enumerate(facts.sources()):
        ctes.append(f"s{number} as ({source.sql.replace('%', '%%')})")
        absent = json.dumps(dict(source.absent)).replace("'", "''").replace("%", "%%")
        known.append(
            f"'{absent}'::jsonb || coalesce((select jsonb_strip_nulls(to_jsonb(s{number}))"  # noqa: S608
            f" from s{number} where s{number}.person_id = picked.person_id limit 1), '{{}}')"
        )
    whole = f"with {', '.join(ctes)} select person_id, asked, {' || '.join(known)} from picked"  # noqa: S608 - the rooms' own
    return " ".join(whole.split())  # psycopg reads a text of 4,096 letters or more anew each time


def _facts(needed: list[Fact], known: Mapping[str, Any]) -> dict[str, Value]:
    return {fact.name: _value(fact, known.get(fact.name)) for fact in needed}


def _value(fact: Fact, value: Any) -> Value:
    if value is not None and fact.type.kind == "date":
        return dt.date.fromisoformat(value)
    return value  # type: ignore[no-any-return]
