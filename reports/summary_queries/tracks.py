"""One track of a report, of what was read for all of them."""

from reports.readiness import Readiness
from reports.summary.facts import IterationTold, TrackTold
from reports.summary_queries.decisions import gates_told
from reports.summary_queries.reading import Read
from tracks.models import Track


def track_told(track: Track, ready: Readiness, read: Read) -> TrackTold:
    latest = read.runs.latest(track.pk)
    return TrackTold(
        track=track.pk,
        key=track.key,
        name=track.name,
        branch=track.branch,
        owner=str(track.owner or ""),
        head=track.head,
        depends_on=tuple(other.key for other in track.depends_on.all()),
        iterations=_iterations(track, read),
        commits=read.commits.get(track.pk, ()),
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
    )


def _iterations(track: Track, read: Read) -> tuple[IterationTold, ...]:
    baseline = read.runs.baseline
    runs = {run.iteration or 0: run for run in read.runs.of_tracks.get(track.pk, ())}
    files = read.findings.files.get(track.pk, frozenset())
    found = []
    for number, run in sorted(runs.items()):
        before = runs.get(number - 1)
        found.append(
            IterationTold(
                number=number,
                run=read.runs.told[run.pk],
                base=read.compared.get((baseline.pk, run.pk)) if baseline else None,
                previous=read.compared.get((before.pk, run.pk)) if before else None,
                attempt=read.changesets.of_attempt(run, files),
            )
        )
    return tuple(found)
