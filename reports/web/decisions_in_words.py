"""How a decision's standing looks: a tone, a mark and words, the same on the board, in the graph and on the
track's page.

● approved   ◐ 1 of 2 approvals   ✕ rejected   … deferred   ! approved, stale   ○ not decided
"""

from dataclasses import dataclass

from reports.decisions import DecisionStanding
from reports.statuses import APPROVALS, DecisionKind

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
    if standing.kind is None:
        return Look("", "○", "not decided")
    if standing.stale:
        return Look("warn", "!", f"{standing.kind.value}, stale")
    if standing.kind in APPROVALS and not standing.is_approved:
        return Look("info", "◐", f"{standing.approvals} of {standing.needed} approvals")
    return look_of_kind(standing.kind)


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
