"""Reads of the facts: querysets in, rows or dataclasses out. Vectors are deferred unless asked for."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tracks import vectors
from tracks.models import (
    Failure,
    FailureSignature,
    LogChunk,
    Project,
    Run,
    Skip,
    Sprint,
    TestCase,
    Track,
    User,
)
from tracks.statuses import Phase, RunKind, RunState

VECTORS = ("outcomes", "durations")
BLOBS = (*VECTORS, "spec")


def projects_of(user: User) -> QuerySet[Project]:
    """The projects that the user may see: their own, without others' drafts; for an operator all."""
    if user.is_superuser:
        return Project.objects.all()
    mine = Project.objects.filter(memberships__user=user)
    return mine.filter(draft=False) | mine.filter(draft=True, created_by=user)


def sprints_of(project: Project) -> QuerySet[Sprint]:
    """The project's sprints, newest first, with their baselines and tracks."""
    sprints = Sprint.objects.filter(project=project).select_related("baseline").prefetch_related("tracks")
    return sprints.defer(*(f"baseline__{blob}" for blob in BLOBS))


def runs_of(project: Project) -> QuerySet[Run]:
    """The project's runs, newest first, without their vectors."""
    return Run.objects.filter(project=project).select_related("sprint", "track", "requested_by").defer(*BLOBS)


def latest_runs(sprint: Sprint) -> dict[int, Run]:
    """The last iteration of each of the sprint's tracks that has one, by the track's primary key; one that
    was cancelled only where there is no other."""
    runs = (
        Run.objects.filter(sprint=sprint, kind=RunKind.TRACK)
        .alias(cancelled=Q(state=RunState.CANCELLED))
        .order_by("track_id", "cancelled", "-iteration")
        .distinct("track_id")
        .defer(*BLOBS)
    )
    return {run.track_id: run for run in runs if run.track_id}


def next_baseline(sprint: Sprint) -> Run | None:
    """The run of the base branch that goes on beside the sprint's baseline, if one does."""
    runs = Run.objects.filter(sprint=sprint, kind=RunKind.BASELINE, ended_at=None)
    return runs.exclude(pk=sprint.baseline_id or 0).defer(*BLOBS).first()


def iterations(track: Track) -> QuerySet[Run]:
    """The track's runs, the initial test first."""
    return Run.objects.filter(track=track, kind=RunKind.TRACK).order_by("iteration").defer(*BLOBS)


def outcome_vector(run: Run) -> vectors.OutcomeVector:
    """Outcome codes by test number, as far as the run has recorded them."""
    return vectors.unpack_outcomes(bytes(run.outcomes)) if run.outcomes else vectors.NO_OUTCOMES


def duration_vector(run: Run) -> vectors.DurationVector:
    """Duration codes by test number, as far as the run has recorded them."""
    return vectors.unpack_durations(bytes(run.durations)) if run.durations else vectors.NO_DURATIONS


def signatures_of(run: Run) -> dict[int, str]:
    """The digest of the error of each broken test, by the test's number."""
    rows = Failure.objects.filter(run=run).values_list("test__number", "signature__digest")
    return dict(rows.iterator())


def titles_of(run: Run) -> dict[str, str]:
    """The title of each error of the run, by its digest."""
    rows = Failure.objects.filter(run=run).values_list("signature__digest", "signature__title").distinct()
    return dict(rows)


def places_of(run: Run) -> dict[str, str]:
    """Where in the project's code each error of the run came from (``path::function``), by its digest."""
    rows = Failure.objects.filter(run=run).values_list("signature__digest", "signature__frame").distinct()
    return dict(rows)


def uncollected_modules(run: Run) -> dict[int, str]:
    """The modules that could not be collected, by the number of their entry."""
    rows = Failure.objects.filter(run=run, phase=Phase.COLLECT).values_list("test__number", "test__node_id")
    return dict(rows)


def node_ids(project: Project, numbers: Iterable[int]) -> dict[int, str]:
    """The node id of each of the given test numbers."""
    rows = TestCase.objects.filter(project=project, number__in=list(numbers)).values_list("number", "node_id")
    return dict(rows.iterator())


