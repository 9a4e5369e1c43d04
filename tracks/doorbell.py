"""Telling the workers that there is something to do. What it is stands in the database.

A message that is lost costs time, not a run: the reaper rings again for what nobody took.
"""

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

EXECUTE = "tracks.execute"


def ring(run_id: int) -> None:
    try:
        current_app.send_task(EXECUTE, [run_id], retry=False)
    except OperationalError as error:
        log.warning("the broker does not answer; the reaper will ring again", run=run_id, error=str(error))
