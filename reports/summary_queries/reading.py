"""All that is read for a report beside the gates, for all tracks at once, before a word is told of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports import integration_queries
from reports.models import Integration
from reports.readiness import Readiness
from reports.summary.facts import ClusterTold, CommitTold, ComparisonTold, DecisionTold
from reports.summary_queries import comparisons
from reports.summary_queries.changesets import Changesets, changesets_of
from reports.summary_queries.clusters import clusters_of
from reports.summary_queries.criteria import Criteria, criteria_of
from reports.summary_queries.decisions import decisions_of
from reports.summary_queries.diagnosed import diagnosed_in
from reports.summary_queries.findings import Findings, findings_of
from reports.summary_queries.integration import numbers_in
from reports.summary_queries.names import said_in
from reports.summary_queries.runs import Runs, runs_of
from tracks import queries
from tracks.models import Run, Sprint

NAME = 200
"""Characters of an author's name, and of a subject."""


@dataclass(frozen=True)
class Read:
    """``names`` are the node ids of all tests that the report names."""

    runs: Runs
    compared: Mapping[tuple[int, int], ComparisonTold]
    """By base and head."""
    clusters: Mapping[int, tuple[ClusterTold, ...]]
    """By run: of the baseline, and of each track's latest."""
    criteria: Criteria
    findings: Findings
    commits: Mapping[int, tuple[CommitTold, ...]]
    """Of each track's latest run, by the track's primary key."""
    changesets: Changesets
    decisions: Mapping[int, tuple[DecisionTold, ...]]
    """By the track's primary key."""
    integration: Integration | None
    names: Mapping[int, str]


def read_all(sprint: Sprint, ready: Mapping[int, Readiness]) -> Read:
    """``ready`` is that of each track, by its primary key."""
    integration = integration_queries.latest_that_merged(sprint)
    runs = runs_of(sprint, integration.run_id if integration else None)
    compared = comparisons.comparisons_of(runs)
    criteria, findings = criteria_of(runs.latest_ones), findings_of(sprint)
    numbers = {number for each in compared.values() for number in each.numbers}
    numbers.update(criteria.numbers, findings.numbers, numbers_in(integration) if integration else ())
    names = queries.node_ids(sprint.project, numbers)
    return Read(
        runs=runs,
        compared=_told(sprint, runs, compared, names),
        clusters=clusters_of(sprint.project, runs, findings.by_error),
        criteria=criteria,
        findings=findings,
        commits=_commits(runs),
        changesets=changesets_of(sprint.project, runs),
        decisions=decisions_of(ready),
        integration=integration,
        names=names,
    )


def _told(
    sprint: Sprint,
    runs: Runs,
    compared: Mapping[tuple[int, int], comparisons.Compared],
    names: Mapping[int, str],
) -> dict[tuple[int, int], ComparisonTold]:
    accepted = comparisons.accepted_in(sprint, compared.values())
    said = said_in(sprint.project, [pair for each in compared.values() for pair in each.spoken])
    against_baseline = diagnosed_in(runs)
    tracks = {run.pk: track for track, of_track in runs.of_tracks.items() for run in of_track}
    return {
        (base, head): comparisons.told(
            each,
            names,
            said,
            accepted.get(tracks[head], {}),
            against_baseline if runs.baseline and base == runs.baseline.pk else {},
        )
        for (base, head), each in compared.items()
    }


def _commits(runs: Runs) -> dict[int, tuple[CommitTold, ...]]:
    """Those of each track's latest run, as it has kept them."""
    rows = Run.objects.filter(pk__in=[run.pk for run in runs.latest_ones]).values_list("track", "commits")
    return {
        track: tuple(
            CommitTold(each["sha"], each["author"][:NAME], each["subject"][:NAME]) for each in commits
        )
        for track, commits in rows
    }
