"""Draw a neighbourhood: a messy household census, two insurers' rolls, and the truth.

    python -m pooshesh.people.synthetic.neighbourhood OUT --profile careless --seed 3

Writes census.csv, roll_ihio.csv, roll_sso.csv and truth.csv. The people do not exist; names come
from names.toml. The same arguments give the same files on every machine.
"""

import argparse
import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate
from pathlib import Path

import polars as pl

from pooshesh.people.synthetic.mistakes import latin, mistyped, respelt, shortened, slipped

TODAY = 1400  # nobody is born after this Jalali year, nor after the day below
ON = (1400, 11, 22)  # the day of the census; nobody is written down who is born later
FOREIGN_IN_ROLLS = 0.33
COVERED_HOMES, COVERED_OTHERS = 0.12, 0.15  # whole households on a roll; then single members
SOCIAL_SECURITY = 0.35
KEPT_AS_TYPED = 0.25  # share of roll rows that were themselves captured carelessly
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
COLUMNS = ("first_name", "last_name", "father_name", "birth_date", "national_id", "foreign_id",
           "sex", "postal_code", "mobile")  # fmt: skip
DOUBLES = (0.96, 0.03, 0.01)  # once, twice, three times in the census


@dataclass(frozen=True)
class Errors:
    """Share of records in which each thing goes wrong when a person is written down."""

    typo: float = 0.07
    variant: float = 0.30
    shortened: float = 0.07
    swapped: float = 0.008
    latin: float = 0.35  # of foreign nationals
    no_father: float = 0.12
    no_first: float = 0.004
    no_birth: float = 0.03
    year_only: float = 0.05
    year_only_foreign: float = 0.20
    birth_slip: float = 0.06
    no_national_id: float = 0.16
    id_slip: float = 0.02
    lost_zeros: float = 0.05
    persian_digits: float = 0.04
    parents_id: float = 0.004
    dummy_id: float = 0.002
    pseudo_id: float = 0.20  # of foreign nationals
    no_foreign_id: float = 0.30
    no_sex: float = 0.01
    wrong_sex: float = 0.005
    moved: float = 0.12
    no_postal: float = 0.35
    other_mobile: float = 0.35
    no_mobile: float = 0.25


@dataclass(frozen=True)
class Profile:
    """A kind of neighbourhood: who lives there and how well the sheets were filled."""

    errors: Errors
    foreign: float = 0.33


FLAWLESS = Errors(**{field.name: 0.0 for field in fields(Errors)})
PROFILES = {
    "usual": Profile(Errors()),
    "few_ids": Profile(Errors(no_national_id=0.40, no_foreign_id=0.55, id_slip=0.03)),
    "latin": Profile(Errors(latin=0.70, year_only_foreign=0.30), foreign=0.55),
    "careless": Profile(
        Errors(typo=0.14, shortened=0.10, birth_slip=0.10, no_father=0.20, no_mobile=0.35)
    ),
    "tidy": Profile(Errors(typo=0.02, variant=0.5, no_national_id=0.05), foreign=0.10),
}


@dataclass(frozen=True)
class Person:
    number: int
    household: int
    relation: str
    first: str
    last: str
    father: str
    birth: tuple[int, int, int]
    male: bool
    foreign: bool
    national_id: str
    foreign_id: str
    postal: str
    mobile: str
    parents_id: str


@dataclass(frozen=True)
class Neighbourhood:
    """Frames as written to disk: `census`, `rolls` by insurer code, `truth`; cells are text."""

    census: pl.DataFrame
    rolls: dict[str, pl.DataFrame]
    truth: pl.DataFrame


class NamePool:
    """Names to draw from, frequent ones first (Zipf)."""

    def __init__(self, names: Sequence[str], exponent: float) -> None:
        self.names = list(dict.fromkeys(names))
        self.cumulative = list(
            accumulate((rank + 6) ** -exponent for rank in range(len(self.names)))
        )

    def draw(self, rng: random.Random) -> str:
        return rng.choices(self.names, cum_weights=self.cumulative)[0]


class Names:
    """Given names and surnames of one origin."""

    def __init__(self, male: NamePool, female: NamePool, surname: NamePool) -> None:
        self.male, self.female, self.surname = male, female, surname


def load_names() -> tuple[Names, Names]:
    """Iranian and Afghan names, the latter half of surnames and compounds composed by rule."""
    lists = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
    iran = {key: text.split() for key, text in lists["iranian"].items()}
    afghan = {key: text.split() for key, text in lists["afghan"].items()}
    compounds = [a + b for a in ("محمد", "علی", "امیر", "سید ") for b in iran["male"][:40]]
    surnames = _cross(iran["surname_stems"], iran["surname_endings"])
    placed = [f"{name} {place}" for name in surnames for place in iran["surname_places"]]
    random.Random(0).shuffle(placed)
    iranian = Names(
        NamePool(iran["male"] + compounds, 1.3),
        NamePool(iran["female"], 1.25),
        NamePool(surnames + placed, 1.05),
    )
    composed = _cross(afghan["male_beginnings"], afghan["male_endings"])
    composed += _cross(["عبدال"], afghan["servant_of"])
    stems = _cross(afghan["surname_stems"], afghan["surname_endings"])
    return iranian, Names(
        NamePool(afghan["male"] + composed, 1.2),
        NamePool(afghan["female"], 1.2),
        NamePool(afghan["surnames"] + stems, 1.1),
    )


