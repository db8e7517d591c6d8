"""Patients who do not exist, each with a file for life and an application somewhere on its way.

They come by COPY, in the order in which they applied, as a clerk would have written them.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Model

from pooshesh.coverage import codes
from pooshesh.disease.models import Claim, ClaimStep, Disease, Tag, TagStep, TagTerm
from pooshesh.disease.tags import FIELD, usual_end
from pooshesh.disease.terms import APPEAL_DAYS, CLAIM_DAYS
from pooshesh.fund.applications import ASKED_DAYS
from pooshesh.fund.models import Application, ApplicationStep, PatientFile, State, Why
from pooshesh.funnel.figures.plan import (
    DISEASES,
    FIRST,
    LAST,
    OF_CHILDREN,
    STATES,
    TEHRAN,
    Plan,
    moment,
    shared,
)
from pooshesh.funnel.reported import LORESTAN
from pooshesh.kernel.bulk import copy_in
from pooshesh.kernel.calendar import from_jalali
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Kind, national_check_digit
from pooshesh.kernel.ids import uuid7s
from pooshesh.people import matchkeys
from pooshesh.people.models import (
    Death,
    Decile,
    Household,
    Identifier,
    MatchKeys,
    Membership,
    Person,
)
from pooshesh.people.registration import NameKeys, keep_words
from pooshesh.people.synthetic.neighbourhood import NamePool, load_names
from pooshesh.places.models import Area

SOURCE = "figures"  # with a number: where a person of the demo comes from
MADE_UP = "داده ساختگی نمایشی"
CHANNELS = {"portal": 46, "desk": 26, "clinic": 19, "bulk": 9}
#: Of patients of the fund; those of high income rarely apply.
DECILES = {1: 17, 2: 16, 3: 14, 4: 12, 5: 11, 6: 9, 7: 8, 8: 6, 9: 5, 10: 2}
#: How many days something stands where it stands that nobody has ended, and how often.
WAITS = ((30, 18), (90, 22), (180, 20), (365, 20), (900, 20))
GROUNDS = ("not_proven", "criteria", "another")
NINE = 6_180_339  # national IDs are so far apart
NOBODY = UUID(int=0)
Row = tuple[object, ...]
Tell = Callable[[int], None]


@dataclass(slots=True)
class Applicant:
    """A patient who does not exist, and where their application stands."""

    province: str
    disease: str
    state: State
    applied: dt.datetime
    since: dt.datetime
    place: Area
    number: int = 0
    first: str = ""
    last: str = ""
    father: str = ""
    sex: str = ""
    born: dt.date = FIRST
    person: UUID = NOBODY
    file: UUID = NOBODY
    application: UUID = NOBODY
    claim: UUID = NOBODY
    tag: UUID = NOBODY
    tag_until: dt.date | None = None

    @property
    def tag_from(self) -> dt.date:
        """The first day of the tag."""
        return self.since.astimezone(TEHRAN).date()


def drawn(
    plan: Plan, places: Mapping[str, Sequence[Area]], now: dt.datetime, random: Random
) -> list[Applicant]:
    """Everybody, in the order in which they applied. `places`: where people live, by province."""
    made: list[Applicant] = []
    for province, count in plan.registered.items():
        states = _spread(random, STATES, count)
        diseases = _spread(random, DISEASES, count)
        if province == LORESTAN:
            _exactly(plan.sma, states, diseases)
        weights = [1 / (rank + 1) for rank in range(len(places[province]))]
        homes = random.choices(places[province], weights, k=count)
        for state, disease, home in zip(states, diseases, homes, strict=True):
            made.append(_applicant(province, disease, state, home, now, random))
    made.sort(key=lambda one: one.applied)
    _named(made, random)
    return made


def _spread(random: Random, shares: Mapping[Any, int], count: int) -> list[Any]:
    found = [
        one
        for one, times in zip(shares, shared(count, list(shares.values())), strict=True)
        for _ in range(times)
    ]
    random.shuffle(found)
    return found


def _exactly(sma: int, states: list[State], diseases: list[str]) -> None:
    """So many of Lorestan's SMA patients are tagged; the others wait for the university."""
    had = [place for place, disease in enumerate(diseases) if disease == "SMA"]
    for place in had:
        diseases[place] = "CA"
    tagged = [place for place, state in enumerate(states) if state == State.TAGGED]
    waiting = [place for place, state in enumerate(states) if state == State.VERIFYING]
    for place in [*tagged[:sma], *waiting[: max(len(had) - sma, 1)]]:
        diseases[place] = "SMA"


