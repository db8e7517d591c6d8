"""The rules of pack `iran` in OpenFisca-core, for `bench/decide.py`; needs openfisca-core, polars.

    python bench/openfisca_peer.py FOLDER

Reads the same Parquet tables, decides cover, fund, share and premium by vectorised formulas of one
period, writes them to Parquet, prints CPU seconds and peak memory as JSON. It gives no reasons, and
its amounts are float32, as OpenFisca has them.
"""

import datetime as dt
import json
import resource
import sys
from pathlib import Path

import numpy as np
import polars as pl
from openfisca_core import entities, periods, taxbenefitsystems, variables
from openfisca_core.simulations import SimulationBuilder

PERIOD, DAY = "2025-03-21", dt.date(2025, 3, 21)
SHARES = np.array([-1, 0, 0, 0, 0, 0, 20, 30, 40, 50, 100], np.float32)  # by decile, -1 unknown
PREMIUM = np.float32(28_296_000)
STATUSES = ["none", "identified", "regularised", "refugee", "refugee_supported"]
RELATIONS = ["head", "spouse", "child", "parent", "other"]
(NOT_OURS, DEPENDANT, REGULARISE, FREE, PAYS, UNKNOWN, NEEDS_DECILE) = range(7)

Person = entities.Entity("person", "persons", "", "")
Household = entities.GroupEntity("household", "households", "", "", roles=[{"key": "member"}])


def share_of_status(person, period):
    status = person("status", period)
    return np.select([status == 3, status == 4], [100, 0], -1)


def share_of_decile(person, period):
    return SHARES[np.maximum(person.household("decile", period), 0)]


def decide(person, period):
    household, relation = person.household, person("relation", period)
    foreigner, share = person("foreign", period) == 1, person("foreign_share", period)
    lawful = foreigner & (person("lawful", period) == 1) & (person("status", period) >= 2)
    mine = person("decile_share", period)
    return np.select(
        [
            person("insured_elsewhere", period) == 1,
            household("outside_principal", period) & ((relation == 1) | (relation == 2)),
            foreigner & ~lawful, lawful & (share == 0), lawful & (share > 0), lawful,
            household("programme", period) == 1, household("decile", period) < 1, mine < 0,
            mine == 0,
        ],
        [NOT_OURS, DEPENDANT, REGULARISE, FREE, PAYS, UNKNOWN, FREE, NEEDS_DECILE, UNKNOWN, FREE],
        PAYS,
    )  # fmt: skip


def fund(person, period):
    decided = person("decision", period)
    insured = (decided == FREE) | (decided == PAYS)
    return np.where(insured, np.where(person("foreign", period) == 1, 2, 1), 0)


def percent(person, period):
    decided, foreigner = person("decision", period), person("foreign", period) == 1
    share = np.where(foreigner, person("foreign_share", period), person("decile_share", period))
    return np.where(decided == FREE, 0, np.where(decided == PAYS, share, -1))


def variable(name, entity=Person, kind=int, formula=None):
    """A variable of OpenFisca: given, or computed by a formula."""
    body = {"value_type": kind, "entity": entity, "definition_period": periods.DateUnit.ETERNITY}
    return type(name, (variables.Variable,), body | ({"formula": formula} if formula else {}))


PERSONAL = ("foreign", "status", "lawful", "insured_elsewhere", "principal", "relation")
INPUTS = (
    *(variable(name) for name in PERSONAL),
    variable("decile", Household),
    variable("programme", Household),
    variable("outside_principal", Household, bool,
             lambda home, period: home.any(home.members("principal", period))),
    variable("foreign_share", kind=float, formula=share_of_status),
    variable("decile_share", kind=float, formula=share_of_decile),
)  # fmt: skip
OUTPUTS = (
    variable("decision", formula=decide),
    variable("scheme", formula=fund),
    variable("premium_percent", kind=float, formula=percent),
    variable("premium_rial", kind=float,
             formula=lambda person, period: np.where(person("scheme", period) == 1, PREMIUM, -1)),
)  # fmt: skip


def main(folder: Path) -> None:
    system = taxbenefitsystems.TaxBenefitSystem([Person, Household])
    for one in (*INPUTS, *OUTPUTS):
        system.add_variable(one)
    people = pl.read_parquet(folder / "people.parquet")
    homes = pl.read_parquet(folder / "households.parquet").join(
        pl.read_parquet(folder / "places.parquet"), on="place_id", maintain_order="left"
    )
    homes = homes.join(people, on="household_id", how="semi")  # it knows no empty household
    size, builder = people.height, SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", people["person_id"].to_numpy())
    built = builder.declare_entity("household", homes["household_id"].to_numpy())
    builder.join_with_persons(built, people["household_id"].to_numpy(), ["member"] * size)
    simulation = builder.build(system)

    def number(name, codes):
        return people[name].replace_strict(codes, range(len(codes))).to_numpy()

    until = people["lawful_until"]
    facts = {
        "foreign": (people["nationality"] == "foreign").to_numpy(),
        "status": number("foreign_status", STATUSES),
        "lawful": (
            (people["lawful_from"] <= DAY).fill_null(False)
            & ((until > DAY).fill_null(True))
        ).to_numpy(),
        "insured_elsewhere": people["other_insurer_code"].is_not_null().to_numpy(),
        "principal": people["other_insurer_principal"].to_numpy(),
        "relation": number("relation", RELATIONS),
        "decile": homes["decile"].fill_null(-1).to_numpy(),
        "programme": homes["programme_resident"].to_numpy(),
    }  # fmt: skip
    for name, values in facts.items():
        simulation.set_input(name, PERIOD, values.astype(np.int32))
    made = {one.__name__: simulation.calculate(one.__name__, PERIOD) for one in OUTPUTS}
    pl.DataFrame({"person_id": people["person_id"], **made}).write_parquet(folder / "peer.parquet")


if __name__ == "__main__":
    start = resource.getrusage(resource.RUSAGE_SELF)
    main(Path(sys.argv[1]))
    end = resource.getrusage(resource.RUSAGE_SELF)
    cpu = end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime
    print(json.dumps({"cpu": cpu, "memory": end.ru_maxrss // 1024}))
