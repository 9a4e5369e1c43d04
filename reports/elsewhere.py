"""Where else the errors of a run are found: on the baseline, on other tracks, in earlier iterations.

error 9f0c…  of track B, retest 1     baseline  none       ──> new on this branch
                                      tracks    A: 40      ──> also on track A, not on main: one cause
                                      since     initial
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Min

from tracks import queries
from tracks.models import Failure, FailureSignature, Run
from tracks.statuses import RunKind

TRACKS = 12
"""How many other tracks are named."""
ITERATIONS = 30
"""How many of the track's latest iterations are looked at."""


@dataclass(frozen=True)
class Found:
    """An error in a run: how many tests end with it there, and the number of one of them."""

    run: Run
    tests: int
    example: int


@dataclass(frozen=True)
class Elsewhere:
    """``on_baseline``: None where the baseline does not have it, or ``baseline`` may not be compared.
    ``since``: the first iteration from which on every one had it; None if the run is no iteration."""

    baseline: Run | None
    on_baseline: Found | None
    tracks: Sequence[Found]
    more_tracks: int
    since: Run | None

    @property
    def is_off_baseline(self) -> bool:
        return self.baseline is not None and self.on_baseline is None


@dataclass(frozen=True)
class Surroundings:
    """The runs that a run's errors are looked for in; ``strangers`` are signed by other rules and not."""

    run: Run
    baseline: Run | None
    tracks: Sequence[Run]
    earlier: Sequence[Run]
    """The iterations before it, the latest first, up to one that may not be compared."""
    strangers: Sequence[Run]


def surroundings(run: Run) -> Surroundings:
    """What there is to compare the run's errors with: of its sprint, and ended with results."""
    sprint = run.sprint
    if sprint is None:
        return Surroundings(run, None, (), (), ())
    baseline = sprint.baseline if run.kind != RunKind.BASELINE else None
    latest = queries.latest_runs(sprint)
    tracks = [each for track, each in sorted(latest.items()) if track != run.track_id]
    candidates = [each for each in (baseline, *tracks) if each and _has_ended(each)]
    alike = [each for each in candidates if queries.signed_alike(run, each)]
    return Surroundings(
        run=run,
        baseline=baseline if baseline in alike else None,
        tracks=[each for each in alike if each != baseline],
        earlier=_earlier(run),
        strangers=[each for each in candidates if each not in alike],
    )


def find(errors: Collection[FailureSignature], around: Surroundings) -> dict[str, Elsewhere]:
    """Where each of the errors is found, by its digest."""
    runs = [*filter(None, (around.baseline,)), *around.tracks, *around.earlier]
    rows = (
        Failure.objects.filter(run__in=runs, signature__in=errors)
        .values_list("signature__digest", "run_id")
        .annotate(tests=Count("pk"), example=Min("test__number"))
    )
    counted = {(digest, run): (tests, example) for digest, run, tests, example in rows}
    by_error: dict[str, dict[int, Found]] = {error.digest: {} for error in errors}
    for run in runs:
        for digest, found in by_error.items():
            if (digest, run.pk) in counted:
                found[run.pk] = Found(run, *counted[digest, run.pk])
    return {digest: _elsewhere(found, around) for digest, found in by_error.items()}


def _elsewhere(found: Mapping[int, Found], around: Surroundings) -> Elsewhere:
    tracks = [found[each.pk] for each in around.tracks if each.pk in found]
    return Elsewhere(
        baseline=around.baseline,
        on_baseline=found.get(around.baseline.pk) if around.baseline else None,
        tracks=tracks[:TRACKS],
        more_tracks=len(tracks[TRACKS:]),
        since=_since(found, around) if around.run.kind == RunKind.TRACK else None,
    )


def _since(found: Mapping[int, Found], around: Surroundings) -> Run:
    since = around.run
    for each in around.earlier:
        if each.pk not in found:
            break
        since = each
    return since


def _earlier(run: Run) -> list[Run]:
    if run.kind != RunKind.TRACK or run.track is None:
        return []
    before = queries.iterations(run.track).filter(iteration__lt=run.iteration).order_by("-iteration")
    earlier = []
    for each in before[:ITERATIONS]:
        if not _has_ended(each):
            continue
        if not queries.signed_alike(run, each):
            break
        earlier.append(each)
    return earlier


def _has_ended(run: Run) -> bool:
    """With results: a run that could not start says nothing of any error."""
    return not run.is_active and run.reported > 0