def _applicant(
    province: str, disease: str, state: State, home: Area, now: dt.datetime, random: Random
) -> Applicant:
    days = (LAST - FIRST).days
    # More and more of them came; SMA patients were among the first.
    day = FIRST + dt.timedelta(int(days * random.random() ** 0.7))
    if disease == "SMA" and state == State.TAGGED:
        day = FIRST + dt.timedelta(random.randrange(90))
    applied = moment(day, random.randrange(8, 20), random.randrange(60))
    last = moment(LAST, 14)
    if state in (State.RECEIVED, State.INCOMPLETE, State.VERIFYING):
        fresh = applied if state == State.RECEIVED else applied + dt.timedelta(days=2)
        since = max(fresh, now - dt.timedelta(days=_waited(random), minutes=random.randrange(600)))
    else:
        since = min(applied + dt.timedelta(days=random.randrange(14, 76)), last)
        since = max(since, applied + dt.timedelta(hours=2))
    return Applicant(province, disease, state, applied, since, home)


def _waited(random: Random) -> float:
    ((most, _share),) = random.choices(WAITS, [share for _days, share in WAITS])
    return random.uniform(most / 3, most)


def _pick(random: Random, pool: NamePool) -> str:
    return random.choices(pool.names, cum_weights=pool.cumulative)[0]


def _named(made: Sequence[Applicant], random: Random) -> None:
    names, _others = load_names()
    for number, (one, ids) in enumerate(zip(made, _ids(len(made)), strict=True), 1):
        one.number = number
        one.sex = random.choice("MF")
        one.first = _pick(random, names.male if one.sex == "M" else names.female)
        one.last, one.father = _pick(random, names.surname), _pick(random, names.male)
        year = random.randint(1389, 1400) if one.disease in OF_CHILDREN else _year(random)
        one.born = from_jalali(year, random.randint(1, 6), random.randint(1, 31))
        one.person, one.file, one.application, one.claim, one.tag = ids


def _year(random: Random) -> int:
    return int(random.triangular(1320, 1397, 1350))


def _ids(count: int) -> Iterator[tuple[UUID, ...]]:
    columns = [uuid7s(count) for _ in range(5)]
    return zip(*columns, strict=True)


# --- written ---------------------------------------------------------------------------------


def again(plan: Plan, made: Sequence[Applicant]) -> list[Applicant]:
    """Second applications of patients, for another disease; they wait at the desk."""
    found: list[Applicant] = []
    for province, count in plan.again.items():
        own = [one for one in made if one.province == province and one.disease != "DM"]
        ids = uuid7s(count)
        found += [
            replace(one, disease="DM", state=State.RECEIVED, application=pk, applied=one.since)
            for one, pk in zip(own[-count:] if count else [], ids, strict=True)
        ]
    return found


def write(
    made: Sequence[Applicant], second: Sequence[Applicant], clerk: UUID | None,
    verifier: UUID | None, tell: Tell, random: Random,
) -> None:  # fmt: skip
    """Everybody into the registry and the fund, in the caller's transaction."""
    now = dt.datetime.now(dt.UTC)
    parts: tuple[Callable[[], None], ...] = (
        lambda: _persons(made, now),
        lambda: _match_keys(made),
        lambda: _households(made, now, random),
        lambda: _files(made, clerk, random),
        lambda: _applications([*made, *second], clerk, random),
        lambda: _tags(made, verifier, now),
        lambda: _claims(made, clerk, verifier, random),
    )
    for done, part in enumerate(parts):
        tell(done)
        part()


def actor_of(one: Applicant, who: UUID | None) -> UUID | None:
    """Who did something; the demo's accounts are Lorestan's."""
    return who if one.province == LORESTAN else None


def _copy(model: type[Model], columns: str, rows: Iterable[Row]) -> None:
    copy_in(model, columns.split(), rows)


def _place(one: Applicant) -> Row:
    return one.place.pk, one.place.path, one.province


def _persons(made: Sequence[Applicant], now: dt.datetime) -> None:
    words: set[str] = set()

    def rows() -> Iterator[Row]:
        for one in made:
            keys = NameKeys.of(one.first, one.last)
            words.update(keys.words)
            listed = "{" + ",".join(f'"{word}"' for word in keys.words) + "}"
            yield (one.person, one.first, one.last, one.father, keys.search_key, keys.sort_key,
                   listed, one.sex, one.born, "day", *_place(one), f"{SOURCE}:{one.number}",
                   one.applied)  # fmt: skip

    _copy(Person, "id first_name last_name father_name search_key sort_key words sex birth_date"
          " birth_precision area_id area_path province source created_at", rows())  # fmt: skip
    keep_words(words)
    keys = keyring()
    version = keys.keys[0].version
    _copy(
        Identifier, "id person_id kind grade sealed blind key_version recorded_at",
        (
            (pk, one.person, "national_id", "checksum", keys.seal(value, Kind.NATIONAL_ID),
             keys.index(value, Kind.NATIONAL_ID), version, now)
            for one, pk in zip(made, uuid7s(len(made)), strict=True)
            for value in [national_id(one.number)]
        ),
    )  # fmt: skip


