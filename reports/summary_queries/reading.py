"""All that is read for a report beside the gates, for all tracks at once, before a word is told of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.readiness import Readiness
from reports.summary.facts import CommitTold, ComparisonTold, DecisionTold
from reports.summary_queries import comparisons
from reports.summary_queries.decisions import decisions_of
from reports.summary_queries.names import messages_of
from reports.summary_queries.runs import Runs, runs_of
from tracks import queries
from tracks.models import Run, Sprint


@dataclass(frozen=True)
class Read:
    """By the primary keys of tracks, where nothing else is said."""

    runs: Runs
    compared: Mapping[tuple[int, int], ComparisonTold]
    """By base and head."""
    commits: Mapping[int, tuple[CommitTold, ...]]
    """Of the latest run."""
    decisions: Mapping[int, tuple[DecisionTold, ...]]


def read_all(sprint: Sprint, ready: Mapping[int, Readiness]) -> Read:
    runs = runs_of(sprint, None)
    compared = comparisons.comparisons_of(runs)
    numbers = {number for each in compared.values() for number in each.numbers}
    names = queries.node_ids(sprint.project, numbers)
    return Read(
        runs=runs,
        compared=_told(sprint, runs, compared, names),
        commits=_commits(runs),
        decisions=decisions_of(sprint, ready),
    )


def _told(
    sprint: Sprint,
    runs: Runs,
    compared: Mapping[tuple[int, int], comparisons.Compared],
    names: Mapping[int, str],
) -> dict[tuple[int, int], ComparisonTold]:
    accepted = comparisons.accepted_in(sprint, compared.values())
    messages = messages_of(sprint.project, [pair for each in compared.values() for pair in each.spoken])
    tracks = {run.pk: track for track, of_track in runs.of_tracks.items() for run in of_track}
    return {
        pair: comparisons.told(each, names, messages, accepted.get(tracks[each.row.head_id], {}))
        for pair, each in compared.items()
    }


def _commits(runs: Runs) -> dict[int, tuple[CommitTold, ...]]:
    """Those of each track's latest run, as it has kept them."""
    rows = Run.objects.filter(pk__in=[run.pk for run in runs.latest_ones]).values_list("track", "commits")
    return {
        track: tuple(CommitTold(each["sha"], each["author"], each["subject"]) for each in commits)
        for track, commits in rows
    }
