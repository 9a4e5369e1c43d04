"""How far the tracks of a sprint are from being merged: gates, decision and recommendation of each.

tracks in the order of their dependencies:
    facts (gate_queries) + what it waits for ──gates.evaluate──> gates ─┐
    decisions (decision_queries) ───────────────decisions───────────────┴──> Readiness ──> what waits for it
"""

from dataclasses import dataclass
from datetime import datetime

from reports.decisions import DecisionStanding
from reports.gates import Gate, GateFacts
from reports.policies import Policy
from tracks.models import Sprint, Track


@dataclass(frozen=True, slots=True)
class Readiness:
    track: Track
    facts: GateFacts
    policy: Policy
    gates: tuple[Gate, ...]
    decision: DecisionStanding


def readiness_of(sprint: Sprint, *, now: datetime) -> dict[int, Readiness]:
    """That of each track of the sprint, by primary key, in the order of their dependencies; the number of
    queries does not depend on how many tracks there are."""
    raise NotImplementedError
