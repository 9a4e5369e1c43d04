"""The figures of one track; pure.

track.A.1.passed     of iteration 1: see of_runs; .previous. against the iteration before; .attempt.files
track.A.passed       the same of the latest iteration that has ended
track.A.runs  .commits  .changes.files  .criteria.holds  .gates.open  .approvals
track.A.cell.passed.failed  .error.<signature>  .findings …
"""

from collections.abc import Iterator

from reports.document import Asked, Figure, Query
from reports.summary.facts import ChangesetTold, IterationTold, RunTold, TrackTold
from reports.summary.figures import shown
from reports.summary.figures.of_findings import of_finding, of_findings
from reports.summary.figures.of_runs import of_cells, of_errors, of_pair, of_run
from reports.summary.pairs import against_baseline, against_previous
from reports.summary.standing import called
from tracks.statuses import Standing, Weight


def of_track(track: TrackTold, baseline: RunTold | None) -> Iterator[Figure]:
    prefix = f"track.{track.key}"
    for iteration in track.iterations:
        if iteration.run.ended_at:
            said = f"{track.key}, {called(iteration)}"
            yield from _iteration(f"{prefix}.{iteration.number}", said, iteration, track, baseline)
    if track.latest:
        yield from _iteration(prefix, track.key, track.latest, track, baseline)
        if pair := against_baseline(track.latest, baseline):
            yield from of_cells(prefix, track.key, pair)
    yield from _work(prefix, track)
    yield from _criteria(prefix, track)
    yield from _gates(prefix, track)
    yield from _approvals(prefix, track)
    yield from of_errors(prefix, track.key, track.clusters)
    yield from of_findings(
        prefix,
        f"on {track.key}",
        track.findings,
        lambda asked, filters: Query(asked, track=track.track, filters=filters),
    )
    for finding in track.findings:
        yield from of_finding(finding)


def _iteration(
    prefix: str, said: str, iteration: IterationTold, track: TrackTold, baseline: RunTold | None
) -> Iterator[Figure]:
    yield from of_run(prefix, said, iteration.run)
    if pair := against_baseline(iteration, baseline):
        yield from of_pair(prefix, said, "the baseline", pair)
    if pair := against_previous(iteration, track):
        yield from of_pair(f"{prefix}.previous", said, "the iteration before", pair)
    if iteration.attempt:
        yield from _changeset(f"{prefix}.attempt", f"since the iteration before {said}", iteration.attempt)


def _work(prefix: str, track: TrackTold) -> Iterator[Figure]:
    """What its developers did, and how often it was tested."""
    runs = sum(each.run.ended_at is not None for each in track.iterations)
    asked = Query(Asked.RUNS, track=track.track)
    yield Figure(f"{prefix}.runs", f"tests and retests of {track.key}", runs, shown.count(runs), asked)
    if track.latest and track.commits:
        value = track.commits_total
        query = Query(Asked.COMMITS, head=track.latest.run.run)
        yield Figure(f"{prefix}.commits", f"commits on {track.key}", value, shown.count(value), query)
    if track.changes:
        yield from _changeset(f"{prefix}.changes", f"on {track.key}", track.changes)


def _changeset(prefix: str, said: str, changeset: ChangesetTold) -> Iterator[Figure]:
    for name, asked, words, value in (
        ("files", Asked.FILES, "files changed", changeset.files),
        ("added", Asked.ADDED_LINES, "lines added", changeset.added),
        ("removed", Asked.REMOVED_LINES, "lines removed", changeset.removed),
    ):
        query = Query(asked, changeset=changeset.changeset)
        yield Figure(f"{prefix}.{name}", f"{words} {said}", value, shown.count(value), query)


def _criteria(prefix: str, track: TrackTold) -> Iterator[Figure]:
    if track.latest is None or not track.criteria:
        return
    head = track.latest.run.run
    total = len(track.criteria)
    label = f"criteria of {track.key}"
    yield Figure(f"{prefix}.criteria", label, total, shown.count(total), Query(Asked.CRITERIA, head=head))
    for standing in Standing:
        value = sum(each.standing is standing for each in track.criteria)
        query = Query(Asked.CRITERIA, head=head, named=standing.value)
        words = f"{label} of which the run says “{standing}”"
        yield Figure(f"{prefix}.criteria.{standing}", words, value, shown.count(value), query)
    yield from _blocking(f"{prefix}.criteria.blocking", track, head)


def _blocking(prefix: str, track: TrackTold, head: int) -> Iterator[Figure]:
    """Of the criteria that the gates ask for."""
    blocking = [each for each in track.criteria if each.weight is Weight.BLOCKING]
    fails = sum(each.standing is Standing.FAILS for each in blocking)
    for name, words, named, value in (
        (prefix, "blocking criteria", "", len(blocking)),
        (f"{prefix}.fails", "blocking criteria that fail", Standing.FAILS.value, fails),
    ):
        query = Query(Asked.CRITERIA, head=head, named=named, filters=(("weight", Weight.BLOCKING.value),))
        yield Figure(name, f"{words} of {track.key}", value, shown.count(value), query)


def _approvals(prefix: str, track: TrackTold) -> Iterator[Figure]:
    for name, words, named, value in (
        ("approvals", "approvals that count of", "", track.approvals),
        ("approvals.needed", "approvals needed of", "needed", track.approvals_needed),
    ):
        query = Query(Asked.APPROVALS, track=track.track, named=named)
        yield Figure(f"{prefix}.{name}", f"{words} {track.key}", value, shown.count(value), query)


def _gates(prefix: str, track: TrackTold) -> Iterator[Figure]:
    opened = sum(each.is_open for each in track.gates)
    for name, words, named, value in (
        ("gates", "gates of", "", len(track.gates)),
        ("gates.open", "open gates of", "open", opened),
        ("gates.closed", "closed gates of", "closed", len(track.gates) - opened),
    ):
        query = Query(Asked.GATES, track=track.track, named=named)
        yield Figure(f"{prefix}.{name}", f"{words} {track.key}", value, shown.count(value), query)
