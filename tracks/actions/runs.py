"""Starting, claiming, cancelling and losing runs; the states are those of tracks.statuses.

start_run ──> QUEUED ──claim──> PREPARING ──> … recorded by ``recording.Recording`` … ──> an end
                 └──cancel──> CANCELLED           reap: lease ran out ──> QUEUED again, then LOST
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q

from tracks import doorbell
from tracks.actions.audit import audit
from tracks.errors import InvalidInput
from tracks.execution.spec import Limits, RunSpec
from tracks.models import Failure, LogChunk, Project, Run, Skip, Sprint, Track, User
from tracks.models.run import ACTIVE, HELD
from tracks.signals import run_ended
from tracks.statuses import Network, RunKind, RunState

RING_AGAIN_AFTER = timedelta(seconds=60)


class AlreadyRunning(InvalidInput):
    """The same commit is being tested already; ``run`` is that run."""

    def __init__(self, run: Run) -> None:
        super().__init__(
            f"Commit {run.sha[:7]} is being tested already, by run {run.pk}.",
            remedy="Follow that run, or cancel it first.",
        )
        self.run = run


@dataclass(frozen=True)
class Claim:
    """A worker's hold on a run: writes are made under ``fence`` only."""

    run: Run
    fence: int


def start_baseline(sprint: Sprint, *, sha: str, by: User | None, now: datetime) -> Run:
    """Test the sprint's base branch at ``sha``. It becomes the baseline when it ends in order (see
    ``recording``); at once where the sprint has no baseline that did."""
    with transaction.atomic():
        run = _start(
            sprint.project,
            fields={"kind": RunKind.BASELINE, "sprint": sprint, "branch": sprint.base_branch, "sha": sha},
            by=by,
            now=now,
        )
        without = Q(baseline=None) | ~Q(baseline__state=RunState.FINISHED)
        Sprint.objects.filter(without, pk=sprint.pk).update(baseline=run)
    return run


def start_track_run(track: Track, *, sha: str, by: User | None, now: datetime) -> Run:
    """Test the track's branch at ``sha`` as its next iteration. Raises AlreadyRunning."""
    with transaction.atomic():
        locked = Track.objects.select_for_update().select_related("sprint__project").get(pk=track.pk)
        latest = Run.objects.filter(track=locked, kind=RunKind.TRACK).aggregate(latest=Max("iteration"))[
            "latest"
        ]
        return _start(
            locked.sprint.project,
            fields={
                "kind": RunKind.TRACK,
                "sprint": locked.sprint,
                "track": locked,
                "branch": locked.branch,
                "sha": sha,
                "iteration": 0 if latest is None else latest + 1,
            },
            by=by,
            now=now,
        )


def start_trial(project: Project, *, sha: str, by: User, now: datetime) -> Run:
    """Try a project's commands on its default branch, outside any sprint."""
    with transaction.atomic():
        return _start(
            project,
            fields={"kind": RunKind.BASELINE, "branch": project.default_branch, "sha": sha},
            by=by,
            now=now,
        )


def _start(project: Project, *, fields: Mapping[str, Any], by: User | None, now: datetime) -> Run:
    run = Run(project=project, spec="", requested_by=by, queued_at=now, rung_at=now, **fields)
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        same = Run.objects.filter(
            kind=run.kind, sprint=run.sprint, track=run.track, sha=run.sha, state__in=ACTIVE
        ).first()
        if same is None:
            raise
        raise AlreadyRunning(same) from error
    run.spec = freeze(run).to_json()
    run.save(update_fields=["spec"])
    audit("run.started", run, actor=by, project=project, after={"sha": run.sha, "branch": run.branch})
    transaction.on_commit(partial(doorbell.ring, run.pk))
    return run


def freeze(run: Run) -> RunSpec:
    """Everything that the run needs, as its project is set up now."""
    project = run.project
    return RunSpec(
        run=str(run.pk),
        project=str(project.pk),
        repository=project.repository,
        sha=run.sha,
        subdir=project.subdir,
        setup=project.setup,
        before=project.before,
        test=project.test,
        after=project.after,
        env=dict(project.env),
        python=project.python,
        selection=(),
        limits=Limits(
            setup_seconds=project.setup_seconds,
            before_seconds=project.before_seconds,
            test_seconds=project.test_seconds,
            after_seconds=project.after_seconds,
        ),
        allow_local=project.trusted or settings.ALLOW_LOCAL_REPOSITORIES,
        allow_unsandboxed=project.trusted or settings.ALLOW_UNSANDBOXED,
        network=Network.HOST if project.network else Network.NONE,
        protected=run.kind == RunKind.BASELINE,
    )


