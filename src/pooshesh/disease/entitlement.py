"""What a person's tag of one disease entitles to on a day, by the rules in force that day.

The disease is what is decided about: its tag alone reaches the rules (`disease.facts`), so that
co-payment, share and ceiling of one disease never follow the tag of another.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from pooshesh.policy import facts
from pooshesh.policy.queries import bound_pack
from pooshesh.policy.words import say
from pooshesh.rules.tree import Value

FUND, PACKAGE = "iran.fund", "iran.package"
ASKED = 0  # rial: what is asked is not known here, only on which terms it would be paid


@dataclass(frozen=True, slots=True)
class Entitled:
    """The fund's `step` for a service inside the package, its share and the patient's in percent,
    what is left of the year's ceiling in rial, and the `package`; None: the rules do not say."""

    step: str
    title: str
    percent: int | None
    rest_rial: int | None
    package: str
    package_title: str

    @property
    def patient_percent(self) -> int | None:
        """The co-payment of the disease's services."""
        return None if self.percent is None else 100 - self.percent


def entitled(person_id: UUID, disease: str, on: dt.date, *, used_rial: int = 0) -> Entitled:
    """Decide by `iran.fund` and `iran.package`; `used_rial` was paid to the person that year.

    The person is a surviving record. Raises Invalid for a broken pack.
    """
    fund = _decided(
        FUND, person_id, disease, on,
        {"in_package": True, "asked_rial": ASKED, "used_rial": used_rial},
    )  # fmt: skip
    package = _decided(PACKAGE, person_id, disease, on, {"insured_in": None})
    return Entitled(
        step=str(fund["fund_step"]), title=_title(FUND, "fund_step", fund, on),
        percent=_int(fund["fund_percent"]), rest_rial=_int(fund["fund_rest_rial"]),
        package=str(package["disease_package"]),
        package_title=_title(PACKAGE, "disease_package", package, on),
    )  # fmt: skip


def _decided(
    pack: str, person_id: UUID, disease: str, on: dt.date, given: Mapping[str, object]
) -> Mapping[str, Value]:
    bound = bound_pack(pack, on)
    frame = facts.of_persons(bound, [person_id], about={"disease": disease}, given=given)
    (row,) = frame.drop("person_id", *facts.GROUPS).to_dicts()
    return bound.decide(row).outputs


def _title(pack: str, rule: str, outputs: Mapping[str, Value], on: dt.date) -> str:
    return say(bound_pack(pack, on).pack.rules[rule].codes[str(outputs[rule])])


def _int(value: Value) -> int | None:
    return value if isinstance(value, int) else None
