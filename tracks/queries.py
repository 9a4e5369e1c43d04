"""Reads of the facts: querysets in, rows or dataclasses out. Vectors are deferred unless asked for."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from tracks import vectors
from tracks.models import Failure, LogChunk, Project, Run, Sprint, TestCase, Track, User
from tracks.statuses import Phase, RunKind

BLOBS = ("outcomes", "durations", "spec")


def projects_of(user: User) -> QuerySet[Project]:
    """The projects that the user may see: their own, without others' drafts; for an operator all."""
    if user.is_superuser:
        return Project.objects.all()
    mine = Project.objects.filter(memberships__user=user)
    return mine.filter(draft=False) | mine.filter(draft=True, created_by=user)


def runs_of(project: Project) -> QuerySet[Run]:
    """The project's runs, newest first, without their vectors."""
    return Run.objects.filter(project=project).select_related("sprint", "track", "requested_by").defer(*BLOBS)


def latest_runs(sprint: Sprint) -> dict[int, Run]:
    """The last iteration of each of the sprint's tracks that has one, by the track's primary key."""
    runs = (
        Run.objects.filter(sprint=sprint, kind=RunKind.TRACK)
        .order_by("track_id", "-iteration")
        .distinct("track_id")
        .defer(*BLOBS)
    )
    return {run.track_id: run for run in runs if run.track_id}


def iterations(track: Track) -> QuerySet[Run]:
    """The track's runs, the initial test first."""
    return Run.objects.filter(track=track, kind=RunKind.TRACK).order_by("iteration").defer(*BLOBS)


def outcome_vector(run: Run) -> vectors.OutcomeVector:
    """Outcome codes by test number, as far as the run has recorded them."""
    return vectors.unpack_outcomes(run.outcomes) if run.outcomes else vectors.NO_OUTCOMES


def duration_vector(run: Run) -> vectors.DurationVector:
    """Duration codes by test number, as far as the run has recorded them."""
    return vectors.unpack_durations(run.durations) if run.durations else vectors.NO_DURATIONS


def signatures_of(run: Run) -> dict[int, str]:
    """The digest of the error of each broken test, by the test's number."""
    rows = Failure.objects.filter(run=run).values_list("test__number", "signature__digest")
    return dict(rows.iterator())


def titles_of(run: Run) -> dict[str, str]:
    """The title of each error of the run, by its digest."""
    rows = Failure.objects.filter(run=run).values_list("signature__digest", "signature__title").distinct()
    return dict(rows)


def uncollected_modules(run: Run) -> dict[int, str]:
    """The modules that could not be collected, by the number of their entry."""
    rows = Failure.objects.filter(run=run, phase=Phase.COLLECT).values_list("test__number", "test__node_id")
    return dict(rows)


def node_ids(project: Project, numbers: Iterable[int]) -> dict[int, str]:
    """The node id of each of the given test numbers."""
    rows = TestCase.objects.filter(project=project, number__in=list(numbers)).values_list("number", "node_id")
    return dict(rows.iterator())


def modules(project: Project) -> Mapping[int, str]:
    """The module's path of every test of the project, by the test's number."""
    rows = TestCase.objects.filter(project=project).values_list("number", "node_id")
    return {number: node_id.partition("::")[0] for number, node_id in rows.iterator()}


def log_text(run: Run, *, after: int = 0) -> tuple[str, int]:
    """What the run's commands printed after the chunk of that id, and the id of the last chunk."""
    chunks = list(LogChunk.objects.filter(run=run, pk__gt=after).values_list("pk", "text"))
    return "".join(text for _, text in chunks), chunks[-1][0] if chunks else after
