"""How many of what the demo holds, where and when: the reported figures. Pure.

What a report says is registered in `statements`, which a test compares; how it is spread over
states, diseases and days is made up.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from zoneinfo import ZoneInfo

from pooshesh.fund.models import State
from pooshesh.funnel.reported import LORESTAN
from pooshesh.kernel.calendar import from_jalali
from pooshesh.kernel.money import Rial, split

REGISTERED, REGISTERED_THERE = 53_252, 12_450  # persons
FILES, MEETINGS = 481, 20
SMA = 24  # patients
YEAR = 1401
FIRST = from_jalali(1400, 7, 1)  # the first application
LAST = from_jalali(1401, 12, 25)  # the last one
AFTER = from_jalali(1402, 1, 1)  # what comes from here on no report of 1401 counted
NEW_YEAR = from_jalali(1401, 1, 1)
MET_FIRST, MET_LAST = from_jalali(1401, 2, 20), from_jalali(1401, 12, 7)

COMMITTED = 24_000_000_000  # "481 files, about 24 bn rial"
PAID = 23_400_000_000  # "about 23 bn rial paid": what the rest lacks is not paid yet
SMA_PAID = 8_040_000_000  # "more than 8 bn"
STEP = 10_000  # rial; amounts are whole thousands of toman
UNPAID = 12  # approved files without a payment
PART = 80  # approved in part
REJECTED, DEFERRED, WAITING = 62, 27, 31
GROUP_MEETINGS = 3

#: Share of applications, in hundredths.
STATES = {
    State.TAGGED: 36, State.VERIFYING: 18, State.RECEIVED: 17, State.INCOMPLETE: 15,
    State.REFUSED: 8, State.WITHDRAWN: 3, State.CLOSED: 3,
}  # fmt: skip
#: Share of applications, in ten-thousandths; of what else is on the list there are too few to say.
DISEASES = {
    "CA": 1900, "THAL": 1150, "MS": 1450, "HD": 1250, "PD": 90, "HEMA": 520, "HEMB": 130,
    "DM": 900, "EPI": 420, "PSY": 390, "ASD": 480, "STR": 330, "CD": 180, "CF": 95, "MPS": 42,
    "EB": 48, "PAH": 60, "TXK": 260, "TXL": 55, "HSCT": 70, "MD": 120, "MET": 70, "HL": 210,
    "DR": 180, "SMA": 22,
}  # fmt: skip
OF_CHILDREN = {"SMA", "MD", "CF", "EB", "MPS", "MET", "ASD"}

TEHRAN = ZoneInfo("Asia/Tehran")


def shared(whole: int, weights: Sequence[int]) -> list[int]:
    """Whole numbers in proportion that add up to it, by largest remainder."""
    return [part.amount for part in split(Rial(whole), weights)]


def amounts(random: Random, total: int, count: int) -> list[int]:
    """So many different amounts in whole steps that add up to a total, few of them large."""
    weights = [int(1000 * random.lognormvariate(0, 0.45)) + 250 for _ in range(count)]
    parts = shared(total // STEP, weights)
    for place in range(1, count):  # two that are the same would look like one invoice
        while parts[place] in parts[:place]:
            parts[place] += 1
            parts[0] -= 1
    parts[0] += total // STEP - sum(parts)
    return [part * STEP for part in parts]


@dataclass(frozen=True)
class Known:
    """What other rooms' demos brought of the report's time: it counts as well."""

    files: Mapping[str, int] = field(default_factory=dict)  # of patients, by province
    applications: Mapping[str, int] = field(default_factory=dict)  # by province
    approved: int = 0  # requests of Lorestan
    meetings: int = 0  # of its committee
    group_meetings: int = 0


@dataclass(frozen=True)
class Plan:
    """How many there are of everything. `registered`, `approved`, `rejected`: by province.

    `again`: patients of a province who apply for a second disease.
    """

    registered: Mapping[str, int]
    again: Mapping[str, int]
    approved: Mapping[str, int]
    rejected: Mapping[str, int]
    sma: int
    part: int
    unpaid: int
    deferred: int
    waiting: int
    meetings: int
    group_meetings: int
    paid: int
    committed: int
    sma_paid: int

    def beside(self, known: Known) -> "Plan":
        """What is missing, where something is there."""
        registered = {
            one: count - known.files.get(one, 0) for one, count in self.registered.items()
        }
        again = {
            one: max(known.files.get(one, 0) - known.applications.get(one, 0), 0)
            for one in self.registered
        }
        approved = {**self.approved, LORESTAN: self.approved[LORESTAN] - known.approved}
        return replace(
            self, registered=registered, again=again, approved=approved,
            meetings=max(self.meetings - known.meetings, 1),
            group_meetings=max(self.group_meetings - known.group_meetings, 0),
        )  # fmt: skip

    @property
    def each(self) -> int:
        """Rial an approved file comes to in Lorestan."""
        return self.committed // self.approved[LORESTAN]


def plan(population: Mapping[str, int], scale: int = 1) -> Plan:
    """The figures, or 1/`scale` of them; `population` by province, Lorestan among them."""
    others = sorted(set(population) - {LORESTAN})
    there = REGISTERED_THERE // scale
    rest = shared((REGISTERED - REGISTERED_THERE) // scale, [population[one] for one in others])
    registered = {**dict(zip(others, rest, strict=True)), LORESTAN: there}
    files = max(FILES // scale, 6)

    def some(number: int) -> int:
        return max(number // scale, 1)

    return Plan(
        registered=registered,
        again=dict.fromkeys(registered, 0),
        approved={**{one: files * registered[one] // there for one in others}, LORESTAN: files},
        rejected={
            **{one: some(REJECTED) * registered[one] // there for one in others},
            LORESTAN: some(REJECTED),
        },
        sma=some(SMA), part=some(PART), unpaid=some(UNPAID), deferred=some(DEFERRED),
        waiting=some(WAITING), meetings=min(MEETINGS, files // 2), group_meetings=GROUP_MEETINGS,
        paid=PAID // scale // STEP * STEP, committed=COMMITTED // scale // STEP * STEP,
        sma_paid=SMA_PAID // scale // STEP * STEP,
    )  # fmt: skip


def days_of_meetings(count: int) -> list[dt.date]:
    """Days spread over the year, none of them a Friday."""
    span = (MET_LAST - MET_FIRST).days
    days = [MET_FIRST + dt.timedelta(span * place // max(count - 1, 1)) for place in range(count)]
    return [day + dt.timedelta(day.weekday() == 4) for day in days]


def moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of a day by the clock of Tehran."""
    return dt.datetime.combine(day, dt.time(hour, minute), TEHRAN)


def sheba(number: int) -> str:
    """An account with right check digits at a bank that does not exist (099)."""
    account = f"099{number:019d}"
    return f"IR{98 - int(f'{account}182700') % 97:02d}{account}"
