"""Sharing the fund's credit among provinces another way: who gains, who loses. Pure, exact.

A key gives every province a weight (population, tagged patients, requests that wait, what was paid
before). Keys are mixed by whole percents; every province may be promised a least part of what it
has now. Shares are whole rials that add up to the total, by largest remainders.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from pooshesh.kernel.errors import Invalid, explain, gettext_noop

explain(
    {
        "funnel.mix": gettext_noop("The keys are mixed by %(sum)s percent; expected 100."),
        "funnel.no_weight": gettext_noop(
            "No province has anything that this key counts; choose another."
        ),
        "funnel.promised": gettext_noop(
            "What is promised, %(promised)s rial, is more than the %(total)s rial to be shared."
        ),
    }
)

Weights = Mapping[str, int]


@dataclass(frozen=True)
class Share:
    """What a province has now and would have, in rial; `per_patient` of those tagged there."""

    province: str
    now: int
    then: int
    per_patient_now: int | None
    per_patient_then: int | None

    @property
    def gain(self) -> int:
        """Rial more than now; negative for who loses."""
        return self.then - self.now


def shared(
    total: int,
    keys: Mapping[str, Weights],
    mix: Mapping[str, int],
    now: Weights,
    patients: Weights,
    floor_percent: int = 0,
) -> list[Share]:
    """Shares of `total` rial by a mix of keys, by province code; sums to `total` exactly.

    `mix` is key → percent, 100 in all. `floor_percent` of what a province has now is promised to
    it before the rest is shared. Raises Invalid for a mix that is not 100, a key without any
    weight, and a promise that is more than there is.
    """
    if sum(mix.values()) != 100 or any(part < 0 for part in mix.values()):
        raise Invalid("funnel.mix", sum=sum(mix.values()))
    provinces = sorted({*now, *(one for key in mix for one in keys[key])})
    promised = {one: now.get(one, 0) * floor_percent // 100 for one in provinces}
    rest = total - sum(promised.values())
    if rest < 0:
        raise Invalid("funnel.promised", promised=sum(promised.values()), total=total)
    weights = dict.fromkeys(provinces, Fraction(0))
    for key, part in mix.items():
        if not part:
            continue
        whole = sum(keys[key].values())
        if not whole:
            raise Invalid("funnel.no_weight")
        for one, weight in keys[key].items():
            weights[one] += Fraction(part * weight, whole)
    extra = _whole(rest, weights)
    return [
        _share(one, now.get(one, 0), promised[one] + extra[one], patients.get(one, 0))
        for one in provinces
    ]


def _whole(rest: int, weights: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole rials by weight: rounded down, what remains to the largest remainders."""
    exact = {one: rest * weight / 100 for one, weight in weights.items()}
    given = {one: int(amount) for one, amount in exact.items()}
    order = sorted(exact, key=lambda one: (given[one] - exact[one], one))
    for one in order[: rest - sum(given.values())]:
        given[one] += 1
    return given


def _share(province: str, now: int, then: int, patients: int) -> Share:
    return Share(
        province, now, then,
        now // patients if patients else None,
        then // patients if patients else None,
    )  # fmt: skip
