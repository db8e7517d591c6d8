"""Finding persons by name: typed words → words of the registry → persons.

Each typed word is compared with the vocabulary (`NameWord`): equal, one slip apart, sounding
alike, begun with. The best few stand for it, and a person must carry one of them for every typed
word, which one GIN index answers. What comes back is ranked by likeness to what was typed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from rapidfuzz.distance import JaroWinkler

from pooshesh.kernel.text import latin_key, search_key, skeleton
from pooshesh.people.models import Person
from pooshesh.people.names import LONG_SOUND, slips

LONGEST = 6  # typed words that count
BEGUN = 3  # letters from which the beginning of a word is enough
PER_BEGINNING = 30  # words looked at that begin so, the shortest first
STANDING_FOR = 80  # words of the vocabulary that may stand for a typed one
LEAST = 0.7  # likeness a word needs to stand for a typed one
TIGHT = 0.03  # how much less than the best a word may be in the first round
CANDIDATES = 500  # persons ranked


@dataclass(frozen=True, slots=True)
class Typed:
    """A word as typed, folded; `forms`: in Persian letters alone and joined with each neighbour
    («محمد رضا» is also «محمدرضا»); `sound`: its skeleton."""

    word: str
    forms: tuple[str, ...]
    sound: str


persian = lru_cache(maxsize=200_000)(latin_key)


def typed_words(text: str) -> list[Typed]:
    """The words of a search text; Latin ones are compared by sound."""
    words = search_key(text).split()[:LONGEST]
    if not words:
        return []
    pairs = ["", *(a + b for a, b in pairwise(words)), ""]
    return [
        Typed(word, tuple(persian(form) for form in (word, before, after) if form), skeleton(word))
        for word, before, after in zip(words, pairs[:-1], pairs[1:], strict=True)
    ]


def likeness(typed: Typed, word: str, heard: str) -> float:
    """How well a word of the vocabulary (`heard`: its skeleton) answers a typed one, 0–1."""
    if word == typed.word:
        return 1.0
    if word in typed.forms:
        return 0.98
    if len(typed.word) >= BEGUN and word.startswith(typed.word):
        return 0.8 + 0.15 * len(typed.word) / len(word)
    spelt = max(JaroWinkler.similarity(form, persian(word)) for form in typed.forms)
    if typed.sound == heard:
        return 0.8 + 0.15 * spelt
    if len(heard) >= LONG_SOUND:
        spelt = max(spelt, 0.95 * JaroWinkler.similarity(typed.sound, heard))
    return 0.95 * spelt


_VOCABULARY = """
    select t.place, n.word, n.skeleton
    from unnest(%(slips)s::varchar[], %(places)s::int[]) as t(slip, place)
    join people_nameword n on n.slips @> array[t.slip]
    union
    select t.place, n.word, n.skeleton
    from unnest(%(words)s::text[]) with ordinality as t(typed, place)
    cross join lateral (
        select word, skeleton from people_nameword
        where length(t.typed) >= %(begun)s
              and word >= t.typed and word < t.typed || chr(1114111)
        order by length(word), word limit %(limit)s
    ) as n
"""


def meant(words: Sequence[Typed]) -> list[dict[str, float]]:
    """For each typed word the words of the registry that may be meant, with their likeness."""
    met = sorted(
        {
            (slip, at)
            for at, typed in enumerate(words, 1)
            for form in typed.forms
            for slip in slips(form, typed.sound)
        }
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _VOCABULARY,
            {
                "slips": [slip for slip, _ in met],
                "places": [at for _, at in met],
                "words": [typed.forms[0] for typed in words],
                "begun": BEGUN,
                "limit": PER_BEGINNING,
            },
        )
        found = cursor.fetchall()
    answers = []
    for place, typed in enumerate(words, 1):
        scored = {
            word: score
            for at, word, heard in found
            if at == place and (score := likeness(typed, word, heard)) >= LEAST
        }
        best = sorted(scored, key=lambda word: -scored[word])[:STANDING_FOR]
        answers.append({word: scored[word] for word in best})
    return answers


def by_name(rows: QuerySet[Person], text: str, limit: int) -> list[tuple[Person, float]]:
    """Persons among `rows` whose names answer the text, best first, with their likeness 0–1."""
    words = typed_words(text)
    answers = meant(words) if words else []
    if not answers or not all(answers):
        return []
    found = bearing(rows, [_best(answer) for answer in answers])
    if len(found) < limit:
        found |= bearing(rows, answers)
    likely = {name.pk: score(name, answers) for name in found}
    best = sorted(found, key=lambda name: (-likely[name.pk], name.sort_key))[:limit]
    persons = rows.in_bulk([name.pk for name in best])
    return [(persons[name.pk], likely[name.pk]) for name in best]


def _best(answer: Mapping[str, float]) -> list[str]:
    least = max(answer.values()) - TIGHT
    return [word for word, likely in answer.items() if likely >= least]


class Name(NamedTuple):
    """What ranking needs of a person; the rest is read for the few that are shown."""

    pk: UUID
    words: tuple[str, ...]
    search_key: str
    sort_key: str


def bearing(rows: QuerySet[Person], answers: Iterable[Iterable[str]]) -> set[Name]:
    """Some persons who carry one word of each answer."""
    for answer in answers:
        rows = rows.filter(words__overlap=list(answer))
    columns = rows.select_related(None).values_list("pk", "words", "search_key", "sort_key")
    return {Name(pk, tuple(words), *keys) for pk, words, *keys in columns[:CANDIDATES]}


def score(name: Name, answers: Sequence[Mapping[str, float]]) -> float:
    """The mean likeness of the best words, a little less for names nobody typed."""
    best = [max(answer.get(word, 0.0) for word in name.words) for answer in answers]
    spoken = len(name.search_key.split())
    return sum(best) / len(best) - 0.01 * max(0, spoken - len(answers))