def national_id(number: int) -> str:
    """A number of its own for everybody, with a right check digit."""
    nine = f"99{(number * NINE + 14_213) % 9_999_991:07d}"
    return f"{nine}{national_check_digit(nine)}"


def _match_keys(made: Sequence[Applicant]) -> None:
    version = keyring().keys[0].version
    found = matchkeys.made(
        {
            one.person: {
                "first_name": one.first, "last_name": one.last, "father_name": one.father,
                "birth_date": one.born.isoformat(), "mobile": "",
            }
            for one in made
        }
    )  # fmt: skip
    copy_in(
        MatchKeys, ("person_id", "keys", "version"),
        ((person, matchkeys.array([*of.narrow, *of.wide]), version)
         for person, of in found.items()),
    )  # fmt: skip


def _households(made: Sequence[Applicant], now: dt.datetime, random: Random) -> None:
    """Each lives alone, as nobody said with whom; the decile is that of the household."""
    homes = uuid7s(len(made))
    pairs = list(zip(made, homes, strict=True))
    deciles = random.choices(list(DECILES), list(DECILES.values()), k=len(made))
    known = f"[{now.isoformat()},)"
    since = f"[{FIRST.isoformat()},)"
    _copy(Household, "id area_id area_path province postal_code address created_at",
          ((home, *_place(one), "", "", one.applied) for one, home in pairs))  # fmt: skip
    _copy(Membership, "person_id household_id relation valid recorded",
          ((one.person, home, "head", since, known) for one, home in pairs))  # fmt: skip
    _copy(Decile, "household_id decile source valid recorded",
          ((home, decile, MADE_UP, since, known)
           for home, decile in zip(homes, deciles, strict=True)))  # fmt: skip
    _copy(Death, "person_id on source recorded_at",
          ((one.person, one.since.date(), MADE_UP, one.since) for one in made
           if why(one) == Why.DIED))  # fmt: skip


def why(one: Applicant) -> str:
    """Why an application is closed: every fifth patient died."""
    if one.state != State.CLOSED:
        return ""
    return Why.DIED.value if one.number % 5 == 0 else Why.LAPSED.value


def _files(made: Sequence[Applicant], clerk: UUID | None, random: Random) -> None:
    _copy(PatientFile, "id person_id opened_at opened_by area_id area_path province",
          ((one.file, one.person, one.applied, actor_of(one, clerk), *_place(one))
           for one in made))  # fmt: skip


def _applications(made: Sequence[Applicant], clerk: UUID | None, random: Random) -> None:
    channels = random.choices(list(CHANNELS), list(CHANNELS.values()), k=len(made))
    insured = random.choices(["ours", "other", "none"], [66, 28, 6], k=len(made))
    day = dt.timedelta(days=ASKED_DAYS)
    _copy(
        Application, "id file_id disease_id channel state why received_at since deadline missing"
        " urgent insured note source_row brought_by area_id area_path province",
        (
            (one.application, one.file, one.disease, channel, one.state.value, why(one),
             one.applied, one.since,
             one.since.date() + day if one.state == State.INCOMPLETE else None,
             "{diagnosis}" if one.state == State.INCOMPLETE else "{}", one.number % 29 == 0,
             by, "", "", actor_of(one, clerk) if channel == "desk" else None, *_place(one))
            for one, channel, by in zip(made, channels, insured, strict=True)
        ),
    )  # fmt: skip
    steps = [step for one in made for step in _steps(one)]
    _copy(
        ApplicationStep, "id application_id verb source target text missing deadline actor at",
        (
            (pk, one.application, verb, source, target, text, "{}", None,
             None if verb in ("tag", "refuse", "die") else actor_of(one, clerk), at)
            for pk, (one, verb, source, target, text, at)
            in zip(uuid7s(len(steps)), steps, strict=True)
        ),
    )  # fmt: skip


Step = tuple[Applicant, str, str, str, str, dt.datetime]
ASKED = "گواهی تشخیص پزشک متخصص پیوست نیست؛ لطفاً آن را بیاورید."


