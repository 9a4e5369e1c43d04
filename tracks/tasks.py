"""What the workers do: load, call, stop. No rule lives here."""

import os
import socket
from contextlib import closing
from dataclasses import replace

import structlog
from celery import shared_task
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from tracks import actions, repositories
from tracks.doorbell import EXECUTE
from tracks.errors import LeaseLost, QAError, ToolError
from tracks.events import Prepared
from tracks.execution import runner
from tracks.execution.spec import Places, RunSpec

log = structlog.get_logger(__name__)


@shared_task(name=EXECUTE)  # type: ignore[untyped-decorator]  # celery ships no types
def execute(run_id: int) -> None:
    """Run it, if nobody has taken it yet."""
    claim = actions.claim(run_id, worker=f"{socket.gethostname()}:{os.getpid()}", now=timezone.now())
    if claim is None:
        return
    structlog.contextvars.bind_contextvars(run=run_id, fence=claim.fence)
    recording = actions.Recording(claim, now=timezone.now())
    try:
        _play(claim, recording)
    except LeaseLost as lost:
        log.info("the run was stopped", why=lost.message)
    except QAError as error:
        _fail(recording, error)
    except (OperationalError, InterfaceError):
        raise  # no database: the reaper takes the run over when its lease has run out
    except SystemExit:
        actions.give_back(claim, now=timezone.now())
        raise
    except Exception as error:
        log.exception("the run could not be executed")
        _fail(
            recording,
            ToolError(
                f"OMC QA itself went wrong: {type(error).__name__}.",
                remedy="The worker's log has the details.",
            ),
        )


def _play(claim: actions.Claim, recording: actions.Recording) -> None:
    spec = RunSpec.from_json(claim.run.spec)
    # An attempt that lost its lease and wakes up late must not clear away the next one's folders.
    spec = replace(spec, run=f"{spec.run}-{claim.fence}")
    places = Places(settings.DATA_DIR)
    with closing(runner.run(spec, places)) as events:
        for event in events:
            if isinstance(event, Prepared):
                commits, merge_base = repositories.history_of(claim.run, places)
                recording.add_history(commits, merge_base=merge_base)
            recording.record(event, now=timezone.now())
    recording.finish(now=timezone.now())


def _fail(recording: actions.Recording, error: QAError) -> None:
    try:
        recording.fail(error, now=timezone.now())
    except LeaseLost as lost:
        log.info("the run was stopped", why=lost.message)


def reap() -> None:
    """Called on the worker's own timer: an error here must not end the timer."""
    close_old_connections()
    try:
        actions.reap(now=timezone.now())
    except (DatabaseError, InterfaceError):
        log.exception("the reaper could not reach the database; it tries again")
