"""The questionnaire of needs as data, and what answers mean: pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "data" / "needs.yaml"
WORST, SEVERE = 4, 3  # of the scale from 0


@dataclass(frozen=True)
class Question:
    """One question; answered from 0 (no need) to 4 (severe)."""

    code: str
    fa: str
    en: str

    def say(self, language: str) -> str:
        return self.fa if language == "fa" else self.en


@dataclass(frozen=True)
class Section:
    """Questions of one subject."""

    fa: str
    en: str
    questions: tuple[Question, ...]

    def say(self, language: str) -> str:
        return self.fa if language == "fa" else self.en


@dataclass(frozen=True)
class Questionnaire:
    """A version of the questions."""

    version: str
    sections: tuple[Section, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(q for section in self.sections for q in section.questions)


@cache
def questionnaire() -> Questionnaire:
    """The questions in use."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Questionnaire(
        read["version"],
        tuple(
            Section(
                one["fa"], one["en"],
                tuple(Question(q["code"], q["fa"], q["en"]) for q in one["questions"]),
            )
            for one in read["sections"]
        ),
    )  # fmt: skip


def severe(answers: Mapping[str, int]) -> list[str]:
    """Codes of the questions answered as a severe need, the worst first."""
    return sorted((c for c, a in answers.items() if a >= SEVERE), key=lambda c: (-answers[c], c))


@dataclass(frozen=True)
class Need:
    """How many of the places asked have a severe need."""

    question: Question
    severe: int  # neighbourhoods
    asked: int  # neighbourhoods that answered

    @property
    def share(self) -> float | None:
        return self.severe / self.asked if self.asked else None


def ranked(all_answers: Iterable[Mapping[str, int]]) -> list[Need]:
    """Each question over all places, the most widespread severe need first, unasked ones last."""
    held = list(all_answers)
    needs = [
        Need(
            question,
            sum(answers.get(question.code, -1) >= SEVERE for answers in held),
            sum(question.code in answers for answers in held),
        )
        for question in questionnaire().questions
    ]
    return sorted(needs, key=lambda n: (n.share is None, -(n.share or 0), n.question.code))
