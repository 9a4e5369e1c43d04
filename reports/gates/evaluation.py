"""The table of the gates' rules, and every gate of a track by it; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reports.gates import of_tests, of_track
from reports.gates.facts import Dependency, GateFacts, WaiverFact
from reports.gates.told import Given, Told
from reports.policies import ALWAYS, Policy
from reports.statuses import GateKind
from tracks.statuses import Standing


@dataclass(frozen=True, slots=True)
class Gate:
    """``figure`` and ``bound`` as people read them, ``distance`` how far it is from holding ("12 more must
    pass"), empty where it holds; ``evidence`` names what stands behind it."""

    kind: GateKind
    standing: Standing
    figure: str
    bound: str
    distance: str
    sentence: str
    evidence: str = ""
    """Which page shows it: run, compare, lost, criteria, findings, merge, dependencies, integration."""
    waiver: WaiverFact | None = None
    decides: bool = True
    """It stands in the way of an approval; else only of the merge (the trial integration)."""
    waivable: bool = True

    @property
    def is_open(self) -> bool:
        return self.standing is Standing.HOLDS or self.is_waived

    @property
    def is_waived(self) -> bool:
        """Whether a waiver alone holds it open."""
        return self.standing is not Standing.HOLDS and self.waiver is not None


@dataclass(frozen=True, slots=True)
class Rule:
    tell: Callable[[Given], Told]
    evidence: str
    of_tests: bool = False
    """There is nothing to ask of a run of checks alone."""


RULES = {
    GateKind.RUN: Rule(of_track.run, "run"),
    GateKind.HEAD: Rule(of_track.head, "run"),
    GateKind.ENVIRONMENT: Rule(of_tests.environment, "compare", of_tests=True),
    GateKind.PASSED: Rule(of_tests.passed, "run", of_tests=True),
    GateKind.FAILED: Rule(of_tests.failed, "run", of_tests=True),
    GateKind.ERRORS: Rule(of_tests.errors, "run", of_tests=True),
    GateKind.TOTAL: Rule(of_tests.total, "compare", of_tests=True),
    GateKind.NEWLY_BROKEN: Rule(of_tests.newly_broken, "compare", of_tests=True),
    GateKind.LOST: Rule(of_tests.lost, "lost", of_tests=True),
    GateKind.CRITERIA: Rule(of_track.criteria, "criteria"),
    GateKind.FINDINGS: Rule(of_track.findings, "findings"),
    GateKind.MERGES: Rule(of_track.merges, "merge"),
    GateKind.DEPENDENCIES: Rule(of_track.dependencies, "dependencies"),
    GateKind.INTEGRATION: Rule(of_track.integration, "integration"),
}
UNWAIVABLE = ALWAYS | {GateKind.HEAD}
"""Nothing can be said of a branch without a run that ended in order, nor of commits that nobody has tested,
and other tracks have leads of their own."""
LATER = frozenset({GateKind.INTEGRATION})
"""Approved tracks are integrated: these gates stand between that and the merge."""


def evaluate(
    facts: GateFacts,
    policy: Policy,
    dependencies: Sequence[Dependency],
    approved: Mapping[str, str] | None = None,
) -> tuple[Gate, ...]:
    """Every gate that the policy asks for, in the order of ``GateKind``. A bound that is not given asks for
    nothing. ``approved`` are the approved commits of all tracks of the sprint by key, which the trial
    integration is held against; while they are not known, it is unknown for all but the track itself."""
    given = Given(facts, policy, dependencies, approved)
    waivers = {each.gate: each for each in facts.waivers if facts.run and each.sha == facts.run.sha}
    return tuple(_gate(kind, given, waivers.get(kind)) for kind in GateKind if _is_asked(kind, given))


def _gate(kind: GateKind, given: Given, waiver: WaiverFact | None) -> Gate:
    rule, waivable = RULES[kind], kind not in UNWAIVABLE
    told = rule.tell(given)
    return Gate(
        kind=kind,
        standing=told.standing,
        figure=told.figure,
        bound=told.bound,
        distance=told.distance,
        sentence=told.sentence,
        evidence=rule.evidence,
        waiver=waiver if waivable else None,
        decides=kind not in LATER,
        waivable=waivable,
    )


def _is_asked(kind: GateKind, given: Given) -> bool:
    bounds = {
        GateKind.PASSED: given.policy.min_passed,
        GateKind.FAILED: given.policy.max_failed,
        GateKind.ERRORS: given.policy.max_errors,
        GateKind.FINDINGS: given.policy.severity,
    }
    is_of_checks = given.facts.run is not None and given.facts.run.checks_only
    return (
        kind in given.policy.gates | ALWAYS
        and bounds.get(kind, 0) is not None
        and not (is_of_checks and RULES[kind].of_tests)
    )
