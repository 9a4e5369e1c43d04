"""Who waits, and who works."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tracks.models import Run, Shard, Worker
from tracks.models.run import ACTIVE, HELD, VECTORS
from tracks.queries.projects import BLOBS
from tracks.statuses import RunState, Tier


def next_in_line(tags: Collection[str]) -> int | None:
    """The primary key of the queued shard that a free worker with these tags is to take.

    Projects take turns, by what they have running and when they were last served; within one, and between
    those whose turn it is alike, by priority, then by age. So nobody starves, whoever has priority.
    """
    project = OuterRef("run__project")
    held = Shard.objects.filter(run__project=project, state__in=HELD).order_by().values("run__project")
    begun = Run.objects.filter(project=project, started_at__isnull=False).order_by("-started_at")
    return (
        Shard.objects.filter(state=RunState.QUEUED, run__needs__contained_by=list(tags))
        .annotate(held=Coalesce(Subquery(held.annotate(n=Count("pk")).values("n")), 0))
        .annotate(served=Subquery(begun.values("started_at")[:1]))
        .order_by("held", F("served").asc(nulls_first=True), "-run__priority", "run_id", "number")
        .values_list("pk", flat=True)
        .first()
    )


def waiting() -> QuerySet[Run]:
    """Runs that wait for a worker, wholly or in part, the oldest first."""
    queued = Shard.objects.filter(run=OuterRef("pk"), state=RunState.QUEUED)
    runs = Run.objects.filter(Exists(queued), state__in=ACTIVE).order_by("pk").defer(*BLOBS)
    return runs.select_related("project", "sprint", "track")


def workers(*, now: datetime) -> list[Worker]:
    """Those that work, and those that were heard of within a day."""
    return list(Worker.objects.filter(seen_at__gte=now - timedelta(days=1)).order_by("left_at", "name"))


def held_shards() -> QuerySet[Shard]:
    """What workers carry out now; ``parts`` says of how many the run has."""
    of_run = Shard.objects.filter(run=OuterRef("run")).order_by().values("run")
    parts = of_run.annotate(n=Count("pk")).values("n")
    held = Shard.objects.filter(state__in=HELD).select_related("run__project", "run__track", "run__sprint")
    held = held.annotate(parts=Subquery(parts))
    return held.defer(*VECTORS, *(f"run__{blob}" for blob in BLOBS))


def lost_runs() -> QuerySet[Run]:
    """Runs that were given up because their workers went away, the latest first."""
    runs = Run.objects.filter(state=RunState.LOST).order_by("-pk").defer(*BLOBS)
    return runs.select_related("project", "sprint", "track")


def is_alive(worker: Worker, *, now: datetime) -> bool:
    """Whether the worker has been heard of within a lease, and was not stopped."""
    return worker.left_at is None and worker.seen_at >= now - timedelta(seconds=settings.LEASE_SECONDS)


def _unserved(queued: QuerySet[Shard], alive: Sequence[Worker]) -> list[list[str]]:
    wanted = queued.order_by().values_list("run__needs", flat=True).distinct()
    return [needs for needs in wanted if not any(set(needs) <= set(worker.tags) for worker in alive)]


def somebody_keeps_apart(*, now: datetime) -> bool:
    """Whether a living worker's sandbox works."""
    able = Worker.objects.filter(left_at=None, tier=Tier.BUBBLEWRAP)
    return any(is_alive(worker, now=now) for worker in able)


@dataclass(frozen=True, slots=True)
class Load:
    """How many slots there are and are taken, how much waits for them, and since when."""

    workers: int
    slots: int
    busy: int
    waiting: int
    oldest: datetime | None
    reaped_at: datetime | None
    unserved: Sequence[Sequence[str]]
    """Each set of tags that something waits for and no worker has."""


def load(*, now: datetime) -> Load:
    alive = [worker for worker in Worker.objects.filter(left_at=None) if is_alive(worker, now=now)]
    queued = Shard.objects.filter(state=RunState.QUEUED)
    return Load(
        workers=len(alive),
        slots=sum(worker.slots for worker in alive),
        busy=Shard.objects.filter(state__in=HELD).count(),
        **queued.aggregate(waiting=Count("pk"), oldest=Min("queued_at")),
        unserved=_unserved(queued, alive),
        reaped_at=Worker.objects.aggregate(latest=Max("reaped_at"))["latest"],
    )


def what_it_waits_for(run: Run, *, now: datetime) -> str:
    """Why a queued run has not begun, as the end of a sentence; empty where it is about to."""
    alive = [worker for worker in Worker.objects.filter(left_at=None) if is_alive(worker, now=now)]
    able = [worker for worker in alive if set(run.needs) <= set(worker.tags)]
    if not alive:
        return "no worker is alive"
    if not able:
        return f"no worker has the tags {', '.join(run.needs)}"
    held = Shard.objects.filter(state__in=HELD, worker__in=[worker.name for worker in able]).count()
    slots = sum(worker.slots for worker in able)
    return f"all {slots} slots are taken" if held >= slots else ""
