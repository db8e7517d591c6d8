"""Run the examples that a pack carries: they are its tests and its documentation."""

from dataclasses import dataclass

from .bind import bind
from .errors import PackError
from .pack import Case, Pack
from .tree import Value


@dataclass(frozen=True)
class CaseResult:
    """`wrong` maps an output to (expected, decided); `error` is set when no decision was made."""

    case: Case
    wrong: dict[str, tuple[Value, Value]]
    reasons: tuple[str, ...]
    error: PackError | None = None

    @property
    def passed(self) -> bool:
        same_reasons = set(self.reasons) == set(self.case.reasons)
        return self.error is None and not self.wrong and same_reasons


def run_cases(pack: Pack) -> list[CaseResult]:
    """Decide every case of the pack on its day; one result each, in the pack's order."""
    return [_run(pack, case) for case in pack.cases]


def _run(pack: Pack, case: Case) -> CaseResult:
    try:
        decision = bind(pack, case.on).decide(case.facts)
    except PackError as error:
        return CaseResult(case, {}, (), error)
    wrong = {
        name: (expected, decision.outputs[name])
        for name, expected in case.outputs.items()
        if decision.outputs[name] != expected
    }
    return CaseResult(case, wrong, decision.reasons)
