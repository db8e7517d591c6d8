"""What becomes of each resident: the rule pack decides, in its own order.

Pure. Before the pack comes only who is held back until a clerk has said who they are, and who is
covered by this insurer already. After it: nobody is enrolled, charged or asked for a decile
without a trusted identifier. Identity is not asked first, because the pack's first matches need
none: a child without an identifier whose father is another insurer's principal is that insurer's
dependant whoever it is, and a clerk who looked for its number would work for nothing.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from pooshesh.people.models import LegalStatus, Relation
from pooshesh.policy.actions import Made
from pooshesh.programme.models import Match, WorkKind
from pooshesh.rules import BoundPack
from pooshesh.rules.tree import Value

#: The decisions taken here, before the pack.
COVERED = "covered"  # by this insurer already
UNBORN = "not_resident_then"  # born after the day of the campaign

#: The facts that a campaign can tell a pack.
KNOWN = frozenset(
    {
        "nationality", "foreign_status", "lawful_from", "lawful_until", "other_insurer_code",
        "other_insurer_principal", "relation", "decile", "decile_date", "programme_resident",
    }
)  # fmt: skip

#: The worklist of a decision that needs a clerk.
WORK = {
    "dependant_worklist": WorkKind.DEPENDANT,
    "regularise": WorkKind.REGULARISE,
    "needs_decile": WorkKind.NEEDS_DECILE,
    "value_unknown": WorkKind.VALUE_UNKNOWN,
    WorkKind.NEEDS_IDENTITY.value: WorkKind.NEEDS_IDENTITY,
}
FREE = "enrol_free"
#: Decisions of the pack that stand only for somebody with a trusted identifier.
BY_IDENTITY = (FREE, "pays_share", "needs_decile", "value_unknown")

_FOREIGN_STATUS = {
    LegalStatus.IDENTIFIED: "identified",
    LegalStatus.LAWFUL: "regularised",
    LegalStatus.REFUGEE: "refugee",
    LegalStatus.REFUGEE_SUPPORTED: "refugee_supported",
}
_PRINCIPALS = (Relation.HEAD, Relation.SPOUSE)


@dataclass(frozen=True, slots=True)
class Resident:
    """One person of the census as far as a decision looks.

    `roll` is the insurer on whose roll they stand, "" for none; `covered` says that this insurer
    gave them cover by another way than this campaign; `unborn` that by their record they were born
    after its day; `held` is the open question about who they are; `lawful` the days from and until
    which lawful residence is proven.
    """

    row: int
    household: str
    person_id: UUID
    relation: str
    match: str
    roll: str
    identified: bool
    foreign: bool
    status: str = ""
    lawful: tuple[dt.date | None, dt.date | None] = (None, None)
    decile: int | None = None
    decile_date: dt.date | None = None
    not_dependant: bool = False
    covered: bool = False
    unborn: bool = False
    held: WorkKind | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a resident; `made` is the pack's answer, if it was asked."""

    resident: Resident
    decision: str
    reasons: tuple[str, ...] = ()
    made: Made | None = None

    @property
    def free(self) -> bool:
        return self.decision == FREE

    @property
    def work(self) -> WorkKind | None:
        """The worklist this decision opens; what is held back lies on one already."""
        return WORK.get(self.decision)

    @property
    def scheme(self) -> str:
        scheme = self.made.decision.outputs["scheme"] if self.made else ""
        return "" if scheme == "none" else str(scheme)

    @property
    def premium_percent(self) -> int | None:
        percent = self.made.decision.outputs["premium_percent"] if self.made else None
        assert percent is None or isinstance(percent, int)
        return percent


@dataclass(frozen=True)
class Setting:
    """What holds for everybody in the campaign. `ours` is this insurer's code."""

    pack: BoundPack
    ours: str
    programme_resident: bool


def decide(residents: Iterable[Resident], setting: Setting) -> list[Verdict]:
    """A verdict on each resident, by household and row; whole households only."""
    ordered = sorted(residents, key=lambda r: (r.household, r.row))
    return [
        verdict
        for _, household in groupby(ordered, key=lambda r: r.household)
        for verdict in _household(list(household), setting)
    ]


def _household(residents: Sequence[Resident], setting: Setting) -> list[Verdict]:
    persons = [_facts(resident, setting) for resident in residents]
    household: dict[str, Value] = {
        "decile": residents[0].decile,
        "decile_date": residents[0].decile_date,
        **setting.pack.aggregates(persons),
    }
    place: dict[str, Value] = {"programme_resident": setting.programme_resident}
    return [
        _verdict(resident, {**place, **household, **person}, setting)
        for resident, person in zip(residents, persons, strict=True)
    ]


def _verdict(resident: Resident, facts: dict[str, Value], setting: Setting) -> Verdict:
    if resident.unborn:
        return Verdict(resident, UNBORN, ("born_after_the_day",))
    if resident.held:
        return Verdict(resident, resident.held.value, ("waits_for_clerk",))
    if resident.covered or (resident.match == Match.INSURED and resident.roll == setting.ours):
        return Verdict(resident, COVERED, ("covered_by_us",))
    if resident.not_dependant:
        facts["outside_principal"] = False
    answer = setting.pack.decide(facts)
    decision = str(answer.outputs["decision"])
    if decision in BY_IDENTITY and not resident.identified:
        return Verdict(resident, WorkKind.NEEDS_IDENTITY.value, ("no_trusted_identifier",))
    return Verdict(
        resident,
        decision,
        answer.reasons,
        Made(resident.person_id, facts, answer),
    )


def _facts(resident: Resident, setting: Setting) -> Mapping[str, Value]:
    """The pack's facts about one person.

    Who has neither a foreign code nor a legal status is asked about as a citizen: of no use to
    them, as only what holds for citizens and foreign nationals alike stands without an identifier.
    """
    other = resident.roll if resident.roll != setting.ours else ""
    known = setting.pack.pack.facts["other_insurer_code"].codes
    lawful_from, lawful_until = resident.lawful
    return {
        "nationality": "foreign" if resident.foreign else "citizen",
        "foreign_status": _FOREIGN_STATUS.get(LegalStatus(resident.status), "none")
        if resident.status
        else "none",
        "lawful_from": lawful_from,
        "lawful_until": lawful_until,
        "other_insurer_code": (other if other in known else "other") if other else None,
        "other_insurer_principal": bool(other) and resident.relation in _PRINCIPALS,
        "relation": str(resident.relation),
    }
