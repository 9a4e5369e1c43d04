"""How far the tracks of a sprint are from being merged: gates, decision and recommendation of each.

tracks in the order of their dependencies, then once more with all that is approved:
    facts (gate_queries) + what it waits for ──gates.evaluate──> gates ─┐
    decisions (decision_queries) ──staleness, decisions─────────────────┴──> Readiness ──> what waits for it
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from reports import decision_queries, gate_queries
from reports.decision_queries import Known
from reports.decisions import DecisionStanding, Given, frozen_of, stand_of
from reports.dependency_graph import in_order
from reports.gates import Dependency, Gate, GateFacts, evaluate
from reports.models import Condition
from reports.policies import Policy
from reports.recommendation import Recommendation, recommend
from reports.staleness import Present, reasons
from reports.statuses import APPROVALS, DecisionKind, Recommended
from tracks.models import Sprint, Track, User


@dataclass(frozen=True, slots=True)
class Readiness:
    """``given`` are the decisions that may count, newest first; ``unmet`` the conditions of these, overdue
    ones too."""

    track: Track
    facts: GateFacts
    policy: Policy
    gates: tuple[Gate, ...]
    dependencies: tuple[Dependency, ...]
    decision: DecisionStanding
    given: tuple[Given, ...]
    unmet: tuple[Condition, ...]
    recommendation: Recommendation

    @property
    def closed(self) -> tuple[Gate, ...]:
        """The gates that stand in the way of an approval."""
        return tuple(gate for gate in self.gates if gate.decides and not gate.is_open)

    @property
    def is_ready(self) -> bool:
        """Whether it may be merged: approved, and no gate is closed, whatever it was when it was approved."""
        return self.decision.is_approved and all(gate.is_open for gate in self.gates)

    def waits_for(self, user: User) -> bool:
        """Whether a decision is missing that the user, as a lead, could help: something can be said of the
        track, no decision on it counts, and the user's own is not among the approvals given."""
        can_be_said = self.recommendation.kind is not Recommended.WAIT
        mine = any(each.by == user.pk and not each.stale for each in self.given)
        return can_be_said and not self.decision.counts and not mine

    @property
    def frozen(self) -> dict[str, Any]:
        """What somebody who decides now sees, see ``reports.decisions.frozen_of``."""
        return frozen_of(
            self.facts,
            self.gates,
            self.dependencies,
            recommended=self.recommendation.kind.value,
            decision=self.decision.decision,
        )


def readiness_of(sprint: Sprint, *, now: datetime) -> dict[int, Readiness]:
    """That of each track of the sprint, by primary key, in the order of their dependencies; the number of
    queries does not depend on how many tracks there are."""
    tracks = {track.pk: track for track in sprint.tracks.prefetch_related("depends_on")}
    facts = gate_queries.facts_of(sprint, now=now)
    policies = gate_queries.policies_of(sprint)
    known = decision_queries.known_of(sprint, facts)
    needs = {key: [other.pk for other in track.depends_on.all()] for key, track in tracks.items()}
    found: dict[int, Readiness] = {}
    for key in in_order(needs):
        found[key] = _readiness(
            tracks[key],
            facts[key],
            policies[key],
            [_as_dependency(found[need]) for need in needs[key]],
            known.get(key, ()),
            needed=sprint.project.approvals,
            now=now,
        )
    approved = {
        each.track.key: each.decision.sha
        for key, each in found.items()
        if each.decision.is_approved and not _is_in_base(known.get(key, ()))
    }
    return {key: _with_all_approved(each, approved) for key, each in found.items()}


def _readiness(
    track: Track,
    facts: GateFacts,
    policy: Policy,
    dependencies: Sequence[Dependency],
    known: Sequence[Known],
    *,
    needed: int,
    now: datetime,
) -> Readiness:
    gates = evaluate(facts, policy, dependencies)
    given = tuple(_given(each, facts, gates, tuple(dependencies), now) for each in known)
    return Readiness(
        track=track,
        facts=facts,
        policy=policy,
        gates=gates,
        dependencies=tuple(dependencies),
        decision=stand_of(given, needed=needed),
        given=given,
        unmet=tuple(_unmet(known, facts)),
        recommendation=recommend(gates, facts),
    )


def _with_all_approved(ready: Readiness, approved: Mapping[str, str]) -> Readiness:
    """Its gates once more: the trial integration's is held against the approved commits of all tracks, and
    no approval hangs on it."""
    return replace(ready, gates=evaluate(ready.facts, ready.policy, ready.dependencies, approved))


def _is_in_base(known: Sequence[Known]) -> bool:
    """Whether the commit that was decided on last needs no merge any more."""
    merging = known[0].merging if known else None
    return merging is not None and merging.is_contained


def _given(
    known: Known,
    facts: GateFacts,
    gates: tuple[Gate, ...],
    dependencies: tuple[Dependency, ...],
    now: datetime,
) -> Given:
    today = now.astimezone(UTC).date()
    present = Present(facts, gates, dependencies, known.merging, known.merging_head, known.later, today)
    row = known.row
    return Given(
        decision=row.pk,
        kind=DecisionKind(row.kind),
        sha=row.sha,
        by=row.by_id,
        who=row.frozen["by"]["name"],
        at=row.at,
        stale=reasons(known.decided, present),
    )


def _unmet(known: Sequence[Known], facts: GateFacts) -> list[Condition]:
    """Whether the decisions count or not: a condition that nobody met is a reason why they do not."""
    return [
        condition
        for each in known
        for condition in each.row.conditions.all()
        if not decision_queries.is_met(condition, facts)
    ]


def _as_dependency(other: Readiness) -> Dependency:
    standing = other.decision
    return Dependency(
        other.track.key,
        standing.is_approved,
        "" if standing.is_approved else _why_not_approved(standing),
        standing.sha if standing.is_approved else "",
    )


def _why_not_approved(standing: DecisionStanding) -> str:
    if standing.kind is None:
        return "Nobody has decided on it yet."
    if standing.kind not in APPROVALS:
        return f"It is {standing.kind.value}."
    if standing.stale:
        return f"Its approval is stale. {standing.stale[0]}"
    return f"It has {standing.approvals} of {standing.needed} approvals."
