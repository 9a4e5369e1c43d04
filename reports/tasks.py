"""What the workers do for conclusions: load, call, stop."""

import structlog
from celery import shared_task
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from reports import actions

log = structlog.get_logger(__name__)


@shared_task(name="reports.repair")  # type: ignore[untyped-decorator]
def repair() -> None:
    """Make the comparisons that a worker died over, and anew those that were made without git; take the steps
    of diagnoses. Called by beat, and on each worker's own timer, which an error here must not end."""
    close_old_connections()
    try:
        actions.compare_due(now=timezone.now())
        actions.ask_git_again(now=timezone.now())
        actions.advance_due(now=timezone.now())
    except (DatabaseError, InterfaceError):
        log.exception("conclusions could not be repaired; it is tried again")
