"""Telling the workers that there is something to do. What it is stands in the database.

    a shard is queued ──ring──> one message in the queue that workers with its tags listen to
    a worker takes the message ──> it claims the shard that is first in line, not the one it was rung for

A message that is lost, or taken by a worker that lacks a tag, costs time and not a run: the reaper rings
again for what nobody took.
"""

from collections.abc import Collection

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

WORK = "tracks.work"
REAP = "tracks.reap"
QUEUE = "runs"


def queue_for(tag: str) -> str:
    """The queue that every worker with the tag listens to."""
    return f"{QUEUE}.{tag}"


def ring(needs: Collection[str] = (), *, times: int = 1) -> None:
    """Tell a worker that has the first of these tags, or any worker."""
    queue = queue_for(min(needs)) if needs else QUEUE
    try:
        for _ in range(times):
            current_app.send_task(WORK, queue=queue, retry=False)
    except OperationalError as error:
        log.warning("the broker does not answer; the reaper will ring again", queue=queue, error=str(error))
