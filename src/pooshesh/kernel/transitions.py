"""State machines as tables: what may follow what, shown in the documentation from the same rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pooshesh.kernel.errors import Invalid, explain, gettext_noop

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

explain(
    {
        "transition.refused": gettext_noop(
            "“%(verb)s” is not possible in the state “%(state)s”; possible now: %(allowed)s."
        ),
        "transition.final": gettext_noop(
            "“%(verb)s” is not possible: “%(state)s” is a final state."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Transition:
    """`verb` leads from any of `sources` to `target`; `permission` is what the actor must hold."""

    verb: str
    sources: tuple[str, ...]
    target: str
    title: "StrOrPromise"
    permission: str = ""


class Row(NamedTuple):
    """One line of the documentation: titles as shown to people, in the active language."""

    verb: str
    title: str
    sources: tuple[str, ...]
    target: str
    permission: str


class Machine:
    """A checked table of transitions. The first state is the one things start in.

    Raises ValueError at construction for an unknown or unreachable state, or for a verb that could
    lead two ways out of one state.
    """

    def __init__(
        self, states: Mapping[str, "StrOrPromise"], transitions: Sequence[Transition]
    ) -> None:
        self.states = dict(states)
        self.transitions = tuple(transitions)
        self.initial = next(iter(self.states))
        self._steps: dict[tuple[str, str], Transition] = {}
        for transition in self.transitions:
            for source in transition.sources:
                self._add(source, transition)
        unreachable = self.states.keys() - self._reachable()
        if unreachable:
            raise ValueError(f"states nothing leads to: {sorted(unreachable)}")

    def next(self, state: str, verb: str) -> str:
        """The state after `verb`. Raises Invalid naming the state and what is possible in it."""
        return self.transition(state, verb).target

    def transition(self, state: str, verb: str) -> Transition:
        """The row that applies, for its title and permission. Raises Invalid as `next` does."""
        found = self._steps.get((state, verb))
        if found is None:
            raise self._refusal(state, verb)
        return found

    def verbs(self, state: str) -> list[str]:
        """What is possible in a state, in the order of the table; empty for a final state."""
        return [transition.verb for transition in self._from(state)]

    def table(self) -> list[Row]:
        return [
            Row(
                transition.verb,
                str(transition.title),
                tuple(str(self.states[source]) for source in transition.sources),
                str(self.states[transition.target]),
                transition.permission,
            )
            for transition in self.transitions
        ]

    def _from(self, state: str) -> list[Transition]:
        if state not in self.states:
            raise KeyError(state)
        return [transition for transition in self.transitions if state in transition.sources]

    def _add(self, source: str, transition: Transition) -> None:
        unknown = {source, transition.target} - self.states.keys()
        if unknown:
            raise ValueError(f"{transition.verb}: unknown states {sorted(unknown)}")
        if (source, transition.verb) in self._steps:
            raise ValueError(f"{transition.verb}: two ways out of {source}")
        self._steps[source, transition.verb] = transition

    def _reachable(self) -> set[str]:
        reached, frontier = {self.initial}, [self.initial]
        while frontier:
            targets = {transition.target for transition in self._from(frontier.pop())}
            frontier.extend(targets - reached)
            reached |= targets
        return reached

    def _refusal(self, state: str, verb: str) -> Invalid:
        possible = tuple(transition.title for transition in self._from(state))
        titles = {transition.verb: transition.title for transition in self.transitions}
        said = titles.get(verb, verb)
        if not possible:
            return Invalid("transition.final", verb=said, state=self.states[state])
        return Invalid("transition.refused", verb=said, state=self.states[state], allowed=possible)