@transaction.atomic
def claim(run_id: int, *, worker: str, now: datetime) -> Claim | None:
    """Take a queued run for ``worker``, or None where another one has it. What an earlier attempt left is
    removed: this attempt writes its own."""
    taken = Run.objects.filter(pk=run_id, state=RunState.QUEUED).update(
        state=RunState.PREPARING,
        fence=F("fence") + 1,
        attempt=F("attempt") + 1,
        revision=F("revision") + 1,
        lease_until=lease(now),
        worker=worker,
        started_at=now,
        stage="",
        collected=0,
        passed=0,
        failed=0,
        errors=0,
        skipped=0,
        xfailed=0,
        xpassed=0,
        outcomes=None,
        durations=None,
        tests_started_at=None,
        test_seconds=None,
        exit_code=None,
        deselected=0,
        balanced=False,
    )
    if not taken:
        return None
    Failure.objects.filter(run_id=run_id).delete()
    Skip.objects.filter(run_id=run_id).delete()
    run = Run.objects.select_related("project", "sprint__baseline").get(pk=run_id)
    return Claim(run, run.fence)


def lease(now: datetime) -> datetime:
    """Until when a worker that speaks up now holds its run."""
    return now + timedelta(seconds=settings.LEASE_SECONDS)


def cancel(run: Run, *, by: User, now: datetime) -> None:
    """End the run; what it has recorded up to now stays. Raises InvalidInput where it has ended already.

    The worker that holds it finds its fence outdated at its next heartbeat and kills the job.
    """
    with transaction.atomic():
        cancelled = Run.objects.filter(pk=run.pk, state__in=ACTIVE).update(
            state=RunState.CANCELLED,
            reason=f"Cancelled by {by}.",
            remedy="Start it again when you are ready.",
            fence=F("fence") + 1,
            revision=F("revision") + 1,
            ended_at=now,
            lease_until=None,
        )
        if not cancelled:
            raise InvalidInput("This run has ended already; there is nothing to cancel.")
        audit("run.cancelled", run, actor=by, project=run.project)
        announce_end(run.pk)


def give_back(held: Claim, *, now: datetime) -> None:
    """Put a run back into the queue because its worker is being stopped; does not count as an attempt."""
    returned = Run.objects.filter(pk=held.run.pk, fence=held.fence, state__in=HELD).update(
        state=RunState.QUEUED,
        fence=F("fence") + 1,
        attempt=F("attempt") - 1,
        revision=F("revision") + 1,
        lease_until=None,
        rung_at=now,
    )
    if returned:
        doorbell.ring(held.run.pk)


def reap(*, now: datetime) -> None:
    """Look after runs whose worker went away, and after queued ones whose message did."""
    for run in Run.objects.filter(state__in=HELD, lease_until__lt=now).only(
        "pk", "fence", "attempt", "project"
    ):
        _lose(run, now=now)
    for run in Run.objects.filter(Q(state=RunState.QUEUED, rung_at__lt=now - RING_AGAIN_AFTER)).only(
        "pk", "rung_at"
    ):
        if Run.objects.filter(pk=run.pk, state=RunState.QUEUED, rung_at=run.rung_at).update(rung_at=now):
            doorbell.ring(run.pk)


@transaction.atomic
def _lose(run: Run, *, now: datetime) -> None:
    again = run.attempt < settings.RUN_ATTEMPTS
    changes: dict[str, Any] = {"fence": F("fence") + 1, "revision": F("revision") + 1, "lease_until": None}
    if again:
        changes |= {"state": RunState.QUEUED, "rung_at": now}
    else:
        changes |= {
            "state": RunState.LOST,
            "ended_at": now,
            "reason": f"The worker went away {run.attempt} times while it ran this.",
            "remedy": "See the worker's log (memory exhausted?), then run it again.",
        }
    lost = Run.objects.filter(pk=run.pk, fence=run.fence, state__in=HELD, lease_until__lt=now).update(
        **changes
    )
    if not lost:
        return  # the worker spoke up, or another reaper was here first
    note = "The worker went away; the run is started again." if again else "The worker went away again."
    LogChunk.objects.create(run_id=run.pk, text=f"\n── {note}\n")
    audit("run.lost", run, actor=None, project=run.project, after={"attempt": run.attempt, "again": again})
    if again:
        transaction.on_commit(partial(doorbell.ring, run.pk))
    else:
        announce_end(run.pk)


def announce_end(run_id: int) -> None:
    """Send ``run_ended`` once the current transaction is committed."""

    def announce() -> None:
        run_ended.send(
            sender=Run, run=Run.objects.select_related("project", "sprint", "track").get(pk=run_id)
        )

    transaction.on_commit(announce)