def _cross(stems: Sequence[str], endings: Sequence[str]) -> list[str]:
    return [stem + ending for ending in endings for stem in stems]


def national_id(rng: random.Random) -> str:
    """Ten digits with a right check digit."""
    digits = f"{rng.randrange(1_000_000, 1_000_000_000):09}"
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
    return digits + str(rest if rest < 2 else 11 - rest)


def birth(rng: random.Random, year: int, foreign: bool) -> tuple[int, int, int]:
    """A Jalali day; many are registered on the first of the year."""
    if rng.random() < (0.33 if foreign else 0.03):
        return year, 1, 1
    month = rng.randint(1, 12)
    day = rng.randint(1, 31 if month <= 6 else 30 if month < 12 else 29)
    return min((year, month, day), ON)


def mobile(rng: random.Random) -> str:
    return f"09{rng.randrange(10**9):09}"


def postal(rng: random.Random) -> str:
    return str(rng.randrange(1_100_000_000, 10**10))


def household(
    rng: random.Random, number: int, first: int, names: Names, foreign: bool
) -> Iterator[Person]:
    """The members of one household, numbered from `first`; the head comes first."""
    size = min(1 + sum(rng.random() < 0.35 for _ in range(8)), 9)
    head_male = rng.random() < 0.85
    head = (names.male if head_male else names.female).draw(rng)
    surname, post, phone = names.surname.draw(rng), postal(rng), mobile(rng)
    head_birth = rng.randint(1330, 1378)
    father_name = head if head_male else names.male.draw(rng)
    head_id = "" if foreign else national_id(rng)
    borne: list[str] = []
    for place in range(size):
        relation = ("head", "spouse")[place] if place < 2 else "child"
        male = (head_male, not head_male)[place] if place < 2 else rng.random() < 0.51
        year = head_birth + (rng.randint(-6, 6) if place == 1 else 0)
        if place >= 2:
            year = min(head_birth + 20 + 3 * (place - 2) + rng.randint(0, 2), TODAY)
        given = head
        while place and given in borne:  # brothers and sisters never share a name
            given = (names.male if male else names.female).draw(rng)
        borne.append(given)
        has_code = foreign and rng.random() < 0.55
        yield Person(
            number=first + place,
            household=number,
            relation=relation,
            first=given,
            last=names.surname.draw(rng) if place == 1 else surname,
            father=names.male.draw(rng) if place < 2 else father_name,
            birth=birth(rng, year, foreign),
            male=male,
            foreign=foreign,
            national_id=head_id if place == 0 else "" if foreign else national_id(rng),
            foreign_id=str(rng.randrange(10**11, 10**12)) if has_code else "",
            postal=post,
            mobile=phone,
            parents_id=head_id if place >= 2 else "",
        )


def written_names(person: Person, errors: Errors, rng: random.Random) -> list[str]:
    """First, last and father's name as the field worker writes them."""
    names = [person.first, person.last, person.father]
    names = [shortened(name) if rng.random() < errors.shortened else name for name in names]
    names = [mistyped(name, rng) if rng.random() < errors.typo else name for name in names]
    if rng.random() < errors.swapped:
        names[0], names[1] = names[1], names[0]
    if person.foreign and rng.random() < errors.latin:
        names = [latin(name, rng) for name in names]
    else:
        names = [respelt(name, rng) if rng.random() < errors.variant else name for name in names]
    if rng.random() < errors.no_father:
        names[2] = ""
    if rng.random() < errors.no_first:
        names[0] = ""
    return names


def written_birth(person: Person, errors: Errors, rng: random.Random) -> str:
    year, month, day = person.birth
    if rng.random() < errors.no_birth:
        return ""
    if rng.random() < (errors.year_only_foreign if person.foreign else errors.year_only):
        return str(year)
    if rng.random() < errors.birth_slip:
        slip = rng.randrange(4)
        year += rng.choice((-10, -2, -1, 1, 2, 10)) if slip == 0 else 0
        day = rng.randint(1, 29) if slip == 1 else day
        month, day = (day, month) if slip == 2 and day <= 12 and month <= 29 else (month, day)
        month, day = (rng.randint(1, 12), min(day, 29)) if slip == 3 else (month, day)
    year, month, day = min((year, month, day), ON)
    return f"{year}/{month:02}/{day:02}"


