"""Facts for the tests of gates: a track about which everything is known, and all of it good."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from reports.gates import Changes, FindingFact, Gate, GateFacts, IntegrationFact, Tested, WaiverFact, evaluate
from reports.policies import DEFAULT, Policy
from reports.statuses import GateKind, IntegrationState, MergeResult
from tracks.finding_statuses import Severity
from tracks.statuses import RunState

SHA, OTHER = "a" * 40, "b" * 40
RUN = Tested(2, SHA, RunState.FINISHED, passed=650, failed=2, errors=0, total=660)
BASELINE = Tested(1, OTHER, RunState.FINISHED, passed=600, failed=40, errors=20, total=660)
CHANGES = Changes(newly_broken=0, lost=(), accepted=0, differences=())
INTEGRATION = IntegrationFact(
    7, IntegrationState.DONE, True, "All tests came out as predicted.", OTHER, (("A", SHA),)
)
GOOD = GateFacts(
    track=1,
    key="A",
    head=SHA,
    base_head=OTHER,
    run=RUN,
    baseline=BASELINE,
    changes=CHANGES,
    merge=MergeResult.CLEAN,
    integration=INTEGRATION,
)
WITH_TARGETS = replace(DEFAULT, min_passed=650, max_failed=2, max_errors=0)


def run(**changes: Any) -> GateFacts:
    """The good track, its run changed."""
    return replace(GOOD, run=replace(RUN, **changes))


def changed(**changes: Any) -> GateFacts:
    """The good track, what it changed against the baseline changed."""
    return replace(GOOD, changes=replace(CHANGES, **changes))


def finding(severity: Severity) -> FindingFact:
    return FindingFact(1, "A-1", "Prices are missing", severity, "open")


def waiver(kind: GateKind, *, sha: str = SHA) -> WaiverFact:
    return WaiverFact(1, kind, sha, "It is known.", "Lena", datetime(2026, 12, 1, tzinfo=UTC))


def gate(kind: GateKind, facts: GateFacts, policy: Policy = WITH_TARGETS, **given: Any) -> Gate:
    """That one of the track's gates."""
    [found] = [
        each for each in evaluate(facts, policy, **({"dependencies": ()} | given)) if each.kind is kind
    ]
    return found
