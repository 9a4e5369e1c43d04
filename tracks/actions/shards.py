"""A worker's hold on a part of a run: claimed, given back, lost. The states are those of tracks.statuses.

QUEUED ──claim──> PREPARING ──> … recorded by ``recording.Recording`` … ──> an end
  ^ └── give_back (the worker is stopped) ──┤
  └──── reap (the lease ran out) ───────────┴──> LOST, when that has happened too often
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from tracks import doorbell, queries, vectors
from tracks.actions.audit import audit
from tracks.actions.settling import lock, settle
from tracks.models import CheckResult, Failure, LogChunk, Run, Shard, Skip
from tracks.models.run import COUNTERS, HELD
from tracks.statuses import BROKEN_OUTCOMES, MUTED_OUTCOMES, RunState

AFRESH: Mapping[str, Any] = {
    **dict.fromkeys(("collected", "deselected", *COUNTERS.values()), 0),
    **dict.fromkeys(("tests_started_at", "test_seconds", "exit_code", "outcomes", "durations", "order")),
    **dict.fromkeys(("stage", "tier"), ""),
    "balanced": False,
    "xdist": {},
}
"""An attempt keeps nothing of the one before: it writes its own."""


@dataclass(frozen=True)
class Claim:
    """A worker's hold on a shard: writes are made under ``fence`` only."""

    run: Run
    shard: Shard
    fence: int


@transaction.atomic
def claim(shard_id: int, *, worker: str, now: datetime) -> Claim | None:
    """Take a queued shard for ``worker``, or None where another one has it."""
    shard = Shard.objects.get(pk=shard_id)
    lock(shard.run_id)
    taken = Shard.objects.filter(pk=shard_id, state=RunState.QUEUED).update(
        state=RunState.PREPARING,
        fence=F("fence") + 1,
        attempt=F("attempt") + 1,
        lease_until=lease(now),
        worker=worker,
        started_at=now,
        **AFRESH,
    )
    if not taken:
        return None
    _forget(shard, queries.outcome_vector(shard))
    settle(shard.run_id, now=now)
    run = Run.objects.select_related("project", "sprint__baseline", "track")
    claimed = run.defer(*queries.VECTORS, *(f"sprint__baseline__{blob}" for blob in queries.BLOBS))
    shard.refresh_from_db()
    return Claim(claimed.get(pk=shard.run_id), shard, shard.fence)


def lease(now: datetime) -> datetime:
    """Until when a worker that speaks up now holds its shard."""
    return now + timedelta(seconds=settings.LEASE_SECONDS)


def give_back(held: Claim, *, now: datetime) -> None:
    """Put a shard back into the queue because its worker is being stopped; does not count as an attempt."""
    with transaction.atomic():
        lock(held.run.pk)
        returned = Shard.objects.filter(pk=held.shard.pk, fence=held.fence, state__in=HELD).update(
            state=RunState.QUEUED,
            fence=F("fence") + 1,
            attempt=F("attempt") - 1,
            lease_until=None,
            queued_at=now,
            rung_at=now,
        )
        if returned:
            settle(held.run.pk, now=now)
    if returned:
        doorbell.ring(held.run.needs)


def reap(*, now: datetime) -> None:
    """Look after shards whose worker went away, and after queued ones whose message did."""
    expired = Shard.objects.filter(state__in=HELD, lease_until__lt=now).select_related("run__project")
    for shard in expired.defer(*queries.VECTORS, *(f"run__{blob}" for blob in queries.BLOBS)):
        _lose(shard, now=now)
    _ring_again(now=now)


def _ring_again(*, now: datetime) -> None:
    """As many messages as there are shards that wait, less those that nobody has taken yet."""
    since = now - timedelta(seconds=settings.REAPER_SECONDS)
    forgotten = Shard.objects.filter(state=RunState.QUEUED, rung_at__lt=since).select_related("run")
    queues: dict[str, list[Shard]] = {}
    for shard in forgotten.only("pk", "rung_at", "run__needs"):
        queues.setdefault(doorbell.queue_of(shard.run.needs), []).append(shard)
    for queue, shards in queues.items():
        for shard in shards[doorbell.waiting(queue) :]:
            same = Shard.objects.filter(pk=shard.pk, state=RunState.QUEUED, rung_at=shard.rung_at)
            if same.update(rung_at=now):  # of two reapers one rings
                doorbell.ring(shard.run.needs)


@transaction.atomic
def _lose(shard: Shard, *, now: datetime) -> None:
    again = shard.attempt < settings.RUN_ATTEMPTS
    changes: dict[str, Any] = {"fence": F("fence") + 1, "lease_until": None}
    if again:
        changes |= {"state": RunState.QUEUED, "queued_at": now, "rung_at": now}
    else:
        changes |= {
            "state": RunState.LOST,
            "ended_at": now,
            "reason": f"Infrastructure error: the worker went away {shard.attempt} times while it ran this.",
            "remedy": "See the worker's log (memory exhausted?), then run it again.",
        }
    lock(shard.run_id)
    lost = Shard.objects.filter(pk=shard.pk, fence=shard.fence, state__in=HELD, lease_until__lt=now).update(
        **changes
    )
    if not lost:
        return  # the worker spoke up, or another reaper was here first
    note = "The worker went away; this is started again." if again else "The worker went away again."
    LogChunk.objects.create(run_id=shard.run_id, shard=shard.number, text=f"\n── {note}\n")
    told = {"shard": shard.number, "worker": shard.worker, "attempt": shard.attempt, "again": again}
    audit("run.lost", shard.run, actor=None, project=shard.run.project, after=told)
    settle(shard.run_id, now=now)
    if again:
        transaction.on_commit(partial(doorbell.ring, shard.run.needs))


def _forget(shard: Shard, outcomes: vectors.OutcomeVector) -> None:
    """Remove why the tests of an earlier attempt broke or were skipped, and what its checks showed: they are
    the first shard's."""
    numbers = vectors.numbers_with(outcomes, BROKEN_OUTCOMES | MUTED_OUTCOMES).tolist()
    Failure.objects.filter(run_id=shard.run_id, test__number__in=numbers).delete()
    Skip.objects.filter(run_id=shard.run_id, test__number__in=numbers).delete()
    if shard.number == 0:
        CheckResult.objects.filter(run_id=shard.run_id).delete()
