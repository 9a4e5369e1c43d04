"""What people do to a run that was started: cancel it, move it to the front of the queue."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from tracks.actions.audit import audit
from tracks.actions.settling import lock, settle
from tracks.errors import InvalidInput
from tracks.models import Run, Shard, User
from tracks.models.run import ACTIVE
from tracks.statuses import Priority, RunState


@transaction.atomic
def cancel(run: Run, *, by: User | None, now: datetime) -> None:
    """End the run; what it has recorded up to now stays. ``by``: None for the product itself. Raises
    InvalidInput where it has ended already.

    A worker that holds a shard of it finds its fence outdated at its next heartbeat and kills the job.
    """
    lock(run.pk)
    cancelled = Shard.objects.filter(run=run, state__in=ACTIVE).update(
        state=RunState.CANCELLED, fence=F("fence") + 1, ended_at=now, lease_until=None
    )
    if not cancelled:
        raise InvalidInput("This run has ended already; there is nothing to cancel.")
    audit("run.cancelled", run, actor=by, project=run.project)
    settle(
        run.pk,
        now=now,
        state=RunState.CANCELLED,
        reason=f"Cancelled by {by or 'OMC QA: what it was for has ended'}.",
        remedy="Start it again when you are ready.",
    )


@transaction.atomic
def put_first(run: Run, *, by: User) -> None:
    """Let the next free worker take the run. Raises InvalidInput where it does not wait any more."""
    moved = Run.objects.filter(pk=run.pk, state=RunState.QUEUED).update(
        priority=Priority.FIRST, revision=F("revision") + 1
    )
    if not moved:
        raise InvalidInput("This run does not wait in the queue any more.")
    audit("run.put_first", run, actor=by, project=run.project)
