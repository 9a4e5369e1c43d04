"""The facts of a sprint's report."""

from collections import defaultdict
from datetime import datetime

from reports.statuses import Recommended
from reports.summary.facts import IterationTold, RunTold, SummaryFacts, TargetsTold, TrackTold
from tracks import queries
from tracks.models import Run, Sprint
from tracks.models.run import COUNTERS
from tracks.statuses import RunKind, RunState


def facts_of(sprint: Sprint, *, now: datetime) -> SummaryFacts:
    """Everything that the report tells of the sprint."""
    runs: dict[int | None, list[Run]] = defaultdict(list)
    of_tracks = Run.objects.filter(sprint=sprint, kind=RunKind.TRACK)
    for run in of_tracks.order_by("track", "iteration").defer(*queries.BLOBS):
        runs[run.track_id].append(run)
    return SummaryFacts(
        sprint=sprint.pk,
        project=sprint.project.name,
        name=sprint.name,
        base_branch=sprint.base_branch,
        testers=(),
        leads=(),
        targets=TargetsTold(sprint.min_passed, sprint.max_failed, sprint.max_errors),
        baseline=_run(sprint.baseline) if sprint.baseline else None,
        baseline_clusters=(),
        tracks=tuple(
            TrackTold(
                track=track.pk,
                key=track.key,
                name=track.name,
                branch=track.branch,
                owner=str(track.owner or ""),
                head=track.head,
                depends_on=tuple(other.key for other in track.depends_on.all()),
                iterations=tuple(
                    IterationTold(run.iteration or 0, _run(run), None, None, None) for run in runs[track.pk]
                ),
                commits=(),
                changes=None,
                clusters=(),
                criteria=(),
                findings=(),
                gates=(),
                decisions=(),
                is_approved=False,
                is_ready=False,
                approvals=0,
                approvals_needed=1,
                recommended=Recommended.WAIT,
                reasons=(),
            )
            for track in sprint.tracks.select_related("owner").prefetch_related("depends_on")
        ),
        integration=None,
        plan=(),
        updated_at=None,
    )


def _run(run: Run) -> RunTold:
    return RunTold(
        run=run.pk,
        sha=run.sha,
        state=RunState(run.state),
        reason=run.reason,
        counts={outcome: getattr(run, counter) for outcome, counter in COUNTERS.items()},
        collected=run.collected,
        seconds=run.test_seconds,
        command="",
        reproduce="",
        environment=(),
        errors=0,
        ended_at=run.ended_at,
        checks_only=run.checks_only,
    )
