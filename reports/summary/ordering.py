"""The same facts in one order, whichever they came in; pure.

What has an order that means something keeps it: commits, the order of merging, the plan, options, reasons.
Everything else is sorted, so that the same facts make the same document.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from reports.statuses import GateKind
from reports.summary.facts import (
    AttemptTold,
    ChangesetTold,
    ClusterTold,
    ComparisonTold,
    CriterionTold,
    DecisionTold,
    FindingTold,
    IntegrationTold,
    IterationTold,
    RunTold,
    SummaryFacts,
    TrackTold,
)
from reports.transitions import DeltaClass
from tracks.finding_statuses import Severity
from tracks.statuses import Outcome, Weight

_SEVERITIES = list(Severity)
_GATES = list(GateKind)
_WEIGHTS = list(Weight)


def in_order(facts: SummaryFacts) -> SummaryFacts:
    """The facts, sorted through and through."""
    return replace(
        facts,
        testers=tuple(sorted(facts.testers)),
        leads=tuple(sorted(facts.leads)),
        baseline=_run(facts.baseline) if facts.baseline else None,
        baseline_clusters=_clusters(facts.baseline_clusters),
        tracks=tuple(_track(each) for each in sorted(facts.tracks, key=lambda each: natural(each.key))),
        integration=_integration(facts.integration) if facts.integration else None,
    )


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """A key of sorting by which A-2 comes before A-10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text)
    return tuple((int(part), "") if part.isdecimal() and part.isascii() else (-1, part) for part in parts)


def _track(track: TrackTold) -> TrackTold:
    latest_first = sorted(track.decisions, key=lambda each: (each.at, each.decision), reverse=True)
    return replace(
        track,
        depends_on=tuple(sorted(track.depends_on, key=natural)),
        iterations=tuple(_iteration(each) for each in sorted(track.iterations, key=lambda each: each.number)),
        changes=_changeset(track.changes) if track.changes else None,
        clusters=_clusters(track.clusters),
        criteria=tuple(_criterion(each) for each in sorted(track.criteria, key=_by_weight)),
        findings=tuple(_finding(each) for each in sorted(track.findings, key=_by_severity)),
        gates=tuple(sorted(track.gates, key=lambda each: _GATES.index(each.kind))),
        decisions=tuple(_decision(each) for each in latest_first),
    )


def _by_weight(each: CriterionTold) -> tuple[int, str, int]:
    return _WEIGHTS.index(each.weight), each.text, each.criterion


def _by_severity(each: FindingTold) -> tuple[int, tuple[tuple[int, str], ...]]:
    return _SEVERITIES.index(each.severity), natural(each.name)


def _run(run: RunTold) -> RunTold:
    counts = {outcome: run.counts[outcome] for outcome in Outcome if outcome in run.counts}
    return replace(run, counts=counts, environment=tuple(sorted(run.environment)))


def _iteration(iteration: IterationTold) -> IterationTold:
    return replace(
        iteration,
        run=_run(iteration.run),
        base=_comparison(iteration.base) if iteration.base else None,
        previous=_comparison(iteration.previous) if iteration.previous else None,
        attempt=_changeset(iteration.attempt) if iteration.attempt else None,
    )


def _comparison(comparison: ComparisonTold) -> ComparisonTold:
    return replace(
        comparison,
        matrix=_matrix(comparison.matrix),
        caveats=tuple(sorted(comparison.caveats)),
        conditions=tuple(sorted(comparison.conditions)),
        tests={
            each: tuple(sorted(comparison.tests[each], key=lambda test: (test.node_id, test.number)))
            for each in DeltaClass
            if comparison.tests.get(each)
        },
    )


def _matrix(matrix: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Only the cells in which there is something."""
    rows = {base: {head: row[head] for head in sorted(row) if row[head]} for base, row in matrix.items()}
    return {base: rows[base] for base in sorted(rows) if rows[base]}


def _changeset(changeset: ChangesetTold) -> ChangesetTold:
    place = {each.sha: at for at, each in enumerate(changeset.commits)}
    patches = sorted(changeset.patches, key=lambda each: (place.get(each.sha, -1), each.sha, each.path))
    return replace(changeset, first=tuple(sorted(changeset.first)), patches=tuple(patches))


def _clusters(clusters: tuple[ClusterTold, ...]) -> tuple[ClusterTold, ...]:
    by_size = sorted(clusters, key=lambda each: (-each.tests, each.title, each.signature))
    return tuple(
        replace(each, first=tuple(sorted(each.first)), findings=tuple(sorted(each.findings, key=natural)))
        for each in by_size
    )


def _criterion(criterion: CriterionTold) -> CriterionTold:
    return replace(criterion, tests=tuple(sorted(criterion.tests)))


def _finding(finding: FindingTold) -> FindingTold:
    in_time = sorted(finding.attempts, key=lambda each: (each.at, each.claim or 0))
    return replace(
        finding,
        files=tuple(sorted(finding.files)),
        first=tuple(sorted(finding.first)),
        attempts=tuple(_attempt(each) for each in in_time),
        attachments=tuple(sorted(finding.attachments)),
    )


def _attempt(attempt: AttemptTold) -> AttemptTold:
    return replace(attempt, tests=tuple(sorted(attempt.tests)))


def _decision(decision: DecisionTold) -> DecisionTold:
    conditions = sorted(decision.conditions, key=lambda each: each.number)
    return replace(decision, conditions=tuple(conditions), stale=tuple(sorted(decision.stale)))


def _integration(integration: IntegrationTold) -> IntegrationTold:
    return replace(
        integration,
        run=_run(integration.run) if integration.run else None,
        left_out=tuple(
            replace(
                each,
                conflicts=tuple(
                    (path, tuple(sorted(keys, key=natural))) for path, keys in sorted(each.conflicts)
                ),
            )
            for each in sorted(integration.left_out, key=lambda each: natural(each.key))
        ),
        interactions=tuple(
            replace(each, keys=tuple(sorted(each.keys, key=natural)), first=tuple(sorted(each.first)))
            for each in sorted(integration.interactions, key=lambda each: sorted(each.keys))
        ),
    )
