"""Who waits, and who works."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, F, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tracks.models import Project, Run, Shard, Worker
from tracks.models.run import HELD
from tracks.statuses import RunState


def next_in_line(tags: Collection[str]) -> int | None:
    """The primary key of the queued shard that a free worker with these tags is to take: by priority; then
    projects take turns, by what they have running and when they were last served; then by age."""
    project = OuterRef("run__project")
    held = Shard.objects.filter(run__project=project, state__in=HELD).order_by().values("run__project")
    begun = Run.objects.filter(project=project, started_at__isnull=False).order_by("-started_at")
    return (
        Shard.objects.filter(state=RunState.QUEUED, run__needs__contained_by=list(tags))
        .annotate(held=Coalesce(Subquery(held.annotate(n=Count("pk")).values("n")), 0))
        .annotate(served=Subquery(begun.values("started_at")[:1]))
        .order_by("-run__priority", "held", F("served").asc(nulls_first=True), "run_id", "number")
        .values_list("pk", flat=True)
        .first()
    )


def waiting(project: Project | None = None) -> QuerySet[Run]:
    """Runs that wait for a worker, wholly or in part, those that are to be taken first on top."""
    runs = Run.objects.filter(shards__state=RunState.QUEUED)
    if project:
        runs = runs.filter(project=project)
    return runs.distinct().order_by("-priority", "pk").select_related("project", "sprint", "track")


def workers(*, now: datetime) -> list[Worker]:
    """Those that work, and those that were heard of within a day."""
    return list(Worker.objects.filter(seen_at__gte=now - timedelta(days=1)).order_by("left_at", "name"))


def held_shards() -> QuerySet[Shard]:
    """What workers carry out now."""
    return Shard.objects.filter(state__in=HELD).select_related("run__project", "run__track", "run__sprint")


def is_alive(worker: Worker, *, now: datetime) -> bool:
    """Whether the worker has been heard of within a lease, and was not stopped."""
    return worker.left_at is None and worker.seen_at >= now - timedelta(seconds=settings.LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class Load:
    """How many slots there are and are taken, how much waits for them, and since when."""

    workers: int
    slots: int
    busy: int
    waiting: int
    oldest: datetime | None
    reaped_at: datetime | None


def load(*, now: datetime) -> Load:
    alive = [worker for worker in Worker.objects.filter(left_at=None) if is_alive(worker, now=now)]
    queued = Shard.objects.filter(state=RunState.QUEUED)
    return Load(
        workers=len(alive),
        slots=sum(worker.slots for worker in alive),
        busy=Shard.objects.filter(state__in=HELD).count(),
        **queued.aggregate(waiting=Count("pk"), oldest=Min("run__queued_at")),
        reaped_at=Worker.objects.aggregate(latest=Max("reaped_at"))["latest"],
    )
