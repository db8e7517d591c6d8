"""What enrolling a household would mean: the rules' decision, its reasons and the premium."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pooshesh import rules
from pooshesh.coverage.dues import Rates, rates, yearly
from pooshesh.coverage.models import Spell
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial, share, total
from pooshesh.kernel.time import from_day
from pooshesh.people.merged import merged_into
from pooshesh.people.models import Membership
from pooshesh.policy import facts
from pooshesh.policy.actions import Made
from pooshesh.policy.queries import PACK, bound_pack
from pooshesh.rules.explain import Explanation
from pooshesh.rules.text import Lang
from pooshesh.rules.tree import Value

#: Decisions after which somebody is enrolled, and those a clerk may overrule with a reason.
INSURED = ("enrol_free", "pays_share")
ELSEWHERE = ("not_ours", "dependant_worklist")

explain(
    {
        "coverage.no_rules": gettext_noop(
            "The rules say nothing about %(day)s; choose a later day."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A member and what the rules say about their cover from a day on.

    `scheme` and `percent` are what enrolling would give: for who is covered elsewhere as if they
    were not. `yearly` is the premium of one person before it is shared, None when unknown.
    """

    membership: Membership
    made: Made
    outcome: str
    outcome_title: str
    reasons: tuple[Explanation, ...]
    scheme: str
    percent: int | None
    yearly: Rial | None
    ours: Spell | None
    others: tuple[Spell, ...]

    @property
    def person_id(self) -> UUID:
        return self.membership.person_id

    @property
    def elsewhere(self) -> bool:
        """Whether the member is, or may be, covered by another insurer."""
        return bool(self.others) or self.outcome in ELSEWHERE

    @property
    def possible(self) -> bool:
        """Whether they can be enrolled at all."""
        return self.ours is None and self.percent is not None

    @property
    def proposed(self) -> bool:
        """Whether they are enrolled unless the clerk says otherwise."""
        return self.possible and not self.elsewhere

    @property
    def share(self) -> Rial | None:
        """What the household would pay a year; None when the premium is not known."""
        if self.percent == 0:
            return Rial(0)
        if self.yearly is None or self.percent is None:
            return None
        return share(self.yearly, self.percent)


def proposals(members: Sequence[Membership], on: dt.date, lang: Lang) -> list[Proposal]:
    """What the rules in force on a day say about members; the reasons in words.

    Raises Invalid for a day before the rules, or a pack that has faults.
    """
    try:
        pack = bound_pack(PACK, on)
    except rules.PackError as error:
        raise Invalid("coverage.no_rules", day=on) from error
    ids = [one.person_id for one in members]
    rows = {
        UUID(row.pop("person_id")): row
        for row in facts.of_persons(pack, ids).drop(facts.GROUPS).to_dicts()
    }
    merged, known = merged_into(ids), rates(on)
    held: dict[UUID, list[Spell]] = {}
    believed = Spell.objects.known().filter(
        person_id__in=[*ids, *merged], valid__overlap=from_day(on)
    )
    for spell in believed.select_related("insurer").order_by("valid"):
        held.setdefault(merged.get(spell.person_id, spell.person_id), []).append(spell)
    return [
        _proposal(pack, one, rows[one.person_id], held.get(one.person_id, []), known, on, lang)
        for one in members
        if one.person_id in rows  # the dead are left out
    ]


def _proposal(
    pack: rules.BoundPack,
    membership: Membership,
    known: dict[str, Value],
    spells: list[Spell],
    premiums: Rates,
    on: dt.date,
    lang: Lang,
) -> Proposal:
    decision = pack.decide(known)
    outcome = str(decision.outputs["decision"])
    given = decision
    if outcome in ELSEWHERE:
        given = pack.decide({**known, "other_insurer_code": None, "outside_principal": False})
    title = pack.pack.rules["decision"].codes.get(outcome)
    scheme, percent = str(given.outputs["scheme"]), given.outputs["premium_percent"]
    insured = given.outputs["decision"] in INSURED
    return Proposal(
        membership=membership,
        made=Made(membership.person_id, known, decision),
        outcome=outcome,
        outcome_title=title.say(lang) if title else outcome,
        reasons=rules.explain(rules.trace(pack, known), lang),
        scheme=scheme if insured else "",
        percent=percent if insured and isinstance(percent, int) else None,
        yearly=yearly(premiums, scheme, on) if insured else None,
        ours=next((one for one in spells if one.insurer.ours), None),
        others=tuple(one for one in spells if not one.insurer.ours and on in one.valid),
    )


def total_share(chosen: Sequence[Proposal]) -> Rial | None:
    """What the household would pay a year for some members; None when one is not known."""
    shares = [one.share for one in chosen]
    return None if None in shares else total(one for one in shares if one is not None)