def written_ids(person: Person, errors: Errors, phone: str, rng: random.Random) -> list[str]:
    """National and foreign ID cells; foreign nationals without one may get a pseudo-ID."""
    national, foreign = person.national_id, person.foreign_id
    if rng.random() < errors.no_national_id:
        national = ""
    if national and rng.random() < errors.id_slip:
        national = slipped(national, rng)
    if person.parents_id and rng.random() < errors.parents_id:
        national = person.parents_id
    if rng.random() < errors.dummy_id:
        national = "1111111111"
    if rng.random() < errors.no_foreign_id:
        foreign = ""
    if person.foreign and not foreign and rng.random() < errors.pseudo_id:
        passport = f"{rng.randrange(10**6, 10**8):010}"
        national = phone[1:] if phone and rng.random() < 0.5 else passport
    if rng.random() < errors.lost_zeros:
        national = national.lstrip("0")
    if rng.random() < errors.persian_digits:
        national = national.translate(PERSIAN_DIGITS)
    return [national, foreign]


def written(person: Person, errors: Errors, rng: random.Random) -> list[str]:
    """One line of a sheet: the cells of `COLUMNS`."""
    sex = "M" if person.male != (rng.random() < errors.wrong_sex) else "F"
    code = postal(rng) if rng.random() < errors.moved else person.postal
    phone = mobile(rng) if rng.random() < errors.other_mobile else person.mobile
    phone = "" if rng.random() < errors.no_mobile else phone
    return [
        *written_names(person, errors, rng),
        written_birth(person, errors, rng),
        *written_ids(person, errors, phone, rng),
        "" if rng.random() < errors.no_sex else sex,
        "" if rng.random() < errors.no_postal else code,
        phone,
    ]


def draw(
    seed: int, profile: Profile, residents: int = 12_000, insured_elsewhere: int = 110_000
) -> Neighbourhood:
    """A census of `residents` persons and two rolls that also hold `insured_elsewhere` others."""
    rng = random.Random(seed)
    names = load_names()
    here = list(population(rng, names, profile.foreign, residents, 0))
    away = list(population(rng, names, FOREIGN_IN_ROLLS, insured_elsewhere, len(here)))
    insured = covered(rng, here) + away
    rng.shuffle(insured)
    social = {home for home in {p.household: 0 for p in insured} if rng.random() < SOCIAL_SECURITY}
    rolls = {
        "ihio": [person for person in insured if person.household not in social],
        "sso": [person for person in insured if person.household in social],
    }
    sheet = census_sheet(rng, here)
    place = {
        person.number: (insurer, str(row))
        for insurer, roll in rolls.items()
        for row, person in enumerate(roll, 1)
    }
    number: dict[int, str] = {}
    lines = [
        [
            number.setdefault(p.household, str(len(number) + 1)),
            p.relation,
            *written(p, profile.errors, rng),
        ]
        for p in sheet
    ]
    truth = [[str(p.number), *place.get(p.number, ("", "")), str(int(p.foreign))] for p in sheet]
    return Neighbourhood(
        census=frame("census_row", ["household", "relation", *COLUMNS], lines),
        rolls={
            insurer: frame(
                "roll_row",
                COLUMNS,
                [
                    written(p, profile.errors if rng.random() < KEPT_AS_TYPED else FLAWLESS, rng)
                    for p in roll
                ],
            )
            for insurer, roll in rolls.items()
        },
        truth=frame("census_row", ["person", "roll", "roll_row", "foreign"], truth),
    )


def population(
    rng: random.Random, names: tuple[Names, Names], foreign: float, size: int, first: int
) -> Iterator[Person]:
    """Whole households until there are `size` people, numbered from `first`."""
    end, home = first + size, first
    while first < end:
        stranger = rng.random() < foreign
        for person in household(rng, home, first, names[stranger], stranger):
            yield person
            first += 1
        home = first


def covered(rng: random.Random, residents: Sequence[Person]) -> list[Person]:
    """The residents who are on a roll: some whole households and some single members."""
    homes = {home for home in {p.household: 0 for p in residents} if rng.random() < COVERED_HOMES}
    return [p for p in residents if p.household in homes or rng.random() < COVERED_OTHERS]


def census_sheet(rng: random.Random, residents: Sequence[Person]) -> list[Person]:
    """Residents in the order of the sheet, household by household, some of them more than once."""
    homes: dict[int, list[Person]] = {}
    for person in residents:
        times = rng.choices((1, 2, 3), DOUBLES)[0]
        homes.setdefault(person.household, []).extend([person] * times)
    order = list(homes.values())
    rng.shuffle(order)
    for home in order:
        rng.shuffle(home)
    return [person for home in order for person in home]


def frame(number: str, columns: Sequence[str], lines: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Text cells, empty ones null, under `columns`, after a row number from 1."""
    cells = pl.DataFrame(lines, schema=dict.fromkeys(columns, pl.String), orient="row")
    rows = pl.int_range(1, len(lines) + 1).cast(pl.String).alias(number)
    return cells.select(rows, pl.all().replace("", None))


def write(place: Neighbourhood, folder: Path) -> None:
    """Save as census.csv, truth.csv and one roll_INSURER.csv each; makes the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    place.census.write_csv(folder / "census.csv")
    place.truth.write_csv(folder / "truth.csv")
    for insurer, roll in place.rolls.items():
        roll.write_csv(folder / f"roll_{insurer}.csv")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--profile", choices=PROFILES, default="usual")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    place = draw(arguments.seed, PROFILES[arguments.profile])
    write(place, arguments.out)


if __name__ == "__main__":
    main()
