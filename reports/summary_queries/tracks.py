"""One track of a report, of what was read for all of them."""

from reports.changeset_queries import last_before, speaks
from reports.readiness import Readiness
from reports.summary.facts import COMMITS, IterationTold, TrackTold
from reports.summary_queries.decisions import gates_told
from reports.summary_queries.reading import Read
from tracks.execution.git import MAX_COMMITS
from tracks.models import Track


def track_told(track: Track, ready: Readiness, read: Read) -> TrackTold:
    latest = read.runs.latest(track.pk)
    commits = read.commits.get(track.pk, ())
    return TrackTold(
        track=track.pk,
        key=track.key,
        name=track.name,
        branch=track.branch,
        owner=str(track.owner or ""),
        head=track.head,
        depends_on=tuple(other.key for other in track.depends_on.all()),
        iterations=_iterations(track, read),
        commits=commits[:COMMITS],
        changes=read.changesets.of_branch(track.pk),
        clusters=read.clusters.get(latest.pk, ()) if latest else (),
        criteria=read.criteria.told(latest, read.names),
        findings=read.findings.told(track.pk, read.names),
        gates=gates_told(ready),
        decisions=read.decisions.get(track.pk, ()),
        is_approved=ready.decision.is_approved,
        is_ready=ready.is_ready,
        approvals=ready.decision.approvals,
        approvals_needed=ready.decision.needed,
        recommended=ready.recommendation.kind,
        reasons=ready.recommendation.reasons,
        is_stale=bool(ready.decision.stale),
        commits_total=len(commits),
        commits_cut=len(commits) >= MAX_COMMITS,
    )


def _iterations(track: Track, read: Read) -> tuple[IterationTold, ...]:
    baseline = read.runs.baseline
    runs = read.runs.of_tracks.get(track.pk, ())
    files = read.findings.files.get(track.pk, frozenset())
    spoke = last_before(runs, speaks)
    found = []
    for run in runs:
        before = read.runs.previous.get(run.pk)
        found.append(
            IterationTold(
                number=run.iteration or 0,
                run=read.runs.told[run.pk],
                base=read.compared.get((baseline.pk, run.pk)) if baseline else None,
                previous=read.compared.get((before.pk, run.pk)) if before else None,
                attempt=read.changesets.of_attempt(run, files),
                since=spoke[run.pk].iteration if run.pk in spoke else None,
            )
        )
    return tuple(found)
