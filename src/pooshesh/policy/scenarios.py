"""Writers of scenarios: a reform tried on a population, and what people say about it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from pooshesh.kernel import audit, jobs
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.policy.effects import packs_of
from pooshesh.policy.models import Population, Remark, Scenario
from pooshesh.rules.reform import Change

COUNT = "policy.scenario"  # the job that counts what it does

explain(
    {
        "scenario.nothing": gettext_noop(
            "Say what is different: a value, a percentage, or another day to compare with."
        ),
        "scenario.both": gettext_noop(
            "Either values change or two days are compared, not both at once."
        ),
        "scenario.same_day": gettext_noop("Both days are the same; nothing would differ."),
        "scenario.silent": gettext_noop("A remark needs words."),
    }
)


@transaction.atomic
def try_out(
    *, title: str, pack: str, on: dt.date, changes: Sequence[Change], other_on: dt.date | None,
    population: Population, actor: UUID,
) -> Scenario:  # fmt: skip
    """Keep a scenario and start counting what it does.

    Errors: Invalid for nothing that differs, or a change that cannot be made.
    """
    if not changes and not other_on:
        raise Invalid("scenario.nothing")
    if changes and other_on:
        raise Invalid("scenario.both")
    if on == other_on:
        raise Invalid("scenario.same_day")
    made = Scenario(
        title=clean(title), pack=pack, on=on, other_on=other_on, population=population,
        changes=[asdict(one) for one in changes], made_by=actor,
    )  # fmt: skip
    packs_of(made)
    made.save()
    audit.record(
        "policy.scenario", actor=actor, kind="scenario", object_id=made.pk,
        content={"pack": pack, "on": on, "other_on": other_on, "changes": made.changes},
    )  # fmt: skip
    count(made, actor=actor)
    return made


def count(scenario: Scenario, *, actor: UUID) -> None:
    """Start counting what a scenario does, unless that is known."""
    if not scenario.effect:
        jobs.start(COUNT, actor=actor, scenario_id=str(scenario.pk))


@transaction.atomic
def remark(scenario: Scenario, text: str, *, actor: UUID) -> Remark:
    """Say something about a scenario."""
    said = clean(text)
    if not said:
        raise Invalid("scenario.silent")
    made = Remark.objects.create(scenario=scenario, text=said, author=actor)
    audit.record("policy.remark", actor=actor, kind="scenario", object_id=scenario.pk)
    return made
