"""What the gates speak for, with the reasons as sentences; pure.

no run, one that goes on, or new commits     ──> wait: what is known is about to be something else
a closed gate that the branch itself closed  ──> reject
another closed gate                          ──> wait: it comes from elsewhere, or is not known yet
every gate open                              ──> approve

A person decides; gates that stand in the way of the merge only say nothing here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.gates import Gate, GateFacts, WaiverFact
from reports.statuses import GateKind, Recommended
from tracks.statuses import Standing

FROM_ELSEWHERE = frozenset({GateKind.HEAD, GateKind.ENVIRONMENT, GateKind.DEPENDENCIES})
"""What closes these, the branch's commit did not do."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    kind: Recommended
    reasons: tuple[str, ...]
    """As sentences."""


def recommend(gates: Sequence[Gate], facts: GateFacts) -> Recommendation:
    if not_yet := _not_yet(gates, facts):
        return Recommendation(Recommended.WAIT, (not_yet,))
    closed = [gate for gate in gates if gate.decides and not gate.is_open]
    faults = [gate for gate in closed if gate.standing is Standing.FAILS and gate.kind not in FROM_ELSEWHERE]
    if faults:
        return Recommendation(Recommended.REJECT, _sentences(faults))
    if closed:
        return Recommendation(Recommended.WAIT, _sentences(closed))
    waived = [
        _waived(gate, gate.waiver)
        for gate in gates
        if gate.decides and gate.waiver and gate.standing is not Standing.HOLDS
    ]
    return Recommendation(Recommended.APPROVE, tuple(waived) or ("Every gate holds.",))


def _not_yet(gates: Sequence[Gate], facts: GateFacts) -> str:
    if facts.active is not None:
        return f"Run {facts.active} goes on: what it shows counts."
    if facts.run is None:
        return "The track has not been tested yet."
    head = next((gate for gate in gates if gate.kind is GateKind.HEAD and not gate.is_open), None)
    if head and head.standing is Standing.FAILS:
        return f"{head.sentence} Test the branch again."
    return ""


def _sentences(gates: Sequence[Gate]) -> tuple[str, ...]:
    """Each once: several gates may wait for the same."""
    return tuple(dict.fromkeys(gate.sentence for gate in gates))


def _waived(gate: Gate, waiver: WaiverFact) -> str:
    until = f"{waiver.expires_at:%-d %B %Y}"
    return f"'{gate.kind}' is waived by {waiver.by} until {until}: {waiver.reason}"
