"""Projects, sprints and their runs: querysets in, rows out. Vectors are deferred unless asked for."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from tracks.models import Project, Run, Secret, Shard, Sprint, Track, User
from tracks.models.run import VECTORS
from tracks.statuses import RunKind, RunState

BLOBS = (*VECTORS, "spec", "plan")


def projects_of(user: User) -> QuerySet[Project]:
    """The projects that the user may see: their own, without others' drafts; for an operator all."""
    if user.is_superuser:
        return Project.objects.all()
    mine = Project.objects.filter(memberships__user=user)
    return mine.filter(draft=False) | mine.filter(draft=True, created_by=user)


def secrets_for(project: Project, *, protected: bool) -> QuerySet[Secret]:
    """The secrets that a run is given: all of them on a protected branch, else those for every branch."""
    secrets = Secret.objects.filter(project=project)
    return secrets if protected else secrets.filter(every_branch=True)


def sprints_of(project: Project) -> QuerySet[Sprint]:
    """The project's sprints, newest first, with their baselines and tracks."""
    sprints = Sprint.objects.filter(project=project).select_related("baseline").prefetch_related("tracks")
    return sprints.defer(*(f"baseline__{blob}" for blob in BLOBS))


def runs_of(project: Project) -> QuerySet[Run]:
    """The project's runs, newest first, without their vectors."""
    return Run.objects.filter(project=project).select_related("sprint", "track", "requested_by").defer(*BLOBS)


def latest_runs(sprint: Sprint, *, ended: bool = False) -> dict[int, Run]:
    """The last iteration of each of the sprint's tracks that has one, by the track's primary key; one that
    was cancelled only where there is no other. ``ended``: of those that do not go on."""
    iterations = Run.objects.filter(sprint=sprint, kind=RunKind.TRACK)
    runs = (
        (iterations.exclude(ended_at=None) if ended else iterations)
        .alias(cancelled=Q(state=RunState.CANCELLED))
        .order_by("track_id", "cancelled", "-iteration")
        .distinct("track_id")
        .defer(*BLOBS)
    )
    return {run.track_id: run for run in runs if run.track_id}


def with_new_commits(tracks: Iterable[Track]) -> frozenset[int]:
    """The primary keys of those that were tested, but not at their branch's head as it was last seen."""
    runs = Run.objects.filter(track=OuterRef("pk"), kind=RunKind.TRACK)
    tested = runs.exclude(state=RunState.CANCELLED)
    among = Track.objects.filter(pk__in=[track.pk for track in tracks]).exclude(head="")
    found = among.filter(Exists(runs)).exclude(Exists(tested.filter(sha=OuterRef("head"))))
    return frozenset(found.values_list("pk", flat=True))


def latest_results(tracks: Iterable[Track]) -> dict[int, Run]:
    """The last iteration of each of the tracks that ended with results, of tests or of checks alone, with its
    vectors, by the track's primary key."""
    runs = Run.objects.filter(track__in=list(tracks), kind=RunKind.TRACK)
    runs = runs.filter(Q(outcomes__isnull=False) | Q(checks_only=True, state=RunState.FINISHED))
    runs = runs.exclude(ended_at=None).order_by("track_id", "-iteration").distinct("track_id")
    return {run.track_id: run for run in runs.defer("plan") if run.track_id}


def next_baseline(sprint: Sprint) -> Run | None:
    """The run of the base branch that goes on beside the sprint's baseline, if one does."""
    runs = Run.objects.filter(sprint=sprint, kind=RunKind.BASELINE, ended_at=None)
    return runs.exclude(pk=sprint.baseline_id or 0).defer(*BLOBS).first()


def shards_of(run: Run) -> list[Shard]:
    """The run's shards in order, without their vectors."""
    return list(Shard.objects.filter(run=run).order_by("number").defer(*VECTORS))


def iterations(track: Track) -> QuerySet[Run]:
    """The track's runs, the initial test first."""
    return Run.objects.filter(track=track, kind=RunKind.TRACK).order_by("iteration").defer(*BLOBS)
