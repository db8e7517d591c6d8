"""What a version or a scenario does to a population, counted in the background.

The population is written once as facts without names: the registered persons of a day, province by
province, or a synthetic sample. Counting it again with other rules takes a second a million.
"""

import dataclasses
import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh import rules
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.jobs import Progress, job
from pooshesh.policy import facts, sample
from pooshesh.policy.models import Population, Scenario, Version
from pooshesh.policy.queries import PACK, bound_pack, files_in_force, version_pack
from pooshesh.policy.words import lang
from pooshesh.rules import BoundPack, FactError
from pooshesh.rules.effects import Effect, effect
from pooshesh.rules.frames import PERSON
from pooshesh.rules.load import load_files
from pooshesh.rules.reform import Change, Reform, scenario

#: What an effect is counted by.
BY = ("province", "decile", "sex", "nationality")
SAMPLE = 1_000_000  # persons of the synthetic sample

explain(
    {
        "effect.facts": gettext_noop(
            "The two ask for different facts (%(names)s); who moves cannot be counted."
        ),
        "effect.no_persons": gettext_noop(
            "“%(read)s” decides about services, not about persons; nobody can be counted."
        ),
        "effect.change": gettext_noop("The change cannot be made: %(fault)s"),
    }
)


@job("policy.effect")
def count_version(progress: Progress, version_id: str) -> dict[str, Any]:
    """Count whom a proposed version moves among the registered persons."""
    version = Version.objects.get(pk=UUID(version_id))
    on = max(version.valid_from, timezone.localdate())
    before, after = bound_pack(version.name, on), rules.bind(version_pack(version.pk), on)
    found = count(progress, before, after, Population.REGISTERED, anew=True)
    Version.objects.filter(pk=version.pk).update(effect=dataclasses.asdict(found))
    return {"persons": found.total.persons, "moved": found.total.moved}


@job("policy.scenario")
def count_scenario(progress: Progress, scenario_id: str) -> dict[str, Any]:
    """Count what a scenario would do."""
    row = Scenario.objects.get(pk=UUID(scenario_id))
    found = count(progress, *packs_of(row), Population(row.population))
    Scenario.objects.filter(pk=row.pk).update(effect=dataclasses.asdict(found))
    return {"persons": found.total.persons, "moved": found.total.moved}


def packs_of(row: Scenario) -> tuple[BoundPack, BoundPack]:
    """The packs that a scenario compares. Raises Invalid for a change that cannot be made."""
    changes = tuple(Change(**one) for one in row.changes)
    try:
        before = bound_pack(row.pack, row.on)
        if row.other_on:
            return before, bound_pack(row.pack, row.other_on)
        files = files_in_force(row.pack, row.on)
        pack = load_files(row.pack, files, cases=False)
        return before, rules.bind(scenario(files, pack, Reform(row.on, changes)), row.on)
    except FactError as error:
        raise Invalid("effect.change", fault=error.message(lang())) from error
    except rules.PackError as error:
        raise Invalid("effect.change", fault="; ".join(error.messages(lang()))) from error


def count(
    progress: Progress,
    before: BoundPack,
    after: BoundPack,
    population: Population,
    *,
    anew: bool = False,
) -> Effect:
    """The effect on a population, of today or `anew` of now. Raises Invalid when it cannot be."""
    if before.pack.name != PACK:
        raise Invalid("effect.no_persons", read=before.pack.name)
    differing = set(before.plan.facts) ^ set(after.plan.facts)
    if differing:
        raise Invalid("effect.facts", names=tuple(sorted(differing)))
    held = _held(progress, before, population, anew=anew)
    progress(_("Counting whom it moves"))
    return effect(before, after, pl.scan_parquet(held), BY)


def _held(progress: Progress, pack: BoundPack, population: Population, *, anew: bool) -> Path:
    """The file of a population's facts, written `anew` or when it is not there for today."""
    folder = config().home / "populations"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = hashlib.sha256(" ".join(sorted(pack.plan.facts)).encode()).hexdigest()[:12]
    file = folder / f"{population}-{names}-{pack.on}-{timezone.localdate()}.parquet"
    if file.exists() and not anew:
        return file
    for old in folder.glob(f"{population}-*.parquet"):
        if str(timezone.localdate()) not in old.name:
            old.unlink(missing_ok=True)
    partial = folder / f".{progress.job_id}"
    if population == Population.SAMPLE:
        progress(_("Drawing the sample"))
        people = sample.draw(pack, SAMPLE)
    else:
        provinces = _provinces()
        frames = [_nobody(pack)]
        for done, province in enumerate(provinces):
            progress(_("Reading the facts, province by province"), done, len(provinces))
            frames.append(facts.of_province(pack, province))
        people = pl.concat(frames)
    # Whose facts they are is not needed and not kept.
    people.drop(PERSON).with_row_index(PERSON).write_parquet(partial)
    partial.replace(file)
    return file


def _nobody(pack: BoundPack) -> pl.DataFrame:
    """The facts of no persons: what a province adds rows to."""
    return facts.of_persons(pack, [])


def _provinces() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select distinct province from people_person order by 1")
        return [row[0] for row in cursor.fetchall()]
