"""What tests took before: for estimates, and for dividing them among shards."""

from collections.abc import Collection
from dataclasses import dataclass

from tracks import vectors
from tracks.models import Run
from tracks.queries.results import duration_vector, node_ids, outcome_vector
from tracks.statuses import PART_KINDS, RunState


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What the same tests took in an earlier run: by test, all together, and how many they were."""

    durations: vectors.DurationVector
    seconds: float
    collected: int


NOTHING_EXPECTED = Expected(vectors.NO_DURATIONS, 0.0, 0)


def expected_of(runs: Collection[Run]) -> dict[int, Expected]:
    """What each of the runs can be expected to take, by its primary key: as the last finished run of its
    track, else as its sprint's last baseline. Nothing is expected of a run of some tests only."""
    if not runs:
        return {}
    known = {
        (run.sprint_id, run.track_id): Expected(duration_vector(run), run.test_seconds or 0.0, run.collected)
        for run in Run.objects.filter(
            project__in={run.project_id for run in runs},
            sprint__in={run.sprint_id for run in runs if run.sprint_id},
            state=RunState.FINISHED,
            test_seconds__isnull=False,
        )
        .exclude(kind__in=PART_KINDS)
        .order_by("sprint_id", "track_id", "-id")
        .distinct("sprint_id", "track_id")
        .only("sprint_id", "track_id", "durations", "test_seconds", "collected")
    }
    return {
        run.pk: known.get((run.sprint_id, run.track_id)) or known.get((run.sprint_id, None), NOTHING_EXPECTED)
        for run in runs
        if run.kind not in PART_KINDS
    }


def durations_before(run: Run, *, limit: int) -> list[vectors.DurationVector]:
    """What the tests took in the latest finished runs of the project before that one, newest first."""
    earlier = Run.objects.filter(project=run.project_id, pk__lt=run.pk, state=RunState.FINISHED)
    earlier = earlier.exclude(kind__in=PART_KINDS).order_by("-pk").only("durations")
    return [duration_vector(each) for each in earlier[:limit]]


def latest_durations(run: Run) -> dict[str, float]:
    """Seconds of each test by node id, in the last finished run of the run's track, else of its project."""
    finished = Run.objects.filter(project=run.project, state=RunState.FINISHED, durations__isnull=False)
    finished = finished.exclude(kind__in=PART_KINDS)
    latest = (
        finished.filter(track=run.track_id).order_by("-pk").first() if run.track_id else None
    ) or finished.order_by("-pk").first()
    if latest is None:
        return {}
    present = outcome_vector(latest).nonzero()[0].tolist()
    seconds = vectors.decode_seconds(duration_vector(latest)).tolist()
    return {name: seconds[number] for number, name in node_ids(run.project, present).items()}