def _steps(one: Applicant) -> Iterator[Step]:
    """What happened to an application until it came where it stands."""
    sent = min(one.applied + dt.timedelta(days=3), one.since - dt.timedelta(minutes=30))
    sent = max(sent, one.applied)
    yield one, "apply", "", "received", "", one.applied
    if one.state == State.VERIFYING:
        yield one, "send", "received", "verifying", "", one.since
    elif one.state == State.INCOMPLETE:
        yield one, "return", "received", "incomplete", ASKED, one.since
    elif one.state == State.RECEIVED and one.since > one.applied:
        yield one, "return", "received", "incomplete", ASKED, sent
        yield one, "complete", "incomplete", "received", "", one.since
    elif one.state in (State.TAGGED, State.REFUSED):
        yield one, "send", "received", "verifying", "", sent
        verb = "tag" if one.state == State.TAGGED else "refuse"
        yield one, verb, "verifying", one.state.value, "", one.since
    elif one.state == State.WITHDRAWN:
        yield one, "withdraw", "received", "withdrawn", MADE_UP, one.since
    elif one.state == State.CLOSED and why(one) == Why.DIED:
        yield one, "die", "received", "closed", "", one.since
    elif one.state == State.CLOSED:
        yield one, "return", "received", "incomplete", ASKED, sent
        yield one, "lapse", "incomplete", "closed", "", one.since


def _tags(made: Sequence[Applicant], verifier: UUID | None, now: dt.datetime) -> None:
    """A tag for who was found to have the disease, renewed each year by all but a tenth."""
    diseases = Disease.objects.in_bulk()
    keys, known = keyring(), now.isoformat()
    tagged = [one for one in made if one.state == State.TAGGED]
    today = now.date()
    steps: list[tuple[Applicant, str, dt.date | None, dt.datetime]] = []
    for one in tagged:
        one.tag_until = usual_end(diseases[one.disease], one.tag_from)
        steps.append((one, "issued", one.tag_until, one.since))
        while one.tag_until and one.tag_until <= today and one.number % 10:
            at = moment(one.tag_until - dt.timedelta(days=9), 10)
            one.tag_until = usual_end(diseases[one.disease], one.tag_until)
            steps.append((one, "renewed", one.tag_until, at))
    tokens = [codes.new() for _ in tagged]
    _copy(
        Tag, "id person_id disease_id source registry_number starts ends digest sealed issued_at"
        " area_id area_path province",
        (
            (one.tag, one.person, one.disease, "claim", "", one.tag_from, one.tag_until,
             codes.digest(code), keys.seal(code, FIELD), one.since, *_place(one))
            for one, code in zip(tagged, tokens, strict=True)
        ),
    )  # fmt: skip
    _copy(
        TagTerm, "tag_id person_id disease_id valid recorded",
        (
            (one.tag, one.person, one.disease,
             f"[{one.tag_from.isoformat()},{one.tag_until.isoformat() if one.tag_until else ''})",
             f"[{known},)")
            for one in tagged
        ),
    )  # fmt: skip
    _copy(
        TagStep, "id tag_id verb ends why actor at",
        (
            (pk, one.tag, verb, ends, "", actor_of(one, verifier), at)
            for pk, (one, verb, ends, at) in zip(uuid7s(len(steps)), steps, strict=True)
        ),
    )  # fmt: skip


_CLAIMS = {State.VERIFYING: "waiting", State.TAGGED: "tagged", State.REFUSED: "refused"}


def _claims(
    made: Sequence[Applicant], clerk: UUID | None, verifier: UUID | None, random: Random
) -> None:
    asked = [one for one in made if one.state in _CLAIMS]
    days = dt.timedelta
    rows: list[Row] = []
    steps: list[Row] = []
    for one in asked:
        decided = one.state != State.VERIFYING
        refused = one.state == State.REFUSED
        opened = one.since if not decided else max(one.since - days(days=10), one.applied)
        rows.append(
            (one.claim, one.person, one.disease, one.application, _CLAIMS[one.state], opened,
             opened.date() + days(days=CLAIM_DAYS), one.since if decided else None,
             actor_of(one, verifier) if refused else None,
             one.since.date() + days(days=APPEAL_DAYS) if refused else None,
             one.tag if one.state == State.TAGGED else None, *_place(one))
        )  # fmt: skip
        steps.append((one.claim, "open", "", "", actor_of(one, clerk), opened))
        if decided:
            ground = random.choice(GROUNDS) if refused else ""
            verb, said = ("refuse", MADE_UP) if refused else ("tag", "")
            steps.append((one.claim, verb, ground, said, actor_of(one, verifier), one.since))
    _copy(Claim, "id person_id disease_id origin_id state opened_at due decided_at refused_by"
          " appeal_until tag_id area_id area_path province", rows)  # fmt: skip
    _copy(ClaimStep, "id claim_id verb ground why actor at",
          ((pk, *step) for pk, step in zip(uuid7s(len(steps)), steps, strict=True)))  # fmt: skip
