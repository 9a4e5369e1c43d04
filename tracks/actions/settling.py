"""A run is the sum of its shards: brought up to date after each change of one of them.

shards' states ──statuses.state_of_run──> the run's, and once all have ended:
shards' books  ──books.combine──────────> state, reason
shards' vectors ─vectors.overlay────────> the run's vectors

Rows are locked in one order, the run before its shards: of two transactions that want both, one waits.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from tracks import books, queries, vectors
from tracks.models import Run, Shard, Sprint
from tracks.models.run import COUNTERS, VECTORS
from tracks.signals import run_ended
from tracks.statuses import HELD_STATES, RunKind, RunState, Stage, Tier, state_of_run

SETTLE_EVERY = timedelta(seconds=0.4)
SUMMED = ("collected", "deselected", *COUNTERS.values())


def lock(run_id: int) -> None:
    """Hold the run's row, if it is still there, until the current transaction ends; before any of its shards
    is changed with it."""
    Run.objects.select_for_update().filter(pk=run_id).values_list("pk").first()


def settle(run_id: int, *, now: datetime, **changes: Any) -> None:
    """Bring the run, which is locked, up to date; ``changes`` are fields of the run that come along."""
    run = Run.objects.only("kind", "sprint_id", "environment", "checks_only").get(pk=run_id)
    shards = list(Shard.objects.filter(run=run).order_by("number").defer(*VECTORS))
    told: dict[str, Any] = {counter: sum(getattr(shard, counter) for shard in shards) for counter in SUMMED}
    told |= {"revision": F("revision") + 1, "stage": _stage(shards), "tier": _tier(shards), "settled_at": now}
    told |= {
        name: _first(getattr(shard, name) for shard in shards) for name in ("started_at", "tests_started_at")
    }
    state = state_of_run([RunState(shard.state) for shard in shards])
    told |= {"state": state} if state else _ended(shards, checks_only=run.checks_only) | {"ended_at": now}
    if len(shards) > 1 and "environment" in changes:
        changes["environment"] = _of_all(run.environment, changes["environment"])
    told |= changes
    Run.objects.filter(pk=run_id).update(**told)
    if not state:
        _replace_baseline(run, told["state"])
        announce_end(run_id)


@transaction.atomic
def settle_in_time(run_id: int, *, now: datetime) -> None:
    """Bring the run up to date unless another of its shards has just done so."""
    if Run.objects.filter(pk=run_id, settled_at__gt=now - SETTLE_EVERY).exists():
        return
    lock(run_id)
    settle(run_id, now=now)


def announce_end(run_id: int) -> None:
    """Send ``run_ended`` once the current transaction is committed. What goes wrong with who listens is
    logged, and keeps nobody else from hearing it."""

    def announce() -> None:
        run_ended.send_robust(
            sender=Run,
            run=Run.objects.select_related("project", "sprint", "track").defer(*queries.BLOBS).get(pk=run_id),
        )

    transaction.on_commit(announce)


def _ended(shards: Sequence[Shard], *, checks_only: bool) -> dict[str, Any]:
    """What the run is, all of its shards having ended; their vectors become its own."""
    with_vectors = Shard.objects.filter(pk__in=[shard.pk for shard in shards]).order_by("number")
    parts = list(with_vectors.only(*VECTORS))
    outcomes = vectors.overlay(vectors.NO_OUTCOMES, *map(queries.outcome_vector, parts))
    durations = vectors.overlay(vectors.NO_DURATIONS, *map(queries.duration_vector, parts))
    counts = vectors.count_outcomes(outcomes)
    twice = sum(shard.reported for shard in shards) - sum(counts.values())
    collected = sum(shard.collected for shard in shards) - twice
    balances = [books.Balance(RunState(shard.state), shard.balanced, shard.reason) for shard in shards]
    balance = books.combine(balances, collected=collected, told_twice=twice, checks_only=checks_only)
    at_fault = next((shard for shard in shards if shard.remedy), shards[0])
    with_vectors.update(outcomes=None, durations=None)
    return {
        **{counter: counts[outcome] for outcome, counter in COUNTERS.items()},
        "collected": collected,
        "state": balance.state,
        "balanced": balance.balanced,
        "reason": balance.reason,
        "remedy": at_fault.remedy,
        "detail": at_fault.detail,
        "exit_code": max((shard.exit_code for shard in shards if shard.exit_code is not None), default=None),
        "test_seconds": max((shard.test_seconds for shard in shards if shard.test_seconds), default=None),
        "outcomes": vectors.pack_outcomes(outcomes) if outcomes.size else None,
        "durations": vectors.pack_durations(durations) if outcomes.size else None,
    }


def _of_all(known: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """What another shard has told beside what this one tells: two Pythons under one run are not hidden."""
    joined = dict(told)
    for name in ("python", "pytest"):
        both = [known.get(name, ""), told.get(name, "")]
        if all(both) and both[1] not in both[0].split(" and "):
            joined[name] = " and ".join(both)
        else:
            joined[name] = both[0] or both[1]
    return joined


def _replace_baseline(run: Run, state: RunState) -> None:
    """A sound run of the base branch is what later ones are compared with; no older one comes back."""
    if state == RunState.FINISHED and run.kind == RunKind.BASELINE and run.sprint_id:
        older = Q(baseline=None) | Q(baseline__lt=run.pk)
        Sprint.objects.filter(older, pk=run.sprint_id).update(baseline=run)


def _stage(shards: Sequence[Shard]) -> str:
    """What the shard that is least far does; of a run that has ended, what was done last."""
    held = [shard.stage for shard in shards if shard.state in HELD_STATES]
    stages = [stage for stage in Stage if stage in held] or [
        stage for stage in reversed(Stage) if any(shard.stage == stage for shard in shards)
    ]
    return "" if "" in held or not stages else stages[0]


def _tier(shards: Sequence[Shard]) -> str:
    """The weakest: one shard without a sandbox is a run without one."""
    tiers = {shard.tier for shard in shards} - {""}
    return Tier.NONE if Tier.NONE in tiers else next(iter(tiers), "")


def _first(times: Iterable[datetime | None]) -> datetime | None:
    return min((time for time in times if time), default=None)
