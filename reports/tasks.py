"""What the workers do for conclusions: load, call, stop."""

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections

from reports import actions

log = structlog.get_logger(__name__)


def repair() -> None:
    """Make the comparisons that a worker died over. Called on the worker's own timer, which must not end."""
    close_old_connections()
    try:
        actions.compare_due()
    except (DatabaseError, InterfaceError):
        log.exception("comparisons could not be repaired; it is tried again")
