"""Rules of cover as data: load a pack, bind it to a day, decide, trace, explain.

    pack = load_pack(list_packs()["iran"])
    bound = bind(pack, datetime.date(2022, 2, 11))
    decision = bound.decide(facts)
    explain(trace(bound, facts), "fa")

Pure: no database, no clock, no network; it reads only the pack's files. See docs/en/rules.md.
"""

from .bind import BoundPack, Decision, bind
from .cases import CaseResult, run_cases
from .errors import Defect, FactError, PackError
from .explain import Explanation, explain
from .load import list_packs, load_pack
from .pack import Fact, Pack, required_facts
from .trace import Trace, trace

__all__ = [
    "BoundPack", "CaseResult", "Decision", "Defect", "Explanation", "Fact", "FactError", "Pack",
    "PackError", "Trace", "bind", "explain", "list_packs", "load_pack", "required_facts",
    "run_cases", "trace",
]  # fmt: skip
