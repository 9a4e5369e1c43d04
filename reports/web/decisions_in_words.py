"""How a decision's standing looks: a tone, a mark and words, the same on the board, in the graph and on the
track's page; and what is said of a track's gates in few words there.

● approved   ◐ 1 of 2 approvals   ✕ rejected   … deferred   ! approved, stale   ○ not decided
"11 of 12 open, 1 waived"         "since then closed: no test newly broken"
"""

from collections.abc import Collection
from dataclasses import dataclass

from reports.decisions import DecisionStanding
from reports.gates import Gate
from reports.readiness import Readiness
from reports.statuses import APPROVALS, DecisionKind
from reports.wording import decided

_LOOKS = {
    DecisionKind.APPROVED: ("good", "●"),
    DecisionKind.CONDITIONAL: ("good", "●"),
    DecisionKind.REJECTED: ("bad", "✕"),
    DecisionKind.DEFERRED: ("", "…"),
}


@dataclass(frozen=True, slots=True)
class Look:
    tone: str
    mark: str
    text: str


def look_of(standing: DecisionStanding) -> Look:
    words = decided(
        standing.kind,
        is_stale=bool(standing.stale),
        is_approved=standing.is_approved,
        approvals=standing.approvals,
        needed=standing.needed,
    )
    return Look(*_mark(standing), words)


def _mark(standing: DecisionStanding) -> tuple[str, str]:
    """The tone, and the mark."""
    if standing.kind is None:
        return "", "○"
    if standing.stale:
        return "warn", "!"
    if standing.kind in APPROVALS and not standing.is_approved:
        return "info", "◐"
    return _LOOKS[standing.kind]


def look_of_kind(kind: DecisionKind) -> Look:
    """Of one decision, whatever became of it."""
    return Look(*_LOOKS[kind], kind.value)


def by_whom(standing: DecisionStanding) -> str:
    """``by Lena and Leo on 264a9b0``; empty where nobody has decided."""
    if standing.kind is None:
        return ""
    *others, last = standing.who
    who = f"{', '.join(others)} and {last}" if others else last
    return f"by {who} on {standing.sha[:7]}"


def gates_in_words(gates: Collection[Gate]) -> str:
    """How many are open, and how many of these only because they are waived."""
    waived = sum(gate.is_waived for gate in gates)
    said = f"{sum(gate.is_open for gate in gates)} of {len(gates)} open"
    return f"{said}, {waived} waived" if waived else said


def closed_since(ready: Readiness) -> str:
    """Which gates have closed since the track was approved; empty where none has, or it is not approved."""
    if not ready.decision.is_approved or not ready.closed:
        return ""
    return f"since then closed: {', '.join(gate.kind.value for gate in ready.closed)}"
