"""Telling the workers that there is something to do. What it is stands in the database.

    a shard is queued ──ring──> one message in the queue that workers with its tags listen to
    a worker takes the message ──> it claims the shard that is first in line, not the one it was rung for

A message that is lost, or taken by a worker that lacks a tag, costs time and not a run: the reaper rings
again for what nobody took. So does one that a page has looked at a project's heads: workers look themselves.
"""

from collections.abc import Collection

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

WORK = "tracks.work"
REAP = "tracks.reap"
NOTED = "tracks.noted"
RENDER = "reports.render"
QUEUE = "runs"


def queue_for(tag: str) -> str:
    """The queue that every worker with the tag listens to."""
    return f"{QUEUE}.{tag}"


def queue_of(needs: Collection[str]) -> str:
    """The queue that is listened to by every worker that may take a run with these needs, and some others."""
    return queue_for(min(needs)) if needs else QUEUE


def ring(needs: Collection[str] = (), *, times: int = 1) -> None:
    """Tell as many workers that listen for runs with these needs."""
    _send(queue_of(needs), times)


def ring_instead(queue: str, needs: Collection[str]) -> None:
    """A message of ``queue`` was used up for a shard with these needs: where that shard had its message in
    another queue, somebody else is told in the place of the one that is gone."""
    if queue and queue != queue_of(needs):
        _send(queue, 1)


def tell_of_heads(project: int) -> None:
    """Tell a worker that a page has looked at the heads of the project with that primary key."""
    try:
        current_app.send_task(NOTED, args=[project], queue=QUEUE, retry=False)
    except OperationalError as error:
        _tell(QUEUE, error)


def tell_of_rendering(key: int) -> None:
    """Tell a worker that a report's file of that primary key is asked for."""
    try:
        current_app.send_task(RENDER, args=[key], queue=QUEUE, retry=False)
    except OperationalError as error:
        _tell(QUEUE, error)


def _send(queue: str, times: int) -> None:
    try:
        for _ in range(times):
            current_app.send_task(WORK, queue=queue, retry=False)
    except OperationalError as error:
        _tell(queue, error)


def waiting(queue: str) -> int:
    """How many messages nobody has taken yet; 0 where the broker does not answer."""
    try:
        with current_app.connection_for_read() as broker:
            return int(broker.default_channel.queue_declare(queue).message_count)
    except OperationalError as error:
        _tell(queue, error)
        return 0


def _tell(queue: str, error: OperationalError) -> None:
    log.warning("the broker does not answer; a worker's timer does it later", queue=queue, error=str(error))