def all_node_ids(project: Project) -> dict[int, str]:
    """The node id of every test of the project, by the test's number."""
    return dict(TestCase.objects.filter(project=project).values_list("number", "node_id").iterator())


def modules(project: Project) -> Mapping[int, str]:
    """The module's path of every test of the project, by the test's number."""
    return {number: node_id.partition("::")[0] for number, node_id in all_node_ids(project).items()}


def log_text(run: Run, *, after: int = 0) -> tuple[str, int]:
    """What the run's commands printed after the chunk of that id, and the id of the last chunk."""
    chunks = list(LogChunk.objects.filter(run=run, pk__gt=after).values_list("pk", "text"))
    return "".join(text for _, text in chunks), chunks[-1][0] if chunks else after


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What the same tests took in an earlier run: by test, all together, and how many they were."""

    durations: vectors.DurationVector
    seconds: float
    collected: int


NOTHING_EXPECTED = Expected(vectors.NO_DURATIONS, 0.0, 0)


def expected_of(runs: Collection[Run]) -> dict[int, Expected]:
    """What each of the runs can be expected to take, by its primary key: as the last finished run of its
    track, else as its sprint's last baseline."""
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
        .order_by("sprint_id", "track_id", "-id")
        .distinct("sprint_id", "track_id")
        .only("sprint_id", "track_id", "durations", "test_seconds", "collected")
    }
    return {
        run.pk: known.get((run.sprint_id, run.track_id)) or known.get((run.sprint_id, None), NOTHING_EXPECTED)
        for run in runs
    }


def outcomes_of(runs: Collection[Run]) -> dict[int, vectors.OutcomeVector]:
    """What the runs have recorded up to now, by their primary keys."""
    if not runs:
        return {}
    whole = Run.objects.filter(pk__in=[run.pk for run in runs]).only("outcomes")
    return {run.pk: outcome_vector(run) for run in whole}


def vectors_of(run: Run) -> tuple[vectors.OutcomeVector, vectors.DurationVector]:
    """Both of the run's vectors by one read."""
    whole = Run.objects.only("outcomes", "durations").get(pk=run.pk)
    return outcome_vector(whole), duration_vector(whole)


def messages_of(run: Run, numbers: Iterable[int]) -> dict[int, str]:
    """What each of the given tests said: the message of a broken one, the reason of a skipped one."""
    wanted = list(numbers)
    broken = Failure.objects.filter(run=run, test__number__in=wanted).values_list("test__number", "message")
    muted = Skip.objects.filter(run=run, test__number__in=wanted).values_list("test__number", "reason")
    return dict(broken) | dict(muted)


def failure_of(run: Run, number: int) -> Failure | None:
    """Why that test broke in that run, with its text and error."""
    return (
        Failure.objects.filter(run=run, test__number=number)
        .select_related("test", "text", "signature")
        .first()
    )


def tests_with_error(run: Run, signature: FailureSignature, *, limit: int) -> list[tuple[int, str]]:
    """Number and node id of tests of the run that ended with that error."""
    rows = Failure.objects.filter(run=run, signature=signature).order_by("test__number")
    return list(rows.values_list("test__number", "test__node_id")[:limit])


def log_tail(run: Run, *, chunks: int = 40) -> str:
    """The end of what the run's commands printed."""
    texts = LogChunk.objects.filter(run=run).order_by("-pk").values_list("text", flat=True)[:chunks]
    return "".join(reversed(texts))


def find_tests(project: Project, text: str) -> QuerySet[TestCase]:
    """The project's tests whose node id holds ``text``, in the order of their numbers."""
    return TestCase.objects.filter(project=project, node_id__icontains=text).only(
        "number", "node_id", "project_id"
    )


def runs_with_results(project: Project, *, limit: int) -> list[Run]:
    """The latest runs that recorded results, newest first, with their vectors."""
    runs = Run.objects.filter(project=project, outcomes__isnull=False).select_related("sprint", "track")
    return list(runs.defer("spec").order_by("-id")[:limit])


def errors_of_test(test: TestCase, runs: Iterable[Run]) -> dict[int, Failure]:
    """How the test broke in each of the runs, by the run's primary key."""
    rows = Failure.objects.filter(test=test, run__in=[run.pk for run in runs]).select_related("signature")
    return {failure.run_id: failure for failure in rows}
